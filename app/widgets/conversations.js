export default element((root, send) => {
  let content = null;
  let editing = null; // { id, mode: "rename" | "delete" | "menu", draft: the title as it is typed }
  const edit = (next, focus) => {
    editing = next;
    render();
    if (focus) root.querySelector(focus)?.focus();
  };
  // What was begun is left with the focus where it began.
  const leave = () => {
    const { id } = editing;
    edit(null, `.more[data-of="${id}"]`);
  };
  root.addEventListener("keydown", (event) => { if (editing && event.key === "Escape") leave(); });

  const choose = (act) => {
    send(act);
    foldMenu();
  };

  const renaming = (entry) => {
    const field = el("input", { type: "text", name: "title", "aria-label": "Title of the conversation", maxlength: 200, class: "field" });
    field.value = editing.draft ?? entry.title;
    field.addEventListener("input", () => { editing.draft = field.value; });
    const save = () => { const title = field.value.trim(); editing = null; if (title && title !== entry.title) send({ do: "rename", id: entry.id, title }); render(); };
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") save();
    });
    return el("div", { class: "edit" }, field,
      el("div", { class: "choices" },
        el("button", { type: "button", class: "plain-button", text: "Save", onclick: save }),
        el("button", { type: "button", class: "plain-button", text: "Cancel", onclick: leave })));
  };
  const deleting = (entry) =>
    el("div", { class: "edit" }, el("p", { text: "Delete this conversation?" }),
      el("div", { class: "choices" },
        el("button", { type: "button", class: "plain-button danger", text: "Delete", onclick: () => { editing = null; send({ do: "delete", id: entry.id }); } }),
        el("button", { type: "button", class: "plain-button keep", text: "Keep", onclick: leave })));
  const menu = (entry) =>
    el("div", { class: "edit choices" },
      el("button", { type: "button", class: "plain-button first", text: "Rename", onclick: () => edit({ id: entry.id, mode: "rename" }, ".field") }),
      el("button", { type: "button", class: "plain-button danger", text: "Delete", onclick: () => edit({ id: entry.id, mode: "delete" }, ".keep") }));

  const row = (entry) => {
    const mode = editing?.id === entry.id ? editing.mode : null;
    return el("li", { class: entry.id === content.current ? "current" : null },
      el("div", { class: "row" },
        el("button", { type: "button", class: "open", title: entry.title, "aria-current": entry.id === content.current ? "page" : null,
          onclick: () => choose({ do: "open", id: entry.id }) }, el("span", { class: "title", text: entry.title })),
        el("button", { type: "button", class: "more", "data-of": entry.id, text: "⋯", "aria-label": `Rename or delete ${entry.title}`,
          "aria-expanded": String(Boolean(mode)), onclick: () => (mode ? leave() : edit({ id: entry.id, mode: "menu" }, ".first")) })),
      mode === "menu" ? menu(entry) : mode === "rename" ? renaming(entry) : mode === "delete" ? deleting(entry) : null);
  };
  const render = () => {
    root.replaceChildren(
      el("button", { type: "button", class: "plain-button new", onclick: () => choose({ do: "new" }) },
        el("span", { text: "New conversation" })),
      content.entries.length ? el("p", { class: "label", id: "label", text: "Conversations" }) : "",
      el("ul", { class: "list", "aria-label": "Conversations" }, ...content.entries.map(row)));
  };
  return { show(next) {
    if (content && JSON.stringify(next) === JSON.stringify(content)) return;
    content = next;
    keepingFocus(root, render);
  } };
});
