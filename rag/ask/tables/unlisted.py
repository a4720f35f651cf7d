"""Names that a list of their kind lacks: there is no "Homeline Family" where a table lists the Homeline plans."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rag import lexis
from rag.ask.question.kinds import kind_of
from rag.ask.tables.question import spelled_out
from rag.ask.texts.days import REACHES, one_day, same_day, whole_days
from rag.ask.texts.rows import Row, rows_of, words_of
from rag.types import Hit

# So many rows that begin with the same word are a list of one kind.
_A_LIST = 3
_JOINED = re.compile(r"\s+(?:and|or)\s+")


def unlisted(question: str, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return the names and the days of a question that no passage holds though a table lists their kind, as written.

    A table lists a kind where three or more of its rows are called by the same first word and another behind it. What
    is called so in the question and stands in no row, and nowhere else in the passages, is not one of them. Who does
    something on a day is not told by a table of days that lacks it.

    Args:
        question: As it was read.
        hits: All passages.
    """
    # "Home Max and Home Studio" are two.
    joined = (part for name in lexis.names(question) for part in _JOINED.split(name))
    names = [name for name in joined if len(words_of(name)) > 1]
    if not names:
        return _days_lacking(question, hits)
    called: dict[tuple[object, str], set[tuple[str, ...]]] = {}
    for row in rows_of(hits):
        first = words_of(row.cells[0].text)
        if len(first) > 1:
            called.setdefault((row.table, first[0]), set()).add(first)
    lists: dict[str, set[tuple[str, ...]]] = {}
    for (_, head), members in called.items():
        if len(members) >= _A_LIST:
            lists.setdefault(head, set()).update(members)
    wanted = [name for name in names if _is_lacking(words_of(name), lists)]
    texts = [f" {' '.join(words_of(hit.passage.chunk.embedded_text))} " for hit in hits] if wanted else []
    lacking = tuple(name for name in wanted if not any(f" {' '.join(words_of(name))} " in text for text in texts))
    return lacking or _days_lacking(spelled_out(question), hits)


def _days_lacking(question: str, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return the days of a question for people that a table of days lacks, and all passages do."""
    days = whole_days(question)
    if not days or kind_of(question) != "person" or REACHES.search(question):
        return ()
    texts = (day for hit in hits for day in whole_days(hit.passage.chunk.embedded_text))
    known = [day for day in texts if any(same_day(day, asked) for asked in days)]
    words = lexis.stems(" ".join(lexis.terms(question))) - lexis.stems(" ".join(days.values()))
    tables: dict[object, list[Row]] = {}
    for row in rows_of(hits):
        tables.setdefault(row.table, []).append(row)
    if known or not any(_is_of_days(table, words) for table in tables.values()):
        return ()
    return tuple(days.values())


def _is_of_days(table: Sequence[Row], words: frozenset[str]) -> bool:
    """Tell whether each row of a table begins with a day, and its columns or its caption are called by some words."""
    called = lexis.stems(" ".join((table[0].caption, *(cell.header for cell in table[0].cells))))
    of_days = all(one_day(row.cells[0].text, row.cells[0].header) for row in table)
    return len(table) >= _A_LIST and of_days and bool(words) and words <= called


def _is_lacking(name: tuple[str, ...], lists: Mapping[str, set[tuple[str, ...]]]) -> bool:
    """Tell whether a name is of a kind that is listed, and neither it nor the beginning of it is ("Home Max Plan")."""
    members = lists.get(name[0], set())
    return bool(members) and not any(name[: len(member)] == member for member in members)
