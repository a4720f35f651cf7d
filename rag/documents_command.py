"""The commands ``footnote documents list|show|remove``, and documents by their names; `rag.cli` registers them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from rag import terminal
from rag.dates import today
from rag.errors import InputError, NotFound
from rag.ingest.find import source_of
from rag.ingest.flow import remove
from rag.options import AsJson, Home, Space
from rag.settings import load_settings
from rag.standing import in_words
from rag.types import DEFAULT_SPACE, Document, DocumentInfo, RemovalCheck, VersionInfo
from rag.wiring import Workspace, open_workspace

documents = typer.Typer(no_args_is_help=True, help="The documents that answers rest on.")

Named = Annotated[str, typer.Argument(help="Id, file name or path of the document.")]


def find_document(workspace: Workspace, name: str, space: str) -> DocumentInfo:
    """Return the document with this id, path or file name.

    Raises:
        NotFound: There is none.
        InputError: The file name belongs to several.
    """
    listed = workspace.catalog.documents(space)
    source = source_of(Path(name))
    for wanted in (lambda d: d.id == name, lambda d: d.source in {name, source}, lambda d: d.name == name):
        found = [document for document in listed if wanted(document)]
        if len(found) == 1:
            return found[0]
        if found:
            ids = ", ".join(document.id for document in found)
            raise InputError(f"{name!r} is the name of {len(found)} documents: {ids}.", hint="Give the id.")
    raise NotFound(f"There is no document {name!r} in the space {space!r}.", hint="See `footnote documents list`.")


@documents.command("list")
def list_documents(*, home: Home = None, space: Space = DEFAULT_SPACE, as_json: AsJson = False) -> None:
    """List the documents of a space."""
    with open_workspace(load_settings(home=home), make=False) as workspace:
        listed = workspace.catalog.documents(space)
        standings = in_words(workspace.standings.of(space), on=today())
    if as_json:
        terminal.print_json([{**asdict(each), "standing": standings.get(each.id, "")} for each in listed])
    elif listed:
        rows = [_row(info, standings.get(info.id, "")) for info in listed]
        terminal.print_table(("Id", "Title", "File", "Pages", "Passages", "Updated", "Standing"), rows)
    else:
        terminal.note("There are no documents yet; add some with `footnote ingest PATH`.")


@documents.command("show")
def show_document(document: Named, *, home: Home = None, space: Space = DEFAULT_SPACE, as_json: AsJson = False) -> None:
    """Show a document: versions, parse report and the text as the system reads it."""
    with open_workspace(load_settings(home=home), make=False) as workspace:
        info = find_document(workspace, document, space)
        versions = workspace.catalog.versions(info.id)
        live = workspace.catalog.text(info.id, info.version)
        standing = in_words(workspace.standings.of(space), on=today()).get(info.id, "")
    if as_json:
        told = {"standing": standing, "versions": [asdict(version) for version in versions]}
        blocks = [asdict(block) for block in live.blocks]
        terminal.print_json({**asdict(info), **told, "text": live.text, "blocks": blocks})
    else:
        _print_document(info, versions, live, standing)


@documents.command("remove")
def remove_document(
    document: Named,
    *,
    home: Home = None,
    space: Space = DEFAULT_SPACE,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove a document with every trace, and show the check."""
    with open_workspace(load_settings(home=home), make=False) as workspace:
        info = find_document(workspace, document, space)
        if not (yes or terminal.agrees(f"Remove {info.title!r} for good?")):
            raise InputError(f"{info.title!r} was not removed.", hint="Confirm, or give --yes.")
        check = remove(info.id, workspace)
    if as_json:
        terminal.print_json({**asdict(check), "left": dict(check.left)})
    else:
        _print_removal(check)


def _row(info: DocumentInfo, standing: str) -> Sequence[str]:
    pages = "" if info.report.pages is None else str(info.report.pages)
    return info.id, info.title, info.name, pages, str(info.n_chunks), info.updated_at[:16], standing


def _print_document(info: DocumentInfo, versions: Sequence[VersionInfo], live: Document, standing: str) -> None:
    """Print one document: facts, what is to tell of its standing, versions, text."""
    terminal.print_line(Text(info.title, style="bold"))
    facts: Mapping[str, str] = {"id": info.id, "file": info.source, "type": info.media_type, **dict(info.metadata)}
    for name, value in facts.items():
        terminal.print_line(Text(f"{name}: {value}"))
    if standing:
        terminal.print_line(Text(f"standing: {standing}", style="yellow"))
    for version in versions:
        terminal.print_line(Text(f"version {version.version} {version.state} since {version.created_at[:16]}"))
    for warning in info.report.warnings:
        terminal.print_line(Text(f"warning: {warning}", style="yellow"))
    terminal.print_line(Text())
    terminal.print_line(Text(live.text))


def _print_removal(check: RemovalCheck) -> None:
    """Print the proof that a document is gone."""
    removed = f"{check.removed_versions} versions, {check.removed_chunks} passages"
    terminal.print_line(Text(f"Removed {check.title!r}: {removed}."))
    for store, count in check.left.items():
        terminal.print_line(Text(f"  left in {store}: {count}"))
