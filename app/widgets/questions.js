const filters = [
  ["all", "All", () => true],
  ["right", "Right", (e) => e.verdict === "right" && !e.refused],
  ["wrong", "Wrong", (e) => e.verdict === "wrong"],
  ["refused", "Refused", (e) => e.refused],
];
const lacks = {
  gone: "What it rested on was removed",
  what_is_right: "Say what is right to make it count",
  repeated: "The same question has a newer label",
};
const STEP = 50;

const verdictTag = (entry) => {
  const words = judgeWords(entry.refused)[entry.verdict];
  return el("span", { class: `tag ${entry.verdict}` }, thumb(entry.verdict === "wrong"), el("span", { text: words }));
};

const rightOne = (entry) => {
  if (entry.lack) return el("span", { class: entry.lack === "repeated" ? "quiet" : "lack", text: lacks[entry.lack] });
  if (!entry.answerable) return el("span", { class: "quiet", text: "The documents do not answer it" });
  return el("span", { class: "quiet", text: entry.right || "The chosen passage answers it" });
};

export default element((root, send) => {
  let content = null;
  let filter = "all";
  let limit = STEP;
  let verdict = null; // of the open entry, while it is being changed
  let draft = null; // what is typed and chosen in its form, and under which verdict
  const forget = () => { verdict = null; draft = null; };

  const entryNode = (entry) => {
    const open = content.open?.receipt === entry.receipt;
    return el("li", { class: open ? "entry open" : "entry" },
      el("button", { type: "button", class: "head", "aria-expanded": String(open), "data-receipt": entry.receipt,
        onclick: () => { forget(); send(open ? { do: "close" } : { do: "open", receipt: entry.receipt }); } },
        el("span", { class: "first" },
          el("span", { class: "words", text: entry.question }),
          el("span", { class: "quiet day", text: day(entry.at) })),
        el("span", { class: "second" }, verdictTag(entry), rightOne(entry),
          entry.disputed ? el("span", { class: "lack", text: "People disagree" }) : null)),
      open ? editor(entry, content.open) : null);
  };

  const editor = (entry, detail) => {
    const chosen = verdict ?? detail.label.verdict;
    const implied = chosen === "right" ? !entry.refused : chosen === detail.label.verdict ? detail.label.answerable : true;
    const value = { ...detail.label, ...draft, answerable: draft?.verdict === chosen ? draft.answerable : implied };
    const form = judgeForm({
      refused: entry.refused, passages: detail.passages, verdict: chosen, value,
      typed: (said) => { draft = { ...said, verdict: chosen }; },
      cancel: () => { forget(); send({ do: "close" }); },
      save: (said) => {
        const answerable = chosen === "right" ? null : said.answerable;
        // Forgotten once it is stored, which closes it.
        draft = { ...said, verdict: chosen };
        // Left as it was found, it goes on following what was understood; whatever a person writes is kept as written.
        const untouched = !detail.written && said.question === detail.label.question.trim();
        send({ do: "judge", receipt: entry.receipt, verdict: chosen, ...said, answerable,
          question: untouched ? "" : said.question });
      },
    });
    return el("div", { class: "editor" },
      el("p", { class: "was" }, el("span", { class: "quiet", text: entry.refused ? "Footnote refused: " : "Footnote answered: " }),
        el("span", { text: detail.answer || detail.message.split(/(?<=\.)\s/)[0] || "its words went with a removed document" })),
      el("div", { class: "verdicts", role: "group", "aria-label": judgeWords(entry.refused).ask },
        verdictButtons(entry.refused, chosen, (next) => { verdict = next; render(); root.querySelector(`.verdict.${next}`).focus(); }),
        detail.own ? el("button", { type: "button", class: "text-button drop", text: "Take the judgement back", onclick: () => {
          forget();
          send({ do: "judge", receipt: entry.receipt, verdict: "withdrawn", answerable: null, expected: "", passage: 0 });
        } }) : null),
      form);
  };

  const head = () => {
    const made = content.entries.filter((entry) => !entry.lack);
    const ready = made.some((entry) => entry.found);
    const n = content.entries.filter((entry) => entry.lack && entry.lack !== "repeated").length;
    return el("div", { class: "top" },
      el("p", { class: "lead" },
        el("span", { text: `${plural(content.entries.length, "judged answer")} make${content.entries.length === 1 ? "s" : ""} a set of ${plural(made.length, "labelled question")}.` }),
        n ? el("span", { class: "quiet", text: ` ${n === 1 ? "One lacks" : `${grouped(n)} lack`} something.` }) : null,
        ready
          ? el("span", { class: "quiet block" }, "The download holds the questions and the documents; ", el("code", { text: "footnote eval" }), " measures with it.")
          : el("span", { class: "quiet block", text: "Judge an answer right, or choose the passage that answers a question, to have something to measure." })),
      ready ? el("a", { class: "plain-button", href: "/questions.zip", download: "", text: "Download the set" }) : null);
  };

  const render = () => {
    if (!content.entries.length) {
      root.replaceChildren(el("div", { class: "empty" },
        el("p", { class: "lead", text: "No answer has been judged yet. Say under an answer whether it was right: what is judged here becomes a set of questions to measure with." }),
        el("button", { type: "button", class: "plain-button", text: "Ask a question", onclick: () => send({ do: "ask" }) })));
      return;
    }
    const keep = filters.find(([name]) => name === filter)[2];
    const found = content.entries.filter(keep);
    root.replaceChildren(head(),
      el("div", { class: "filters", role: "group", "aria-label": "Show" },
        ...filters.map(([name, label, test]) =>
          el("button", { type: "button", class: "filter", "data-filter": name, "aria-pressed": String(filter === name),
            onclick: () => { filter = name; limit = STEP; render(); root.querySelector(`[data-filter="${name}"]`).focus(); } },
            el("span", { text: label }), " ", el("span", { class: "n", text: grouped(content.entries.filter(test).length) })))),
      found.length
        ? el("ul", { class: "entries", "aria-label": "Judged answers" }, ...found.slice(0, limit).map(entryNode))
        : el("p", { class: "quiet none", text: "None of these." }),
      ...(found.length > limit ? [el("button", { type: "button", class: "plain-button more", "data-focus": "more", text: `Show ${Math.min(STEP, found.length - limit)} more`,
        onclick: () => { limit += STEP; keepingFocus(root, render); } })] : []));
    root.querySelector(".editor form")?.ready();
  };

  toTop(root);
  let signature = "";
  return { show(next) {
    const text = JSON.stringify(next);
    if (text === signature) return;
    const opened = content && next.open && content.open?.receipt !== next.open.receipt;
    const closed = content?.open && !next.open ? content.open.receipt : null;
    if (opened || closed) forget();
    signature = text;
    content = next;
    keepingFocus(root, render);
    if (opened) root.querySelector(".editor form").ready({ focus: true, reveal: false });
    if (closed) root.querySelector(`[data-receipt="${CSS.escape(closed)}"]`)?.focus();
  } };
});
