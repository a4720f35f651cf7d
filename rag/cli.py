"""The command line: ``footnote``.

Results go to stdout, everything else to stderr. Exit status: 0 success, 1 the work failed, 2 wrong usage, 130 stopped
with Ctrl-C. Work on several files failed where it failed for one of them; what was done for the others stays.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from rag import terminal
from rag.dates import days_of
from rag.documents_command import documents
from rag.errors import InputError, RagError, SettingsError
from rag.evaluation.calibrate_command import calibrate_command
from rag.evaluation.command import evaluate_command
from rag.evaluation.questions import questions
from rag.model_files import describe_models, fetch_model, plan_model
from rag.options import AsJson, Home, Space, named_path
from rag.receipts_command import receipt
from rag.safety.logs import mask_logs
from rag.safety_command import policy, release, screen, show_flags, show_renewal
from rag.settings import Settings, load_settings
from rag.standing_command import show_status
from rag.training.command import train
from rag.types import DEFAULT_SPACE, Question
from rag.wiring import open_workspace

app = typer.Typer(
    name="footnote",
    help="Answers from your own documents, every sentence with its source, or an honest refusal.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
models = typer.Typer(no_args_is_help=True, help="The models in use.")
app.add_typer(documents, name="documents")
app.add_typer(models, name="models")
app.add_typer(policy, name="policy")
app.add_typer(questions, name="questions")
app.add_typer(receipt, name="receipt")
app.add_typer(train, name="train")
app.command("eval")(evaluate_command)
app.command("calibrate")(calibrate_command)
documents.command("flags")(show_flags)
documents.command("screen")(screen)
documents.command("release")(release)
documents.command("status")(show_status)

# What typer makes of Ctrl-C, without a word.
_STOPPED = 130


def main() -> None:
    """Run the command line and exit with its status."""
    mask_logs()
    terminal.print_whatever_fits()
    try:
        app()
    except (SettingsError, InputError) as exc:
        terminal.fail(exc)
        sys.exit(2)
    except RagError as exc:
        terminal.fail(exc)
        sys.exit(1)
    except SystemExit as stop:
        if stop.code == _STOPPED:
            terminal.note("Stopped. What was finished stays; the same command does the rest.")
        raise
    except BrokenPipeError:
        # The reader of our output has gone; Python would complain once more when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _print_version(asked: bool) -> None:  # noqa: FBT001 - what typer calls
    if asked:
        typer.echo(f"footnote {version('footnote')}")
        raise typer.Exit


@app.callback()
def about(
    *,
    _: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Take what stands before a command."""


@app.command()
def ingest(
    paths: Annotated[
        list[Path],
        typer.Argument(help="Files, folders and archives.", show_default=False, parser=named_path, metavar="PATH"),
    ],
    *,
    home: Home = None,
    space: Space = DEFAULT_SPACE,
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Do nothing when the space holds documents.")] = False,
    remove_missing: Annotated[
        bool, typer.Option("--remove-missing", help="Remove documents that are no longer in what is named.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read files and folders into a space; what is unchanged costs nothing.

    The exit status is 1 where a file could not be read; the others are in.
    """
    from rag.ingest.find import find
    from rag.ingest.flow import ingest as run

    files, scope = find(paths)
    if not files:
        raise InputError("There is no file in what was named.", hint="Name files or folders that hold documents.")
    with open_workspace(load_settings(home=home)) as workspace:
        workspace.catalog.create_space(space)
        if if_empty and workspace.catalog.documents(space):
            return
        with terminal.ingest_progress(quiet=as_json) as watch:
            summary = run(files, workspace, space=space, on_progress=watch, scope=scope, remove_missing=remove_missing)
    terminal.show_ingest(summary, as_json=as_json)
    # An archive may hold nothing at all.
    if summary.count("failed") or not (summary.files or summary.removals):
        raise typer.Exit(1)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, or - to read it from standard input.")],
    *,
    home: Home = None,
    space: Space = DEFAULT_SPACE,
    after: Annotated[
        list[str] | None,
        typer.Option("--after", help="An earlier question of the conversation; repeatable, oldest first."),
    ] = None,
    as_of: Annotated[
        str, typer.Option("--as-of", help="Answer as on this day: what was in force then holds.", show_default="today")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Answer a question with its sources, or say why not."""
    from rag.ask.answer import record
    from rag.ask.flow import ask as run
    from rag.receipts.columns import columns_of
    from rag.receipts.page_words import ALL_PAGES, page_words

    asked = Question(_asked(question), space, tuple(map(_utf8, after or ())), as_of=_day(as_of))
    with (
        open_workspace(load_settings(home=home), make=False) as workspace,
        terminal.ask_progress(quiet=as_json) as watch,
    ):
        answer = run(asked, workspace, on_progress=watch)
        told = record(answer)
        columns = {} if as_json else columns_of([told], workspace.catalog.text)
        words = ALL_PAGES if as_json else page_words(told, workspace.catalog.media_type, passages=True)
    terminal.show_answer(told, columns, words, as_json=as_json)
    if answer.verdict.outcome == "failed":
        raise typer.Exit(1)


@app.command()
def serve(
    *,
    home: Home = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.", show_default="8501", min=1, max=65535)] = None,
) -> None:
    """Start the application in the browser."""
    settings = load_settings(home=home)
    given = {key: value for key, value in {"host": host, "port": port}.items() if value is not None}
    settings = settings.model_copy(update={"serve": settings.serve.model_copy(update=given)})
    _application()(settings)


@app.command()
def status(*, home: Home = None, space: Space = DEFAULT_SPACE, as_json: AsJson = False) -> None:
    """Show what is stored and whether the stores agree."""
    with open_workspace(load_settings(home=home), make=False) as workspace:
        terminal.show_status(workspace.status(space), as_json=as_json)


@app.command()
def reindex(*, home: Home = None, as_json: AsJson = False) -> None:
    """Build the index that models and settings ask for, beside the one in use, and switch to it.

    Every document is screened anew for hidden text and orders to an assistant. Those that an earlier version of
    Footnote read are then read again from their original files.
    """
    from rag.ingest.flow import reindex as run

    with open_workspace(load_settings(home=home), make=False) as workspace:
        with terminal.count_progress("documents") as watch:
            renewed = run(workspace, on_progress=watch)
        show_renewal(renewed, as_json=as_json)
        terminal.note(f"The active index is {renewed.index_id}.")


@models.command("list")
def list_models(*, home: Home = None, as_json: AsJson = False) -> None:
    """List the model of each slot: where it is, how large, and its hash."""
    terminal.show_models(describe_models(load_settings(home=home)), as_json=as_json)


@models.command("pull")
def pull_model(
    slot: Annotated[str, typer.Argument(help="embedding, reranker, generator or verifier")],
    *,
    home: Home = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Download the model of a slot; says what and how large before it does."""
    settings = load_settings(home=home)
    plan = plan_model(settings, slot)
    terminal.note(plan.statement)
    if not (yes or terminal.agrees("Download it?")):
        raise InputError("Nothing was downloaded.", hint="Confirm, or give --yes.")
    with terminal.count_progress("bytes") as watch:
        terminal.note(f"It is in {fetch_model(settings, plan, on_progress=watch)}.")


def _asked(question: str) -> str:
    try:
        return _utf8(sys.stdin.read() if question == "-" else question)
    except UnicodeDecodeError as exc:
        raise _not_utf8() from exc


def _utf8(text: str) -> str:
    """Return a text that holds none of the bytes that Python carries along where they are not UTF-8.

    Raises:
        InputError: It does.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as exc:
        raise _not_utf8() from exc
    return text


def _not_utf8() -> InputError:
    return InputError("The question is not UTF-8 text.", hint="Write it in UTF-8, or convert it with iconv.")


def _day(written: str) -> str:
    """Return a day as ISO 8601; empty for none.

    Raises:
        InputError: It is no day.
    """
    days = days_of(written)
    if written and days is None:
        raise InputError(f"{written!r} is no day.", hint="Write it as 2026-05-01.")
    return days[1] if days else ""


def _application() -> Callable[[Settings], None]:
    """Return the application's entry point by name: `rag` does not import `app`, which is built on it."""
    from importlib.metadata import entry_points

    (entry,) = entry_points(group="footnote.applications", name="browser")
    start: Callable[[Settings], None] = entry.load()
    return start
