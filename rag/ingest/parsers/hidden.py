"""Text that a reader does not see, or sees struck out: taken out of what is read, and kept as blocks that say how."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from lxml import etree

from rag.ingest.parsers.elements import Element, parse_html, visible_text
from rag.ingest.parsers.hidden_colours import colour_hides, may_be_seen
from rag.safety.orders import broken_rules
from rag.sentences import sentence_spans
from rag.types import RawBlock

MAX_HIDDEN = 20_000
"""Characters of hidden text that are kept of one file; the rest is dropped, as all of it is from searches."""

STRUCK_OUT = "is struck out"
"""How text is marked that no longer holds; a reader sees it, but not as something that is said."""

STRIKING = frozenset({"s", "strike", "del"})
"""Elements of HTML whose text is struck out."""

_FOLDED, _CUT_OFF = "is not displayed", "is cut off whole"
_TINY, _COLOURED = "is too small to be read", "has the colour of its background"
# What is shown by a click, or read out to whoever cannot see the page.
_FOR_SOME = frozenset({_FOLDED, _CUT_OFF})
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_COMMENT = re.compile(r"<!--(?!\[if|\[endif|>)(.*?)-->", re.DOTALL)
_OPENED = re.compile(r"<!--(?!\[if|\[endif|-?>)(.*)", re.DOTALL)
# What has no end goes to the end of the page, or of the sheet.
_SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_MEDIA = re.compile(r"@[\w-]+[^{;]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}|/\*.*?(?:\*/|\Z)", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"([a-zA-Z][\w-]*)?(?:([.#])([\w-]+))?$")
_WAYS = (
    (_FOLDED, re.compile(r"display\s*:\s*none", re.IGNORECASE)),
    (
        "is set to be invisible",
        re.compile(
            r"visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0*(?:\.0\d*)?%?\s*(?:;|!|$)"
            r"|transform\s*:[^;]*\bscale[XY]?\(\s*0*(?:\.0\d*)?\s*[,)]",
            re.IGNORECASE,
        ),
    ),
    (
        _TINY,
        re.compile(
            r"font-size\s*:\s*(?:0+(?:\.0+)?(?:px|pt|em|rem|%)?|[01](?:\.\d+)?(?:px|pt)|0?\.[01]\d*(?:em|rem)|1?\d%)"
            r"\s*(?:;|!|$)|(?<![\w-])font\s*:\s*(?:[a-z]+\s+)*[01](?:\.\d+)?(?:px|pt)?\s*(?:/|\s)",
            re.IGNORECASE,
        ),
    ),
    (
        "stands outside the page",
        # Margins of some hundred points go with a padding or a width that takes them back.
        re.compile(
            r"(?<![\w-])(?:(?:left|right|top|bottom|text-indent)\s*:\s*-\d{3,}(?:px|em|rem|pt|%)"
            r"|margin-(?:left|top)\s*:\s*-(?:\d{3,}r?em|\d{4,}(?:px|pt|%))"
            r"|transform\s*:[^;]*\btranslate(?:[XY]|3d)?\([^;)]*-\d{4,}(?:px|pt))",
            re.IGNORECASE,
        ),
    ),
    (
        _CUT_OFF,
        re.compile(
            r"clip\s*:\s*rect\((?:\s*[01](?:px)?\s*,?){4}\s*\)|clip-path\s*:\s*(?:inset\(\s*(?:[5-9]\d|100)%|circle\(\s*0)"
            r"|^(?=.*overflow(?:-[xy])?\s*:\s*hidden).*(?<![\w-])(?:max-)?(?:height|width)\s*:\s*0(?:px|pt|r?em|%)?\s*(?:;|!|$)",
            re.IGNORECASE | re.DOTALL,
        ),
    ),
    (_COLOURED, re.compile(r"(?<![\w-])color\s*:\s*transparent", re.IGNORECASE)),
    (STRUCK_OUT, re.compile(r"text-decoration(?:-line)?\s*:[^;]*\bline-through\b", re.IGNORECASE)),
)
_WORD = re.compile(r"[^\W\d_]{2,}")
# A size of its own, whatever that of what it stands in.
_SIZE = re.compile(
    r"(?<![\w-])font(?:-size)?\s*:[^;]*?(?:[\d.](?:px|pt|pc|rem|cm|mm|in|vw|vh)\b|small|medium|large)", re.IGNORECASE
)


def take_hidden(root: Element) -> list[RawBlock]:
    """Remove elements that a reader does not see, or sees struck out, and return their text.

    Read are ``hidden``, the elements that strike out, inline styles, and simple rules (an element, a class or an id) of
    style sheets in the page. What a style sheet does not display or cuts off, and what a control of the page names as
    its own, may be opened by a click or read out, so it is taken only where it gives orders.
    """
    rules, opened = _style_rules(root), _opened(root)
    inside = (e for e in root.iter(etree.Element) if e.tag not in {"html", "body"} and e.getparent() is not None)
    found = [(e, how) for e in inside if (how := _how(e, rules)) and not _unfolds(e, how, opened)]
    gone: set[Element] = set()
    blocks: list[RawBlock] = []
    for element, how in found:
        if any(ancestor in gone for ancestor in element.iterancestors()):
            continue
        if seen := _seen_within(element, how):
            blocks += hidden_blocks(_take_text(element, seen), how)
        else:
            blocks += hidden_blocks(visible_text(element), how)
            gone.add(element)
    for element in gone:
        element.drop_tree()
    return blocks


def comments(text: str) -> list[RawBlock]:
    """Return the comments of HTML that hold words; one without an end goes to the end of the text."""
    bare = _SCRIPT.sub("", text)
    # Behind the last end none begins; looking for one from every start would take for ever.
    end = bare.rfind("-->") + 3 if "-->" in bare else 0
    found = [match[1] for match in _COMMENT.finditer(bare[:end])]
    if opened := _OPENED.search(bare, end):
        # Not within a tag, as in the value of an attribute.
        found += [opened[1]] if "<" not in bare[bare.rfind(">", 0, opened.start()) + 1 : opened.start()] else []
    return [block for words in found for block in hidden_blocks(words, "stands in a comment")]


def hidden_warning(blocks: Sequence[RawBlock]) -> tuple[str, ...]:
    """Return the sentences that tell of text left out as hidden: all of it, before `limited` cuts it."""
    n_struck = sum(len(block.text) for block in blocks if block.hidden == STRUCK_OUT)
    n_hidden = sum(len(block.text) for block in blocks) - n_struck
    told = ((n_hidden, "that the file hides from its readers"), (n_struck, "that are struck out"))
    return tuple(f"{n:,} characters {which} were left out." for n, which in told if n)


def hidden_blocks(text: str, how: str) -> list[RawBlock]:
    """Return hidden text as a block, where it holds words; of what is struck out, numbers are kept too."""
    flat = " ".join(text.split())
    is_kept = _WORD.search(flat) or (how == STRUCK_OUT and flat)
    return [RawBlock("paragraph", flat, hidden=how)] if is_kept else []


def limited(blocks: Sequence[RawBlock]) -> list[RawBlock]:
    """Return the first `MAX_HIDDEN` characters of hidden blocks; the last one is cut."""
    kept: list[RawBlock] = []
    room = MAX_HIDDEN
    for block in blocks:
        if room <= 0:
            break
        kept.append(replace(block, text=block.text[:room]))
        room -= len(block.text)
    return kept


def how_hidden(tag: str) -> str:
    """Return how a start tag alone hides what stands behind it; empty where it does not."""
    root = parse_html(tag)
    return (
        next((how for element in root.iter(etree.Element) if (how := _how(element, ()))), "")
        if root is not None
        else ""
    )


def _how(element: Element, rules: Sequence[tuple[Callable[[Element], bool], str]]) -> str:
    if element.get("hidden") is not None:
        return _FOLDED
    style = _CSS_COMMENT.sub("", element.get("style") or "")
    if style and (how := _way(style)):
        return how
    if colour_hides(element):
        return _COLOURED
    for matches, how in rules:
        if matches(element) and (how not in _FOR_SOME or _orders(visible_text(element))):
            return how
    return STRUCK_OUT if element.tag in STRIKING else ""


def _seen_within(element: Element, how: str) -> set[Element]:
    """Return the outermost elements in one that hides its text which say otherwise of theirs: size and colour pass on.

    Those of templates for mails stand in cells without a size.
    """
    says_otherwise = {_TINY: _has_size, _COLOURED: may_be_seen}.get(how)
    if says_otherwise is None:
        return set()
    found: set[Element] = set()
    for inner in element.iterdescendants(etree.Element):
        if says_otherwise(inner) and not any(around in found for around in inner.iterancestors()):
            found.add(inner)
    return found


def _has_size(element: Element) -> bool:
    style = element.get("style") or ""
    return bool(_SIZE.search(style)) and _way(style) != _TINY


def _take_text(element: Element, seen: set[Element]) -> str:
    """Remove the text of an element, but for that of some elements in it, and return it."""
    taken = [element.text or ""]
    element.text = None
    for inner in element:
        if inner not in seen and isinstance(inner.tag, str):
            taken.append(_take_text(inner, seen))
        taken.append(inner.tail or "")
        inner.tail = None
    return " ".join(taken)


def _opened(root: Element) -> set[str]:
    """Return the ids of the elements that controls of a page show, as the answers of questions."""
    named: list[str] = []
    for control in root.iter(etree.Element):
        named += (control.get(name) or "" for name in ("aria-controls", "data-target", "data-bs-target"))
        if control.get("data-toggle") or control.get("data-bs-toggle"):
            named.append(control.get("href") or "")
    return {name.removeprefix("#") for names in named for name in names.split()}


def _unfolds(element: Element, how: str, opened: set[str]) -> bool:
    is_shown = element.get("id") in opened or element.get("hidden") == "until-found"
    return how in _FOR_SOME and is_shown and not _orders(visible_text(element))


def _way(style: str) -> str:
    for how, pattern in _WAYS:
        if pattern.search(style):
            return how
    return ""


def _orders(text: str) -> bool:
    flat = " ".join(text.split())
    return any(broken_rules(flat[span.start : span.end]) for span in sentence_spans(flat))


def _style_rules(root: Element) -> list[tuple[Callable[[Element], bool], str]]:
    rules: list[tuple[Callable[[Element], bool], str]] = []
    for sheet in root.iter("style"):
        for selectors, declarations in _RULE.findall(_MEDIA.sub("", sheet.text or "")):
            if how := _way(declarations):
                rules += ((matches, how) for matches in _matchers(selectors))
    return rules


def _matchers(selectors: str) -> Iterator[Callable[[Element], bool]]:
    for selector in selectors.split(","):
        simple = _SELECTOR.fullmatch(selector.strip())
        if simple is None or not selector.strip() or (simple[1] in {"html", "body"}):
            continue
        tag, sign, name = simple.groups()

        def matches(element: Element, tag: str | None = tag, sign: str | None = sign, name: str | None = name) -> bool:
            if tag is not None and element.tag != tag:
                return False
            if sign is None:
                return True
            return element.get("id") == name if sign == "#" else name in (element.get("class") or "").split()

        yield matches
