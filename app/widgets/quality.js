const SVG = "http://www.w3.org/2000/svg";
const draw = (tag, props = {}, ...children) => {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
};

const SIZE = { width: 520, height: 258, left: 58, top: 34, right: 26, bottom: 48 };
const x = (share) => SIZE.left + share * (SIZE.width - SIZE.left - SIZE.right);
const y = (share) => SIZE.top + (1 - share) * (SIZE.height - SIZE.top - SIZE.bottom);
const percent = (share) => `${Math.round(100 * share)} %`;
const number = (bar) => Number(bar).toFixed(2);

// What of the calibration questions a bar lets through; above the last one nothing is.
const effect = (content, bar) => {
  const row = content.bars.findLast((each) => each.bar <= bar + 1e-9) ?? content.bars[0];
  const beyond = bar > content.bars.at(-1).bar + 1e-9;
  return beyond ? { shown: 0, right: 0, answerable: 0 } : row;
};

const plot = (content) => {
  const coverage = (row) => row.answerable / content.answerable;
  const points = content.bars.map((row) => `${x(coverage(row))},${y(row.right / row.shown)}`).join(" ");
  const grid = [0, .25, .5, .75, 1].flatMap((tick) => {
    const across = draw("text", { x: SIZE.left - 8, y: y(tick) + 4, "text-anchor": "end" });
    const below = draw("text", { x: x(tick), y: y(0) + 19, "text-anchor": "middle" });
    across.textContent = percent(tick);
    below.textContent = percent(tick);
    return [draw("line", { class: "grid", x1: x(0), x2: x(1), y1: y(tick), y2: y(tick) }), across, below];
  });
  const under = draw("text", { x: x(.5), y: SIZE.height - 5, "text-anchor": "middle" });
  under.textContent = "answerable questions that are answered";
  const over = draw("text", { x: 0, y: 13 });
  over.textContent = "right, of the answers shown";
  const mark = draw("circle", { class: "mark", r: 7 });
  const node = draw("svg", { viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, "aria-hidden": "true" },
    ...grid, under, over, draw("polyline", { class: "curve", points }), mark);
  return { node, move: (row) => {
    mark.style.display = row.shown ? "" : "none";
    mark.setAttribute("cx", x(coverage(row)));
    mark.setAttribute("cy", y(row.shown ? row.right / row.shown : 0));
  } };
};

const bandRow = (band) => el("tr", {},
  el("td", { class: "n", text: `${number(band.start)} to ${number(band.end)}` }),
  el("td", { class: "n", text: grouped(band.n) }),
  el("td", { class: "share" }, el("span", { class: "track", "aria-hidden": "true" },
    el("span", { class: "fill", style: `width: ${100 * band.right / band.n}%` })), el("span", { class: "n", text: percent(band.right / band.n) })),
  el("td", { class: "told", text: band.words }));

const source = (content) => {
  const sets = content.sets.map((each) => each.name).join(", ");
  const whose = content.own ? "fitted here" : "that comes with Footnote";
  return `The calibration ${whose} (${content.version}) rests on ${plural(content.questions, "question")} whose right answers are known` +
    `${sets ? `: ${sets}` : ""}. Your documents may be easier or harder: judge answers, then run `;
};

export default element((root, send) => {
  let content = null;
  let signature = "";

  const told = (bar) => {
    const row = effect(content, bar);
    if (!row.shown) return [el("strong", { text: "Nothing would be answered." })];
    return [
      el("strong", { text: `${percent(row.right / row.shown)} of the answers right, ${percent(row.answerable / content.answerable)} of the answerable answered` }),
      el("span", { class: "quiet", text: `Of ${plural(content.questions, "calibration question")}, ${grouped(content.answerable)} of them answerable: ` +
        `${plural(row.shown, "answer")} shown, ${grouped(row.right)} right, ${grouped(row.shown - row.right)} wrong.` })];
  };

  const chooser = () => {
    const { node, move } = plot(content);
    const words = el("p", { class: "effect", "aria-live": "polite" });
    const value = el("output", { class: "value", for: "fn-bar" });
    const range = el("input", { type: "range", id: "fn-bar", min: 0, max: 1, step: .01, value: content.bar, disabled: !content.may_set });
    const save = el("button", { type: "button", class: "plain-button", text: "Set this bar",
      onclick: () => send({ do: "set_bar", bar: Number(range.value) }) });
    const back = el("button", { type: "button", class: "text-button", text: "Back to the bar in use",
      onclick: () => { range.value = content.bar; update(); range.focus(); } });
    const used = el("span", { class: "quiet small", text: "This bar is in use." });
    const update = () => {
      const bar = Number(range.value);
      const changed = Math.abs(bar - content.bar) >= .005;
      value.textContent = number(changed ? bar : content.bar);
      words.replaceChildren(...told(changed ? bar : content.bar));
      move(effect(content, changed ? bar : content.bar));
      save.disabled = !changed;
      back.hidden = !changed;
      used.hidden = changed;
    };
    range.addEventListener("input", update);
    update();
    return el("section", { class: "card bar" },
      el("h2", { text: "The bar" }),
      el("p", { class: "quiet small", text: "Below this confidence no answer is given. A higher bar shows fewer answers, and fewer wrong ones." }),
      el("div", { class: "set" },
        el("div", { class: "dial" },
          el("label", { for: "fn-bar" }, "Least confidence ", value), range,
          el("div", { class: "ends quiet small", "aria-hidden": "true" }, el("span", { text: "answer more" }), el("span", { text: "be surer" })),
          words,
          content.may_set
            ? el("div", { class: "actions" }, save, back, used)
            : el("p", { class: "quiet small", text: "Only the owner may set it." }),
          el("p", { class: "quiet small", text: content.from_policy
            ? "It stands in policy.toml, with who set it and when; the hash of that file is in every receipt."
            : "It is the one of the settings. What is set here goes into policy.toml, whose hash is in every receipt." })),
        el("div", { class: "plot" }, node)));
  };

  const render = () => {
    const rests = el("p", { class: "quiet small source" }, source(content), el("code", { text: "footnote calibrate" }), ".");
    if (!content.bars.length) {
      root.replaceChildren(el("p", { class: "lead", text: `The bar is ${number(content.bar)}. The calibration in use names no questions, so nothing can be said of other bars.` }));
      return;
    }
    root.replaceChildren(chooser(),
      el("section", { class: "card" },
        el("h2", { text: "How true the confidence is" }),
        el("div", { class: "table" }, el("table", {},
          el("thead", {}, el("tr", {}, ...["Confidence", "Answers", "Right", "Said on the screen"].map((text) => el("th", { text })))),
          el("tbody", {}, ...content.bands.map(bandRow)))),
        rests),
      el("section", { class: "card" },
        el("h2", { text: "What counts most" }),
        el("ul", { class: "signals" }, ...content.signals.map((signal) =>
          el("li", {}, el("span", { class: signal.raises ? "up" : "down", text: signal.raises ? "raises" : "lowers" }), el("span", { text: signal.words }))))));
  };

  toTop(root);
  return { show(next) {
    const text = JSON.stringify(next);
    if (text === signature) return;
    signature = text;
    content = next;
    const within = root.contains(root.getRootNode().activeElement);
    render();
    if (within) root.querySelector("#fn-bar")?.focus({ preventScroll: true });
  } };
});
