"""ZIP archives: members are unpacked under numbers, real bytes are counted, and nothing a header says is believed."""

from __future__ import annotations

import contextlib
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from rag.errors import DamagedFile, EncryptedFile, LimitExceeded
from rag.ingest.parsers.parsed import MEGABYTE, Member, ParserInput

_COPY_BYTES = 1 << 16
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
_ENCRYPTED_FLAG, _UTF_8_FLAG = 0x1, 0x800
_DRIVE = re.compile(r"[A-Za-z]:")
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)


def unpack(file: ParserInput) -> tuple[Member, ...]:
    """Unpack an archive into the folder of ``file``; a member that fails is told of and costs only itself.

    Raises:
        EncryptedFile: Every member needs a password.
        LimitExceeded: It holds too many files.
        DamagedFile: Its directory cannot be read.
    """
    try:
        with zipfile.ZipFile(file.path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir() and not _is_furniture(info.filename)]
            _check(file, infos)
            return tuple(_members(file, archive, infos))
    except zipfile.BadZipFile as exc:
        raise DamagedFile(f"{file.name!r} is a damaged ZIP archive.", hint="Copy or download it again.") from exc


def _check(file: ParserInput, infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > file.limits.max_archive_files:
        raise LimitExceeded(
            f"{file.name!r} holds {len(infos):,} files; {file.limits.max_archive_files:,} are left to be read.",
            hint="Split the archive, or raise ingest.max_archive_files.",
        )
    if infos and all(info.flag_bits & _ENCRYPTED_FLAG for info in infos):
        raise EncryptedFile(
            f"{file.name!r} is encrypted: it needs a password.", hint="Unpack it yourself and add the folder."
        )


def _members(file: ParserInput, archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> Iterator[Member]:
    left = int(file.limits.max_unpacked_mb * MEGABYTE)
    foreign = [info for info in infos if info.compress_type not in _METHODS]
    if foreign:
        yield Member(
            _clean_name(foreign[0]),
            0,
            reason=f"{len(foreign):,} files of {file.name!r} are packed with a method that is not read.",
            hint="Unpack the archive and pack it as an ordinary ZIP.",
            rest=True,
        )
    for number, info in enumerate(info for info in infos if info.compress_type in _METHODS):
        name = _clean_name(info)
        if left <= 0:
            yield Member(
                name,
                0,
                reason=f"The archive {file.name!r} unpacks to more than is allowed; {len(infos) - number:,} files of"
                f" it, from {name!r} on, were not read.",
                hint="Split the archive, or raise ingest.max_unpacked_mb.",
                rest=True,
            )
            return
        member = _member(file, archive, info, name, number, left)
        left -= member.n_bytes
        yield member


def _member(
    file: ParserInput, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, number: int, left: int
) -> Member:
    if _escapes(info.filename):
        return Member(name, 0, reason=f"{name!r} points outside its archive.", hint="Pack the archive again.")
    if info.flag_bits & _ENCRYPTED_FLAG:
        return Member(
            name, 0, reason=f"{name!r} is encrypted: it needs a password.", hint="Unpack it yourself and add it."
        )
    largest = int(file.limits.max_file_mb * MEGABYTE)
    target = file.folder / str(number)
    try:
        n_bytes = _copy(archive, info, target, min(largest, left))
    except _BROKEN as exc:
        n_bytes = target.stat().st_size if target.exists() else 0
        target.unlink(missing_ok=True)
        return Member(
            name, n_bytes, reason=f"{name!r} is damaged inside its archive ({exc}).", hint="Pack the archive again."
        )
    if n_bytes > min(largest, left):
        target.unlink()
        which = "ingest.max_file_mb" if largest <= left else "ingest.max_unpacked_mb"
        reason = f"{name!r} unpacks to more than {min(largest, left) / MEGABYTE:,.1f} MB."
        return Member(name, n_bytes, reason=reason, hint=f"Take it out of the archive, or raise {which}.")
    return Member(name, n_bytes, file=number)


def _copy(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, most: int) -> int:
    """Write a member until it ends or is too large; return the bytes written."""
    n_bytes = 0
    with archive.open(info) as packed, target.open("wb") as stream:
        while n_bytes <= most and (chunk := packed.read(_COPY_BYTES)):
            stream.write(chunk)
            n_bytes += len(chunk)
    return n_bytes


def _clean_name(info: zipfile.ZipInfo) -> str:
    name = info.filename
    if not info.flag_bits & _UTF_8_FLAG:
        # Macs write UTF-8 and do not say so; the library takes it for the code page of the first PCs.
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    printable = "".join(char if char.isprintable() else "_" for char in name.replace("\\", "/"))
    return printable.encode("utf-8", "replace").decode()[:500]


def _escapes(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or _DRIVE.match(name) is not None


def _is_furniture(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part in {"__MACOSX", "__pycache__"} or part.startswith(("~$", ".")) for part in parts if part != "..")
