"""Full text, the searching side: BM25 over the live chunks of one space."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text as sql

from rag.protocols import LexicalHit
from rag.stores.access import collection_key
from rag.stores.database import Database
from rag.stores.fulltext import table_name
from rag.stores.vocabulary import SqliteVocabulary, VocabularyCache
from rag.stores.words import all_of, any_of, term_expression

# In the order of the columns: context, text, codes, joined. A code that stands there to the letter must
# come before its parts; a title word says a little more about a passage than a word in it.
WEIGHTS = (1.5, 1.0, 4.0, 2.0)


class SqliteLexical:
    """SQLite FTS5; see `rag.stores.fulltext` for what it indexes.

    Args:
        database: The catalog's database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._words = VocabularyCache()

    def vocabulary(self, space: str, index: str) -> SqliteVocabulary:
        """Return the words of the live chunks of a space."""
        return SqliteVocabulary(self._database, self._words, space, index)

    def forget(self) -> None:
        """Drop the words that are kept in memory."""
        self._words.forget()

    def search(
        self, space: str, index: str, terms: Sequence[str], *, phrases: Sequence[str] = (), limit: int
    ) -> list[LexicalHit]:
        """Return chunks that hold any of the terms and all of the phrases, best first, ties by id.

        Terms and phrases are taken literally, whatever they hold. A term with punctuation or digits is
        looked for as a code to the letter, without its hyphens, and as a phrase of its parts.

        Args:
            space: Where to look.
            index: Index version to look in.
            terms: Words and codes; with phrases they only add to the score.
            phrases: Each must stand in the chunk or its context.
            limit: Most hits.
        """
        expression = _expression(terms, phrases)
        if not expression or limit < 1:
            return []
        with self._database.read() as connection:
            collection = collection_key(connection, space, index)
            if collection is None:
                return []
            name = table_name(collection)
            rows = connection.execute(
                sql(
                    f"SELECT chunks.id, -bm25({name}, {', '.join(map(str, WEIGHTS))}) AS score "  # noqa: S608 - numbers
                    f"FROM {name} JOIN chunks ON chunks.key = {name}.rowid "
                    f"WHERE {name} MATCH :expression ORDER BY score DESC, chunks.id LIMIT :limit"
                ),
                {"expression": expression, "limit": limit},
            )
            return [LexicalHit(chunk_id=row.id, bm25=float(row.score)) for row in rows]

    def document_frequency(self, space: str, index: str, terms: Sequence[str]) -> tuple[int, dict[str, int]]:
        """Return the number of live chunks and, for each term, in how many of them it stands."""
        with self._database.read() as connection:
            collection = collection_key(connection, space, index)
            if collection is None:
                return 0, dict.fromkeys(terms, 0)
            name = table_name(collection)
            total = connection.execute(sql(f"SELECT count(*) FROM {name}_docsize")).scalar_one()  # noqa: S608
            count = sql(f"SELECT count(*) FROM {name} WHERE {name} MATCH :expression")  # noqa: S608 - a number
            counts: dict[str, int] = {}
            for term in dict.fromkeys(terms):
                expression = term_expression(term)
                counts[term] = connection.execute(count, {"expression": expression}).scalar_one() if expression else 0
            return total, counts

    def present(self, space: str, index: str) -> set[str]:
        """Return the ids of the chunks that are indexed; a row that is no chunk shows as ``row NUMBER``.

        Raises:
            StoreError: The index contradicts itself.
        """
        with self._database.write() as connection:
            collection = collection_key(connection, space, index)
            if collection is None:
                return set()
            name = table_name(collection)
            connection.execute(sql(f"INSERT INTO {name} ({name}) VALUES ('integrity-check')"))  # noqa: S608 - a number
            rows = connection.execute(
                sql(
                    "SELECT coalesce(chunks.id, 'row ' || indexed.id) "  # noqa: S608 - a number
                    f"FROM {name}_docsize AS indexed LEFT JOIN chunks ON chunks.key = indexed.id"
                )
            )
            return set(rows.scalars())


def _expression(terms: Sequence[str], phrases: Sequence[str]) -> str:
    any_term = any_of(terms)
    if not phrases:
        return any_term
    required = all_of(phrases)
    if not required:
        return ""
    # "required OR (required AND terms)" matches what "required" does and lets the terms add to the score.
    return f"({required}) OR (({required}) AND ({any_term}))" if any_term else required
