"""The words of one collection, read off its full text: which stand there, which are near another, how codes are put."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock, local

import snowballstemmer
from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import Connection, select
from sqlalchemy import text as sql

from rag.protocols import Heading, Similar
from rag.stores.access import collection_key
from rag.stores.database import Database
from rag.stores.fulltext import table_name
from rag.stores.schema import collections
from rag.stores.words import (
    all_of,
    context_expression,
    joined_expression,
    plain_code,
    term_expression,
    written_expression,
)

# Shortest word that is compared, most candidates of one word, and passages read for how one is written.
_MIN_LETTERS, _MAX_CANDIDATES, _MAX_READ = 3, 12, 4
# Passages whose headings are counted.
_MAX_HEADED = 400
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_local = local()
_JOINT = "[-_/\u2010\u2011\u2012\u2013\u2212]?"


@dataclass(frozen=True, slots=True)
class _Stems:
    """The full text's words at one revision, stemmed as it stems them, with the number of passages of each."""

    revision: int
    passages: dict[str, int]
    by_length: dict[int, list[str]]


class VocabularyCache:
    """Words in memory, by collection; they follow the revision of the collection.

    ``generation`` counts how often all were dropped: what a connection reads that was opened before is not kept.
    """

    def __init__(self) -> None:
        self.generation = 0
        self._lock = Lock()
        self._stems: dict[int, _Stems] = {}

    def forget(self) -> None:
        """Drop all words."""
        with self._lock:
            self.generation += 1
            self._stems.clear()
        _stem.cache_clear()

    def stems(self, connection: Connection, collection: int, *, generation: int) -> _Stems:
        """Return the words of a collection as the connection sees it, opened in that generation or later."""
        revision = connection.scalar(select(collections.c.revision).where(collections.c.key == collection)) or 0
        with self._lock:
            known = self._stems.get(collection)
            if known is None or known.revision != revision:
                known = _read(connection, collection, revision)
                if generation == self.generation:
                    self._stems[collection] = known
            return known


class SqliteVocabulary:
    """The words of the live passages of a space.

    Args:
        database: The catalog's database.
        cache: Shared by all spaces of the process.
        space: Whose words.
        index: Index version to look in.
    """

    def __init__(self, database: Database, cache: VocabularyCache, space: str, index: str) -> None:
        self._database, self._cache = database, cache
        self._space, self._index = space, index

    def known(self, terms: Sequence[str]) -> frozenset[str]:
        """Return those of the words, codes and phrases that stand in some live passage, in any form of the word."""
        with self._open() as (connection, collection):
            if collection is None:
                return frozenset()
            name = table_name(collection)
            find = sql(f"SELECT 1 FROM {name} WHERE {name} MATCH :expression LIMIT 1")  # noqa: S608 - a number
            wanted = {term: term_expression(term) for term in terms}
            return frozenset(
                term
                for term, expression in wanted.items()
                if expression and connection.execute(find, {"expression": expression}).first()
            )

    def together(self, terms: Sequence[str]) -> bool:
        """Tell whether some live passage, with its title and headings, holds all of the words, codes and phrases."""
        expression = all_of(terms)
        with self._open() as (connection, collection):
            if collection is None or not expression:
                return False
            name = table_name(collection)
            find = sql(f"SELECT 1 FROM {name} WHERE {name} MATCH :expression LIMIT 1")  # noqa: S608 - a number
            return connection.execute(find, {"expression": expression}).first() is not None

    def similar(self, word: str, *, max_distance: int) -> list[Similar]:
        """Return words of the passages within a distance of another, nearest first, then those of most passages.

        Stems are compared first, a step further than asked, and beginnings of the word; how a stem is written,
        and the distance that counts, is read off some passages that hold it.

        Args:
            word: To compare with; accents and case do not count.
            max_distance: Most letters added, left out, replaced or swapped with their neighbour.
        """
        folded, generation = _fold(word), self._cache.generation
        with self._open() as (connection, collection):
            if collection is None or len(folded) < _MIN_LETTERS:
                return []
            stems = self._cache.stems(connection, collection, generation=generation)
            near = _near(folded, stems, max_distance)
            found: list[Similar] = []
            with _listed(connection, collection, "instance") as instances:
                for stem, gap in near.items():
                    # A stem that is further away is rarely nearer when written out.
                    if gap > 1 and found:
                        break
                    written = _written(connection, instances, stem, folded)
                    distance = OSA.distance(folded, _fold(written)) if written else max_distance + 1
                    if distance <= max_distance:
                        found.append(Similar(written, distance, stems.passages[stem]))
        return sorted(found, key=lambda other: (other.distance, -other.n_passages, other.word))

    def spelled(self, code: str) -> str | None:
        """Return how passages write a code that is given without its hyphens.

        ``None`` where none writes it with hyphens, or some write it without.
        """
        expression = joined_expression(code)
        with self._open() as (connection, collection):
            if collection is None or not expression:
                return None
            name = table_name(collection)
            find = sql(f"SELECT 1 FROM {name} WHERE {name} MATCH :expression LIMIT 1")  # noqa: S608 - a number
            if connection.execute(find, {"expression": written_expression(code)}).first():
                return None
            rows = connection.execute(
                sql(
                    f"SELECT chunks.context, chunks.text FROM {name} JOIN chunks ON chunks.key = {name}.rowid "  # noqa: S608 - a number
                    f"WHERE {name} MATCH :expression LIMIT {_MAX_READ}"
                ),
                {"expression": expression},
            ).all()
        letters = _JOINT.join(re.escape(char) for char in code if char.isalnum())
        forms = re.compile(rf"(?<![^\W_]){letters}(?![^\W_])", re.IGNORECASE)
        counted = Counter(form for row in rows for form in forms.findall(f"{row.context}\n{row.text}"))
        joined = [form for form in counted if not form.isalnum()]
        return min(joined, key=lambda form: (-counted[form], form), default=None)

    def headings(self, terms: Sequence[str], *, limit: int) -> list[Heading]:
        """Return titles, each with the headings below it, that hold every term, those of most passages first.

        A path ends with the first heading that completes the terms: ``("Kestrel 4", "Reset")``.
        """
        expression = context_expression(terms)
        with self._open() as (connection, collection):
            if collection is None or not expression:
                return []
            name = table_name(collection)
            rows = connection.execute(
                sql(
                    f"SELECT versions.title, versions.document_id, versions.version, chunks.headings FROM {name} "  # noqa: S608 - a number
                    f"JOIN chunks ON chunks.key = {name}.rowid "
                    "JOIN versions ON versions.document_id = chunks.document_id AND versions.version = chunks.version "
                    f"WHERE {name} MATCH :expression ORDER BY chunks.id LIMIT {_MAX_HEADED}"
                ),
                {"expression": expression},
            ).all()
        wanted = {stem for term in terms for stem in _stems_of(term)}
        paths: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        for row in rows:
            if path := _path((row.title, *json.loads(row.headings)), wanted):
                paths.setdefault(path, []).append((row.document_id, row.version))
        order = sorted(paths, key=lambda path: (len(path), -len(paths[path]), path))
        return [Heading(path, tuple(dict.fromkeys(paths[path]))) for path in order[:limit]]

    @contextmanager
    def _open(self) -> Iterator[tuple[Connection, int | None]]:
        with self._database.read() as connection:
            yield connection, collection_key(connection, self._space, self._index)


@contextmanager
def _listed(connection: Connection, collection: int, kind: str) -> Iterator[str]:
    """Give the name of a table that lists the words of the full text; it lives as long as the block."""
    name = f"temp.words_{kind}"
    connection.execute(
        sql(f"CREATE VIRTUAL TABLE {name} USING fts5vocab('main', '{table_name(collection)}', '{kind}')")
    )
    try:
        yield name
    finally:
        connection.execute(sql(f"DROP TABLE {name}"))


def _read(connection: Connection, collection: int, revision: int) -> _Stems:
    with _listed(connection, collection, "row") as words:
        rows = connection.execute(sql(f"SELECT term, doc FROM {words}")).all()  # noqa: S608 - a constant
    passages: dict[str, int] = {}
    by_length: dict[int, list[str]] = {}
    for row in rows:
        if len(row.term) >= _MIN_LETTERS and _WORD.fullmatch(plain_code(row.term)):
            passages[row.term] = row.doc
            by_length.setdefault(len(plain_code(row.term)), []).append(row.term)
    return _Stems(revision, passages, by_length)


def _near(folded: str, stems: _Stems, max_distance: int) -> dict[str, int]:
    """Return the stems to look at more closely with their distances, nearest first."""
    stem, reach = _stem(folded), max_distance + 1
    lengths = range(len(stem) - reach, len(stem) + reach + 1)
    same_length = [other for length in lengths for other in stems.by_length.get(length, ())]
    matches = process.extract(
        stem, same_length, scorer=OSA.distance, processor=plain_code, score_cutoff=reach, limit=_MAX_CANDIDATES * 4
    )
    distance = {other: int(score) for other, score, _ in matches}
    beginnings = [folded[:end] for end in range(_MIN_LETTERS + 2, len(folded)) if folded[:end] in stems.passages]
    order = sorted(distance, key=lambda other: (distance[other], -stems.passages[other], other))
    kept = {other: distance[other] for other in order[:_MAX_CANDIDATES]}
    return kept | {other: reach for other in beginnings if other not in kept}


def _written(connection: Connection, instances: str, stem: str, folded: str) -> str:
    """Return the form of a stem in the passages that is nearest to a word; small letters where it has been seen so."""
    rows = connection.execute(
        sql(
            f"SELECT DISTINCT chunks.key, chunks.context, chunks.text FROM {instances} AS listed "  # noqa: S608 - a constant
            f"JOIN chunks ON chunks.key = listed.doc WHERE listed.term = :stem LIMIT {_MAX_READ}"
        ),
        {"stem": stem},
    )
    code = plain_code(stem)
    forms: Counter[str] = Counter()
    for row in rows:
        for form in _WORD.findall(f"{row.context}\n{row.text}"):
            parts = [form] if code != stem else form.split("-")
            forms.update(part for part in parts if (_fold(part) if code != stem else _stem(_fold(part))) == code)
    return min(
        forms,
        key=lambda form: (OSA.distance(folded, _fold(form)), form != form.casefold(), -forms[form], form),
        default="",
    )


def _path(names: tuple[str, ...], wanted: set[str]) -> tuple[str, ...]:
    """Return title and the first heading at which all terms have been named; empty where they never are."""
    missing = set(wanted)
    for place, name in enumerate(names):
        missing -= _stems_of(name)
        if not missing:
            return names[:1] if place == 0 else (names[0], name)
    return ()


def _stems_of(text: str) -> set[str]:
    return {_stem(_fold(word)) for word in re.findall(r"[^\W_]+", text)}


def _fold(word: str) -> str:
    """Return a word as the full text sees it: no accents, no case."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


def _stemmer() -> snowballstemmer.stemmer:
    """Return the stemmer of this thread: it keeps the word that it works on."""
    if not hasattr(_local, "stemmer"):
        # The full text stems by Porter's first algorithm.
        _local.stemmer = snowballstemmer.stemmer("porter")
    return _local.stemmer
