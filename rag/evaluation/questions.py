"""The commands ``footnote questions …``; `rag.cli` registers them.

A labelled set of a team's own is made from judged answers, or by hand; both are checked and measured alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from rag import terminal
from rag.evaluation.dataset import LabelledSet, read_dataset
from rag.evaluation.printing import print_left_out
from rag.options import AsJson, Home, Space
from rag.questions.export import LeftOut, QuestionSet, question_set, write_set
from rag.questions.feedback import judged
from rag.questions.labels import Lack, standing_alone
from rag.settings import load_settings
from rag.types import DEFAULT_SPACE, JudgedAnswer
from rag.wiring import open_workspace

questions = typer.Typer(no_args_is_help=True, help="Judged answers, and the labelled set that they make.")


_LACKS: Mapping[Lack, str] = {
    "repeated": "The same question has a newer label.",
    "gone": "What it rested on was removed.",
    "what_is_right": "It is only said to be wrong; say what is right, or choose the passage.",
}


@questions.command("list")
def list_questions(*, home: Home = None, space: Space = DEFAULT_SPACE, as_json: AsJson = False) -> None:
    """List the answers that somebody judged, the latest judgement first."""
    with open_workspace(load_settings(home=home), make=False) as workspace:
        answers = judged(space, workspace)
    rows = [_row(answer) for answer in answers]
    if as_json:
        terminal.print_json({"space": space, "questions": rows})
        return
    cells = [(row["question"], row["verdict"], "yes" if row["answerable"] else "no", row["right"]) for row in rows]
    terminal.print_table(("Question", "Answer was", "Answerable", "Right answer"), cells)


@questions.command("export")
def export_questions(
    folder: Annotated[Path, typer.Argument(help="New folder for the set.", show_default=False)],
    *,
    home: Home = None,
    space: Space = DEFAULT_SPACE,
    as_json: AsJson = False,
) -> None:
    """Write the judged answers and their documents as a labelled set; `footnote eval FOLDER` measures with it."""
    with open_workspace(load_settings(home=home), make=False) as workspace:
        made = question_set(space, workspace)
        write_set(made, folder, workspace.originals)
    print_left_out([(left.question, _LACKS[left.lack]) for left in made.left_out], what="judged answers are left out")
    facts = {"folder": str(folder), **_counts(made), "left_out": [_left(each) for each in made.left_out]}
    if as_json:
        terminal.print_json(facts)
        return
    typer.echo(
        f"{facts['questions']} questions ({facts['unanswerable']} of them unanswerable) and {facts['documents']} "
        f"documents are in {folder}. Measure with: footnote eval {folder}"
    )


@questions.command("check")
def check_questions(
    folder: Annotated[Path, typer.Argument(help="Folder of a labelled set.", show_default=False)],
    *,
    as_json: AsJson = False,
) -> None:
    """Check a labelled set, made by hand or exported; a mistake is named with its line, else what is in the set."""
    facts = {"folder": str(folder), **_contents(read_dataset(folder))}
    if as_json:
        terminal.print_json(facts)
        return
    terminal.print_table(("", ""), [(name.replace("_", " "), str(value)) for name, value in facts.items()])


def _row(answer: JudgedAnswer) -> dict[str, Any]:
    said, shown = answer.label, str(answer.record.get("answer") or "")
    return {
        "receipt": said.receipt,
        "question": standing_alone(answer),
        "outcome": answer.record["outcome"],
        "answer": shown,
        "verdict": said.verdict,
        "answerable": said.answerable,
        "expected": said.expected,
        "right": said.expected or (shown if said.verdict == "right" else ""),
        "document": said.passage.document_id if said.passage else None,
        "principal": said.principal,
        "at": said.at,
        "disputed": answer.disputed,
    }


def _counts(made: QuestionSet) -> dict[str, int]:
    return {
        "questions": len(made.questions),
        "with_documents": made.n_found,
        "unanswerable": sum(1 for each in made.questions if not each.answerable),
        "documents": len(made.names),
    }


def _left(left: LeftOut) -> dict[str, str]:
    return {"question": left.question, "lack": left.lack}


def _contents(labelled: LabelledSet) -> dict[str, int]:
    queries = labelled.queries
    return {
        "documents": labelled.n_documents,
        "questions": len(queries),
        "with_documents": len(labelled.labelled),
        "with_answers": sum(1 for each in queries if each.metadata.get("answers")),
        "unanswerable": sum(1 for each in queries if each.metadata.get("answerable") is False),
        "without_any_label": sum(1 for each in queries if not each.is_labelled),
    }
