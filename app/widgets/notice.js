// A message of the application about something: an error with its hint, or the check after a removal.
const stores = { vectors: "Vectors", chunks: "Passages", text: "Text", versions: "Versions", full_text: "Full text", feedback: "Feedback", fts: "Full text",
  lexical: "Full text", graph: "Knowledge graph", mentions: "Graph mentions", relations: "Graph relations", files: "Original files",
  originals: "Original files", documents: "Documents", standings: "What is in force" };
const storeName = (name) => stores[name] ?? name.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());

const check = (removal, send) =>
  el("section", { class: "check", role: "status" },
    el("div", { class: "head" },
      el("h2", { text: `“${removal.title}” is removed` }),
      el("button", { type: "button", class: "plain-button", text: "Dismiss", onclick: () => send({ do: "dismiss" }) })),
    el("p", { class: "quiet", text: `${plural(removal.removed_versions, "version")} and ${plural(removal.removed_chunks, "passage")} are gone. Counted afterwards, this is left of it:` }),
    el("dl", { class: "left" }, ...Object.entries(removal.left).map(([name, n]) =>
      el("div", { class: n ? "some" : "none" }, el("dt", { text: storeName(name) }), el("dd", { text: n })))));

const problem = (content) =>
  el("section", { class: "problem", role: "alert" },
    el("p", { class: "message", text: content.message }), content.hint ? el("p", { class: "quiet", text: content.hint }) : null);

export default element((root, send) => {
  let signature = "";
  return { show(next) {
    const text = JSON.stringify(next);
    if (text === signature) return;
    signature = text;
    const told = next.removal ? check(next.removal, send) : problem(next);
    root.replaceChildren(told);
    // Whoever acted may stand far below it.
    told.scrollIntoView({ block: "nearest" });
  } };
});
