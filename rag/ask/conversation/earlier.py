"""What earlier answers of a conversation rest on: noted in numbers, read only where it is live when the next is asked.

A receipt holds words of documents. Those of a document that was removed must not come back in a later one, so nothing
is taken out of a receipt but spans, and the words in them are read from the catalog anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rag.types import Ground, LiveChunk

# A conversation rarely reaches back further than so many answers, and each holds few spans.
_ANSWERS, _SPANS = 6, 6

Record = Mapping[str, Any]
Live = Callable[[Sequence[str]], Mapping[str, LiveChunk]]


@dataclass(frozen=True, slots=True)
class Said:
    """Words that an earlier answer gave, as they stand in a live document.

    Args:
        text: The words.
        ground: Where they stand.
        document_id: The document.
    """

    text: str
    ground: Ground
    document_id: str


def grounds(records: Sequence[Record]) -> tuple[Ground, ...]:
    """Return what the last answers of a conversation rest on, the newest first.

    Of each statement that is the phrase that answers, where one was read in it, then the cited span around it; of each
    question, the words of documents that it was completed with, so that "her" means the same person one question later.

    Args:
        records: Stored answers, oldest first.
    """
    found: dict[Ground, None] = {}
    for record in islice(reversed(records), _ANSWERS):
        cited = (ground for statement in record.get("statements") or () for ground in _cited(statement))
        carried = (_ground(each) for each in (record.get("query") or {}).get("carried") or ())
        found |= dict.fromkeys(islice((*cited, *carried), _SPANS))
    return tuple(found)


def refused(records: Sequence[Record]) -> tuple[int, ...]:
    """Return the places of the questions that were not answered: nothing they asked for is known.

    Args:
        records: Stored answers, oldest first.
    """
    return tuple(place for place, record in enumerate(records) if record.get("outcome") in {"refused", "failed"})


def recall(wanted: Sequence[Ground], live: Live) -> tuple[Said, ...]:
    """Return the words of those spans whose passage is live, in their order.

    Args:
        wanted: What earlier answers rest on.
        live: Gives those of the passages that may be shown; the others are gone, or were never this person's.
    """
    if not wanted:
        return ()
    passages = live(list(dict.fromkeys(ground.chunk_id for ground in wanted)))
    said = []
    for ground in wanted:
        passage = passages.get(ground.chunk_id)
        if passage is None or not passage.chunk.start <= ground.start < ground.end <= passage.chunk.end:
            continue
        start = passage.chunk.start
        text = passage.chunk.text[ground.start - start : ground.end - start]
        said.append(Said(text, ground, passage.chunk.document_id))
    return tuple(said)


def spoken(history: Sequence[str], said: Sequence[Said]) -> tuple[str, ...]:
    """Return what was asked and what was answered, each oldest first; a phrase in words that are there too is left out.

    Args:
        history: Earlier questions, oldest first.
        said: What earlier answers said, newest first.
    """
    whole = [each for each in said if not any(_inside(each.ground, other.ground) for other in said)]
    return (*history, *(each.text for each in reversed(whole)))


def _inside(ground: Ground, other: Ground) -> bool:
    within = other.start <= ground.start and ground.end <= other.end
    return ground != other and ground.chunk_id == other.chunk_id and within


def _cited(statement: Record) -> list[Ground]:
    """Return the spans of a statement: of its phrase, where that stands in what is cited, then of its citations."""
    citations = list(statement.get("citations") or ())
    phrase = statement.get("phrase")
    words = str(statement["text"])[slice(*phrase)] if phrase else ""
    spans = []
    for cited in citations:
        place = str(cited.get("quote", "")).find(words) if words else -1
        if place >= 0:
            start = int(cited["start"]) + place
            spans.append(Ground(str(cited["chunk"]), start, start + len(words)))
            break
    return [*spans, *map(_ground, citations)]


def _ground(known: Record) -> Ground:
    return Ground(str(known.get("chunk", "")), int(known["start"]), int(known["end"]))
