"""Say whether an answer was right, and see what was said; who may is decided here, by principal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from rag.errors import AccessError, InputError
from rag.protocols import Catalog, Feedback
from rag.types import EDITORS, LOCAL_OWNER, Judged, JudgedAnswer, Judgement, Passage, Principal

MAX_EXPECTED = 2000
MAX_QUESTION = 2000


class FeedbackParts(Protocol):
    """What judging needs of a workspace."""

    @property
    def catalog(self) -> Catalog:
        """Answers and roles."""

    @property
    def feedback(self) -> Feedback:
        """What people said."""


def judge(
    receipt: str,
    verdict: Judged,
    parts: FeedbackParts,
    *,
    answerable: bool | None = None,
    expected: str = "",
    passage: Passage | None = None,
    question: str = "",
    principal: Principal = LOCAL_OWNER,
) -> Judgement:
    """Store what a person says of an answer; it replaces what that person said of it before.

    Args:
        receipt: The answer.
        verdict: Whether answering so, or refusing, was right; ``withdrawn`` takes an earlier word back.
        parts: Stores.
        answerable: Whether the documents hold an answer; by default as the verdict implies.
        expected: What would have been right, in a few words.
        passage: The passage that answers it, one that the answer showed.
        question: The question made to stand alone, where it was understood otherwise.
        principal: Who says it.

    Raises:
        NotFound: There is no such answer, or the document of the passage was removed.
        AccessError: The person neither asked for it nor may change its space.
        InputError: The answer failed, a text is too long, the passage was not shown, or the parts contradict
            each other.
    """
    _check_judge(receipt, parts, principal)
    record = parts.catalog.answer(receipt)
    if record.get("outcome") == "failed":
        raise InputError("An answer that failed cannot be judged.", hint="Ask again first.")
    implied = implied_answerable(record, verdict)
    answerable = implied if answerable is None else answerable
    if verdict == "right" and answerable != implied:
        raise InputError(
            "An answer cannot be right where there is none, nor a refusal where there is one.",
            hint="Judge it wrong, or leave the rest as it is.",
        )
    if passage is not None and passage not in shown_passages(record):
        raise InputError("That passage was not among those that the answer showed.", hint="Choose one of those.")
    if passage is not None:
        # Nothing is said in the words of a document that was removed.
        parts.catalog.document(passage.document_id)
    judgement = Judgement(
        receipt=receipt,
        principal=principal.id,
        verdict=verdict,
        answerable=answerable,
        question=_clean(question, "question", MAX_QUESTION),
        expected=_clean(expected, "expected answer", MAX_EXPECTED) if answerable else "",
        passage=passage if answerable else None,
    )
    return parts.feedback.add_judgement(judgement)


def judgements(
    receipts: Iterable[str], parts: FeedbackParts, *, principal: Principal = LOCAL_OWNER
) -> dict[str, Judgement]:
    """Return what the person said last of each answer; answers of which they said nothing are left out."""
    return parts.feedback.judgements_of(principal.id, receipts)


def may_label(space: str, parts: FeedbackParts, *, principal: Principal = LOCAL_OWNER) -> bool:
    """Return whether the person may see and change what others said of the answers of a space.

    Raises:
        NotFound: There is no such space.
    """
    return parts.catalog.role(principal, space) in EDITORS


def judged(space: str, parts: FeedbackParts, *, principal: Principal = LOCAL_OWNER) -> tuple[JudgedAnswer, ...]:
    """Return the answers of a space that somebody judged, the latest judgement first.

    Raises:
        NotFound: There is no such space.
        AccessError: The person may not change the space.
    """
    if not may_label(space, parts, principal=principal):
        raise AccessError(
            f"{principal.id!r} may not see the judged answers of the space {space!r}.", hint="Ask its owner for access."
        )
    return parts.feedback.judged(space)


def implied_answerable(record: Mapping[str, Any], verdict: Judged) -> bool:
    """Return whether the documents hold an answer, as far as a verdict on this record says so.

    A refusal that was right means that they do not; everything else, that they do.
    """
    return not (record.get("outcome") == "refused" and verdict == "right")


def shown_passages(record: Mapping[str, Any]) -> list[Passage]:
    """Return the spans of the nearest passages of an answer, best first."""
    return [
        Passage(str(each["document"]), str(each["version"]), int(each["start"]), int(each["end"]))
        for each in record.get("passages", ())
    ]


def _check_judge(receipt: str, parts: FeedbackParts, principal: Principal) -> None:
    person, space = parts.feedback.asked_by(receipt)
    role = parts.catalog.role(principal, space)
    if role not in EDITORS and (role is None or person != principal.id):
        raise AccessError(
            f"{principal.id!r} may not judge the answer {receipt!r}.", hint="Ask the question yourself, or its owner."
        )


def _clean(text: str, name: str, limit: int) -> str:
    """Return a text on one line without control and format characters.

    Raises:
        InputError: It is too long.
    """
    kept = "".join(" " if ch.isspace() else ch for ch in text if ch.isspace() or unicodedata.category(ch)[0] != "C")
    flat = " ".join(kept.split())
    if len(flat) > limit:
        raise InputError(f"The {name} has {len(flat):,} characters, more than {limit:,}.", hint="Say it shorter.")
    return flat
