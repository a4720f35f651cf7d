"""What can be read off evidence and statements about how likely they are right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag import lexis
from rag.protocols import Highlighter
from rag.sentences import Span
from rag.types import Citation, Evidence, Hit, Statement


def signals(
    evidence: Evidence,
    statements: Sequence[Statement],
    hits: Sequence[Hit],
    highlighter: Highlighter,
    rarity: Mapping[str, float],
) -> dict[str, float]:
    """Return how well evidence and statements fit the question; all zero where there is nothing.

    Args:
        evidence: All passages, with the query.
        statements: What would be shown.
        hits: The passages that the statements may rest on, best first.
        highlighter: Scores the cited sentences.
        rarity: Weight of each term of the question.
    """
    query, best = evidence.query, hits[:3]
    cited = [citation for statement in statements for citation in statement.citations]
    near = " ".join(hit.passage.chunk.embedded_text for hit in best).casefold()
    titles = " ".join(dict.fromkeys(" ".join((citation.title, *citation.headings)) for citation in cited))
    return {
        "cosine": max((hit.features.get("cosine", 0.0) for hit in hits), default=0.0),
        "rerank": max((hit.features.get("rerank", 0.0) for hit in hits), default=0.0),
        "statement": _closeness(query.text, cited, hits, highlighter),
        "coverage": lexis.covered(rarity, " ".join((titles, *(statement.text for statement in statements)))),
        "passage_coverage": max((lexis.covered(rarity, hit.passage.chunk.embedded_text) for hit in best), default=0.0),
        "codes": sum(code.casefold() in near for code in query.codes) / len(query.codes) if query.codes else 1.0,
    }


def _closeness(question: str, cited: Sequence[Citation], hits: Sequence[Hit], highlighter: Highlighter) -> float:
    """Return the best score of a cited sentence for the question."""
    if not cited:
        return 0.0
    chunks = [hit.passage.chunk for hit in hits]
    spans = [
        [
            Span(c.start - chunk.start + chunk.text_offset, c.end - chunk.start + chunk.text_offset)
            for c in cited
            if c.chunk_id == chunk.id
        ]
        for chunk in chunks
    ]
    scores = highlighter.highlight(question, [chunk.embedded_text for chunk in chunks], spans)
    return max(float(score) for scored in scores for score in scored)
