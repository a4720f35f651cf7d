"""What people say of answers, and what it makes of them: questions whose right answers are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Judged = Literal["right", "wrong", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Passage:
    """An exact span of a document version, as a person chose it."""

    document_id: str
    version: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one person said of one answer at one time; a later one of the same person replaces it.

    Args:
        receipt: The answer.
        principal: Who said it.
        verdict: Whether answering so, or refusing, was right; ``withdrawn`` takes back what was said before.
        answerable: Whether the documents hold an answer.
        question: The question made to stand alone; empty where it stands alone as it was understood.
        expected: What would have been right, in a few words; empty where nothing was said.
        passage: The passage that answers it.
        at: When, in UTC as ISO 8601; empty until it is stored.
        redacted: Whether words of it went with a document that was removed.
    """

    receipt: str
    principal: str
    verdict: Judged
    answerable: bool
    question: str = ""
    expected: str = ""
    passage: Passage | None = None
    at: str = ""
    redacted: bool = False


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """A stored answer with the latest judgement of each person, newest first.

    Args:
        record: JSON form of the answer.
        judgements: At least one; none of them withdrawn.
    """

    record: Mapping[str, Any]
    judgements: tuple[Judgement, ...]

    @property
    def label(self) -> Judgement:
        """The judgement that counts: the newest."""
        return self.judgements[0]

    @property
    def disputed(self) -> bool:
        """Whether people disagree."""
        return len({(each.verdict, each.answerable) for each in self.judgements}) > 1
