// Hidden text and orders in a document: what stands there, what was decided, and the decision. Using what is held back is
// asked once more, beside the words that would be used.
const flagNode = (flag, shown) =>
  el("li", { class: flag.severe ? "flag severe" : "flag" },
    el("p", { class: "why" },
      el("span", { text: flag.reason }),
      el("span", { class: "quiet", text: [flag.hidden ? "Hidden" : "", flag.page ? `${pageWord(shown.media_type)} ${flag.page}` : "",
        shown.live ? (flag.held ? "held back" : "searched") : ""].filter(Boolean).join(" · ") })),
    el("blockquote", {}, flag.before, el("mark", { text: flag.text }), flag.behind));

const decided = ({ choice, by, at }) => choice === "released"
  ? `Released by ${by === "local" ? "you" : by} on ${day(at)}: searched and quoted like the rest, but for sentences that give orders.`
  : `Left out by ${by === "local" ? "you" : by} on ${day(at)}: not searched, not quoted.`;

const whatItMeans = "Once released it is searched and quoted like the rest of the document; only sentences that give "
  + "orders are still not quoted. If you do not know why it stands there, leave it out.";

const flagSection = (info, shown, flagged, send) => {
  if (!flagged.n_flags) return null;
  const waiting = shown.live && flagged.waiting;
  const held = flagged.flags.filter((flag) => flag.held);
  const choice = flagged.decision?.choice;
  let asking = false;
  const node = el("section", { "aria-label": "Flagged text" });
  const list = (flags) => el("ol", { class: "flags" }, ...flags.map((flag) => flagNode(flag, shown)));
  const button = (kind, text, onclick) => el("button", { type: "button", class: kind, text, onclick });
  const decide = (made) => send({ do: "decide", id: info.id, choice: made, seen: flagged.seen });
  const ask = () => { asking = true; render(); node.querySelector(".primary").focus(); };
  const back = () => { asking = false; render(); node.querySelector(".use").focus(); };
  node.addEventListener("keydown", (event) => { if (asking && event.key === "Escape") { event.stopPropagation(); back(); } });

  const question = () => {
    const unseen = held.every((flag) => flag.hidden) ? "Readers of the file do not see it. "
      : held.some((flag) => flag.hidden) ? "Readers of the file do not see all of it. " : "";
    const more = flagged.n_held - held.length;
    return [el("h2", { text: "Use this text in answers?" }),
      el("p", { class: "lead", id: "flagged-lead", text: `${unseen}${whatItMeans}` }),
      list(held), more > 0 ? el("p", { class: "quiet small", text: `and ${grouped(more)} more` }) : null,
      el("div", { class: "choices" },
        button("plain-button primary", "Leave them out", () => (waiting ? decide("kept_out") : back())),
        button("plain-button danger", "Use them all the same", () => decide("released")),
        waiting ? button("text-button later", "Decide later", back) : null)];
  };
  const lead = () => !shown.live ? notLive : waiting
    ? "Text in this document gives orders to an assistant or hides from its readers. The marked passages wait until you "
      + "decide; the rest of the document is searched."
    : flagged.decision ? decided(flagged.decision)
      : "Nothing here needs a decision. Hidden text is left out; the other sentences are only noted.";
  const facts = () => [
    el("h2", { text: waiting ? "Held back until you decide" : "Flagged text" }),
    el("p", { class: "lead", text: lead() }),
    waiting ? list(flagged.flags) : el("details", {}, el("summary", { text: plural(flagged.n_flags, "flagged sentence") }), list(flagged.flags)),
    shown.live ? el("div", { class: "choices" },
      waiting || choice === "released"
        ? button(waiting ? "plain-button primary" : "plain-button", "Leave them out", () => decide("kept_out")) : null,
      flagged.n_held ? button("plain-button use", "Use these passages…", ask) : null) : null];
  const render = () => {
    node.className = asking ? "flagged asking" : waiting ? "flagged waiting" : "flagged";
    for (const [name, value] of [["role", "alertdialog"], ["aria-describedby", "flagged-lead"]])
      if (asking) node.setAttribute(name, value); else node.removeAttribute(name);
    node.replaceChildren(...(asking ? question() : facts()).filter(Boolean));
  };
  render();
  return node;
};
