// How far a question is that is being answered.
const stages = ["understand", "retrieve", "enrich", "rerank", "generate", "guard", "answer"];
const stageWords = {
  understand: "Reading the question",
  retrieve: "Searching the documents",
  enrich: "Following connections",
  rerank: "Comparing passages",
  generate: "Finding the words",
  guard: "Checking every sentence",
  answer: "Keeping the receipt",
};

const stageTrack = () => {
  const bar = el("i", {});
  const words = el("span", {});
  const node = el("p", { class: "stage" }, el("span", { class: "track", "aria-hidden": "true" }, bar), words);
  const show = (stage, told = stageWords[stage] ?? "") => {
    setText(words, told);
    bar.style.width = `${((stages.indexOf(stage) + 1) / (stages.length + 1)) * 100}%`;
  };
  return { node, show };
};
