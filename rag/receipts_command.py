"""The commands ``footnote receipt …``; `rag.cli` registers them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from rag import terminal
from rag.options import AsJson, Home, Space
from rag.receipts.export import anchors, export_faults, exported, read_receipt, unmasked, what_holds, write_export
from rag.receipts.listing import list_receipts
from rag.receipts.replay import replay
from rag.receipts.staleness import change_in_words, stale_answers
from rag.receipts.story import Section, tell
from rag.receipts.summary import in_short
from rag.receipts.verify import verify
from rag.safety.personal import mask_record
from rag.settings import load_settings
from rag.types import DEFAULT_SPACE, LedgerCheck, ListedAnswer, Replay, StaleAnswer
from rag.wiring import open_records, open_workspace

receipt = typer.Typer(no_args_is_help=True, help="Why an answer was given, whether it still holds, and proof of it.")

Name = Annotated[str, typer.Argument(help="The receipt, as it stands under the answer.", metavar="ID")]

_MAX_SHOWN = 300


@receipt.command("show")
def show_receipt(name: Name, *, home: Home = None, as_json: AsJson = False) -> None:
    """Show everything that explains an answer."""
    with open_records(load_settings(home=home)) as records:
        found = read_receipt(name, records)
    if as_json:
        terminal.print_json(exported(found))
        return
    for sentence in in_short(found):
        terminal.print_line(Text(sentence))
    _print_sections(tell(found))


@receipt.command("list")
def show_list(
    *,
    home: Home = None,
    space: Space = DEFAULT_SPACE,
    text: Annotated[
        str, typer.Option("--text", help="Only where all these words stand in question or answer, or an id begins so.")
    ] = "",
    day: Annotated[
        str, typer.Option("--day", help="Only of a day, month or year in UTC: 2026-11-28, 2026-11, 2026.")
    ] = "",
    limit: Annotated[int, typer.Option("--limit", min=0, help="How many at most; 0 for all.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List answers and refusals, the newest first: time, outcome, confidence, receipt and question."""
    with open_records(load_settings(home=home)) as records:
        found = list_receipts(space, records, text=text, day=day, limit=limit + 1 if limit else None)
    shown = found[:limit] if limit else found
    if as_json:
        terminal.print_json([asdict(answer) for answer in shown])
    else:
        _print_list(shown)
    if len(shown) < len(found):
        terminal.note(f"These are the newest {limit}; there are more. Raise --limit, or narrow with --text and --day.")


@receipt.command("replay")
def replay_receipt(
    name: Name,
    *,
    home: Home = None,
    keep: Annotated[bool, typer.Option("--keep", help="Store the new answer as a receipt of its own.")] = False,
    as_json: AsJson = False,
) -> None:
    """Ask the question of a receipt again, and say whether the answer is the same or what changed."""
    with (
        open_workspace(load_settings(home=home), make=False) as workspace,
        terminal.ask_progress(quiet=as_json) as watch,
    ):
        again = replay(name, workspace, keep=keep, on_progress=watch)
    if as_json:
        terminal.print_json(_replay_json(again))
        return
    _print_replay(again)


@receipt.command("export")
def export_receipt(
    name: Name,
    *,
    to: Annotated[Path, typer.Option("--to", help="New file: JSON, or a page where it ends in .html.")],
    home: Home = None,
    mask: Annotated[
        bool, typer.Option("--mask", help="Mask personal data, as the policy's masking.exports says.")
    ] = False,
) -> None:
    """Write a receipt to one file, with its place in the ledger and how to check it."""
    with open_records(load_settings(home=home)) as records:
        kinds = records.policy.masking.exports
        masking = partial(mask_record, kinds=kinds) if mask else unmasked
        write_export(read_receipt(name, records), to, mask=masking)
    terminal.note(f"It is in {to}.")


@receipt.command("verify")
def verify_receipts(
    *,
    home: Home = None,
    against: Annotated[
        list[str] | None,
        typer.Option("--against", help="An exported receipt, or a head as NUMBER:HASH, noted elsewhere; repeatable."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare answers and judgements with the ledger, quotes with their documents; exit status 1 where one differs."""
    noted = {anchor for each in against or () for anchor in anchors(each)}
    changed = tuple(fault for each in against or () for fault in export_faults(each))
    with open_records(load_settings(home=home)) as records:
        check = verify(records, noted=noted)
    check = replace(check, faults=(*check.faults, *changed))
    # Which of several a missing entry was noted in is not told, so then none is said to hold.
    held = not any(fault.fault == "anchor" for fault in check.faults)
    if as_json:
        noted_elsewhere = [{"noted": each, "holds": held} for each in against or ()]
        terminal.print_json({**asdict(check), "intact": not check.faults, "against": noted_elsewhere})
    else:
        for fault in check.faults:
            terminal.print_line(Text.assemble((fault.fault, "red"), f"  {fault.receipt or '-'}  {fault.message}"))
        _print_check(check)
        for each in against or () if held else ():
            terminal.print_line(Text(what_holds(each), style="green"))
    if check.faults:
        raise typer.Exit(1)


@receipt.command("stale")
def list_stale(*, home: Home = None, space: Space = DEFAULT_SPACE, as_json: AsJson = False) -> None:
    """List the answers whose cited documents have changed or gone since."""
    with open_records(load_settings(home=home)) as records:
        found = stale_answers(space, records)
    if as_json:
        terminal.print_json([asdict(answer) for answer in found])
        return
    _print_stale(found)


def _print_sections(sections: Sequence[Section]) -> None:
    for section in sections:
        terminal.print_line(Text(section.title, style="bold"))
        width = max(len(line.label) for line in section.lines)
        for line in section.lines:
            # Passages are there to be recognized; their texts stand whole in the JSON.
            text = _clip(line.text) if section.title == "Passages" else line.text
            terminal.print_line(Text.assemble((f"  {line.label:<{width}}  ", "cyan"), text))
            for below in line.below:
                terminal.print_line(Text(f"      {below}", style="dim"))


def _print_replay(again: Replay) -> None:
    if again.same:
        told = "same" if again.exact else "same answer, though not on the very same versions:"
        terminal.print_line(Text(told, style="green"))
    elif again.first is not None:
        terminal.print_line(Text.assemble(("changed", "red"), f": first in {again.first.part}"))
    for difference in (*again.circumstances, *again.differences):
        terminal.print_line(Text.assemble((f"  {difference.part}  ", "cyan"), difference.what))
        for when, value in (("recorded", difference.recorded), ("now", difference.now)):
            told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            terminal.print_line(Text(f"      {when:8}  {_clip(told)}", style="dim"))
    if not again.exact:
        terminal.note("The very same versions are no longer there; the question was asked of what there is today.")
    if again.kept:
        terminal.print_line(Text(f"receipt {again.record['receipt']}", style="dim"))


def _replay_json(again: Replay) -> dict[str, object]:
    first = again.first
    return {
        "receipt": again.receipt,
        "same": again.same,
        "exact": again.exact,
        "first": asdict(first) if first else None,
        "circumstances": [asdict(each) for each in again.circumstances],
        "differences": [asdict(each) for each in again.differences],
        "answer": dict(again.record),
        "kept": again.kept,
    }


def _print_check(check: LedgerCheck) -> None:
    told = f"{len(check.faults)} faults" if check.faults else "intact"
    gone = f" ({check.n_quotes_gone} of documents that are gone)" if check.n_quotes_gone else ""
    said = f"{check.n_judgements} judgements, " if check.n_judgements else ""
    counts = f"{check.n_answers} answers, {said}{check.n_entries} entries, {check.n_quotes} quotes{gone}"
    terminal.print_line(Text.assemble((told, "red" if check.faults else "green"), f": {counts}"))
    if check.head is not None:
        terminal.print_line(Text(f"head {check.head.sequence}:{check.head.hash}", style="dim"))


def _print_list(found: Sequence[ListedAnswer]) -> None:
    if not found:
        terminal.note("No question was asked here, or none that fits.")
    told = [f"{answer.outcome}{f', {answer.reason}' if answer.reason else ''}" for answer in found]
    width = max(map(len, told), default=0)
    for answer, ended in zip(found, told, strict=True):
        sure = "-           " if answer.probability is None else f"{answer.probability:.2f} {answer.level or '':7}"
        when = answer.asked_at[:16].replace("T", " ")
        question = answer.question or "(removed with its document)"
        line = f"{when}  {ended:<{width}}  {sure}  "
        terminal.print_line(Text.assemble(line, (answer.receipt, "cyan"), f"  {_clip(' '.join(question.split()))}"))


def _print_stale(found: Sequence[StaleAnswer]) -> None:
    if not found:
        terminal.note("No answer rests on a document that has changed or gone.")
    for answer in found:
        terminal.print_line(Text.assemble((answer.receipt, "cyan"), f"  {answer.asked_at[:16]}  {answer.question}"))
        for change in answer.changes:
            marks = "".join(f"[{n}]" for n in change.numbers)
            at = f" ({change.at[:16]})" if change.at else ""
            terminal.print_line(Text(f"    {marks} {change_in_words(change)}{at}", style="dim"))


def _clip(text: str) -> str:
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"
