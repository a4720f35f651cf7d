"""Make labelled questions of judged answers: what each is worth as a test, or what it still lacks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.types import JudgedAnswer

Lack = Literal["gone", "what_is_right", "repeated"]
"""Why a judged answer makes no question.

``gone``: what it rested on was removed; ``what_is_right``: only said to be wrong; ``repeated``: the same question has a
newer label.
"""


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question whose right answer is known.

    Args:
        receipt: The answer that was judged.
        text: The question, standing alone.
        answers: Right answers; may be empty where the passage alone was named.
        answerable: Whether the documents hold an answer.
        documents: Ids of live documents that hold it.
    """

    receipt: str
    text: str
    answers: tuple[str, ...]
    answerable: bool
    documents: tuple[str, ...]


def standing_alone(judged: JudgedAnswer) -> str:
    """Return the question as it can be asked without its conversation: as written anew, as understood, as asked."""
    record = judged.record
    if judged.label.question:
        return judged.label.question
    understood = str((record.get("query") or {}).get("text") or "") if record.get("history") else ""
    return understood or str(record.get("question", ""))


def labels(answers: Sequence[JudgedAnswer], live: Collection[str]) -> list[LabelledQuestion | Lack]:
    """Return what each of the judged answers makes, newest first; of one question asked several times, one counts.

    Args:
        answers: The latest judgement first.
        live: Ids of the live documents of their space.
    """
    seen: set[str] = set()
    found: list[LabelledQuestion | Lack] = []
    for answer in answers:
        made = label(answer, live)
        if isinstance(made, LabelledQuestion):
            words = " ".join(made.text.casefold().split())
            found.append("repeated" if words in seen else made)
            seen.add(words)
        else:
            found.append(made)
    return found


def label(judged: JudgedAnswer, live: Collection[str]) -> LabelledQuestion | Lack:
    """Return the labelled question that a judged answer makes, or what it lacks.

    Args:
        judged: With its newest judgement, which counts.
        live: Ids of the live documents of its space.
    """
    said, text = judged.label, standing_alone(judged)
    receipt = str(judged.record["receipt"])
    if not said.answerable:
        return LabelledQuestion(receipt, text, (), answerable=False, documents=())
    documents = _documents(judged)
    kept = tuple(name for name in documents if name in live)
    answers = _answers(judged)
    if documents and not kept:
        return "gone"
    if not documents and not answers:
        return "gone" if said.redacted or judged.record.get("redactions") else "what_is_right"
    return LabelledQuestion(receipt, text, answers, answerable=True, documents=kept)


def _answers(judged: JudgedAnswer) -> tuple[str, ...]:
    said = judged.label
    if said.expected:
        return (said.expected,)
    shown = str(judged.record.get("answer") or "").strip()
    return (shown,) if said.verdict == "right" and shown else ()


def _documents(judged: JudgedAnswer) -> tuple[str, ...]:
    """Return the ids of the documents that answer it: of the chosen passage, else those that a right answer cites."""
    said = judged.label
    if said.passage is not None:
        return (said.passage.document_id,)
    statements: Sequence[dict[str, list[dict[str, str]]]] = judged.record.get("statements", ())
    cited = [str(each["document"]) for statement in statements for each in statement["citations"]]
    return tuple(dict.fromkeys(cited)) if said.verdict == "right" else ()
