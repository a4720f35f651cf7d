"""The built-in verifier: a claim is supported as far as its words, facts and meaning stand in the source."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag import lexis
from rag.clauses.contrary import contradicted
from rag.protocols import Embedder
from rag.sentences import sentence_spans
from rag.types import Float32Array, ModelUse

REF = "bundled:agreement"

# Cosine of all-MiniLM-L6-v2 at which a sentence says nothing, or all, of what another says.
_UNRELATED, _SAME = 0.3, 0.9
# A claim whose facts differ from its source is below every sensible bar, whatever its words.
CONTRADICTED = 0.1


class AgreementVerifier:
    """Lexical, factual and semantic agreement, without a model of its own.

    Support is the mean of the share of the claim's stems that the source holds and of the rescaled
    cosine of the two. Numbers, codes and names of the claim must all stand in the source, no clause of
    which may say the contrary (`rag.clauses`); else the support is that of a contradiction.

    Args:
        embedder: Gives the vectors of claim and source.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    @property
    def use(self) -> ModelUse:
        """The reference; the hash is that of the embedder, whose vectors it reads."""
        return ModelUse(REF, self._embedder.use.sha256)

    def support(self, claims: Sequence[str], sources: Sequence[str]) -> Float32Array:
        """Return the support of each claim by the source at the same position, in 0..1."""
        if not claims:
            return np.zeros(0, dtype=np.float32)
        vectors = self._embedder.embed([*claims, *sources])
        cosines = np.sum(vectors[: len(claims)] * vectors[len(claims) :], axis=1)
        return np.array(
            [
                _support(claim, source, float(cosine))
                for claim, source, cosine in zip(claims, sources, cosines, strict=True)
            ],
            dtype=np.float32,
        )


def _support(claim: str, source: str, cosine: float) -> float:
    if lexis.squeezed(claim) in {lexis.squeezed(source[span.start : span.end]) for span in sentence_spans(source)}:
        return 1.0
    if _facts_differ(claim, source):
        return CONTRADICTED
    stems = lexis.stems(claim)
    held = len(stems & lexis.stems(source)) / len(stems) if stems else 0.0
    meaning = min(max((cosine - _UNRELATED) / (_SAME - _UNRELATED), 0.0), 1.0)
    return (held + meaning) / 2


def _facts_differ(claim: str, source: str) -> bool:
    """Tell whether the claim holds a number, code or name that the source does not, or the source says the contrary."""
    if lexis.digits(claim) - lexis.digits(source):
        return True
    spoken = source.casefold()
    if any(code.casefold() not in spoken for code in lexis.alphanumerics(claim)):
        return True
    known = set(lexis.words(source))
    if any(
        word not in known and lexis.stem(word) not in {lexis.stem(other) for other in known}
        for name in lexis.names(claim)
        for word in lexis.terms(name)
    ):
        return True
    return contradicted(claim, source)
