// How sure an answer is, in words and bars.
const levels = {
  high: ["High confidence", 3],
  medium: ["Medium confidence", 2],
  low: ["Low confidence: read the source first", 1],
};

const meter = (turn) => {
  const { level, words: told } = turn.confidence;
  const [words, bars] = levels[level] ?? ["Confidence unknown", 0];
  return el("span", { class: `confidence ${level}` },
    el("span", { class: "bars", "aria-hidden": "true" },
      ...[1, 2, 3].map((bar) => el("i", { class: bar <= bars ? "on" : null }))),
    el("span", { class: "words", text: words }),
    told ? el("span", { class: "quiet", text: told }) : null);
};

// How often answers alike were right says nothing of one whose sources have changed.
const outOfDate = () =>
  el("span", { class: "confidence outdated" },
    el("span", { class: "words", text: "Out of date" }),
    el("span", { class: "quiet", text: "Its sources no longer say this in these words." }));
