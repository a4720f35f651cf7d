"""How answers end, in words: those that the answer page, receipts and their export have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

Record = Mapping[str, Any]

OUTCOMES: Final[Mapping[str, str]] = {
    "answered": "Answered",
    "partial": "Answered in part",
    "refused": "Refused",
    "failed": "Failed",
}
_MODES: Final = {"generated": "written from what the documents say", "quoted": "quoted"}


class Refusal(NamedTuple):
    """Why nothing was answered: as a heading, and as the end of a sentence."""

    heading: str
    clause: str


_UNKNOWN: Final = Refusal("No answer", "no reason is recorded")
_REFUSALS: Final = {
    "no_evidence": Refusal("Nothing found", "nothing in the documents was found for the question"),
    "weak_evidence": Refusal("Not clear enough to answer", "what the documents say did not answer it clearly enough"),
    "conflicting_evidence": Refusal(
        "The documents disagree", "the documents disagreed, and nothing in them settled which holds"
    ),
    "ambiguous_question": Refusal("More than one reading", "the question could be read in several ways"),
    "unclear_question": Refusal("Ask it another way", "what was typed does not say what to look up"),
    "not_permitted": Refusal("No access", "who asked may not read these documents"),
    "policy": Refusal("Outside of what may be answered", "the policy does not let it be answered here"),
    "held_back": Refusal("Found, but not sure enough to show", "what was found was less sure than the bar"),
    "broken_policy": Refusal("Nothing can be answered just now", "the policy could not be read"),
}


def refused_as(record: Record) -> str:
    """Return why nothing was answered, told apart where the reason of the record is one for different things."""
    reason = str(record.get("reason") or "")
    if record.get("held_back"):
        return "held_back"
    # What was ruled by a policy names it among what it was made with; where it cannot be read there was none.
    if reason == "policy" and "policy" not in record.get("models", {}):
        return "broken_policy"
    if reason == "ambiguous_question" and not any(record.get("readings", ())):
        return "unclear_question"
    return reason


def refusal(record: Record) -> Refusal:
    """Return why nothing was answered in words."""
    return _REFUSALS.get(refused_as(record), _UNKNOWN)


def outcome_in_words(record: Record) -> str:
    """Return how a question ended: ``Refused: nothing found`` or ``Answered, quoted``."""
    mode = _MODES.get(str(record.get("mode"))) if record["outcome"] in {"answered", "partial"} else None
    ended = ended_as(record["outcome"], refused_as(record))
    return f"{ended}, {mode}" if mode else ended


def ended_as(outcome: str, why: str | None) -> str:
    """Return an outcome in words, a refusal with why nothing was answered, as `refused_as` gives it."""
    told = OUTCOMES.get(outcome, outcome)
    if outcome != "refused":
        return told
    heading = _REFUSALS.get(why or "", _UNKNOWN).heading
    return f"{told}: {heading[:1].lower()}{heading[1:]}"
