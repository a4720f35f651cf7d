"""Measure reader and verifier on labelled sets, through the very code that answers questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from rag.errors import InputError
from rag.evaluation.dataset import LabelledQuery, LabelledSet
from rag.evaluation.squad import exact_match, f1
from rag.models.reader import Reader
from rag.protocols import Verifier
from rag.training.claims.claim import Claim
from rag.training.examples.shapes import Paragraph
from rag.training.measuring.measures import auroc
from rag.training.measuring.probes import probes
from rag.types import Float32Array

_AT_ONCE = 32
_PER_KIND = 400
Told = Callable[[int, int], None]


def measure_reader(reader: Reader, labelled: LabelledSet, *, on_progress: Told = lambda *_: None) -> dict[str, float]:
    """Return how a reader reads the passage that each question was asked about.

    Args:
        reader: The reader.
        labelled: Questions whose metadata name their ``passage``, its ``answers``, and whether it is ``answerable``.
        on_progress: Told how many questions are done, of how many.

    Returns:
        ``exact_match`` and ``f1`` over the answerable questions, ``auroc`` of the chance that the passage answers
        between answerable and unanswerable ones, and how many there are of each.

    Raises:
        InputError: A question names no passage of the set.
    """
    passages = {line.id: Paragraph(line.title, line.title, line.text).embedded_text for line in labelled.corpus}
    exact, overlap = [], []
    chances, answerable = [], []
    for n, query in enumerate(labelled.queries, 1):
        passage = _passage(query, passages, labelled.name)
        found = reader.read(query.text, [passage])[0]
        chances.append(found.answers)
        answerable.append(bool(query.metadata.get("answerable", True)))
        if answerable[-1]:
            text = passage[found.answer.start : found.answer.end] if found.answer is not None else ""
            exact.append(exact_match(text, query.metadata.get("answers", ())))
            overlap.append(f1(text, query.metadata.get("answers", ())))
        on_progress(n, len(labelled.queries))
    return {
        "exact_match": float(np.mean(exact)) if exact else 0.0,
        "f1": float(np.mean(overlap)) if overlap else 0.0,
        "auroc": auroc(np.array(chances, dtype=np.float32), answerable),
        "answerable": float(sum(answerable)),
        "unanswerable": float(len(answerable) - sum(answerable)),
    }


def measure_claims(verifier: Verifier, claims: Sequence[Claim], *, on_progress: Told = lambda *_: None) -> float:
    """Return the AUROC of a verifier's support between supported claims and others."""
    found = support(verifier, [(claim.text, claim.source) for claim in claims], on_progress)
    return auroc(found, [claim.supported for claim in claims])


def measure_probes(
    verifier: Verifier, labelled: LabelledSet, *, seed: int, on_progress: Told = lambda *_: None
) -> dict[str, float]:
    """Return how a verifier tells sentences of a set's documents from wrong ones.

    Returns:
        ``auroc`` over all; for each kind of error ``passed: KIND``, the share that is let through at the bar below
        which 5 % of the right sentences fall.

    Raises:
        InputError: The set has no sentences to make wrong ones of.
    """
    articles: dict[str, list[str]] = {}
    for line in labelled.corpus:
        articles.setdefault(line.title, []).append(line.text)
    asked = probes(articles, per_kind=_PER_KIND, seed=seed)
    kinds = np.array([probe.kind for probe in asked])
    if len(set(kinds)) < 2:
        raise InputError(
            f"The set {labelled.name!r} has no sentence that could be made wrong.",
            hint="Name a set with a corpus.jsonl of prose.",
        )
    found = support(verifier, [(probe.claim, probe.source) for probe in asked], on_progress)
    bar = float(np.quantile(found[kinds == "right"], 0.05))
    passed = {f"passed: {kind}": float((found[kinds == kind] >= bar).mean()) for kind in sorted(set(kinds) - {"right"})}
    return {"auroc": auroc(found, list(kinds == "right")), "probes": float(len(asked)), **passed}


def support(verifier: Verifier, pairs: Sequence[tuple[str, str]], on_progress: Told) -> Float32Array:
    """Return the support of each claim by its source, shape ``(len(pairs),)``; asked for a batch at a time."""
    parts = []
    for begin in range(0, len(pairs), _AT_ONCE):
        batch = pairs[begin : begin + _AT_ONCE]
        parts.append(verifier.support([claim for claim, _ in batch], [source for _, source in batch]))
        on_progress(min(begin + _AT_ONCE, len(pairs)), len(pairs))
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)


def _passage(query: LabelledQuery, passages: dict[str, str], name: str) -> str:
    place = query.metadata.get("passage")
    if place not in passages:
        raise InputError(
            f"The question {query.id!r} of {name!r} names no passage of the set, got {place!r}.",
            hint="Write the id of the passage that it was asked about into metadata.passage.",
        )
    return passages[place]
