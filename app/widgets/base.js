// Shared by all elements. Text becomes page content through textContent only: nothing from a document or a
// person is ever parsed as markup, and no attribute that loads something is set from it.

const el = (tag, props = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") node.textContent = String(value);
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
};

// A title that would fill a screen in the size of a heading.
const titleClass = (title) => (title.length > 100 ? "long-title" : null);

// A heading with a question. Of a pasted mail the first lines are shown, so that what is said to it is seen.
const isLong = (text) => text.length > 360 || text.split("\n").length > 5;
const foldedQuestion = (tag, text) => {
  const heading = el(tag, { class: "question", text });
  if (!isLong(text)) return [heading];
  heading.classList.add("long");
  const more = el("button", { type: "button", class: "text-button more", text: "Show the whole question", "aria-expanded": "false",
    onclick: () => {
      const whole = heading.classList.toggle("whole");
      more.setAttribute("aria-expanded", String(whole));
      more.textContent = whole ? "Show less" : "Show the whole question";
    } });
  return [heading, more];
};

const views = new WeakMap();

// Streamlit frames its whole main area when a key is pressed after a click into it: page.css leaves that frame to
// those who came with the Tab key.
const pointed = () => document.documentElement.classList.add("fn-pointed");
const tabbed = (event) => { if (event.key === "Tab") document.documentElement.classList.remove("fn-pointed"); };

const withKey = (event) => event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
const menuLink = ({ target }) => target instanceof Element && target.closest('[data-testid="stSidebarNavLink"]');

// On a narrow screen the menu lies over the page, and leaves once something in it is chosen. Every element listens; the
// first that hears of a click folds the menu.
const foldMenu = () => {
  if (window.matchMedia("(max-width: 768px)").matches)
    document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
};
const chosen = (event) => {
  if (!menuLink(event) || withKey(event) || event.folds) return;
  event.folds = true;
  window.setTimeout(foldMenu);
};

// The second press of a double click asks for what the first one has begun.
const DOUBLE_MS = 500;
const once = (send) => {
  let last = "";
  let at = 0;
  return (act) => {
    const told = JSON.stringify(act);
    const now = performance.now();
    if (told === last && now - at < DOUBLE_MS) return;
    [last, at] = [told, now];
    send(act);
  };
};

// Runs `make(root, send)` once per mounted element, and `view.show(content)` at every change of its content.
const element = (make) => (component) => {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".fn");
  let view = views.get(root);
  if (!view) {
    const channel = {};
    view = { ...make(root, once((act) => channel.send(act))), channel };
    views.set(root, view);
    document.addEventListener("pointerdown", pointed, true);
    document.addEventListener("keydown", tabbed, true);
    document.addEventListener("click", chosen, true);
  }
  view.channel.send = (act) => setTriggerValue("act", act);
  view.show(data);
  return () => view.close?.();
};

// Draws something anew. A named field that was being typed in keeps the focus and what is selected in it; a button or a
// link gives it to the one that stands for it then, or to the one beside it where that can no longer be pressed.
const alike = (node) => [node.tagName, node.dataset.focus ?? node.getAttribute("aria-label") ?? node.textContent, node.dataset.n].join(" ");
const keepingFocus = (root, draw) => {
  const before = root.getRootNode().activeElement;
  const { name, selectionStart, selectionEnd } = root.contains(before) ? before : {};
  const known = root.contains(before) && /^(BUTTON|A|SUMMARY)$/.test(before.tagName) ? alike(before) : null;
  const standing = () => [...root.querySelectorAll("button, a, summary")].filter((node) => alike(node) === known);
  const place = known ? standing().indexOf(before) : -1;
  draw();
  if (place >= 0) {
    const after = standing()[place];
    const beside = after?.disabled ? [...after.parentElement.children].find((node) => node.tagName === "BUTTON" && !node.disabled) : after;
    beside?.focus({ preventScroll: true });
  }
  const again = name && typeof selectionStart === "number" ? root.querySelector(`[name="${name}"]`) : null;
  again?.focus({ preventScroll: true });
  again?.setSelectionRange(selectionStart, selectionEnd);
};

// Puts nodes into a place in order without touching those that stand right: one that is taken out loses the focus.
const arrange = (parent, nodes) => {
  for (const node of [...parent.children]) if (!nodes.includes(node)) node.remove();
  nodes.forEach((node, index) => { if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null); });
};
const setText = (node, text) => { if (node.textContent !== text) node.textContent = text; };

// Goes to another view in a step of its own of the browser's history, with nothing loaded anew: Streamlit follows the
// address as it does after Back and Forward. What opens a new tab or window is left to the browser.
const goTo = (address) => {
  window.history.pushState({}, "", address);
  window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
};
const viewLink = (address, props) => el("a", { ...props, href: address, onclick: (event) => {
  if (withKey(event)) return;
  event.preventDefault();
  goTo(address);
} });

const receiptAt = (receipt) => `/receipts?${new URLSearchParams({ receipt })}`;

// The entry of a view in the menu leads from one of its documents or receipts to the list. Streamlit would only run the
// page again; two runs at once can end in an error of its own, so that it does not hear of the click.
const toList = (event) => {
  const link = menuLink(event);
  if (link?.pathname !== window.location.pathname || withKey(event)) return;
  event.preventDefault();
  event.stopPropagation();
  goTo(link.pathname);
};

// A view that has just come begins at its top, wherever the one before was scrolled to.
const toTop = (root) => root.getRootNode().host?.closest('[data-testid="stMain"]')?.scrollTo(0, 0);

const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);
const grouped = (n) => n.toLocaleString("en");
const plural = (n, one, many = `${one}s`) => `${grouped(n)} ${n === 1 ? one : many}`;

const bytes = (n) => {
  if (n < 1000) return `${n} B`;
  if (n < 1e6) return `${(n / 1e3).toFixed(n < 1e4 ? 1 : 0)} kB`;
  return `${(n / 1e6).toFixed(n < 1e7 ? 1 : 0)} MB`;
};

// A date without a time is a day of the calendar, the same one wherever it is read.
const day = (iso) => {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso || "";
  const timeZone = /^\d{4}-\d{2}-\d{2}$/.test(iso) ? "UTC" : undefined;
  return date.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone });
};

const clock = (iso) => {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? "" : date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
};

const ago = (iso) => {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  const seconds = (Date.now() - date.getTime()) / 1000;
  if (seconds < 90) return "just now";
  if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.round(seconds / 3600)} h ago`;
  return day(iso);
};

const duration = (seconds) => {
  if (seconds < 1) return "less than a second";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds >= 570) return `${Math.round(seconds / 60)} min`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
};

const typeNames = {
  "application/pdf": "PDF",
  "text/markdown": "Markdown",
  "text/plain": "Text",
  "text/html": "Web page",
  "text/csv": "CSV",
  "message/rfc822": "E-mail",
  "application/epub+zip": "EPUB",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
};
const typeName = (mediaType) => typeNames[mediaType] ?? "File";
const pageWord = (mediaType) =>
  mediaType.includes("presentation") ? "slide" : mediaType.includes("spreadsheet") ? "sheet" : "page";

// A key press that is meant for a field must not walk the citations. On many keyboards a bracket is typed with a second key.
const bracket = (event) => /^[[\]]$/.test(event.key) && (event.getModifierState("AltGraph") || (event.altKey && !event.ctrlKey));
const typing = (event) => {
  const target = event.composedPath()[0];
  return (
    event.metaKey || event.isComposing || ((event.ctrlKey || event.altKey) && !bracket(event)) ||
    (target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)))
  );
};

const segments = (pairs) =>
  pairs.map(([text, marked]) => (marked ? el("mark", { text }) : document.createTextNode(text)));

// A code in a cell of a table stays in one line, however narrow its column.
const inOneLine = (pairs) => {
  const text = pairs.map(([part]) => part).join("").trim();
  return text.length <= 16 && !/\s/.test(text) ? { class: "one-line" } : {};
};

// A table that is wider than its place fades where it goes on.
const fading = (box) => {
  const tell = () => box.classList.toggle("goes-on", box.scrollLeft + box.clientWidth < box.scrollWidth - 1);
  box.addEventListener("scroll", tell, { passive: true });
  new ResizeObserver(tell).observe(box);
  return box;
};

// Blocks of a document as structure: headings, paragraphs, list items and tables.
const blockNodes = (blocks) => {
  const nodes = [];
  let table = null;
  for (const block of blocks) {
    const row = block.kind === "table_header" || block.kind === "table_row";
    if (!row) table = null;
    if (block.kind === "held") {
      nodes.push(el("p", { class: "left-out", text: "Text of the document that is held back is left out here." }));
      continue;
    }
    if (row) {
      if (!table || block.kind === "table_header") {
        table = el("table");
        nodes.push(fading(el("div", { class: "table", tabindex: "0", role: "group", "aria-label": "Table" }, table)));
      }
      const cell = block.kind === "table_header" ? "th" : "td";
      table.append(el("tr", {}, ...block.cells.map((cells) => el(cell, inOneLine(cells), ...segments(cells)))));
      continue;
    }
    const content = segments(block.cells[0]);
    if (block.cut?.[0]) content.unshift("… ");
    if (block.cut?.[1]) content.push(" …");
    if (block.kind === "heading")
      nodes.push(el("p", { class: `heading level-${Math.min(block.level || 1, 4)}`, role: "heading",
        "aria-level": Math.min((block.level || 1) + 2, 6) }, ...content));
    else if (block.kind === "list_item")
      nodes.push(el("p", { class: `bullet depth-${Math.min(block.level || 1, 4)}` }, el("span", {}, ...content)));
    else if (block.kind === "code") nodes.push(el("pre", { tabindex: "0" }, ...content));
    else nodes.push(el("p", { class: block.kind }, ...content));
  }
  return nodes;
};
