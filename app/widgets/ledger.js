// Whether the ledger holds: a button that has it checked, and in words what came of it.
const counted = (check) => {
  const parts = [plural(check.n_answers, "receipt"), check.n_judgements ? plural(check.n_judgements, "judgement") : "",
    plural(check.n_quotes, "quote")].filter(Boolean);
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
};

const intact = (check) => [
  el("p", {}, el("strong", { class: "good", text: "Intact." }),
    ` ${counted(check)} were compared with the ledger of ${plural(check.n_entries, "entry", "entries")}; everything is as it was stored.`),
  check.n_quotes_gone
    ? el("p", { class: "quiet small", text: `${plural(check.n_quotes_gone, "quote")} more ${check.n_quotes_gone === 1 ? "is" : "are"} of documents that are gone.` }) : null,
  check.head
    ? el("p", { class: "quiet small" }, "Note this head elsewhere, to compare with it later: ",
        el("code", { text: `${check.head.sequence}:${check.head.hash}` })) : null,
];

const faulty = (check) => [
  el("p", {}, el("strong", { class: "bad", text: `${plural(check.n_faults, "fault")}.` }),
    ` ${counted(check)} were compared with the ledger of ${plural(check.n_entries, "entry", "entries")}.`),
  el("ul", { class: "faults" }, ...check.faults.map((fault) =>
    el("li", {}, el("span", { text: fault.message }),
      fault.receipt ? viewLink(receiptAt(fault.receipt), { class: "id", text: fault.receipt }) : null))),
  check.n_faults > check.faults.length
    ? el("p", { class: "quiet small" }, "There are more: ", el("code", { text: "footnote receipt verify" }), " lists all.") : null,
];

const checkNodes = (check) => {
  if (check.state !== "done" && check.state !== "failed")
    return [el("p", { class: "quiet", text: "Comparing every receipt with the ledger …" })];
  if (check.failure) return [el("p", { class: "bad", text: check.failure.message }), el("p", { class: "quiet small", text: check.failure.hint })];
  return [...(check.n_faults ? faulty(check) : intact(check)),
    el("p", { class: "quiet small", text: `Checked on ${day(check.at)} at ${clock(check.at)}.` })];
};

const verifyButton = (ledger, send) => {
  if (!ledger.may) return null;
  const going = ledger.check && !["done", "failed"].includes(ledger.check.state);
  return el("button", { type: "button", class: "plain-button verify", "data-focus": "verify", "aria-disabled": going ? "true" : null,
    text: going ? "Checking …" : ledger.check ? "Verify again" : "Verify the ledger", onclick: () => { if (!going) send({ do: "verify" }); } });
};
const ledgerSays = ({ check }) =>
  el("div", { class: check ? `ledger-says ${check.failure || check.n_faults ? "wrong" : ""}` : "ledger-says none", role: "status" },
    ...(check ? checkNodes(check) : []));
