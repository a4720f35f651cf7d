"""Write what a long run leaves, so that no kill and no full disk costs what was there before."""

from __future__ import annotations

from pathlib import Path


def replace_text(path: Path, text: str) -> None:
    """Write a file beside its place and put it there when it is whole: a reader meets the old file or the new one.

    What is no file, as a pipe or ``/dev/stdout``, is written to as it is.

    Raises:
        OSError: It cannot be written; a file that was there is as it was.
    """
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")
        return
    # Behind a link it is the file that is replaced, not the link.
    target = path.resolve()
    part = target.with_name(f"{target.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
