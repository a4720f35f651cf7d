"""What is copied of an answer: with its sources, or for a customer without personal data; pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from rag.ask.texts.rows import Cell, cell_spans, cell_texts, is_row, name_column
from rag.receipts.page_words import ALL_PAGES, on_page
from rag.safety.contacts import LISTABLE, foreign
from rag.safety.personal import KINDS, Found, Kind, without
from rag.safety.policy import Masking
from rag.sentences import Span, is_ended

Record = Mapping[str, Any]

ALL_IN_FORCE: Final[Mapping[str, str]] = {}
_MASKED: Final[Mapping[Kind, tuple[str, str]]] = {
    "EMAIL_ADDRESS": ("e-mail address", "e-mail addresses"),
    "URL": ("link", "links"),
    "IBAN_CODE": ("IBAN", "IBANs"),
    "CREDIT_CARD": ("card number", "card numbers"),
    "IP_ADDRESS": ("IP address", "IP addresses"),
    "US_SSN": ("social security number", "social security numbers"),
    "PHONE_NUMBER": ("phone number", "phone numbers"),
    "PERSON": ("name", "names"),
}
_LISTABLE: Final = "Contacts of your own team are kept once the owner lists them in the policy."
_STANDS: Final = {"draft": "is a draft", "superseded": "is superseded", "not yet in force": "is not yet in force"}


def copies(
    said: Sequence[Record],
    record: Record,
    masking: Masking,
    words: Mapping[str, str] = ALL_PAGES,
    badges: Mapping[str, str] = ALL_IN_FORCE,
) -> dict[str, str]:
    """Return the texts that the buttons below an answer copy.

    Args:
        said: The statements that are shown, rows with the names of their columns where those are known.
        record: The answer.
        masking: Of the policy.
        words: What a page of a document is called where it is none, see `rag.receipts.page_words`.
        badges: A word for each document that is not in force.

    Returns:
        ``sources``, ``customer`` and ``masked``, which says in words what the text for a customer lacks, ``listable``
        where some of that could be a contact of the desk itself, and ``unsaid``: what it does not tell of the documents
        that it rests on. Empty texts where nothing is said.
    """
    if not said:
        return {"sources": "", "customer": "", "masked": "", "listable": "", "unsaid": ""}
    caveats = [str(caveat) for caveat in record.get("caveats", ()) if caveat]
    told = "\n\n".join((for_customer(said), *caveats))
    found = foreign(told, masking.contacts, kinds=masking.copies)
    return {
        "sources": with_sources(said, record, words),
        "customer": without(told, found),
        "masked": _counted(found),
        "listable": _LISTABLE if any(each.kind in LISTABLE for each in found) else "",
        "unsaid": _unsaid(said, badges),
    }


def kinds_in_words(kinds: Collection[Kind]) -> str:
    """Return kinds of personal data as people call them, without names of people, which are never masked."""
    return joined([_MASKED[kind][1] for kind in KINDS if kind in kinds and kind != "PERSON"])


def joined(told: Sequence[str]) -> str:
    """Return words as a list in a sentence: ``a, b and c``."""
    return " and ".join(filter(None, (", ".join(told[:-1]), *told[-1:])))


def for_customer(said: Iterable[Record]) -> str:
    """Return statements as one text to send on; of a row the cell that answers and what the row is about."""
    return _joined((_row(each, whole=False), "") for each in said)


def with_sources(said: Sequence[Record], record: Record, words: Mapping[str, str] = ALL_PAGES) -> str:
    """Return statements as one text, rows with all cells, then what is noted beside them and where they stand.

    Sheets and slides are called so, as on the screen: see `copies` for the words.
    """
    text = _joined(
        (_row(each, whole=True), "".join(f" [{cited['n']}]" for cited in each["citations"])) for each in said
    )
    message = str(record.get("message") or "")
    cited = {c["n"]: c for each in (*said, *record.get("sides", ())) for c in each["citations"]}
    sources = [f"[{n}] {c['title']}{on_page(c, words)}: “{c['quote']}”" for n, c in sorted(cited.items())]
    return "\n\n".join((text, *([message] if message else []), "\n".join(("Sources", *sources)))) + "\n"


def _joined(told: Iterable[tuple[tuple[str, bool], str]]) -> str:
    """Return texts with what stands behind each; what has a line of its own, or no full stop, ends its line."""
    parts: list[str] = []
    for (text, is_line), behind in told:
        if is_line and parts:
            parts[-1] = parts[-1].rstrip() + "\n"
        parts.append(text + behind + (" " if is_ended(text) and not is_line else "\n"))
    return "".join(parts).strip()


def _row(spoken: Record, *, whole: bool) -> tuple[str, bool]:
    """Return what a statement says, and whether it has a line of its own: an item of a list, or a row of a table.

    A row is told as its cells with the names of their columns, and one that is a step as its number and what to do.
    """
    text = str(spoken["text"])
    if not is_row(text):
        return text, bool(spoken.get("item"))
    if spoken.get("item") and (step := _step(cell_texts(text))):
        return step, True
    spans = cell_spans(text)
    names = spoken.get("columns") or [""] * len(spans)
    # Empty cells at the end of a row are not written, their columns are.
    cells = [
        Cell(str(name), text[start:end], Span(start, end)) for name, (start, end) in zip(names, spans, strict=False)
    ]
    shown = range(len(cells)) if whole else _answering(cells, spoken.get("phrase"))
    told = [
        f"{cell.header}: {cell.text}" if cell.header else cell.text for cell in (cells[n] for n in shown) if cell.text
    ]
    return ("; " if any(names) else " – ").join(told), True


def _step(cells: Sequence[str]) -> str:
    """Return a row of a table of steps as its number and what stands behind it; empty for a row without a number."""
    place = next((n for n, cell in enumerate(cells) if cell.isdecimal()), len(cells))
    rest = [cell for cell in cells[place + 1 :] if cell]
    return f"{cells[place]}. {' – '.join(rest)}" if rest else ""


def _answering(cells: Sequence[Cell], phrase: Sequence[int] | None) -> Sequence[int]:
    """Return the cells that answer and the one that says of what; all of them where nothing tells which answer."""
    start, end = phrase or (0, 0)
    answering = {n for n, cell in enumerate(cells) if cell.span.start < end and start < cell.span.end}
    name = name_column(cells)
    if not answering - {name}:
        # A name answers beside its code; by itself it says too little.
        return [0, name] if answering and name else range(len(cells))
    return sorted(answering | {name})


def _unsaid(said: Iterable[Record], badges: Mapping[str, str]) -> str:
    """Return what is known of the standing of the cited documents, which is for no customer but for who sends it."""
    cited = {str(c["document"]): str(c["title"]) for each in said for c in each["citations"] if c["document"] in badges}
    told = [f"“{title}” {_STANDS.get(badges[document], 'is not in force')}" for document, title in cited.items()]
    return f"The copied text does not say that {' and '.join(told)}." if told else ""


def _counted(found: Iterable[Found]) -> str:
    """Return how much of each kind was found, e.g. ``2 e-mail addresses and 1 phone number``; empty for nothing."""
    counts = Counter(each.kind for each in found)
    return joined([f"{counts[kind]} {_MASKED[kind][counts[kind] > 1]}" for kind in KINDS if counts[kind]])
