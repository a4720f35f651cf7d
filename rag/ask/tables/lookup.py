"""Follow a question through the tables of the evidence: from the row that it names to the cell that it asks for.

"Which team lead do I ask about HX-5020?" is answered by three rows of three tables: the code stands beside a component,
the component beside its team, the team beside its lead. No sentence says it, and no reader of single passages finds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rag import lexis
from rag.ask.question.kinds import kind_of
from rag.ask.tables.dated import columns_of_day, places_of_days
from rag.ask.tables.joined import asked_of_each
from rag.ask.tables.listed import listed
from rag.ask.tables.properties import property_of
from rag.ask.tables.question import TableQuestion, spelled_out
from rag.ask.texts.rows import CELLS, Cell, Row, leads_on, rows_of, words_of
from rag.types import Chunk, Evidence, Hit, Query, Trail, TrailRow

# Rows that a trail may have, and the share of the question's words of meaning that it must account for.
_MOST_ROWS, _LEAST_SHARE, _LEAST_UNSAID = 4, 0.45, 0.8
# What each further row costs, in words of the question, and what it brings that a thing goes with words of it.
_STEP, _GOES_WITH = 0.3, 0.2
# Of things that stand in one cell, so many beside the first may be told of.
_MOST_TOGETHER = 2
_By = tuple[Row, int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Found:
    """A way to a cell.

    Args:
        rows: From the row that the question names to the one with the answer.
        answer: The cell that is asked for, in the last row; ``None`` where that is asked for whole.
        score: Words of the question that the way accounts for, less what its length costs.
        explained: Places of the question's words that it accounts for.
        share: Of the question's words of meaning, how many these are, in 0..1.
        by: Row, column and thing in it that lead to the last row.
    """

    rows: tuple[Row, ...]
    answer: Cell | None
    score: float
    explained: frozenset[int]
    share: float
    by: _By | None


def looked_up(evidence: Evidence, *, limit: int) -> Evidence:
    """Return the evidence with the way through its tables to what the question asks for, where there is one.

    A row is named by a cell whose words stand in the question, or by a date of it. From a row the way goes on to the
    row of another table that tells of one of its cells, or, in a column that is called like it, to a row that the
    question names. The answer stands in a column whose name the question says, and is of the kind that is asked for.
    It counts only if the way leaves no word of the question over (`TableQuestion.accounts`), and no other cell fits as
    well but those of things that stand in one cell together: the question may mean each of them.

    Args:
        evidence: Best first.
        limit: Passages that an answer may rest on; those of the way are put among them.

    Returns:
        The same passages, those of the way before the last of ``limit``.
    """
    rows = rows_of(evidence.hits)
    query, hits = evidence.query, evidence.hits
    found = _listed(evidence, rows) or _read_off(evidence, rows) or _best(query, hits, rows) or _of_the_day(query, rows)
    if not found:
        return evidence
    way, ends = found[0].rows[:-1], found
    chunks = [hit.passage.chunk for hit in evidence.hits]
    told = [_told(chunks, each.rows[-1], each.answer) for each in ends] + [_told(chunks, row) for row in way]
    needed = {row.chunk_id for row in told}
    others = [hit for hit in evidence.hits if hit.passage.chunk.id not in needed]
    kept = max(limit - len(needed), 0)
    first = {hit.passage.chunk.id for hit in others[:kept]} | needed
    front = [hit for hit in evidence.hits if hit.passage.chunk.id in first]
    return Evidence(evidence.query, (*front, *others[kept:]), Trail(tuple(told), found[0].share))


def _listed(evidence: Evidence, rows: Sequence[Row]) -> list[_Found]:
    """Return the rows that answer together, each as a way that is one row long."""
    together = listed(evidence.query, rows)
    return [_whole(row, cell, together.share) for row, cell in together.rows] if together else []


def _read_off(evidence: Evidence, rows: Sequence[Row]) -> list[_Found]:
    """Return the ways that are one row long: the property of a thing, or of each of several that are asked for."""
    query = evidence.query
    told = [property_of(query, rows, evidence.hits)]
    several = query.subqueries if query.shape in {"several", "comparison"} else asked_of_each(query.text, rows)
    if told == [None] and len(several) > 1:
        told = [property_of(replace(query, text=asked), rows, evidence.hits) for asked in several]
    found = [each for each in told if each is not None]
    return [_whole(each.row, each.cell, each.share) for each in found] if len(found) == len(told) else []


def _of_the_day(query: Query, rows: Sequence[Row]) -> list[_Found]:
    """Return the row of the day, where a question for people names nothing but that and its table."""
    question = spelled_out(query.text)
    written = lexis.words(question)
    days = places_of_days(question, written, query.dates)
    left = {lexis.stem(word) for i, word in enumerate(written) if i not in days and word not in lexis.STOP_WORDS}
    if not query.dates or kind_of(question) != "person" or not left:
        return []
    told = [row for row in rows if columns_of_day(row, query.dates) and left <= _words_of_table(row)]
    alike = {lexis.squeezed(CELLS.join(cell.text for cell in row.cells)) for row in told}
    return [_whole(told[0], None, 1.0)] if len(alike) == 1 else []


def _words_of_table(row: Row) -> frozenset[str]:
    return frozenset(word for text in (row.caption, *(cell.header for cell in row.cells)) for word in words_of(text))


def _whole(row: Row, cell: Cell | None, share: float) -> _Found:
    return _Found((row,), cell, 0.0, frozenset(), share, None)


def _best(query: Query, hits: Sequence[Hit], rows: Sequence[Row]) -> list[_Found]:
    """Return the surest way; several where they lead to the things of one cell; none where it is not sure."""
    asked = TableQuestion.of(query, rows, hits)
    if asked is None:
        return []
    # Whether a way accounts for everything takes longest to tell: it is asked of no way behind one that does.
    most = 0.0
    best: dict[str, _Found] = {}
    for way in sorted(_ways(asked, rows), key=lambda way: -way.score):
        if way.score < most:
            break
        if way.share >= _least(asked, way) and asked.accounts(way.rows, way.explained):
            most = way.score
            best.setdefault(lexis.squeezed(way.answer.text) if way.answer else "", way)
    alike = list(best.values())
    return alike if len(alike) == 1 or (len(alike) <= 1 + _MOST_TOGETHER and _of_one_cell(alike)) else []


def _of_one_cell(ways: Sequence[_Found]) -> bool:
    """Return whether ways lead on from one cell, each by another of the things that it lists."""
    led = [way.by for way in ways if way.by is not None]
    cells = {(id(row), column) for row, column, _ in led}
    return len(led) == len(ways) == len({thing for _, _, thing in led}) and len(cells) == 1


def _least(asked: TableQuestion, way: _Found) -> float:
    """Return the least share; more where only another word calls the column: "when" may mean "released", or not."""
    if asked.away(way.rows[-1]):
        return _LEAST_SHARE
    called = asked.called(way.answer.header) if way.answer else frozenset[int]()
    return _LEAST_UNSAID if called and not called & asked.content else _LEAST_SHARE


def _told(chunks: Sequence[Chunk], row: Row, answer: Cell | None = None) -> TrailRow:
    chunk = chunks[row.hit]
    span = (answer.span.start - row.span.start, answer.span.end - row.span.start) if answer else None
    return TrailRow(chunk.id, chunk.text[row.span.start : row.span.end], span)


@dataclass(frozen=True, slots=True)
class _Way:
    """A way that may go on.

    Args:
        rows: So far.
        used: Columns of the last row that are named or by which it was reached.
        explained: Places of the question's words that it accounts for.
        bonus: What its things go with.
        by: Row, column and thing in it that led to the last row.
    """

    rows: tuple[Row, ...]
    used: frozenset[int]
    explained: frozenset[int]
    bonus: float = 0.0
    by: _By | None = None


class _Known:
    """The rows, by what the question names in them and by what they hold."""

    def __init__(self, asked: TableQuestion, rows: Sequence[Row]) -> None:
        self.named = {id(row): asked.anchors(row) for row in rows}
        self.under: dict[tuple[str, ...], list[tuple[Row, int]]] = {}
        self._holding: dict[tuple[str, ...], dict[tuple[tuple[str, str], int], list[Row]]] = {}
        for row in rows:
            for n, cell in enumerate(row.cells):
                self.under.setdefault(words_of(cell.header), []).append((row, n))
                for item in dict.fromkeys(words_of(item) for item in cell.items if leads_on(item)):
                    self._holding.setdefault(item, {}).setdefault((row.table, n), []).append(row)

    def told_by(self, value: tuple[str, ...]) -> Iterator[tuple[Row, int]]:
        """Yield each row that tells of a thing, with the column that names it.

        Where several rows of a table hold it in one column it is what they have in common, as a city is, and no way
        to one of them.
        """
        for (_, column), rows in self._holding.get(value, {}).items():
            if len({tuple(cell.text for cell in row.cells) for row in rows}) == 1:
                yield rows[0], column


def _ways(asked: TableQuestion, rows: Sequence[Row]) -> Iterator[_Found]:
    """Yield every way to a cell that the question may ask for."""
    known = _Known(asked, rows)
    begun = [_Way((row,), frozenset(own), _all(own)) for row in rows if (own := known.named[id(row)])]
    while begun:
        for way in begun:
            yield from _answers(asked, way)
        open_ways = [way for way in begun if len(way.rows) < _MOST_ROWS]
        for way in open_ways:
            yield from _crossings(asked, way, known)
        begun = [onward for way in open_ways for onward in _onward(asked, way, known)]


def _answers(asked: TableQuestion, way: _Way) -> Iterator[_Found]:
    """Yield the cells of the last row that the question asks for."""
    row = way.rows[-1]
    before = {words_of(each.cells[n].header) for each in way.rows for n in way.used if n < len(each.cells)}
    named = [n for n, cell in enumerate(row.cells) if asked.names(cell.header)]
    for n, cell in enumerate(row.cells):
        header = asked.called(cell.header) | asked.stands_in(cell, row)
        # A column that is itself named, "Cloud", is asked for by its name, and no other of its table is.
        wanted = n in named if named else bool(header - way.explained)
        if wanted and n not in way.used and words_of(cell.header) not in before and asked.fits(cell):
            beside = _beside(asked, row, n, way.explained | header)
            yield _found(asked, replace(way, bonus=way.bonus + beside), cell, header)


def _beside(asked: TableQuestion, row: Row, answer: int, explained: frozenset[int]) -> float:
    """Return what it brings that a thing that the row tells of, unnamed, goes with words of the question."""
    things = [item for n, cell in enumerate(row.cells) if n != answer for item in cell.items if leads_on(item)]
    unnamed = [thing for thing in things if not asked.names(thing)]
    return _GOES_WITH * max((asked.n_beside(thing, explained) for thing in unnamed), default=0)


def _crossings(asked: TableQuestion, way: _Way, known: _Known) -> Iterator[_Found]:
    """Yield the cells of named rows in the columns that are called like a cell of the last row."""
    for value, onward in _values(asked, way):
        for row, n in known.under.get(value, ()):
            cell, own = row.cells[n], known.named[id(row)]
            places = _all(own) or asked.labelled(row.cells[0])
            if row.table != way.rows[-1].table and n not in own and places - onward.explained and asked.is_kind(cell):
                yield _found(asked, replace(onward, rows=(*way.rows, row)), cell, places)


def _onward(asked: TableQuestion, way: _Way, known: _Known) -> Iterator[_Way]:
    """Yield the way, gone on to each row of another table that tells of a cell of its last row."""
    tables = {row.table for row in way.rows}
    for value, onward in _values(asked, way):
        for row, column in known.told_by(value):
            if row.table not in tables:
                own = known.named[id(row)]
                explained = onward.explained | _all(own)
                yield replace(onward, rows=(*way.rows, row), used=frozenset({column, *own}), explained=explained)


def _values(asked: TableQuestion, way: _Way) -> Iterator[tuple[tuple[str, ...], _Way]]:
    """Yield the names in the last row that lead on, with the way as it is when they do."""
    for n, cell in enumerate(way.rows[-1].cells):
        if n not in way.used:
            explained = way.explained | asked.called(cell.header)
            for item in filter(leads_on, cell.items):
                beside = _GOES_WITH * asked.n_beside(item, explained)
                yield (
                    words_of(item),
                    replace(way, explained=explained, bonus=beside, by=(way.rows[-1], n, words_of(item))),
                )


def _found(asked: TableQuestion, way: _Way, cell: Cell, more: frozenset[int]) -> _Found:
    last = way.rows[-1]
    told = (way.explained | more | asked.called(last.caption) | asked.away(last)) & asked.content
    score = len(told) - _STEP * (len(way.rows) - 1) + way.bonus + asked.n_wanted(cell)
    return _Found(way.rows, cell, score, told, len(told) / max(len(asked.content), 1), way.by)


def _all(own: Mapping[int, frozenset[int]]) -> frozenset[int]:
    return frozenset().union(*own.values())
