"""What every implementation of `rag.protocols.Reranker` must do."""

from __future__ import annotations

import numpy as np
import pytest

from rag.models.reranking import load_reranker

QUESTION = "when is the light red ?"
PASSAGES = ("the light is red when the firmware update fails .", "a refund in 2019", "", "the office in lisbon")


@pytest.fixture(params=["late-interaction", "cross-encoder"])
def reranker(request, minilm, tiny_cross_encoder, models_home):
    ref = "bundled:late-interaction" if request.param == "late-interaction" else str(tiny_cross_encoder)
    loaded = load_reranker(ref, embedder=minilm, cache=models_home, threads=1)
    yield loaded
    if request.param == "cross-encoder":
        loaded.close()


def test_one_finite_score_for_each_passage(reranker):
    scores = reranker.score(QUESTION, PASSAGES)

    assert scores.shape == (len(PASSAGES),)
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()


def test_no_passages_have_no_scores(reranker):
    assert reranker.score(QUESTION, []).shape == (0,)


def test_scores_follow_the_passages(reranker):
    scores = reranker.score(QUESTION, PASSAGES)

    np.testing.assert_allclose(reranker.score(QUESTION, PASSAGES[::-1]), scores[::-1], atol=5e-3)
    assert len(set(scores.round(3))) > 1


def test_the_same_question_gives_the_same_scores(reranker):
    np.testing.assert_array_equal(reranker.score(QUESTION, PASSAGES), reranker.score(QUESTION, PASSAGES))


def test_an_empty_question_is_no_error(reranker):
    assert np.isfinite(reranker.score("", PASSAGES)).all()


def test_the_hash_of_the_weights_is_known(reranker):
    assert len(reranker.use.sha256) == 64
