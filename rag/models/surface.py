"""From the tokens that a writer wrote back to text, in the spelling of its sources.

The writer reads and writes small letters without accents. Whatever of its text stands in the question or the evidence
is spelled as it stands there: capitals, accents, and what stands between two words come from the source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.english import is_listed

_PIECE = "##"
_CLOSING = frozenset(". , ; : ! ? ) ] } % ' ’ \" ” 's".split())
_OPENING = frozenset("( [ { “ $ € £".split())
_ENDS = frozenset(".!?")
# English words that are names as well, and far more often so where they begin a sentence.
_NAMED = frozenset(
    "January February March April May June July August September October November December "
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday I".split()
)


@dataclass(frozen=True, slots=True)
class Source:
    """A text that can be spelled from, in tokens.

    Args:
        text: The text.
        ids: Its tokens.
        offsets: Where each stands, as half-open character spans.
    """

    text: str
    ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Run:
    """Tokens that stand in a source one behind the other, or none of them (``source`` is ``None``)."""

    text: str
    source: Source | None
    start: int
    n: int


def spelled(ids: Sequence[int], pieces: Sequence[str], sources: Sequence[Source]) -> str:
    """Return what tokens say, spelled as in the sources.

    The longest run that stands in a source is taken each time; of equal ones that of the first source, and one in
    small letters before one that begins a sentence.

    Args:
        ids: What was written.
        pieces: Each of them as the vocabulary spells it.
        sources: To spell from, the best first.
    """
    places: dict[int, list[tuple[Source, int]]] = {}
    for source in sources:
        for at, token in enumerate(source.ids):
            places.setdefault(token, []).append((source, at))
    told, begins, at, quotes = "", True, 0, 0
    while at < len(ids):
        run = _longest(ids, pieces, at, places)
        text = _cased(run, begins=begins)
        glued = not told or _is_glued(told, text, quotes)
        told += text if glued else f" {text}"
        quotes += text.count('"')
        begins = text[-1:] in _ENDS
        at += run.n
    return told


def _longest(ids: Sequence[int], pieces: Sequence[str], at: int, places: dict[int, list[tuple[Source, int]]]) -> _Run:
    best: _Run | None = None
    if pieces[at] in "'’" and pieces[at + 1 : at + 2] == ["s"]:
        return _Run(f"{pieces[at]}s", None, 0, 2)
    for source, start in places.get(ids[at], ()):
        n = 1
        while at + n < len(ids) and start + n < len(source.ids) and source.ids[start + n] == ids[at + n]:
            n += 1
        n = _whole_words(pieces, at, n)
        if not n or not _ends_word(source, start + n - 1):
            continue
        first, last = source.offsets[start][0], source.offsets[start + n - 1][1]
        run = _Run(source.text[first:last], source, start, n)
        if best is None or n > best.n or (n == best.n and best.text[:1].isupper() and run.text[:1].islower()):
            best = run
    if best is not None:
        return best
    n = 1
    while at + n < len(ids) and pieces[at + n].startswith(_PIECE):
        n += 1
    return _Run("".join(piece.removeprefix(_PIECE) for piece in pieces[at : at + n]), None, 0, n)


def _whole_words(pieces: Sequence[str], at: int, n: int) -> int:
    """Return how many of ``n`` tokens end with a whole word; 0 where not even the first word is whole."""
    while n and at + n < len(pieces) and pieces[at + n].startswith(_PIECE):
        n -= 1
    return n


def _ends_word(source: Source, at: int) -> bool:
    """Tell whether a token of a source is the last of its word: "play" of "playing" is not."""
    end = source.offsets[at][1]
    return not (
        at + 1 < len(source.ids) and source.offsets[at + 1][0] == end and source.text[end - 1 : end + 1].isalpha()
    )


def _cased(run: _Run, *, begins: bool) -> str:
    """Return a run with a capital where it begins a sentence, and without one that only began its sentence before."""
    if begins:
        return f"{run.text[:1].upper()}{run.text[1:]}"
    if run.source is None or not run.text[:1].isupper():
        return run.text
    start = run.source.offsets[run.start][0]
    before = run.source.text[:start].rstrip()
    word = run.text.split()[0]
    opened = not before or before[-1] in _ENDS
    followed = run.text[len(word) + 1 : len(word) + 2].isupper()
    plain = word[1:].islower() or len(word) == 1
    if word in _NAMED:
        return run.text
    if opened and plain and not followed and is_listed(word.lower()) and not _is_named(word, run.source, start):
        return f"{run.text[:1].lower()}{run.text[1:]}"
    return run.text


def _is_named(word: str, source: Source, start: int) -> bool:
    """Tell whether a word stands with its capital within a sentence too, as names do."""
    at = source.text.find(word, start + 1)
    return at > 0 and source.text[:at].rstrip()[-1:] not in _ENDS


def _is_glued(told: str, text: str, quotes: int) -> bool:
    """Tell whether no space stands before a run."""
    first = text[:1]
    if first == '"':
        return quotes % 2 == 1
    if told.endswith('"') and quotes % 2 == 1:
        return True
    return first in _CLOSING or text.startswith(("'s", "’s")) or told[-1:] in _OPENING or told[-1:] in "-–/"
