"""The confidence of an answer as people read it: how often answers alike were right, and what it was made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.ask.signals import signal_in_words
from rag.confidence import in_words


def confidence(record: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the confidence of a stored answer with its words and signals in plain words; ``None`` where it has none.

    Answers older than the calibration do not say how many were alike, and get no words.
    """
    said = record.get("confidence")
    if not said:
        return None
    alike = said.get("alike")
    return {
        "level": said["level"],
        "probability": said["probability"],
        "words": in_words(int(alike["n"]), int(alike["right"])) if alike else "",
        "signals": [[signal_in_words(name), value] for name, value in said["signals"].items()],
    }
