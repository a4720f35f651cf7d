"""Names that a list of their kind lacks: there is no "Homeline Family" where a table lists the Homeline plans."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rag import lexis
from rag.ask.texts.rows import rows_of, words_of
from rag.types import Hit

# So many rows that begin with the same word are a list of one kind.
_A_LIST = 3
_JOINED = re.compile(r"\s+(?:and|or)\s+")


def unlisted(question: str, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return the names of a question that no passage holds though a table lists their kind, as written.

    A table lists a kind where three or more of its rows are called by the same first word and another behind it. What
    is called so in the question and stands in no row, and nowhere else in the passages, is not one of them.

    Args:
        question: As it was read.
        hits: All passages.
    """
    # "Home Max and Home Studio" are two.
    joined = (part for name in lexis.names(question) for part in _JOINED.split(name))
    names = [name for name in joined if len(words_of(name)) > 1]
    if not names:
        return ()
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
    return tuple(name for name in wanted if not any(f" {' '.join(words_of(name))} " in text for text in texts))


def _is_lacking(name: tuple[str, ...], lists: Mapping[str, set[tuple[str, ...]]]) -> bool:
    """Tell whether a name is of a kind that is listed, and neither it nor the beginning of it is ("Home Max Plan")."""
    members = lists.get(name[0], set())
    return bool(members) and not any(name[: len(member)] == member for member in members)
