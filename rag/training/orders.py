"""Fit the model of `rag.safety.screening`: a logistic regression over sentence vectors.

``python -m rag.training.orders INJECTIONS.jsonl BENIGN.txt OUT.json``, where each line of INJECTIONS holds ``text`` and
each line of BENIGN is a sentence. A text of many sentences is an order if one of them is: after a first fit only those
sentences of a text stay that look like one, at least the likeliest (multiple-instance learning).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.safety.screening import addresses_somebody
from rag.sentences import sentence_spans
from rag.settings import load_settings
from rag.types import Float32Array

Floats = npt.NDArray[np.float64]

PENALTY = 0.3
"""Weight of the squared weights: by cross-validation over families of attacks, of 0.3, 1 and 3."""

NOTED, HELD = 0.005, 0.0005
"""Share of benign sentences that are noted, and whose passages are held back."""

OFF_TOPIC = 0.038
"""Below this cosine to their document's topic lie 0.2 % of the sentences of documentation that ask for something."""

_ROUNDS, _SENTENCES, _BENIGN_WEIGHT = 2, 5, 0.5


def fit(orders: Float32Array, texts: npt.NDArray[np.int64], benign: Float32Array) -> Floats:
    """Return weights and, last, the bias.

    Args:
        orders: Vectors of the sentences of attacks, shape ``(n, dimension)``.
        texts: Which text each of them is of.
        benign: Vectors of other sentences.
    """
    _, place = np.unique(texts, return_inverse=True)
    kept = np.ones(len(orders), dtype=bool)
    found = np.zeros(orders.shape[1] + 1)
    for _ in range(_ROUNDS):
        share = 1 / np.bincount(place[kept], minlength=place.max() + 1)[place[kept]]
        found = _logistic(
            np.vstack([orders[kept], benign]).astype(np.float64),
            np.r_[np.ones(kept.sum()), -np.ones(len(benign))],
            np.r_[share, np.full(len(benign), _BENIGN_WEIGHT)],
            found,
        )
        scores = orders @ found[:-1] + found[-1]
        best = np.full(place.max() + 1, -np.inf)
        np.maximum.at(best, place, scores)
        kept = (scores > 0) | (scores >= best[place])
    return found


def _logistic(vectors: Floats, signs: Floats, share: Floats, start: Floats) -> Floats:
    from scipy.optimize import minimize

    padded = np.c_[vectors, np.ones(len(vectors))]

    def loss(found: Floats) -> tuple[float, Floats]:
        margin = signs * (padded @ found)
        slope = -signs * share / (1 + np.exp(np.clip(margin, -500, 500)))
        penalty = PENALTY * np.r_[found[:-1], 0]
        value = float((share * np.logaddexp(0, -margin)).sum() + penalty @ found / 2)
        return value, padded.T @ slope + penalty

    found: Floats = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 120}).x
    return found


def thresholds(
    orders: Float32Array, texts: npt.NDArray[np.int64], benign: Float32Array, asked: npt.NDArray[np.bool_]
) -> tuple[float, float]:
    """Return the scores that `NOTED` and `HELD` of the benign sentences pass, each scored by a fit without it.

    Args:
        orders: As in `fit`.
        texts: As in `fit`.
        benign: As in `fit`.
        asked: Which benign sentences the model is asked of at all.
    """
    half = np.arange(len(benign)) * 2 // len(benign)
    scores = np.full(len(benign), -np.inf)
    for own in (0, 1):
        found = fit(orders, texts, benign[half != own])
        scores[half == own] = benign[half == own] @ found[:-1] + found[-1]
    scores[~asked] = -np.inf
    noted, held = (float(np.sort(scores)[-max(1, round(share * len(scores)))]) for share in (NOTED, HELD))
    return noted, held


def write(out: Path, found: Floats, limits: tuple[float, float], sha256: str) -> None:
    """Write the weights as `rag.safety.screening` reads them."""
    kept = {
        "made_by": "python -m rag.training.orders",
        "embedding_sha256": sha256,
        "threshold": round(limits[0], 3),
        "severe": round(limits[1], 3),
        "off_topic": OFF_TOPIC,
        "bias": round(float(found[-1]), 4),
        "vector": [round(float(weight), 3) for weight in found[:-1]],
    }
    out.write_text(json.dumps(kept) + "\n", encoding="utf-8")


def main() -> None:
    """Fit from files."""
    injections, benign_file, out = map(Path, sys.argv[1:4])
    from rag.models.embedding import load_embedder

    settings = load_settings()
    embedder = load_embedder(settings.models.embedding, runtime=settings.models.runtime, cache=settings.home / "models")
    try:
        rows = list(_sentences(injections))
        orders = embedder.embed([sentence for _, sentence in rows], urgency="ingest")
        lines = benign_file.read_text(encoding="utf-8").splitlines()
        benign = embedder.embed(lines, urgency="ingest")
    finally:
        embedder.close()
    texts = np.array([text for text, _ in rows])
    asked = np.array([addresses_somebody(line) for line in lines])
    write(out, fit(orders, texts, benign), thresholds(orders, texts, benign, asked), embedder.use.sha256)


def _sentences(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the number of each text with its first and last sentences."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        text = str(json.loads(line)["text"])
        found = [text[span.start : span.end] for span in sentence_spans(text)]
        for sentence in found if len(found) <= _SENTENCES else [*found[:3], *found[-2:]]:
            yield number, sentence


if __name__ == "__main__":
    main()
