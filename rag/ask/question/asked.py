"""Which things a question asks for, which of them statements cover, and as what an unclear question can be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from rag import lexis
from rag.ask.question.contacts import contact_of
from rag.ask.texts.days import weekdays
from rag.types import Hit, Query, Statement

_ASKING = r"(?:how|what|whats|who|whom|whose|when|where|why|which)"
_HELPING = r"(?:can|could|do|does|did|is|are|was|were|will|should|must|may)"
# "and who pays shipping?", "? Does it cover the battery?": a helping verb begins a question only behind a full one.
_NEXT = re.compile(
    rf"(?:\s*[,;]?\s+(?:and|but)\s+(?:also\s+)?(?={_ASKING}\b))|(?:\?\s+(?:and\s+|but\s+)?(?={_ASKING}\b|{_HELPING}\b))",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(r"\b(?:it|its|they|them|their|this|that|these|those|one)\b", re.IGNORECASE)
# "What's the phone number?" leaves out of what; "what is the price of a locker?" says it.
_OF_WHAT = re.compile(
    r"(?:whats|what|how\s+[a-z]+|when|where)(?:['’]?s|\s+is|\s+are)?\s+the\s+[^\W\d_]+(?:\s+[^\W\d_]+)?\?*",
    re.IGNORECASE,
)
# What a part without a name is about stands at its end: "who runs the bridge club?"
_AT_THE_END = re.compile(
    r"\b(?:the|an?|our|my|your)\s+(?P<thing>[^\W\d_][\w-]*(?:\s+[^\W\d_][\w-]*){0,2})\?*$", re.IGNORECASE
)
# A part with fewer words of its own says too little to be looked for alone.
_MIN_TERMS = 2
# A question that asks for more things than this is answered as one: each part is read and judged by the models anew.
_MOST_PARTS = 6
# Share of the words of a part that a statement must hold, each counting by how rare it is.
_COVERED = 0.5
_MOST_READINGS = 6
# A question of so many terms at most, none of them a name, is a heading rather than a question.
_GENERAL_TERMS = 2
_PATH = " › "
_WEEKDAYS = tuple(map(lexis.stem, "monday tuesday wednesday thursday friday saturday sunday".split()))
# One word, or up to four of which each begins with a capital or a number: "Otter", "warranty?", "Kestrel 6 Pro".
_NAME_ALONE = re.compile(r"(?:[^\W\d][\w’'&-]*|[A-Z][\w’'&-]*(?: (?:[A-Z][\w’'&-]*|\d\w*)){1,3})[?.!]*")

_CONTACTS = lexis.stems(
    "telephone phone number mobile direct line extension hotline fax e-mail email address website web"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One of several things that a question asks for.

    Args:
        text: As the person asked it.
        query: The part, standing alone.
        own: Stems that no other part has.
        every: Whether all of them must be mentioned: they name the thing that the part is about.
    """

    text: str
    query: Query
    own: frozenset[str]
    every: bool


def parts_of(query: Query) -> tuple[Part, ...]:
    """Return what a question asks for, where that is more than one thing and not a long list; else nothing.

    A question about several things asks the same of each. Any other is divided where it asks anew ("how long is the
    warranty, and who pays shipping?"). The links of a chain are ways to the answer, and no parts of it.
    """
    several = query.shape in {"several", "comparison"}
    texts = query.subqueries if several else _divided(query)
    if not 2 <= len(texts) <= _MOST_PARTS:
        return ()
    named = [text if several else _carried(text, texts[0]) for text in texts]
    alone = [
        asked if several or asked != text else _of_what(text, texts[0])
        for text, asked in zip(texts, named, strict=True)
    ]
    stems = [lexis.stems(text) for text in named]
    own = [each - frozenset[str]().union(*(stems[:n] + stems[n + 1 :])) for n, each in enumerate(stems)]
    if not all(own):
        return ()
    return tuple(
        Part(text, _alone(query, standing), apart, several)
        for text, standing, apart in zip(texts, alone, own, strict=True)
    )


def mentions(part: Part, *texts: str) -> bool:
    """Tell whether texts name the thing that a part is about; "Monday to Friday" names Wednesday."""
    said = "\n".join(texts)
    left = part.own - lexis.stems(said)
    return not left or left <= {_WEEKDAYS[day] for each in weekdays(said) for day in each.days}


def left_open(
    parts: Sequence[Part],
    statements: Sequence[Statement],
    *,
    weight: Callable[[str], float],
    is_answer: Callable[[Part], bool],
) -> tuple[Part, ...]:
    """Return the parts that statements do not cover.

    A part is covered when the statements hold what it is about and, taken alone, it would be answered by them.

    Args:
        parts: What is asked for.
        statements: What would be shown.
        weight: How much a term counts.
        is_answer: Whether the statements would answer a part that was asked alone.
    """
    return tuple(part for part in parts if not (_named(part, statements, weight) and is_answer(part)))


def beside_the_point(statement: Statement, parts: Sequence[Part], opened: Sequence[Part]) -> bool:
    """Tell whether a statement is only about parts that stay open."""
    said = _said(statement)
    about = [part for part in parts if part.every and mentions(part, said)]
    return bool(about) and all(part in opened for part in about)


def asks_nothing(query: Query) -> bool:
    """Tell whether a question is a word or a name alone, which says nothing of what is wanted about it.

    A code alone asks what it means.
    """
    return not query.codes and bool(_NAME_ALONE.fullmatch(query.text.strip()))


def readings(query: Query, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return questions that a short, general one can be read as; none where there are not several.

    One for each title or heading that the documents have under its words, or else for each of the documents that were
    found with such a heading; for a name alone, each of the documents that were found with it in their title.
    """
    paths = [tuple(choice.split(_PATH)) for choice in query.choices] or _headed(query, hits) or _titled(query, hits)
    asked = dict.fromkeys(_ask_about(path) for path in paths)
    return tuple(asked)[:_MOST_READINGS] if len(asked) > 1 else ()


def _headed(query: Query, hits: Sequence[Hit]) -> list[tuple[str, ...]]:
    """Return title and heading of the passages whose headings hold all words of a question that names nothing."""
    wanted = lexis.stems(query.text)
    named = query.codes or query.numbers or query.phrases or lexis.names(query.text)
    if named or not 0 < len(query.terms) <= _GENERAL_TERMS:
        return []
    paths: dict[str, tuple[str, ...]] = {}
    for hit in hits:
        title, headings = hit.passage.title, hit.passage.chunk.headings
        under = [heading for heading in headings if wanted <= lexis.stems(heading)]
        if under:
            paths.setdefault(title, (title, lexis.unnumbered(under[-1])))
    return list(paths.values())


def _titled(query: Query, hits: Sequence[Hit]) -> list[tuple[str, ...]]:
    """Return the titles of the passages that hold all words of a name which stands alone."""
    if not asks_nothing(query):
        return []
    wanted = lexis.stems(query.text)
    titles = dict.fromkeys(hit.passage.title for hit in hits)
    return [(title,) for title in titles if wanted <= lexis.stems(title)]


def _ask_about(path: Sequence[str]) -> str:
    return f"What does “{path[0]}” say about “{path[-1]}”?" if len(path) > 1 else f"What does “{path[0]}” say?"


def _named(part: Part, statements: Iterable[Statement], weight: Callable[[str], float]) -> bool:
    if part.every:
        return any(mentions(part, _said(statement)) for statement in statements)
    told = list(statements)
    held = lexis.stems(" ".join(map(_said, told)))
    contact = contact_of(part.text)
    if contact and any(contact.told_in(statement.text) for statement in told):
        # A number says what it is in the column of its table alone.
        held |= _CONTACTS
    weights = {stem: weight(stem) for stem in part.own}
    total = sum(weights.values())
    return sum(weights[stem] for stem in part.own & held) >= _COVERED * total


def _said(statement: Statement) -> str:
    titles = [line for citation in statement.citations for line in (citation.title, *citation.headings)]
    return "\n".join((statement.text, *titles, *(citation.quote for citation in statement.citations)))


def _divided(query: Query) -> tuple[str, ...]:
    if query.shape == "chain":
        return ()
    parts = [part.strip(" ,;?") for part in _NEXT.split(query.text)]
    enough = all(len(lexis.terms(part)) >= (1 if _POINTS_BACK.search(part) else _MIN_TERMS) for part in parts)
    return tuple(f"{part}?" for part in parts) if enough else ()


def _carried(text: str, first: str) -> str:
    """Return a part that points back, or leaves out of what it asks, with the names and codes of the first."""
    if text == first or not (_OF_WHAT.fullmatch(text) or _POINTS_BACK.search(text)):
        return text
    # "How do I": no name.
    known = (name for name in (*lexis.names(first), *lexis.codes(first)) if name.casefold() not in lexis.STOP_WORDS)
    named = [name for name in dict.fromkeys(known) if name not in text]
    return f"{text} ({', '.join(named)})" if named else text


def _of_what(text: str, first: str) -> str:
    """Return a part that leaves out of what it asks with the thing without a name that the first ends with."""
    about, leaves_out = _AT_THE_END.search(first), _OF_WHAT.fullmatch(text)
    if text == first or about is None or not (leaves_out or _POINTS_BACK.search(text)):
        return text
    if lexis.STOP_WORDS & set(about["thing"].casefold().split()):
        return text
    return f"{text.rstrip('?')} of {about[0].rstrip('?')}?" if leaves_out else f"{text} ({about['thing']})"


def _alone(query: Query, text: str) -> Query:
    return replace(
        query,
        text=text,
        terms=lexis.terms(text),
        codes=lexis.codes(text),
        phrases=lexis.phrases(text),
        numbers=tuple(sorted(lexis.numbers(text))),
        shape="single",
        subqueries=(),
        choices=(),
    )
