"""Find where two sentences name other persons for one role: who deputises for somebody, who leads or owns something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag import lexis
from rag.ask.conflicts.alignment import Said
from rag.ask.conflicts.bare import Bare, weighed
from rag.ask.conflicts.sayings import sayings
from rag.ask.conflicts.told import Told
from rag.ask.conflicts.wording import alike
from rag.ask.texts.clock import clocks
from rag.ask.texts.days import months, weekdays
from rag.dates import dates
from rag.types import Query

# Roles that one person holds; those of a row are one. Of assistants and contacts there are often several.
_ROLES = (
    "deputy substitute stand-in",
    "owner",
    "lead leader",
    "head",
    "manager",
    "director",
    "chair chairman chairwoman chairperson",
    "coordinator",
    "officer",
    "representative",
    "secretary",
    "supervisor",
    "treasurer",
    "foreman",
    "warden",
    "editor",
    "principal",
    "successor",
)
_ANY_ROLE = "|".join(" ".join(_ROLES).split())
_ROLE = re.compile(rf"\b(?P<role>{_ANY_ROLE})\b", re.IGNORECASE)
# What is told of several, or of a time, is no holder that another document could contradict.
_SEVERAL = re.compile(
    rf"\b(?:deputies|secretaries|(?:{_ANY_ROLE})s)\b(?!['’])|\bco-"
    r"|\b(?:one of|an?|joint(?:ly)?|both|also|another|second|first|third|acting|interim|temporar\w+|former(?:ly)?"
    r"|previous|outgoing|incoming|new|old|future|since|until|till|from|during|while|when|if|unless|was|were|had|will|weeks?"
    r"|currently|leave|absence|illness|holidays?|shift|not|no longer|except|only|today|tomorrow)\b",
    re.IGNORECASE,
)
_ASKS_WHO = re.compile(
    r"\b(?:who|whom|whose|who['’]s|whos|(?:which|what) (?:person|colleague)|name of)\b", re.IGNORECASE
)
_BY_VERB = {"owns": "owner", "leads": "lead", "manages": "manager", "chairs": "chair", "heads": "head"}
_VERB = re.compile(rf"\b(?:{'|'.join(_BY_VERB)})\b", re.IGNORECASE)
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'-]*[a-zà-ÿ]"
_TITLE = r"(?:Dr|Mr|Ms|Mrs|Prof|Miss)\.?"
_PERSON = rf"(?:{_TITLE} )*{_CAPITAL}(?: (?:[A-Z]\.|van|de|von|der|da|di|la|le|{_CAPITAL}))*"
# Behind the name nothing may follow but where somebody is reached.
_END = r"\s*(?:,?\s*\(?(?:ext(?:ension)?|tel|phone|room|mobile)\b[^|]*|\([^)]*\)\s*)?[.;]?\s*$"
_IS_HELD = re.compile(rf"^(?P<what>[^.;|]*?)(?:\s+is(?: now| currently)?\s+|:\s+)(?P<name>{_PERSON}){_END}")
_HOLDS = re.compile(rf"^(?P<name>{_PERSON}) is (?P<what>(?:the |our |{_CAPITAL})[^.;|,]*)[.;]?$")
# "Of Vault", "Anna Berg's", or the name of a row before that of its column.
_OF = re.compile(r"\b(?:of|for) |\w['’]s? |, ")
# Words of teams, offices and bodies, which may hold a role beside a person.
_NO_PERSON = lexis.stems(
    "team group department desk office service services board committee ltd gmbh inc company agency street building"
    " room hotline support management manager director head lead leader officer centre center school university bank"
    " unit resources finance operations sales marketing engineering logistics claims legal security facilities quality"
    " planning accounting procurement payroll warehouse customer care relations affairs human vacant nobody everyone"
    " division section council control dispatch reception works workshop owner deputy chair"
)
# Of a line that is taken though it has few words.
_MOST_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class _Held:
    """That somebody holds a role.

    Args:
        bare: The sentence without the name.
        roles: The roles in it, each by the first word of its row.
        name: Who holds it, as written.
        rest: Stems of what else is said of the role.
        of: Whether it is said of whom or of what.
    """

    bare: Bare
    roles: frozenset[str]
    name: str
    rest: frozenset[str]
    of: bool


class Holders:
    """Tells whether sentences of two documents name other persons for one role of one thing.

    Both must say it in the same words but for the name (`rag.ask.conflicts.wording`), as it is and not for a time, and
    neither document may name a second person for it. "Owner: …" and "The site manager is …" do not say of what: it is
    that of the document, unless both stand below one heading that the question names.

    Args:
        query: The question.
        sentences: All sentences of the evidence.
    """

    def __init__(self, query: Query, sentences: Sequence[Said]) -> None:
        told = _VERB.sub(lambda verb: _BY_VERB[verb[0].casefold()], query.text)
        self._asked = _roles(told) if _ASKS_WHO.search(told) else frozenset()
        self._query = replace(query, text=told)
        self._held = Told(sentences, _held)

    def differ(self, mine: Said, other: Said) -> tuple[str, str] | None:
        """Return the two names; ``None`` where two sentences do not name two persons for one role."""
        for ours in self._held.by(mine) if self._asked else ():
            for theirs in self._held.by(other):
                two = not _may_be_one(ours.name, theirs.name)
                if two and self._one_role(ours, theirs) and not self._shared(ours, theirs):
                    return ours.name, theirs.name
        return None

    def _one_role(self, mine: _Held, other: _Held) -> bool:
        if mine.roles != other.roles or not mine.roles & self._asked:
            return False
        if (mine.rest ^ other.rest) - lexis.stems(f"{mine.bare.kind} {other.bare.kind}"):
            return False
        if not (mine.of and other.of):
            headings = [held.bare.headings[-1:] for held in (mine, other)]
            asked = lexis.stems(self._query.text)
            if headings[0] != headings[1] or not headings[0] or not lexis.stems(headings[0][0]) & asked:
                return False
        return alike(self._query, mine.bare, other.bare)

    def _shared(self, mine: _Held, other: _Held) -> bool:
        """Tell whether a document names several persons for the role."""
        for own in (mine, other):
            told = self._held.by_document(own.bare.document_id)
            if any(held.roles == own.roles and held.rest == own.rest and held.name != own.name for held in told):
                return True
        return False


def names_holder(text: str) -> bool:
    """Tell whether a short line names who holds a role: "Owner of Vault: Mia Ross"."""
    found = _IS_HELD.search(text) if len(text) <= _MOST_CHARACTERS else None
    return bool(found and _ROLE.search(found["what"]))


def _held(said: Said) -> Iterator[_Held]:
    for saying in sayings(said):
        text = saying.text
        found = _IS_HELD.search(text) or _HOLDS.search(text)
        if found is None or not (roles := _roles(found["what"])) or _SEVERAL.search(text):
            continue
        if dates(text) or clocks(text) or weekdays(text) or months(text) or not _is_person(found["name"]):
            continue
        bare = f"{text[: found.start('name')]} {text[found.end('name') :]}"
        rest = weighed(_ROLE.sub(" ", found["what"]))
        yield _Held(
            Bare(said.hit, said.span, bare, saying.kind), roles, found["name"], rest, bool(_OF.search(found["what"]))
        )


def _roles(text: str) -> frozenset[str]:
    found = {match["role"].casefold() for match in _ROLE.finditer(text)}
    return frozenset(row.split()[0] for row in _ROLES if found & set(row.split()))


def _is_person(name: str) -> bool:
    """Tell whether capitals name a person: two words or a title, and none that a team or an office has."""
    return len(name.split()) > 1 and not lexis.stems(name) & _NO_PERSON


def _may_be_one(one: str, other: str) -> bool:
    """Tell whether two names may be those of one person, as one of the words is the same."""
    parts = [
        {part.casefold() for part in re.findall(r"[^\W\d_]{2,}", re.sub(_TITLE, " ", name))} for name in (one, other)
    ]
    return bool(parts[0] & parts[1])
