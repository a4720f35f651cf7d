import math

import numpy as np
import pytest

from rag.models.late_interaction import LateInteraction
from rag.protocols import TokenVectors
from rag.types import ModelUse


class Letters:
    """Each letter is a token with a direction of its own; ``z`` lies between ``a`` and ``b``."""

    use = ModelUse("test:letters", "0" * 64)
    n_read = 0

    def token_vectors(self, texts, *, urgency="question"):
        self.n_read += len(texts)
        return [
            TokenVectors(tuple(map(ord, text)), np.stack([direction(c) for c in text])) if text else empty()
            for text in texts
        ]


def direction(letter):
    vector = np.zeros(26, dtype=np.float32)
    vector[[0, 1] if letter == "z" else ord(letter) - ord("a")] = 1
    return vector / np.linalg.norm(vector)


def empty():
    return TokenVectors((), np.zeros((0, 26), dtype=np.float32))


def slow_score(question, passage, passages):
    """A third of the whole and two of its best stretch, three blocks of eight tokens."""
    starts = range(0, max(len(passage), 1), 8)
    stretch = max(slow_agreement(question, passage[start : start + 24], passages) for start in starts)
    return (slow_agreement(question, passage, passages) + 2 * stretch) / 3


def slow_agreement(question, passage, passages):
    """The formula, word by word."""
    total = weights = 0.0
    for letter in question:
        n = sum(letter in other for other in passages)
        weight = 1 + 0.5 * math.log(1 + (len(passages) - n + 0.5) / (n + 0.5))
        total += weight * max((float(direction(letter) @ direction(other)) for other in passage), default=0.0)
        weights += weight
    return total / weights


@pytest.mark.parametrize("question", ["ab", "az", "abc", "zzz"])
def test_scores_follow_the_formula(question):
    passages = [
        "abc",
        "zc",
        "cde",
        "",
        "a",
        "a" + "k" * 14 + "b" + "m" * 16 + "c",
        "a" + "k" * 31 + "bc",
        "q" * 50 + "z",
    ]

    scores = LateInteraction(Letters()).score(question, passages)

    np.testing.assert_allclose(scores, [slow_score(question, p, passages) for p in passages], atol=1e-3)


def test_a_rare_token_counts_more_than_a_common_one():
    rare, common, *_ = LateInteraction(Letters()).score("ab", ["bd", "ad", "ae", "af"])

    assert rare > common


def test_a_passage_that_says_it_in_one_place_comes_before_one_that_scatters_it():
    together, scattered = "ab" + "k" * 60, "a" + "k" * 60 + "b"

    near, far = LateInteraction(Letters()).score("ab", [together, scattered])

    assert near == pytest.approx(1.0, abs=1e-3)
    assert far == pytest.approx(2 / 3, abs=1e-3)


def test_a_question_and_its_passages_are_read_once():
    letters = Letters()
    reranker = LateInteraction(letters)
    first = reranker.score("ab", ["abc", "cd", "abc"])
    assert letters.n_read == 3

    np.testing.assert_array_equal(reranker.score("ab", ["abc", "cd", "abc"]), first)
    assert letters.n_read == 3


def test_the_longest_unused_passage_is_forgotten_first():
    letters = Letters()
    reranker = LateInteraction(letters, cache_bytes=2 * 3 * 26 * 2)
    for passages in (["abc"], ["cde"], ["abc"], ["efg"]):
        reranker.score("a", passages)
    letters.n_read = 0

    reranker.score("a", ["abc", "efg"])
    assert letters.n_read == 0
    reranker.score("a", ["cde"])
    assert letters.n_read == 1


def test_nothing_is_kept_after_forgetting():
    letters = Letters()
    reranker = LateInteraction(letters)
    reranker.score("a", ["abc"])
    reranker.forget()
    letters.n_read = 0

    reranker.score("a", ["abc"])

    assert letters.n_read == 2


def test_what_is_read_while_everything_is_forgotten_is_not_kept():
    class Forgetting(Letters):
        def token_vectors(self, texts, *, urgency="question"):
            if "abc" in texts and self.n_read <= 1:
                reranker.forget()
            return super().token_vectors(texts, urgency=urgency)

    letters = Forgetting()
    reranker = LateInteraction(letters)
    assert reranker.score("a", ["abc"]).shape == (1,)
    assert not reranker._passages._entries
    reranker.score("a", ["abc"])
    assert len(reranker._passages._entries) == 1


def test_the_passage_that_answers_comes_first(minilm):
    passages = [
        "The router has four network ports and one for power.",
        "Hold the reset button for ten seconds to restore the factory settings.",
        "Refunds are paid within 14 days.",
    ]

    scores = LateInteraction(minilm).score("How do I go back to factory settings?", passages)

    assert scores.argmax() == 1
