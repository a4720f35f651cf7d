const judgedWords = { right: "Judged right", wrong: "Judged wrong", disputed: "People disagree" };
const WAIT_MS = 350;
const ID = /^a[0-9a-f]{5,}$/i;
// Which receipt was opened: who comes back from it finds the list where it was left.
const left = { opened: null };

// Not 24 hours ago: where the clocks change a day has one more or one less.
const yesterday = () => {
  const date = new Date();
  date.setDate(date.getDate() - 1);
  return date;
};
const dayOf = (iso) => {
  const told = day(iso);
  return told === day(new Date().toISOString()) ? "Today" : told === day(yesterday().toISOString()) ? "Yesterday" : told;
};

const same = (one, other) => one.text === other.text && one.outcome === other.outcome && one.stale === other.stale;

const changed = (entry) => {
  if (!entry.stale.length) return null;
  const outdated = entry.stale.some((change) => !change.stands);
  return el("span", { class: outdated ? "late" : "quiet", text: outdated ? "Out of date" : "A source has changed; its quote still stands" });
};

const sure = (entry) =>
  entry.level && !entry.stale.some((change) => !change.stands) ? meter({ confidence: { level: entry.level } }) : null;

const entryNode = (outcomes) => (entry) =>
  el("li", { class: "entry" },
    viewLink(receiptAt(entry.receipt), { class: "open", "data-receipt": entry.receipt }),
    el("span", { class: "time quiet", text: clock(entry.asked_at) }),
    el("div", {},
      el("p", { class: entry.question ? "words" : "words quiet", text: entry.question || "Removed with its document" }),
      el("p", { class: "about" },
        el("span", { class: `outcome ${entry.outcome}`, text: outcomes[entry.outcome] }),
        entry.why ? el("span", { class: "quiet why", text: entry.why }) : null,
        sure(entry), changed(entry),
        entry.judged ? el("span", { class: `judged ${entry.judged}`, text: judgedWords[entry.judged] }) : null,
        entry.who ? el("span", { class: entry.who === "you" ? "quiet own" : "quiet", text: `asked by ${entry.who}` }) : null)));

const byDay = ({ entries, outcomes }) => {
  const days = [];
  for (const entry of entries) {
    const told = dayOf(entry.asked_at);
    if (days.at(-1)?.told !== told) days.push({ told, entries: [] });
    days.at(-1).entries.push(entry);
  }
  return days.map(({ told, entries: some }) =>
    el("section", { class: "day" }, el("h2", { text: told }), el("ol", { class: "entries" }, ...some.map(entryNode(outcomes)))));
};

export default element((root, send) => {
  let content = null;
  let waiting = 0;
  let asked = null; // what is being looked for
  const lead = el("div", { class: "top" });
  const says = el("div", {});
  const search = el("input", { type: "search", class: "search", name: "text", placeholder: "Search words, or a receipt’s id",
    "aria-label": "Search receipts", maxlength: 500 });
  const filters = el("div", { class: "filters", role: "group", "aria-label": "Show" });
  const list = el("div", {});
  root.append(lead, says, el("div", { class: "tools" }, search, filters), list);

  const find = (changes) => {
    window.clearTimeout(waiting);
    const { text, outcome, stale } = asked ?? content.sought;
    const wanted = { text: search.value.trim(), outcome, stale, ...changes };
    // What is shown already comes without a change, and would leave the list faded.
    if (same(wanted, { text, outcome, stale })) return;
    asked = wanted;
    list.setAttribute("aria-busy", "true");
    send({ do: "find", ...wanted });
  };
  search.addEventListener("input", () => { window.clearTimeout(waiting); waiting = window.setTimeout(find, WAIT_MS); });
  search.addEventListener("keydown", (event) => { if (event.key === "Enter") find(); });

  const filter = (name, label, pressed, changes) =>
    el("button", { type: "button", class: "filter", "data-filter": name, "aria-pressed": String(pressed), text: label, onclick: () => find(changes) });
  const fillFilters = ({ outcome, stale }) => filters.replaceChildren(
    ...[["", "All"], ...Object.entries(content.outcomes)].map(([name, label]) => filter(name || "all", label, outcome === name, { outcome: name })),
    el("span", { class: "gap", "aria-hidden": "true" }),
    filter("stale", "Documents changed", stale, { stale: !stale }));

  const none = ({ text, outcome, stale }) => {
    if (!text && !outcome && !stale)
      return el("div", { class: "empty" }, el("p", { text: "Nothing has been asked yet." }), viewLink("/", { class: "plain-button", text: "Ask a question" }));
    return el("div", { class: "empty" },
      el("p", { text: ID.test(text) ? `There is no receipt “${text}”${outcome || stale ? " among these" : ""}.` : text ? `No receipt holds “${text}”${outcome || stale ? " among these" : ""}.` : "None of these." }),
      ID.test(text) ? el("p", { class: "quiet small", text: "An id stands under each answer, in “How this was found”." }) : null,
      el("button", { type: "button", class: "plain-button", text: "Show all", onclick: () => { search.value = ""; find({ text: "", outcome: "", stale: false }); search.focus(); } }));
  };

  const render = () => {
    lead.replaceChildren(el("p", { class: "lead quiet", text:
      "Every answer and every refusal is kept with all that explains it, in a chain that shows whether anything was changed." }),
      verifyButton(content.ledger, send) ?? "");
    says.replaceChildren(ledgerSays(content.ledger));
    const focused = filters.contains(root.getRootNode().activeElement) ? root.getRootNode().activeElement.dataset.filter : null;
    fillFilters(content.sought);
    if (focused) filters.querySelector(`[data-filter="${focused}"]`)?.focus();
    list.removeAttribute("aria-busy");
    list.replaceChildren(...(content.entries.length ? byDay(content) : [none(content.sought)]),
      ...(content.more ? [el("button", { type: "button", class: "plain-button more", text: "Show older ones", onclick: () => send({ do: "more" }) })] : []));
    for (const link of list.querySelectorAll(".open")) {
      link.append(el("span", { class: "hidden", text: `Receipt ${link.dataset.receipt}: ${link.parentElement.querySelector(".words").textContent}` }));
      link.addEventListener("click", () => { left.opened = link.dataset.receipt; });
    }
  };

  const comeBack = () => {
    const { opened } = left;
    left.opened = null;
    const link = opened && list.querySelector(`[data-receipt="${CSS.escape(opened)}"]`);
    link?.focus({ preventScroll: true });
    link?.parentElement.scrollIntoView({ block: "center" });
  };

  toTop(root);
  let signature = "";
  return {
    show(next) {
      const text = JSON.stringify(next);
      if (text === signature) return;
      signature = text;
      if (!content) search.value = next.sought.text;
      if (asked && same(asked, next.sought)) asked = null;
      content = next;
      keepingFocus(root, render);
      comeBack();
    },
    close() { window.clearTimeout(waiting); },
  };
});
