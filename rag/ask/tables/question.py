"""A question as it is held against the cells of tables: what it names, how it calls a column, what kind it asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rag import lexis
from rag.ask.question.kinds import Kind, kind_of
from rag.ask.tables.dated import MONTH_STEMS, columns_of_day, places_of_days
from rag.ask.tables.together import Together
from rag.ask.tables.vocabulary import ABSENT, DEPUTY, OTHER_WORDS, RELATIONS
from rag.ask.texts.rows import Cell, Row, is_number, leads_on, says_nothing, stands_in, words_of
from rag.dates import dates
from rag.types import Hit, Query

_YES_NO = re.compile(r"^(?:is|are|was|were|do|does|did|can|could|may|must|should|shall|will|would|has|have|am)\b")
_HOW_TO = re.compile(r"^how (?:do|does|can|could|should|to)\b|\bwhat (?:do|should|can) (?:i|we) (?:do|tell|say)\b")
_PERSON = re.compile(r"[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*){1,3}")
_AMOUNT = re.compile(
    r"^(?:(?:up to|about|from|at most|at least|EUR|USD|GBP)\s+)?[€$£~<>≤≥±+−-]?\s?\d"
    r"|(?<!\d)\d[\d.,]*\s?(?:%|[a-zµ°][a-zA-Z/²]*)"
)
# Words after "which" or "what" that may say what is asked for, and letters that two stems of one root share.
_FROM, _ROOT = 2, 5
_SHORTENED = re.compile(r"\b(who|what|when|where)['’]s\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TableQuestion:
    """A question as tables are searched for it.

    Args:
        text: Its words, lower case.
        words: Their stems in order.
        content: Places of the words of meaning.
        dates: Its dates, see `rag.dates`.
        dated: Whether a way must account for them; "what does it cost today?" asks for no row of a day.
        days: Places of the words that say them.
        must: Names and codes that a way must account for, as stems.
        named: Places of the words that name a cell or a column, by the stems of its name.
        asked: Stems of what is asked for by "which" or "what".
        kind: What an answer must be.
        together: Which words stand together in the passages.
    """

    text: str
    words: tuple[str, ...]
    content: frozenset[int]
    dates: tuple[str, ...]
    dated: bool
    days: frozenset[int]
    must: tuple[tuple[str, ...], ...]
    named: Mapping[tuple[str, ...], frozenset[int]]
    asked: frozenset[str]
    kind: Kind
    together: Together

    @classmethod
    def of(cls, query: Query, rows: Sequence[Row], hits: Sequence[Hit]) -> TableQuestion | None:
        """Return the question; ``None`` where no cell can answer it, or none is named."""
        question = spelled_out(query.text)
        text = question.casefold().strip()
        if not rows or not_of_tables(text):
            return None
        written = lexis.words(question)
        words = tuple(map(lexis.stem, written))
        days = places_of_days(question, written, query.dates) if query.dates else frozenset()
        plain = cls(
            text,
            words,
            frozenset(i for i, word in enumerate(written) if word not in lexis.STOP_WORDS),
            query.dates,
            bool(dates(text)),
            days,
            _must(query),
            {},
            _asked_for(written),
            kind_of(text),
            Together((), {}),
        )
        named = plain._named(question, rows, hits)
        if not named:
            return None
        return replace(plain, named=named, together=Together.of(hits))

    def names(self, name: str) -> bool:
        """Return whether the question names a column or a thing."""
        return words_of(name) in self.named

    def anchors(self, row: Row) -> dict[int, frozenset[int]]:
        """Return the columns of a row whose cells the question names, with the places of their names in it."""
        found: dict[int, frozenset[int]] = {}
        of_the_day = columns_of_day(row, self.dates)
        for n, cell in enumerate(row.cells):
            places = frozenset().union(*(self.named.get(words_of(item), frozenset()) for item in cell.items))
            if is_number(cell.text) and (places <= self.days or not self.called(cell.header)):
                places = frozenset()
            if n in of_the_day:
                places |= self.days
            if places:
                found[n] = places
        return found

    def called(self, name: str) -> frozenset[int]:
        """Return the places of the words that the name of a column or a caption shares with the question."""
        return _called(self.words, self.content, name)

    def labelled(self, cell: Cell) -> frozenset[int]:
        """Return the places of the words of a row's label; none where the question lacks one of them."""
        said = self.called(cell.text)
        held = {self.words[i] for i in said}.union(*(OTHER_WORDS.get(self.words[i], ()) for i in said))
        wanted = lexis.stems(cell.text)
        return said if wanted and wanted <= held else frozenset()

    def is_kind(self, cell: Cell) -> bool:
        """Return whether a cell is of the kind that is asked for, and says something.

        Who is named, if by the first name only, is not who is asked for.
        """
        if self.kind == "person" and not set(self.words).isdisjoint(words_of(cell.text)):
            return False
        return self.wanted(cell) if self.kind == "place" else of_kind(self.kind, cell)

    def fits(self, cell: Cell) -> bool:
        """Return whether a cell may be the answer: of the kind, and of the column that "which" or "what" names."""
        return self.is_kind(cell) and (self.kind != "any" or not self.asked or bool(self.n_wanted(cell)))

    def wanted(self, cell: Cell) -> bool:
        """Return whether its column answers the question's word by another one, as "office" does "where"."""
        stems = _stems(cell.header)
        return any(not stems.isdisjoint(OTHER_WORDS.get(word, ())) for word in self.words)

    def away(self, row: Row) -> frozenset[int]:
        """Return the places of the words that say that somebody whom a row names is not there; none where nobody is.

        The first name is enough. Words of how things hang together are among them: the question says no more.
        """
        if self.kind != "person" or ABSENT.isdisjoint(self.words):
            return frozenset()
        people = {word for cell in row.cells if of_kind("person", cell) for word in words_of(cell.text)}
        if people.isdisjoint(self.words):
            return frozenset()
        return frozenset(i for i, word in enumerate(self.words) if word in people | ABSENT | RELATIONS)

    def stands_in(self, cell: Cell, row: Row) -> frozenset[int]:
        """Return the places of the words that call a cell as that of who is asked instead of somebody who is away."""
        return frozenset() if DEPUTY.isdisjoint(_stems(cell.header)) else self.away(row)

    def n_wanted(self, cell: Cell) -> int:
        """Return how many words of what is asked for the column of a cell is called by."""
        stems = _stems(cell.header)
        return sum(word in stems or not stems.isdisjoint(OTHER_WORDS.get(word, ())) for word in self.asked)

    def accounts(self, rows: Sequence[Row], explained: frozenset[int]) -> bool:
        """Return whether every name, code and date of the question stands somewhere on the way, and every other word.

        A word need not stand there that says only how things hang together, or what a thing of the way is.

        Args:
            rows: Of the way.
            explained: Places of the words that the way has made use of.
        """
        cells = [cell for row in rows for cell in row.cells]
        texts = (*(row.caption for row in rows), *(c.header.replace("_", " ") for c in cells), *(c.text for c in cells))
        told = [words_of(text) for text in texts]
        dated = not self.dated or bool(self.away(rows[-1])) or any(columns_of_day(row, self.dates) for row in rows)
        if not dated or not all(any(stands_in(name, text) for text in told) for name in self.must):
            return False
        held = {word for text in told for word in text}
        left = {self.words[i] for i in self.content - explained - self.days} - held - RELATIONS
        things = {words_of(item) for cell in cells for item in cell.items if leads_on(item)} if left else set()
        return all(any(self.together.describes(word, thing) for thing in things) for word in left)

    def n_beside(self, name: str, explained: frozenset[int]) -> int:
        """Return how many words of the question that are not accounted for stand in a sentence with a name."""
        return self.together.n_beside(words_of(name), {self.words[i] for i in self.content - explained})

    def _named(self, question: str, rows: Sequence[Row], hits: Sequence[Hit]) -> dict[tuple[str, ...], frozenset[int]]:
        common = frozenset(re.findall(r"\b[a-z][a-z]+\b", " ".join(hit.passage.chunk.text for hit in hits)))
        found: dict[tuple[str, ...], frozenset[int]] = {}
        # Of the day that is asked for a common word may name a column too: "radio", or "home".
        of_the_day = {cell.header for row in rows if columns_of_day(row, self.dates) for cell in row.cells}
        for name in {item for row in rows for cell in row.cells for item in (*cell.items, cell.header)}:
            places = self._places(words_of(name))
            known = _may_name(name, question, common) or (name in of_the_day and not says_nothing(name))
            if places - self.days and known:
                found[words_of(name)] = places
        # "Kestrel 6 Pro" does not name the "Kestrel 6".
        return {stems: own for stems, own in found.items() if not any(own < other for other in found.values())}

    def _places(self, stems: tuple[str, ...]) -> frozenset[int]:
        """Return the places of a name in the question; none where it does not stand there."""
        n = len(stems)
        found = [i for i in range(len(self.words) - n + 1) if n and self.words[i : i + n] == stems]
        return frozenset(place for i in found for place in range(i, i + n))


def spelled_out(question: str) -> str:
    """Return a question in which "who's" is "who is"."""
    return _SHORTENED.sub(r"\1 is", question)


def of_kind(kind: Kind, cell: Cell) -> bool:
    """Return whether a cell says something of a kind: a person, a day, an amount; of any other, whether anything."""
    if says_nothing(cell.text):
        return False
    if kind == "person":
        return bool(_PERSON.fullmatch(cell.text)) and cell.text[0].isupper()
    if kind == "day":
        return bool(dates(cell.text)) or "week" in cell.text.casefold()
    # "HexOS 5.2" is the name of a thing, "EUR 310" an amount.
    return kind != "amount" or bool(_AMOUNT.search(cell.text))


def not_of_tables(question: str) -> bool:
    """Tell whether a question asks for yes or no, or how to do something, which no cell of a table answers."""
    text = question.casefold().strip()
    return bool(_YES_NO.match(text) or _HOW_TO.search(text))


def forget_tables() -> None:
    """Drop what is kept in memory of the words of passages and their tables."""
    _called.cache_clear()
    words_of.cache_clear()


@lru_cache(maxsize=4096)
def _called(words: tuple[str, ...], content: frozenset[int], name: str) -> frozenset[int]:
    stems = _stems(name)
    return frozenset(
        i
        for i, word in enumerate(words)
        if (i in content and any(same_root(word, stem) for stem in stems))
        or not stems.isdisjoint(OTHER_WORDS.get(word, ()))
    )


def _must(query: Query) -> tuple[tuple[str, ...], ...]:
    """Return the names and codes of a question; a date is accounted for as a date."""
    found = (words_of(name) for name in dict.fromkeys((*lexis.names(query.text), *query.codes)))
    return tuple(name for name in found if name[0] not in MONTH_STEMS and name != ("i",))


def _asked_for(written: Sequence[str]) -> frozenset[str]:
    """Return the stems of the words of meaning that follow "which" or "what"."""
    found: list[str] = []
    for i, word in enumerate(written):
        if word in {"which", "what"}:
            for following in written[i + 1 : i + 1 + _FROM]:
                if following in lexis.STOP_WORDS:
                    break
                found.append(lexis.stem(following))
    return frozenset(found)


def _stems(name: str) -> frozenset[str]:
    return frozenset(words_of(name.replace("_", " ")))


def _may_name(name: str, question: str, common: frozenset[str]) -> bool:
    """Return whether a cell or column can be named by its words: a name or a code, no common word of the texts."""
    if says_nothing(name) or name.casefold() in lexis.STOP_WORDS:
        return False
    if any(map(str.isdigit, name)):
        return True
    if not any(map(str.isupper, name)):
        return False
    return name.casefold() not in common or bool(re.search(rf"\b{re.escape(name)}\b", question))


def same_root(one: str, other: str) -> bool:
    """Return whether two stems are of one word: "react" and "reaction"."""
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) >= _ROOT and long.startswith(short))
