const columns = [
  ["title", "Title", (d) => d.title.toLocaleLowerCase()],
  ["type", "Type", (d) => typeName(d.media_type)],
  ["pages", "Pages", (d) => d.pages ?? 0],
  ["passages", "Passages", (d) => d.n_chunks],
  ["updated", "Updated", (d) => d.updated_at],
];
// What a document can be looked for by, besides its names: that it waits for a decision, or is not in force.
const kinds = [["held", "Waiting for a decision"], ["standing", "Not in force"]];
const STEP = 100;
// What was searched for, how it was sorted, what was opened: who comes back from a document finds the list as it was.
const left = { search: "", only: null, sort: { by: "title", up: true }, limit: STEP, opened: null };

export default element((root, send) => {
  let content = null;
  let { sort, limit, only } = left;
  const search = el("input", { type: "search", class: "search", placeholder: "Search by title or file name", "aria-label": "Search documents" });
  const count = el("p", { class: "quiet small", role: "status", "aria-live": "polite" });
  const head = el("tr", {});
  const body = el("tbody", {});
  const more = el("button", { type: "button", class: "plain-button", onclick: () => { limit += STEP; fill(); } });
  const table = el("table", { class: "documents" }, el("caption", { class: "hidden", text: "Documents" }), el("thead", {}, head), body);
  const none = el("p", { class: "quiet none" });
  const filters = el("div", { class: "filters", role: "group", "aria-label": "Show" });
  root.append(el("div", { class: "tools" }, search, count), filters, table, none, more);
  search.value = left.search;
  search.addEventListener("input", () => { limit = STEP; fill(); });

  const heads = () => head.replaceChildren(...columns.map(([by, label]) =>
    el("th", { scope: "col", class: by, "aria-sort": sort.by === by ? (sort.up ? "ascending" : "descending") : "none" },
      el("button", { type: "button", "data-focus": by, onclick: () => { sort = { by, up: sort.by === by ? !sort.up : true }; keepingFocus(root, heads); fill(); } },
        el("span", { text: label }), el("span", { class: "arrow", "aria-hidden": "true", text: sort.by === by ? (sort.up ? "↑" : "↓") : "" })))));

  // Only what there is can be chosen, so that a library without such documents has one row less.
  const fillFilters = () => {
    const there = kinds.map(([kind, label]) => [kind, label, content.documents.filter((d) => d[kind]).length]).filter(([, , n]) => n);
    if (!there.some(([kind]) => kind === only)) only = null;
    filters.hidden = !there.length;
    filters.replaceChildren(...[[null, "All", content.documents.length], ...there].map(([kind, label, n]) =>
      el("button", { type: "button", class: "filter", "data-filter": kind ?? "all", "data-focus": kind ?? "all", "aria-pressed": String(only === kind), text: `${label} (${grouped(n)})`,
        onclick: () => { only = kind; limit = STEP; fillFilters(); fill(); filters.querySelector('[aria-pressed="true"]').focus(); } })));
  };

  const row = (d) =>
    el("tr", {},
      el("td", { class: "title" },
        el("button", { type: "button", "data-document": d.id, "data-focus": d.id, onclick: () => { left.opened = d.id; send({ do: "open", id: d.id }); } },
          el("span", { class: "name" }, d.title, d.standing ? el("span", { class: "badge", text: d.standing }) : null), el("span", { class: "quiet file", text: d.within ? `${d.name} in ${d.within}` : d.name })),
        d.held ? el("span", { class: "warning", text: d.held }) : null,
        d.warning ? el("span", { class: "warning", text: d.warning }) : null),
      el("td", { class: "type", text: typeName(d.media_type) }),
      el("td", { class: "pages", text: d.pages ? (pageWord(d.media_type) === "page" ? d.pages : plural(d.pages, pageWord(d.media_type))) : "–" }),
      el("td", { class: "passages", text: grouped(d.n_chunks) }),
      el("td", { class: "updated", text: day(d.updated_at) }));

  const fill = () => {
    Object.assign(left, { search: search.value, only, sort, limit });
    const wanted = search.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const found = content.documents.filter((d) => (!only || d[only]) && wanted.every((word) => `${d.title} ${d.name}`.toLocaleLowerCase().includes(word)));
    const key = columns.find(([by]) => by === sort.by)[2];
    const sign = sort.up ? 1 : -1;
    found.sort((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : a.id < b.id ? -1 : 1));
    body.replaceChildren(...found.slice(0, limit).map(row));
    count.textContent = only || wanted.length ? `${grouped(found.length)} of ${plural(content.documents.length, "document")}` : plural(found.length, "document");
    more.hidden = found.length <= limit;
    more.textContent = `Show ${Math.min(STEP, found.length - limit)} more`;
    table.hidden = !found.length;
    none.hidden = Boolean(found.length);
    none.textContent = `No title or file name holds “${search.value.trim()}”.`;
  };

  const comeBack = () => {
    const { opened } = left;
    left.opened = null;
    const button = [...body.querySelectorAll("[data-document]")].find((each) => each.dataset.document === opened);
    button?.focus({ preventScroll: true });
    button?.scrollIntoView({ block: "center" });
  };

  toTop(root);
  let signature = "";
  return { show(next) {
    const text = JSON.stringify(next);
    if (text === signature) return;
    signature = text;
    content = next;
    keepingFocus(root, () => { fillFilters(); heads(); fill(); });
    comeBack();
  } };
});
