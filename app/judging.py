"""Judged answers, for the service: what a person said of them, and the labelled set that they make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

from app import present
from app.opened import Opened
from app.present import Json
from rag.errors import InputError, NotFound, RagError
from rag.questions.export import question_set, zipped_set
from rag.questions.feedback import judge, judged, judgements, may_label, shown_passages
from rag.questions.labels import LabelledQuestion, Lack, labels, standing_alone
from rag.sentences import in_one_line
from rag.types import DEFAULT_SPACE, LOCAL_OWNER, Judged, JudgedAnswer, Judgement

SET_NAME = "footnote-questions"


class Judging(Opened):
    """What people say of answers; a part of `app.services.Service`."""

    def judgements(self, records: Iterable[Mapping[str, Any]]) -> dict[str, Json]:
        """Return what the person said of stored answers, by receipt."""
        known = {str(record["receipt"]): record for record in records}
        said = judgements(known, self.workspace(), principal=LOCAL_OWNER)
        return {receipt: _said(each, known[receipt]) for receipt, each in said.items()}

    def judge(
        self,
        receipt: str,
        verdict: Judged,
        *,
        answerable: bool | None = None,
        expected: str = "",
        passage: int = 0,
        question: str | None = None,
    ) -> None:
        """Store what the person says of an answer.

        Args:
            receipt: The answer.
            verdict: Whether it was right.
            answerable: Whether the documents hold an answer; by default as the verdict implies.
            expected: What would have been right.
            passage: Position from 1 of the passage that answers it; 0 for none.
            question: The question, standing alone; ``None`` leaves it as the person wrote it before.

        Raises:
            RagError: There is no such answer or passage, the person may not judge it, or the parts do not fit.
        """
        workspace = self.workspace()
        record = workspace.catalog.answer(receipt)
        shown = shown_passages(record)
        if not 0 <= passage <= len(shown):
            raise InputError(f"The answer has no passage {passage}.", hint="Choose one that it showed.")
        if question is None:
            earlier = judgements([receipt], workspace, principal=LOCAL_OWNER).get(receipt)
            question = earlier.question if earlier else ""
        judge(
            receipt,
            verdict,
            workspace,
            answerable=answerable,
            expected=expected,
            passage=shown[passage - 1] if passage else None,
            question=question,
            principal=LOCAL_OWNER,
        )

    def may_label(self) -> bool:
        """Return whether the person may see what others said and make a set of it; not while there are no stores."""
        try:
            return may_label(DEFAULT_SPACE, self.workspace(), principal=LOCAL_OWNER)
        except RagError:
            return False

    def questions(self) -> list[Json]:
        """Return the judged answers as the list of questions shows them, the latest judgement first.

        Raises:
            AccessError: The person may not change the space.
        """
        workspace = self.workspace()
        answers = judged(DEFAULT_SPACE, workspace, principal=LOCAL_OWNER)
        live = {info.id for info in workspace.catalog.documents(DEFAULT_SPACE)}
        return [_entry(answer, made) for answer, made in zip(answers, labels(answers, live), strict=True)]

    def judged_question(self, receipt: str) -> Json:
        """Return one judged answer with everything that its label may be made of.

        Raises:
            NotFound: Nobody has judged it.
            AccessError: The person may not change the space.
        """
        for answer in judged(DEFAULT_SPACE, self.workspace(), principal=LOCAL_OWNER):
            if answer.label.receipt == receipt:
                own = all(each.principal == LOCAL_OWNER.id for each in answer.judgements)
                return {
                    "receipt": receipt,
                    "answer": in_one_line(str(answer.record.get("answer") or "").splitlines()),
                    "message": str(answer.record.get("message") or ""),
                    "passages": present.turn(answer.record)["passages"],
                    "label": _said(answer.label, answer.record) | {"question": standing_alone(answer)},
                    "own": own,
                    "written": bool(answer.label.question),
                }
        raise NotFound("Nobody has judged that answer.", hint="Judge it where it was asked.")

    @contextmanager
    def question_set(self) -> Iterator[IO[bytes]]:
        """Give the labelled set as a zip, at its beginning.

        Raises:
            AccessError: The person may not change the space.
            InputError: No judged answer names a document.
        """
        workspace = self.workspace()
        made = question_set(DEFAULT_SPACE, workspace, principal=LOCAL_OWNER)
        with zipped_set(made, workspace.originals, name=SET_NAME) as file:
            yield file


def _said(said: Judgement, record: Mapping[str, Any]) -> Json:
    shown = shown_passages(record)
    known = said.passage is not None and said.passage in shown
    return {
        "verdict": said.verdict,
        "answerable": said.answerable,
        "expected": said.expected,
        "passage": shown.index(said.passage) + 1 if known and said.passage is not None else 0,
    }


def _entry(answer: JudgedAnswer, made: LabelledQuestion | Lack) -> Json:
    said, record = answer.label, answer.record
    labelled = made if isinstance(made, LabelledQuestion) else None
    return {
        "receipt": said.receipt,
        "question": standing_alone(answer),
        "refused": record["outcome"] == "refused",
        "verdict": said.verdict,
        "answerable": said.answerable,
        "right": in_one_line(labelled.answers[0].splitlines()) if labelled and labelled.answers else "",
        "found": bool(labelled and labelled.documents),
        "lack": None if labelled else made,
        "disputed": answer.disputed,
        "at": said.at,
    }
