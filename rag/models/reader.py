"""The reader: one pass over question and passage says how relevant it is, whether it answers, and with which words."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.caching import Kept
from rag.models.dense import Precision
from rag.models.model_thread import shared_thread
from rag.models.pairs import Pair, PairModel, PairTokens, chosen_words
from rag.models.queue import BatchingQueue
from rag.models.tokens import read_tokenizer
from rag.protocols import Found, Likelihood
from rag.sentences import Span
from rag.types import Float32Array, ModelUse

if TYPE_CHECKING:
    from torch import Tensor

KIND = "reader"
HEADS = ("span", "pool", "judge", "unmet")
# Tokens of one batch: a second request waits a fraction of a second.
_BATCH_TOKENS = 4096
MAX_QUESTION_TOKENS = 48
# An answer is a phrase; the best span is sought from so many of the likeliest beginnings.
_MAX_ANSWER_TOKENS, _N_STARTS = 30, 8
# Where a sentence ends: at a line, and at a sign before a capital or a number that is behind no shortened word.
_BREAK = re.compile(r"\n+|(\w\w+)[.!?][\"'”’)]*\s+(?=[\"'“‘(]*[A-Z\d])")
_ABBREVIATED = frozenset(
    "dr mr mrs ms st no vs jr sr co mt lt gen col capt prof inc ltd fig eq approx ca op al".split()
)
# Readings kept: those of a question's candidates are asked for again when its answer is quoted.
_KEPT = 512


class Reader:
    """The reader behind a batching queue; safe to call from many threads.

    Args:
        folder: With ``config.json``, ``model.safetensors`` and ``tokenizer.json``.
        use: Reference and hash of the weights.
        threads: Threads of the arithmetic; 0 takes the cores that the process may use.
        precision: Number format of the products; ``None`` takes the fastest that the processor has.

    Raises:
        ModelError: The folder holds no reader.
    """

    def __init__(self, folder: Path, *, use: ModelUse, threads: int = 0, precision: Precision | None = None) -> None:
        self._use = use
        self._model = PairModel(folder, kind=KIND, heads=HEADS, slot="reranker", precision=precision)
        self._tokens = PairTokens(
            read_tokenizer(folder), max_tokens=self._model.max_tokens, max_first=MAX_QUESTION_TOKENS
        )
        self._kept = Kept[Found](_KEPT)
        self._queue = BatchingQueue[Pair, Found](self._run, max_size=_BATCH_TOKENS, thread=shared_thread(threads))

    @property
    def use(self) -> ModelUse:
        """Reference and hash of the weights."""
        return self._use

    def score(self, question: str, passages: Sequence[str]) -> Float32Array:
        """Return the relevance of each passage as a logit, shape ``(len(passages),)``; higher is better."""
        return np.array([found.relevance for found in self.read(question, passages)], dtype=np.float32)

    def read(self, question: str, passages: Sequence[str]) -> list[Found]:
        """Return what the reader found in each passage."""

        def read(missing: Sequence[tuple[str, ...]]) -> list[Found]:
            pairs = self._tokens.pairs([question] * len(missing), [passage for _, passage in missing])
            return self._queue.submit("read", pairs, [len(pair.ids) for pair in pairs], urgency="question")

        return self._kept.all([(question, passage) for passage in passages], read)

    def forget(self) -> None:
        """Drop every kept reading, so that nothing of a removed document is left in memory."""
        self._kept.clear()

    def close(self) -> None:
        """Close the model; requests that still wait fail with `ModelError`."""
        self._queue.close()

    def _run(self, _: str, pairs: list[Pair]) -> list[Found]:
        import torch

        with torch.inference_mode():
            states = self._model.states(pairs)
            firsts = torch.stack([each[0] for each in states])
            judged = self._model.head("judge", torch.tanh(self._model.head("pool", firsts)))
            # A passage without the answer was taught to have its span at [CLS].
            nowhere = self._model.head("span", firsts).sum(1)
            # The second text without the [SEP] behind it.
            inner = [each[pair.n_first : -1] for each, pair in zip(states, pairs, strict=True)]
            spans = torch.split(self._model.head("span", torch.cat(inner)), [len(each) for each in inner])
            asked = [each[1 : pair.n_first - 1] for each, pair in zip(states, pairs, strict=True)]
            unmet = torch.sigmoid(self._model.head("unmet", torch.cat(asked))[:, 0])
            lacking = torch.split(unmet, [len(each) for each in asked])
            parts = zip(pairs, judged.tolist(), nowhere.tolist(), spans, lacking, strict=True)
            return [_found(pair, *one) for pair, *one in parts]


def _found(pair: Pair, judged: Sequence[float], nowhere: float, logits: Tensor, lacking: Tensor) -> Found:
    import torch

    relevance, said = judged
    unmet = chosen_words(pair, lacking.tolist())
    if len(logits) == 0:
        return Found(relevance, _chance(said), None, 0.0, unmet)
    starts, ends = torch.softmax(logits, 0).unbind(1)
    first, last = _best(starts, ends, _sentence_ends(pair))
    span = Span(pair.offsets[first][0], pair.offsets[last][1])
    # Two views of the same: what the judgement says, and by how much the answer stands out from there being none.
    margin = float(logits[first, 0] + logits[last, 1]) - nowhere
    answers, probability = _chance((said + margin / 2) / 2), float(starts[first] * ends[last])
    return Found(relevance, answers, span, probability, unmet, _likelihood(pair, starts, ends))


def _likelihood(pair: Pair, starts: Tensor, ends: Tensor) -> Likelihood:
    places = np.array([start for start, _ in pair.offsets], dtype=np.int32)
    begins, ended = (np.concatenate(([0.0], each.cumsum(0).numpy())).astype(np.float32) for each in (starts, ends))
    return Likelihood(places, begins, ended)


def _chance(logit: float) -> float:
    """Return the logistic of a number, without overflow."""
    return 0.5 * (1.0 + math.tanh(logit / 2))


def _sentence_ends(pair: Pair) -> list[int]:
    """Return, for each token of the second text, one past the last token of its sentence, as its signs show it.

    Where an answer begins and where it ends are judged apart; without this, "3 seconds. To erase, hold it for 12
    seconds" is the likeliest of a passage that holds two.
    """
    breaks = [
        match.end()
        for match in _BREAK.finditer(pair.second)
        if match[1] is None or match[1].casefold() not in _ABBREVIATED
    ]
    numbers = [bisect_right(breaks, start) for start, _ in pair.offsets]
    return [bisect_right(numbers, number) for number in numbers]


def _best(starts: Tensor, ends: Tensor, until: Sequence[int]) -> tuple[int, int]:
    """Return the span of the greatest chance within a sentence, first and last token."""
    import torch

    best, where = -1.0, (0, 0)
    for first in torch.topk(starts, min(_N_STARTS, len(starts))).indices.tolist():
        chances = starts[first] * ends[first : min(first + _MAX_ANSWER_TOKENS, until[first])]
        last = int(torch.argmax(chances))
        if float(chances[last]) > best:
            best, where = float(chances[last]), (first, first + last)
    return where
