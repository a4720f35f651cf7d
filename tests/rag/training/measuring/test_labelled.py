"""Figures of reader and verifier on labelled sets."""

from typing import NamedTuple

import numpy as np
import pytest

from rag.errors import InputError
from rag.evaluation.dataset import CorpusDocument, LabelledQuery, LabelledSet
from rag.models.reader import Found
from rag.sentences import Span
from rag.training.claims.claim import Claim
from rag.training.measuring.labelled import measure_claims, measure_probes, measure_reader
from tests.rag.training.measuring.test_probes import ARTICLES


class Finder:
    """Reads the last word before the full stop, and holds that only questions about lamps are answered."""

    def read(self, question, passages):
        (passage,) = passages
        end = passage.rindex(".")
        return [Found(0.0, float("lamp" in question), Span(passage.rindex(" ", 0, end) + 1, end), 1.0)]


class Letters(NamedTuple):
    """Supports what stands in the source to the letter, save for one kind of claim."""

    trusts: str = "nothing"

    def support(self, claims, sources):
        found = [float(c in s or self.trusts in c) for c, s in zip(claims, sources, strict=True)]
        return np.array(found, dtype=np.float32)


def question(name, text, passage, **metadata):
    return LabelledQuery(name, text, {}, metadata={"passage": passage, **metadata})


CORPUS = (CorpusDocument("a", "Router", "The lamp is red."), CorpusDocument("b", "Switch", "The lamp is dark blue."))


def test_a_reader_is_measured_on_the_passage_that_was_asked_about():
    queries = (
        question("1", "Which lamp?", "a", answers=["red"], answerable=True),
        question("2", "Which lamp is it?", "b", answers=["dark blue"], answerable=True),
        question("3", "Who?", "a", answerable=False),
    )
    told = []
    figures = measure_reader(
        Finder(), LabelledSet("toy", "", CORPUS, {}, queries), on_progress=lambda *n: told.append(n)
    )
    assert figures["exact_match"] == 0.5
    assert figures["f1"] == pytest.approx((1 + 2 / 3) / 2)
    assert figures["auroc"] == 1.0
    assert (figures["answerable"], figures["unanswerable"]) == (2, 1)
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_question_without_its_passage_is_an_error():
    queries = (LabelledQuery("1", "Which?", {}, metadata={}),)
    with pytest.raises(InputError, match="'1' of 'toy' names no passage"):
        measure_reader(Finder(), LabelledSet("toy", "", CORPUS, {}, queries))


def test_claims_are_measured_by_auroc():
    claims = [
        Claim("red", "it is red", supported=True, faults=(), kind=""),
        Claim("x", "y", supported=False, faults=None, kind=""),
    ]
    assert measure_claims(Letters(), claims * 20) == 1.0
    assert measure_claims(Letters("x"), claims * 20) == 0.5


def corpus():
    lines = [
        CorpusDocument(f"{title} {n}", title, text) for title, texts in ARTICLES.items() for n, text in enumerate(texts)
    ]
    return LabelledSet("toy", "", tuple(lines), {}, ())


def test_probes_are_told_from_right_sentences_and_what_is_let_through_is_named():
    figures = measure_probes(Letters(), corpus(), seed=3)
    assert figures["auroc"] == 1.0
    kinds = [name for name in figures if name.startswith("passed: ")]
    assert kinds
    assert all(figures[name] == 0 for name in kinds)
    assert figures["probes"] >= 2
    assert max(measure_probes(Letters(" "), corpus(), seed=3)[name] for name in kinds) == 1


def test_a_set_without_sentences_is_an_error():
    with pytest.raises(InputError, match="'toy' has no sentence"):
        measure_probes(Letters(), LabelledSet("toy", "", CORPUS, {}, ()), seed=1)
