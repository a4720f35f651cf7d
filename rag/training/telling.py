"""Tell question and answer as one declarative sentence, with the verbs and small words of the answer's source.

`rag.training.statements` only moves words; here verbs change their form ("When did it begin?" is told with "began"),
and article and preposition of the answer are taken from where it stands. What does not read like the texts is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from rag import lexis, verbs
from rag.sentences import Span
from rag.training.placing import PREPOSITIONS, Place, adverbial, counted, placed

_TOKEN = re.compile(r"\w+(?:[.,'’&/-]\w+)*|[^\w\s]")
_NO_END_OF_SUBJECT = frozenset(
    "the a an of in to for and or but by with at on from his her its their our your my this that these those 's not "
    "be been very most more first last only best well".split()
)
_AUXILIARY = "is|are|was|were|has|have|had|can|could|will|would|should|may|might|must"
_LEADS = re.compile(r"^(?:after|before|during|in|on|at|by|for|with|since|until|as)\b", re.IGNORECASE)
_TO_BE = re.compile(
    r"^(?P<wh>[Ww]ho|[Ww]hat|[Ww]hich) (?P<verb>is|was|are|were) "
    r"(?P<rest>(?:[Tt]he|[Aa]|an|another|one|his|her|its|their)\b.+|[A-Z0-9]\S*(?: [A-Z]\S*)*)$"
)
_NAME_OF = re.compile(r"^(?:the )?(?:name|names|term|word) (?:of|for|given to) ", re.IGNORECASE)
_DO = re.compile(
    r"^(?:(?P<prep>in|on|at|by|from|for|to|with|of|during|around|about|under|through|into|against) )?"
    r"(?P<wh>when|where|why|who|whom|what|which|how many|how much|how)(?P<noun>(?: (?!(?:did|does|do)\b)[\w'-]+){0,4})"
    r" (?P<do>did|does|do) (?P<rest>.+)$",
    re.IGNORECASE,
)
_BE = re.compile(
    r"^(?:(?P<prep>in|on|at|by|from|for|to|with|of|during|around|under|through|into) )?"
    rf"(?P<wh>when|where|what|which|how many|whom)(?P<noun>(?: (?!(?:{_AUXILIARY}|did|does|do)\b)[\w'-]+){{0,4}})"
    rf" (?P<verb>{_AUXILIARY}) (?P<rest>.+)$",
    re.IGNORECASE,
)
_ACTS = re.compile(r"^(?P<wh>who|what|which|how many) (?P<rest>.+)$", re.IGNORECASE)
_AT_END = re.compile(
    r"^(?P<rest>.+?) (?:(?P<prep>in|on|at|by|for|to|of|from|with|during|as|about|around) )?"
    r"(?P<wh>what|which|who|whom|when|where|how many|how much)(?P<noun>(?: [\w'-]+){0,3})$",
    re.IGNORECASE,
)
_THERE = re.compile(r"^how many (?P<noun>.+?) (?P<verb>are|were) there(?P<rest> .+)?$", re.IGNORECASE)
_LONG = re.compile(
    r"^how (?P<how>long|old|tall|high|wide|deep|large|far|big|heavy) (?P<verb>is|was|are|were) (?P<rest>.+)$",
    re.IGNORECASE,
)
_LASTED = re.compile(r"^how long (?P<do>did|does|do) (?P<rest>.+)$", re.IGNORECASE)
_SHARE = re.compile(
    r"^(?:about |approximately )?what (?:percent|percentage|fraction|share) (?P<rest>of .+)$", re.IGNORECASE
)
_TIMES = re.compile(r"\b(?:year|month|decade|century|day|date|season)s?$", re.IGNORECASE)
_TWO_ARTICLES = re.compile(r"\b(?:a|an|the|his|its|their|my) (?:a|an|the|my)\b|(?-i:\.[\"”]? [a-z])", re.IGNORECASE)
_OPEN_END = re.compile(
    r"\b(?:in|on|at|by|from|for|with|of|to|into|as|called|named|known|than|through|under|against)$|\blike\b",
    re.IGNORECASE,
)
_QUESTIONING = re.compile(r"\b(?:what|whom|whose|how many|how much)\b|\?", re.IGNORECASE)
_LEAST_WORDS, _MOST_WORDS, _MOST_ANSWER = 4, 40, 22
# A word is taken for a verb where this share of it stands behind "to", "will" and the like.
_VERB_SHARE = 0.12
# Two words that never stand beside each other are a fault where chance alone would put them there so often.
_EXPECTED = 2.0
_BEFORE_VERBS = frozenset("to will would could can may might must should not did does do cannot".split())


class Teller:
    """Tells question and answer as one sentence.

    Args:
        texts: Texts that show which words are verbs, and which stand beside each other.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._words: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._behind: Counter[str] = Counter()
        for text in texts:
            found = _classed(text)
            self._words.update(found)
            self._pairs.update(pairwise(found))
            self._behind.update(w for v, w in pairwise(found) if v in _BEFORE_VERBS)

        self._n = max(1, self._words.total())

    def tell(self, question: str, text: str, answer: Span, sentence: Span) -> str | None:
        """Return a sentence that says what question and answer say together, or ``None``.

        Args:
            question: As it was asked.
            text: What the answer stands in.
            answer: Where.
            sentence: The sentence around it.
        """
        asked = " ".join(question.replace("’", "'").split()).strip(" ?.!")
        place = placed(text, answer, sentence)
        if place is None or not 0 < len(place.text.split()) <= _MOST_ANSWER or len(asked.split()) < 3:
            return None
        ways: Sequence[Callable[[str, Place], str | None]] = (
            self._there,
            self._measured,
            self._did,
            self._passive,
            self._equals,
            self._acts,
            self._at_end,
        )
        for way in ways:
            made = way(asked, place)
            if made is not None:
                told = _tidy(made)
                return told if self._reads_well(told, f"{asked} {text[sentence.start : sentence.end]}") else None
        return None

    def joined(self, one: str, other: str) -> str | None:
        """Return two told sentences about one thing as one: "X was born in Oslo and died in 1902."; else ``None``."""
        first, second = one.rstrip(".").split(), other.rstrip(".").split()
        n = next((n for n, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), 0)
        if not n or n >= min(len(first), len(second)) or len(first) + len(second) > _MOST_WORDS or " and " in one:
            return None
        after = _looks_done if first[n - 1] in _AUXILIARIES else self._is_finite
        named = first[0][:1].isupper() and (n > 1 or first[0].lower() not in lexis.STOP_WORDS)
        if not named or first[0].lower() == "there" or not (after(first[n]) and after(second[n])):
            return None
        return f"{' '.join(first)} and {' '.join(second[n:])}."

    def _there(self, asked: str, place: Place) -> str | None:
        match = _THERE.match(asked)
        if match is None:
            return None
        return f"There {match['verb'].lower()} {counted(place.text, match['noun'])}{match['rest'] or ''}"

    def _measured(self, asked: str, place: Place) -> str | None:
        share = _SHARE.match(asked)
        if share and not re.search(r"\b(?:did|does|do)\b", share["rest"]):
            return f"{place.text} {share['rest']}"
        long = _LONG.match(asked)
        if (
            long
            and "-" not in place.text
            and re.search(r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten)\b", place.text)
        ):
            same = re.search(r"\bold\b|\blong\b|\btall\b|\bhigh\b|\bwide\b|\baway\b|\bof age\b", place.text)
            how = (
                ""
                if same or long["how"].lower() not in ("long", "old", "tall", "high", "wide", "deep")
                else long["how"]
            )
            words = long["rest"].split()
            if len(words) > 7 or any(self._is_done(words, n, place) for n in range(1, len(words))):
                return None
            return f"{long['rest']} {long['verb']} {place.text} {how}"
        lasted = _LASTED.match(asked)
        parts = self._subject_and_verb(lasted["rest"].split(), place) if lasted else None
        if lasted is None or parts is None:
            return None
        subject, verb, rest = parts
        if subject.lower() == "it" or " " in rest or "-" in place.text:
            return None
        return f"{subject} {_finite(lasted['do'], verb)} {rest} {'' if place.before != 'for' else 'for'} {place.text}"

    def _did(self, asked: str, place: Place) -> str | None:
        match = _DO.match(asked)
        parts = self._subject_and_verb(match["rest"].split(), place) if match else None
        if match is None or parts is None:
            return None
        subject, verb, rest = parts
        form = _finite(match["do"], verb)
        kind = match["wh"].lower()
        if match["prep"] or kind in ("when", "where", "why", "how") or _TIMES.search(match["noun"]):
            where = adverbial(kind, match["prep"] or "", match["noun"], place)
            return None if where is None else " ".join(filter(None, (subject, form, rest, where)))
        answer = counted(place.text, match["noun"]) if kind in ("how many", "how much") else place.text
        if not rest or _OPEN_END.search(rest) or re.match(r"to \w+$|to (?:be|do)\b", rest):
            return " ".join(filter(None, (subject, form, rest, answer)))
        if rest.split()[0].lower() in PREPOSITIONS - {"to"} or _LEADS.match(rest):
            return f"{subject} {form} {answer} {rest}"
        return None

    def _subject_and_verb(self, words: Sequence[str], place: Place) -> tuple[str, str, str] | None:
        found = [
            n
            for n in range(1, len(words))
            if self._is_verb(words[n]) and words[n - 1].lower().removesuffix("'s") not in _NO_END_OF_SUBJECT
        ]
        shown = [n for n in found if {words[n], *verbs.inflections(words[n])} & place.near]
        if not found or (shown != found[:1] and len(found) > 1 and shown[:1] != found[:1]):
            return None
        n, after = found[0], [word.lower() for word in words[found[0] + 1 :]]
        pairs = pairwise(after)
        if n > 5 and not shown:
            return None
        if words[n].lower() in ("do", "happen", "say", "believe", "think") or {words[n]} & verbs.bases(
            place.text.split()[0].lower()
        ):
            return None
        if after[:1] == ["and"] or any({one, two} <= PREPOSITIONS for one, two in pairs) or "not" in words:
            return None
        return " ".join(words[:n]), words[n].lower(), " ".join(words[n + 1 :])

    def _is_verb(self, word: str) -> bool:
        return (
            word.islower()
            and word not in _NO_VERBS
            and self._behind[word] > _VERB_SHARE * self._words[word]
            and self._behind[word] > 2
        )

    def _passive(self, asked: str, place: Place) -> str | None:
        """Tell "When was it built": what stands before the participle is the subject."""
        match = _BE.match(asked)
        if match is None:
            return None
        kind, verb = match["wh"].lower(), match["verb"].lower()
        words = match["rest"].split()
        done = next((n for n in range(1, len(words)) if self._is_done(words, n, place)), None)
        if match["prep"] or kind in ("when", "where"):
            where = adverbial(kind, match["prep"] or "", match["noun"], place)
            if re.match(r"(?:the )?(?:last|first|next|only) (?:time|day|year)\b", match["rest"]):
                return None
            if where is None or (done is None and (match["prep"] or len(words) > 8)):
                return None
            if done is None:
                hidden = any(_looks_done(word) for word in words[1:])
                hidden = hidden or len(words) > 6 or bool({"a", "an", "that", "who"} & set(words))
                return None if hidden or verb not in _BEING else f"{match['rest']} {verb} {where}"
            done -= words[done - 1].endswith("ly") and done > 1
            return f"{' '.join(words[:done])} {verb} {' '.join(words[done:])} {where}"
        if kind == "what" and not match["noun"] and done is not None and words[done].lower() in _NAMING:
            rest = " ".join(words[done + 1 :])
            if rest == "as" or rest.startswith("as "):
                return f"{' '.join(words[:done])} {verb} {words[done]} as {place.text} {rest[3:]}"
            if rest and rest.split()[0].lower() not in PREPOSITIONS:
                return None
            return f"{' '.join(words[:done])} {verb} {words[done]} {place.text} {rest}"
        return None

    def _is_done(self, words: Sequence[str], n: int, place: Place) -> bool:
        word = words[n].lower()
        if words[n - 1].lower() in _NO_END_OF_SUBJECT or (word not in place.near and word not in _NAMING):
            return False
        return _looks_done(word) or word in _LYING

    def _equals(self, asked: str, place: Place) -> str | None:
        match = _TO_BE.match(asked)
        if match is None or _OPEN_END.search(match["rest"]):
            return None
        verb, rest = match["verb"].lower(), match["rest"]
        plural = " and " in f" {place.text} "
        if len(place.text.split()) > 12 or place.text.split()[0].lower() in ("it", "he", "she", "they", "there", "in"):
            return None
        if plural and verb in ("is", "was") and match["wh"].lower() == "who":
            return None
        subject = _NAME_OF.sub("", rest) if verb in ("is", "was") and _NAME_OF.match(rest) else rest
        if subject != rest:
            return f"the {rest.removeprefix('the ')} {verb} {place.text}"
        return f"{rest} {verb} {place.text}"

    def _acts(self, asked: str, place: Place) -> str | None:
        """Tell "Who wrote it", "How many people live there": the answer is the subject."""
        match = _ACTS.match(asked)
        words = match["rest"].split() if match else []
        plain = match is not None and match["wh"].lower() == "how many"
        at = next(
            (n for n, word in enumerate(words[:6]) if self._is_finite(word) or (plain and self._is_verb(word) and n)),
            None,
        )
        if match is None or at is None or at == len(words) - 1 or words[at] in ("do", "did", "does"):
            return None
        kind, verb, behind = match["wh"].lower(), words[at], words[at + 1 :]
        noun = {word.lower() for word in words[:at]}
        if (
            _OPEN_END.search(asked)
            or (plain and not at)
            or noun & ((PREPOSITIONS - {"of"}) | {"the", "a", "an", "to", "not"})
        ):
            return None
        if (kind == "who" and at) or (verb in _AUXILIARIES and not self._follows_subject(behind, kind)):
            return None
        first = place.text.split()[0].lower()
        if (words[0].lower() in _KINDS and " " not in place.text) or first in ("to", "always", "never", "it", "that"):
            return None
        plural = " and " in f" {place.text} " or _is_plural(place.text.split()[-1])
        if (
            kind != "how many"
            and plural
            and (verb in ("is", "was", "has") or verb in map(verbs.third_person, verbs.bases(verb)))
        ):
            return None
        answer = counted(place.text, " ".join(words[:at])) if kind == "how many" else place.text
        return f"{answer} {' '.join(words[at:])}"

    def _follows_subject(self, words: Sequence[str], kind: str) -> bool:
        """Tell whether what stands behind an auxiliary is a predicate and no subject: "been to", "named leader"."""
        first = words[0].lower()
        done = _looks_done(first) or first.endswith("ing") or first in ("been", "be", "able")
        if kind == "how many" and first in PREPOSITIONS | {"part", "present"}:
            return True
        return words[0].islower() and (done or (len(words) == 1 and first not in _NO_END_OF_SUBJECT))

    def _is_finite(self, word: str) -> bool:
        """Tell whether a word is a verb in the past or of the third person."""
        found = [base for base in verbs.bases(word) if self._is_verb(base)]
        if word in _AUXILIARIES or word in verbs.PAST.values():
            return True
        return any(word in (verbs.past(base), verbs.third_person(base)) for base in found)

    def _at_end(self, asked: str, place: Place) -> str | None:
        match = _AT_END.match(asked)
        if match is None or _QUESTIONING.search(match["rest"]):
            return None
        kind = match["wh"].lower()
        if match["rest"].lower().endswith((" do", " does", " did", "it's")):
            return None
        if re.match(
            r"(?:when|where|who|how|why|which|is|are|was|were|did|does|do|can|has|have)\b", match["rest"], re.IGNORECASE
        ):
            return None
        nouns = set(match["noun"].lower().split())
        if nouns & ({*_AUXILIARY.split("|"), "did", "does", "do", "to"} | PREPOSITIONS - {"of"}):
            return None
        if kind in ("how many", "how much"):
            return " ".join((match["rest"], match["prep"] or "", counted(place.text, match["noun"])))
        if kind in ("when", "where") or match["prep"]:
            where = adverbial(kind, match["prep"] or "", match["noun"], place)
            return None if where is None else f"{match['rest']} {where}"
        return f"{match['rest']} {place.text}"

    def _reads_well(self, told: str, source: str) -> bool:
        """Tell whether a sentence reads like the texts: each two neighbours stand there, in the question, or source."""
        n_words = len(told.split())
        if not _LEAST_WORDS <= n_words <= _MOST_WORDS or _QUESTIONING.search(told) or _TWO_ARTICLES.search(told):
            return False
        found, near = _classed(told), _classed(source)
        known = set(pairwise(near))
        for one, two in pairwise(found):
            if one == two and one.isalpha():
                return False
            expected = self._words[one] * self._words[two] / self._n
            if (one, two) not in known and expected > _EXPECTED and not self._pairs[one, two]:
                return False
        return True


_NAMING = frozenset("called named known titled nicknamed considered".split())
_AUXILIARIES = frozenset(_AUXILIARY.split("|"))
_KINDS = frozenset("kind kinds type types sort sorts".split())
_BEING = frozenset("is are was were".split())
_NO_VERBS = frozenset("not be no also still".split())
_LYING = frozenset("born located situated based held found".split())


def _finite(do: str, verb: str) -> str:
    """Return the form of a verb that says what "did", "does" or "do" said of it."""
    if do.lower() == "do":
        return verb
    return verbs.past(verb) if do.lower() == "did" else verbs.third_person(verb)


def _is_plural(word: str) -> bool:
    return word.islower() and word.endswith("s") and bool(verbs.bases(word))


def _looks_done(word: str) -> bool:
    return word in verbs.PARTICIPLES.values() or (word.endswith("ed") and len(word) > 4)


def _tidy(told: str) -> str:
    told = re.sub(r"\s+([,.;:])", r"\1", " ".join(told.split())).strip(" ,;")
    return f"{told[:1].upper()}{told[1:]}" + ("" if told.endswith(".") else ".")


def _classed(text: str) -> list[str]:
    """Return the words of a text, lower case, numbers as one word."""
    return ["0" if token[0].isdigit() else token.lower() for token in _TOKEN.findall(text)]
