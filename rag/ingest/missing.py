"""Which documents have lost their file, or their place in an archive, since they were read."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from rag.ingest.find import Scope, holders
from rag.types import FileReport

# What `rag.ingest.find.source_of` makes of a byte that is not UTF-8.
_ESCAPED = re.compile(rb"\\x([89a-f][0-9a-f])")
_ABSENT = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG})


def missing(
    known: Iterable[str],
    scope: Scope,
    *,
    files: AbstractSet[str],
    reports: Sequence[FileReport],
    in_part: AbstractSet[str],
) -> tuple[str, ...]:
    """Return the sources of documents that are not there any more, in the order in which they are known.

    A document is missing where nothing stands at its path, or where the archive or mail that it lay in was read and
    no longer holds it. Whatever leaves a doubt keeps it: it lies outside of what was named or in what could not be
    looked into, its archive was not read, not whole or not this time, or its path cannot be looked at.

    Args:
        known: Sources of live documents.
        scope: Where files were looked for.
        files: Sources of the files that were read.
        reports: How everything in them ended; what failed is there, and keeps its last good version.
        in_part: Sources of mails that hold more than was read and told of.
    """
    held = {report.source for report in reports}
    doubtful = {report.source for report in reports if report.outcome == "failed"} | in_part
    return tuple(
        source
        for source in known
        if source not in held
        and scope.covers(source)
        and doubtful.isdisjoint(holders(source))
        and not any(_is_there(each) for each in (*holders(source), source) if each not in files)
    )


def _is_there(source: str) -> bool:
    """Return whether a file stands at a path, a link at least, or that cannot be told."""
    path = source.encode()
    raw = _ESCAPED.sub(lambda byte: bytes.fromhex(byte[1].decode()), path)
    return any(_stands(each) for each in {path, raw})


def _stands(path: bytes) -> bool:
    try:
        return not stat.S_ISDIR(os.stat(path).st_mode)  # noqa: PTH116 - a name that need not be UTF-8
    except OSError as exc:
        return exc.errno not in _ABSENT or os.path.islink(path)  # noqa: PTH114 - the same
