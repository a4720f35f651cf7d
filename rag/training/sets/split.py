"""Part a team's labelled questions into those to learn from and those that measure, by whole documents."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from rag.errors import InputError
from rag.evaluation.dataset import LabelledQuery, LabelledSet

HELD_OUT_SHARE = 0.2
"""Of a labelled set's questions: they measure and are not learnt from."""

LEAST_DOCUMENTS = 10
"""Of fewer, holding whole ones out leaves too little."""

# Below this a measurement says nothing.
_LEAST_QUESTIONS = 20


def split(labelled: LabelledSet, *, share: float, seed: int) -> tuple[LabelledSet, LabelledSet]:
    """Return the questions to learn from, and those that measure.

    All questions about a document fall on one side, and with them those about a document that one of them is about
    too. Where the documents make fewer than ten such groups, the questions themselves are drawn instead, as are those
    about no document.

    Args:
        labelled: The set.
        share: Of the questions that measure, about.
        seed: Of the choice.

    Raises:
        InputError: There are fewer than twenty labelled questions.
    """
    if len(labelled.labelled) < _LEAST_QUESTIONS:
        raise InputError(
            f"The set {labelled.name!r} holds {len(labelled.labelled)} questions with a relevant document; "
            f"{_LEAST_QUESTIONS} are the least to train on and to measure with.",
            hint="Judge more answers, and export them with 'footnote questions export'.",
        )
    chance = random.Random(seed)  # noqa: S311 - which questions measure
    about = [_about(query) for query in labelled.queries]
    groups = _linked(about)
    by_document = len(groups) >= LEAST_DOCUMENTS
    apart = _drawn([each for each in about if each], groups, share, chance) if by_document else set()
    learnt, measured = list[LabelledQuery](), list[LabelledQuery]()
    for query, documents in zip(labelled.queries, about, strict=True):
        held = bool(documents & apart) if by_document and documents else chance.random() < share
        (measured if held else learnt).append(query)
    return replace(labelled, queries=tuple(learnt)), replace(labelled, queries=tuple(measured))


def _about(query: LabelledQuery) -> frozenset[str]:
    return frozenset((*query.relevant, *filter(None, [str(query.metadata.get("passage") or "")])))


def _linked(about: Sequence[frozenset[str]]) -> list[set[str]]:
    """Return the documents in groups that no question reaches out of, in the order of their first documents."""
    group_of: dict[str, set[str]] = {}
    for documents in about:
        met = {id(group): group for group in (group_of.setdefault(document, {document}) for document in documents)}
        largest, *others = sorted(met.values(), key=len, reverse=True) or [set[str]()]
        for group in others:
            largest |= group
            group_of.update(dict.fromkeys(group, largest))
    return sorted({id(group): group for group in group_of.values()}.values(), key=min)


def _drawn(
    about: Sequence[frozenset[str]], groups: Sequence[set[str]], share: float, chance: random.Random
) -> set[str]:
    """Return the documents of groups in random order until the questions about them are the share.

    A group that would make them twice the share is passed over: where many questions join documents, one group holds
    most of them.
    """
    number = {document: n for n, group in enumerate(groups) for document in group}
    n_asked = Counter(number[min(documents)] for documents in about)
    apart, n_held = set[str](), 0
    for n in chance.sample(range(len(groups)), len(groups)):
        if n_held >= share * len(about):
            break
        if n_held + n_asked[n] <= 2 * share * len(about):
            apart |= groups[n]
            n_held += n_asked[n]
    return apart
