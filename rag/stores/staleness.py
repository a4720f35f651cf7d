"""Stored answers, newest first: all of a space, and those that rest on documents as they are no longer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Select, func, literal, select

from rag.dates import day_beside
from rag.stores.answer_pages import newest_first
from rag.stores.chunk_rows import batches
from rag.stores.database import Database
from rag.stores.schema import answer_sources, answers, documents, versions


class Staleness:
    """Answers against the live versions of today; a part of `rag.stores.catalog.SqlCatalog`."""

    _database: Database

    def newest_answers(
        self,
        space: str,
        days: tuple[str, str] | None = None,
        *,
        asked_by: str = "",
        outcome: str = "",
        outdated: bool = False,
    ) -> Iterator[Mapping[str, object]]:
        """Return the records of answers of a space, newest first.

        Args:
            space: The space.
            days: First and last day on which they were asked, in UTC as ISO 8601; ``None`` for any.
            asked_by: Only those of one person; empty for all.
            outcome: Only those that ended so; empty for any.
            outdated: Only those that name a document version which is no longer live, or lost words with a removed
                document, whatever has come under its name since. A version may be named as a passage that was read
                and not cited: the caller looks at what is cited.
        """
        which = [answers.c.space == space]
        if days is not None:
            which += [answers.c.asked_at >= days[0], answers.c.asked_at < day_beside(days[1], 1)]
        if asked_by:
            which.append(answers.c.principal == asked_by)
        if outcome:
            which.append(answers.c.outcome == outcome)
        if outdated:
            which.append(answers.c.receipt.in_(_outdated()) | answers.c.redacted_at.is_not(None))
        return newest_first(self._database, *which)

    def live_versions(self, document_ids: Iterable[str]) -> dict[str, tuple[str, str, str]]:
        """Return, of those documents that there are, the live version, when it first came and when it was last read."""
        query = select(documents.c.id, documents.c.version, versions.c.created_at, documents.c.updated_at).join(
            versions, (versions.c.document_id == documents.c.id) & (versions.c.version == documents.c.version)
        )
        found: dict[str, tuple[str, str, str]] = {}
        with self._database.read() as connection:
            for some in batches(sorted(set(document_ids))):
                for row in connection.execute(query.where(documents.c.id.in_(some))):
                    found[row.id] = (row.version, row.created_at, row.updated_at)
        return found

    def stands(self, document_id: str, quotes: Iterable[str]) -> bool:
        """Return whether all quotes stand to the letter in the live version of a document; false for none such.

        A quote without words, as removal leaves it, stands nowhere. A blank line before or behind a quote may be the
        edge of the document.
        """
        text = (
            select(versions.c.text)
            .join(documents, (versions.c.document_id == documents.c.id) & (versions.c.version == documents.c.version))
            .where(documents.c.id == document_id)
            .scalar_subquery()
        )
        edged = literal("\n\n") + text + "\n\n"
        with self._database.read() as connection:
            return all(
                quote != "" and (connection.scalar(select(func.instr(edged, quote))) or 0) > 0 for quote in quotes
            )


def _outdated() -> Select[tuple[str]]:
    """Select the receipts that name a document version which is no longer live."""
    return (
        select(answer_sources.c.receipt)
        .outerjoin(documents, documents.c.id == answer_sources.c.document_id)
        .where(
            answer_sources.c.version != "",
            documents.c.id.is_(None) | (documents.c.version != answer_sources.c.version),
        )
    )
