"""A question that was asked again, in words: is the answer the same, and if not, what changed; pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.present import Json
from rag.receipts.outcomes import ended_as
from rag.sentences import in_one_line
from rag.types import Difference, Replay

_MAX_SHOWN = 400
_HASH_SHOWN = 12


def told(again: Replay) -> Json:
    """Return what the page of a receipt shows of a replay."""
    return {
        "words": _words(again),
        "same": again.same,
        "circumstances": [_difference(each) for each in again.circumstances],
        "differences": [_difference(each) for each in again.differences],
        "answer": _clip(in_one_line(str(again.record.get("answer") or again.record.get("message") or "").splitlines())),
    }


def _words(again: Replay) -> str:
    if again.same and again.exact:
        return "The same answer, from the very same documents, models and settings."
    if again.same:
        return "The same answer, though not everything that it rests on is as it was."
    first = again.first.part if again.first else ""
    return f"Not the same. What changed first: {first}."


def _difference(each: Difference) -> Json:
    # Ids of passages and revisions tell a person nothing: the words say from which rank on they differ, and what came.
    shown = not isinstance(each.now, int) and not (each.part == "passages" and isinstance(each.now, list))
    recorded, now = (_value(value, each.part) if shown else "" for value in (each.recorded, each.now))
    return {"part": each.part, "what": each.what, "recorded": recorded, "now": now}


def _value(value: object, part: str = "") -> str:
    """Return a recorded value as people read it; nothing recorded is a dash."""
    match value:
        case [str(outcome), (str() | None) as why] if part == "outcome":
            return ended_as(outcome, why)
        case None | "" | []:
            return "–"
        case float():
            return f"{value:.3f}"
        case {"ref": ref, "sha256": sha256}:
            return f"{ref} ({str(sha256)[:_HASH_SHOWN]})" if sha256 else str(ref)
        case {"text": text}:
            return str(text)
        case Mapping():
            return _clip("; ".join(f"{name.replace('_', ' ')}: {_value(each)}" for name, each in value.items()))
        case Sequence() if not isinstance(value, str):
            told = in_one_line if any(isinstance(each, Mapping) for each in value) else ", ".join
            return _clip(told(_value(each) for each in value if each is not None))
    return _clip(str(value).replace("_", " ") if str(value).isidentifier() else str(value))


def _clip(text: str) -> str:
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN].rsplit(' ', 1)[0]} …"
