"""Read entities and relations off a text by its writing: capitals, codes, quotation marks, definitions, dates."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge_graph import patterns
from knowledge_graph.relate import defined, definitions, meetings
from knowledge_graph.spot import Sentences, spot
from knowledge_graph.types import EntityKind, Extraction, Mention, SourceText
from knowledge_graph.vocabulary import GENERIC_NOUNS, STOP_WORDS

# Of several readings of one surface form the first of these is kept.
_TELLING: tuple[EntityKind, ...] = ("title", "heading", "acronym", "code", "term", "date", "quoted", "name")


def extract(text: SourceText) -> Extraction:
    """Return the entities that a text mentions and the relations of those that meet in a sentence.

    Each surface form is kept once, at its first place, as what says most of it. Title and headings are mentions
    at ``[0, 0)``; a title with a qualifier, ``Mercury (planet)``, also mentions the bare name. No model takes
    part: the rules are regular expressions and word lists, so that the same text gives the same extraction on
    any machine.

    Args:
        text: The text with its title and headings.

    Returns:
        Mentions, title and headings first, then by place, the longer first; relations by kind, then place.
    """
    sentences = Sentences(text.text)
    named = list(definitions(text.text, sentences))
    within = sorted([*spot(text.text, sentences), *defined(text.text, named)], key=_place)
    mentions: dict[str, Mention] = {}
    for mention in [*_above(text), *within]:
        mentions.setdefault(mention.surface, mention)
    relations = dict.fromkeys([*named, *meetings(text.text, sentences, within)])
    return Extraction(text.source_id, tuple(mentions.values()), tuple(relations))


def _place(mention: Mention) -> tuple[int, int, int]:
    return mention.start, -mention.end, _TELLING.index(mention.kind)


def _above(text: SourceText) -> Iterator[Mention]:
    title = text.title.strip()
    if title:
        yield Mention(title, "title", 0, 0)
        bare = patterns.QUALIFIED.match(title)
        if bare:
            yield Mention(bare[1], "title", 0, 0)
        yield from _named_in(title)
    for heading in text.headings:
        name = patterns.NUMBERING.sub("", heading.strip())
        if name and name != title and name.lower() not in GENERIC_NOUNS and name.lower() not in STOP_WORDS:
            yield Mention(name, "heading", 0, 0)
            yield from _named_in(name)


def _named_in(title: str) -> Iterator[Mention]:
    """Give codes, acronyms and names of several words; a single capital in a title says nothing."""
    for mention in sorted(spot(title, Sentences(title)), key=_place):
        if mention.kind in {"code", "acronym"} or (mention.kind == "name" and " " in mention.surface):
            yield Mention(mention.surface, mention.kind, 0, 0)
