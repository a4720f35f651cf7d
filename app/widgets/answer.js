// What an answer is made of: sentences with their numbers, rows of tables, footnotes, nearest passages.
const citationsOf = (turn) => {
  const found = new Map();
  for (const statement of [...(turn.statements ?? []), ...(turn.sides ?? [])])
    for (const citation of statement.citations) if (!found.has(citation.n)) found.set(citation.n, citation);
  return [...found.values()].sort((a, b) => a.n - b.n);
};

// Returns whether it was copied: a browser may not allow it.
const copy = async (text) => {
  if (navigator.clipboard && window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch { /* Then the older way. */ }
  }
  const field = el("textarea", { class: "hidden" });
  field.value = text;
  // The text is selected in a field of its own, which must not keep the focus from the button.
  let from = document.activeElement;
  while (from?.shadowRoot?.activeElement) from = from.shadowRoot.activeElement;
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  from?.focus({ preventScroll: true });
  return copied;
};

// A sheet of a workbook and a slide are called so.
const pageOf = (turn, citation) => `${turn.words?.[citation.document] ?? "page"} ${citation.page}`;

const marker = (turn, citation, send) =>
  el("button", {
    class: "marker", type: "button", "data-n": citation.n, text: citation.n,
    "aria-label": `Source ${citation.n}: ${citation.title}${citation.page ? `, ${pageOf(turn, citation)}` : ""}`,
    onclick: () => send({ do: "open", receipt: turn.id, kind: "citation", n: citation.n }),
  });

const markers = (turn, statement, send) => statement.citations.map((citation) => marker(turn, citation, send));

// The words that answer stand out; where nothing read them, the sentence is one piece. Its last word and its number stay
// on one line: a number that begins a line reads as that of the next sentence.
const piece = ([text, answers]) => el(answers ? "strong" : "span", { text });
const cited = (pieces, [number, ...others]) => {
  const [text, answers] = pieces.at(-1);
  const end = /\S{1,12}$/u.exec(text)?.[0] ?? "";
  return [...pieces.slice(0, -1).map(piece), piece([text.slice(0, text.length - end.length), answers]),
    el("span", { class: "end" }, piece([end, answers]), number), ...others];
};

const sentence = (turn, statement, send) =>
  el("span", { class: "sentence" }, ...cited(statement.pieces ?? [[statement.text, false]], markers(turn, statement, send)), " ");

// A statement that is the row of a table is shown as one, under the names of its columns; rows of one table share it.
const BAR = /(?<!\S)\|(?!\S)/u;
const isRow = (statement) => statement.text.includes(" | ") || statement.text.startsWith("| ");
// Headings and steps of a list come without a full stop: what follows one begins a line.
const isEnded = (text) => /[.!?:;…]["”’)\]]*$/u.test(text);
const cellsOf = (statement) => statement.cells ?? statement.text.split(BAR).map((cell) => [[cell.trim(), false]]);
// "pick_up_of_replacement" goes on in a second line rather than over what stands beside it.
const breakable = (name) => name?.replaceAll("_", "_\u200b");
const row = (turn, statement, send) =>
  el("tr", { class: "sentence" }, ...cellsOf(statement).map((cell, index) =>
      el("td", { ...inOneLine(cell), "data-column": breakable(statement.columns?.[index]) }, el("span", {}, ...cell.map(piece)))),
    el("td", { class: "cited" }, ...markers(turn, statement, send)));
const columnsOf = (statement) => (statement.columns ?? []).join(" | ");
// With more columns than these a narrow screen shows each row as a list of names and values, see answer.css.
const MANY = 3;
const columnHeads = (statement) =>
  statement.columns?.length
    ? el("thead", {}, el("tr", {}, ...statement.columns.map((name) => el("th", { scope: "col", text: breakable(name) })),
        el("th", { scope: "col", class: "cited", "aria-label": "Source" })))
    : null;

// A step says its own number; what has none in a list of steps belongs to the step before it.
const STEP = /^(?:step\s+)?\d{1,2}\s?[.):]\s/iu;

const addStatement = (answer, turn, statement, send) => {
  const last = answer.lastElementChild;
  if (isRow(statement)) {
    const columns = columnsOf(statement);
    const goesOn = last?.classList.contains("table") && last.dataset.columns === columns;
    const table = goesOn ? last.firstElementChild : el("table", {}, columnHeads(statement));
    if (!goesOn)
      answer.append(fading(el("div", { class: statement.columns?.length > MANY ? "table many" : "table",
        "data-columns": columns, tabindex: "0", role: "group", "aria-label": "Rows of a table" }, table)));
    table.append(row(turn, statement, send));
  } else if (statement.item) {
    const list = last?.tagName === "UL" ? last : el("ul", { class: "items" });
    if (list !== last) answer.append(list);
    list.append(el("li", STEP.test(statement.text) ? { class: "step" } : {}, sentence(turn, statement, send)));
  } else {
    const paragraph = last?.tagName === "P" && !("open" in last.dataset) ? last : el("p");
    if (paragraph !== last) answer.append(paragraph);
    paragraph.append(sentence(turn, statement, send));
    if (!isEnded(statement.text)) paragraph.dataset.open = "";
  }
};

const answerNode = (turn, send) => {
  const answer = el("div", { class: "answer" });
  for (const statement of turn.statements) addStatement(answer, turn, statement, send);
  return answer;
};

// The section that all of some citations stand in, by its own name; a sheet of a workbook is one.
const place = (cited) => {
  const names = new Set(cited.map((citation) => (citation.headings ?? []).at(-1) ?? ""));
  const [name] = names;
  return names.size === 1 && name && name !== cited[0].title ? el("span", { class: "quiet place", text: name }) : null;
};

// The file of a document, where another one has its title too.
const fileOf = (turn, document) => {
  const file = turn.files?.[document];
  return file ? el("span", { class: "quiet file", text: `· ${file}` }) : null;
};

// One line for each document and page, with the numbers that point into it.
const footnotes = (turn, send) => {
  const lines = new Map();
  for (const citation of citationsOf(turn)) {
    const key = `${citation.document}/${citation.page}`;
    lines.set(key, [...(lines.get(key) ?? []), citation]);
  }
  const open = (citation) => send({ do: "open", receipt: turn.id, kind: "citation", n: citation.n });
  return el("ol", { class: "footnotes", "aria-label": "Sources" },
    ...[...lines.values()].map((cited) =>
      el("li", {},
        el("span", { class: "numbers" }, ...cited.map((citation) => marker(turn, citation, send))),
        el("button", { type: "button", class: "footnote", onclick: () => open(cited[0]) },
          el("span", { class: "title", text: cited[0].title }),
          fileOf(turn, cited[0].document),
          place(cited),
          cited[0].page ? el("span", { class: "quiet", text: pageOf(turn, cited[0]) }) : null),
        badge(turn, cited[0]))));
};

// A word on a document that was not in force on the day of the question.
const badge = (turn, citation) => {
  const word = turn.badges?.[citation.document];
  return word ? el("span", { class: "badge", text: word }) : null;
};

// What documents that disagree say, each in its own words; where that is settled, the one that holds stands first.
const sides = (turn, send) => {
  if (!turn.sides?.length) return null;
  const settled = turn.statements.length > 0;
  return el("div", { class: settled ? "sides settled" : "sides", role: "group", "aria-label": "What the documents say" },
    ...turn.sides.map((side, index) =>
      el("figure", { class: settled && index > 0 ? "side-card past" : "side-card" },
        el("blockquote", {}, ...cited([[side.text, false]], markers(turn, side, send))),
        el("figcaption", { class: "quiet" },
          el("span", { text: side.citations[0].title }), " ",
          fileOf(turn, side.citations[0].document),
          side.citations[0].page ? el("span", { text: ` · ${pageOf(turn, side.citations[0])}` }) : null,
          settled ? el("span", { class: "badge", text: index === 0 ? "holds" : turn.badges?.[side.citations[0].document] ?? "gives way" }) : badge(turn, side.citations[0])))));
};

const nearest = (turn, send, limit) =>
  el("ol", { class: "passages" },
    ...turn.passages.slice(0, limit).map((passage, index) =>
      el("li", {},
        el("button", {
          type: "button", class: "passage", "data-passage": index + 1, disabled: passage.gone,
          onclick: () => send({ do: "open", receipt: turn.id, kind: "passage", n: index + 1 }),
        },
          el("span", { class: "title" }, passage.title, passage.badge ? el("span", { class: "badge", text: passage.badge }) : null),
          passage.place ? el("span", { class: "place quiet", text: passage.place }) : null,
          el("span", { class: "snippet", text: passage.text })))));

// A sentence that is being checked: how long it is and where it is looked for, never its words.
const checkingWords = ({ source, repairing }) =>
  repairing ? `Writing a sentence anew from “${source}”` : source ? `Checking a sentence against “${source}”` : "Checking a sentence";
const skeleton = () => {
  const lines = el("div", { class: "skeleton", "aria-hidden": "true" });
  const show = (checking) => {
    const n = checking ? Math.min(3, Math.ceil(checking.length / 90)) : 0;
    if (lines.childElementCount === n) return;
    lines.replaceChildren(...Array.from({ length: n }, (_, line) => {
      const bar = el("i");
      bar.style.width = line < n - 1 ? "100%" : `${Math.max(25, Math.min(100, (checking.length - 90 * line) / 0.9))}%`;
      return bar;
    }));
  };
  return { lines, show };
};

// What the person should know of how the answer came about: a model that failed, and what was done instead.
const fallbackNotes = (turn) =>
  turn.fallbacks?.length
    ? el("ul", { class: "fallbacks", role: "note" }, ...turn.fallbacks.map((text) => el("li", { text }))) : null;

const asks = (questions, send) =>
  el("ul", { class: "asks" }, ...questions.map((text) =>
    el("li", {}, el("button", { type: "button", class: "ask", text, onclick: () => send({ do: "ask", text }) }))));

// The parts of a question that the documents do not answer.
const openParts = (turn, send) =>
  turn.missing?.length
    ? el("div", { class: "open-parts", role: "note" },
        el("p", { class: "label", text: turn.message }),
        asks(turn.missing, send))
    : null;

const likelier = (ahead) => (ahead > 0.05 ? "Likelier to be right." : ahead < -0.05 ? "Less likely to be right." : "About as likely to be right.");
const otherAnswers = (turn, send) =>
  turn.others?.length
    ? el("details", { class: "others" },
        el("summary", { text: plural(turn.others.length, "other answer") }),
        el("ol", {}, ...turn.others.map((other) => {
          const text = el("div", { class: "answer" });
          for (const statement of other.statements) addStatement(text, turn, statement, send);
          return el("li", {},
            el("p", { class: "why" }, el("span", { text: other.why }),
              el("span", { class: "quiet", text: ` ${likelier(other.probability - turn.confidence.probability)}` })),
            text);
        })))
    : null;
