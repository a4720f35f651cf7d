"""The values of the knowledge graph; it knows texts and their source ids, nothing of chunks or documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

EntityKind = Literal["title", "heading", "name", "acronym", "code", "term", "quoted", "date"]

# Label of the relation between an acronym and what it abbreviates; resolution reads it.
SPELLED_OUT = "stands for"


@dataclass(frozen=True, slots=True)
class SourceText:
    """A text to extract from.

    Args:
        source_id: Where it comes from; everything extracted from it carries this id.
        text: The text.
        title: Title of the whole that the text is a part of; an entity that the text is about.
        headings: Headings above the text, outermost first.
    """

    source_id: str
    text: str
    title: str = ""
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """An entity's surface form at ``[start, end)`` of a source text (``start == end == 0`` for title and headings)."""

    surface: str
    kind: EntityKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Relation:
    """Two surface forms that a sentence ``[start, end)`` of the source text connects."""

    head: str
    label: str
    tail: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that one source text gave; the unit that is stored and removed."""

    source_id: str
    mentions: tuple[Mention, ...]
    relations: tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class Trail:
    """Why a source is a neighbour: alternating entity names and connections, from the question to the source."""

    steps: tuple[str, ...]


class Neighbour(NamedTuple):
    """A source that the graph leads to.

    Args:
        source_id: Its id.
        score: Personalized PageRank; higher is nearer.
        trail: The way to it, as the graph saw it.
    """

    source_id: str
    score: float
    trail: Trail
