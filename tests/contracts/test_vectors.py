"""What every implementation of `rag.protocols.Vectors` must do."""

from __future__ import annotations

import numpy as np
import pytest

from rag.protocols import VectorHit
from rag.stores.vectors import ChromaVectors


class ExactVectors:
    """The slow, obvious implementation: every query looks at every vector."""

    def __init__(self):
        self._collections = {}

    def add(self, space, index, ids, vectors):
        self._collections.setdefault((space, index), {}).update(zip(ids, vectors, strict=True))

    def query(self, space, index, vector, *, limit):
        stored = self._collections.get((space, index), {})
        hits = [VectorHit(name, float(row @ vector)) for name, row in stored.items()]
        return sorted(hits, key=lambda hit: (-round(hit.cosine, 6), hit.chunk_id))[: max(limit, 0)]

    def delete(self, space, index, ids):
        for name in ids:
            self._collections.get((space, index), {}).pop(name, None)

    def present(self, space, index, ids=None):
        stored = set(self._collections.get((space, index), {}))
        return stored if ids is None else stored & set(ids)

    def compact(self, space, index):
        """Nothing is kept of what was deleted."""

    def drop(self, space, index):
        self._collections.pop((space, index), None)


@pytest.fixture(params=["chroma", "exact"])
def vectors(request, tmp_path):
    if request.param == "exact":
        yield ExactVectors()
        return
    opened = ChromaVectors(tmp_path / "chroma")
    yield opened
    opened.close()


def axes(*numbers, dimension=8):
    return np.eye(dimension, dtype=np.float32)[list(numbers)]


def test_nothing_is_found_where_nothing_is(vectors):
    assert vectors.query("default", "i", axes(0)[0], limit=5) == []
    assert vectors.present("default", "i") == set()
    assert vectors.present("default", "i", ["a"]) == set()
    vectors.delete("default", "i", ["a"])
    vectors.compact("default", "i")
    vectors.drop("default", "i")


def test_nothing_can_be_added(vectors):
    vectors.add("default", "i", [], axes())

    assert vectors.present("default", "i") == set()


def test_the_nearest_come_first_with_their_cosine(vectors):
    diagonal = (axes(0)[0] + axes(1)[0]) / np.float32(np.sqrt(2))
    vectors.add("default", "i", ["far", "near", "same"], np.stack([axes(2)[0], diagonal, axes(0)[0]]))

    hits = vectors.query("default", "i", axes(0)[0], limit=3)

    assert [hit.chunk_id for hit in hits] == ["same", "near", "far"]
    assert [hit.cosine for hit in hits] == pytest.approx([1.0, 0.7071, 0.0], abs=1e-4)


def test_ties_are_broken_by_id_even_at_the_limit(vectors):
    names = [f"c{n:02d}" for n in range(20)]
    vectors.add("default", "i", names[::-1], np.repeat(axes(3), 20, axis=0))

    assert [hit.chunk_id for hit in vectors.query("default", "i", axes(3)[0], limit=5)] == names[:5]


@pytest.mark.parametrize(("limit", "expected"), [(0, 0), (1, 1), (2, 2), (100, 2)])
def test_the_limit_holds(vectors, limit, expected):
    vectors.add("default", "i", ["a", "b"], axes(0, 1))

    assert len(vectors.query("default", "i", axes(0)[0], limit=limit)) == expected


def test_adding_again_replaces(vectors):
    vectors.add("default", "i", ["a", "b"], axes(0, 1))
    vectors.add("default", "i", ["a"], axes(5))

    assert vectors.query("default", "i", axes(5)[0], limit=1)[0].chunk_id == "a"
    assert len(vectors.present("default", "i")) == 2


def test_deleted_vectors_are_not_found(vectors):
    vectors.add("default", "i", ["a", "b"], axes(0, 1))
    vectors.delete("default", "i", ["a", "unknown"])

    assert vectors.present("default", "i") == vectors.present("default", "i", ["a", "b"]) == {"b"}
    assert [hit.chunk_id for hit in vectors.query("default", "i", axes(0)[0], limit=5)] == ["b"]


def test_compacting_keeps_what_was_not_deleted(vectors):
    vectors.add("default", "i", ["a", "b", "c"], axes(0, 1, 2))
    vectors.delete("default", "i", ["b"])
    vectors.compact("default", "i")
    vectors.add("default", "i", ["d"], axes(3))

    assert vectors.present("default", "i") == {"a", "c", "d"}
    assert vectors.query("default", "i", axes(2)[0], limit=1)[0].chunk_id == "c"

    vectors.delete("default", "i", ["a", "c", "d"])
    vectors.compact("default", "i")
    assert vectors.query("default", "i", axes(2)[0], limit=1) == []


def test_a_dropped_collection_can_be_filled_again(vectors):
    vectors.add("default", "i", ["a"], axes(0))
    vectors.drop("default", "i")
    assert vectors.present("default", "i") == set()

    vectors.add("default", "i", ["b"], axes(1, dimension=12))
    assert vectors.present("default", "i") == {"b"}


@pytest.mark.parametrize("space", ["a", "", "Ünïcode 空间", "a/b\\..", "x" * 1000])
def test_spaces_and_indexes_of_any_name_are_apart(vectors, space):
    vectors.add(space, "i", ["a"], axes(0))
    vectors.add(space, "j", ["b"], axes(0))
    vectors.add(f"{space}!", "i", ["c"], axes(0))

    assert vectors.present(space, "i") == {"a"}
    assert [hit.chunk_id for hit in vectors.query(space, "j", axes(0)[0], limit=5)] == ["b"]
