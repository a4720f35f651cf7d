"""The command ``footnote eval``; `rag.cli` registers it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from rag.errors import InputError
from rag.evaluation.compare import check_comparable, compare, read_run, save_run
from rag.evaluation.conversations import Conversation, read_conversations, sample
from rag.evaluation.dataset import LabelledSet, read_dataset
from rag.evaluation.embeddings import compare_embeddings
from rag.evaluation.follow_ups import measure
from rag.evaluation.indexing import open_index
from rag.evaluation.metrics import CUTOFFS
from rag.evaluation.printing import print_embeddings, print_follow_ups, print_left_out, print_run, print_sweep
from rag.evaluation.progress import progress_bar
from rag.evaluation.records import EvaluationRun, Part
from rag.evaluation.report import write_report
from rag.evaluation.runner import Half, RunChoices, chosen_queries, evaluate, leaving_out
from rag.evaluation.sweep import parse_dial, sweep, variants, with_settings
from rag.options import AsJson, named_path
from rag.settings import Settings, load_settings

# Follow-ups asked where no number is given: enough to tell 6 points apart, and done in minutes.
_FOLLOW_UPS = 300


def evaluate_command(
    dataset: Annotated[Path, typer.Argument(help="Folder with corpus.jsonl or documents/, queries.jsonl and qrels.")],
    *,
    home: Annotated[
        Path | None,
        typer.Option(
            "--home",
            help="Keep the index here and use it again while it fits.",
            show_default="temporary",
            parser=named_path,
            metavar="DIRECTORY",
        ),
    ] = None,
    retrieval_only: Annotated[bool, typer.Option("--retrieval-only", help="Make no answers.")] = False,
    half: Annotated[Half | None, typer.Option("--half", help="Only one half of the questions.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Most questions, the first ones.")] = None,
    split: Annotated[str | None, typer.Option("--split", help="Only questions whose metadata.split is this.")] = None,
    without: Annotated[list[Part] | None, typer.Option("--without", help="Leave a part out; repeatable.")] = None,
    k: Annotated[list[int] | None, typer.Option("--k", min=1, help="Count at this rank too; repeatable.")] = None,
    embedding: Annotated[
        list[str] | None, typer.Option("--embedding", help="Embedding model; several are compared in a table.")
    ] = None,
    sweep_values: Annotated[
        list[str] | None,
        typer.Option("--sweep", help="SETTING=VALUE,VALUE,… in turn, in a table; several make all combinations."),
    ] = None,
    compare_with: Annotated[
        Path | None, typer.Option("--compare", help="A saved run to compare this one with.")
    ] = None,
    save: Annotated[Path | None, typer.Option("--save", help="Save this run with every question.")] = None,
    report: Annotated[Path | None, typer.Option("--report", help="Write an HTML report.")] = None,
    conversations: Annotated[
        bool, typer.Option("--conversations", help="Ask the follow-ups in conversations.jsonl, 300 or --limit of them.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Measure on labelled questions how well their documents are found, and how well they are answered."""
    refs = tuple(dict.fromkeys(embedding or ()))
    dials = [parse_dial(text) for text in sweep_values or ()]
    files = [path for path in (compare_with, save, report) if path is not None]
    _check_wishes(len(refs) > 1, bool(dials), files)
    if conversations and (refs[1:] or dials or files or split or k):
        raise InputError(
            "Follow-ups have a table of their own.",
            hint="Beside --conversations give --half, --limit, --without, --home, --json.",
        )
    choices = RunChoices(
        without=tuple(dict.fromkeys(without or ())),
        cutoffs=tuple(sorted({*CUTOFFS, *(k or ())})),
        limit=limit,
        split=split,
        half=half,
        # A table of runs compares how documents are found.
        answers=not (retrieval_only or dials or len(refs) > 1),
    )
    settings = load_settings(home=home)
    if len(refs) == 1:
        settings = with_settings(settings, {"models.embedding": refs[0]})
    labelled = read_dataset(dataset)
    if conversations:
        chosen = sample(read_conversations(dataset, labelled), limit=limit or _FOLLOW_UPS, half=half)
        with _root(home, settings) as root:
            _follow_ups(_Job(labelled, settings, choices, root, as_json=as_json), chosen)
        return
    earlier = read_run(compare_with, labelled.name) if compare_with is not None else None
    if earlier is not None:
        check_comparable(earlier, chosen_queries(labelled, choices))
    with _root(home, settings) as root:
        job = _Job(labelled, settings, choices, root, as_json=as_json)
        if dials:
            _sweep(job, variants(settings, dials))
        elif len(refs) > 1:
            _embeddings(job, refs)
        else:
            _one(job, earlier, save, report)


@dataclass(frozen=True, slots=True)
class _Job:
    """What every form of the command works with."""

    labelled: LabelledSet
    settings: Settings
    choices: RunChoices
    root: Path
    as_json: bool

    def head(self) -> dict[str, Any]:
        """Return what stands above a table."""
        n_queries = len(chosen_queries(self.labelled, self.choices))
        return {"dataset": self.labelled.name, "documents": self.labelled.n_documents, "queries": n_queries}


def _check_wishes(several_embeddings: bool, swept: bool, files: Sequence[Path]) -> None:  # noqa: FBT001 - two facts
    if (several_embeddings and swept) or ((several_embeddings or swept) and files):
        raise InputError(
            "A table of runs stands for itself: it cannot be joined with another, saved, compared or reported.",
            hint="Give one of --sweep, several --embedding, or --save, --compare and --report.",
        )
    for path in files:
        # Said before the work, not after it.
        if not path.absolute().parent.is_dir():
            raise InputError(f"There is no folder {str(path.parent)!r}.", hint="Make it, or name another file.")
        if path.is_dir():
            raise InputError(f"{str(path)!r} is a folder.", hint="Name a file.")


def _one(job: _Job, earlier: EvaluationRun | None, save: Path | None, report: Path | None) -> None:
    with (
        progress_bar(quiet=job.as_json) as watch,
        open_index(job.labelled, job.settings, job.root, on_progress=watch) as indexed,
    ):
        run = evaluate(indexed, job.choices, on_progress=watch)
    print_left_out(indexed.left_out)
    comparison = None
    try:
        if save is not None:
            # First of all: what comes after may fail, and the run took long.
            save_run(run, save)
        comparison = compare(earlier, run) if earlier is not None else None
        if report is not None:
            write_report(run, report, comparison=comparison)
    finally:
        # Also where a file cannot be written: the figures are all that is left of the run then.
        print_run(run.summary, comparison, as_json=job.as_json)


def _follow_ups(job: _Job, chosen: Sequence[Conversation]) -> None:
    with (
        progress_bar(quiet=job.as_json) as watch,
        open_index(job.labelled, job.settings, job.root, on_progress=watch) as indexed,
    ):
        asked = leaving_out(indexed.workspace.ask_choices, job.choices.without)
        measured = measure(chosen, indexed, asked, on_progress=watch)
    print_left_out(indexed.left_out)
    print_follow_ups(job.labelled.name, len(chosen), measured, as_json=job.as_json)


def _sweep(job: _Job, chosen: Sequence[tuple[dict[str, str], Settings]]) -> None:
    with progress_bar(quiet=job.as_json) as watch:
        rows = list(sweep(job.labelled, chosen, job.choices, job.root, on_progress=watch))
    print_sweep(job.head(), rows, as_json=job.as_json)


def _embeddings(job: _Job, refs: Sequence[str]) -> None:
    with progress_bar(quiet=job.as_json) as watch:
        rows = list(compare_embeddings(refs, job.labelled, job.settings, job.choices, job.root, on_progress=watch))
    print_embeddings(job.head(), rows, as_json=job.as_json)


@contextmanager
def _root(home: Path | None, settings: Settings) -> Iterator[Path]:
    """Give where indexes are kept: the home that was named, else a folder that goes at the end."""
    if home is not None:
        yield settings.home
        return
    with tempfile.TemporaryDirectory(prefix="footnote-eval-") as folder:
        yield Path(folder)
