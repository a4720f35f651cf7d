const facts = (turn) => {
  const rows = (turn.confidence?.signals ?? []).map(([words, value]) => [
    words, Number(value).toLocaleString("en", { maximumFractionDigits: 2 }),
  ]);
  const receipt = viewLink(receiptAt(turn.id), { text: turn.id, "aria-label": `Receipt ${turn.id}` });
  const total = turn.timings_ms?.total;
  return [
    el("p", { class: "receipt" }, el("span", { class: "quiet", text: "Receipt " }), receipt,
      total ? el("span", { class: "quiet", text: ` · answered in ${(total / 1000).toFixed(1)} s` }) : null),
    rows.length ? el("details", { class: "signals" },
      el("summary", { text: plural(rows.length, "signal") }),
      el("dl", { class: "facts" }, ...rows.flatMap(([name, value]) => [el("dt", { text: name }), el("dd", { text: value })]))) : null];
};

const details = (turn, send) =>
  el("details", { class: "details" },
    el("summary", { text: "How this was found" }),
    turn.statements.length && turn.passages.length
      ? el("div", {}, el("h3", { text: "Nearest passages" }), nearest(turn, send, 6)) : null,
    ...facts(turn).filter(Boolean));

// Whether what is quoted no longer stands in a document as it is today.
const outdated = (turn) => (turn.stale ?? []).some((change) => !change.stands);
const withChanges = (turn) => [...(turn.stale ?? []).map((change) => change.text), turn.copies.sources].join("\n\n");

const copyButton = (label, text, told, say) =>
  el("button", { class: "text-button", type: "button", text: label,
    onclick: async ({ currentTarget: button }) => {
      const copied = await copy(text);
      button.textContent = copied ? "Copied" : "Not copied: select the text";
      if (copied) say(...told);
      window.setTimeout(() => { button.textContent = label; }, copied ? 1600 : 6000);
    } });
// What a copy lacks is said beside the buttons and stays there: the text is pasted somewhere else. What is out of date is
// for no customer.
const copyButtons = (turn) => {
  const told = el("p", { class: "copied small", role: "status" });
  const say = (...words) => told.replaceChildren(...words);
  const { customer, masked, listable, unsaid } = turn.copies;
  const lacks = [[masked ? `Copied with ${masked} masked.` : "", unsaid].filter(Boolean).join(" "),
    ...(listable ? [el("span", { class: "quiet allowing" }, `${listable} `, viewLink("/quality?first=policy", { text: "See how" }))] : [])];
  return el("div", { class: "copies" },
    el("span", { class: "copy-buttons" },
      copyButton("Copy with sources", withChanges(turn), [], say),
      customer && !outdated(turn)
        ? copyButton("Copy for customer", customer, lacks, say)
        : null),
    told);
};

// The words that were not asked stand out. What is changed is looked up as it stands then, and so is the question as it
// was typed, where words of the conversation were added to it.
const plainWord = (word) => word.toLocaleLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
const readAs = (turn, send) => {
  const asked = new Set(turn.question.split(/\s+/).map(plainWord));
  const read = new Set(turn.read_as.split(/\s+/).map(plainWord));
  const ask = (text) => send({ do: "ask", text, alone: true });
  const words = turn.read_as.split(/\s+/).flatMap((word, index) =>
    [index ? " " : "", asked.has(plainWord(word)) ? word : el("em", { text: word })]);
  const line = el("div", { class: "read-as" });
  const show = () => line.replaceChildren("Looked up as “", ...words, "” ",
    el("button", { type: "button", class: "text-button", text: "Change", "aria-label": "Change what is looked up", onclick: edit }),
    ...([...asked].every((word) => read.has(word))
      ? [" ", el("button", { type: "button", class: "text-button", text: "Ask only what I typed", onclick: () => ask(turn.question) })] : []));
  const leave = () => { show(); line.querySelector("button").focus({ preventScroll: true }); };
  const edit = () => {
    const field = el("input", { type: "text", class: "field", "aria-label": "What to look up", maxlength: 4000, value: turn.read_as });
    const form = el("form", { onsubmit: (event) => {
      event.preventDefault();
      if (field.value.trim()) ask(field.value.trim());
      leave();
    } }, field, el("button", { type: "submit", class: "plain-button", text: "Ask" }),
      el("button", { type: "button", class: "text-button", text: "Cancel", onclick: leave }));
    form.addEventListener("keydown", (event) => { if (event.key === "Escape" && !event.isComposing) leave(); });
    line.replaceChildren(form);
    field.focus();
  };
  show();
  return line;
};

// An answer that is asked for again is looked up as it was, whatever was asked since.
const again = (turn) => ({ do: "ask", text: turn.read_as || turn.question, alone: true });

// What happened since to the documents that an answer cites.
const stale = (turn, send) =>
  turn.stale?.length
    ? el("div", { class: `stale ${outdated(turn) ? "" : "stands"}`, role: "note" },
        el("ul", {}, ...turn.stale.map((change) => el("li", { text: change.text }))),
        el("button", { type: "button", class: outdated(turn) ? "plain-button" : "text-button", text: "Ask again",
          onclick: () => send(again(turn)) }))
    : null;

// What is asked may stand in passages that nobody has decided on: a row that is held back leaves its neighbours.
const undecided = (turn) =>
  turn.undecided?.length
    ? el("ul", { class: "undecided", role: "note" }, ...turn.undecided.map(({ id, title }) => el("li", {},
        `Passages of “${title}” are held back until somebody decides; they were not read for this. `,
        viewLink(`/library?${new URLSearchParams({ document: id })}`, { text: "Open and decide", "aria-label": `Open ${title} and decide` }))))
    : null;

const answered = (turn, send) => [
  answerNode(turn, send),
  openParts(turn, send),
  turn.message && !turn.missing?.length ? el("p", { class: "caution", role: "note", text: turn.message }) : null,
  turn.missing?.length && turn.notes?.length ? el("p", { class: "caution", role: "note", text: turn.notes.join(" ") }) : null,
  sides(turn, send),
  stale(turn, send),
  undecided(turn),
  fallbackNotes(turn),
  footnotes(turn, send),
  el("div", { class: "foot" }, outdated(turn) ? outOfDate() : meter(turn), copyButtons(turn)),
  otherAnswers(turn, send),
];

// The questions of a pasted mail, to be asked one by one.
const MOST_INSIDE = 6;
const questionsInside = (text) => isLong(text)
  ? [...new Set((text.match(/[^.?!\n]{8,300}\?/gu) ?? []).map((found) => found.replace(/^[\s\d>*)-]+/u, "")))].slice(0, MOST_INSIDE)
  : [];
const askInside = (turn, send) => {
  const inside = turn.readings?.length || turn.refused_as === "policy" ? [] : questionsInside(turn.question);
  return inside.length ? [el("p", { class: "small quiet label", text: "Ask one question of it at a time" }), asks(inside, send)] : [];
};

const refused = (turn, send) => [
  el("div", { class: "refusal" },
    el("h3", { text: turn.refusal }),
    turn.message ? el("p", { text: turn.message }) : null,
    undecided(turn),
    fallbackNotes(turn),
    turn.readings?.length ? el("p", { class: "small quiet label", text: "Ask one of these" }) : null,
    turn.readings?.length ? asks(turn.readings, send) : null,
    ...askInside(turn, send),
    sides(turn, send),
    turn.passages.length && !turn.sides?.length ? el("p", { class: "small quiet label", text: "Nearest passages" }) : null,
    turn.passages.length && !turn.sides?.length ? nearest(turn, send, 3) : null),
];

const removed = (turn, send) => [
  el("div", { class: "gone" },
    el("p", { class: "quiet", text: "This answer rested on a document that has been removed since, so its words are gone too." }),
    el("button", { class: "plain-button", type: "button", text: "Ask again", onclick: () => send(again(turn)) })),
];

const waiting = () => [el("p", { class: "small quiet", text: "Asked as soon as the question before it is answered." })];

// A question that has just failed is asked again in its place; one whose failure is stored, as a new one.
const failed = (turn, send) => [
  el("div", { class: "failure", role: "alert" },
    el("p", { text: turn.failure.message }),
    turn.failure.hint ? el("p", { class: "quiet", text: turn.failure.hint }) : null,
    el("button", { class: "plain-button", type: "button", text: "Ask again",
      onclick: () => send({ do: "ask", text: turn.question, alone: turn.alone }) })),
];

// The running turn grows in place: a sentence that is shown stays where it is.
const runningTurn = (turn) => {
  const stage = stageTrack();
  const text = el("div", { class: "answer" });
  const checked = skeleton();
  const notes = el("div", {});
  const body = el("div", { class: "body" }, text, checked.lines, notes, stage.node);
  let n = 0;
  const update = (next) => {
    stage.show(next.stage, next.checking ? checkingWords(next.checking) : undefined);
    checked.show(next.checking);
    if (next.fallbacks?.length !== notes.firstElementChild?.childElementCount) notes.replaceChildren(fallbackNotes(next) ?? "");
    for (; n < next.statements.length; n += 1) {
      addStatement(text, { id: "" }, next.statements[n], () => {});
    }
    for (const button of text.querySelectorAll("button")) button.disabled = true;
  };
  update(turn);
  return { body, update };
};

const emptyState = (content, send) =>
  el("div", { class: "empty" },
    el("h1", { text: "What do you need to know?" }),
    el("p", { class: "lead quiet", text: content.documents
      ? `Footnote answers from your ${plural(content.documents, "document")} and shows the source of every sentence. What they do not say, it does not answer.`
      : "Footnote answers from your own documents and shows the source of every sentence. There are none yet." }),
    content.documents
      ? el("ul", { class: "samples", "aria-label": "Questions to try" },
          ...content.samples.map((text) => el("li", {},
            el("button", { type: "button", class: "sample", text, onclick: () => send({ do: "ask", text }) }))))
      : viewLink("/library", { class: "plain-button", text: "Add documents" }));

// The address names the conversation from the start, so that no question adds a step to the browser's history.
const nameInAddress = (conversation) => {
  if (window.location.pathname === "/" && !window.location.search)
    window.history.replaceState(window.history.state, "", `/?${new URLSearchParams({ conversation })}`);
};

export default element((root, send) => {
  const live = el("div", { class: "hidden", role: "status", "aria-live": "polite" });
  const list = el("div", { class: "turns" });
  root.append(live, list);
  const shown = new Map();
  let content = null;
  let spoken = "";
  let first = true;

  const say = (text) => {
    if (text && text !== spoken) live.textContent = text;
    spoken = text;
  };
  const announce = (turn) => {
    if (turn.state === "running") {
      const last = turn.statements.at(-1);
      say(last ? last.text : stageWords[turn.stage]);
    } else if (turn.state === "done" && spoken) {
      say(turn.statements.length
        ? `Answer complete. ${turn.statements.map(({ text }) => (isEnded(text) ? text : `${text};`)).join(" ")} ${plural(citationsOf(turn).length, "source")}.`
        : `${turn.failure ? "Failed" : turn.refusal}. ${turn.message}`);
    }
  };

  // A judgement changes its own row only, so that what is open or typed beside it stays.
  const place = ({ judgement, ...turn }, index) => {
    const signature = JSON.stringify(turn);
    const known = shown.get(turn.key);
    if (known?.signature === signature) {
      known.row?.show(judgement);
      return known.node;
    }
    if (known?.update && turn.state === "running") {
      known.update(turn);
      known.signature = signature;
      return known.node;
    }
    const running = turn.state === "running" ? runningTurn(turn) : null;
    const body = running?.body ?? el("div", { class: "body" },
      ...(turn.state === "waiting" ? waiting : turn.failure ? failed : turn.removed ? removed : turn.statements.length ? answered : refused)(turn, send));
    const kept = turn.state === "done" && !turn.removed;
    const judged = kept && !turn.failure && turn.refused_as !== "broken_policy";
    // What is typed in it stays when something else is told of the answer.
    const row = judged ? known?.row ?? judgeRow(turn, judgement, send) : null;
    if (row) {
      row.show(judgement);
      body.append(row.node);
    }
    if (kept && turn.confidence) body.append(details(turn, send));
    const same = known?.read && known.read.as === turn.read_as;
    const read = same ? known.read : turn.read_as ? { as: turn.read_as, node: readAs(turn, send) } : null;
    const node = el("section", { class: `turn ${turn.state}`, "aria-label": `Question ${index + 1}` }, ...foldedQuestion("h2", turn.question),
      ...(read ? [read.node] : []), body);
    shown.set(turn.key, { signature, node, row, read, update: running?.update });
    return node;
  };

  const mark = () => {
    const open = content.open;
    for (const button of root.querySelectorAll(".marker, .passage")) {
      const turn = button.closest(".turn")?.dataset.receipt;
      const on = open && turn === open.receipt &&
        (open.kind === "citation" ? button.dataset.n === String(open.n) : button.dataset.passage === String(open.n));
      button.classList.toggle("open", Boolean(on));
      if (on) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  };

  // A closed source gives the focus back to the number or passage that opened it, but takes it from no field.
  const comeBack = ({ receipt, kind, n }) => {
    if (/^(INPUT|TEXTAREA)$/.test(document.activeElement?.tagName) || root.contains(root.getRootNode().activeElement)) return;
    const turn = [...root.querySelectorAll(".turn")].find((node) => node.dataset.receipt === receipt);
    turn?.querySelector(kind === "citation" ? `.marker[data-n="${n}"]` : `.passage[data-passage="${n}"]`)?.focus({ preventScroll: true });
  };

  const keys = (event) => {
    if (typing(event) || !/^[1-9]$/.test(event.key)) return;
    const answers = content.turns.filter((turn) => turn.state === "done" && (turn.statements.length || turn.sides?.length));
    const turn = answers.find((candidate) => candidate.id === content.open?.receipt) ?? answers.at(-1);
    const citation = turn && citationsOf(turn).find((candidate) => String(candidate.n) === event.key);
    if (!citation) return;
    event.preventDefault();
    send({ do: "open", receipt: turn.id, kind: "citation", n: citation.n });
  };
  document.addEventListener("keydown", keys);
  // Meanwhile another tab may have asked here, or a document that is cited may have changed.
  const look = () => { if (!document.hidden) send({ do: "look" }); };
  document.addEventListener("visibilitychange", look);

  return {
    show(next) {
      const grew = next.turns.length > (content?.turns.length ?? 0);
      const left = content?.open;
      content = next;
      nameInAddress(next.conversation);
      if (!next.turns.length) {
        shown.clear();
        keepingFocus(root, () => list.replaceChildren(emptyState(next, send)));
        tellPage(root);
        return;
      }
      const focused = root.getRootNode().activeElement;
      const nodes = next.turns.map(place);
      nodes.forEach((node, index) => { node.dataset.receipt = next.turns[index].id; });
      arrange(list, nodes);
      if (root.contains(focused) && root.getRootNode().activeElement !== focused) focused.focus({ preventScroll: true });
      const keep = new Set(next.turns.map((turn) => turn.key));
      for (const key of [...shown.keys()]) if (!keep.has(key)) shown.delete(key);
      tellPage(root);
      mark();
      if (left && !next.open) comeBack(left);
      announce(next.turns.at(-1));
      if (grew && (next.turns.length > 1 || !first))
        nodes.at(-1).scrollIntoView({ block: "start", behavior: first ? "auto" : "smooth" });
      first = false;
    },
    close() {
      document.removeEventListener("keydown", keys);
      document.removeEventListener("visibilitychange", look);
    },
  };
});
