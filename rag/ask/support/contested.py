"""Hold what a sentence rests on against all that was read beside it: another clause may say otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag import lexis
from rag.ask.support.attribute import Attribution, Source
from rag.clauses.against import against
from rag.clauses.reading import Sentence, sentences_of
from rag.safety.orders import gives_orders
from rag.types import Hit


def contested(text: str, found: Attribution, sources: Sequence[Source]) -> Attribution:
    """Return an attribution with what stands against the sentence in any of the passages, whatever its support.

    Args:
        text: The sentence.
        found: What it rests on.
        sources: All sentences of the passages.
    """
    if not found.spans:
        return found
    chunks = {source.hit.passage.chunk.id: source.hit for source in sources}
    read = {chunk_id: _clauses_of(hit) for chunk_id, hit in chunks.items()}
    spans = {(source.hit.passage.chunk.id, source.text) for source in found.spans}
    resting = [each for chunk_id, said in read.items() for each in said if (chunk_id, each.text) in spans]
    return replace(found, against=against(text, resting, [each for said in read.values() for each in said]))


def _clauses_of(hit: Hit) -> list[Sentence]:
    """Return the sentences of a passage in clauses, below its title and headings; orders to an assistant are none."""
    passage = hit.passage
    above = lexis.stems("\n".join((passage.title, *passage.chunk.headings)))
    read = sentences_of(passage.chunk.text)
    return [replace(each, above=above) for each in read if not gives_orders(each.text)]
