// What an answer is made of: sentences with their numbers, rows of tables, footnotes, nearest passages.
const citationsOf = (turn) => {
  const found = new Map();
  for (const statement of turn.statements ?? [])
    for (const citation of statement.citations) if (!found.has(citation.n)) found.set(citation.n, citation);
  return [...found.values()].sort((a, b) => a.n - b.n);
};

const answerText = (turn) => {
  const sentences = turn.statements.map((s) => s.text + s.citations.map((c) => ` [${c.n}]`).join(""));
  const sources = citationsOf(turn).map((c) => `[${c.n}] ${c.title}${c.page ? `, page ${c.page}` : ""}: “${c.quote}”`);
  return `${sentences.join(" ")}\n\nSources\n${sources.join("\n")}\n`;
};

const copy = async (text) => {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const field = el("textarea", { class: "hidden" });
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
};

const marker = (turn, citation, send) =>
  el("button", {
    class: "marker", type: "button", "data-n": citation.n, text: citation.n,
    "aria-label": `Source ${citation.n}: ${citation.title}${citation.page ? `, page ${citation.page}` : ""}`,
    onclick: () => send({ do: "open", receipt: turn.id, kind: "citation", n: citation.n }),
  });

const markers = (turn, statement, send) => statement.citations.map((citation) => marker(turn, citation, send));

const sentence = (turn, statement, send) =>
  el("span", { class: "sentence" }, el("span", { text: statement.text }), "\u2060", ...markers(turn, statement, send), " ");

// A statement that is the row of a table is shown as one; rows that follow each other share a table.
const isRow = (statement) => statement.text.includes(" | ");
const row = (turn, statement, send) =>
  el("tr", { class: "sentence" }, ...statement.text.split(" | ").map((cell) => el("td", { text: cell })),
    el("td", { class: "cited" }, ...markers(turn, statement, send)));

const addStatement = (answer, turn, statement, send) => {
  const last = answer.lastElementChild;
  if (isRow(statement)) {
    const table = last?.classList.contains("table") ? last.firstElementChild : el("table");
    if (!table.isConnected && !table.parentElement)
      answer.append(el("div", { class: "table", tabindex: "0", role: "group", "aria-label": "Rows of a table" }, table));
    table.append(row(turn, statement, send));
  } else {
    const paragraph = last?.tagName === "P" ? last : el("p");
    if (paragraph !== last) answer.append(paragraph);
    paragraph.append(sentence(turn, statement, send));
  }
};

const answerNode = (turn, send) => {
  const answer = el("div", { class: "answer" });
  for (const statement of turn.statements) addStatement(answer, turn, statement, send);
  return answer;
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
          cited[0].page ? el("span", { class: "quiet", text: `page ${cited[0].page}` }) : null))));
};

const nearest = (turn, send, limit) =>
  el("ol", { class: "passages" },
    ...turn.passages.slice(0, limit).map((passage, index) =>
      el("li", {},
        el("button", {
          type: "button", class: "passage", "data-passage": index + 1,
          onclick: () => send({ do: "open", receipt: turn.id, kind: "passage", n: index + 1 }),
        },
          el("span", { class: "title", text: passage.title }),
          passage.place ? el("span", { class: "place quiet", text: passage.place }) : null,
          el("span", { class: "snippet", text: passage.text })))));

