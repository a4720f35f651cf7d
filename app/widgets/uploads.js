const outcomes = { added: "Added", updated: "Updated", unchanged: "Unchanged", failed: "Not read", held: "Held back" };
const stages = { scanning: "Looking through the files", reading: "Reading", embedding: "Learning", finished: "Finished" };

// What needs a person stands first: files that were not read, then passages that wait for a decision.
const urgency = (file) => (file.outcome === "failed" ? 2 : file.held ? 1 : 0);
const fileRow = (file, send) =>
  el("li", { class: file.held ? "held" : file.outcome },
    el("span", { class: "outcome", text: outcomes[file.held ? "held" : file.outcome] }),
    el("div", { class: "file" },
      file.held
        ? el("button", { type: "button", class: "text-button decide", text: "Open and decide", "aria-label": `Open ${file.name} and decide`,
            onclick: () => send({ do: "open", id: file.document }) }) : null,
      el("span", { class: "name", text: file.name }),
      file.outcome === "failed"
        ? el("span", { class: "reason" }, el("span", { text: file.reason ?? "" }), file.hint ? el("span", { class: "quiet", text: ` ${file.hint}` }) : null)
        : el("span", { class: "quiet note", text: [file.n_chunks ? plural(file.n_chunks, "passage") : "", ...(file.warnings ?? [])].filter(Boolean).join(" · ") })));

const counts = (batch) => ["added", "updated", "unchanged", "failed"]
  .map((outcome) => [outcome, batch.files.filter((file) => file.outcome === outcome).length])
  .concat([["held", batch.files.filter((file) => file.held).length]])
  .filter(([, n]) => n)
  .map(([outcome, n]) => `${n.toLocaleString("en")} ${outcomes[outcome].toLowerCase()}`).join(", ");

const SHOWN = 200;
const titleOf = (batch) => ({ waiting: "Waiting for the files before", running: `${stages[batch.stage] ?? "Reading"} ${batch.name}`.trim(),
  finished: batch.stopped ? "Stopped" : "Finished", failed: "The upload failed" }[batch.state]);
const rateOf = (batch) => (batch.state === "running"
  ? [`${batch.done} of ${plural(batch.total, "file")}`, batch.chunks ? plural(batch.chunks, "passage") : "",
    batch.rate ? `${batch.rate.toFixed(batch.rate < 10 ? 1 : 0)} a second` : "",
    batch.remaining !== null ? `about ${duration(batch.remaining)} left` : ""]
  : [batch.chunks ? plural(batch.chunks, "passage") : "",
    batch.state !== "waiting" ? `${counts(batch)}${batch.elapsed ? ` in ${duration(batch.elapsed)}` : ""}` : ""]).filter(Boolean).join(" · ");

// One batch, changed in place while it is read: a node that somebody stands on is never replaced.
const batchView = (send) => {
  let batch = null;
  let rows = new Map();
  const title = el("p", { class: "title" });
  const rate = el("p", { class: "quiet small" });
  const ended = () => batch.state === "finished" || batch.state === "failed";
  // Not disabled once it is pressed, which would take the focus from it.
  const button = el("button", { type: "button", class: "plain-button",
    onclick: () => { if (ended() || !batch.stopped) send({ do: ended() ? "dismiss" : "cancel", id: batch.id }); } });
  const bar = el("i");
  const track = el("div", { class: "track", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100", "aria-label": "Files read" }, bar);
  const reason = el("p", { class: "reason", role: "alert" });
  const files = el("ul", { class: "files" });
  const more = el("p", { class: "quiet small" });
  const node = el("section", { "aria-label": "Upload" },
    el("div", { class: "head" }, el("div", { class: "titles" }, title, rate), button), track, reason, files, more);

  const showFiles = () => {
    const ordered = [...batch.files].sort((a, b) => urgency(b) - urgency(a));
    const shown = new Map();
    for (const file of ordered.slice(0, SHOWN)) {
      let key = JSON.stringify(file);
      while (shown.has(key)) key += " ";
      shown.set(key, rows.get(key) ?? fileRow(file, send));
    }
    rows = shown;
    arrange(files, [...rows.values()]);
    setText(more, ordered.length > SHOWN ? `and ${ordered.length - SHOWN} more` : "");
    more.hidden = ordered.length <= SHOWN;
  };
  const show = (next) => {
    batch = next;
    const share = batch.total ? batch.done / batch.total : 0;
    node.className = `batch ${batch.state}`;
    setText(title, titleOf(batch));
    setText(rate, rateOf(batch));
    setText(button, ended() ? "Dismiss" : batch.stopped ? "Stopping" : "Stop");
    button.setAttribute("aria-disabled", String(!ended() && batch.stopped));
    track.hidden = batch.state !== "running";
    track.setAttribute("aria-valuenow", Math.round(share * 100));
    bar.style.width = `${Math.max(2, share * 100)}%`;
    reason.hidden = !batch.failure;
    setText(reason, batch.failure ? `${batch.failure.message} ${batch.failure.hint}` : "");
    showFiles();
  };
  return { node, show };
};

export default element((root, send) => {
  const live = el("div", { class: "hidden", role: "status", "aria-live": "polite" });
  const list = el("div", { class: "batches" });
  root.append(live, list);
  let shown = new Map();
  let signature = "";
  return { show(next) {
    const text = JSON.stringify(next);
    if (text === signature) return;
    signature = text;
    // What is going on stands first, then what waits for it, then what has ended, the last one before the others.
    const going = { running: 2, waiting: 1 };
    const ordered = [...next.batches.filter((batch) => going[batch.state]), ...next.batches.filter((batch) => !going[batch.state]).reverse()]
      .sort((a, b) => (going[b.state] ?? 0) - (going[a.state] ?? 0));
    shown = new Map(ordered.map((batch) => [batch.id, shown.get(batch.id) ?? batchView(send)]));
    for (const batch of ordered) shown.get(batch.id).show(batch);
    arrange(list, [...shown.values()].map((view) => view.node));
    const done = next.batches.filter((batch) => batch.state === "finished").at(-1);
    setText(live, done ? `Upload finished: ${counts(done)}` : "");
  } };
});
