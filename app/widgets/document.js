const UPLOADED = "upload:";
const notLive = "This earlier version is not searched.";

const reportLines = (report, mediaType) => {
  const word = pageWord(mediaType);
  const pages = (numbers) => `${numbers.length === 1 ? word : `${word}s`} ${numbers.slice(0, 20).join(", ")}${numbers.length > 20 ? " …" : ""}`;
  const lines = [];
  if (report.pages) lines.push([plural(report.pages, word), "good"]);
  lines.push([`${grouped(report.characters)} characters`, "good"]);
  if (report.tables) lines.push([plural(report.tables, "table"), "good"]);
  if (report.ocr_pages.length) lines.push([`Text recognized from the picture on ${pages(report.ocr_pages)}`, "note"]);
  if (report.pages_without_text.length) lines.push([`No text on ${pages(report.pages_without_text)}`, "bad"]);
  if (report.hidden_pages.length) lines.push([`Only hidden text on ${pages(report.hidden_pages)}`, "note"]);
  for (const warning of report.warnings) lines.push([warning, "bad"]);
  return lines;
};
// What a file says of itself, as people write it: "Modified by", and days without their letters T and Z.
const ofItself = ([name, value]) => {
  const moment = /^\d{4}-\d{2}-\d{2}T/.test(value) && !Number.isNaN(Date.parse(value));
  return pair(capital(name.replaceAll("_", " ")), moment ? day(value) : value);
};
const pair = (name, value) => [el("dt", { text: name }), el("dd", {}, value)];

const boundary = (row) =>
  el("div", { class: "boundary", role: "separator" },
    el("span", { class: "tag", text: `Passage ${row.n}` }),
    row.context ? el("span", { class: "quiet context", text: row.context.replaceAll("\n", " › ") }) : null);

const notSearched = () =>
  el("div", { class: "boundary held", role: "separator" },
    el("span", { class: "tag", text: "Held back" }),
    el("span", { class: "quiet", text: "not searched, not quoted" }));

const readingNodes = (rows, mediaType) => {
  const word = pageWord(mediaType);
  const nodes = [];
  let blocks = [];
  const flush = () => { nodes.push(...blockNodes(blocks)); blocks = []; };
  let page = null;
  for (const row of rows) {
    if (row.kind === "held") { flush(); nodes.push(notSearched()); continue; }
    if (row.kind === "boundary") { flush(); nodes.push(boundary(row)); continue; }
    if (row.page && row.page !== page) { flush(); page = row.page; nodes.push(el("p", { class: "page-number", text: `${capital(word)} ${page}` })); }
    blocks.push(row);
  }
  flush();
  return nodes;
};

export default element((root, send) => {
  let content = null;
  let asking = false;
  const keep = () => { asking = false; render(); root.querySelector(".remove").focus(); };
  const removal = (info) => asking
    ? el("div", { class: "confirm", role: "alertdialog", "aria-label": "Remove this document",
        onkeydown: (event) => { if (event.key === "Escape") keep(); } },
        el("p", { text: `Remove “${info.title}” with ${plural(info.n_versions, "version")} and ${plural(info.n_chunks, "passage")}? Answers stop using it at once. This cannot be undone.` }),
        el("div", { class: "choices" },
          el("button", { type: "button", class: "plain-button danger", text: "Remove it", onclick: () => { asking = false; send({ do: "remove", id: info.id }); } }),
          el("button", { type: "button", class: "plain-button keep", text: "Keep it", onclick: keep })))
    : null;

  // Kept as it is while nothing new is known, so that what is typed in its form stays.
  let stood = { signature: "", node: null };
  const standing = () => {
    const signature = JSON.stringify(content.standing);
    if (signature !== stood.signature) stood = { signature, node: standingSection(content.info, content.standing, send) };
    return stood.node;
  };

  const render = () => {
    const { info, versions, version, shown, reading, flagged } = content;
    const original = `originals/${encodeURIComponent(info.id)}/${encodeURIComponent(version)}`;
    const part = (step) => el("button", { type: "button", class: "plain-button", text: step < 0 ? "Earlier part" : "Later part",
      disabled: reading.part + step < 1 || reading.part + step > reading.parts, onclick: () => send({ do: "part", part: reading.part + step }) });
    const parts = () => reading.parts > 1
      ? el("div", { class: "parts" }, part(-1), el("span", { class: "quiet small", text: `Part ${reading.part} of ${reading.parts}` }), part(1)) : null;
    root.replaceChildren(
      el("button", { type: "button", class: "text-button back", text: "← All documents", onclick: () => send({ do: "back" }) }),
      el("div", { class: "top" },
        el("div", {}, el("h1", { class: titleClass(info.title), text: info.title }), el("p", { class: "quiet", text: info.name })),
        el("div", { class: "choices" },
          el("a", { class: "plain-button", href: `/${original}`, download: "", text: "Download original" }),
          el("button", { type: "button", class: "plain-button danger remove", text: "Remove", onclick: () => { asking = true; render(); root.querySelector(".keep").focus(); } }))),
      removal(info) ?? "",
      flagSection(info, shown, flagged, send) ?? "",
      standingLine(content.standing) ?? "",
      el("div", { class: "columns" },
        el("section", { class: "reading", "aria-label": "As the system reads it" },
          el("h2", { text: "As the system reads it" }),
          el("p", { class: "quiet small", text: shown.live ? "Headings, tables and the passages that answers are made from." : notLive }),
          parts(), el("div", { class: "prose" }, ...readingNodes(reading.rows, shown.media_type)), parts()),
        el("div", { class: "side" },
          el("section", {}, el("h2", { text: "Read from the file" }),
            el("ul", { class: "report" }, ...reportLines(shown.report, shown.media_type).map(([text, kind]) => el("li", { class: kind, text })))),
          standing(),
          el("section", {}, el("h2", { text: "About" }),
            el("dl", { class: "about" },
              ...pair("Type", typeName(shown.media_type)), ...pair("Size", bytes(shown.n_bytes)),
              ...pair("Passages", grouped(shown.n_chunks)), ...pair("In the library", day(info.added_at)), ...pair("Read last", day(info.updated_at)),
              ...shown.metadata.filter(([name]) => name !== "title").flatMap(ofItself),
              ...pair("Source", info.source.startsWith(UPLOADED) ? `Uploaded as ${info.source.slice(UPLOADED.length)}` : info.source))),
          el("section", {}, el("h2", { text: "Versions" }),
            el("ol", { class: "versions" }, ...versions.map((entry) => el("li", {},
              el("button", { type: "button", "aria-current": entry.version === version ? "true" : null, onclick: () => send({ do: "version", version: entry.version }) },
                el("span", { text: entry.state === "live" ? "Current" : "Earlier" }),
                el("span", { class: "quiet", text: `${day(entry.created_at)}, ${clock(entry.created_at)} · ${grouped(entry.n_characters)} characters` })))))))));
  };

  document.addEventListener("click", toList, true);

  // Another part begins at its top; a document that is opened at a passage shows it in the middle.
  const place = (again) => {
    const mark = again ? null : root.querySelector(".reading mark");
    if (mark) mark.scrollIntoView({ block: "center" });
    else toTop(root);
  };
  let signature = "";
  return {
    show(next) {
      const text = JSON.stringify(next);
      if (text === signature) return;
      const before = content;
      signature = text;
      content = next;
      keepingFocus(root, render);
      if (before?.reading.part !== next.reading.part || before?.version !== next.version) place(before);
    },
    close() { document.removeEventListener("click", toList, true); },
  };
});
