"""Small changes of a sentence or a question that change what it says: names, numbers, opposites."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable

_OPPOSITES = """
first last; before after; north south; northern southern; east west; eastern western; early late; earlier later;
earliest latest; old new; older younger; oldest youngest; oldest newest; large small; larger smaller; largest smallest;
big small; bigger smaller; biggest smallest; high low; higher lower; highest lowest; long short; longer shorter;
longest shortest; most least; more fewer; more less; majority minority; maximum minimum; increase decrease;
increased decreased; increases decreases; increasing decreasing; rise fall; rose fell; gain lose; gained lost;
win lose; won lost; winner loser; begin end; began ended; beginning end; start finish; started ended; starts ends;
open close; opened closed; allow forbid; allowed prohibited; allowed banned; accept reject; accepted rejected;
support oppose; supported opposed; supports opposes; include exclude; included excluded; includes excludes;
male female; men women; man woman; husband wife; father mother; son daughter; brother sister; king queen;
positive negative; public private; internal external; inner outer; upper lower; rich poor; strong weak;
stronger weaker; strongest weakest; hot cold; warm cool; wet dry; light dark; fast slow; faster slower;
fastest slowest; easy difficult; best worst; better worse; good bad; popular unpopular; common rare; common uncommon;
ancient modern; major minor; primary secondary; import export; imported exported; buy sell; bought sold;
create destroy; created destroyed; build demolish; built demolished; appear disappear; appeared disappeared;
arrive leave; arrived left; enter leave; join leave; joined left; add remove; added removed; agree disagree;
agreed disagreed; love hate; loved hated; friend enemy; friends enemies; ally enemy; allies enemies; attack defend;
attacked defended; above below; inside outside; within outside; during after; with without; able unable;
possible impossible; legal illegal; known unknown; successful unsuccessful; similar different; same different;
permanent temporary; urban rural; native foreign; domestic foreign; left right; top bottom; front rear; alive dead;
born died; birth death; always never; often rarely; usually rarely; enable disable; enabled disabled;
install uninstall; required optional; refundable nonrefundable; employer employee; teacher student; parent child;
cause prevent; causes prevents; caused prevented; help hinder;
"""
WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
NAME = re.compile(r"(?:[A-Z][\w'-]*|\d[\d,.]*\d|\d)(?:\s+(?:of\s+|the\s+|de\s+)?[A-Z][\w'-]*)*")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
NEGATIVE = re.compile(r"\b(?:not|never|no|none|without|neither|nor|\w+n't|cannot)\b", re.IGNORECASE)
_OPENINGS = frozenset({". ", "? ", "! ", ": ", '"', "“"})


def opposites() -> dict[str, tuple[str, ...]]:
    """Return the opposites of each word that has some, lower case."""
    pairs: dict[str, list[str]] = {}
    for pair in _OPPOSITES.split(";"):
        if pair.strip():
            one, other = pair.split()
            pairs.setdefault(one, []).append(other)
            pairs.setdefault(other, []).append(one)
    return {word: tuple(others) for word, others in pairs.items()}


def names(texts: Iterable[str]) -> set[str]:
    """Return the names in texts: capitalized phrases that do not merely begin a sentence."""
    found = set()
    for text in texts:
        for match in NAME.finditer(text):
            begins = match.start() == 0 or text[max(0, match.start() - 2) : match.start()] in _OPENINGS
            if not begins and not match[0][0].isdigit():
                found.add(match[0])
    return found


def other_number(number: str, texts: Iterable[str], avoid: str, chance: random.Random) -> str:
    """Return a number that may stand in place of another: one of the texts as long as it, else one digit changed.

    Args:
        number: The number.
        texts: Where others may be taken from.
        avoid: Text whose numbers are not taken.
        chance: Of the choice.
    """
    known = set(NUMBER.findall(avoid))
    pool: set[str] = {each for text in texts for each in NUMBER.findall(text)}
    alike = sorted(each for each in pool if len(each) == len(number) and each not in known)
    if alike:
        return chance.choice(alike)
    places: list[int] = [place for place, letter in enumerate(number) if letter.isdigit()]
    place = chance.choice(places)
    digit = chance.choice([each for each in "123456789" if each != number[place]])
    return number[:place] + digit + number[place + 1 :]


def other_name(name: str, texts: Iterable[str], avoid: str, chance: random.Random) -> str | None:
    """Return a name of the texts that may stand in place of another, about as long; ``None`` where there is none."""
    known = avoid.casefold()
    alike = sorted(
        each
        for each in names(texts)
        if each.casefold() not in known and abs(len(each.split()) - len(name.split())) <= 1
    )
    return chance.choice(alike) if alike else None
