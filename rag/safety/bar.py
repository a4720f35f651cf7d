"""The owner's bar: the least confidence of an answer, written into the policy of the home directory.

It stands in the policy, and nowhere else, so that the hash of the policy in every receipt tells with which bar an
answer was given; the line itself says who set it, when, and what it was before.
"""

from __future__ import annotations

import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from rag.errors import InputError, SettingsError
from rag.safety.policy import Policy, default_text, parse_policy, read_policy

_TABLE = re.compile(r"^[ \t]*\[[ \t]*([\"']?)answers\1[ \t]*\][ \t]*(?:#.*)?$", re.MULTILINE)
_NEXT = re.compile(r"^[ \t]*\[", re.MULTILINE)
_LINE = re.compile(r"^[ \t]*min_confidence[ \t]*=.*$", re.MULTILINE)
_COMMENTED = re.compile(r"^[ \t]*#[ \t]*min_confidence[ \t]*=.*$", re.MULTILINE)


def set_bar(path: Path, bar: float, *, before: float, by: str) -> Policy:
    """Write the least confidence into a policy and return it; everything else in the file stays as it is.

    Args:
        path: The policy of the home directory; where there is none, the default one is written there first.
        bar: From 0 to 1.
        before: What held until now, for the note beside it.
        by: Who sets it.

    Raises:
        InputError: The bar is no confidence.
        SettingsError: The policy has a mistake, holds the bar in a form that is not rewritten here, or cannot be
            written; it is as it was then.
    """
    if not 0 <= bar <= 1:
        raise InputError(f"{bar!r} is no confidence.", hint="Choose one from 0 to 1.")
    known = read_policy(path)
    text = path.read_text(encoding="utf-8") if path.exists() else default_text()
    note = f"set by {_plain(by)} on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {before:.2f} before"
    written = with_bar(text, bar, note)
    _check(written, path, known, bar)
    _replace(path, written)
    return read_policy(path)


def with_bar(text: str, bar: float, note: str) -> str:
    """Return the text of a policy with another least confidence in its table.

    The line takes the place of the one that holds, else of one that is commented out.
    """
    line = f"min_confidence = {bar:.2f}  # {note}"
    table = _TABLE.search(text)
    if table is None:
        return f"{text.rstrip()}\n\n[answers]\n{line}\n"
    following = _NEXT.search(text, table.end())
    end = following.start() if following else len(text)
    written = _LINE.search(text, table.end(), end) or _COMMENTED.search(text, table.end(), end)
    if written is None:
        return f"{text[: table.end()]}\n{line}{text[table.end() :]}"
    return f"{text[: written.start()]}{line}{text[written.end() :]}"


def _check(written: str, path: Path, known: Policy, bar: float) -> None:
    """Raise where the new text is not the known policy with the bar: TOML has more ways to write it than one."""
    answers = known.answers.model_copy(update={"min_confidence": float(f"{bar:.2f}")})
    try:
        found = parse_policy(written.encode("utf-8"), str(path))
    except SettingsError:
        found = None
    if found is None or found.model_dump() != known.model_copy(update={"answers": answers}).model_dump():
        raise SettingsError(
            f"The bar {bar:.2f} cannot be written into the policy {str(path)!r}: its 'answers' are no table with a "
            "line 'min_confidence = …'; nothing was changed.",
            hint=f"Write them as a table [answers], or set answers.min_confidence to {bar:.2f} there yourself.",
        )


def _plain(name: str) -> str:
    return "".join(character for character in name if character.isprintable())[:80]


def _replace(path: Path, text: str) -> None:
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as part:
            part.write(text)
        if path.exists():
            Path(part.name).chmod(path.stat().st_mode)
        # Whoever asks meanwhile reads the old policy or the new one.
        Path(part.name).replace(path)
    except OSError as exc:
        raise SettingsError(f"The policy {str(path)!r} cannot be written: {exc.strerror}.", hint="Check it.") from exc
