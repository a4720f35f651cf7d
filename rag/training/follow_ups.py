"""Follow-up questions made of questions about one passage: what an earlier one named is left out or pointed back to.

The target is always a question that stood alone before anything was left out of it, or the earlier one asked of
something else.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from rag import lexis, verbs
from rag.protocols import Excerpt
from rag.training.examples import Asked, QuestionSet
from rag.training.targets import Writing

_THE = re.compile(r"\bthe(?: [a-z][\w'-]+){1,3}\b")
_PREPOSITIONS = "of|in|at|for|by|to|from|on|with|about|during"
_OTHERS = ("What about {}?", "How about {}?", "And {}?", "And what about {}?", "{}?", "And for {}?", "what about {}")
_AUXILIARIES = frozenset("did does do was were is are has have had can could".split())
_MOST_HISTORY = 3
# Shares: of follow-ups that ask the question before of something else, and of those that stand alone already.
_ASKED_ANEW, _ALONE = 0.25, 0.25


def follow_ups(questions: QuestionSet, *, share: float, seed: int) -> list[Writing]:
    """Return follow-ups of a share of the pairs of questions that were asked one after the other.

    Args:
        questions: Their set.
        share: Of the pairs.
        seed: Of every choice.
    """
    chance = random.Random(f"follow-ups {seed}")  # noqa: S311 - training examples
    made: list[Writing] = []
    turns: list[Asked] = []
    other = ""
    for asked in questions.asked:
        if turns and turns[-1].paragraph != asked.paragraph:
            other = turns[-1].question
            turns = []
        if turns and chance.random() < share:
            history = [each.question for each in turns[-chance.randint(1, _MOST_HISTORY) :]]
            paragraph = questions.paragraphs[asked.paragraph]
            found = _follow_up(asked.question, history, paragraph.text, other, chance)
            if found is not None:
                short, target, kind = found
                excerpt = (Excerpt("", tuple(_typed(turn, chance) for turn in history)),)
                made.append(
                    Writing(
                        "follow-up", _typed(short, chance), excerpt, target, kind, questions.name, paragraph.article
                    )
                )
        turns.append(asked)
    return made


def _follow_up(
    question: str, history: Sequence[str], text: str, other: str, chance: random.Random
) -> tuple[str, str, str] | None:
    """Return a follow-up, what it means, and how it was made."""
    asked = " ".join(question.split())
    drawn = chance.random()
    if drawn < _ASKED_ANEW:
        return _anew(" ".join(history[-1].split()), text, chance)
    shared = _shared(asked, history)
    if not shared:
        # It names its own subject: nothing of the history belongs into it.
        named = lexis.names(asked) and drawn < _ASKED_ANEW + _ALONE
        return (asked, asked, "stands alone") if named and other else None
    at = asked.find(shared)
    before, after = asked[:at], asked[at + len(shared) :]
    tail = re.search(rf" (?:{_PREPOSITIONS}) (?:the )?$", before)
    if tail is not None and after.strip(" ?.") == "" and chance.random() < 0.5:
        return f"{before[: tail.start()]}{after}", asked, "left out"
    pronoun = _pronoun(before, after, shared, text)
    after = re.sub(r"^['’]s?", "", after)
    # "the Eiffel Tower": the article goes with what it belongs to.
    return f"{re.sub(r'(?:^|(?<= ))[Tt]he $', '', before)}{pronoun}{after}", asked, "pointed back"


def _anew(last: str, text: str, chance: random.Random) -> tuple[str, str, str] | None:
    """Return a follow-up that asks the last question of another thing of the passage."""
    own = [name for name in lexis.names(last) if last.count(name) == 1 and _is_whole(last, name) and "'" not in name]
    years = re.findall(r"\b(?:1[5-9]|20)\d\d\b", last)
    fresh_years = [year for year in re.findall(r"\b(?:1[5-9]|20)\d\d\b", text) if year not in last]
    if years and fresh_years and chance.random() < 0.7:
        new = chance.choice(fresh_years)
        return (
            chance.choice(("And in {}?", "What about {}?", "What about in {}?")).format(new),
            last.replace(years[0], new),
            "asked anew",
        )
    if not own:
        return None
    old = chance.choice(own)
    slot = last[: last.find(old)].split()[-1:]
    fresh = [
        name
        for name in lexis.names(text)
        if not set(lexis.words(name)) & set(lexis.words(last))
        and 3 < len(name) < 40
        and name.replace(" ", "").isalpha()
        # Behind the same word it is a thing of the same kind: "in Paris", "in Lyon".
        and f"{slot[0]} {name}" in text
        and len(name.split()) >= len(old.split())
    ]
    if not fresh:
        return None
    new = chance.choice(fresh)
    return chance.choice(_OTHERS).format(new), last.replace(old, new), "asked anew"


def _shared(asked: str, history: Sequence[str]) -> str:
    """Return the longest name or noun phrase of a question that an earlier one holds too; empty where there is none."""
    before = " ".join(history)
    names = [re.sub(r"['’]s$", "", name) for name in lexis.names(asked)]
    found = [name for name in names if name in before and _is_whole(asked, name)]
    found += [
        match[0]
        for match in _THE.finditer(asked)
        if match[0] in before and _is_whole(asked, match[0]) and not _ends_open(match[0])
    ]
    return max(found, key=len, default="")


def _is_whole(asked: str, phrase: str) -> bool:
    """Tell whether a phrase stands for itself in a question, and is no part of a longer one."""
    before, _, behind = asked.partition(phrase)
    if asked.count(phrase) != 1 or not re.match(r"$|['’]s\b|[ ?,]|\.$", behind):
        return False
    words, word = before.split(), (re.match(r" ([\w-]+)", behind) or ["", ""])[1]
    last = words[-1] if words else "in"
    said = word in verbs.PAST.values() or word.endswith("ed") or word in lexis.STOP_WORDS - {"of"}
    # "did it move": a plural noun would be of the phrase, "did New World colonies".
    asks = last in _AUXILIARIES and word.islower() and not verbs.bases(word)
    joint = {last, last.lower()} & {*lexis.STOP_WORDS, *_PREPOSITIONS.split("|"), *verbs.PAST.values()}
    alone = bool(joint) or bool(verbs.bases(last.lower()))
    named = last[:1].isupper() and len(words) > 1
    return (not word or said or asks or word in _PREPOSITIONS.split("|")[1:]) and alone and not named


def _ends_open(phrase: str) -> bool:
    words = phrase.split()
    return words[-1] in lexis.STOP_WORDS or words[-1].endswith(("ed", "ly", "ing"))


def _pronoun(before: str, after: str, shared: str, text: str) -> str:
    """Return what points back to a phrase, by where it stands and what the passage calls it."""
    told = f" {text.casefold()} "
    he, she = (len(re.findall(rf"\b(?:{words})\b", told)) for words in ("he|his|him", "she|hers?"))
    person = shared[:1].isupper() and max(he, she) > 1
    several = re.search(r"(?:do|are|were|have) (?:the )?$", before.casefold())
    plural = several or (not person and shared.rsplit(maxsplit=1)[-1].islower() and re.search(r"[^s]s$", shared))
    which = 3 if plural else ((0 if he >= she else 1) if person else 2)
    last = before.rstrip().rpartition(" ")[2].casefold()
    if re.match(r"['’]", after):
        return ("his", "her", "its", "their")[which]
    is_object = bool(re.fullmatch(_PREPOSITIONS, last)) or (not after.strip(" ?.") and before.count(" ") > 1)
    form = ("him", "her", "it", "them")[which] if is_object else ("he", "she", "it", "they")[which]
    return form if before else form.capitalize()


def _typed(question: str, chance: random.Random) -> str:
    """Return a question as some people type it: without capital and question mark."""
    drawn = chance.random()
    if drawn < 0.2:
        return question.lower().rstrip("?. ")
    return question.rstrip("? ") if drawn < 0.3 else question
