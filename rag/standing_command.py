"""The command ``footnote documents status``; `rag.cli` registers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated

import typer
from rich.text import Text

from rag import terminal
from rag.dates import today
from rag.documents_command import Named, find_document
from rag.errors import InputError
from rag.ingest.flow import restate
from rag.options import AsJson, Home, Space
from rag.settings import load_settings
from rag.standing import names, resolve, spoken
from rag.types import DEFAULT_SPACE, DocumentStanding, Standing
from rag.wiring import open_workspace

_LEARNT: Mapping[str, str] = {
    "metadata": "from its metadata",
    "text": "from its text",
    "editions": "from the other editions",
    "person": "as a person said",
}
_NONE = "none"


def show_status(
    document: Named,
    *,
    home: Home = None,
    space: Space = DEFAULT_SPACE,
    to: Annotated[str | None, typer.Option("--set", help="One of draft, in force, superseded, expired.")] = None,
    since: Annotated[str | None, typer.Option("--from", help="First day in force, or none.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Last day in force, or none.")] = None,
    by: Annotated[str | None, typer.Option("--by", help="File or title of what takes its place, or none.")] = None,
    reset: Annotated[bool, typer.Option("--reset", help="Take back what was said; what was read holds.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show whether a document is in force and how that is known, or say so yourself."""
    given = {"status": to, "effective_from": since, "effective_to": until, "successor": by}
    changes = {name: None if value == _NONE else value for name, value in given.items() if value is not None}
    if reset and changes:
        raise InputError("--reset takes back what the other options say.", hint="Give one or the other.")
    with open_workspace(load_settings(home=home), make=False) as workspace:
        info = find_document(workspace, document, space)
        if changes or reset:
            (before,) = [each for each in workspace.standings.of(space, [info.id]) if each.document_id == info.id]
            restate(info.id, {} if reset else {**before.edited, **changes}, workspace)
        listed = workspace.standings.of(space, [info.id])
    _show(info.id, listed, as_json=as_json)
    successor = changes.get("successor") or ""
    if successor and not any(names(successor, each) for each in listed if each.document_id != info.id):
        terminal.note(f"No other document in the space {space!r} is called {successor!r}; it counts once it is added.")


def _show(document_id: str, listed: tuple[DocumentStanding, ...], *, as_json: bool) -> None:
    on = today()
    mine = next(each for each in listed if each.document_id == document_id)
    standing = resolve(listed, on=on)[document_id]
    if as_json:
        learnt = dict(standing.learnt)
        edited = {"changes": dict(mine.edited), "by": mine.edited_by, "at": mine.edited_at} if mine.edited else None
        shown = {**asdict(standing), "learnt": learnt, "in_force": standing.in_force(on), "edited": edited}
        terminal.print_json({"id": document_id, "title": mine.title, **shown})
        return
    terminal.print_line(Text(mine.title, style="bold"))
    for line in _lines(standing):
        terminal.print_line(Text(f"  {line}"))
    if mine.edited:
        terminal.print_line(Text(f"  said by {mine.edited_by} on {mine.edited_at[:16].replace('T', ' ')}"))


def _lines(standing: Standing) -> list[str]:
    learnt = dict(standing.learnt)

    def known(name: str) -> str:
        return f" ({_LEARNT[learnt[name]]})" if name in learnt else ""

    lines = [f"status: {standing.status}{known('status')}"]
    if standing.effective_from:
        lines.append(f"in force from: {spoken(standing.effective_from)}{known('effective_from')}")
    if standing.effective_to:
        lines.append(f"in force until: {spoken(standing.effective_to)}{known('effective_to')}")
    if standing.successor:
        lines.append(f"its place is taken by: {standing.successor}{known('successor')}")
    if standing.predecessor:
        lines.append(f"takes the place of: {standing.predecessor}{known('predecessor')}")
    if standing.reports:
        lines.append("It tells what happened, so that a later text unsays nothing of it.")
    return lines
