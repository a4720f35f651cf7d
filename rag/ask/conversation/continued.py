"""Let a conversation stay with the documents that it has been about, as far as they fit the new question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag import lexis
from rag.types import Evidence, Hit

# What a document counts for having been spoken of, beside the search for the question, which counts the rest: for a
# question that goes on with what was spoken of or is close to nothing, and for one that stands for itself.
_GOES_ON, _STANDS_ALONE = 0.65, 0.35
# A question goes on if no passage is nearer to it, by this cosine, than those of the document most spoken of.
_NEARER = 0.2
# A question whose nearest passage is further away than this cosine says too little to be looked up by itself.
_FAR = 0.4
# So many documents, the best for all that was said with the question, have a passage each among those that are read:
# behind so many others where the question goes on, else in the last places.
_SEATS, _BEHIND = 2, 3


def continued(
    evidence: Evidence, before: Evidence, joined: Evidence, *, limit: int, new: Sequence[str] = ()
) -> Evidence:
    """Return the evidence with the documents that the conversation was about raised.

    "How long does that take?" is near to a hundred passages, and the one that is meant stands in the document that
    the conversation is about. Joining all turns to one finds that document, but not the place in it, since the older
    turns count as much as the new question. So the two are kept apart: the new question ranks passages, what was said
    before ranks documents, by the best passage of each::

        (1 - share) · search + share · best search of what was said before in this document

    A change of topic is told by how much nearer something else is to the new question than the document most spoken
    of. Then what was spoken of counts less; and it counts nothing where the question names something that is found
    nowhere in that document.

    Args:
        evidence: Of the question, as `rag.ask.retrieve` gives it.
        before: Of what was asked and answered before it, taken as one, from the same search.
        joined: Of all that and the question, taken as one: its best documents are noted for `seated`.
        limit: Most passages of the evidence.
        new: What the question names and nothing before it does.

    Returns:
        The evidence in its new order, ties by chunk id, with passages that only what was said before found where
        nothing fills their place. ``features["before"]`` is how much their document was spoken of, in 0..1, and
        ``features["stays"]`` the share that this counts, here and when the passages are read; ``features["seat"]``
        is the place of a document, from 1, among the best of ``joined``.

    Source:
        docs/decisions/0028-follow-ups.md.
    """
    if evidence.query.kind == "exact" or not before.hits:
        return evidence
    spoken_of = _best(before)
    most = max(spoken_of, key=lambda document: (spoken_of[document], document))
    if not _holds(most, (*evidence.hits, *before.hits), new):
        return evidence
    share = _GOES_ON if not new and _goes_on(evidence, most) else _STANDS_ALONE
    found = {hit.passage.chunk.id for hit in evidence.hits}
    seats = {document: place for place, document in enumerate(_first(joined), 1)}
    others = {
        hit.passage.chunk.id: replace(hit, ranks={}, features={"search": 0.0})
        for hit in (*before.hits, *(hit for hit in joined.hits if hit.passage.chunk.document_id in seats))
        if hit.passage.chunk.id not in found
    }
    hits = [_weighed(hit, share, spoken_of, seats) for hit in (*evidence.hits, *others.values())]
    hits.sort(key=lambda hit: (-hit.score, hit.passage.chunk.id))
    return replace(evidence, hits=tuple(hits[:limit]))


def seated(evidence: Evidence, *, limit: int) -> Evidence:
    """Return the evidence with the documents that fit the whole conversation among the passages that are read.

    All turns joined find the document that is meant more often than any way that weighs the last turn, and never know
    the place in it. So its first documents are given a place each, with the passage that fits the question best, and
    the others keep theirs.

    Args:
        evidence: Best first, with the ``features["seat"]`` of `continued`; without any it stays as it is.
        limit: How many passages an answer may rest on.
    """
    if not any("seat" in hit.features for hit in evidence.hits):
        return evidence
    hits = list(evidence.hits)
    last = max(1, limit - _SEATS)
    for seat in range(_SEATS):
        now = next((place for place, hit in enumerate(hits) if hit.features.get("seat") == seat + 1), None)
        if now is None:
            continue
        at = seat + (min(_BEHIND, last) if hits[now].features["stays"] == _GOES_ON else last)
        if now > at:
            hits.insert(at, hits.pop(now))
    scores = (hit.score for hit in evidence.hits)
    return replace(evidence, hits=tuple(replace(hit, score=score) for hit, score in zip(hits, scores, strict=True)))


def _first(evidence: Evidence) -> list[str]:
    return list(dict.fromkeys(hit.passage.chunk.document_id for hit in evidence.hits))[:_SEATS]


def _holds(document: str, hits: Sequence[Hit], names: Sequence[str]) -> bool:
    """Return whether the passages of a document hold all of these names."""
    texts = (hit.passage.chunk.embedded_text for hit in hits if hit.passage.chunk.document_id == document)
    return not names or lexis.stems(" ".join(names)) <= lexis.stems(" ".join(texts))


def _goes_on(evidence: Evidence, most: str) -> bool:
    nearest = _nearest(evidence.hits)
    own = _nearest([hit for hit in evidence.hits if hit.passage.chunk.document_id == most])
    return nearest - own < _NEARER or nearest < _FAR


def _nearest(hits: Sequence[Hit]) -> float:
    return max((hit.features.get("cosine", 0.0) for hit in hits), default=0.0)


def _best(evidence: Evidence) -> dict[str, float]:
    """Return the score of the best passage of each document."""
    best: dict[str, float] = {}
    for hit in evidence.hits:
        document = hit.passage.chunk.document_id
        best[document] = max(best.get(document, 0.0), hit.features.get("search", 0.0))
    return best


def _weighed(hit: Hit, share: float, spoken_of: Mapping[str, float], seats: Mapping[str, int]) -> Hit:
    document = hit.passage.chunk.document_id
    before = spoken_of.get(document, 0.0)
    search = (1.0 - share) * hit.features.get("search", 0.0) + share * before
    features = {**hit.features, "search": search, "before": before, "stays": share}
    if document in seats:
        features["seat"] = float(seats[document])
    return replace(hit, score=search, features=features)
