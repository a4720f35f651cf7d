"""Turn a question and its answer into a statement, where that takes no more than putting words in another place."""

from __future__ import annotations

import re

_ASKED = r"(?:Who|What|Which(?: [a-z]+){1,3}|What (?:[a-z]+ ){0,2}[a-z]+)"
# "Who was the king of Spain?" + "Philip" → "Philip was the king of Spain."
_SUBJECT = re.compile(
    rf"^{_ASKED} (?P<verb>is|are|was|were|has|have|had|can|could|will|would|may|must) (?P<rest>.+?)\?*$"
)
# "Who wrote Hamlet?" + "Shakespeare" → "Shakespeare wrote Hamlet."
_PAST = r"[a-z]+(?:ed|es|[^aeious]s)|wrote|made|led|won|built|gave|held|took|became|ran"
_ACTIVE = re.compile(rf"^(?:Who|What) (?P<verb>{_PAST}) (?P<rest>.+?)\?*$")
# "When was the tower built?" + "1889" → "The tower was built in 1889."
_DONE = r"[a-z]+(?:ed|en|lt|rn|de|ld|nd|wn|ght|id)"
_PASSIVE = re.compile(
    r"^(?P<asked>When|Where|In what (?:year|city|country)) (?P<verb>was|were|is|are) "
    rf"(?P<rest>.+) (?P<done>{_DONE})\?*$"
)
_YEAR = re.compile(r"^(?:1\d|20)\d\d$")
_PLACED = frozenset("in on at from near during".split())
_LOOSE = frozenset("of in to for by with as from on".split())
_AUXILIARIES = frozenset("is are was were do does did has have had can could will would".split())


def statement(question: str, answer: str) -> str | None:
    """Return a statement that says what question and answer say together, or ``None`` where the form is another.

    Args:
        question: E.g. "Who wrote Hamlet?".
        answer: E.g. "Shakespeare".
    """
    question, answer = " ".join(question.split()), answer.strip().rstrip(".")
    for make in (_passive, _active, _subject):
        made = make(question, answer)
        if made is not None:
            return made[:1].upper() + made[1:] + "."
    return None


def _subject(question: str, answer: str) -> str | None:
    match = _SUBJECT.match(question)
    if match is None or match["rest"].rpartition(" ")[2].casefold() in _LOOSE:
        return None
    return f"{answer} {match['verb']} {match['rest']}"


def _active(question: str, answer: str) -> str | None:
    match = _ACTIVE.match(question)
    if match is None or match["verb"] in _AUXILIARIES:
        return None
    return f"{answer} {match['verb']} {match['rest']}"


def _passive(question: str, answer: str) -> str | None:
    match = _PASSIVE.match(question)
    if match is None:
        return None
    word = "on" if match["asked"] == "When" and not _YEAR.match(answer) else "in"
    first, _, _ = answer.partition(" ")
    place = answer if first.casefold() in _PLACED else f"{word} {answer}"
    return f"{match['rest']} {match['verb']} {match['done']} {place}"
