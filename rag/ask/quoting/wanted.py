"""What a question wants of a sentence beyond its words: a measure, a number to call, a deputy, one day's events."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

from rag import lexis
from rag.ask.question.contacts import contact_of
from rag.ask.question.kinds import kind_of
from rag.ask.texts.clock import clocks
from rag.ask.texts.days import REACHES, one_day, same_day, whole_days
from rag.ask.texts.rows import CELLS, cell_texts, holds_codes, name_in
from rag.ask.texts.values import values
from rag.clauses.reading import subject_of
from rag.dates import dates, of_another_year, years_of
from rag.measures import MEASURED, Measure
from rag.sentences import Span, sentence_spans
from rag.types import Hit
from rag.verbs import bases

_NOUN = "weight|height|width|depth|thickness|size|dimensions|noise|loudness"
_HOW = re.compile(
    r"\bhow (?P<measure>[a-z]+) (?:is|are|was|were) (?P<about>[^?,;]+)"
    r"|\bhow much (?:does|do|did) (?P<thing>[^?,;]+?) (?P<verb>weigh|cost)\b"
    rf"|^\W*+(?:what(?: is|['’]s| are) )?(?:the )?(?P<noun>{_NOUN}) of (?P<whole>[^?,;]+)"
    rf"|^\W*+(?:what(?: is|['’]s| are) )?(?:the )?(?P<owner>[^?,;]+?)(?:['’]s)? (?P<its>{_NOUN})\W*$",
    re.IGNORECASE,
)
# What a price is asked of: in a table it is told by the row of the thing, not by that of another that names it. "Is
# breakfast included in the price?" asks for none.
_PRICED = re.compile(
    r"\bhow much (?:is|are|was|were|does|do|did|for) (?:an? |the )?(?P<much>[^?,;]+?)(?: costs?)?\W*$"
    r"|\bwhat (?:does|do|did) (?:an? |the )?(?P<does>[^?,;]+?) cost\b"
    r"|\bprices? (?:of|for) (?:an? |the )?(?P<of>[^?,;]+)"
    r"|^\W*(?P<before>(?:(?!\b(?:in|into|on|to|from|of|at|with|within)\b)[^?,;]){2,40}?)(?:['’]s)? price\W*$"
    r"|^\W*price (?P<behind>[^?,;]{2,40}?)\W*$",
    re.IGNORECASE,
)
_COSTS = MEASURED["price"]
_AMOUNT = re.compile(
    r"\d|\b(?:free|half|double|twice|included|inclusive|nothing|charges?|charged|costs?|prices?|priced|quoted?|request"
    r"|fees?|pays?|paid)\b",
    re.IGNORECASE,
)
_ASKS_ELSE = re.compile(r"\b(?:why|where|when|who|until|till)\b", re.IGNORECASE)
# Columns of kinds of things stand in front of the name of what a row is about.
_KINDS = re.compile(
    r"(?:(?:article|course|item|part|product|stock|tariff)[ -]?)?(?:categor(?:y|ies)|group|section)", re.IGNORECASE
)
# Who stands beside or behind somebody is somebody else, so that a sentence must say so; each row has one meaning.
_ROLES = ("deputy substitute stand-in", "assistant", "successor", "predecessor", "secretary")
_ROLE = "|".join(" ".join(_ROLES).split())
_WHO = re.compile(
    rf"\bwho\b.*?\b(?P<role>{_ROLE})\b(?:[ -][a-z]+)? (?:of|for|to|in|at) (?P<about>[^?,;]+)"
    rf"|\bwho(?:se)?\b(?:['’]s| is| are| was)? (?P<owner>[^?,;]+?)(?:['’]s?)? (?P<theirs>{_ROLE})\b"
    rf"|^\W*(?:the )?(?P<alone>{_ROLE}) (?:of|for) (?P<whom>[^?,;]+)$"
    rf"|^\W*(?P<whose>[^?,;]+?)['’]s (?P<own>{_ROLE})\W*$",
    re.IGNORECASE,
)
# "What time does it close?" wants an hour, or words for one.
_ASKS_HOUR = re.compile(r"\b(?:what|which) (?:time|hour)\b(?! (?:zone|frame|period|limit|slot)s?\b)", re.IGNORECASE)
_HOUR = re.compile(
    r"\b(?:mornings?|evenings?|nights?|noon|midnight|afternoons?|hours?|o['’]clock|[ap]\.?m|any ?time|24/7|days?)\b"
    r"|\d{1,2}[:.]\d\d|\b\d{1,2}\s?h\b",
    re.IGNORECASE,
)
# A number under which a thing is ordered; "where is the order number?" asks for no such number.
_PART = re.compile(
    r"^(?!.*\b(?:where|how|why|when|who|is|are|does|do|can|must|should)\b)"
    r".*\b(?:(?:(?:spare )?part|order|article|item|stock|catalogue)[ -]?(?:no\b|nr\b|numbers?\b|codes?\b|#)|sku\b)",
    re.IGNORECASE | re.DOTALL,
)
_NUMBERED = re.compile(
    r"(?<![\w.,€$£-])(?!(?:19|20)\d\d(?:-\d\d-\d\d)?\b)(?=[\w/-]*\d)[A-Z\d][A-Za-z\d/-]{3,}(?![\w%°]|\.\d)"
)
_ASKING = re.compile(r"\b(?:how|what|who|whom|whose|when|where|why|which)\b", re.IGNORECASE)
# "The team that owns Vault": what it is about has another name in the documents.
_DESCRIBES = re.compile(r"\b(?:that|which|whose|who|whoever|behind|owning|\w{3,}ing)\b", re.IGNORECASE)
_PATH = " › "
_WHEN = r"(?=(?:the\s+)?(?:[A-Z][a-z]+day,?\s+(?:the\s+)?)?(?:\d|[A-Z][a-z]+\s\d))"
# "The outage of 4 March 2026": a thing that its date tells from others.
_DATED = re.compile(rf"\b(?P<thing>[^\W\d_]{{3,}})\s+(?:of|on|from)\s+{_WHEN}")
_ON = re.compile(rf"\b[Oo]n\s+{_WHEN}")
_OPENING = re.compile(rf"^\W*On\s+{_WHEN}")
# A date as it may be written in full, "Wednesday, the 24th of September 2026", and where it ends at the latest.
_DATE_CHARACTERS, _DATE_ENDS = 40, re.compile(r"[.;?!](?=\s|$)|\b(?:and|or|but|to|until)\b")
_STATES = frozenset("is are was were be been".split())
_POINTS_BACK = re.compile(r"^(?:he|she|it|they|his|her|its|their)\b", re.IGNORECASE)
# Words for anything: "the device" may be what the sentence before it names.
_GENERIC = lexis.stems(
    "device product machine unit item model system service team desk department group office company person head lead "
    "leader manager thing version box package"
)
# "What is the maximum weight?" asks of no thing called maximum.
_QUALIFIES = lexis.stems(
    "maximum minimum max min total overall net gross average standard usual normal current legal allowed permitted"
    " highest lowest largest smallest exact"
)
# "Adults pay 5 euros", "you pay 5 euros", "we charge 5 euros": who pays or is served is not what it costs.
_SERVED = lexis.stems(
    "adults children kids students pupils seniors pensioners members guests customers clients visitors participants"
    " people persons families groups residents tenants employees staff everyone everybody pay pays charge charged cost"
)
_SPEAKS = re.compile(r"^\W*(?:we|you|i|one|there|everyone|everybody|anyone|nobody)\b", re.IGNORECASE)
_DURATION = re.compile(r"\b(?:seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?)\b", re.IGNORECASE)
# The size of a file, a group or a tank is told in other units than that of a machine.
_SIZES = ("bytes", "bits", "volume", "n ")


class Wanted:
    """Tells which sentences give what a question wants.

    A measure (``How heavy is the plotter?``) is given by a sentence with a number of its unit or a word for it, that is
    about nothing else. A way to reach somebody (``What is her telephone number?``) is given by one that holds it. A
    deputy or the like is given by a sentence that says so, of whom it is asked for. A price is given by nothing without
    an amount or a word for one, nor by the row of another thing, and a part's number by nothing without such a number.
    What happened on a day, or is told from others by a day, is given by no sentence about another day, and what is
    asked of the year 2024-25 by none about another such year.

    Args:
        question: The question.
    """

    def __init__(self, question: str) -> None:
        self._measure: Measure | None = None
        self._role: frozenset[str] = frozenset()
        self._contact = contact_of(question)
        self._people = tuple(lexis.stems(name) for name in lexis.names(question)) if self._contact else ()
        about = ""
        # What a question asks for beside it is given by other sentences.
        alone = len(_ASKING.findall(question)) < 2
        self._hour = alone and bool(_ASKS_HOUR.search(question))
        if alone and (how := _HOW.search(question)):
            self._measure = MEASURED.get((how["measure"] or how["verb"] or how["noun"] or how["its"]).casefold())
            about = how["about"] or how["thing"] or how["whole"] or how["owner"]
        elif alone and (who := _WHO.search(question)):
            asked = (who["role"] or who["theirs"] or who["alone"] or who["own"]).casefold()
            self._role = lexis.stems(next(row for row in _ROLES if asked in row.split()))
            about = who["about"] or who["owner"] or who["whom"] or who["whose"]
        self._deputy = re.compile(rf"\b(?:{_ROLE})\W+(?:is\W+)?{re.escape(about)}\b", re.IGNORECASE)
        if _DESCRIBES.search(about) or lexis.codes(about):
            about = ""
        named = lexis.stems(about) - _QUALIFIES
        self._about = named - _GENERIC or named
        priced = _PRICED.search(question)
        self._priced = lexis.stems(next(filter(None, priced.groups()))) if priced else frozenset()
        self._amount = alone and bool(priced) and not _ASKS_ELSE.search(question)
        self._numbers = frozenset(_NUMBERED.findall(question.upper())) if _PART.search(question) else None
        self._dated = _dated(question)
        self._yearly = question if years_of(question) else ""
        words = lexis.words(question)
        # "What was the price on 4 March?" is answered by the day since when it holds.
        tells = "did" in words or (not _STATES & set(words) and any(bases(w) and not w.endswith("s") for w in words))
        self._days = _days(_ON, question) if tells else frozenset()
        of_day = kind_of(question) in {"person", "day"} and not REACHES.search(question)
        self._on = frozenset(whole_days(question)) if of_day else frozenset()

    def __bool__(self) -> bool:
        """Tell whether the question wants anything of the kind."""
        return bool(
            self._measure
            or self._contact
            or self._role
            or self._priced
            or self._hour
            or self._numbers is not None
            or self._dated
            or self._days
            or self._on
            or self._yearly
        )

    @property
    def somebody_beside(self) -> bool:
        """Whether a deputy or the like is asked for: two sentences often say it, of whom, and who."""
        return bool(self._role)

    def kept(self, hit: Hit, spans: Sequence[Span]) -> list[Span]:
        """Return those of some sentences of a passage that may be quoted for the question, in their order."""
        text = hit.passage.chunk.text
        path = _PATH.join((hit.passage.title, *hit.passage.chunk.headings))
        said = [text[span.start : span.end] for span in sentence_spans(text)]
        header = "\n".join((hit.passage.chunk.context, next((row for row in said if CELLS in row), "")))
        fit = [self._fits(n, said, path, header if CELLS in each else "") for n, each in enumerate(said)]
        if self._role:
            # "Mara leads the desk. Her deputy is Tomas.": the first says whose.
            leads = [fit[n + 1] and bool(_POINTS_BACK.match(said[n + 1])) for n in range(len(said) - 1)]
            fit = [one or other for one, other in zip(fit, [*leads, False], strict=True)]
        fitting = {span for span, fits in zip(sentence_spans(text), fit, strict=True) if fits}
        return [span for span in spans if span in fitting]

    def _fits(self, n: int, said: Sequence[str], path: str, header: str) -> bool:
        if self._yearly and of_another_year(self._yearly, said[n], *reversed(path.split(_PATH))):
            return False
        if self._numbers is not None and self._numbers >= {*_NUMBERED.findall(said[n])}:
            return False
        if self._on and CELLS in said[n] and self._in_another_row(said[n], header):
            return False
        if self._hour and not (_HOUR.search(f"{said[n]} {header}") or clocks(said[n])):
            return False
        if self._amount and not (_AMOUNT.search(f"{said[n]} {header}") or _COSTS.told_in(said[n])):
            return False
        if self._another_day(n, said, path) or (self._priced and self._of_another_row(said[n], header)):
            return False
        sentence, before = said[n], said[n - 1] if n else ""
        if self._role:
            named = lexis.stems(f"{sentence} {path} {before if _POINTS_BACK.match(sentence) else ''}")
            told = _cell_under(self._role, sentence, header) if CELLS in sentence else None
            says = bool(self._role & lexis.stems(f"{sentence} {header}") if told is None else told)
            return says and bool(not self._about or (self._about & named and not self._deputy.search(sentence)))
        if self._contact:
            return self._contact.told_in(sentence, header) and not self._of_another_person(sentence)
        if self._measure:
            gives = self._measure.told_in(f"{sentence} {header}") or self._tells_size(sentence)
            return gives and not self._of_another(sentence, path)
        return True

    def _of_another_row(self, sentence: str, header: str) -> bool:
        """Tell whether a row of a table names the thing whose price is asked for, and is about another one.

        "Day ticket | adults | 12" is about a day ticket for adults, and a cell "deposit €100" tells the price itself.
        """
        if CELLS not in sentence or not self._priced <= lexis.stems(sentence):
            return False
        called = name_in(sentence)
        firsts = [cell_texts(columns)[0] for columns in header.split("\n") if CELLS in columns]
        if any(holds_codes(first) or _KINDS.fullmatch(first) for first in firsts):
            # "CAMP | Summer camp | 285": a code without a digit, or a kind of things, names nothing yet.
            called = CELLS.join(cell_texts(sentence)[:2])
        name = lexis.stems(called)
        told = any(self._priced <= lexis.stems(cell) and _COSTS.unit.search(cell) for cell in cell_texts(sentence))
        return not (self._priced <= name or (name and name <= self._priced) or told)

    def _of_another_person(self, row: str) -> bool:
        """Tell whether a row names whom a question wants to reach behind the number of somebody else, as a deputy."""
        if not self._people or self._contact is None or CELLS not in row:
            return False
        cells = cell_texts(row)
        stems = [lexis.stems(cell) for cell in cells]
        places = [n for n, held in enumerate(stems) if any(person <= held for person in self._people)]
        numbers = [n for n, cell in enumerate(cells) if self._contact.told_in(cell)]
        return bool(places and numbers) and places[0] > numbers[-1]

    def _in_another_row(self, row: str, header: str) -> bool:
        """Tell whether a row begins with another day than the question's, which its table may lack: "25 December"."""
        column = next((cell_texts(line)[0] for line in header.split("\n") if CELLS in line), "")
        told = one_day(cell_texts(row)[0], column)
        return bool(told) and not _same(self._on, frozenset((told,)))

    def _tells_size(self, sentence: str) -> bool:
        if self._measure is not MEASURED["size"] or not any(v.kind.startswith(_SIZES) for v in values(sentence)):
            return False
        return not any(other.unit.search(sentence) for other in MEASURED.values() if other is not self._measure)

    def _of_another(self, sentence: str, path: str) -> bool:
        """Tell whether a sentence names something else as what it is about.

        How fast something goes is often told by what is served: "orders arrive within 3 days".
        """
        if _SPEAKS.match(sentence) or (self._measure is MEASURED["fast"] and _DURATION.search(sentence)):
            return False
        subject = frozenset(stem for stem in subject_of(sentence) if not stem.isdigit())
        about = self._about & lexis.stems(f"{sentence} {path}")
        if about or not subject - _GENERIC - _SERVED or not self._about:
            return False
        return not subject & lexis.stems(path)

    def _another_day(self, n: int, said: Sequence[str], path: str) -> bool:
        """Tell whether a sentence, or what stands above it, is about another day than the question."""
        if self._dated:
            for above in (said[n], *reversed(path.split(_PATH))):
                told = _dated(above)
                shared = self._dated.keys() & told.keys()
                if shared:
                    return not any(_same(self._dated[thing], told[thing]) for thing in shared)
        if self._days:
            told_on = _days(_ON, said[n])
            opened = next((days for text in reversed(said[:n]) if (days := _days(_OPENING, text))), frozenset())
            days = told_on or opened
            return bool(days) and not _same(self._days, days)
        return False


def _cell_under(name: frozenset[str], row: str, header: str) -> str | None:
    """Return what a row has in the column that has a name; ``None`` where its table has no such column."""
    cells = cell_texts(row)
    for columns in map(cell_texts, header.split("\n")):
        if len(columns) >= len(cells) > 1:
            # Empty cells at the end of a row are not written.
            pairs = zip_longest(columns, cells, fillvalue="")
            return next((cell for column, cell in pairs if name & lexis.stems(column)), None)
    return None


def _dated(text: str) -> dict[str, frozenset[str]]:
    """Return what a text tells apart by its date, as stems, with the dates."""
    found: dict[str, frozenset[str]] = {}
    for match in _DATED.finditer(text):
        days = dates(_written(text, match.end()))[:1]
        word = match["thing"].casefold()
        # "Born on 4 March" names no thing.
        if days and not (bases(word) and not word.endswith(("s", "ing"))):
            thing = lexis.stem(word)
            found[thing] = found.get(thing, frozenset()) | set(days)
    return found


def _days(pattern: re.Pattern[str], text: str) -> frozenset[str]:
    return frozenset(day for match in pattern.finditer(text) for day in dates(_written(text, match.end()))[:1])


def _written(text: str, start: int) -> str:
    """Return what stands at a place, as far as a date there may reach."""
    window = text[start : start + _DATE_CHARACTERS]
    end = _DATE_ENDS.search(window)
    return window[: end.start()] if end else window


def _same(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Tell whether two sets of dates have one in common, as far as each is told."""
    return any(same_day(one, other) for one in ours for other in theirs)
