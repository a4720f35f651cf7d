"""Give an answer its written forms: the message of a refusal, and the JSON record that is stored and printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rag.confidence import in_hundredths, in_words
from rag.types import Answer, Bearing, Carried, Citation, Hit, Query, RefusalReason, Statement, Verdict

_MESSAGES: Mapping[RefusalReason, str] = {
    "no_evidence": "Nothing in the documents was found for this question. Ask it in other words, or add a document "
    "that covers it.",
    "weak_evidence": "The documents do not answer this clearly enough to be quoted. The nearest passages are below; "
    "a more specific question, with a product, code or date, may help.",
    "conflicting_evidence": "The documents disagree on this. Both sides are shown below; ask their owner which holds.",
    "ambiguous_question": "The question can be read in several ways. Say which one is meant.",
    "policy": "This question is outside of what may be answered here. Ask something else, or the owner of the policy.",
    "not_permitted": "You may not read this space. Ask its owner for access.",
}


def message(verdict: Verdict, query: Query | None = None, *, bar: float = 0.0) -> str:
    """Return what a person reads beside the statements, or where there is none.

    For a refusal that is why, and the next step; for a partial answer, what is not covered; for an answer, nothing.

    Args:
        verdict: The verdict.
        query: What was understood of the question.
        bar: The least confidence of an answer, told where one was found below it.
    """
    if verdict.missing and not verdict.statements:
        words = ", ".join(f"“{word}”" for word in verdict.missing)
        return f"The documents say nothing of {words}. {message(replace(verdict, missing=()), query, bar=bar)}".strip()
    if verdict.held_back:
        # Its words may still be read in several ways; that nothing answers clearly would be untrue.
        read = message(replace(verdict, held_back=False), query) if verdict.readings else ""
        return f"{_below(verdict, bar)} {read}".strip()
    if verdict.missing:
        parts = "; ".join(f"“{part}”" for part in verdict.missing)
        return (
            f"The documents do not answer a part of this: {parts}. Ask for it alone, or add a document that covers it."
        )
    if verdict.reason == "conflicting_evidence" and verdict.notes:
        return " ".join(verdict.notes)
    if verdict.reason == "ambiguous_question" and query is not None and query.choices:
        return f"{_MESSAGES[verdict.reason]} The documents have: {'; '.join(query.choices)}."
    return _MESSAGES[verdict.reason] if verdict.reason else ""


def _below(verdict: Verdict, bar: float) -> str:
    """Return what is said where an answer was found and is less sure than is asked for, with both numbers."""
    known = verdict.confidence
    alike = f" {in_words(known.n_alike, known.n_right)}" if known.n_alike else ""
    return (
        f"An answer was found, but it is less sure ({in_hundredths(known.probability)}) than the bar that is set here "
        f"({bar:.2f}).{alike} "
        "Read the passages below yourself, or ask a colleague who knows."
    )


def record(answer: Answer) -> dict[str, object]:
    """Return the JSON form of an answer: the contract of the command line, and what the receipt adds to it."""
    verdict = answer.verdict
    return {
        "receipt": answer.receipt,
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "answer": answer.text,
        "mode": verdict.mode,
        "statements": [statement_record(statement) for statement in verdict.statements],
        "confidence": {
            "probability": verdict.confidence.probability,
            "level": verdict.confidence.level,
            "signals": dict(verdict.confidence.signals),
            "alike": {"n": verdict.confidence.n_alike, "right": verdict.confidence.n_right},
        },
        "missing": list(verdict.missing),
        "readings": list(verdict.readings),
        "sides": [statement_record(statement) for statement in verdict.sides],
        "notes": list(verdict.notes),
        "caveats": list(answer.caveats),
        "held_back": verdict.held_back,
        "today": answer.today,
        "as_of": answer.as_of,
        "standings": [_bearing(bearing) for bearing in answer.bearings],
        "candidates": _candidates(answer),
        "passages": [_passage(hit) for hit in answer.passages],
        "models": {slot: {"ref": use.ref, "sha256": use.sha256} for slot, use in answer.models.items()},
        "timings_ms": {stage: round(ms, 2) for stage, ms in answer.timings_ms.items()},
        "question": answer.question.text,
        "space": answer.question.space,
        "conversation": answer.question.conversation,
        "history": list(answer.question.history),
        "grounds": [{"of": g.chunk_id, "start": g.start, "end": g.end} for g in answer.question.grounds],
        "history_refused": list(answer.question.refused),
        "query": _query(answer.query),
        "message": answer.message,
        "cut": [{"text": c.text, "support": round(c.support, 4), "reason": c.reason} for c in verdict.cut],
        "fallbacks": [{"slot": f.slot, "instead": f.instead, "reason": f.reason} for f in answer.fallbacks],
        "index": answer.index,
        "prompt": answer.prompt,
        "asked_at": answer.asked_at,
        "asked_by": answer.asked_by,
        "settings": dict(answer.settings),
        "revision": answer.revision,
        "software": answer.software,
        "salt": answer.salt,
    }


def statement_record(statement: Statement) -> dict[str, object]:
    """Return a statement as a stored answer holds it."""
    return {
        "text": statement.text,
        "support": statement.support,
        "citations": [_citation(citation) for citation in statement.citations],
        "phrase": None if statement.phrase is None else list(statement.phrase),
        "repaired_from": statement.repaired_from or None,
        "item": statement.item,
    }


def _bearing(bearing: Bearing) -> dict[str, object]:
    standing = bearing.standing
    return {
        "document": bearing.document_id,
        "title": bearing.title,
        "status": standing.status,
        "from": standing.effective_from,
        "until": standing.effective_to,
        "in_force": bearing.in_force,
        "set_back": bearing.set_back,
    }


def _candidates(answer: Answer) -> list[dict[str, object]]:
    """Return the answers that were weighed, the one that is shown first."""
    verdict = answer.verdict
    if not verdict.statements:
        return []
    weighed = [
        (answer.text, verdict.confidence.probability, "", verdict.statements),
        *((each.text, each.probability, each.why, each.statements) for each in verdict.candidates),
    ]
    return [
        {
            "answer": text,
            "probability": probability,
            "why": why,
            "statements": [statement_record(s) for s in statements],
        }
        for text, probability, why, statements in weighed
    ]


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
        "carried": [_carried(each) for each in query.carried],
    }


def _carried(carried: Carried) -> dict[str, object]:
    return {
        "text": carried.text,
        "document": carried.document_id,
        "chunk": carried.chunk_id,
        "start": carried.start,
        "end": carried.end,
    }
