"""Sections that say themselves until when or since when they hold: last year's prices on a sheet, an old rota.

The standing of a document says nothing of them. A passage of such a section gives way to the others of its document.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from rag import lexis
from rag.ask.texts.rows import CELLS
from rag.sentences import sentence_spans
from rag.standing import told
from rag.types import Hit, LiveChunk, Standing
from rag.validity import said_by_heading, said_by_sentence, status_of

# So many sentences at the beginning of a section may speak of it.
_OPENING = 2
_PATH = " › "

HOLDS = "section_holds"
"""The feature of a passage whose section says itself that it holds on the day of the question."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a document that says of itself when it holds.

    Args:
        name: Title of its document and headings.
        heading: The heading that it stands under.
        standing: What it says.
    """

    name: str
    heading: str
    standing: Standing

    def holds(self, on: str, *, today: str) -> bool:
        """Tell whether it holds on a day; what begins later than today is told of all the same."""
        begun = on < today or (self.standing.effective_from or "") <= on
        return not begun or self.standing.in_force(on) is not False

    def told(self, on: str) -> str:
        """Return in a few words why it does not hold on a day."""
        over = (self.standing.effective_to or on) < on and self.standing.status in {"in force", "unknown"}
        return told(replace(self.standing, status="expired") if over else self.standing, on=on)

    def asked_for(self, question: str) -> bool:
        """Tell whether a question names it by what sets it apart: its year, or that it is the old one."""
        return bool(_apart(self.heading) & _apart(question))


def section_of(passage: LiveChunk) -> Section | None:
    """Return the section of a passage that says of itself when it holds; ``None`` for every other."""
    chunk = passage.chunk
    found: dict[str, str] = {}
    heading = ""
    for name, sayings in _sayings(passage):
        for key, value in sayings:
            heading = heading or name
            found.setdefault(key, value)
    if not found or found.get("effective_to", "9") < found.get("effective_from", ""):
        return None
    status = status_of(found.get("status", "")) or "unknown"
    if status == "unknown" and "effective_from" in found:
        status = "in force"
    standing = Standing(status, found.get("effective_from"), found.get("effective_to"))
    return Section(_PATH.join(dict.fromkeys((passage.title, *chunk.headings))), heading, standing)


def give_way(
    hits: Sequence[Hit], question: str, *, on: str, today: str, reports: Collection[str] = frozenset()
) -> list[Hit]:
    """Return the passages, those of sections that do not hold marked as set back, those that do as `HOLDS`.

    A section gives way where another passage of its document is there that holds, and the question does not name it.

    Args:
        hits: Best first.
        question: As it was looked up.
        on: The day that the question is about, ISO 8601.
        today: The day on which it is asked.
        reports: Ids of the documents that tell what happened; nothing of them gives way.
    """
    sections = {hit.passage.chunk.id: section for hit in hits if (section := section_of(hit.passage))}
    out = {
        chunk_id
        for chunk_id, section in sections.items()
        if not section.holds(on, today=today) and not section.asked_for(question)
    }
    stays = {hit.passage.chunk.document_id for hit in hits if hit.passage.chunk.id not in out} - set(reports)

    def marked(hit: Hit) -> Hit:
        chunk = hit.passage.chunk
        if chunk.id in out and chunk.document_id in stays:
            return replace(hit, features={**hit.features, "in_force": 0.0, "set_back": 1.0})
        if chunk.id in sections and sections[chunk.id].standing.in_force(on):
            return replace(hit, features={**hit.features, HOLDS: 1.0})
        return hit

    return list(map(marked, hits))


def _sayings(passage: LiveChunk) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the innermost heading that says something with what it says, then what the section's first lines say."""
    chunk = passage.chunk
    names = [name for name in chunk.headings if name.casefold() != passage.title.casefold()]
    for name in reversed(names):
        if sayings := list(said_by_heading(name)):
            yield name, sayings
            break
    # What the beginning of a document says is its standing, but for the first of several sheets.
    of_its_own = chunk.ordinal > 0 or passage.media_type.endswith("sheet")
    if names and of_its_own and chunk.text.casefold().startswith(names[-1].casefold()):
        # No sentence goes over a line's end, so that so many lines hold so many sentences.
        lines = [line for line in chunk.text[len(names[-1]) :].split("\n") if line.strip()]
        text = "\n".join(lines[:_OPENING])
        for span in sentence_spans(text)[:_OPENING]:
            sentence = text[span.start : span.end]
            if CELLS in sentence:
                break
            yield names[-1], list(said_by_sentence(sentence, first=True))


_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_OLD = lexis.stems("old former previous earlier past superseded expired archived obsolete outdated draft")


def _apart(text: str) -> frozenset[str]:
    """Return the years of a text, and one word for all that say that it is not the one that holds."""
    return frozenset(_YEAR.findall(text)) | ({"old"} if _OLD & lexis.stems(text) else frozenset())
