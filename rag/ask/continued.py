"""Let a conversation stay with the documents that it has been about, as far as they fit the new question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rag.types import Evidence, Hit

# What a document counts for having been spoken of, beside the search for the question, which counts the rest: for a
# question that goes on with what was spoken of or is close to nothing, and for one that stands for itself.
_GOES_ON, _STANDS_ALONE = 0.5, 0.2
# A question goes on if the document most spoken of has a passage that fits it this well, as a share of the best.
_FITS = 0.5
# A question whose nearest passage is further away than this cosine says too little to be looked up by itself.
_FAR = 0.45


def continued(evidence: Evidence, before: Evidence, *, limit: int) -> Evidence:
    """Return the evidence with the documents that the questions before were about raised.

    "How long does that take?" is near to a hundred passages, and the one that is meant stands in the document that
    the conversation is about. Joining all questions to one finds that document, but not the place in it, since the
    older questions count as much as the new one. So the two are kept apart: the new question ranks passages, the
    questions before rank documents, by the best passage of each::

        (1 - share) · search + share · best search of the questions before in this document

    A change of topic is told by what the document most spoken of says to the new question. Where that is next to
    nothing, and something else is near, what was spoken of counts little.

    Args:
        evidence: Of the question, as `rag.ask.retrieve` gives it.
        before: Of the questions before it, taken as one, from the same search.
        limit: Most passages of the evidence.

    Returns:
        The evidence in its new order, ties by chunk id, with passages that only the questions before found where
        nothing fills their place. ``features["before"]`` is how much their document was spoken of, in 0..1, and
        ``features["stays"]`` the share that this counts, here and when the passages are read.

    Source:
        docs/decisions/0028-follow-ups.md.
    """
    if evidence.query.kind == "exact" or not before.hits:
        return evidence
    spoken_of = _best(before)
    share = _GOES_ON if _goes_on(evidence, spoken_of) else _STANDS_ALONE
    found = {hit.passage.chunk.id for hit in evidence.hits}
    others = [
        replace(hit, ranks={}, features={"search": 0.0}) for hit in before.hits if hit.passage.chunk.id not in found
    ]
    hits = [_weighed(hit, share, spoken_of) for hit in (*evidence.hits, *others)]
    hits.sort(key=lambda hit: (-hit.score, hit.passage.chunk.id))
    return replace(evidence, hits=tuple(hits[:limit]))


def _goes_on(evidence: Evidence, spoken_of: Mapping[str, float]) -> bool:
    most = max(spoken_of, key=lambda document: (spoken_of[document], document))
    nearest = max((hit.features.get("cosine", 0.0) for hit in evidence.hits), default=0.0)
    return _best(evidence).get(most, 0.0) >= _FITS or nearest < _FAR


def _best(evidence: Evidence) -> dict[str, float]:
    """Return the score of the best passage of each document."""
    best: dict[str, float] = {}
    for hit in evidence.hits:
        document = hit.passage.chunk.document_id
        best[document] = max(best.get(document, 0.0), hit.features.get("search", 0.0))
    return best


def _weighed(hit: Hit, share: float, spoken_of: Mapping[str, float]) -> Hit:
    before = spoken_of.get(hit.passage.chunk.document_id, 0.0)
    search = (1.0 - share) * hit.features.get("search", 0.0) + share * before
    features = {**hit.features, "search": search, "before": before, "stays": share}
    return replace(hit, score=search, features=features)
