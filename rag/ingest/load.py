"""From files to parsed documents: archives and mails are opened, and a bad file costs only itself."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath

from pydantic import TypeAdapter, ValidationError

from rag.errors import DamagedFile, LimitExceeded, LoadError
from rag.ingest.parsers.parsed import MEGABYTE, PARSER_VERSION, LoadLimits, Member, Parsed, Reading, count_tables
from rag.ingest.sandbox import Sandbox
from rag.types import FileReport, ParseReport, RawDocument, SourceFile

__all__ = ["PARSER_VERSION", "LoadLimits", "LoadedDocument", "hash_file", "load"]

READ_FUNCTION = "rag.ingest.parsers.read:read"

_HASH_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class LoadedDocument:
    """A parsed document together with its bytes.

    Args:
        raw: What the parser read.
        path: Where the bytes of the file, attachment or archive member lie; a member's path is only good
            until the next one is asked for.
        whole: Whether every file inside it comes as well, read or failed; not so where a mail holds what is only
            warned of.
    """

    raw: RawDocument
    path: Path
    whole: bool = True


@dataclass(slots=True)
class _Budget:
    """What is left for one archive with all archives inside it."""

    n_bytes: float
    n_files: int


def load(file: SourceFile, *, limits: LoadLimits, sandbox: Sandbox) -> Iterator[LoadedDocument | FileReport]:
    """Yield what a file holds: one document, or one for each document inside an archive or a mail.

    Whatever cannot be read comes as a failed `FileReport` with its reason and what to do; nothing is raised
    for the sake of a file. Members have the source ``ARCHIVE!/MEMBER``. Where some of them are not named one by one,
    it is the archive that has failed.

    Args:
        file: The file.
        limits: What it may not exceed.
        sandbox: Process that parses.
    """
    budget = _Budget(limits.max_unpacked_mb * MEGABYTE, limits.max_archive_files)
    yield from _load(file, 0, budget, limits, sandbox)


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_HASH_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _load(
    file: SourceFile, depth: int, budget: _Budget, limits: LoadLimits, sandbox: Sandbox
) -> Iterator[LoadedDocument | FileReport]:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="footnote-") as folder:
        try:
            left = replace(
                limits,
                max_archive_depth=max(limits.max_archive_depth - depth, 0),
                max_unpacked_mb=max(budget.n_bytes, 0) / MEGABYTE,
                max_archive_files=max(budget.n_files, 0),
            )
            # Before it is parsed: where it is saved meanwhile, its bytes are not those of this hash any more.
            stamp = _stamp(file, limits)
            reading = _read(file, Path(folder), left, sandbox)
            if reading.document is not None:
                yield LoadedDocument(_raw(file, stamp, reading.document), file.path, reading.document.whole)
            # Mails inside mails count like archives inside archives.
            if depth >= limits.max_archive_depth and (reading.document is None or reading.members):
                raise LimitExceeded(
                    f"{file.name!r} holds files and lies inside {depth} others; at most"
                    f" {limits.max_archive_depth} levels are read.",
                    hint="Unpack it and add the folder, or raise ingest.max_archive_depth.",
                )
        except LoadError as error:
            # A reading that failed has unpacked all the same.
            for unpacked in Path(folder).iterdir():
                budget.n_bytes -= unpacked.stat().st_size
                budget.n_files -= 1
            yield _failed(file, error, time.monotonic() - started)
            return
        for member in reading.members:
            budget.n_bytes -= member.n_bytes
            budget.n_files -= 1
        yield from _members(file, reading.members, Path(folder), depth, budget, limits, sandbox)


def _members(
    file: SourceFile,
    members: Sequence[Member],
    folder: Path,
    depth: int,
    budget: _Budget,
    limits: LoadLimits,
    sandbox: Sandbox,
) -> Iterator[LoadedDocument | FileReport]:
    for member, named in zip(members, _apart([member.name for member in members]), strict=True):
        inside = SourceFile(file.path, f"{file.source}!/{named}", PurePosixPath(member.name).name or member.name)
        if member.file is None:
            yield _failed(file if member.rest else inside, LoadError(member.reason, hint=member.hint), 0.0)
            continue
        inside = replace(inside, path=folder / str(int(member.file)))
        yield from _load(inside, depth + 1, budget, limits, sandbox)
        inside.path.unlink(missing_ok=True)


def _apart(names: Sequence[str]) -> Iterator[str]:
    """Yield names, those that come again with their number: no two are alike, also where one is called ``a.md#2``."""
    seen: Counter[str] = Counter()
    taken = set(names)
    for name in names:
        seen[name] += 1
        numbered = name
        while seen[name] > 1 and (numbered := f"{name}#{seen[name]}") in taken:
            seen[name] += 1
        taken.add(numbered)
        yield numbered


@dataclass(frozen=True, slots=True)
class _Stamp:
    """Which bytes a file has."""

    n_bytes: int
    sha256: str


def _stamp(file: SourceFile, limits: LoadLimits) -> _Stamp:
    try:
        n_bytes = file.path.stat().st_size
        if n_bytes <= limits.max_file_mb * MEGABYTE:
            return _Stamp(n_bytes, hash_file(file.path))
    except OSError as exc:
        raise LoadError(
            f"{file.name!r} cannot be opened: {exc.strerror}.", hint="Check that it is still there and may be read."
        ) from exc
    raise LimitExceeded(
        f"{file.name!r} has {n_bytes / MEGABYTE:,.1f} MB; at most {limits.max_file_mb:,.0f} MB are read.",
        hint="Split the file, or raise ingest.max_file_mb.",
    )


def _read(file: SourceFile, folder: Path, limits: LoadLimits, sandbox: Sandbox) -> Reading:
    arguments = {"path": str(file.path), "name": file.name, "folder": str(folder), "limits": asdict(limits)}
    reply = sandbox.call(READ_FUNCTION, arguments, name=file.name)
    try:
        # Strict checks: the process that wrote this has read a stranger's file.
        return TypeAdapter(Reading).validate_json(reply)
    except ValidationError as exc:
        raise DamagedFile(
            f"{file.name!r} made its parser answer nonsense.", hint="Save it again in the program that made it."
        ) from exc


def _raw(file: SourceFile, stamp: _Stamp, parsed: Parsed) -> RawDocument:
    return RawDocument(
        source=file.source,
        name=file.name,
        title=parsed.title.strip() or PurePosixPath(file.name).stem or file.name,
        media_type=parsed.media_type,
        file_sha256=stamp.sha256,
        n_bytes=stamp.n_bytes,
        blocks=parsed.blocks,
        metadata=parsed.metadata,
        report=ParseReport(
            pages=parsed.pages,
            characters=sum(len(block.text) for block in parsed.blocks),
            tables=count_tables(parsed.blocks),
            pages_without_text=parsed.pages_without_text,
            ocr_pages=parsed.ocr_pages,
            warnings=parsed.warnings,
            parser=PARSER_VERSION,
        ),
    )


def _failed(file: SourceFile, error: LoadError, elapsed_s: float) -> FileReport:
    return FileReport(
        source=file.source,
        name=file.name,
        outcome="failed",
        reason=error.message,
        hint=error.hint or None,
        elapsed_s=elapsed_s,
    )
