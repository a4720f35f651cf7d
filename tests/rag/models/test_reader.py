"""The reader: relevance, answer and highlights from one pass; `tests.rag.training` shows that one learns."""

import re
import threading
from itertools import pairwise

import numpy as np
import pytest
import torch

from rag.errors import ModelError
from rag.models.pairs import Pair
from rag.models.reader import Reader, _best, _sentence_ends
from rag.sentences import Span
from rag.types import ModelUse
from tests.rag.models.test_pairs import save_pair_model

QUESTION = "what is the error code ?"
PASSAGES = ("the router light is red . restart the router", "error code hx 2019", "yes")


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    folder = save_pair_model(tmp_path_factory.mktemp("reader"), kind="reader")
    loaded = Reader(folder, use=ModelUse("the reader", "ab"), threads=1, precision="float32")
    yield loaded
    loaded.close()


def test_answers_are_spans_of_the_passage_with_their_chances(reader):
    for passage, found in zip(PASSAGES, reader.read(QUESTION, PASSAGES), strict=True):
        assert 0 <= found.answer.start < found.answer.end <= len(passage)
        assert passage[found.answer.start : found.answer.end].strip()
        assert 0 < found.probability <= 1
        assert 0 < found.answers < 1


def test_scores_are_the_relevances(reader):
    found = [each.relevance for each in reader.read(QUESTION, PASSAGES)]
    np.testing.assert_allclose(reader.score(QUESTION, PASSAGES), found)
    assert reader.score(QUESTION, []).shape == (0,)


def test_a_passage_reads_alone_as_among_others(reader):
    together = reader.read(QUESTION, PASSAGES)
    reader.forget()
    alone = [reader.read(QUESTION, [passage])[0] for passage in PASSAGES]
    for one, other in zip(together, alone, strict=True):
        assert one.answer == other.answer
        assert one.relevance == pytest.approx(other.relevance, abs=1e-4)


def test_an_empty_passage_has_no_answer(reader):
    (found,) = reader.read(QUESTION, [""])
    assert (found.answer, found.probability) == (None, 0.0)


def test_what_was_read_is_kept_until_it_is_forgotten(reader):
    reader.forget()
    first = reader.read(QUESTION, PASSAGES)
    again = reader.read(QUESTION, PASSAGES[::-1])[::-1]
    assert all(one is other for one, other in zip(first, again, strict=True))
    reader.forget()
    anew = reader.read(QUESTION, PASSAGES)
    assert not any(one is other for one, other in zip(first, anew, strict=True))


def test_what_is_read_while_everything_is_forgotten_is_not_kept(reader, monkeypatch):
    reader.forget()
    states = reader._model.states

    def forgetting(pairs):
        reader.forget()
        return states(pairs)

    monkeypatch.setattr(reader._model, "states", forgetting)
    assert reader.read(QUESTION, PASSAGES[:1])[0].answer
    assert not reader._kept._entries
    monkeypatch.setattr(reader._model, "states", states)
    reader.read(QUESTION, PASSAGES[:1])
    assert len(reader._kept._entries) == 1


def test_another_question_is_read_anew(reader):
    one, other = (reader.read(question, PASSAGES[:1])[0] for question in (QUESTION, "who ?"))
    assert one.relevance != other.relevance


def test_a_passage_that_is_asked_for_twice_is_read_once_and_answered_twice(reader):
    one, other = reader.read(QUESTION, [PASSAGES[0], PASSAGES[0]])
    assert one == other


def test_many_threads_get_their_own(reader):
    wanted = reader.read(QUESTION, PASSAGES)
    reader.forget()
    got = {}
    threads = [
        threading.Thread(target=lambda n=n: got.update({n: reader.read(QUESTION, [PASSAGES[n % 3]])[0]}))
        for n in range(9)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(got[n].answer == wanted[n % 3].answer for n in range(9))


def test_it_says_which_weights_it_used_and_closes(tmp_path):
    folder = save_pair_model(tmp_path / "reader", kind="reader")
    closed = Reader(folder, use=ModelUse("mine", "cd"), threads=1, precision="float32")
    assert closed.use == ModelUse("mine", "cd")
    closed.close()
    with pytest.raises(ModelError):
        closed.read(QUESTION, PASSAGES)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Press it for 3 seconds. To erase, hold it.", ["Press it for 3 seconds. ", "To erase, hold it."]),
        ("First line\nSecond line", ["First line\n", "Second line"]),
        ("Ask Dr. Thorne of Rowan Inc. about it!", ["Ask Dr. Thorne of Rowan Inc. about it!"]),
        ("It weighs 4.5 kg, e.g. when wet. 30 days later it does not.", None),
        ("", []),
    ],
)
def test_an_answer_ends_within_its_sentence(text, sentences):
    words = [(match.start(), match.end()) for match in re.finditer(r"\w+|[^\w\s]", text)]
    until = _sentence_ends(Pair((), 0, tuple(words), (), "", text))
    firsts = sorted({0, *until} - {len(words)}) if words else []
    cuts = [words[first][0] for first in firsts] + [len(text)]
    found = [text[begin:end] for begin, end in pairwise(cuts)]
    expected = (
        sentences if sentences is not None else ["It weighs 4.5 kg, e.g. when wet. ", "30 days later it does not."]
    )
    assert found == expected


def test_the_likeliest_words_of_two_sentences_are_not_joined():
    starts = torch.tensor([0.6, 0.1, 0.3])
    ends = torch.tensor([0.1, 0.2, 0.7])
    assert _best(starts, ends, [3, 3, 3]) == (0, 2)
    assert _best(starts, ends, [2, 2, 3]) == (2, 2)


def test_where_an_answer_may_stand_is_told_of_every_part(reader):
    (found,) = reader.read(QUESTION, PASSAGES[:1])
    text = PASSAGES[0]
    whole, first, rest = Span(0, len(text)), Span(0, 10), Span(10, len(text))
    assert found.inside(whole) == pytest.approx(1.0, abs=1e-3)
    assert 0.0 <= min(found.inside(first), found.inside(rest)) <= max(found.inside(first), found.inside(rest)) < 1.0
    assert found.inside(found.answer) ** 2 >= found.probability - 1e-6
    assert found.inside(Span(3, 3)) == 0.0
