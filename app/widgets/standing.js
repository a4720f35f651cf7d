// Whether a document is in force: a line where it is not, and a small form to say so.
const statuses = [["in force", "In force"], ["draft", "Draft"], ["superseded", "Superseded"], ["expired", "No longer in force"], ["unknown", "Not known"]];
const learntFrom = { metadata: "read from its metadata", text: "read from its text", editions: "from the other editions", person: "" };

const nobody = "no other document in the library is called so";

const followed = (standing) => standing.status === "draft" ? ""
  : standing.found ? ` Its place is taken by ${standing.successor}.`
    : ` Its place is to be taken by “${standing.successor}”, but ${nobody}.`;

const standingLine = (standing) =>
  standing?.told && !standing.reports
    ? el("p", { class: "standing-line", role: "note" },
        el("span", { text: `${capital(standing.told)}.` }),
        el("span", { class: "quiet", text: standing.successor
          ? ` Answers say so where they rest on it.${followed(standing)}`
          : " Answers say so where they rest on it." }))
    : null;

const standingSection = (info, standing, send) => {
  if (!standing?.status) return null;
  let open = false;
  const node = el("section", { class: "standing" });
  const known = (name) => (standing.learnt[name] && learntFrom[standing.learnt[name]] ? ` (${learntFrom[standing.learnt[name]]})` : "");
  const facts = () => {
    const status = statuses.find(([value]) => value === standing.status)?.[1] ?? standing.status;
    const rows = [["Status", `${status}${known("status")}`]];
    if (standing.from) rows.push(["From", `${day(standing.from)}${known("effective_from")}`]);
    if (standing.until) rows.push(["Until", `${day(standing.until)}${known("effective_to")}`]);
    if (standing.successor) rows.push(["Followed by", standing.found ? standing.successor : el("span", {}, standing.successor,
      el("span", { class: "unfound", text: `${capital(nobody)}; it counts once one is added.` }))]);
    if (standing.edited_at) rows.push(["Said", `by ${standing.edited_by === "local" ? "you" : standing.edited_by}, ${day(standing.edited_at)}`]);
    return [el("dl", { class: "about" }, ...rows.flatMap(([name, value]) => pair(name, value))),
      el("div", { class: "choices" },
        el("button", { type: "button", class: "text-button change", text: "Change", onclick: () => { open = true; render(); node.querySelector("select").focus(); } }),
        standing.edited_at ? el("button", { type: "button", class: "text-button", text: "Take back", onclick: () => send({ do: "restate", id: info.id, said: null }) }) : null)];
  };
  const form = () => {
    const status = el("select", { name: "status" }, ...statuses.map(([value, label]) => el("option", { value, selected: value === standing.status, text: label })));
    const from = el("input", { type: "date", name: "effective_from", value: standing.from });
    const until = el("input", { type: "date", name: "effective_to", value: standing.until });
    const by = el("input", { type: "text", name: "successor", value: standing.successor, placeholder: "File or title" });
    const before = { status: standing.status, effective_from: standing.from, effective_to: standing.until, successor: standing.successor };
    // What is wrong stands at its field, and what was typed stays.
    const wrong = (input, words) => {
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", "standing-wrong");
      input.after(el("span", { class: "wrong", id: "standing-wrong", role: "alert", text: words }));
      input.focus();
    };
    const right = () => {
      node.querySelector(".wrong")?.remove();
      for (const input of node.querySelectorAll("[aria-invalid]")) {
        input.removeAttribute("aria-invalid");
        input.removeAttribute("aria-describedby");
      }
    };
    const save = (event) => {
      event.preventDefault();
      right();
      const halfTyped = [from, until].find((input) => input.validity.badInput);
      if (halfTyped) return wrong(halfTyped, "This is no whole day. Give day, month and year, or clear it.");
      if (from.value && until.value && until.value < from.value)
        return wrong(until, `The last day comes before the first, ${day(from.value)}.`);
      const said = Object.fromEntries([status, from, until, by].filter((field) => field.value !== before[field.name]).map((field) => [field.name, field.value]));
      // The form closes with what is stored; where that fails it stays as it is.
      if (Object.keys(said).length) return send({ do: "restate", id: info.id, said });
      close();
    };
    const close = () => { open = false; render(); node.querySelector(".change").focus(); };
    const field = (label, input) => el("label", {}, el("span", { text: label }), input);
    return [el("form", { onsubmit: save, oninput: right, novalidate: true, onkeydown: (event) => { if (event.key === "Escape" && !event.isComposing) close(); } },
      field("Status", status), field("First day", from), field("Last day", until), field("Followed by", by),
      el("div", { class: "choices" },
        el("button", { type: "submit", class: "plain-button", text: "Save" }),
        el("button", { type: "button", class: "text-button", text: "Cancel", onclick: close })))];
  };
  const render = () => node.replaceChildren(el("h2", { text: "In force" }), ...(open ? form() : facts()));
  render();
  return node;
};
