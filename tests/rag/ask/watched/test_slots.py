"""A model is watched: what it gives is checked, what it fails at is noted once, and it is not asked again."""

import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest

from rag.ask.watched.models import WatchedHighlighter, WatchedReranker, WatchedVerifier
from rag.ask.watched.slots import Watch
from rag.ask.watched.streams import WatchedGenerator
from rag.errors import ModelError, StoreError
from rag.protocols import Found, Likelihood
from rag.sentences import Span
from rag.types import ModelUse

WAIT_S = 30.0
USE = ModelUse("test:model", "")


def test_a_slot_that_failed_is_told_of_once_and_not_asked_again():
    calls, told = [], []
    watch = Watch(WAIT_S, told.append)

    def score(question, _passages):
        calls.append(question)
        raise RuntimeError("out of memory")

    reranker = WatchedReranker(lambda: SimpleNamespace(use=USE, score=score), watch)
    for _ in range(2):
        with pytest.raises(ModelError, match=r"The reranker failed with RuntimeError: out of memory\."):
            reranker.score("Why?", ["a"])
    assert (len(calls), told) == (1, ["reranker"])
    assert reranker.known_use == USE


def test_an_error_of_another_kind_becomes_one_of_a_model_and_keeps_its_hint():
    watch = Watch(WAIT_S)

    def get():
        raise StoreError("The home is gone.", hint="Look for it.")

    with pytest.raises(ModelError) as caught:
        WatchedReranker(get, watch).score("Why?", ["a"])
    assert caught.value.hint == "Look for it."


def test_what_was_highlighted_is_not_asked_for_again():
    asked = []

    def highlight(question, _passages, spans):
        asked.append(question)
        return [np.arange(len(found), dtype=np.float32) for found in spans]

    watched = WatchedHighlighter(lambda: SimpleNamespace(highlight=highlight), Watch(WAIT_S))
    all_spans = [[Span(0, 1), Span(2, 3)], [Span(0, 1)]]
    watched.highlight("Why?", ["a b", "c"], all_spans)
    (first, second) = watched.highlight("Why?", ["a b", "c"], [[Span(2, 3)], []])
    assert (first.tolist(), second.tolist()) == ([1.0], [])
    watched.highlight("How?", ["a b", "c"], all_spans)
    assert asked == ["Why?", "How?"]


def test_without_a_highlighter_shared_words_count_and_make_no_answer_likely():
    watched = WatchedHighlighter(lambda: None, Watch(WAIT_S))
    (scores,) = watched.highlight("reset router", ["reset the router now"], [[Span(0, 20), Span(17, 20)]])
    assert scores.tolist() == [0.5, 0.0]
    assert watched.find("reset router", ["reset the router now"]) == [None]


@pytest.mark.parametrize(
    "found",
    [
        Found(0.5, float("nan"), None, 0.5),
        Found(0.5, 0.5, Span(0, 99), 0.5),
        Found(9e9, 0.5, None, 0.5),
        Found(0.5, 0.5, None, 0.5, (), Likelihood(np.array([0]), np.array([0.0, 7.0]), np.array([0.0, 7.0]))),
        Found(0.5, 0.5, None, 0.5, (), Likelihood(np.array([0]), np.array([0.0, 1.0]), np.array([0.0, float("nan")]))),
    ],
)
def test_findings_that_make_no_sense_are_none(found):
    watch = Watch(WAIT_S)
    watched = WatchedHighlighter(lambda: SimpleNamespace(find=lambda *_: [found]), watch)
    assert watched.find("Why?", ["text"]) == [None]
    assert "highlighter" in watch.faults


def test_a_support_that_is_no_chance_is_garbage():
    verifier = SimpleNamespace(use=USE, support=lambda claims, _: np.full(len(claims), 7.0))
    with pytest.raises(ModelError, match="a support of 7"):
        WatchedVerifier(lambda: verifier, Watch(WAIT_S)).support(["a"], ["b"])


def test_a_reader_who_stops_stops_the_generator():
    written, stopped = [], threading.Event()

    def stream(*_, **__):
        try:
            for n in range(10_000_000):
                written.append(n)
                yield "word "
        finally:
            stopped.set()

    generator = WatchedGenerator(lambda: SimpleNamespace(use=USE, stream=stream), Watch(WAIT_S), timeout_s=WAIT_S)
    pieces = generator.stream([], max_tokens=1000, seed=1)
    assert next(pieces) == "word "
    pieces.close()
    assert stopped.wait(WAIT_S)
    assert len(written) < 1000


def test_the_time_of_all_streams_of_an_answer_is_limited_together():
    clock = SimpleNamespace(use=USE, stream=lambda *_, **__: iter(["a"]))
    watch = Watch(WAIT_S)
    generator = WatchedGenerator(lambda: clock, watch, timeout_s=WAIT_S)
    assert list(generator.stream([], max_tokens=8, seed=1)) == ["a"]
    generator._deadline = time.monotonic() - 1
    clock.stream = lambda *_, **__: threading.Event().wait(WAIT_S)
    with pytest.raises(ModelError, match="took longer than 30 s"):
        list(generator.stream([], max_tokens=8, seed=1))
    assert "generator" in watch.faults
