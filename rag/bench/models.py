"""How fast the embedding model and the reranker are, as ratios and times in one run."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, TypeVar

import numpy as np

from rag.models.bundled import bundled_folder
from rag.models.dense import Precision, measured_int8
from rag.models.embedding import EmbeddingModel
from rag.models.late_interaction import LateInteraction
from rag.models.machine import fast_bfloat16
from rag.models.model_thread import shared_thread
from rag.models.pairs import PairModel, PairTokens
from rag.models.queue import BatchingQueue
from rag.models.reader import HEADS, KIND
from rag.models.tokens import read_tokenizer
from rag.types import Float32Array

Output = TypeVar("Output")

MODEL = "all-MiniLM-L6-v2"
_RERANKED = 30
# Pairs of question and passage, all of one length, and the formats of the products that are compared.
_PAIRS, _PAIR_TOKENS = 60, 128
_PRECISIONS: tuple[Precision, ...] = ("float32", "bfloat16", "measured-int8")


class Figure(NamedTuple):
    """One measured number, ready to show."""

    what: str
    value: str
    bar: str = ""


@dataclass(frozen=True, slots=True)
class Workload:
    """What is measured on.

    Args:
        passages: Texts to embed and to rerank.
        questions: Questions to embed and to rerank for.
        rounds: How often the two sides of a ratio take turns.
    """

    passages: tuple[str, ...]
    questions: tuple[str, ...]
    rounds: int


def embedding(embedder: EmbeddingModel, workload: Workload) -> list[Figure]:
    """Compare the embedder with SentenceTransformer in float32 on the same passages, and time one question."""
    from sentence_transformers import SentenceTransformer

    plain = SentenceTransformer(str(bundled_folder(MODEL, slot="embedding")), device="cpu", local_files_only=True)

    def encode() -> Float32Array:
        vectors: Float32Array = plain.encode(list(workload.passages), batch_size=32, show_progress_bar=False)
        return vectors

    def embed() -> Float32Array:
        return embedder.embed(workload.passages, urgency="ingest")

    cosines = (encode() * embed()).sum(axis=1)
    plain_s, ours_s = _in_turns(partial(_computed, encode), embed, rounds=workload.rounds)
    ratios = np.divide(plain_s, ours_s)
    n = len(workload.passages)
    asked = [_seconds(partial(embedder.embed, [text])) for text in workload.questions]
    return [
        Figure("runtime", embedder.runtime),
        Figure(f"{n} passages, SentenceTransformer.encode, float32, batch 32", f"{n / np.median(plain_s):.1f} /s"),
        Figure(f"{n} passages, Footnote", f"{n / np.median(ours_s):.1f} /s"),
        Figure(
            "ratio, median of rounds (least to most)",
            f"{np.median(ratios):.2f} ({ratios.min():.2f} to {ratios.max():.2f})",
            "≥ 2.5",
        ),
        Figure("cosine between the two, mean", f"{cosines.mean():.5f}", "> 0.995"),
        Figure("cosine between the two, least", f"{cosines.min():.5f}", "> 0.995"),
        Figure("one question, p50", f"{_ms(asked, 50):.1f} ms", "≤ 10 ms"),
        Figure("one question, p95", f"{_ms(asked, 95):.1f} ms"),
    ]


def reranking(embedder: EmbeddingModel, workload: Workload) -> list[Figure]:
    """Time late interaction over passages that it has not read, and over passages that it has."""
    reranker = LateInteraction(embedder)
    passages = workload.passages[:_RERANKED]
    questions = workload.questions[:10]
    new, known = [], []
    for question in questions:
        reranker.forget()
        new.append(_seconds(partial(reranker.score, question, passages)))
        known.append(_seconds(partial(reranker.score, question, passages)))
    n = len(passages)
    return [
        Figure(f"late interaction over {n} new passages, p50", f"{_ms(new, 50):.0f} ms"),
        Figure(f"late interaction over {n} passages read before, p50", f"{_ms(known, 50):.0f} ms"),
    ]


def reading(workload: Workload) -> list[Figure]:
    """Time the reader that ships, in each number format that the processor has, taking turns."""
    folder = bundled_folder("reader", slot="reranker")
    tokens = PairTokens(read_tokenizer(folder), max_tokens=_PAIR_TOKENS, max_first=_PAIR_TOKENS)
    long = [" ".join(workload.passages[place:]) for place in range(min(_PAIRS, len(workload.passages)))]
    asked = [workload.questions[place % len(workload.questions)] for place in range(len(long))]
    pairs = tokens.pairs(asked, long)
    offered = {"float32": True, "bfloat16": fast_bfloat16(), "measured-int8": measured_int8()}
    possible = [each for each in _PRECISIONS if offered[each]]
    models = {each: PairModel(folder, kind=KIND, heads=HEADS, slot="reranker", precision=each) for each in possible}
    spent: dict[Precision, list[float]] = {each: [] for each in possible}
    for _ in range(workload.rounds):
        for precision, model in models.items():
            spent[precision].append(_seconds(partial(_computed, partial(model.states, pairs))))
    default = PairModel(folder, kind=KIND, heads=HEADS, slot="reranker").precision
    return [
        Figure(
            f"{len(pairs)} pairs of {_PAIR_TOKENS} tokens, {each}{', in use here' if each == default else ''}",
            f"{len(pairs) / np.median(seconds):.0f} /s",
            "≥ 200" if each == default else "",
        )
        for each, seconds in spent.items()
    ]


def _computed(function: Callable[[], Output]) -> Output:
    """Return what a function returns on the thread on which the product's models compute."""
    queue = BatchingQueue[Callable[[], Output], Output](
        lambda _, functions: [each() for each in functions], max_size=1, thread=shared_thread(0)
    )
    try:
        return queue.submit("compute", [function], [1], urgency="question")[0]
    finally:
        queue.close()


def _in_turns(
    first: Callable[[], object], second: Callable[[], object], *, rounds: int
) -> tuple[list[float], list[float]]:
    """Return the seconds of each round of two functions that take turns."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for times, function in zip(seconds, (first, second), strict=True):
            times.append(_seconds(function))
    return seconds


def _seconds(function: Callable[[], object]) -> float:
    begin = time.perf_counter()
    function()
    return time.perf_counter() - begin


def _ms(seconds: Sequence[float], percentile: int) -> float:
    return float(np.percentile(seconds, percentile)) * 1000
