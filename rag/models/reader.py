"""The reader: one pass over question and passage says how relevant it is, whether it answers, and with which words."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.models.dense import Precision
from rag.models.machine import use_threads
from rag.models.pairs import Pair, PairModel, PairTokens, chosen_words
from rag.models.queue import BatchingQueue
from rag.models.tokens import read_tokenizer
from rag.protocols import Found
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
# Readings kept: those of a question's candidates are asked for again when its answer is quoted.
_KEPT = 512


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one pass gave.

    Args:
        found: The judgement.
        offsets: The passage's tokens as character spans.
        inside: For each of them, the chance that it belongs to the answer.
    """

    found: Found
    offsets: tuple[tuple[int, int], ...]
    inside: Float32Array


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
        self._kept = _Kept()
        self._queue = BatchingQueue[Pair, _Reading](
            self._run, max_size=_BATCH_TOKENS, name=KIND, start=partial(use_threads, threads)
        )

    @property
    def use(self) -> ModelUse:
        """Reference and hash of the weights."""
        return self._use

    def score(self, question: str, passages: Sequence[str]) -> Float32Array:
        """Return the relevance of each passage as a logit, shape ``(len(passages),)``; higher is better."""
        return np.array([found.relevance for found in self.read(question, passages)], dtype=np.float32)

    def read(self, question: str, passages: Sequence[str]) -> list[Found]:
        """Return what the reader found in each passage."""
        return [reading.found for reading in self._read(question, passages)]

    def highlight(self, question: str, passages: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[Float32Array]:
        """Return, for each passage, the chance that its answer stands in each of the half-open character spans.

        A span behind what the model reads gets 0. The chances are those of a passage that answers, times the chance
        that it does.
        """
        scores = []
        for reading, wanted in zip(self._read(question, passages), spans, strict=True):
            begins = np.array([start for start, _ in reading.offsets])
            rows = [(begins >= span.start) & (begins < span.end) for span in wanted]
            mass = [float(reading.inside[row].sum()) * reading.found.answers for row in rows]
            scores.append(np.array(mass, dtype=np.float32))
        return scores

    def forget(self) -> None:
        """Drop every kept reading, so that nothing of a removed document is left in memory."""
        self._kept.clear()

    def close(self) -> None:
        """End the model's thread; requests that still wait fail with `ModelError`."""
        self._queue.close()

    def _read(self, question: str, passages: Sequence[str]) -> list[_Reading]:
        keys = [_key(question, passage) for passage in passages]
        known = {key: reading for key in keys if (reading := self._kept.get(key)) is not None}
        missing = {key: passage for key, passage in zip(keys, passages, strict=True) if key not in known}
        if missing:
            pairs = self._tokens.pairs([question] * len(missing), list(missing.values()))
            readings = self._queue.submit(KIND, pairs, [len(pair.ids) for pair in pairs], urgency="question")
            for key, reading in zip(missing, readings, strict=True):
                known[key] = reading
                self._kept.put(key, reading)
        return [known[key] for key in keys]

    def _run(self, _kind: str, pairs: list[Pair]) -> list[_Reading]:
        import torch

        with torch.inference_mode():
            states = self._model.states(pairs)
            pooled = torch.tanh(self._model.head("pool", torch.stack([each[0] for each in states])))
            judged = self._model.head("judge", pooled)
            # The second text without the [SEP] behind it.
            inner = [each[pair.n_first : -1] for each, pair in zip(states, pairs, strict=True)]
            spans = torch.split(self._model.head("span", torch.cat(inner)), [len(each) for each in inner])
            asked = [each[1 : pair.n_first - 1] for each, pair in zip(states, pairs, strict=True)]
            lacking = torch.sigmoid(self._model.head("unmet", torch.cat(asked))[:, 0]).split([len(e) for e in asked])
            return [_reading(pair, *one) for pair, *one in zip(pairs, judged.tolist(), spans, lacking, strict=True)]


class _Kept:
    """The last readings, the longest unused forgotten first."""

    def __init__(self) -> None:
        self._readings: OrderedDict[bytes, _Reading] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: bytes) -> _Reading | None:
        with self._lock:
            if key in self._readings:
                self._readings.move_to_end(key)
            return self._readings.get(key)

    def put(self, key: bytes, reading: _Reading) -> None:
        with self._lock:
            self._readings[key] = reading
            while len(self._readings) > _KEPT:
                self._readings.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._readings.clear()


def _key(question: str, passage: str) -> bytes:
    both = f"{len(question)}:{question}{passage}"
    return hashlib.blake2b(both.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _reading(pair: Pair, judged: Sequence[float], logits: Tensor, lacking: Tensor) -> _Reading:
    import torch

    relevance, answers = judged[0], float(torch.sigmoid(torch.tensor(judged[1])))
    unmet = chosen_words(pair.first_offsets, lacking.tolist())
    if len(logits) == 0:
        return _Reading(Found(relevance, answers, None, 0.0, unmet), (), np.zeros(0, dtype=np.float32))
    starts, ends = torch.softmax(logits, 0).unbind(1)
    first, last = _best(starts, ends)
    span = Span(pair.offsets[first][0], pair.offsets[last][1])
    found = Found(relevance, answers, span, float(starts[first] * ends[last]), unmet)
    return _Reading(found, pair.offsets, ((starts + ends) / 2).numpy())


def _best(starts: Tensor, ends: Tensor) -> tuple[int, int]:
    """Return the span of the greatest chance, first and last token."""
    import torch

    best, where = -1.0, (0, 0)
    for first in torch.topk(starts, min(_N_STARTS, len(starts))).indices.tolist():
        chances = starts[first] * ends[first : first + _MAX_ANSWER_TOKENS]
        last = int(torch.argmax(chances))
        if float(chances[last]) > best:
            best, where = float(chances[last]), (first, first + last)
    return where
