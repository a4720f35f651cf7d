"""What the small models learn from: questions with passages, and claims with sources."""

from __future__ import annotations

from dataclasses import dataclass

from rag.sentences import Span


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A passage of a source that questions are asked about.

    Args:
        article: What it belongs to; paragraphs of one article make the hardest negatives.
        title: Its title; empty where there is none.
        text: Its text.
    """

    article: str
    title: str
    text: str

    @property
    def embedded_text(self) -> str:
        """The text that models read, as `rag.types.Chunk.embedded_text` gives it."""
        return f"{self.title}\n{self.text}" if self.title else self.text

    @property
    def text_offset(self) -> int:
        """Where the text begins in `embedded_text`."""
        return len(self.title) + 1 if self.title else 0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the passage that answers it.

    Args:
        question: As people ask it.
        paragraph: Place of its passage in the list of paragraphs.
        answers: Texts that answer it; the first is the one to find. Empty where the whole passage is the answer.
        answer: The first answer as a span of the passage's text; ``None`` where it does not stand there.
        family: Questions of one family are answered by each other's passages too (the same request in other words);
            empty where each question stands for itself.
    """

    question: str
    paragraph: int
    answers: tuple[str, ...] = ()
    answer: Span | None = None
    family: str = ""


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions of one source over its paragraphs.

    Args:
        name: Of the source.
        licence: As its publisher states it.
        paragraphs: Its passages.
        asked: Its questions.
    """

    name: str
    licence: str
    paragraphs: tuple[Paragraph, ...]
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One passage read for one question, and what a reader should find.

    Args:
        passage: The text that models read.
        answer: The answer as a span of ``passage``; ``None`` where there is none or it is not known.
        answers: Whether the passage answers the question; ``None`` where nobody knows.
        relevant: Whether the passage should rank above the others of its group; ``None`` leaves it out of the ranking.
        unmet: Words of the question that the passage says nothing of, as spans; ``None`` where nobody knows which.
    """

    passage: str
    answer: Span | None
    answers: bool | None
    relevant: bool | None
    unmet: tuple[Span, ...] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Readings of one question, the relevant one first.

    Args:
        origin: The set that it comes from.
        question: As it is read.
        readings: With each passage.
        article: What its passages belong to; what is held out is held out by article.
    """

    origin: str
    question: str
    readings: tuple[Reading, ...]
    article: str = ""


@dataclass(frozen=True, slots=True)
class Triple:
    """A question with a passage that answers it and one that only seems to."""

    question: str
    right: str
    wrong: str
