"""Tell whether two sentences speak of the same thing, as far as a question asks for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from rag import lexis
from rag.ask.question.form import negated
from rag.ask.texts.values import Value, values
from rag.clauses.reading import subject_of
from rag.dates import dates
from rag.sentences import Span
from rag.types import Hit, Query

# Share of the question's words that both sentences must hold, with their titles and headings; and of those of the
# shorter sentence that the other must hold.
_ASKED_SHARE, _SAID_SHARE = 0.5, 0.3
_MIN_SHARED, _MIN_SHARED_POLARITY = 2, 3
_NO_MONEY = r"\s+(?:more\s+)?(?:notice|time|warning|earlier|later|longer)\b"
_TIME = re.compile(
    rf"\b(?:how (?:long|soon|quickly|often|late|early)|how much{_NO_MONEY}|days?|weeks?|months?|years?|hours?"
    r"|minutes?|seconds?|window|deadline|duration|period|term)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    rf"\b(?:how much(?!{_NO_MONEY})|price|costs?|fees?|charge|pay|rate|deposit|refund of)\b|[€$£]", re.IGNORECASE
)
_DATE = re.compile(r"\b(?:when|what date|which day|until|deadline|what year|which year)\b", re.IGNORECASE)
_AMOUNT = re.compile(
    r"\b(?:how (?:many|big|large|small|far|fast|heavy|high|deep|wide|old|hot|cold|loud|strong)|number of|limit|maximum"
    r"|minimum|percent|percentage|size|capacity|range|weight|speed)\b|%",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    r"(?:^|[,:;.]\s+)(?:and |but |so |hi |hello )?(?:can|could|do|does|did|is|are|was|were|will|would|may|must|should"
    r"|has|have|am)\b|\b(?:allowed|possible|always|never|ever|or not|whether)\b",
    re.IGNORECASE,
)
_ASKS_OTHERWISE = re.compile(r"^\W*(?:how|what|who|whom|whose|when|where|why|which)\b", re.IGNORECASE)
# A sentence with a condition denies or grants something of a case only; what is denied in every case is not.
_CONDITION = re.compile(
    r"\b(?:if|when|whenever|unless|until|while|where|whether|though|although|may|might|some|sometimes|either|except"
    r"|otherwise|only|in case|as long as|provided)\b",
    re.IGNORECASE,
)
_IN_EVERY_CASE = re.compile(
    r"\b(?:never|in no case|under no circumstances|cannot|can['’]?t|must not|may not)\b", re.IGNORECASE
)
_MOST_WORDS = 30
# Words that make it another thing: where one of a row stands in one sentence only, the sentences differ in scope.
SCOPES: tuple[frozenset[str], ...] = tuple(
    frozenset(row.split())
    for row in (
        "new used refurbished unopened opened damaged secondhand",
        "business private personal residential commercial corporate consumer enterprise",
        "domestic international abroad national worldwide overseas eu foreign",
        "monthly annual yearly quarterly weekly daily hourly",
        "adult child children student students senior seniors infant",
        "full-time part-time temporary permanent contractor contractors intern interns trainee",
        "standard premium basic pro plus express gold silver platinum advanced",
        "minimum maximum average typical",
        "first second third last next initial subsequent further",
        "indoor outdoor indoors outdoors",
        "wired wireless cable",
        "weekday weekdays weekend weekends weeknight holidays",
        "morning afternoon evening night",
        "winter summer spring autumn",
        "upload download upstream downstream",
        "single double twin family",
        "internal external",
        "before after",
        "employee employees manager managers supplier suppliers visitor visitors",
    )
)
_EXCEPTS = re.compile(
    r"\b(?:unless|except(?:ion|ional|ing)?|excluding|other than|instead of|only if|otherwise)\b", re.IGNORECASE
)
# "The fee for this offense": what it is about stands somewhere else.
_POINTS = re.compile(r"\b(?:for|of|in|to|with|under|on|at)\s+(?:this|these|that|those|such)\s+[a-z]", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_NAMED = re.compile(r"\b[A-Z][\w’'&-]*(?:[ ][A-Z][\w’'&-]*)*(?:[ ]\d[\w.]*)?|\b[a-z]+[ ]\d+(?:\.\d+)+\b")
# Words of titles that tell nothing of what a text is about.
PLAIN = lexis.stems(
    "policy guide manual runbook handbook procedure terms conditions notice edition version faq questions answers rules"
    " information overview sheet page document list part section chapter general introduction summary appendix annex"
    " january february march april may june july august september october november december"
    " monday tuesday wednesday thursday friday saturday sunday"
)

# Words of measuring and asking: that two sentences share them says nothing.
SMALL = lexis.stems(
    "day days weeks months years hours minutes seconds working business calendar many much long often always maybe ever"
    " please within one number per up least most"
) | frozenset(map(str, range(1000)))


@dataclass(frozen=True)
class Said:
    """A sentence of the evidence."""

    hit: Hit
    span: Span

    @cached_property
    def text(self) -> str:
        """The sentence."""
        return self.hit.passage.chunk.text[self.span.start : self.span.end]

    @property
    def document_id(self) -> str:
        """The document that it stands in."""
        return self.hit.passage.chunk.document_id

    @cached_property
    def about(self) -> str:
        """Title and headings above it."""
        return " › ".join((self.hit.passage.title, *self.hit.passage.chunk.headings))

    @cached_property
    def stems(self) -> frozenset[str]:
        """Stems of its words."""
        return lexis.stems(self.text)

    @cached_property
    def reach(self) -> frozenset[str]:
        """Stems of its words, and of title and headings."""
        return self.stems | lexis.stems(self.about)

    @cached_property
    def subject(self) -> frozenset[str]:
        """Stems of what its first clause is about."""
        return subject_of(self.text)

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """The quantities in it."""
        return values(self.text)

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """The dates in it that have a year."""
        return tuple(day for day in dates(self.text) if not day.startswith("--"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for.

    Args:
        kinds: Kinds of value; empty where any will do.
        stems: Stems of what it is about, without those of units and of asking.
        strict: Whether it does not say what kind of value it wants, so that all of its words must be met.
    """

    kinds: frozenset[str]
    stems: frozenset[str]
    strict: bool


def asks_for(query: Query) -> Asked:
    """Return what a question asks for, as far as its words say so."""
    text = query.text
    kinds: set[str] = set()
    if _TIME.search(text):
        kinds |= {"time", "working days"}
    if _MONEY.search(text):
        kinds |= {"euro", "dollar", "pound", "share"}
    if _DATE.search(text):
        kinds |= {"date"}
    polar = bool(_YES_NO.search(text)) and not _ASKS_OTHERWISE.search(text)
    amount = bool(_AMOUNT.search(text))
    strict = not (kinds or polar or amount)
    if polar:
        kinds |= {"polarity"}
    about = lexis.stems(text) - SMALL
    return Asked(frozenset() if (amount and not _TIME.search(text)) or strict else frozenset(kinds), about, strict)


def same_thing(query: Query, asked: Asked, mine: Said, other: Said) -> bool:
    """Tell whether two sentences give two answers to one question, rather than answers to two."""
    shared = (mine.stems & other.stems) - SMALL
    if not shared & asked.stems:
        return False
    shorter = min(len(mine.stems - SMALL), len(other.stems - SMALL))
    if len(shared) < max(_MIN_SHARED, _SAID_SHARE * shorter):
        return False
    met = asked.stems & mine.reach & other.reach
    needed = 1.0 if asked.strict else _ASKED_SHARE
    enough = len(met) >= max(needed * len(asked.stems), min(_MIN_SHARED, len(asked.stems)))
    if not enough and len(met) < _MIN_SHARED_POLARITY:
        return False
    if _other_part(asked, mine, other) or _other_part(asked, other, mine):
        return False
    return one_subject(query, mine, other) and ("date" in asked.kinds or not _other_time(mine, other))


def _other_part(asked: Asked, mine: Said, other: Said) -> bool:
    """Tell whether one sentence is about a part of what both name that is not asked for, or lacks the one that is.

    "A refund for the toaster takes 9 days" is no second answer to how long the toaster is guaranteed, nor the other
    way round.
    """
    missing = asked.stems & other.reach - mine.reach
    if not missing or not mine.subject & asked.stems:
        return False
    return bool(mine.subject - asked.stems - other.reach - SMALL or other.subject & missing)


def one_subject(query: Query, mine: Said, other: Said) -> bool:
    """Tell whether two sentences hold what a question names, and neither is about something else than the other."""
    return (
        _names_met(query, mine, other)
        and not _other_subjects(query, mine, other)
        and not _other_scope(query.text, mine, other)
    )


def polarity_of(asked: Asked, mine: Said, other: Said) -> tuple[str, str] | None:
    """Return what one sentence denies and the other does not, in words; ``None`` where they agree.

    What is denied must be asked for. A denial that hangs on a condition denies nothing here, and a sentence that grants
    something on a condition stands only against one that denies it in every case.
    """
    if max(len(mine.text.split()), len(other.text.split())) > _MOST_WORDS:
        return None
    shorter = min(len(mine.stems - SMALL), len(other.stems - SMALL))
    if len((mine.stems & other.stems) - SMALL) < max(_MIN_SHARED_POLARITY, shorter / 2):
        return None
    for denying, granting, turned in ((mine, other, False), (other, mine, True)):
        granted = granting.stems - {lexis.stem(term) for term in negated(granting.text)}
        denied = [term for term in negated(denying.text) if lexis.stem(term) in granted & asked.stems]
        firm = _IN_EVERY_CASE.search(denying.text) or not _CONDITION.search(granting.text)
        if denied and firm and not _CONDITION.search(denying.text):
            words = (f"not “{denied[0]}”", f"“{denied[0]}”")
            return (words[1], words[0]) if turned else words
    return None


def _names_met(query: Query, mine: Said, other: Said) -> bool:
    """Tell whether both sentences, with what stands around them, hold every name, code and year of the question."""
    numbered = re.findall(r"\b[a-z]{3,}\s\d+\b(?!\s+[a-z])", query.text)
    names = [*lexis.names(query.text), *query.codes, *numbered, *_YEAR.findall(query.text)]
    around = [lexis.stems(f"{said.about} {said.hit.passage.chunk.text}") for said in (mine, other)]
    return all(lexis.stems(name) <= stems for name in names for stems in around)


def _other_subjects(query: Query, mine: Said, other: Said) -> bool:
    """Tell whether each of two sentences is about something with a name that the other does not have."""
    ours, theirs = _subjects(mine, other, query), _subjects(other, mine, query)
    numbered = _numbered(mine), _numbered(other)
    return bool(ours and theirs) or (numbered[0] != numbered[1] and bool(numbered[0]) and bool(numbered[1]))


def _subjects(said: Said, other: Said, query: Query) -> set[str]:
    """Return the stems of names that one sentence has, in itself or above it, and the other does not."""
    words = f"{said.hit.passage.chunk.text} {other.hit.passage.chunk.text} {said.about} {other.about}"
    common = set(re.findall(r"(?<![\w.])[a-z][\w-]+", words))
    # A number of a heading or a document ("RB-04: …", "2. …"), and an abbreviation beside its words, name nothing new.
    above = " › ".join(re.sub(r"^[A-Z]{0,4}[-\s]?\d+[.:)]\s*", "", part) for part in said.about.split(" › "))
    text = re.sub(r"\([A-Z]{2,6}\)", " ", f"{above}. {said.text}")
    found = {
        name
        for name in _words_of_names(text)
        if len(name) > 1 and name.casefold() not in common and name.casefold() not in lexis.STOP_WORDS
    }
    stems = {stem for name in found for stem in lexis.stems(name)} - PLAIN - SMALL - lexis.stems(query.text)
    return stems - other.reach - lexis.stems(other.hit.passage.chunk.context)


def _words_of_names(text: str) -> Iterable[str]:
    for match in _NAMED.finditer(text):
        opens = match.start() == 0 or bool(re.search(r"[.:›|]\s*$", text[: match.start()]))
        words = match[0].split()
        # A capital letter at the beginning says nothing, where no more of a name follows.
        yield from (words if len(words) > 1 or not opens or words[0].isupper() else ())


def _numbered(said: Said) -> set[str]:
    """Return the names with a number in a sentence and in its title ("Kestrel 4", "HexOS 5.2")."""
    found = re.findall(r"\b[A-Z][\w-]*[ ]\d[\w.]*\b", f"{said.hit.passage.title}. {said.text}")
    return {" ".join(name.split()).casefold() for name in found if not _YEAR.search(name)}


def _other_scope(question: str, mine: Said, other: Said) -> bool:
    """Tell whether words limit one sentence to something that the other is not limited to."""
    if _EXCEPTS.search(mine.text) and _EXCEPTS.search(other.text):
        return True
    if _POINTS.search(mine.text) or _POINTS.search(other.text):
        return True
    texts = [_bare(text) for text in (mine.text, other.text)]
    above = [_bare(said.about) for said in (mine, other)]
    asked = _bare(question)
    for scope in SCOPES:
        ours, theirs = texts[0] & scope, texts[1] & scope
        if ours != theirs and not (ours ^ theirs) <= asked:
            # A word of the title limits a sentence as well as one of its own.
            if (ours - theirs) <= above[1] and (theirs - ours) <= above[0]:
                continue
            return True
    return False


def _other_time(mine: Said, other: Said) -> bool:
    """Tell whether two sentences name different years."""
    return set(_YEAR.findall(mine.text)) != set(_YEAR.findall(other.text))


def _bare(text: str) -> frozenset[str]:
    """Return the words of a text; one with hyphens as a whole and in its parts."""
    plain = re.sub(r"\b(full|part) time\b", r"\1-time", text.casefold().replace("second-hand", "secondhand"))
    whole = re.findall(r"[a-z]+(?:-[a-z]+)*", plain)
    return frozenset(part for word in whole for part in (word, *word.split("-")))
