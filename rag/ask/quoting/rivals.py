"""Things of one family: what is said of the Kestrel 7 is no answer about the Kestrel 5, nor a large one for a small."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import lexis
from rag.ask.texts.rows import is_row, name_in
from rag.dates import MONTHS

# So many digits are a number that a thing may have.
_NUMBER = r"\d{1,9}(?:\.\d{1,9})*"
# "Kestrel 5 and 7", "Zone 1-3". A dash between spaces stands before something else: "Kestrel 5 - 24 months".
_TO = r"(?:[-–]|\s+to\s+)"
_NUMBERS = rf"(?P<numbers>{_NUMBER}(?:(?:{_TO}|,\s*|/|\s*&\s*|,?\s+(?:and|or)\s+){_NUMBER}(?![\w%]))*)(?!\w|\.\d)"
# "20 days", "10 %", "5 working days": an amount is no number of a thing; "am I" is no hour, "4 v 6" no volts.
_IN_UNITS = rf"(?:\s?[%€$£°]|[\s-]?(?:(?:working|business|calendar|full|whole)\s)?(?!(?:am|v)\b){lexis.UNIT}\b)"
# "HexOS 4.1 or later", "Aged 3+": others too.
_AND_OTHERS = r"\+|\s+(?:and|or)\s+(?:above|over|up|upwards|higher|more|later|newer|below|under|lower|less|earlier)\b"
_AND_OTHERS += r"|\s+(?:and|or)\s+(?:old|young)er\b|\s+onwards?\b"
_ASKED = re.compile(rf"(?<!\w)(?P<name>[^\W\d_][\w&'’]*)[ -]{_NUMBERS}(?!{_IN_UNITS})")
# In a text such a thing has a capital: "within 30 days" and "last 12 months" are none.
_WRITTEN = re.compile(rf"(?<!\w)(?P<name>[A-Z][\w&'’]*)[ -]{_NUMBERS}(?P<others>{_AND_OTHERS})?")
# "R5" has the rivals R2 and R3; in a text such a code has a capital too.
_CODE_ASKED = re.compile(r"(?<![\w-])(?P<name>[^\W\d_]{1,3})(?P<numbers>\d{1,4})(?![\w-])")
_CODE_WRITTEN = re.compile(r"(?<![\w-])(?P<name>[A-Z]{1,3})(?P<numbers>\d{1,4})(?![\w-])")
_RANGE = re.compile(rf"(?P<low>{_NUMBER})(?:{_TO}(?P<high>{_NUMBER}))?")
# What stands before a number and names nothing, though it may begin a sentence: "First 10 orders".
_COUNTING = frozenset("within first last next past least around maximum minimum another per every".split())
_Numbers = set[tuple[tuple[int, ...], tuple[int, ...]]]
# What is one of a row is none of its others. Amber is called orange and yellow too, and a child is called many things.
_SORTS = tuple(
    frozenset(row.split())
    for row in (
        "tiny small medium large huge",
        "bronze silver gold platinum",
        "spring summer autumn winter",
        "single double triple twin",
        "north south east west",
        "red green blue white black purple",
    )
)


class Rivals:
    """Tells what speaks of another thing of the family than a question asks about.

    Args:
        question: The question; one that names several of a family asks about all of them.
    """

    def __init__(self, question: str) -> None:
        self._asked: dict[str, _Numbers] = {}
        for asked in (*_ASKED.finditer(question), *_CODE_ASKED.finditer(question)):
            family = _family(asked)
            if family not in MONTHS and family not in lexis.STOP_WORDS | _COUNTING:
                self._asked.setdefault(family, set()).update(_ranges(asked["numbers"]))
        words = set(lexis.words(question))
        self._sorts = [(sort, sort & words) for sort in _SORTS if sort & words]

    def __bool__(self) -> bool:
        """Tell whether the question names anything that has rivals."""
        return bool(self._asked or self._sorts)

    def speaks_of_another(self, text: str, path: Sequence[str]) -> bool:
        """Tell whether a text is about another thing of the family, and not about the one that is asked about.

        Args:
            text: E.g. a sentence.
            path: Title and headings above it, outermost first; where the text names nothing of the family, the
                nearest of them that does says what it is about.
        """
        if is_row(text) and self._is_of_another_sort(text, path):
            return True
        for said in (text, *reversed(path)):
            named = self._of_family(said, _WRITTEN, _CODE_WRITTEN)
            if named:
                # "Week 1 begins on 6 July, week 2 on the 13th": what has no capital is spoken of as well.
                spoken_of = (*named, *self._of_family(said, _ASKED))
                return not (
                    any(each.groupdict().get("others") for each in named) or any(map(self._is_asked, spoken_of))
                )
        return False

    def names(self, text: str) -> bool:
        """Tell whether a text, e.g. a heading, names the thing itself that is asked about."""
        return any(map(self._is_asked, self._of_family(text, _ASKED, _CODE_ASKED)))

    def _of_family(self, said: str, *patterns: re.Pattern[str]) -> list[re.Match[str]]:
        return [each for pattern in patterns for each in pattern.finditer(said) if _family(each) in self._asked]

    def _is_of_another_sort(self, row: str, path: Sequence[str]) -> bool:
        """Tell whether a row is called "Large" where a small one is asked about, and nothing around it says small."""
        called, said = set(lexis.words(name_in(row))), set(lexis.words("\n".join((row, *path))))
        return any(sort & called and not asked & said for sort, asked in self._sorts)

    def _is_asked(self, named: re.Match[str]) -> bool:
        asked = self._asked[_family(named)]
        return any(low <= most and least <= high for low, high in _ranges(named["numbers"]) for least, most in asked)


def _family(named: re.Match[str]) -> str:
    """Return what the family of a thing is called: "kestrel" of "Kestrel 5", "r#" of "R5"."""
    name = named["name"].casefold()
    return f"{name}#" if named.end("name") == named.start("numbers") else name


def _ranges(numbers: str) -> _Numbers:
    """Return the numbers of a list from the least to the most of each: 5 and 7 of "5 and 7", 1 to 3 of "1-3"."""
    found = ((_parts(each["low"]), _parts(each["high"] or each["low"])) for each in _RANGE.finditer(numbers))
    return {(min(pair), max(pair)) for pair in found}


def _parts(number: str) -> tuple[int, ...]:
    return tuple(map(int, number.split(".")))
