const outcomes = { held: "Held back", failed: "Not read", added: "Added", updated: "Updated", unchanged: "Unchanged" };
// Another file of the same name is taken for a newer one of the same document.
const notes = { updated: "In place of the file of this name that was here before, which is kept as an earlier version" };
const stages = { scanning: "Looking through the files", reading: "Reading", screening: "Looking for hidden orders in", embedding: "Learning",
  finished: "Finished" };

// What needs a person stands first: passages that wait for a decision, then files that were not read. Each file counts once.
const outcomeOf = (file) => (file.held ? "held" : file.outcome);
const ranks = Object.keys(outcomes);
const urgency = (file) => Math.min(ranks.indexOf(outcomeOf(file)), 2);
const fileRow = (file, send) =>
  el("li", { class: outcomeOf(file) },
    el("span", { class: "outcome", text: outcomes[outcomeOf(file)] }),
    el("div", { class: "file" },
      file.held
        ? el("button", { type: "button", class: "text-button decide", text: "Open and decide", "aria-label": `Open ${file.name} and decide`,
            onclick: () => send({ do: "open", id: file.document }) }) : null,
      el("span", { class: "name" }, file.name, file.within ? el("span", { class: "quiet within", text: ` in ${file.within}` }) : null),
      file.outcome === "failed"
        ? el("span", { class: "reason" }, el("span", { text: file.reason ?? "" }), file.hint ? el("span", { class: "quiet", text: ` ${file.hint}` }) : null)
        : el("span", { class: "quiet note", text: [file.n_chunks ? plural(file.n_chunks, "passage") : "", notes[file.outcome], ...(file.warnings ?? [])].filter(Boolean).join(" · ") })));

const filesThat = (batch, outcome) => batch.files.filter((file) => outcomeOf(file) === outcome);
const counts = (batch, kinds = ranks) => kinds
  .map((outcome) => [outcome, filesThat(batch, outcome).length]).filter(([, n]) => n)
  .map(([outcome, n]) => `${grouped(n)} ${outcomes[outcome].toLowerCase()}`).join(", ");
const endedOf = (batch) => batch.state === "finished" || batch.state === "failed";
const needsNobody = (batch) => batch.state === "finished" && !filesThat(batch, "held").length && !filesThat(batch, "failed").length;

// Rows that stand below the head of a batch before it is asked for more.
const FEW = 6;
const MORE = 200;
const titleOf = (batch) => {
  const title = { waiting: "Waiting for the files before", running: `${stages[batch.stage] ?? "Reading"} ${batch.name}`.trim(),
    finished: batch.stopped ? `Stopped after ${duration(batch.elapsed)}` : "Finished", failed: "The upload failed" }[batch.state];
  return batch.own || !endedOf(batch) ? title : `${title}${batch.stopped ? "," : ""} ${ago(batch.ended_at)}`;
};
const runningOf = (batch) => {
  const learning = batch.chunks > 0;
  const many = batch.total > 1;
  return [many ? `${batch.done} of ${plural(batch.total, "file")}` : "",
    !learning ? "" : many || batch.chunks_known <= batch.chunks ? plural(batch.chunks, "passage")
      : `${grouped(batch.chunks)} of ${plural(batch.chunks_known, "passage")}`,
    learning && batch.rate ? `${batch.rate.toFixed(batch.rate < 10 ? 1 : 0)} a second` : "",
    batch.remaining !== null ? `about ${duration(batch.remaining)} left` : batch.elapsed >= 1 ? `for ${duration(batch.elapsed)}` : ""];
};
// Of what has ended only what is in the library counts, not what was learnt before the stop.
const endOf = (batch) => {
  const taken = batch.files.filter((file) => file.outcome === "added" || file.outcome === "updated");
  const noted = batch.files.filter((file) => !file.held && file.outcome !== "failed" && file.warnings?.length).length;
  const left = batch.stopped ? batch.total - batch.done : 0;
  const said = counts(batch, ranks.slice(1)) || (filesThat(batch, "held").length ? "" : "nothing was added");
  const time = batch.elapsed && !batch.stopped ? `in ${duration(batch.elapsed)}` : "";
  return [[capital(said), time].filter(Boolean).join(" "), taken.length ? plural(taken.reduce((n, file) => n + file.n_chunks, 0), "passage") : "",
    noted ? `${noted} with a note` : "", left > 0 ? `${plural(left, "file")} left out` : ""];
};
const saidOf = (batch) => (batch.state === "waiting" ? [plural(batch.total, "file")] : endedOf(batch) ? endOf(batch) : runningOf(batch))
  .filter(Boolean).join(" · ");

// What is put away stays so when the page is loaded anew: the server then takes its reader for somebody else, whom the end
// of an upload is told too.
const AWAY = "footnote-put-away";
const MOST_AWAY = 200;
const putAway = () => {
  try {
    const ids = JSON.parse(window.localStorage.getItem(AWAY));
    return Array.isArray(ids) ? ids : [];
  } catch { return []; }
};
const keepAway = (ids) => {
  try { window.localStorage.setItem(AWAY, JSON.stringify([...putAway(), ...ids].slice(-MOST_AWAY))); } catch { /* Then it comes back. */ }
};

// One batch, changed in place while it is read: a node that somebody stands on is never replaced.
const batchView = (send, dismiss) => {
  let batch = null;
  let rows = new Map();
  let unfolded = null;
  let limit = 0;
  const title = el("p", { class: "title" });
  const rate = el("span", { class: "quiet small" });
  // Leads to the decisions, one document after the other.
  const decide = el("button", { type: "button", class: "text-button waits",
    onclick: () => send({ do: "open", id: filesThat(batch, "held")[0].document }) });
  const fold = el("button", { type: "button", class: "text-button fold", onclick: () => { unfolded = !open(); show(batch); } });
  // Not disabled once it is pressed, which would take the focus from it.
  const button = el("button", { type: "button", class: "plain-button",
    onclick: () => {
      if (endedOf(batch)) dismiss([batch.id]);
      else if (!batch.stopped) send({ do: "cancel", id: batch.id });
    } });
  const bar = el("i");
  const track = el("div", { class: "track", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100", "aria-label": "Files read" }, bar);
  const reason = el("p", { class: "reason", role: "alert" });
  const files = el("ul", { class: "files" });
  const more = el("button", { type: "button", class: "text-button more", onclick: () => { limit += MORE; show(batch); } });
  const node = el("section", { "aria-label": "Upload" },
    el("div", { class: "head" }, el("div", { class: "titles" }, title, el("p", { class: "said" }, decide, rate, fold)), button),
    track, reason, files, more);
  // What needs nobody takes one line, and so does what others have uploaded.
  const open = () => unfolded ?? (!endedOf(batch) || (batch.own && !needsNobody(batch)));

  const showFiles = () => {
    const ordered = open() ? [...batch.files].sort((a, b) => urgency(a) - urgency(b)) : [];
    const cut = Math.max(FEW, limit, Math.min(MORE, filesThat(batch, "held").length));
    const shown = new Map();
    for (const file of ordered.slice(0, cut)) {
      let key = JSON.stringify(file);
      while (shown.has(key)) key += " ";
      shown.set(key, rows.get(key) ?? fileRow(file, send));
    }
    rows = shown;
    arrange(files, [...rows.values()]);
    const left = ordered.length - cut;
    setText(more, left > MORE ? `Show ${MORE} of ${grouped(left)} more` : left > 0 ? `Show ${left} more` : "");
    more.hidden = left <= 0;
  };
  const show = (next) => {
    batch = next;
    const nHeld = filesThat(batch, "held").length;
    node.className = `batch ${batch.state}${batch.own ? " own" : ""}${open() ? "" : " folded"}`;
    setText(title, titleOf(batch));
    setText(rate, saidOf(batch));
    setText(decide, nHeld ? `${grouped(nHeld)} held back: decide` : "");
    decide.hidden = !nHeld;
    setText(fold, open() ? "Hide files" : `Show ${plural(batch.files.length, "file")}`);
    fold.setAttribute("aria-expanded", String(open()));
    fold.hidden = !endedOf(batch) || !batch.files.length;
    setText(button, endedOf(batch) ? "Dismiss" : batch.stopped ? "Stopping" : "Stop");
    button.setAttribute("aria-disabled", String(!endedOf(batch) && batch.stopped));
    track.hidden = batch.state !== "running";
    // Before anything is known of how long it takes, the bar only shows that something goes on.
    track.classList.toggle("unknown", !batch.share);
    if (batch.share) track.setAttribute("aria-valuenow", Math.round(batch.share * 100)); else track.removeAttribute("aria-valuenow");
    bar.style.width = batch.share ? `${Math.max(2, batch.share * 100)}%` : "";
    reason.hidden = !batch.failure;
    setText(reason, batch.failure ? `${batch.failure.message} ${batch.failure.hint}` : "");
    showFiles();
  };
  return { node, show };
};

export default element((root, send) => {
  const live = el("div", { class: "hidden", role: "status", "aria-live": "polite" });
  const list = el("div", { class: "batches" });
  let content = null;
  let ended = [];
  let leaving = [];
  const all = el("button", { type: "button", class: "text-button all", text: "Dismiss all",
    onclick: () => dismiss(ended) });
  root.append(live, all, list);
  let shown = new Map();
  let signature = "";
  // What was pressed is gone: the next one of its kind, or what takes the next upload, has the focus.
  const moveOn = () => {
    leaving = [];
    (list.querySelector(".head > .plain-button") ?? document.querySelector('[data-testid="stFileUploaderDropzone"] button'))?.focus();
  };
  const dismiss = (ids) => {
    keepAway(ids);
    leaving = ids;
    send({ do: "dismiss", ids });
    show(content);
  };
  const show = (next) => {
    content = next;
    const away = new Set(putAway());
    // One's own goes once the server has forgotten it, so that others are not told of what seems dismissed.
    const batches = next.batches.filter((batch) => batch.own || !(endedOf(batch) && away.has(batch.id)));
    const text = JSON.stringify(batches);
    if (text === signature) return;
    signature = text;
    // What is going on stands first, then what waits for it, then what has ended, the last one before the others.
    const going = { running: 2, waiting: 1 };
    const ordered = [...batches.filter((batch) => going[batch.state]), ...batches.filter((batch) => !going[batch.state]).reverse()]
      .sort((a, b) => (going[b.state] ?? 0) - (going[a.state] ?? 0));
    shown = new Map(ordered.map((batch) => [batch.id, shown.get(batch.id) ?? batchView(send, dismiss)]));
    for (const batch of ordered) shown.get(batch.id).show(batch);
    arrange(list, [...shown.values()].map((view) => view.node));
    if (leaving.length && !leaving.some((id) => shown.has(id))) moveOn();
    ended = batches.filter(endedOf).map((batch) => batch.id);
    all.hidden = ended.length < 2;
    const done = batches.filter((batch) => batch.state === "finished").at(-1);
    setText(live, done ? `Upload finished: ${counts(done)}` : "");
  };
  // With the last one the list goes too.
  return { show, close() { if (leaving.length) { list.replaceChildren(); moveOn(); } } };
});
