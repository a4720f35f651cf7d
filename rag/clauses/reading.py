"""Clauses of a sentence, each with its subject and what it denies: the unit in which statements contradict each other.

No grammar is parsed. A sentence is cut where small words join clauses; a clause that names no subject of its own takes
that of the clause before it, and a sentence that begins with "It" or "They" that of the sentence before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Literal

from rag import lexis
from rag.clauses.antonyms import meaning_of
from rag.sentences import sentence_spans
from rag.verbs import bases

Must = Literal["must", "may", "need not", ""]
Kind = Literal["if", "unless", "except", "only"]

_HELPING = (
    r"(?:can|cannot|could|may|might|must|shall|should|will|would|is|are|was|were|has|have|had|does|do|did|need not"
    r"|\w+n['’]t)"
)
_DENYING = r"(?:not|never|no|without|cannot|neither|nor|none|nobody|nothing|hardly|non)"
# Where one clause ends and the next begins: behind "and" only before a verb that helps, or a subject with one.
_JOINED = re.compile(
    rf",\s+(?=(?:which|who|whose)\s)|,?\s+(?:but|while|whereas|although|though|however|yet)\s+"
    rf"|,?\s+(?:and|or)\s+(?=(?:(?:also|then|still|therefore|so)\s+)?(?:{_HELPING}|{_DENYING})\b)"
    rf"|,\s+(?:and|or|so)\s+(?=(?:[\w’'-]+\s+){{1,4}}{_HELPING}\b)",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s*;\s*")
_CONDITION = re.compile(
    r",?\s*\b(?P<word>(?:only\s+)?(?:if|when|whenever|where)|unless|except(?:\s+(?:for|if|when|in))?|excluding"
    r"|other than|(?:provided|providing)(?:\s+that)?|(?:as|so) long as|in case)\s+(?P<said>[^,;.]+)[,;.]?",
    re.IGNORECASE,
)
_ONLY = re.compile(
    r"(?<!\bnot\s)(?<!\bthe\s)(?<!['’]s\s)\b(?:only|solely|exclusively)\s+"
    rf"(?P<said>(?!\d)[^,;.]+?)(?=\s+{_HELPING}\b|[,;.]|$)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")
_DENIES = re.compile(
    rf"\b{_DENYING}\b"
    r"(?!\s+(?:only|later|earlier|sooner|more|less|fewer|longer than|necessarily|all|every|always)\b)"
    r"|\b\w+n[’']t\b",
    re.IGNORECASE,
)
_MUST = re.compile(r"\b(?:must|has to|have to|needs? to|required|obliged|mandatory|shall)\b", re.IGNORECASE)
_MAY = re.compile(r"\b(?:can|could|may|might|allowed|possible|able|permitted|optional)\b", re.IGNORECASE)
_NEED_NOT = re.compile(
    r"\b(?:need not|needn['’]t|(?:not|n['’]t)\s+(?:have|need)\s+to|(?:not|n['’]t)\s+(?:be\s+)?(?:required|obliged"
    r"|mandatory|necessary|compulsory)|no\s+(?:[\w-]+\s+){1,4}(?:is|are)\s+(?:required|mandatory|necessary))\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(r"^(?:it|they|this|these|she|he|both)\b", re.IGNORECASE)
_SPEAKS = re.compile(r"(?:we|you|i|nobody|everyone|everybody|anyone|no|there)\b", re.IGNORECASE)
_PREPOSITIONS = frozenset("of in on at to from for with by under over after before during through between per".split())
_DETERMINERS = frozenset("the a an its their his her our your my this these that those each every any all no".split())
GRANTS = frozenset(map(lexis.stem, "allow possible able permitted".split()))
"""Stems of words that deny another one when they are denied: "sharing it is not allowed"."""
# How far what is denied may stand from the word that denies it, and words that are skipped on the way.
_REACH = 6
_SKIPPED = frozenset("longer yet usually currently normally generally automatically ever".split())
_HEADING_WORDS = 6


@dataclass(frozen=True, slots=True)
class Denial:
    """What a clause denies.

    Args:
        head: Stem of what is denied.
        before: Stems before it and the word that denies it; empty where none stand there.
        narrowed: Those of them behind a preposition.
        after: Stems behind it.
    """

    head: str
    before: frozenset[str]
    narrowed: frozenset[str]
    after: frozenset[str]


@dataclass(frozen=True, slots=True)
class Condition:
    """What a sentence hangs on: "if …", "unless …", "except …", "only …"."""

    kind: Kind
    text: str
    stems: frozenset[str]


# No slots, since what is read off a clause is kept with it.
@dataclass(frozen=True)
class Clause:
    """A clause; ``carried`` are the stems of the subject that it takes from before, where it has none of its own."""

    text: str
    carried: frozenset[str] = frozenset()

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words, lower case."""
        return tuple(match.group().casefold().replace("’", "'") for match in _WORD.finditer(self.text))

    @cached_property
    def own(self) -> frozenset[str]:
        """Stems of its content words; one that stands for its contrary begins with ``~``."""
        return _marked(self.words)

    @cached_property
    def stems(self) -> frozenset[str]:
        """Stems of its content words and of its subject."""
        return self.own | self.carried

    @cached_property
    def subject(self) -> frozenset[str]:
        """Stems of what it is about."""
        return self.own_subject or self.carried

    @cached_property
    def own_subject(self) -> frozenset[str]:
        """Stems of the subject that it names itself."""
        verb = _verb(self.words)
        if not verb and len(self.words) <= _HEADING_WORDS and not self.text.endswith((".", "!", "?")):
            # A title names what the sentence below it calls "it".
            return self.own
        return _marked(self.words[:verb])

    @cached_property
    def denials(self) -> tuple[Denial, ...]:
        """What it denies."""
        return tuple(_denials(self))

    @cached_property
    def must(self) -> Must:
        """Whether it obliges, grants, frees of a duty, or none of these."""
        if _NEED_NOT.search(self.text):
            return "need not"
        return "must" if _MUST.search(self.text) else "may" if _MAY.search(self.text) else ""

    def affirms(self, stem: str) -> bool:
        """Tell whether it holds a stem that it does not deny."""
        return stem in {each.removeprefix("~") for each in self.own} and stem not in {d.head for d in self.denials}

    def after(self, stem: str) -> frozenset[str]:
        """Return the stems behind a word."""
        places = [n for n, word in enumerate(self.words) if meaning_of(word)[0] == stem]
        return _marked(self.words[places[-1] + 1 :]) if places else frozenset()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or a part of one that a semicolon ends, in clauses.

    Args:
        text: The whole sentence.
        clauses: Its clauses, without what they hang on.
        conditions: What they hang on.
        above: Stems of titles and headings, which name what it is about.
    """

    text: str
    clauses: tuple[Clause, ...]
    conditions: tuple[Condition, ...]
    above: frozenset[str] = frozenset()


@lru_cache(maxsize=4096)
def sentences_of(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of a text in clauses, in order."""
    found: list[Sentence] = []
    carried: frozenset[str] = frozenset()
    for span in sentence_spans(text):
        whole = text[span.start : span.end]
        for part in _PARTS.split(whole):
            sentence = _sentence(whole, part, carried)
            found.append(sentence)
            carried = next((clause.subject for clause in sentence.clauses if clause.subject), carried)
    return tuple(found)


def subject_of(text: str) -> frozenset[str]:
    """Return the stems of what the first clause of a text names as its subject; empty where it names none."""
    return next((clause.own_subject for each in sentences_of(text) for clause in each.clauses), frozenset())


def _sentence(whole: str, text: str, carried: frozenset[str]) -> Sentence:
    main, conditions = _main(text)
    clauses: list[Clause] = []
    for n, part in enumerate(part for part in _JOINED.split(main) if part.strip(" .,;")):
        clause = Clause(part.strip(" ,;"))
        if n == 0:
            taken = carried if _POINTS_BACK.search(clause.text) else frozenset()
        else:
            taken = frozenset() if clause.own_subject or _SPEAKS.match(clause.text) else clauses[-1].subject
        clauses.append(replace(clause, carried=taken))
    return Sentence(whole, tuple(clauses), conditions)


def _main(text: str) -> tuple[str, tuple[Condition, ...]]:
    """Return a sentence without what it hangs on, and that."""
    conditions: list[Condition] = []

    def take(match: re.Match[str]) -> str:
        word = match["word"].casefold()
        kind: Kind = (
            "unless" if word == "unless" else "except" if word.startswith(("except", "exclud", "other")) else "if"
        )
        # "All plans except Basic include support": what is excepted ends where the verb begins.
        said, rest = match["said"], ""
        if kind == "except" and text[: match.start()].strip():
            said, rest = _until_verb(said)
        stems = _marked(_lower(said))
        tells = "when" in word and _is_past(_lower(said))
        if stems and not tells:
            conditions.append(Condition(kind, f"{match['word']} {said}".strip(), stems))
        return f" {rest} "

    main = " ".join(_CONDITION.sub(take, text).split())
    if not lexis.stems(main):
        return text, ()
    for match in _ONLY.finditer(main):
        said = match["said"]
        # "Only 5 minutes" is how long it takes.
        if lexis.terms(said) and not lexis.terms(said)[0].isdigit():
            conditions.append(Condition("only", match.group().strip(), _marked(_lower(said))))
    return main, tuple(conditions)


def _until_verb(said: str) -> tuple[str, str]:
    words = said.split()
    for n in range(1, len(words)):
        if re.fullmatch(_HELPING, words[n], re.IGNORECASE) or (
            words[n - 1][:1].isupper() and words[n][:1].islower() and words[n] not in lexis.STOP_WORDS
        ):
            return " ".join(words[:n]), " ".join(words[n:])
    return said, ""


def _verb(words: tuple[str, ...]) -> int:
    """Return the place of the verb, as far as the forms of words tell; 0 where none does."""
    for n, word in enumerate(words):
        if re.fullmatch(_HELPING, word) or (re.fullmatch(_DENYING, word) and n):
            return n
    for n, word in enumerate(words):
        behind = words[n - 1] if n else "the"
        if n and bases(word) and behind not in _DETERMINERS | _PREPOSITIONS:
            return n
    return 0


def _denials(clause: Clause) -> Iterator[Denial]:
    words = clause.words
    meanings = [meaning_of(_plain(word)) for word in words]
    content = [
        n for n, word in enumerate(words) if _plain(word) not in lexis.STOP_WORDS and not re.fullmatch(_DENYING, word)
    ]
    denied = {n: n for n in content if meanings[n][1]}
    places = {match.start(): n for n, match in enumerate(_WORD.finditer(clause.text))}
    for match in _DENIES.finditer(clause.text):
        at = places.get(match.start())
        if at is None:
            continue
        near = (n for n in content if at < n <= at + _REACH and words[n] not in _SKIPPED)
        # "Not possible to share": it is the sharing that is denied.
        head = next((n for n in near if meanings[n][0] not in GRANTS or words[n + 1 : n + 2] != ("to",)), None)
        if head is None:
            continue
        if head in denied:
            # Twice denied is affirmed: "not excluded".
            del denied[head]
        else:
            denied[head] = at
    for head, at in sorted(denied.items()):
        yield _denial(words, head, min(at, head), head)
        if meanings[head][0] in GRANTS and words[head + 1 : head + 2] in (("to",), ("from",)):
            what = next((n for n in content if n > head), None)
            if what is not None:
                yield _denial(words, what, at, what)
        elif meanings[head][0] in GRANTS:
            first = next((n for n in content if n < at), None)
            if first is not None:
                behind = words[first + 1 : at] + words[head + 1 :]
                yield Denial(meanings[first][0], frozenset(), frozenset(), _marked(behind))


def _denial(words: tuple[str, ...], head: int, end: int, start: int) -> Denial:
    before = words[:end]
    cut = next((n for n, word in enumerate(before) if n and word in _PREPOSITIONS), len(before))
    stem = meaning_of(_plain(words[head]))[0]
    return Denial(stem, _marked(before), _marked(before[cut:]), _marked(words[start + 1 :]))


def _marked(words: tuple[str, ...]) -> frozenset[str]:
    found = set()
    for word in map(_plain, words):
        if word not in lexis.STOP_WORDS and not re.fullmatch(_DENYING, word):
            stem, contrary = meaning_of(word)
            found.add(f"~{stem}" if contrary else stem)
    return frozenset(found)


def _lower(text: str) -> tuple[str, ...]:
    return tuple(match.group().casefold().replace("’", "'") for match in _WORD.finditer(text))


def _is_past(words: tuple[str, ...]) -> bool:
    """Tell whether words tell what happened: "when Georgia defeated them", not "when it is damaged"."""
    told = {"was", "were", "had", "did"}
    states = {"is", "are", "be", "been", "has", "have", "gets", "not"}
    return any(
        word in told or (bool(bases(word)) and not word.endswith(("s", "ing")) and words[n - 1] not in states)
        for n, word in enumerate(words)
        if n
    )


def _plain(word: str) -> str:
    return word.removesuffix("'s").replace("'", "")
