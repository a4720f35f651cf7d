// What explains an answer in detail is there, and folded.
const FOLDED = new Set(["Confidence", "Passages", "Made with", "Time"]);
const partWords = { software: "Software", person: "Person", settings: "Settings", models: "Models", index: "Index", documents: "Documents",
  understanding: "How the question is understood", passages: "Passages", outcome: "Outcome", statements: "What is said", confidence: "Confidence" };

const lineNodes = (line, send) => {
  const label = line.opens
    ? el("button", { type: "button", class: "marker", "data-kind": line.opens.kind, "data-n": line.opens.n, text: line.opens.n,
        "aria-label": `Open ${line.opens.kind === "citation" ? "source" : "passage"} ${line.opens.n}`, onclick: () => send({ do: "open", ...line.opens }) })
    : null;
  return [el("dt", {}, label, label ? " " : null, line.label), el("dd", {}, line.text, ...line.below.map((text) => el("small", { text })))];
};

const sectionNode = (section, send) => {
  const name = section.title.split(" ")[0].toLowerCase();
  const lines = el("dl", {}, ...section.lines.flatMap((line) => lineNodes(line, send)));
  return FOLDED.has(section.title)
    ? el("details", { class: `story of-${name}`, "data-section": name }, el("summary", {}, el("h2", { text: section.title })), lines)
    : el("section", { class: `story of-${name}` }, el("h2", { text: section.title }), lines);
};

const differenceNode = (difference) =>
  el("li", {},
    el("p", {}, el("strong", { text: partWords[difference.part] ?? difference.part }), `: ${difference.what}`),
    difference.recorded || difference.now
      ? el("dl", { class: "values" }, el("dt", { text: "then" }), el("dd", { text: difference.recorded || "–" }),
          el("dt", { text: "now" }), el("dd", { text: difference.now || "–" })) : null);

const differences = (title, some) =>
  some.length ? [el("h3", { text: title }), el("ul", { class: "differences" }, ...some.map(differenceNode))] : [];

const replayNodes = (replay) => {
  if (replay.failure) return [el("p", { class: "bad", text: replay.failure.message }), el("p", { class: "quiet small", text: replay.failure.hint })];
  if (replay.state !== "done") {
    const track = stageTrack();
    track.show(replay.stage);
    return [el("p", { text: "Asking the question again, on the documents of today." }), track.node];
  }
  return [
    el("p", { class: `verdict ${replay.same ? "good" : "late"}`, text: replay.words }),
    !replay.same && replay.answer ? el("p", { class: "answered-now" }, el("span", { class: "quiet", text: "Today: " }), replay.answer) : null,
    ...differences("What it rests on", replay.circumstances),
    ...differences("What came of it", replay.differences),
    el("p", { class: "quiet small", text: "Nothing of this was stored." })];
};

const replaySays = (replay) =>
  replay ? el("section", { class: "replay", "aria-label": "Asked again", role: "status" }, ...replayNodes(replay).filter(Boolean)) : null;

export default element((root, send) => {
  let content = null;
  const opened = new Set();
  // Kept as it is, folded or whole, while the page is drawn again around it.
  let headed = { text: null, nodes: [] };
  const heading = (text) => {
    if (text !== headed.text) headed = { text, nodes: foldedQuestion("h1", text) };
    return headed.nodes;
  };

  // What a check has found of this receipt itself.
  const ownFaults = () => (content.ledger.check?.faults ?? []).filter((fault) => fault.receipt === content.receipt);
  const inLedger = () => {
    const { check } = content.ledger;
    if (ownFaults().length || check?.state !== "done" || check.n_faults || (check.head?.sequence ?? 0) < content.sequence) return null;
    return el("span", { class: "good", text: "intact" });
  };

  const render = () => {
    const going = content.replay && !["done", "failed"].includes(content.replay.state);
    const faults = ownFaults();
    root.replaceChildren(
      viewLink("/receipts", { class: "text-button back", text: "← All receipts" }),
      el("div", { class: "top" },
        el("div", {}, ...heading(content.question || "A question that was removed with its document"),
          el("p", { class: "quiet meta" },
            el("span", { text: `${day(content.asked_at)}, ${clock(content.asked_at)}`, title: content.asked_at }),
            content.who ? el("span", { text: `asked by ${content.who}` }) : null,
            el("span", { class: "id", text: content.receipt }),
            content.sequence ? el("span", { text: `entry ${grouped(content.sequence)} of the ledger` }) : null,
            inLedger())),
        el("div", { class: "choices" },
          el("button", { type: "button", class: "plain-button again", "data-focus": "again", "aria-disabled": going ? "true" : null,
            text: going ? "Asking …" : "Run again", onclick: () => { if (!going) send({ do: "again" }); } }),
          el("a", { class: "plain-button", href: `/receipts/${encodeURIComponent(content.receipt)}.html`, download: "",
            title: "One page to take along, with personal data masked as the policy says", text: "Export" }))),
      faults.length
        ? el("div", { class: "own-faults", role: "alert" }, ...faults.map((fault) => el("p", { text: fault.message }))) : "",
      el("div", { class: content.late ? "short late" : "short" }, ...content.short.map((text) => el("p", { text }))),
      replaySays(content.replay) ?? "",
      ...content.sections.map((section) => sectionNode(section, send)),
      el("div", { class: "verifying" }, ledgerSays(content.ledger), verifyButton(content.ledger, send)));
    for (const node of root.querySelectorAll("details")) {
      node.open = opened.has(node.dataset.section);
      node.addEventListener("toggle", () => opened[node.open ? "add" : "delete"](node.dataset.section));
    }
  };

  // The number of the source beside the receipt stands out; a closed one gives the focus back to it.
  const marker = ({ kind, n }) => root.querySelector(`.marker[data-kind="${kind}"][data-n="${n}"]`);
  const mark = (open, before) => {
    for (const node of root.querySelectorAll(".marker")) {
      node.classList.toggle("open", Boolean(open) && node === marker(open));
      if (node.classList.contains("open")) node.setAttribute("aria-current", "true");
      else node.removeAttribute("aria-current");
    }
    if (before && !open && !/^(INPUT|TEXTAREA)$/.test(document.activeElement?.tagName)) marker(before)?.focus({ preventScroll: true });
  };

  // A source that comes beside the receipt makes it narrower and longer, before or after it is told here: what opened it
  // stays in sight.
  const keepInSight = () => { if (content?.open) marker(content.open)?.scrollIntoView({ block: "nearest" }); };
  let width = root.clientWidth;
  const room = new ResizeObserver(() => {
    if (root.clientWidth !== width) keepInSight();
    width = root.clientWidth;
  });
  room.observe(root);
  document.addEventListener("click", toList, true);
  toTop(root);
  let signature = "";
  return {
    show({ open, ...next }) {
      const before = content?.open;
      const text = JSON.stringify(next);
      content = { ...next, open };
      if (text === signature) {
        mark(open, before);
        if (JSON.stringify(open) !== JSON.stringify(before)) keepInSight();
        return;
      }
      signature = text;
      keepingFocus(root, render);
      mark(open, before);
    },
    close() {
      room.disconnect();
      document.removeEventListener("click", toList, true);
    },
  };
});
