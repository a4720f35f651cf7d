// Fewer are seen at a glance.
const MANY = 5;
const WAIT_MS = 350;
const titleOf = (entry) => entry.title || "Removed with its document";

export default element((root, send) => {
  let content = null;
  let waiting = 0;
  let asked = null; // what is being looked for
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
  // An open source closes with the same key, and a word that is being composed takes it first.
  root.addEventListener("keydown", (event) => {
    if (!editing || event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation();
    leave();
  });

  const choose = (act) => {
    send(act);
    foldMenu();
  };

  const renaming = (entry) => {
    const field = el("input", { type: "text", name: "title", "aria-label": "Title of the conversation", maxlength: 200, class: "field" });
    field.value = editing.draft ?? entry.title;
    field.addEventListener("input", () => { editing.draft = field.value; });
    const save = () => { const title = field.value.trim(); if (title && title !== entry.title) send({ do: "rename", id: entry.id, title }); leave(); };
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      // It would press what has the focus next.
      event.preventDefault();
      save();
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
        el("button", { type: "button", class: "open", "data-id": entry.id, title: entry.title, "aria-current": entry.id === content.current ? "page" : null,
          onclick: () => choose({ do: "open", id: entry.id }) }, el("span", { class: entry.title ? "title" : "title quiet", text: titleOf(entry) }),
          entry.question ? el("span", { class: "title found quiet", title: entry.question, text: entry.question }) : null),
        el("button", { type: "button", class: "more", "data-of": entry.id, "data-focus": `more ${entry.id}`, text: "⋯", "aria-label": `Rename or delete ${titleOf(entry)}`,
          "aria-expanded": String(Boolean(mode)), onclick: () => (mode ? leave() : edit({ id: entry.id, mode: "menu" }, ".first")) })),
      mode === "menu" ? menu(entry) : mode === "rename" ? renaming(entry) : mode === "delete" ? deleting(entry) : null);
  };

  const search = el("input", { type: "search", class: "search", placeholder: "Search conversations",
    "aria-label": "Search conversations by words of their questions", maxlength: 500 });
  const find = (text) => {
    window.clearTimeout(waiting);
    // What is shown already comes without a change, and would leave the list faded.
    if (text === (asked ?? content.text)) return;
    asked = text;
    list.setAttribute("aria-busy", "true");
    send({ do: "find", text });
  };
  search.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => find(search.value.trim()), WAIT_MS);
  });
  search.addEventListener("keydown", (event) => { if (event.key === "Enter") find(search.value.trim()); });
  const begin = () => {
    window.clearTimeout(waiting);
    search.value = "";
    asked = null;
    choose({ do: "new" });
  };
  const label = el("p", { class: "label", text: "Conversations" });
  const told = el("p", { class: "hidden", role: "status" });
  const list = el("div", {});
  root.append(
    el("button", { type: "button", class: "plain-button new", onclick: begin }, el("span", { text: "New conversation" })),
    label, search, told, list);

  const none = () => [
    el("p", { class: "none quiet", text: `No conversation holds “${content.text}”.` }),
    el("button", { type: "button", class: "plain-button", text: "Show all", onclick: () => { search.value = ""; find(""); search.focus(); } })];
  const render = () => {
    const { entries, n, text } = content;
    const opened = root.getRootNode().activeElement?.dataset.id;
    label.hidden = !n && !text;
    search.hidden = n <= MANY && !text;
    setText(told, text ? `${plural(n, "conversation")} found` : "");
    list.removeAttribute("aria-busy");
    list.replaceChildren(
      el("ul", { class: "list", "aria-label": "Conversations" }, ...entries.map(row)),
      ...(text && !n ? none() : []),
      n > entries.length ? el("button", { type: "button", class: "text-button older", text: "Show older ones", onclick: () => send({ do: "more" }) }) : "");
    if (opened) list.querySelector(`[data-id="${opened}"]`)?.focus({ preventScroll: true });
  };
  return {
    show(next) {
      if (content && JSON.stringify(next) === JSON.stringify(content)) return;
      if (!content) search.value = next.text;
      if (next.text === asked) asked = null;
      content = next;
      keepingFocus(root, render);
    },
    close() { window.clearTimeout(waiting); },
  };
});
