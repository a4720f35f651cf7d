// The lines of a policy, numbered where something is wrong with it, and those that are named for it marked.
const policyLines = ({ text, mistake }) => {
  if (!mistake) return [text.trimEnd()];
  const wrong = new Set([...mistake.matchAll(/\bline (\d+)/g)].map(([, n]) => Number(n)));
  const lines = text.trimEnd().split("\n");
  const wide = String(lines.length).length;
  return lines.map((line, index) =>
    el(wrong.has(index + 1) ? "mark" : "span", { text: `${String(index + 1).padStart(wide)}  ${line}\n` }));
};

// What it masks where, as people call it; the file has names of its own for the kinds.
const masking = ({ masked, contacts }) => {
  if (!masked) return "";
  const rows = masked.map(({ where, kinds }) => [`Masked in ${where}`, [kinds ? `${capital(kinds)}. Names of people are not masked.` : "Nothing."]]);
  const kept = contacts.length
    ? [contacts.join(", ")]
    : ["None are listed, so a support address or number of your own is masked too. List them in policy.toml, below [masking]: ",
        el("code", { text: 'contacts = ["help@example.com", "+353 21 555 0142"]' })];
  return el("dl", { class: "masking" }, ...[...rows, ["Your own contacts, which copies keep", kept]].flatMap(([name, value]) =>
    [el("dt", { text: name }), el("dd", {}, ...value)]));
};

// The policy in force. It is changed where the file lies.
export default element((root) => {
  let signature = "";
  return { show(next) {
    const text = JSON.stringify(next);
    if (text === signature) return;
    signature = text;
    const open = root.querySelector("details")?.open ?? Boolean(next.mistake);
    const name = next.own ? `policy.toml${next.version ? `, version ${next.version}` : ""}` : "the one that comes with Footnote";
    const changing = next.own
      ? "It is changed in the file policy.toml of the home directory."
      : "To change it, copy the text below into a file policy.toml in the home directory.";
    root.replaceChildren(el("section", { class: "card" },
      el("h2", { text: "The policy in force" }),
      el("p", { class: "quiet small", text: `What is refused, added and masked, and who sees what: ${name}. ${changing} A change holds from the next question on.` }),
      next.mistake ? el("p", { class: "mistake", role: "alert", text: `${next.mistake} Until it is mended, nothing is answered.` }) : null,
      masking(next),
      el("details", { open }, el("summary", { text: "Read it" }), el("pre", { tabindex: "0" }, ...policyLines(next))),
      el("p", { class: "quiet small sha" }, "SHA-256, by which receipts name it: ", el("code", { text: next.sha256 }))));
  } };
});
