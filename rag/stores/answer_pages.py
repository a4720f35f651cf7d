"""Stored answers from the newest to the oldest, read page by page: there may be more than fit into memory."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from sqlalchemy import ColumnElement, select

from rag.stores.database import Database
from rag.stores.schema import answers

_PAGE = 200


def newest_first(database: Database, *which: ColumnElement[bool]) -> Iterator[Mapping[str, object]]:
    """Yield the records of the answers that meet all conditions, newest first; those stored meanwhile are left out.

    Args:
        database: Where they are.
        which: Conditions on rows of `rag.stores.schema.answers`.
    """
    query = select(answers.c.key, answers.c.record).where(*which).order_by(answers.c.key.desc()).limit(_PAGE)
    before: int | None = None
    while True:
        page = query if before is None else query.where(answers.c.key < before)
        with database.read() as connection:
            rows = connection.execute(page).all()
        for row in rows:
            yield json.loads(row.record)
        if len(rows) < _PAGE:
            return
        before = rows[-1].key
