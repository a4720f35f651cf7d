"""What a title or a sentence says of whether a text is in force: a status, a first or a last day, what takes its place.

Precision comes first: "effective" and "archived" are everyday words, so that a sentence counts only where it begins
with them or speaks of the text itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from rag.dates import dates, day_beside, span_of
from rag.types import Status

_WORDS: Mapping[Status, str] = {
    "draft": "draft|working draft|work in progress|wip|proposal|proposed|in review|under review|for comment"
    "|pending(?: approval| review)?|not yet (?:in force|in effect|effective|valid)",
    "superseded": "superseded|replaced|obsolete|obsoleted|deprecated|outdated|old version|previous version",
    "expired": "expired|archived?|withdrawn|retired|revoked|cancell?ed|inactive|historic(?:al)?"
    "|no longer (?:in force|in effect|effective|valid|current|applicable)",
    "in force": "in force|in effect|effective|active|current|approved|valid|final|published|released|binding",
}
_STATUS = re.compile(
    "|".join(rf"(?P<{name.replace(' ', '_')}>\b(?:{words})\b)" for name, words in _WORDS.items()), re.IGNORECASE
)
# "Not yet approved", "un-approved"; "no longer in force" is a status of its own.
_DENIED = re.compile(
    r"\b(?:not|never|un|non)(?:[\s()-]+(?:yet|been|be|currently|formally|officially|legally|fully|an?|the)\b)*[\s()-]*$",
    re.IGNORECASE,
)

_ITSELF = (
    r"(?:th(?:is|e present)\s+(?:\w+\s+){0,2}?(?:document|edition|version|policy|notice|agreement|page|guide|guideline"
    r"|handbook|manual|procedure|standard|price list|list|sheet|memo|circular|directive|specification|text|terms)"
    r"|these\s+(?:\w+\s+){0,2}?(?:terms|conditions|rules|guidelines|prices))"
)
# "Version 3.2, effective …", "Status: in force. Effective …", "*Effective …".
_OPENING = r"^(?:[\W\d_]*(?:(?:version|edition|revision|rev\.?|v)\s?[\w.]+\s*[,;:|·–-]\s*)?)"
_HAS = r"(?:has|have|had|is|are|was|were|been|will be|shall be)"
_BEGINS = (
    r"(?:effective(?:\s+date)?(?:\s+(?:as\s+)?(?:of|from|on|since))?"
    r"|(?:in\s+(?:force|effect)|valid|applicable|appl(?:y|ies|ied))\s+(?:as\s+)?(?:since|from|of|on|starting)"
    r"|first\s+day\s+in\s+force"
    r"|(?:takes?|took|comes?|came|enters?|entered)\s+(?:in)?to\s+(?:effect|force)(?:\s+(?:on|from|as\s+of))?"
    r"|(?:takes?|took)\s+effect(?:\s+(?:on|from|as\s+of))?|with\s+effect\s+from)\s*[:\-–]?\s*"
)
_ENDS = (
    r"(?:(?:valid|effective|in\s+(?:force|effect)|applicable|appl(?:y|ies|ied))\b[^.;]{0,40}?\b(?:until|till|through|to)"
    r"|expire[sd]?(?:\s+on)?|expiry(?:\s+date)?|expiration(?:\s+date)?|withdrawn\s+on|retired\s+on|last\s+day\s+in\s+force)\s*[:\-–]?\s*"
)
_SUBJECT = rf"(?:{_OPENING}|\b{_ITSELF}\s+(?:{_HAS}\s+)*)"
_FROM = re.compile(rf"{_SUBJECT}{_BEGINS}(?=[\dA-Z])(?P<date>.{{4,24}})", re.IGNORECASE)
_TO = re.compile(rf"{_SUBJECT}{_ENDS}(?=[\dA-Z])(?P<date>.{{4,24}})", re.IGNORECASE)
_LABEL = re.compile(r"^\W*(?:document\s+)?status\W{1,4}(?P<said>.{3,40})", re.IGNORECASE)
# A word by itself at the beginning: in capitals wherever it goes on, else only where it is plainly a label.
_ALONE = (
    r"(?:WORKING\s+)?DRAFT|Draft(?=\W*$|\s*[-–—:,.]|\s+(?:version|for|of\s+\d))|NOT YET IN FORCE"
    r"|SUPERSEDED|Superseded(?=\W*$|\s*[-–—:,.;]|\s+(?:by|on|since)\b)|OBSOLETE|Obsolete(?=\W*$|\.)"
    r"|ARCHIVED?|Archived?(?=\W*$|\.|\s+note|\s+on|\s+in)|EXPIRED|WITHDRAWN|Withdrawn(?=\W*$|\.)"
)
_SAYS_STATUS = re.compile(
    rf"(?:^\W*(?P<alone>{_ALONE})"
    rf"|\b(?i:(?:{_ITSELF}|this)\s+{_HAS}\s+(?:been\s+|now\s+|an?\s+|only\s+an?\s+|still\s+an?\s+)*(?P<itself>draft"
    r"|superseded|replaced\s+by|obsolete|outdated|(?:old|previous|outdated|archived)\s+(?:version|edition|copy)"
    rf"|archived|withdrawn|expired|no\s+longer\s+(?:in\s+force|valid))|{_ITSELF}\s+no\s+longer\s+appl(?:y|ies))\b)"
)
_SUCCEEDED = re.compile(
    rf"(?:^\W*|\b{_ITSELF}\s+(?:{_HAS}\s+)+)(?:superseded|replaced|obsoleted)\s+by\s+(?:the\s+)?(?P<name>[^.;\n]{{3,80}})",
    re.IGNORECASE,
)
_SUCCEEDED_ON = re.compile(
    rf"(?:^\W*|\b{_ITSELF}\s+(?:{_HAS}\s+)+)(?:superseded|replaced|obsoleted|archived)\b[^.;\n]{{0,80}}?"
    r"(?P<on>\s+on\s+(?=\d|[A-Z][a-z]+\s\d)(?P<date>.{4,24}))",
    re.IGNORECASE,
)
_SAID = r"(?:draft|superseded|obsolete|archived|withdrawn|expired|outdated|old version)"
_TITLE_SAYS = re.compile(
    rf"[(\[][^)\]]*\b{_SAID}\b[^)\]]*[)\]]|(?:[,:]|\s[-–—])\s*{_SAID}$|^{_SAID}\s*[-–—:]", re.IGNORECASE
)
_NAME_SAYS = re.compile(rf"(?:^|[\s._(-]){_SAID}(?:[\s._)-]|$)", re.IGNORECASE)
_NAMED_EDITION = re.compile(r"\b(?:version|edition)\s+of\s+(?P<date>.{4,24})", re.IGNORECASE)
# A line that is nothing else: "Edition of 1 June 2026", "Terms, edition of 4 April 2022".
_ONLY_EDITION = re.compile(
    r"^\W*(?:[^\W\d_][\w’'-]*(?:\s[^\W\d_][\w’'-]*){0,3}\s*[,:;–—-]\s*)?(?:edition|version|revision)(?:\s+(?:of|dated)|:)\s+"
    r"(?P<date>[\dA-Z].{3,23}?)\W*$",
    re.IGNORECASE,
)
# A sentence that is nothing else: "From 1 January 2026."
_ONLY_FROM = re.compile(
    r"^\W*(?:as\s+)?(?:from|of)\s+(?P<date>[\dA-Z].{3,23}?)(?:\s+on(?:wards?)?)?\W*$", re.IGNORECASE
)
_ONLY_TO = re.compile(r"^\W*(?:until|till|up to|through)\s+(?P<date>[\dA-Z].{3,23}?)\W*$", re.IGNORECASE)
# A heading over what holds for a time: "Prices until 31 December 2025", but not "Outage from 4 March 2026".
_HOLDS = (
    r"\b(?:prices?|pricing|rates?|fees?|tariffs?|charges?|plans?|terms?|conditions?|rules?|polic(?:y|ies)|rota|roster"
    r"|hours|schedule|timetable|contacts?|limits?|allowances?|edition|version|valid|effective|in\s+force|applie[sd])\b"
)
_HEADED_FROM = re.compile(
    rf"{_HOLDS}.*\b(?:from|since|as\s+of)\s+(?P<date>[\dA-Z].{{3,23}}?)(?:\s+on(?:wards?)?)?\W*$", re.IGNORECASE
)
_HEADED_TO = re.compile(rf"{_HOLDS}.*\b(?:until|till|up\s+to|through)\s+(?P<date>[\dA-Z].{{3,23}}?)\W*$", re.IGNORECASE)


def said_by_title(title: str) -> Iterator[tuple[str, str]]:
    """Yield the ``status`` that a title says in brackets or at its ends: "(superseded)", "Prices - DRAFT"."""
    yield from (("status", status_of(match.group()) or "unknown") for match in _TITLE_SAYS.finditer(title))


def said_by_name(name: str) -> Iterator[tuple[str, str]]:
    """Yield the ``status`` that a file name without its ending says as one of its words: "policy-draft"."""
    yield from (("status", status_of(match.group()) or "unknown") for match in _NAME_SAYS.finditer(name))


def said_by_heading(heading: str) -> Iterator[tuple[str, str]]:
    """Yield what a heading says of its section, as names of `rag.types.Standing` and values."""
    yield from said_by_title(heading)
    for name, patterns, last in (
        ("effective_from", (_HEADED_FROM, _ONLY_FROM), False),
        ("effective_to", (_HEADED_TO, _ONLY_TO), True),
    ):
        match = next((match for pattern in patterns if (match := pattern.search(heading))), None)
        if match and (day := _day_at(match["date"], last=last)):
            yield name, day


def said_by_edition(title: str) -> Iterator[tuple[str, str]]:
    """Yield the first day of a text that calls itself the version of one, as ``effective_from`` and the day."""
    if (match := _NAMED_EDITION.search(title)) and (day := _day_at(match["date"], last=False)):
        yield "effective_from", day


def said_by_sentence(sentence: str, *, first: bool) -> Iterator[tuple[str, str]]:
    """Yield what a sentence says of its own text, as names of `rag.types.Standing` and values; the surest first.

    Args:
        sentence: As it stands.
        first: Whether it is one of the first; what ends is said there.
    """
    if (match := _LABEL.search(sentence)) and (status := status_of(match["said"])):
        yield "status", status
    begun = _FROM.search(sentence)
    if first and begun is None:
        begun = _ONLY_FROM.search(sentence) or _ONLY_EDITION.search(sentence)
    if begun and (day := _day_at(begun["date"], last=False)):
        yield "effective_from", day
    if (
        first
        and (match := _TO.search(sentence) or _ONLY_TO.search(sentence))
        and (day := _day_at(match["date"], last=True))
    ):
        yield "effective_to", day
    replaced = _SUCCEEDED_ON.search(sentence)
    if replaced and (day := _day_at(replaced["date"], last=False)):
        yield "effective_to", day_beside(day, -1)
    if match := _SUCCEEDED.search(sentence):
        name = match["name"].partition(replaced["on"])[0] if replaced else match["name"]
        yield "successor", name.strip(" *_\"'”’")
        yield "status", "superseded"
    if match := _SAYS_STATUS.search(sentence):
        yield "status", status_of(match["alone"] or match["itself"] or "expired") or "superseded"


def status_of(said: str) -> Status | None:
    """Return the status that the first telling words name; unknown where they deny it, whatever a day says."""
    match = _STATUS.search(said)
    if match is None:
        return None
    if _DENIED.search(said, 0, match.start()):
        return "unknown"
    for name in _WORDS:
        if match.group(name.replace(" ", "_")):
            return name
    return None


def _day_at(written: str, *, last: bool) -> str | None:
    """Return the day of a date that a text begins with."""
    found = re.match(r"(?:the\s+)?(?:\d{1,4}(?:st|nd|rd|th)?[-.\s]|\d{4}\b|[A-Za-z]{3,9}\.?\s+\d)", written)
    return day_of(written, last=last) if found else None


def day_of(written: str, *, last: bool) -> str | None:
    """Return the first or the last day of the first date in a text."""
    spans = [span for day in dates(f"in {written.strip()}") if (span := span_of(day))]
    return spans[0][last] if spans else None
