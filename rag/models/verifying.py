"""From a reference to a `Verifier`; and the built-in one, a model that rules keep honest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag.models.agreement import CONTRADICTED, AgreementVerifier
from rag.models.cross_encoder import EntailmentVerifier
from rag.models.pairs import is_kind
from rag.models.verifier import KIND, PairVerifier
from rag.models.weights import located
from rag.protocols import ClaimJudgement, Embedder, Verifier
from rag.types import Float32Array, ModelUse

# What the model counts, the rules the rest: of what follows from two sentences it is seldom sure (decision 0038).
_MODEL = 0.45


class CheckedVerifier:
    """A verifier of our own and the rules of `AgreementVerifier`, in one slot; safe to call from many threads.

    The model judges meaning; the rules know for certain that a number or a code is missing. Support is the mean of the
    two, the rules a little heavier; where a fact of the claim does not stand in the source, the rules alone, and none
    for a claim whose end the model did not read.

    Args:
        model: Judges meaning, and names the words that are wrong.
        rules: Compare words and facts.
    """

    def __init__(self, model: PairVerifier, rules: AgreementVerifier) -> None:
        self._model = model
        self._rules = rules

    @property
    def use(self) -> ModelUse:
        """Reference and hash of the model."""
        return self._model.use

    def support(self, claims: Sequence[str], sources: Sequence[str]) -> Float32Array:
        """Return the support of each claim by the source at the same position, in 0..1."""
        return np.array([each.support for each in self.judge(claims, sources)], dtype=np.float32)

    def judge(self, claims: Sequence[str], sources: Sequence[str]) -> list[ClaimJudgement]:
        """Return what there is to say of each claim and the source at the same position."""
        by_rules = self._rules.support(claims, sources)
        return [
            ClaimJudgement(_joined(judged.support, float(held)), judged.faults)
            for judged, held in zip(self._model.judge(claims, sources), by_rules, strict=True)
        ]

    def close(self) -> None:
        """End the model's thread; requests that still wait fail with `ModelError`."""
        self._model.close()


def load_verifier(ref: str, *, embedder: Embedder, cache: Path, threads: int = 0) -> Verifier:
    """Return the verifier of a reference.

    Args:
        ref: ``bundled:verifier``, ``bundled:agreement``, or a model in a local folder or pulled from the hub: one that
            ``footnote train verifier`` wrote, or a cross-encoder for entailment.
        embedder: The embedding model, whose vectors the rules read.
        cache: The home's ``models`` folder.
        threads: Threads of the arithmetic; 0 takes the cores that the process may use.

    Raises:
        ModelError: The model is missing, damaged or of another architecture.
        HashMismatch: The weights are not the expected ones.
    """
    found = located(ref, slot="verifier", cache=cache)
    if found is None:
        return AgreementVerifier(embedder)
    folder, use = found
    if is_kind(folder, KIND):
        return CheckedVerifier(PairVerifier(folder, use=use, threads=threads), AgreementVerifier(embedder))
    return EntailmentVerifier(folder, use=use, threads=threads)


def _joined(judged: float, held: float) -> float:
    """Return the mean of both by weight; what the rules call a contradiction stays one, as does none by the model."""
    if judged == 0.0:
        return 0.0
    if math.isclose(held, CONTRADICTED, abs_tol=1e-6):
        return held
    return _MODEL * judged + (1 - _MODEL) * held
