"""Chroma finds the nearest, whatever the space is called and whoever writes at the same time."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from rag.errors import StoreError
from rag.stores.vectors import ChromaVectors


def normal_vectors(n, dimension, seed=0):
    vectors = np.random.default_rng(seed).standard_normal((n, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def vectors(tmp_path):
    opened = ChromaVectors(tmp_path / "chroma")
    yield opened
    opened.close()


def test_the_best_fifty_are_those_of_an_exhaustive_search(vectors):
    # Random vectors are the hardest case: real ones stand in clusters.
    stored, queries = normal_vectors(6000, 64), normal_vectors(30, 64, seed=1)
    names = [f"c{n:05d}" for n in range(len(stored))]
    vectors.add("default", "i", names, stored)

    recalls = []
    for query in queries:
        exact = {names[n] for n in np.argsort(-(stored @ query), kind="stable")[:50]}
        hits = vectors.query("default", "i", query, limit=50)
        recalls.append(len(exact & {hit.chunk_id for hit in hits}) / 50)
        assert abs(hits[0].cosine - float((stored @ query).max())) < 1e-4

    assert np.mean(recalls) >= 0.99


def test_queries_go_on_while_others_write_and_compact(vectors):
    stored = normal_vectors(400, 16)
    vectors.add("default", "i", [f"kept{n}" for n in range(400)], stored)
    failures, done = [], threading.Event()

    def ask():
        try:
            while not done.is_set():
                assert vectors.query("default", "i", stored[7], limit=1)[0].chunk_id == "kept7"
        except (AssertionError, StoreError, IndexError) as exc:
            failures.append(exc)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(4):
        names = [f"passing{n}-{m}" for m in range(50)]
        vectors.add("default", "i", names, normal_vectors(50, 16, seed=n + 1))
        vectors.delete("default", "i", names)
        vectors.compact("default", "i")
    done.set()
    for thread in threads:
        thread.join()

    assert failures == []
    assert len(vectors.present("default", "i")) == 400


def test_many_threads_add(vectors):
    def add(n):
        vectors.add("default", "i", [f"{n}-{m}" for m in range(50)], normal_vectors(50, 16, seed=n))

    threads = [threading.Thread(target=add, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(vectors.present("default", "i")) == 300


def test_more_than_one_batch_goes_in(vectors, monkeypatch):
    monkeypatch.setattr(vectors, "_batch", 7)
    names = [f"c{n}" for n in range(20)]
    vectors.add("default", "i", names, normal_vectors(20, 8))
    assert vectors.present("default", "i", names) == set(names)

    vectors.compact("default", "i")
    vectors.delete("default", "i", names[:15])

    assert vectors.present("default", "i") == set(names[15:])


def test_vectors_are_there_after_a_restart(tmp_path):
    stored = normal_vectors(1500, 16)
    first = ChromaVectors(tmp_path / "chroma")
    first.add("default", "i", [f"c{n}" for n in range(1500)], stored)
    first.compact("default", "i")
    first.close()

    again = ChromaVectors(tmp_path / "chroma")
    assert again.query("default", "i", stored[1200], limit=1)[0].chunk_id == "c1200"
    again.close()


def test_a_dropped_collection_leaves_no_file(vectors, tmp_path):
    vectors.add("default", "i", ["a"], normal_vectors(1, 8))
    vectors.drop("default", "i")
    vectors.drop("default", "i")

    assert [path.name for path in (tmp_path / "chroma").iterdir() if path.is_dir()] == []
    assert vectors.present("default", "i") == set()


def test_vectors_of_another_dimension_are_refused(vectors):
    vectors.add("default", "i", ["a"], normal_vectors(1, 8))

    with pytest.raises(StoreError, match="dimension"):
        vectors.add("default", "i", ["b"], normal_vectors(1, 9))
    with pytest.raises(StoreError, match="1 ids came with 2"):
        vectors.add("default", "i", ["b"], normal_vectors(2, 8))


def test_after_a_write_that_failed_no_other_one_seals_the_files(tmp_path):
    opened = ChromaVectors(tmp_path / "chroma")
    opened.add("default", "i", ["a"], normal_vectors(1, 8))
    with pytest.raises(StoreError, match="dimension"):
        opened.add("default", "i", ["b"], normal_vectors(1, 9))
    opened.add("default", "i", ["c"], normal_vectors(1, 8))
    assert opened.present("default", "i") == {"a", "c"}
    opened.close()

    again = ChromaVectors(tmp_path / "chroma")
    assert again.present("default", "i") == set()
    again.add("default", "i", ["a"], normal_vectors(1, 8))
    again.close()

    whole = ChromaVectors(tmp_path / "chroma")
    assert whole.present("default", "i") == {"a"}
    whole.close()


def test_a_path_that_is_a_file_is_an_error(tmp_path):
    (tmp_path / "chroma").write_text("no directory")

    with pytest.raises(StoreError, match="chroma"):
        ChromaVectors(tmp_path / "chroma")
