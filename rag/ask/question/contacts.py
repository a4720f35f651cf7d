"""Questions for a telephone number, an e-mail or a web address, and the sentences that give one."""

from __future__ import annotations

import re
from dataclasses import dataclass

_I = re.IGNORECASE
_PHONE = (
    r"(?:tele)?phone numbers?|telephone|direct (?:line|number)|hotline|helpline|fax(?: number)?"
    r"|(?:customer (?:service|care|support)|support|contact) number"
)
_MOBILE = r"(?:mobile|cell)(?:[ -]?phone)?(?: numbers?|(?= of\b))"
_MAIL = r"e-?mail(?: address(?:es)?)?"
_WEB = r"(?:web|internet) ?(?:site )?address|url|web ?site(?: address)?"
# What may stand before the thing that is asked for, and behind it: "what is Mara's direct …", "… for returns?".
_OWNER = (
    r"(?!(?:may|can|could|should|shall|must|will|would|do|does|did|is|are|if|how|why|when|where|who)\b)"
    r"[\w .&-]{1,40}['’]s?\s+"
)
_BEFORE = (
    r"\W*+(?:(?:and|please|so|ok)\W++)*(?:(?:what|which)(?:['’]?s| is| are| was)?|do (?:we|you) have|i need|is there"
    r"|(?:give|tell|send) me|can i have)?\s*"
    rf"(?:(?:the|an?|our|his|her|their|its|your)\s+|{_OWNER})?(?:(?!do|does|is|are)[\w-]+\s+){{0,2}}?"
)
_BEHIND = r"\s*(?:(?:of|for|to|at|in|from)\b[^?]*)?\W*"
# As in a search: "mobile number koen maes".
_NO_NAME = r"is|are|was|not|no|change\w*|format|limit|wrong|missing"
_BEHIND_NUMBER = rf"(?<=number|ddress)s?\s+(?:(?!(?:{_NO_NAME})\b)[^\W\d][\w.’'-]*\W*){{1,3}}"
_CALLS = re.compile(
    r"\b(?:what|which) (?:(?:tele)?phone )?number (?:do|does|should|can|must|to)\b.*\b(?:call|ring|dial|phone)\b", _I
)
_WRITES = re.compile(r"\b(?:what|which) e-?mail(?: address)? (?:do|does|should|can|must)\b.*\b(?:to|use)\b", _I)
# "How do I reach support by phone?", "how can she contact them via e-mail".
_REACHES = re.compile(
    r"\bhow (?:do|does|can|could|should|would|may|to)\b.{0,40}?\b(?:reach|contact|call|speak|talk|write"
    r"|get (?:hold of|in touch with|through to|an answer from))\b.*"
    r"\b(?:by|via|over the|on the|per) (?:(?P<phone>(?:tele)?phone)|(?P<mail>e-?mail))\b",
    _I,
)
# "By e-mail or phone": either will do, or both.
_EITHER = re.compile(
    r"\b(?:(?:tele)?phone|e-?mail)\s*(?:,|/|\bor\b|\band\b)\s*(?:by\s+|via\s+)?\w|\w\s*(?:,|/|\bor\b|\band\b)\s*(?:by\s+"
    r"|via\s+)?(?:(?:tele)?phone|e-?mail)\b",
    _I,
)
# A number that is long enough to be dialled and no date; or any beside a word for it.
# With dots between its groups it begins as numbers do that are dialled: "020.555.01.42" is no amount.
_DIALLED = re.compile(
    r"(?<![\w.€$£-])(?:(?:\+|\()?\d(?:[ ()/–-]{0,2}\d){6,}|(?:\+\d|\(?0)\d*\)?(?:\.\d{2,}){2,})(?![\w-]|\.\d)"
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d\d?/\d\d?/\d{2,4}|(?<![\d.])\d\d?\.\d\d?\.(?:\d\d){1,2}(?!\.?\d)")
_SHORT = re.compile(r"(?<![\w.,€$£:-])\d{3,}(?![\w.,:-]\d)")
_EXTENSION, _SHORTEST = re.compile(r"\bext(?:ension)?s?\b", _I), re.compile(r"(?<![\w.,€$£:-])\d{2,}(?![\w.,:-]\d)")
_SAYS_PHONE = re.compile(r"\b(?:(?:tele)?phone|tel|mobile|direct line|hotline|extension|ext|fax|call|dial|ring)\b", _I)
_AT = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SITE = re.compile(r"https?://|\bwww\.|(?<![@\w.-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?![\w@])", _I)


_WORDS = {"phone": _PHONE, "mobile": _MOBILE, "mail": _MAIL, "web": _WEB}
_ASKS = {kind: re.compile(rf"{_BEFORE}(?:{words})(?:{_BEHIND}|{_BEHIND_NUMBER})", _I) for kind, words in _WORDS.items()}
_SAYS_WHERE = {kind: re.compile(rf"\b(?:{words})\s+(?:is|are|stands?|can be)\b", _I) for kind, words in _WORDS.items()}


@dataclass(frozen=True, slots=True)
class Contact:
    """A way to reach somebody that a question asks for: ``phone``, ``mobile``, ``mail`` or ``web``."""

    kind: str

    def told_in(self, sentence: str, header: str = "") -> bool:
        """Tell whether a sentence gives one, or says where it is found.

        Args:
            sentence: The sentence, or a row of a table.
            header: Of its table.
        """
        if _SAYS_WHERE[self.kind].search(sentence):
            return True
        if self.kind in {"mail", "web"}:
            return bool((_AT if self.kind == "mail" else _SITE).search(sentence))
        undated = _DATE.sub(" ", sentence)
        if self.kind == "mobile":
            # An extension is none.
            return bool(_DIALLED.search(undated))
        around = f"{sentence} {header}"
        if _EXTENSION.search(around) and _SHORTEST.search(undated):
            return True
        return bool(_DIALLED.search(undated) or (_SAYS_PHONE.search(around) and _SHORT.search(undated)))


def contact_of(question: str) -> Contact | None:
    """Return the way to reach somebody that a question asks for; ``None`` where it asks something else of it."""
    if _CALLS.search(question):
        return Contact("phone")
    if _WRITES.search(question):
        return Contact("mail")
    if (reaches := _REACHES.search(question)) and reaches.lastgroup and not _EITHER.search(question):
        return Contact(reaches.lastgroup)
    return next((Contact(kind) for kind, asks in _ASKS.items() if asks.fullmatch(question)), None)
