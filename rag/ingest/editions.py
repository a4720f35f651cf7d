"""Tell editions of one text from each other by title and file name: a year or a version on a text that governs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from rag.types import Document

# Texts that say how things are done; of two editions the later one holds.
_GOVERNS = re.compile(
    r"\b(?:polic(?:y|ies)|warrant(?:y|ies)|guarantee|terms|conditions|prices?|pricing|tariffs?|fees?|rates|privacy|notice"
    r"|returns?|refunds?|rules?|regulations?|procedures?|guides?|guidelines?|handbook|manual|runbook|playbook|standard"
    r"|code of conduct|charter|statutes?|bylaws|catalogue?|plans?|agreement|contract|sla|faq|checklist|specification"
    r"|reference|instructions?|benefits|allowances?|directory|roster|calendar|timetable|schedule)\b",
    re.IGNORECASE,
)
# Texts that tell what happened: a later one adds to them and unsays nothing.
_REPORTS = re.compile(
    r"\b(?:release notes?|changelog|change log|what'?s new|minutes|meeting|notes?|reports?|reviews?|incident"
    r"|post-?mortem|newsletter|news|diary|log|journal|handover|announcement|agenda|blog|survey|results|invoice|receipt|letter|memo"
    r"|retrospective|transcript|press|recall|statistics|case study)\b",
    re.IGNORECASE,
)
_VERSION = (
    r"(?:version|edition|revision|rev\.?|ver\.?|v)[\s._-]?(?P<version>\d+(?:\.\d+)*|[A-H]\b)"
    r"|(?P<ordinal>\d+)(?:st|nd|rd|th)\s+edition"
)
_MARKS = re.compile(rf"\b(?:{_VERSION})\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d.])(?P<year>(?:19|20)\d\d)(?![\d.])")
# A month, a quarter or a day in a title: an issue of a series, not an edition.
_ISSUE = re.compile(
    r"\b(?:19|20)\d\d[-_.]\d\d|\bq[1-4]\b|\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|may)\s+(?:\d{1,2},?\s+)?(?:19|20)\d\d",
    re.IGNORECASE,
)
_SITE = re.compile(r"\s+[|·]\s+[^|·]{2,40}$")
_NOISE = re.compile(
    r"\b(?:edition|version|revision|draft|superseded|archived?|obsolete|old|new|current|final|copy|valid|from|the|of|for"
    r"|in force|effective|as|at)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Edition:
    """What title and file name tell.

    Args:
        family: Words that all editions share, in order; empty where there are none.
        name: The year or version; empty where there is none.
        certain: Whether title and name alone say that this is an edition of a text that governs.
        governs: Whether the text says how things are done, so that of two first days the later one holds.
        reports: Whether the text tells what happened.
    """

    family: str
    name: str
    certain: bool
    governs: bool
    reports: bool


def read_edition(document: Document, metadata: Mapping[str, str]) -> Edition:
    """Return which edition of which text a document is.

    Args:
        document: Title, name and media type are read.
        metadata: By lower-case key; ``version`` and ``edition`` are read.
    """
    title = _SITE.sub("", document.title)
    stem = re.sub(r"[_-]+", " ", PurePosixPath(document.name).stem)
    bare = re.sub(r"[(\[][^)\]]*[)\]]", " ", title)
    series = bool(_ISSUE.search(bare) or _ISSUE.search(PurePosixPath(document.name).stem))
    reports = series or document.media_type == "message/rfc822" or bool(_REPORTS.search(title))
    marks = [mark for text in (title, stem) if (mark := _mark(text))]
    said = metadata.get("edition") or metadata.get("version") or ""
    name = marks[0] if marks else said if re.fullmatch(r"[\w.]{1,12}", said) else ""
    governs = bool(_GOVERNS.search(title) or _GOVERNS.search(stem)) and not reports
    return Edition(_family(title), name, bool(marks) and governs, governs, reports)


def _mark(text: str) -> str:
    if match := _YEAR.search(text):
        return match["year"]
    if match := _MARKS.search(text):
        return match["version"] or match["ordinal"]
    return ""


def _family(title: str) -> str:
    """Return a title without brackets, years, versions and words of editions; numbers of products stay."""
    bare = re.sub(r"[(\[][^)\]]*[)\]]", " ", title)
    bare = _NOISE.sub(" ", _MARKS.sub(" ", _YEAR.sub(" ", bare)))
    return " ".join(re.findall(r"\w+(?:\.\w+)*", bare.casefold()))
