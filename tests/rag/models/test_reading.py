"""The built-in reranker: the reader reads what late interaction puts first, and no more than matters."""

import numpy as np
import pytest

from rag.models.late_interaction import LateInteraction
from rag.models.reader import Reader
from rag.models.reading import BY_CHANCE, BY_RELEVANCE, ReadingReranker
from rag.models.reranking import load_reranker
from rag.protocols import Found
from rag.sentences import Span
from rag.types import ModelUse
from tests.rag.models.test_pairs import save_pair_model

QUESTION = "what is the error code ?"
PASSAGES = ("the router light is red . restart the router", "error code hx 2019", "yes")


class Near:
    """Scores passages as it is told to."""

    def __init__(self, scores):
        self.scores = np.array(scores, dtype=np.float32)

    def score(self, question, passages):
        return self.scores[[int(passage.split()[0]) for passage in passages]]


class Reads:
    """Finds in passage ``n`` what it is told to, and notes what it read."""

    use = ModelUse("reads", "ab")

    def __init__(self, answers, relevance=()):
        self.answers, self.relevance = answers, dict(relevance)
        self.read_passages = []

    def read(self, question, passages):
        numbers = [int(passage.split()[0]) for passage in passages]
        self.read_passages += numbers
        return [Found(self.relevance.get(n, 0.0), self.answers.get(n, 0.0), None, 0.0) for n in numbers]


def numbered(n):
    return [str(number) for number in range(n)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_pair_model(tmp_path_factory.mktemp("reader"), kind="reader")


def test_a_passage_that_answers_comes_before_one_that_is_only_as_near():
    scores = ReadingReranker(Reads({1: 1.0}), Near([0.5, 0.5, 0.5])).score(QUESTION, numbered(3))
    assert int(np.argmax(scores)) == 1
    assert scores[0] == scores[2] == pytest.approx(0.5 + BY_RELEVANCE)


def test_of_passages_that_answer_alike_the_more_relevant_comes_first():
    reads = Reads({0: 0.4, 1: 0.4, 2: 0.4}, {0: -6.0, 1: 3.0, 2: 0.0})
    scores = ReadingReranker(reads, Near([0.5, 0.5, 0.5])).score(QUESTION, numbered(3))
    assert scores[1] == pytest.approx(0.5 + 0.4 * BY_CHANCE + BY_RELEVANCE)
    assert scores[1] > scores[2] > scores[0] > 0.5 + 0.4 * BY_CHANCE


def test_the_more_of_them_stand_below_a_question_the_less_the_reader_counts():
    def score(*below):
        reranker = ReadingReranker(Reads({0: 1.0}), Near([0.5] * 4))
        return reranker.score(
            QUESTION, [f"{n}\n{'How is it reset?' if n in below else 'Reset'}\nSo." for n in range(4)]
        )

    most = BY_CHANCE + BY_RELEVANCE
    assert score()[0] == pytest.approx(0.5 + most)
    assert score(1)[0] == pytest.approx(0.5 + 0.75 * most)
    assert score(0, 1, 2, 3) == pytest.approx(0.5)


def test_only_the_nearest_are_read():
    near = [0.2] * 20 + [0.9] * 8 + [0.3] * 10
    reads = Reads(dict.fromkeys(range(38), 1.0))
    scores = ReadingReranker(reads, Near(near)).score(QUESTION, numbered(38))
    assert sorted(reads.read_passages) == list(range(20, 28))
    assert scores[20:28] == pytest.approx(0.9 + BY_CHANCE + BY_RELEVANCE)
    assert scores[28:] == pytest.approx(0.3)


def test_no_passages_no_scores():
    assert ReadingReranker(Reads({}), Near([])).score(QUESTION, []).shape == (0,)


def test_it_reads_what_the_reader_reads(folder, minilm):
    near = LateInteraction(minilm)
    reader = Reader(folder, use=ModelUse("the reader", "ab"), threads=1, precision="float32")
    reranker = ReadingReranker(reader, near)
    assert reranker.use == ModelUse("the reader", "ab")
    assert reranker.find(QUESTION, PASSAGES) == reader.read(QUESTION, PASSAGES)
    spans = [[Span(0, len(passage))] for passage in PASSAGES]
    compared = near.highlight(QUESTION, PASSAGES, spans)
    for got, expected in zip(reranker.highlight(QUESTION, PASSAGES, spans), compared, strict=True):
        np.testing.assert_array_equal(got, expected)
    reranker.close()


def test_a_folder_with_a_reader_is_loaded_as_one(folder, minilm, models_home):
    reranker = load_reranker(str(folder), embedder=minilm, cache=models_home, threads=1)
    assert isinstance(reranker, ReadingReranker)
    assert reranker.use.ref == str(folder)
    assert reranker.score(QUESTION, PASSAGES).shape == (3,)
    reranker.close()


def test_a_code_alone_is_compared_and_not_read():
    reads = Reads({1: 1.0})
    model = ReadingReranker(reads, Near([0.4, 0.6, 0.5]))

    assert model.score("HX-2104", numbered(3)).tolist() == pytest.approx([0.4, 0.6, 0.5])
    assert model.find("HX-2104", numbered(2)) == [None, None]
    assert reads.read_passages == []
