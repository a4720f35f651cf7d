"""The verifier: whether a source supports a claim, and which words of the claim it does not support."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag.models.dense import Precision
from rag.models.model_thread import shared_thread
from rag.models.pairs import Pair, PairModel, PairTokens, chosen_words
from rag.models.queue import BatchingQueue
from rag.models.tokens import read_tokenizer
from rag.protocols import ClaimJudgement
from rag.sentences import Span
from rag.types import Float32Array, ModelUse

KIND = "verifier"
HEADS = ("pool", "support", "fault")
# Tokens of one batch: a second request waits a fraction of a second.
_BATCH_TOKENS = 4096
MAX_CLAIM_TOKENS = 96


class PairVerifier:
    """The verifier behind a batching queue; safe to call from many threads.

    Args:
        folder: With ``config.json``, ``model.safetensors`` and ``tokenizer.json``.
        use: Reference and hash of the weights.
        threads: Threads of the arithmetic; 0 takes the cores that the process may use.
        precision: Number format of the products; ``None`` takes the fastest that the processor has.

    Raises:
        ModelError: The folder holds no verifier.
    """

    def __init__(self, folder: Path, *, use: ModelUse, threads: int = 0, precision: Precision | None = None) -> None:
        self._use = use
        self._model = PairModel(folder, kind=KIND, heads=HEADS, slot="verifier", precision=precision)
        self._tokens = PairTokens(read_tokenizer(folder), max_tokens=self._model.max_tokens, max_first=MAX_CLAIM_TOKENS)
        self._queue = BatchingQueue[Pair, ClaimJudgement](
            self._run, max_size=_BATCH_TOKENS, thread=shared_thread(threads)
        )

    @property
    def use(self) -> ModelUse:
        """Reference and hash of the weights."""
        return self._use

    def support(self, claims: Sequence[str], sources: Sequence[str]) -> Float32Array:
        """Return the support of each claim by the source at the same position, in 0..1."""
        return np.array([each.support for each in self.judge(claims, sources)], dtype=np.float32)

    def judge(self, claims: Sequence[str], sources: Sequence[str]) -> list[ClaimJudgement]:
        """Return what there is to say of each claim and the source at the same position.

        A claim is read as far as ``MAX_CLAIM_TOKENS``; one that goes on has no support, and what was not read is at
        fault.
        """
        if not claims:
            return []
        pairs = self._tokens.pairs(claims, sources)
        judged = self._queue.submit(KIND, pairs, [len(pair.ids) for pair in pairs], urgency="question")
        return [_whole(pair, each) for pair, each in zip(pairs, judged, strict=True)]

    def close(self) -> None:
        """Close the model; requests that still wait fail with `ModelError`."""
        self._queue.close()

    def _run(self, _kind: str, pairs: list[Pair]) -> list[ClaimJudgement]:
        import torch

        with torch.inference_mode():
            states = self._model.states(pairs)
            pooled = torch.tanh(self._model.head("pool", torch.stack([each[0] for each in states])))
            support = torch.sigmoid(self._model.head("support", pooled)[:, 0]).tolist()
            claims = [each[1 : pair.n_first - 1] for each, pair in zip(states, pairs, strict=True)]
            faulty = torch.sigmoid(self._model.head("fault", torch.cat(claims))[:, 0])
            chances = torch.split(faulty, [len(each) for each in claims])
            return [
                ClaimJudgement(chance, chosen_words(pair, wrong.tolist()))
                for pair, chance, wrong in zip(pairs, support, chances, strict=True)
            ]


def _whole(pair: Pair, judged: ClaimJudgement) -> ClaimJudgement:
    """Return what is said of the whole claim, where only its beginning may have been read."""
    end = len(pair.first.rstrip())
    if len(pair.first_offsets) < MAX_CLAIM_TOKENS or pair.first_offsets[-1][1] >= end:
        return judged
    return ClaimJudgement(0.0, (*judged.faults, Span(pair.first_offsets[-1][1], end)))
