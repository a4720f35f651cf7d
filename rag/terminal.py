"""What the command line prints: results to stdout, everything else to stderr; JSON where it is asked for."""

from __future__ import annotations

import codecs
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import typer
from rich import console as rich_console
from rich.console import ConsoleOptions, RenderableType
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from rag.ask.texts.rows import CELLS
from rag.confidence import in_words
from rag.errors import RagError
from rag.receipts.columns import Columns, row_place
from rag.receipts.page_words import on_page
from rag.types import (
    DEFAULT_SPACE,
    AskProgress,
    FileReport,
    IngestProgress,
    IngestSummary,
)

_MAX_LISTED_FILES = 40
_MAX_NOTED = 300
_PIPE_WIDTH = 240
# Signs that a terminal takes for orders, all but tab and line feed.
_CONTROLS = (*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0))
_DROPPED = dict.fromkeys(_CONTROLS)
_ESCAPED = {sign: f"\\u{sign:04x}" for sign in _CONTROLS}
_STAGES = {
    "understand": "Reading the question",
    "retrieve": "Searching the documents",
    "enrich": "Following the links between them",
    "rerank": "Ordering the passages",
    "generate": "Drafting the answer",
    "guard": "Checking each sentence",
}


class Console(rich_console.Console):
    """A console on which nothing that others wrote, as a question or a file's name, gives orders to the terminal."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Yield what is printed without control characters, but for the console's own."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=segment.text.translate(_DROPPED))


def print_whatever_fits() -> None:
    """Have signs that the encoding of stdout lacks, e.g. Latin 1 that of an arrow, printed as question marks."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def fail(error: RagError) -> None:
    """Print an error and what the person can do."""
    stderr = Console(stderr=True, soft_wrap=True)
    stderr.print(Text.assemble(("Error: ", "bold red"), error.message))
    if error.hint:
        stderr.print(Text(error.hint))


def agrees(question: str) -> bool:
    """Return whether the person at the terminal says yes; nobody does where there is none."""
    return sys.stdin.isatty() and typer.confirm(question, err=True)


def note(text: str) -> None:
    """Print a remark to stderr."""
    Console(stderr=True, soft_wrap=True).print(Text(text))


@contextmanager
def ingest_progress(*, quiet: bool) -> Iterator[Callable[[IngestProgress], None]]:
    """Give a watcher that shows a bar on a terminal, and a line a failed file elsewhere."""
    stderr = Console(stderr=True)
    columns = (
        TextColumn("{task.completed:.0f}/{task.total:.0f} files"),
        BarColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[name]}", markup=False),
    )
    with Progress(*columns, console=stderr, disable=quiet or not stderr.is_terminal, transient=True) as progress:
        task = progress.add_task("ingest", total=0, rate="", name="")

        def watch(moment: IngestProgress) -> None:
            left = f", {_duration(moment.remaining_s)} left" if moment.remaining_s is not None else ""
            progress.update(
                task,
                total=moment.files_total,
                completed=moment.files_done,
                rate=f"{moment.chunks_done} passages, {moment.chunks_per_s:.0f}/s{left}",
                name=f"{moment.stage} {moment.name}",
            )

        yield watch


@contextmanager
def count_progress(things: str) -> Iterator[Callable[[int, int], None]]:
    """Give a watcher of (done, total) that shows a bar on a terminal."""
    stderr = Console(stderr=True)
    columns = (TextColumn("{task.completed:.0f}/{task.total:.0f} " + things), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=stderr, disable=not stderr.is_terminal, transient=True) as progress:
        task = progress.add_task(things, total=0)
        yield lambda done, total: progress.update(task, completed=done, total=total)


@contextmanager
def ask_progress(*, quiet: bool) -> Iterator[Callable[[AskProgress], None]]:
    """Give a watcher that shows the running stage on a terminal."""
    stderr = Console(stderr=True)
    if quiet or not stderr.is_terminal:
        yield lambda _: None
        return
    with stderr.status("Starting") as status:
        yield lambda moment: status.update(escape(_moment(moment)))


def _moment(moment: AskProgress) -> str:
    """Return what is being done; of a sentence that is checked, where it is looked for, never its words."""
    checking = moment.checking
    if checking is None or not checking.source:
        return _STAGES[moment.stage]
    return (
        f"{'Writing a sentence anew from' if checking.repairing else 'Checking a sentence against'} “{checking.source}”"
    )


def show_ingest(summary: IngestSummary, *, as_json: bool) -> None:
    """Print how an ingest ended, file by file where that is not too long; to stderr how many documents are missing."""
    counts = {outcome: summary.count(outcome) for outcome in ("added", "updated", "unchanged", "failed")}
    if summary.n_missing:
        count = "1 document is" if summary.n_missing == 1 else f"{summary.n_missing} documents are"
        note(f"{count} no longer in what was named and stay in use; `--remove-missing` removes what has gone.")
    if as_json:
        print_json(
            {
                **counts,
                "removed": len(summary.removals),
                "missing": summary.n_missing,
                "passages": summary.n_chunks,
                "elapsed_s": round(summary.elapsed_s, 3),
                "files": [asdict(report) for report in summary.files],
                "removals": [{**asdict(check), "left": dict(check.left)} for check in summary.removals],
            }
        )
        return
    stdout = console()
    failed = [file for file in summary.files if file.outcome == "failed"]
    _show_each("failed", "red", [(file.source, f"{file.reason} {file.hint or ''}".rstrip()) for file in failed])
    _show_each("note", "yellow", [(file.source, words) for file in summary.files if (words := _noted(file))])
    for report in summary.files:
        if report.report and report.report.waiting and report.outcome in {"added", "updated"}:
            stdout.print(held_line(report.name, report.document_id))
    gone = [(check.source, f"{check.title!r}, {check.removed_chunks} passages") for check in summary.removals]
    _show_each("removed", "yellow", gone)
    removed = f", {len(gone)} removed" if gone else ""
    stdout.print(
        Text(
            f"{counts['added']} added, {counts['updated']} updated, {counts['unchanged']} unchanged, "
            f"{counts['failed']} failed{removed}; {summary.n_chunks} passages in {_duration(summary.elapsed_s)}"
        )
    )


def _show_each(word: str, style: str, told: Sequence[tuple[str, str]]) -> None:
    """Print a line for each file of which there is something to tell, and how many are left out."""
    lines = [f"{source}: {words}" for source, words in told[:_MAX_LISTED_FILES]]
    if len(told) > _MAX_LISTED_FILES:
        lines.append(f"{len(told) - _MAX_LISTED_FILES} more; `--json` lists every file.")
    for line in lines:
        console().print(Text.assemble((f"{word:<6}", style), f"  {line}"))


def _noted(file: FileReport) -> str:
    """Return what the parser warned of, of a file that was read now, and which pages have no text."""
    if file.report is None or file.outcome == "failed":
        return ""
    empty = file.report.pages_without_text
    warnings = file.report.warnings if file.outcome in {"added", "updated"} else ()
    return _clip(" ".join([*([f"No text on pages {_ranges(empty)}."] if empty else []), *warnings]), _MAX_NOTED)


def show_answer(record: Mapping[str, Any], columns: Columns, words: Mapping[str, str], *, as_json: bool) -> None:
    """Print an answer with its sources, or the refusal with the nearest passages.

    Args:
        record: The answer.
        columns: Names of the columns of the rows that it quotes, which are told with the first of a table.
        words: How the pages of its documents are called, see `rag.receipts.page_words`.
        as_json: Print the record instead.
    """
    if as_json:
        print_json(record)
        return
    stdout = console()
    sources = _show_said(record["statements"], columns)
    if record["message"]:
        reason = f"{record['outcome']}: {record['reason']}" if record["reason"] else record["outcome"]
        stdout.print(Text.assemble((f"{reason}. ", "yellow"), record["message"]))
    sources |= _show_said(record.get("sides", ()), columns, "one says: ")
    for fallback in record.get("fallbacks", ()):
        stdout.print(Text.assemble(("note: ", "yellow"), str(fallback["instead"])))
    stdout.print()
    for n, citation in sorted(sources.items()):
        stdout.print(Text.assemble((f"[{n}] ", "cyan"), _place(citation, words), (f'  "{citation["quote"]}"', "dim")))
    if not sources:
        for passage in record["passages"][:3]:
            near = (_place(passage, words), (f"  {_clip(passage['text'])}", "dim"))
            stdout.print(Text.assemble(("near: ", "yellow"), *near))
    if record["statements"]:
        confidence = record["confidence"]
        alike = in_words(confidence["alike"]["n"], confidence["alike"]["right"])
        stdout.print(Text(f"confidence {confidence['level']} ({confidence['probability']:.2f}). {alike}", style="dim"))
    for other in record.get("candidates", [])[1:]:
        stdout.print(Text.assemble(("other answer: ", "yellow"), f"{other['why']} ", (_clip(other["answer"]), "dim")))
    stdout.print(Text(f"receipt {record['receipt']}", style="dim"))


def _show_said(
    statements: Sequence[Mapping[str, Any]], columns: Columns, before: str = ""
) -> dict[int, Mapping[str, Any]]:
    """Print sentences with the numbers of their sources, rows below their header; return the sources by number."""
    sources: dict[int, Mapping[str, Any]] = {}
    shown: Sequence[str] = ()
    for statement in statements:
        header = next((columns.get(row_place(citation), ()) for citation in statement["citations"]), ())
        if header and header != shown:
            console().print(Text(CELLS.join(header), style="dim"))
        shown = header
        marks = "".join(f"[{citation['n']}]" for citation in statement["citations"])
        console().print(Text.assemble((before, "yellow"), statement["text"], (f" {marks}", "cyan")))
        sources.update({citation["n"]: citation for citation in statement["citations"]})
    return sources


def show_status(status: Mapping[str, Any], *, as_json: bool) -> None:
    """Print what is stored and whether the stores agree."""
    if as_json:
        print_json(status)
        return
    for name, value in status.items():
        print_line(Text(f"{name}: {_spoken(value)}"))
    if n_earlier := status["read_by_earlier_parsers"]:
        count = "1 document was" if n_earlier == 1 else f"{n_earlier} documents were"
        note(f"{count} read by an earlier version of Footnote; `footnote reindex` has them read by this one.")


def show_models(slots: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Print the model of each slot."""
    if as_json:
        print_json(list(slots))
        return
    rows = [
        (
            slot["slot"],
            slot["ref"],
            "yes" if slot["present"] else "no",
            f"{slot['bytes'] / 1e6:.0f}" if slot["bytes"] else "",
            (slot["sha256"] or "")[:12],
            str(slot["path"] or ""),
        )
        for slot in slots
    ]
    print_table(("Slot", "Reference", "Present", "MB", "SHA-256", "Where"), rows)


def _spoken(fact: object) -> str:
    """Return a fact in words: names in spaces instead of underscores, lists and their parts by commas."""
    if isinstance(fact, Mapping):
        return ", ".join(f"{str(key).replace('_', ' ')} {_spoken(inner)}" for key, inner in fact.items())
    if isinstance(fact, list | tuple):
        return "; ".join(map(_spoken, fact)) or "none"
    return str(fact)


def held_line(name: str, document_id: str | None, *, space: str = DEFAULT_SPACE) -> Text:
    """Return the line that says of a document that it waits for a decision, and how to see on what."""
    place = "" if space == DEFAULT_SPACE else f" --space {space}"
    line = f"  {name}: passages wait for a decision; see `footnote documents flags {document_id}{place}`"
    return Text.assemble(("held", "yellow"), line)


def print_line(line: Text) -> None:
    """Print one line to stdout."""
    console().print(line)


def console() -> Console:
    """Return what results are printed on."""
    # A file or a pipe has no width; tables must not be folded for it.
    return Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table of words, a line a row where there is no terminal; without a head where no column has a name."""
    table = Table(box=None, pad_edge=False, header_style="bold", show_header=any(columns))
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console().print(table)


def print_json(printed: object) -> None:
    """Print JSON to stdout."""
    # JSON says everything in ASCII too, which every other encoding holds.
    in_utf8 = codecs.lookup(sys.stdout.encoding or "utf-8").name == "utf-8"
    # Line feeds stand between the values only: inside they are escaped already.
    sys.stdout.write(json.dumps(printed, ensure_ascii=not in_utf8, indent=2).translate(_ESCAPED) + "\n")


def _place(cited: Mapping[str, Any], words: Mapping[str, str]) -> str:
    return f"{' › '.join((cited['title'], *cited.get('headings', ())))}{on_page(cited, words)}"


def _clip(text: str, limit: int = 160) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1].rsplit(" ", 1)[0] + "…"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def _ranges(pages: Sequence[int]) -> str:
    """Return ``1-4, 7`` for 1 2 3 4 7."""
    spans: list[list[int]] = []
    for page in pages:
        if spans and page == spans[-1][1] + 1:
            spans[-1][1] = page
        else:
            spans.append([page, page])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)
