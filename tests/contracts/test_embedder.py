"""What every implementation of `rag.protocols.Embedder` must do."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from rag.models.embedding import load_embedder

TEXTS = ("the light is red", "when does the warranty cover a return ?", "", "red", "the light is red")


@pytest.fixture(
    scope="module", params=["bundled", "lean-float32", "lean-bfloat16", "lean-int8", "sentence-transformer"]
)
def embedder(request, minilm, tiny_sentence_bert, tiny_projected_bert, models_home):
    if request.param == "bundled":
        yield minilm
        return
    folder = tiny_projected_bert if request.param == "sentence-transformer" else tiny_sentence_bert
    runtime = "torch-" + request.param.removeprefix("lean-") if "lean" in request.param else "torch-float32"
    with load_embedder(str(folder), runtime=runtime, threads=1, cache=models_home) as loaded:
        yield loaded


def test_vectors_have_the_dimension_and_unit_length(embedder):
    vectors = embedder.embed(TEXTS)

    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_vectors(embedder):
    assert embedder.embed([]).shape == (0, embedder.dimension)
    assert embedder.token_vectors([]) == []


def test_vectors_come_in_the_order_of_the_texts(embedder):
    together = embedder.embed(TEXTS, urgency="ingest")

    for text, vector in zip(TEXTS, together, strict=True):
        np.testing.assert_allclose(embedder.embed([text])[0], vector, atol=0.02)
    assert not np.allclose(together[0], together[3], atol=0.02)


def test_the_same_text_gives_the_same_vector(embedder):
    np.testing.assert_array_equal(embedder.embed(TEXTS), embedder.embed(TEXTS))


def test_a_text_longer_than_the_model_reads_is_cut(embedder):
    words = "red " * embedder.max_tokens

    np.testing.assert_array_equal(embedder.embed([words]), embedder.embed([words + "green " * 5]))


def test_token_vectors_leave_special_tokens_out(embedder):
    (tokens,) = embedder.token_vectors(["red green red"])

    assert len(tokens.ids) == 3
    assert tokens.ids[0] == tokens.ids[2] != tokens.ids[1]
    assert tokens.vectors.shape[0] == 3
    np.testing.assert_allclose(np.linalg.norm(tokens.vectors, axis=1), 1, atol=1e-5)


def test_token_spans_point_at_the_words(embedder):
    text = "The light,\n is RED"

    assert [text[span.start : span.end] for span in embedder.token_spans(text)] == ["The", "light", ",", "is", "RED"]


def test_token_spans_cover_a_text_of_any_length(embedder):
    text = "red light " * 30_000

    spans = embedder.token_spans(text)

    assert len(spans) == 60_000
    assert text[spans[-1].start : spans[-1].end] == "light"
    assert all(text[span.start : span.end] in {"red", "light"} for span in spans[19_000:21_000])


def test_many_threads_get_their_own_vectors(embedder):
    expected = embedder.embed(TEXTS)
    got = {}

    def ask(i):
        got[i] = embedder.embed([TEXTS[i % len(TEXTS)]], urgency="question" if i % 2 else "ingest")[0]

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for i, vector in got.items():
        np.testing.assert_allclose(vector, expected[i % len(TEXTS)], atol=0.02)


def test_the_hash_of_the_weights_is_known(embedder):
    assert len(embedder.use.sha256) == 64
