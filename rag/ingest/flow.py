"""From files to searchable passages: load, normalize, chunk, embed, link, index; and back out again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePath

from rag.errors import AccessError, InputError, NotFound
from rag.ingest.find import Scope
from rag.ingest.incoming import Incoming
from rag.ingest.index import forget
from rag.ingest.missing import missing
from rag.ingest.parts import IngestParts
from rag.ingest.progress import IngestRun, Watch
from rag.ingest.publish import publish, still_live
from rag.ingest.renew import Renewal, renew
from rag.ingest.reread import reread
from rag.ingest.standing import checked
from rag.protocols import Catalog
from rag.types import (
    DEFAULT_SPACE,
    EDITORS,
    LOCAL_OWNER,
    DocumentInfo,
    DocumentStanding,
    FlagChoice,
    FlagDecision,
    IngestSummary,
    Principal,
    RemovalCheck,
    SourceFile,
)


def ingest(
    files: Sequence[SourceFile],
    parts: IngestParts,
    *,
    space: str = DEFAULT_SPACE,
    principal: Principal = LOCAL_OWNER,
    on_progress: Watch = lambda _: None,
    scope: Scope | None = None,
    remove_missing: bool = False,
) -> IngestSummary:
    """Make files searchable, each for itself: one that fails costs only itself.

    A file whose content is known already changes nothing. Files are read until their passages fill a batch, which is
    embedded together and goes live in one transaction, a changed document in the place of its earlier version. A run
    that is stopped or killed loses nothing: each document is either in or not, and the next run does the rest.

    Args:
        files: What to read, e.g. from `rag.ingest.find.find_files`.
        parts: Stores and models.
        space: Where the documents belong.
        principal: On whose behalf; access is decided here.
        on_progress: Told of every step, with rate and time left.
        scope: Where the files were looked for; documents below it that have lost theirs are counted. By default none.
        remove_missing: Remove these documents, once everything is read, as `remove` does, all of them or none.

    Returns:
        Reports in the order of the files.

    Raises:
        AccessError: The principal may not write to the space.
        InputError: Missing documents are to be removed, and a folder of the scope holds no file; nothing is done.
        NotFound: There is no such space.
        StoreError: A store fails; what was finished before stays.
    """
    _check_writer(parts.catalog, principal, space)
    if remove_missing and scope and scope.empty:
        raise InputError(
            f"There is no file in {scope.empty[0]!r}, and of a folder whose disk is not there nothing must be removed.",
            hint="Check the path; single documents go with `footnote documents remove`.",
        )
    run = IngestRun(tuple({file.source: file for file in files}.values()), on_progress)
    run.tell("scanning", "")
    with tempfile.TemporaryDirectory(prefix="footnote-") as folder:
        incoming = Incoming(run, parts, space=space, folder=Path(folder))
        live = publish(incoming.documents(), parts, admit=incoming.keep_original, on_progress=incoming.embedded)
        for document, receipt in live:
            incoming.end(document, receipt)
    return _without_missing(run, scope, parts, space=space, remove_missing=remove_missing)


def remove(document_id: str, parts: IngestParts, *, principal: Principal = LOCAL_OWNER) -> RemovalCheck:
    """Remove a document with all its versions and every trace, and prove it.

    A removal that failed half-way goes on where it stopped, and then knows no title any more.

    Raises:
        NotFound: There is no such document.
        AccessError: The principal may not write to its space.
        StoreError: A trace is left; the removal can be repeated.
    """
    catalog = parts.catalog
    document, space = None, next((space for space, _, _ in catalog.unfinished({document_id})), "")
    try:
        document = catalog.document(document_id)
    except NotFound:
        if not space:
            raise
    _check_writer(catalog, principal, document.space if document else space)
    return _forget({document_id: document}, parts)[0]


def decide(
    document_id: str, choice: FlagChoice, parts: IngestParts, *, principal: Principal = LOCAL_OWNER
) -> DocumentInfo:
    """Release what was flagged in the live version of a document, or keep it out; `remove` is the third way.

    Who decided and when is kept with the version. Released passages are searched like any other from now on; in
    quoted answers a sentence that gives orders is left out all the same.

    Raises:
        NotFound: There is no such document.
        AccessError: The principal may not write to its space.
        InputError: Nothing in it is flagged.
        StoreError: A store fails; the document stays as it was.
    """
    info = parts.catalog.document(document_id)
    _check_writer(parts.catalog, principal, info.space)
    if not info.report.flags:
        raise InputError(
            f"Nothing in {info.title!r} is flagged.",
            hint="See the library, or `footnote documents flags`.",
        )
    document = parts.catalog.text(document_id, info.version)
    decision = FlagDecision(choice, principal.id, datetime.now(UTC).isoformat(timespec="seconds"))
    flags = tuple(replace(flag, since_decision=False) for flag in document.report.flags)
    report = replace(document.report, flags=flags, decisions=(*document.report.decisions, decision))
    # Of two decisions at once the second must not take the place of the first.
    admit = still_live(parts.catalog, report=document.report)
    live = list(publish([replace(document, report=report)], parts, admit=admit))
    if live[0][1] is None:
        raise NotFound(f"{info.title!r} changed meanwhile.", hint="Look at it again.")
    parts.drop_caches()
    return parts.catalog.document(document_id)


def restate(
    document_id: str,
    changes: Mapping[str, str | None],
    parts: IngestParts,
    *,
    principal: Principal = LOCAL_OWNER,
) -> DocumentStanding:
    """Say of a document whether it is in force, over what was read of it; questions follow at once.

    Args:
        document_id: The document.
        changes: ``status``, ``effective_from``, ``effective_to`` and ``successor``, those that are said; none of them
            takes back what was said before. Days are in ISO 8601, ``None`` for none.
        parts: Stores.
        principal: On whose behalf; access is decided here.

    Raises:
        NotFound: There is no such document.
        AccessError: The principal may not write to its space.
        InputError: A status or a day cannot be used.
    """
    info = parts.catalog.document(document_id)
    _check_writer(parts.catalog, principal, info.space)
    read = parts.catalog.text(document_id, info.version).standing
    return parts.standings.edit(document_id, checked(changes, read), by=principal.id)


def reindex(
    parts: IngestParts, *, principal: Principal = LOCAL_OWNER, on_progress: Callable[[int, int], None] = lambda *_: None
) -> Renewal:
    """Build the index version that models and settings ask for beside the active one, then make it the active one.

    Questions are answered from the old one meanwhile, and documents can be removed between two batches. A build that
    is stopped goes on where it was. The old version stays, so that going back with the old settings takes a moment.
    Every document is screened by the rules and the model of today, also one that stands in the index already. Those
    that earlier parsers read are then read again from their original files, see `rag.ingest.reread`.

    Args:
        parts: Stores and models.
        principal: On whose behalf; only the owner may.
        on_progress: Told after each document how many are done, of how many; then of those that are read again.

    Returns:
        The active index version, and what was found in the documents.

    Raises:
        AccessError: The principal is not the owner.
    """
    if not principal.owner:
        raise AccessError(f"{principal.id!r} may not build an index.", hint="Ask the owner of the home directory.")
    catalog = parts.catalog
    index_id = catalog.index_for(parts.recipe)
    listed = [info for space in catalog.spaces(principal) for info in catalog.documents(space)]
    renewed = renew(listed, parts, index_id=index_id, on_progress=on_progress)
    catalog.activate(index_id)
    # Not before: what reads otherwise leaves the index that was the active one until then.
    again = reread(listed, parts, index_id=index_id, on_progress=on_progress)
    known = {info.id for info in (*renewed.waiting, *(info for info in listed if info.report.waiting))}
    held = [read.document_id for read in again if read.document_id and read.report and read.report.waiting]
    more = (catalog.document(document_id) for document_id in held if document_id not in known)
    return replace(renewed, waiting=(*renewed.waiting, *more), reread=again)


def screen_again(
    parts: IngestParts,
    *,
    space: str = DEFAULT_SPACE,
    principal: Principal = LOCAL_OWNER,
    on_progress: Callable[[int, int], None] = lambda *_: None,
) -> Renewal:
    """Screen the documents of a space by the rules of today, and hold back in the active index what turns severe.

    Args:
        parts: Stores and models.
        space: Whose documents.
        principal: On whose behalf; access is decided here.
        on_progress: Told after each document how many are done, of how many.

    Raises:
        AccessError: The principal may not write to the space.
        NotFound: There is no such space.
        StoreError: The active index was made with other settings.
    """
    _check_writer(parts.catalog, principal, space)
    return renew(parts.catalog.documents(space), parts, index_id=parts.index, on_progress=on_progress)


def _without_missing(
    run: IngestRun, scope: Scope | None, parts: IngestParts, *, space: str, remove_missing: bool
) -> IngestSummary:
    if scope is None:
        return run.summary()
    known = parts.catalog.sources(space)
    files = {file.source for file in run.files}
    gone = missing(known, scope, files=files, reports=run.reports(), in_part=run.in_part)
    if not (gone and remove_missing):
        return run.summary(n_missing=len(gone))
    run.tell("removing", PurePath(gone[0]).name if len(gone) == 1 else f"{len(gone)} documents")
    infos = [parts.catalog.document(known[source]) for source in gone]
    return run.summary(removals=_forget({info.id: info for info in infos}, parts))


def _check_writer(catalog: Catalog, principal: Principal, space: str) -> None:
    if catalog.role(principal, space) not in EDITORS:
        raise AccessError(f"{principal.id!r} may not change the space {space!r}.", hint="Ask its owner for access.")


def _forget(documents: Mapping[str, DocumentInfo | None], parts: IngestParts) -> tuple[RemovalCheck, ...]:
    try:
        with parts.writing:
            return forget(documents, parts.catalog, parts.vectors, parts.originals, parts.graphs)
    finally:
        # Also where a store failed: no copy in memory outlives what the catalog has let go.
        parts.drop_caches()
