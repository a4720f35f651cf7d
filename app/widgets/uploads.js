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
const batchNode = (batch, send) => {
  const share = batch.total ? batch.done / batch.total : 0;
  const live = batch.state === "running";
  const title = { waiting: "Waiting for the files before", running: `${stages[batch.stage] ?? "Reading"} ${batch.name}`.trim(),
    finished: batch.stopped ? "Stopped" : "Finished", failed: "The upload failed" }[batch.state];
  const rate = [live ? `${batch.done} of ${plural(batch.total, "file")}` : "", batch.chunks ? plural(batch.chunks, "passage") : "",
    live && batch.rate ? `${batch.rate.toFixed(batch.rate < 10 ? 1 : 0)} a second` : "",
    live && batch.remaining !== null ? `about ${duration(batch.remaining)} left` : "",
    !live && batch.state !== "waiting" ? `${counts(batch)}${batch.elapsed ? ` in ${duration(batch.elapsed)}` : ""}` : ""].filter(Boolean).join(" · ");
  const ordered = [...batch.files].sort((a, b) => urgency(b) - urgency(a));
  return el("section", { class: `batch ${batch.state}`, "aria-label": "Upload" },
    el("div", { class: "head" },
      el("div", { class: "titles" }, el("p", { class: "title", text: title }), el("p", { class: "quiet small", text: rate })),
      live || batch.state === "waiting"
        ? el("button", { type: "button", class: "plain-button", text: batch.stopped ? "Stopping" : "Stop", disabled: batch.stopped, onclick: () => send({ do: "cancel", id: batch.id }) })
        : el("button", { type: "button", class: "plain-button", text: "Dismiss", onclick: () => send({ do: "dismiss", id: batch.id }) })),
    live ? el("div", { class: "track", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": Math.round(share * 100), "aria-label": "Files read" },
      el("i", { style: `width:${Math.max(2, share * 100)}%` })) : null,
    batch.failure ? el("p", { class: "reason", role: "alert", text: `${batch.failure.message} ${batch.failure.hint}` }) : null,
    el("ul", { class: "files" }, ...ordered.slice(0, SHOWN).map((file) => fileRow(file, send))),
    ordered.length > SHOWN ? el("p", { class: "quiet small", text: `and ${ordered.length - SHOWN} more` }) : null);
};

export default element((root, send) => {
  const live = el("div", { class: "hidden", role: "status", "aria-live": "polite" });
  const list = el("div", { class: "batches" });
  root.append(live, list);
  let signature = "";
  return { show(next) {
    const text = JSON.stringify(next);
    if (text === signature) return;
    signature = text;
    // What is going on stands first, then what waits for it, then what has ended, the last one before the others.
    const going = { running: 2, waiting: 1 };
    const ordered = [...next.batches.filter((batch) => going[batch.state]), ...next.batches.filter((batch) => !going[batch.state]).reverse()]
      .sort((a, b) => (going[b.state] ?? 0) - (going[a.state] ?? 0));
    list.replaceChildren(...ordered.map((batch) => batchNode(batch, send)));
    const done = next.batches.filter((batch) => batch.state === "finished").at(-1);
    live.textContent = done ? `Upload finished: ${counts(done)}` : "";
  } };
});
