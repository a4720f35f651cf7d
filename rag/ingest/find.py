"""From paths to files: what is named is listed in a stable order, and what could not be looked into is told of."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from rag.errors import InputError
from rag.types import SourceFile

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where files were looked for, so that it can be said of a document that its file is not there.

    Args:
        folders: Sources of the folders that were named and hold files.
        files: Sources of the files that were named.
        unread: Sources of what could not be looked into, and of named folders that hold no file: whether somebody
            emptied them or their disk is not there, nobody can tell.
        empty: Those of these that were named.
    """

    folders: AbstractSet[str]
    files: AbstractSet[str]
    unread: AbstractSet[str]
    empty: tuple[str, ...]

    def covers(self, source: str) -> bool:
        """Return whether a source lies in what was named, and not in what could not be looked into."""
        inside = _folders(source)
        named = not self.folders.isdisjoint([*inside, source]) or not self.files.isdisjoint([*holders(source), source])
        return named and self.unread.isdisjoint([*inside, *holders(source), source])


def find(paths: Sequence[Path]) -> tuple[list[SourceFile], Scope]:
    """Return the files under paths, each once: given ones in order, those of folders sorted by path.

    Hidden files and folders, ``__pycache__``, lock files (``~$…``) and empty places such as sockets are
    skipped; links to folders are followed, but no folder is entered twice. A folder inside one that was given and
    cannot be read is left out, with a warning in the log, and so is a link that leads nowhere.

    Returns:
        The files, and where they were looked for.

    Raises:
        InputError: A path does not exist, is neither file nor folder, or is a folder that cannot be read.
    """
    found: dict[str, SourceFile] = {}
    folders, files, unread, empty = set[str](), set[str](), set[str](), list[str]()
    for path in map(Path, paths):
        named = source_of(path)
        if path.is_dir():
            listed = list(_walk(path, unread))
            if listed:
                folders.add(named)
            else:
                empty.append(named)
        else:
            listed = [_file(path)]
            # Beside a folder of this name `FILE!/a.md` may as well be a file in that, which was not named.
            if not Path(f"{path}!").is_dir():
                files.add(named)
        for file in listed:
            source = source_of(file)
            found.setdefault(source, SourceFile(_absolute(file), source, PurePosixPath(source).name))
    return list(found.values()), Scope(folders, files, {*unread, *empty}, tuple(empty))


def find_files(paths: Sequence[Path]) -> list[SourceFile]:
    """Return the files that `find` finds."""
    return find(paths)[0]


def source_of(path: Path) -> str:
    """Return what a file is known by, whether or not it is there: its absolute path, with links unresolved."""
    # Escaped, not replaced: two names with one bad byte each must not become one source.
    return os.fsencode(_absolute(path)).decode("utf-8", "backslashreplace")


def holders(source: str) -> list[str]:
    """Return the sources of the archives and mails that a source lies in, the outermost first.

    A file in a folder whose name ends with ``!`` reads like a member of an archive: what is returned need not be there.
    """
    return [folder[:-1] for folder in _folders(source) if folder.endswith("!")]


def _folders(source: str) -> list[str]:
    """Return the sources of all folders around a source, were it a path."""
    return [source[:at] or "/" for at, character in enumerate(source) if character == "/"]


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - the name as given, links unresolved


def _file(path: Path) -> Path:
    if path.is_file():
        return path
    if path.exists():
        raise InputError(f"The path {str(path)!r} is neither a file nor a folder.", hint="Give a file or a folder.")
    raise InputError(f"The path {str(path)!r} does not exist.", hint="Check the path.")


def _walk(folder: Path, unread: set[str]) -> Iterator[Path]:
    """Yield the files below a folder; folders may stand in each other deeper than functions can call each other."""
    seen: set[tuple[int, int]] = set()
    try:
        open_folders = [iter(_entries(folder, seen))]
    except OSError as exc:
        raise InputError(
            f"The folder {str(folder)!r} cannot be read: {exc.strerror}.", hint="Check who may read it."
        ) from exc
    while open_folders:
        entry = next(open_folders[-1], None)
        if entry is None:
            open_folders.pop()
            continue
        try:
            is_folder, is_file = entry.is_dir(), entry.is_file()
            is_there = is_folder or is_file or entry.exists()
        except OSError as exc:
            _LOG.warning("%s cannot be looked at (%s) and was left out", entry, exc.strerror)
            unread.add(source_of(entry))
            continue
        if is_folder:
            try:
                open_folders.append(iter(_entries(entry, seen)))
            except OSError as exc:
                _LOG.warning("the folder %s cannot be read (%s) and was left out", entry, exc.strerror)
                unread.add(source_of(entry))
        elif is_file:
            yield entry
        elif not is_there:
            # Also where the disk went away since the folder was listed.
            _LOG.warning("%s leads nowhere and was left out", entry)
            unread.add(source_of(entry))


def _entries(folder: Path, seen: set[tuple[int, int]]) -> list[Path]:
    """Return what is looked at in a folder, sorted; nothing where it was seen under another path."""
    stat = folder.stat()
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    if (stat.st_dev, stat.st_ino) in seen:
        return []
    seen.add((stat.st_dev, stat.st_ino))
    return [
        entry
        for entry in entries
        if not entry.name.startswith((".", "~$")) and entry.name not in {"__pycache__", "__MACOSX"}
    ]
