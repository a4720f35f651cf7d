"""Which words stand together in a sentence of the passages: those go together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from rag.ask.texts.rows import words_of
from rag.sentences import sentence_spans
from rag.types import Hit

# A word this near to the name of a thing says what it is: "the Plank 8 switch".
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Together:
    """The sentences of some passages, their titles and headings among them.

    Args:
        sentences: Stems of the words of each, in order.
        holding: Places of the sentences that hold a stem.
    """

    sentences: tuple[tuple[str, ...], ...]
    holding: Mapping[str, frozenset[int]]

    @classmethod
    def of(cls, hits: Sequence[Hit]) -> Together:
        """Return the sentences of passages."""
        sentences = tuple(_sentences(hits))
        holding: dict[str, set[int]] = {}
        for place, sentence in enumerate(sentences):
            for word in sentence:
                holding.setdefault(word, set()).add(place)
        return cls(sentences, {word: frozenset(places) for word, places in holding.items()})

    def describes(self, word: str, thing: tuple[str, ...]) -> bool:
        """Return whether a word stands next to the name of a thing in some sentence."""
        n = len(thing)
        return any(
            word in (*sentence[max(i - _NEAR, 0) : i], *sentence[i + n : i + n + _NEAR])
            for sentence in (self.sentences[place] for place in sorted(self._with((word, *thing))))
            for i in range(len(sentence) - n + 1)
            if sentence[i : i + n] == thing
        )

    def n_beside(self, name: tuple[str, ...], words: Collection[str]) -> int:
        """Return how many of some words stand in a sentence with a name."""
        together = self._with(name) if name else frozenset(range(len(self.sentences)))
        return sum(not together.isdisjoint(self.holding.get(word, ())) for word in words)

    def _with(self, words: Sequence[str]) -> frozenset[int]:
        """Return the places of the sentences that hold all of some words."""
        return frozenset.intersection(*(self.holding.get(word, frozenset()) for word in words))


def _sentences(hits: Sequence[Hit]) -> list[tuple[str, ...]]:
    found = []
    for hit in hits:
        chunk = hit.passage.chunk
        found.append(words_of(" ".join((hit.passage.title, *chunk.headings))))
        found += [words_of(chunk.text[span.start : span.end]) for span in sentence_spans(chunk.text)]
    return found
