// Saying whether an answer was right, and what would have been: the quiet row under an answer, and the form that
// it shares with the list of judged questions.

const SVG = "http://www.w3.org/2000/svg";
const thumb = (down) => {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 24 24", "aria-hidden": "true", class: down ? "thumb down" : "thumb" }))
    svg.setAttribute(name, value);
  for (const d of ["M3 10.5h4V21H3z", "M7 11.5 11 3c1.8 0 3.2 1.4 2.9 3.3L13.2 10H19a2 2 0 0 1 2 2.4l-1.5 7A2 2 0 0 1 17.5 21H7z"]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
};

const judgeWords = (refused) => refused
  ? { ask: "Was it right not to answer?", right: "Right to refuse", wrong: "Should have answered" }
  : { ask: "Was this answer right?", right: "Right", wrong: "Wrong" };

// Both stay in one line, below what is asked where a screen is narrow. The second press of a double click takes nothing back.
const verdictButtons = (refused, current, choose) =>
  el("span", { class: "both" }, ...["right", "wrong"].map((verdict) =>
    el("button", { type: "button", class: `verdict ${verdict}`, "aria-pressed": String(current === verdict),
      onclick: ({ detail }) => { if (detail < 2) choose(verdict); } },
      thumb(verdict === "wrong"), el("span", { text: judgeWords(refused)[verdict] }))));

// One choice of several: a passage, or a line.
const judgeChoice = (name, value, { checked, disabled = false }, ...content) =>
  el("label", { class: "choice" }, el("input", { type: "radio", name, value, checked, disabled }), el("span", { class: "what" }, ...content));

const passageChoice = (name, passage, n, checked) =>
  judgeChoice(name, n, { checked: checked && !passage.gone, disabled: passage.gone },
    el("span", { class: "title", text: passage.title }),
    passage.place ? el("span", { class: "place quiet", text: passage.place }) : null,
    el("span", { class: "snippet quiet", text: passage.text }));

let judgeForms = 0;

// What would have been right. `value` is { answerable, expected, passage, question? }; a question is asked for only
// where the value has one. `save` gets the same shape, and so does `typed` at every change. Only a wrong answer may be wrong for want of any answer.
const judgeForm = ({ refused, passages, value, verdict, save, cancel, typed = () => {} }) => {
  const id = `judge-${(judgeForms += 1)}`;
  const right = verdict === "right";
  const field = (name, text, label, more = {}) => {
    const input = el("textarea", { id: `${id}-${name}`, name, rows: 1, maxlength: 2000, ...more });
    input.value = text;
    input.addEventListener("input", () => grow(input));
    return { input, nodes: [el("label", { class: "name", for: input.id, text: label }), input] };
  };
  const grow = (input) => { input.style.height = "auto"; if (input.scrollHeight) input.style.height = `${input.scrollHeight + 2}px`; };
  const question = "question" in value ? field("question", value.question, "The question, standing alone") : null;
  const expected = field("expected", value.expected, right ? "The right answer in fewer words" : "What would have been right?",
    { placeholder: right ? "As it was answered" : "A few words are enough" });
  const chosen = value.answerable ? value.passage : -1;
  const choices = el("fieldset", { class: "choices-of" },
    el("legend", { text: "Which passage answers it?" }),
    el("div", { class: "list" },
      ...passages.map((passage, index) => passageChoice(id, passage, index + 1, chosen === index + 1)),
      judgeChoice(id, 0, { checked: chosen === 0 }, el("span", { text: right ? "What the answer cites" : passages.length ? "None that is shown here" : "None was shown" })),
      right || refused ? null : judgeChoice(id, -1, { checked: chosen === -1 }, el("span", { text: "The documents do not answer this" }))));
  const draft = () => {
    const n = Number(choices.querySelector("input:checked")?.value ?? 0);
    const said = { answerable: n >= 0, expected: expected.input.value, passage: Math.max(n, 0) };
    return question ? { ...said, question: question.input.value } : said;
  };
  const read = () => {
    const said = draft();
    const kept = { ...said, expected: said.answerable ? said.expected.trim() : "" };
    return question ? { ...kept, question: said.question.trim() } : kept;
  };
  const follow = () => { expected.input.disabled = !read().answerable; };
  choices.addEventListener("change", follow);
  follow();
  const form = el("form", { class: "judge-form", onsubmit: (event) => { event.preventDefault(); save(read()); } },
    ...(question?.nodes ?? []),
    ...(right && refused ? [] : [...expected.nodes, choices]),
    el("div", { class: "buttons" },
      el("button", { type: "submit", class: "plain-button primary", text: "Save" }),
      el("button", { type: "button", class: "plain-button", text: "Cancel", onclick: cancel })));
  form.addEventListener("input", () => typed(draft()));
  form.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") { event.stopPropagation(); cancel(); }
    else if (event.key === "Enter" && event.target.tagName === "TEXTAREA" && !event.shiftKey) {
      event.preventDefault();
      save(read());
    }
  });
  form.ready = ({ focus = false, reveal = focus } = {}) => {
    for (const each of [question, expected]) if (each?.input.isConnected) grow(each.input);
    if (focus) (question ?? expected).input.focus({ preventScroll: true });
    if (reveal) form.scrollIntoView({ block: "nearest", behavior: "smooth" });
  };
  return form;
};

const sameJudgement = (one, other) => one === other
  || (one && other && ["verdict", "answerable", "expected", "passage"].every((name) => one[name] === other[name]));

// While a form is open, page.css takes the question field of a narrow screen away: it would lie over the form.
const tellPage = (node) => {
  const page = node.getRootNode();
  page.host?.toggleAttribute("data-form", Boolean(page.querySelector(".judge-form")));
};

// The row under one answer. It keeps its own state, so that nothing typed is lost when the page runs again.
const judgeRow = (turn, judgement, send) => {
  const refused = !turn.statements.length;
  const node = el("div", { class: "judge", role: "group", "aria-label": judgeWords(refused).ask });
  const said = el("p", { class: "hidden", role: "status", "aria-live": "polite" });
  let value = judgement ?? null;
  let open = false;
  const tell = (verdict, more = {}) => {
    value = verdict === "withdrawn" ? null : { answerable: !(refused && verdict === "right"), expected: "", passage: 0, ...more, verdict };
    send({ do: "judge", receipt: turn.id, verdict, answerable: value?.answerable ?? null, expected: value?.expected ?? "", passage: value?.passage ?? 0 });
  };
  // Without scrolling, which would end the way to the form before it has begun.
  const focus = (selector) => node.querySelector(selector)?.focus({ preventScroll: true });
  const choose = (verdict) => {
    const again = value?.verdict === verdict;
    open = verdict === "wrong" && !again;
    tell(again ? "withdrawn" : verdict);
    said.textContent = again ? "Taken back." : "Saved.";
    draw();
    focus(`.verdict.${verdict}`);
  };
  const close = () => { open = false; draw(); focus(".say, .verdict.wrong"); };
  const summary = () => {
    if (!value?.answerable) return "The documents do not answer this.";
    const passage = turn.passages[value.passage - 1];
    return [value.expected ? `“${value.expected}”` : "", passage ? passage.title : ""].filter(Boolean).join(" · ");
  };
  const draw = () => {
    const wrong = value?.verdict === "wrong";
    const told = wrong && (value.expected || value.passage || !value.answerable);
    // One that was chosen in the list of questions may stand further down.
    const nearby = Math.max(6, value?.passage ?? 0);
    const form = open
      ? judgeForm({ refused, passages: turn.passages.slice(0, nearby), value, verdict: "wrong", cancel: close,
          save: (more) => { tell("wrong", more); said.textContent = "Saved."; close(); } })
      : null;
    node.replaceChildren(...[
      el("div", { class: "line" },
        el("span", { class: "quiet asked", text: judgeWords(refused).ask }),
        verdictButtons(refused, value?.verdict, choose),
        wrong && !open ? el("button", { type: "button", class: "text-button say", text: told ? "Change" : "Say what is right",
          onclick: () => { open = true; draw(); node.querySelector("form").ready({ focus: true }); } }) : null),
      // The verdict counts from the click on; leaving the form takes nothing back.
      open ? el("p", { class: "noted quiet", text: "Noted. To say what is right is optional." }) : null,
      told && !open ? el("p", { class: "told quiet" }, el("span", { text: "Right would be: " }), el("span", { text: summary() })) : null,
      form, said].filter(Boolean));
    tellPage(node);
    form?.ready({ reveal: true });
  };
  draw();
  return {
    node,
    show(next) {
      if (open || sameJudgement(next ?? null, value)) return;
      value = next ?? null;
      said.textContent = "";
      draw();
    },
  };
};
