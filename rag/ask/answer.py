"""Give an answer its written forms: the message of a refusal, and the JSON record that is stored and printed."""

from __future__ import annotations

from collections.abc import Mapping

from rag.types import Answer, Citation, Hit, Query, RefusalReason, Verdict

_MESSAGES: Mapping[RefusalReason, str] = {
    "no_evidence": "Nothing in the documents was found for this question. Ask it in other words, or add a document "
    "that covers it.",
    "weak_evidence": "The documents do not answer this clearly enough to be quoted. The nearest passages are below; "
    "a more specific question, with a product, code or date, may help.",
    "conflicting_evidence": "The documents disagree on this. Both sides are shown below; ask their owner which holds.",
    "ambiguous_question": "The question can be read in several ways. Say which one is meant.",
    "policy": "This question is outside of what may be answered here.",
    "not_permitted": "You may not read this space. Ask its owner for access.",
}


def message(verdict: Verdict, query: Query | None = None) -> str:
    """Return what a person reads where there is no statement: why, and the next step; empty for an answer."""
    if verdict.reason == "ambiguous_question" and query is not None and query.choices:
        return f"{_MESSAGES[verdict.reason]} The documents have: {'; '.join(query.choices)}."
    return _MESSAGES[verdict.reason] if verdict.reason else ""


def record(answer: Answer) -> dict[str, object]:
    """Return the JSON form of an answer: the contract of the command line, and what the receipt adds to it."""
    verdict = answer.verdict
    return {
        "receipt": answer.receipt,
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "answer": answer.text,
        "mode": verdict.mode,
        "statements": [
            {
                "text": s.text,
                "support": s.support,
                "citations": [_citation(c) for c in s.citations],
                "phrase": None if s.phrase is None else list(s.phrase),
            }
            for s in verdict.statements
        ],
        "confidence": {
            "probability": verdict.confidence.probability,
            "level": verdict.confidence.level,
            "signals": dict(verdict.confidence.signals),
            "alike": {"n": verdict.confidence.n_alike, "right": verdict.confidence.n_right},
        },
        "candidates": [{"answer": answer.text, "probability": verdict.confidence.probability}] if answer.text else [],
        "passages": [_passage(hit) for hit in answer.passages],
        "models": {slot: {"ref": use.ref, "sha256": use.sha256} for slot, use in answer.models.items()},
        "timings_ms": {stage: round(ms, 2) for stage, ms in answer.timings_ms.items()},
        "question": answer.question.text,
        "space": answer.question.space,
        "conversation": answer.question.conversation,
        "history": list(answer.question.history),
        "query": _query(answer.query),
        "message": answer.message,
        "cut": [{"text": c.text, "support": round(c.support, 4), "reason": c.reason} for c in verdict.cut],
        "index": answer.index,
        "prompt": answer.prompt,
        "asked_at": answer.asked_at,
        "asked_by": answer.asked_by,
        "settings": dict(answer.settings),
        "revision": answer.revision,
        "software": answer.software,
        "salt": answer.salt,
    }


def _citation(citation: Citation) -> dict[str, object]:
    return {
        "n": citation.n,
        "document": citation.document_id,
        "title": citation.title,
        "version": citation.version,
        "page": citation.page,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "chunk": citation.chunk_id,
        "headings": list(citation.headings),
    }


def _passage(hit: Hit) -> dict[str, object]:
    chunk = hit.passage.chunk
    return {
        "document": chunk.document_id,
        "chunk": chunk.id,
        "title": hit.passage.title,
        "score": round(hit.score, 6),
        "origin": list(hit.origin),
        "path": list(hit.path),
        "text": chunk.text,
        "version": chunk.version,
        "page": chunk.page,
        "headings": list(chunk.headings),
        "start": chunk.start,
        "end": chunk.end,
        "ranks": dict(hit.ranks),
        "features": {name: round(value, 4) for name, value in hit.features.items()},
    }


def _query(query: Query | None) -> dict[str, object] | None:
    if query is None:
        return None
    return {
        "original": query.original,
        "text": query.text,
        "kind": query.kind,
        "language": query.language,
        "spelling": [{"written": c.written, "read": c.read} for c in query.spelling],
        "terms": list(query.terms),
        "codes": list(query.codes),
        "phrases": list(query.phrases),
        "numbers": list(query.numbers),
        "dates": list(query.dates),
        "negated": list(query.negated),
        "shape": query.shape,
        "subqueries": list(query.subqueries),
        "choices": list(query.choices),
    }
