"""Read entities and relations off a text by its writing: capitals, codes, quotation marks, definitions, dates."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import NamedTuple

from knowledge_graph import patterns
from knowledge_graph.types import SPELLED_OUT, EntityKind, Extraction, Mention, Relation, SourceText
from knowledge_graph.vocabulary import GENERIC_NOUNS, ROMAN_NUMERALS, STOP_WORDS

# A name of more words is a sentence in capitals.
_MAX_NAME_WORDS = 8
# Words between two entities that say how they relate; more would no longer be a label.
_MAX_LABEL_CHARACTERS = 60
# A sentence that names more is a list, in which neighbours do not relate.
_MAX_RELATIONS_PER_SENTENCE = 12
# From this share of capitals on, a line is shouted: its words are neither acronyms nor names.
_SHOUTED = 0.7


_TELLING: tuple[EntityKind, ...] = ("title", "heading", "term", "code", "acronym", "date", "quoted", "name")


class _Span(NamedTuple):
    start: int
    end: int


def extract(text: SourceText) -> Extraction:
    """Return the entities that a text mentions and the relations of those that meet in a sentence.

    Each surface form is kept once, at its first place, as what says most of it. Title and headings are mentions
    at ``[0, 0)``; a title with a qualifier, ``Mercury (planet)``, also mentions the bare name. No model takes
    part: the rules are regular expressions and word lists, so that the same text gives the same extraction on
    any machine.

    Args:
        text: The text with its title and headings.

    Returns:
        Mentions, title and headings first, then by place; relations by sentence, then place.
    """
    sentences = _sentences(text.text)
    definitions = list(_definitions(text.text, sentences))
    within = sorted([*_mentions(text.text, sentences), *_defined(text.text, definitions)], key=_place)
    mentions: dict[str, Mention] = {}
    for mention in [*_above(text), *within]:
        mentions.setdefault(mention.surface, mention)
    relations = dict.fromkeys([*definitions, *_meetings(text.text, sentences, within)])
    return Extraction(text.source_id, tuple(mentions.values()), tuple(relations))


def _place(mention: Mention) -> tuple[int, int, int]:
    """Order by place, the longer first, then by what says most."""
    return mention.start, -mention.end, _TELLING.index(mention.kind)


def _above(text: SourceText) -> Iterator[Mention]:
    title = text.title.strip()
    if title:
        yield Mention(title, "title", 0, 0)
        bare = patterns.QUALIFIED.match(title)
        if bare:
            yield Mention(bare[1], "title", 0, 0)
    for heading in text.headings:
        name = patterns.NUMBERING.sub("", heading.strip())
        if name and name != title and name.lower() not in GENERIC_NOUNS and name.lower() not in STOP_WORDS:
            yield Mention(name, "heading", 0, 0)


def _sentences(text: str) -> list[_Span]:
    """Split at full stops before a capital, unless an abbreviation or an initial stands there, and at line ends."""
    spans = []
    start = 0
    for boundary in patterns.BOUNDARY.finditer(text):
        if boundary[1] and patterns.ABBREVIATED.search(text, max(start, boundary.start() - 8), boundary.start(1)):
            continue
        if text[start : boundary.start()].strip():
            spans.append(_Span(start, boundary.end(1) if boundary[1] else boundary.start()))
        start = boundary.end()
    if text[start:].strip():
        spans.append(_Span(start, len(text)))
    return spans


def _mentions(text: str, sentences: list[_Span]) -> Iterator[Mention]:
    shouted = [_shouts(text[span.start : span.end]) for span in sentences]
    starts = [span.start for span in sentences]
    yield from _headlines(text, sentences, shouted)
    yield from _spelled(text, patterns.code(), "code")
    yield from _spelled(text, patterns.date(), "date")
    yield from _quoted(text)
    yield from _acronyms(text, starts, shouted)
    yield from _terms(text, sentences)
    for match in patterns.name().finditer(text):
        sentence = bisect_right(starts, match.start()) - 1
        if not shouted[sentence]:
            opening = text[starts[sentence] : match.start()].strip(patterns.BULLETS) == ""
            yield from _names(text, match.start(), match.end(), opening=opening)


def _shouts(sentence: str) -> bool:
    upper = sum(map(str.isupper, sentence))
    return upper > _SHOUTED * sum(map(str.isalpha, sentence)) and len(sentence.split()) > 1 and upper > len("CODE")


def _headlines(text: str, sentences: list[_Span], shouted: list[bool]) -> Iterator[Mention]:
    for (start, end), shout in zip(sentences, shouted, strict=True):
        line = text[start:end].strip(patterns.BULLETS + ".:!?")
        if shout and 1 < len(line.split()) <= _MAX_NAME_WORDS:
            place = text.index(line, start)
            yield Mention(line, "heading", place, place + len(line))


def _spelled(text: str, pattern: patterns.Pattern, kind: EntityKind) -> Iterator[Mention]:
    for match in pattern.finditer(text):
        yield Mention(match[0], kind, match.start(), match.end())


def _quoted(text: str) -> Iterator[Mention]:
    for match in patterns.QUOTED.finditer(text):
        start, end = match.span(match.lastindex or 0)
        words = text[start:end].split()
        if 0 < len(words) <= _MAX_NAME_WORDS and not all(word.lower() in STOP_WORDS for word in words):
            yield Mention(text[start:end], "quoted", start, end)


def _acronyms(text: str, starts: list[int], shouted: list[bool]) -> Iterator[Mention]:
    for match in patterns.acronym().finditer(text):
        surface = match[1]
        if shouted[bisect_right(starts, match.start()) - 1] or surface.lower() in STOP_WORDS | ROMAN_NUMERALS:
            continue
        yield Mention(surface, "acronym", match.start(), match.start() + len(surface))


def _terms(text: str, sentences: list[_Span]) -> Iterator[Mention]:
    """Find what a sentence defines: ``X is a …``, where X is short and no pronoun."""
    for start, end in sentences:
        match = patterns.DEFINED.match(text, start, end)
        if match:
            words = match[1].lower().split()
            if (
                words[0] not in STOP_WORDS
                and words[-1] not in STOP_WORDS
                and words != [*GENERIC_NOUNS.intersection(words)]
            ):
                yield Mention(match[1], "term", *match.span(1))


def _names(text: str, start: int, end: int, *, opening: bool) -> Iterator[Mention]:
    """Give a capitalized phrase without the words that only start the sentence, and the names that it joins."""
    pieces = [(piece.start() + start, piece.end() + start) for piece in patterns.PIECE.finditer(text[start:end])]
    while pieces and text[slice(*pieces[0])].lower() in STOP_WORDS:
        pieces = pieces[1:]
        opening = False
    while pieces and text[slice(*pieces[-1])].lower() in STOP_WORDS:
        pieces = pieces[:-1]
    if not pieces or (len(pieces) == 1 and not _names_something(text, *pieces[0], opening=opening)):
        return
    if len(pieces) <= _MAX_NAME_WORDS:
        yield Mention(text[pieces[0][0] : pieces[-1][1]], "name", pieces[0][0], pieces[-1][1])
    yield from _joined(text, pieces)


def _joined(text: str, pieces: list[tuple[int, int]]) -> Iterator[Mention]:
    """Give both sides of an ``and`` and what stands behind an ``of``: ``Bank of Spain`` also mentions Spain."""
    joints = [n for n, (start, end) in enumerate(pieces) if text[start:end] in {"and", "&", "of"}]
    for before, after in zip([-1, *joints], [*joints, len(pieces)], strict=True):
        part = pieces[before + 1 : after]
        while part and text[slice(*part[0])].lower() in STOP_WORDS:
            part = part[1:]
        if not joints or not part or (before < 0 and text[slice(*pieces[after])] == "of"):
            continue
        span = _Span(part[0][0], part[-1][1])
        if len(part) > 1 or _names_something(text, *span, opening=False):
            yield Mention(text[span.start : span.end], "name", *span)


def _names_something(text: str, start: int, end: int, *, opening: bool) -> bool:
    word = text[start:end]
    low = word.lower()
    if low in STOP_WORDS or low in GENERIC_NOUNS or len(word.strip(".")) < 2 or not word[0].isalpha():
        return False
    # The first word of a sentence has its capital from there; it is a name unless it looks like another word.
    return not opening or not (low.endswith(("ing", "ed", "ly")) or f" {low}" in text)


def _definitions(text: str, sentences: list[_Span]) -> Iterator[Relation]:
    starts = [span.start for span in sentences]
    for match in patterns.acronym_beside_expansion().finditer(text):
        pair = _expansion(match)
        if pair:
            sentence = sentences[bisect_right(starts, match.start()) - 1]
            yield Relation(pair[0], SPELLED_OUT, pair[1], *sentence)
    for match in patterns.alias().finditer(text):
        sentence = sentences[bisect_right(starts, match.start()) - 1]
        yield Relation(match[2], "also known as", match[1], *sentence)


def _defined(text: str, definitions: list[Relation]) -> Iterator[Mention]:
    for relation in definitions:
        for surface in (relation.head, relation.tail):
            start = text.find(surface, relation.start, relation.end)
            if start >= 0:
                yield Mention(surface, "term", start, start + len(surface))


def _expansion(match: patterns.Match) -> tuple[str, str] | None:
    """Return acronym and expansion where the initials of the words beside a bracket spell what stands in it."""
    before, inside = match[1], match[2].strip()
    if patterns.acronym().fullmatch(inside):
        words = before.split()
        spelled = _spelled_by(inside.rstrip("s"), words)
        return (inside.rstrip("s"), " ".join(spelled)) if spelled else None
    last = before.split()[-1]
    words = inside.split()
    if patterns.acronym().fullmatch(last) and _spelled_by(last.rstrip("s"), words) == words:
        return last.rstrip("s"), inside
    return None


def _spelled_by(acronym: str, words: list[str]) -> list[str]:
    """Return the last words whose initials spell the acronym; small words may be left out of it."""
    letters = [letter.lower() for letter in acronym if letter.isalnum()]
    position = len(words)
    for letter in reversed(letters):
        position -= 1
        while position >= 0 and words[position].lower() in STOP_WORDS and words[position][0].lower() != letter:
            position -= 1
        if position < 0 or words[position].strip("\"'“")[:1].lower() != letter:
            return []
    return [word.strip("\"'“”,") for word in words[position:]]


def _meetings(text: str, sentences: list[_Span], found: list[Mention]) -> Iterator[Relation]:
    """Relate each entity of a sentence to the next one in it, with the words between as label."""
    starts = [span.start for span in sentences]
    by_sentence: dict[int, list[Mention]] = {}
    reached = 0
    for mention in found:
        # The longest of overlapping mentions speaks for them.
        if mention.start >= reached and mention.kind != "date":
            by_sentence.setdefault(bisect_right(starts, mention.start) - 1, []).append(mention)
            reached = mention.end
    for n, mentions in by_sentence.items():
        for head, tail in islice(pairwise(mentions), _MAX_RELATIONS_PER_SENTENCE):
            label = " ".join(text[head.end : tail.start].strip(" ,;:()[]\"“”'\n").split())
            if head.surface != tail.surface and len(label) <= _MAX_LABEL_CHARACTERS:
                yield Relation(head.surface, label or "beside", tail.surface, *sentences[n])
