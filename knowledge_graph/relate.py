"""Find what a text says about two entities at once: definitions, aliases, and sentences in which they meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from knowledge_graph import patterns
from knowledge_graph.spot import Sentences
from knowledge_graph.types import SPELLED_OUT, Mention, Relation
from knowledge_graph.vocabulary import STOP_WORDS

# Words between two entities that say how they relate; more would no longer be a label.
_MAX_LABEL_CHARACTERS = 60
# A sentence that names more is a list, in which neighbours do not relate.
_MAX_RELATIONS_PER_SENTENCE = 12
# Longest look back from a bracket or an alias to the name that it belongs to.
_MAX_BEFORE_CHARACTERS = 120


def definitions(text: str, sentences: Sentences) -> Iterator[Relation]:
    """Yield acronyms with their expansion, ``Access Point (AP)``, and names with an alias, ``X, also known as Y``."""
    for bracket in patterns.BRACKETS.finditer(text):
        pair = _expansion(text[max(0, bracket.start() - _MAX_BEFORE_CHARACTERS) : bracket.start()], bracket[1].strip())
        if pair:
            yield Relation(pair[0], SPELLED_OUT, pair[1], *sentences.spans[sentences.at(bracket.start())])
    for alias in patterns.ALIAS.finditer(text):
        span = sentences.spans[sentences.at(alias.start())]
        head = patterns.name_after().match(text, alias.end())
        tail = patterns.name_before().search(
            text, max(span.start, alias.start() - _MAX_BEFORE_CHARACTERS), alias.start()
        )
        if head and tail:
            yield Relation(head[1], "also known as", tail[1], *span)


def defined(text: str, found: Sequence[Relation]) -> Iterator[Mention]:
    """Yield both ends of definitions as terms."""
    for relation in found:
        for surface in (relation.head, relation.tail):
            start = text.find(surface, relation.start, relation.end)
            if start >= 0:
                yield Mention(surface, "term", start, start + len(surface))


def meetings(text: str, sentences: Sentences, found: Sequence[Mention]) -> Iterator[Relation]:
    """Relate each entity of a sentence to the next one in it, with the words between as label.

    Args:
        text: The text.
        sentences: Its sentences.
        found: Mentions by place, the longer first; of overlapping ones the first speaks for all.
    """
    by_sentence: dict[int, list[Mention]] = {}
    reached = 0
    for mention in found:
        if mention.start >= reached and mention.kind != "date":
            by_sentence.setdefault(sentences.at(mention.start), []).append(mention)
            reached = mention.end
    for number, mentions in by_sentence.items():
        for head, tail in islice(pairwise(mentions), _MAX_RELATIONS_PER_SENTENCE):
            if head.surface != tail.surface and tail.start - head.end <= _MAX_LABEL_CHARACTERS:
                between = text[head.end : tail.start].removeprefix("'s").removeprefix("’s")
                label = " ".join(between.strip(" ,;:.()[]\"“”'’\n").split())
                yield Relation(head.surface, label or "beside", tail.surface, *sentences.spans[number])


def _expansion(before: str, inside: str) -> tuple[str, str] | None:
    """Return acronym and expansion where the initials of the words beside a bracket spell what stands in it."""
    found = patterns.WORDS_BEFORE.search(before)
    if not found:
        return None
    words = found[0].split()
    acronym = patterns.ACRONYM.fullmatch(inside)
    if acronym:
        spelled = _spelled_by(acronym[1], words)
        return (acronym[1], " ".join(spelled)) if spelled else None
    last = patterns.ACRONYM.fullmatch(words[-1])
    return (last[1], inside) if last and _spelled_by(last[1], inside.split()) == inside.split() else None


def _spelled_by(acronym: str, words: list[str]) -> list[str]:
    """Return the last words whose initials spell the acronym; small words may be left out of it."""
    bare = [word.strip("\"'“”,") for word in words]
    position = len(bare)
    for letter in reversed([letter.lower() for letter in acronym if letter.isalnum()]):
        position -= 1
        while position >= 0 and bare[position].lower() in STOP_WORDS and bare[position][:1].lower() != letter:
            position -= 1
        if position < 0 or bare[position][:1].lower() != letter:
            return []
    return bare[position:]
