const origins = { dense: "its meaning", lexical: "its words", graph: "connections between documents" };
const join = (words) => words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
// Where the document is read whole, at this passage.
const documentAt = ({ document, version, mark }) =>
  `/library?${new URLSearchParams({ document, version, mark: mark.join("-") })}`;
let preferText = false;
let large = false;

const why = (content) => {
  if (!content.why) return null;
  const { rank, origin, path } = content.why;
  const found = origin.map((name) => origins[name] ?? name);
  return el("details", { class: "why" },
    el("summary", { text: "Why this passage" }),
    el("p", { text: `Number ${rank} of the passages read${found.length ? `, found by ${join(found)}` : ""}.` }),
    path.length ? el("ol", { class: "path", "aria-label": "Path through the connections" },
      ...path.map((step) => el("li", { text: step }))) : null);
};

const picture = async (content, figure, fallback) => {
  const place = `pages/${encodeURIComponent(content.document)}/${encodeURIComponent(content.version)}/${content.page}`;
  const url = new URL(`${place}?start=${content.mark[0]}&end=${content.mark[1]}`, `${window.location.origin}/`);
  try {
    const response = await fetch(url, { credentials: "same-origin" });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.message);
    const image = el("img", { alt: `Page ${content.page} of the document`, width: answer.width, height: answer.height });
    image.src = `data:image/png;base64,${answer.png}`;
    await image.decode();
    const boxes = answer.boxes.map(([left, top, width, height]) => {
      const box = el("span", { class: "box" });
      Object.assign(box.style, { left: `${left}%`, top: `${top}%`, width: `${width}%`, height: `${height}%` });
      return box;
    });
    figure.replaceChildren(el("div", { class: "sheet" }, image, ...boxes));
    figure.classList.add("ready");
    boxes[0]?.scrollIntoView({ block: "center", inline: "center" });
  } catch (problem) {
    fallback(problem.message);
  }
};

export default element((root, send) => {
  let content = null;
  const narrow = () => window.matchMedia("(max-width: 899px)").matches;
  const go = (step) => {
    const index = content.numbers.indexOf(content.n) + step;
    if (index >= 0 && index < content.numbers.length) send({ do: "go", n: content.numbers[index] });
  };
  const keys = (event) => {
    if (typing(event) || !content) return;
    const step = { "[": -1, "]": 1 }[event.key];
    if (step) { event.preventDefault(); go(step); }
    else if (event.key === "Escape") send({ do: "close" });
  };
  document.addEventListener("keydown", keys);

  const render = () => {
    // A page that is drawn in the end may be of a source that has been left since.
    const shown = content;
    const index = content.numbers.indexOf(content.n);
    const word = content.kind === "citation" ? "Source" : "Passage";
    const text = el("div", { class: "text prose" }, ...(content.blocks ? blockNodes(content.blocks) : []));
    const figure = el("figure", { class: "page" }, el("div", { class: "waiting", "aria-hidden": "true" }),
      el("p", { class: "hidden", text: "The page is being drawn." }));
    const problem = el("p", { class: "small quiet problem" });
    const body = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Passage in its surroundings" });
    const tabs = ["Page", "Text"].map((label) => el("button", { type: "button", text: label,
      onclick: () => { preferText = label === "Text"; choose(); } }));
    const zoom = el("button", { type: "button", text: "Larger", onclick: () => { large = !large; choose(); } });
    const choose = () => {
      const asText = preferText || !shown.picture;
      tabs.forEach((tab, i) => tab.setAttribute("aria-pressed", String(asText === (i === 1))));
      zoom.setAttribute("aria-pressed", String(large));
      zoom.hidden = asText;
      figure.classList.toggle("large", large);
      body.replaceChildren(problem, asText ? text : figure);
      const target = asText ? text.querySelector("mark") : figure.querySelector(".box");
      target?.scrollIntoView({ block: "center", inline: "center" });
    };
    const place = (content.headings ?? []).filter((heading) => heading !== content.title);
    root.replaceChildren(el("aside", { class: "panel", "aria-label": `${word} ${content.n}` },
      el("header", {},
        el("div", { class: "bar" },
          el("span", { class: "which", text: `${word} ${content.n}`, }),
          el("span", { class: "quiet small", text: content.numbers.length > 1 ? `${index + 1} of ${content.numbers.length}` : "" }),
          el("span", { class: "space" }),
          el("button", { type: "button", class: "icon", "aria-label": "Previous source", title: "Previous ( [ )", text: "‹",
            disabled: index <= 0, onclick: () => go(-1) }),
          el("button", { type: "button", class: "icon", "aria-label": "Next source", title: "Next ( ] )", text: "›",
            disabled: index >= content.numbers.length - 1, onclick: () => go(1) }),
          el("button", { type: "button", class: "icon close", "aria-label": "Close source", title: "Close (Esc)", text: "×",
            onclick: () => send({ do: "close" }) })),
        el("h2", { class: titleClass(content.title), text: content.title }),
        place.length ? el("p", { class: "place", text: place.join(" › ") }) : null,
        el("div", { class: "meta" },
          el("span", { class: "quiet", text: [content.name, content.page ? `${pageWord(content.media_type)} ${content.page}` : ""].filter(Boolean).join(" · ") }),
          content.picture ? el("span", { class: "tabs", role: "group", "aria-label": "Show the passage as" }, ...tabs, zoom) : null),
        content.superseded ? el("p", { class: "superseded", text: "This is an earlier version of the document." }) : null),
      body,
      el("footer", {}, why(content),
        content.document ? viewLink(documentAt(content), { class: "text-button", text: "Open document" }) : null)));
    if (content.message) {
      body.append(el("div", { class: "gone", role: "alert" }, el("p", { text: content.message }), el("p", { class: "quiet", text: content.hint })));
      return;
    }
    choose();
    if (content.picture)
      picture(content, figure, (message) => {
        problem.textContent = `The page cannot be drawn (${message}); this is its text.`;
        shown.picture = false;
        choose();
      });
    if (narrow()) root.querySelector(".close").focus();
  };

  let signature = "";
  return {
    show(next) {
      const text = JSON.stringify(next);
      if (text === signature) return;
      signature = text;
      content = { ...next };
      keepingFocus(root, render);
    },
    close() { document.removeEventListener("keydown", keys); },
  };
});
