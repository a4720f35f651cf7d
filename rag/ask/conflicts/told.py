"""What sentences of the evidence tell, each read once: of one sentence, and of all of a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from rag.ask.conflicts.alignment import Said
from rag.sentences import Span

Telling = TypeVar("Telling")


class Told(Generic[Telling]):
    """Keeps what was read of each sentence.

    Args:
        sentences: All sentences of the evidence.
        read: Reads one.
    """

    def __init__(self, sentences: Sequence[Said], read: Callable[[Said], Iterable[Telling]]) -> None:
        self._sentences = sentences
        self._read = read
        self._kept: dict[tuple[str, Span], tuple[Telling, ...]] = {}

    def by(self, said: Said) -> tuple[Telling, ...]:
        """Return what a sentence tells."""
        key = said.hit.passage.chunk.id, said.span
        if key not in self._kept:
            self._kept[key] = tuple(self._read(said))
        return self._kept[key]

    def by_document(self, document_id: str) -> Iterator[Telling]:
        """Yield what the sentences of a document tell, one after the other."""
        for said in self._sentences:
            if said.document_id == document_id:
                yield from self.by(said)
