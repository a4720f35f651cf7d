"""The commands ``footnote documents flags|screen|release`` and ``footnote policy``; `rag.cli` registers them."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer
from rich.text import Text

from rag import terminal
from rag.documents_command import Named, find_document
from rag.errors import InputError
from rag.ingest.flow import decide, screen_again
from rag.ingest.renew import Renewal
from rag.options import AsJson, Home, Space
from rag.safety.documents import held_at, held_spans
from rag.safety.in_force import policy_text
from rag.safety.policy import NAME, describe, read_policy
from rag.settings import load_settings
from rag.types import DEFAULT_SPACE, Document
from rag.wiring import open_workspace

policy = typer.Typer(no_args_is_help=True, help="What is refused, added and masked, and who sees what.")


def show_flags(
    document: Annotated[str, typer.Argument(help="Id, file name or path; by default all that wait.")] = "",
    *,
    home: Home = None,
    space: Space = DEFAULT_SPACE,
    as_json: AsJson = False,
) -> None:
    """Show hidden text and orders to an assistant, each with where it stands and why it is flagged."""
    with open_workspace(load_settings(home=home), make=False) as workspace:
        listed = workspace.catalog.documents(space)
        chosen = [find_document(workspace, document, space)] if document else [i for i in listed if i.report.waiting]
        shown = [workspace.catalog.text(info.id, info.version) for info in chosen]
    if as_json:
        terminal.print_json([_flags(each) for each in shown])
        return
    if not shown:
        terminal.note("No document waits for a decision.")
    for each in shown:
        _print(each)


def screen(*, home: Home = None, space: Space = DEFAULT_SPACE, as_json: AsJson = False) -> None:
    """Screen all documents by the rules of today, and hold back what they find; nothing else changes."""
    with (
        open_workspace(load_settings(home=home), make=False) as workspace,
        terminal.count_progress("documents") as watch,
    ):
        renewed = screen_again(workspace, space=space, on_progress=watch)
    show_renewal(renewed, as_json=as_json)


def release(
    document: Named,
    *,
    home: Home = None,
    space: Space = DEFAULT_SPACE,
    keep_out: Annotated[bool, typer.Option("--keep-out", help="Leave the flagged passages out for good.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Let flagged passages be searched and quoted like any other, or decide that they stay out."""
    with open_workspace(load_settings(home=home), make=False) as workspace:
        info = find_document(workspace, document, space)
        if info.report.flags and not (keep_out or yes):
            _print(workspace.catalog.text(info.id, info.version))
            if not terminal.agrees("Search and quote these passages?"):
                raise InputError(f"{info.title!r} was not released.", hint="Confirm, or give --yes.")
        decided = decide(info.id, "kept_out" if keep_out else "released", workspace)
    what = "stay out" if keep_out else "are released"
    terminal.note(f"The flagged passages of {decided.title!r} {what}; it has {decided.n_chunks} passages now.")


@policy.command("check")
def check_policy(*, home: Home = None) -> None:
    """Say whether the policy can be used, and if not, which line is wrong."""
    path = load_settings(home=home).home / NAME
    found = read_policy(path)
    told = f"can be used. Its SHA-256 is {found.use.sha256}."
    if policy_text(path).own:
        terminal.note(f"The policy {found.version} in {str(path)!r} {told}")
    else:
        terminal.note(f"There is no {str(path)!r}. The default policy {found.version} {told}")


@policy.command("show")
def show_policy(*, home: Home = None, as_json: AsJson = False) -> None:
    """Show the policy in use: the file in the home directory, or the default."""
    path = load_settings(home=home).home / NAME
    found = read_policy(path)
    if as_json:
        terminal.print_json(describe(found))
        return
    written = policy_text(path)
    terminal.print_line(Text(written.text.rstrip()))
    terminal.note(f"From {path if written.own else 'the default'}; SHA-256 {written.sha256}.")


def show_renewal(renewal: Renewal, *, as_json: bool) -> None:
    """Print how many documents were screened and read again, and which of them wait for a decision now."""
    outcomes = Counter(report.outcome for report in renewal.reread)
    again = {outcome: outcomes[outcome] for outcome in ("updated", "unchanged", "failed")}
    if as_json:
        listed = [{"id": info.id, "title": info.title, "space": info.space} for info in renewal.waiting]
        terminal.print_json(
            {
                "documents": renewal.n_documents,
                "newly_flagged": len(renewal.changed),
                "newly_waiting": listed,
                "read_again": again,
            }
        )
        return
    for info in renewal.waiting:
        terminal.print_line(terminal.held_line(info.title, info.id, space=info.space))
    terminal.print_line(
        Text(
            f"{renewal.n_documents} documents screened: something new is flagged in {len(renewal.changed)}, "
            f"{len(renewal.waiting)} of them wait for a decision now."
        )
    )
    for report in renewal.reread:
        if report.outcome == "failed":
            terminal.print_line(Text(f"failed {report.source}: {report.reason} {report.hint or ''}".rstrip(), "red"))
    if renewal.reread:
        terminal.print_line(
            Text(
                f"{len(renewal.reread)} documents of an earlier version of Footnote read again: "
                f"{again['updated']} read otherwise now, {again['failed']} could not be read and stay as they were."
            )
        )


def _flags(document: Document) -> dict[str, object]:
    held = held_spans(document)
    report = document.report
    return {
        "id": document.id,
        "title": document.title,
        "version": document.version,
        "waiting": report.waiting,
        "flags": [
            {
                "kind": flag.kind,
                "severe": flag.severe,
                "reason": flag.reason,
                "start": flag.start,
                "end": flag.end,
                "text": document.text[flag.start : flag.end],
                "held": held_at(held, flag.start) is not None,
            }
            for flag in report.flags
        ],
        "decisions": [{"choice": d.choice, "by": d.by, "at": d.at} for d in report.decisions],
    }


def _print(document: Document) -> None:
    report = document.report
    terminal.print_line(Text.assemble((document.title, "bold"), f"  {document.id}"))
    for flag in report.flags:
        mark = ("held", "red") if flag.severe else ("note", "yellow")
        terminal.print_line(Text.assemble(mark, f"  The text {flag.reason}:"))
        terminal.print_line(Text(f"      {document.text[flag.start : flag.end]}", style="dim"))
    if not report.flags:
        terminal.print_line(Text("  Nothing is flagged."))
    for decision in report.decisions:
        terminal.print_line(Text(f"  {decision.choice.replace('_', ' ')} by {decision.by} at {decision.at}"))
