"""Which sentences of a passage an answer was made of, and which of their words it took over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from rag import lexis
from rag.sentences import Span

_WORD = re.compile(r"\w+(?:['’]\w+)?")
# A sentence with fewer words of the answer that say something, none of them explained by another, is not behind it.
_LEAST_SHARED = 2


class _Word(NamedTuple):
    span: Span
    stem: str
    says: bool


def aligned(answer: str, sentences: Sequence[str]) -> list[tuple[Span, ...] | None]:
    """Return for each sentence the words that an answer took over from it; ``None`` where it is not made of it.

    The sentence that explains most of the answer comes first; each word of the answer is explained once, and words keep
    their order within a sentence.

    Args:
        answer: In whole sentences, close to the wording of the passage.
        sentences: Of the passage.
    """
    wanted = _words(answer)
    free = [True] * len(wanted)
    words = [_words(sentence) for sentence in sentences]
    found: list[tuple[Span, ...] | None] = [None] * len(sentences)
    for _ in sentences:
        # What is explained already matches nothing.
        left = [word.stem if open_ else str(n) for n, (word, open_) in enumerate(zip(wanted, free, strict=True))]
        best, n_best, n_said = list[tuple[int, int]](), -1, _LEAST_SHARED - 1
        for n, own in enumerate(words):
            if found[n] is not None:
                continue
            pairs = _matched(left, [word.stem for word in own])
            if (said := sum(wanted[one].says for one, _ in pairs)) > n_said:
                best, n_best, n_said = pairs, n, said
        if n_best < 0:
            break
        for one, _ in best:
            free[one] = False
        found[n_best] = tuple(words[n_best][other].span for _, other in best)
    return found


def _matched(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """Return the places of words that stand in both, in the same order."""
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return [(block.a + n, block.b + n) for block in blocks for n in range(block.size)]


def _words(text: str) -> list[_Word]:
    return [
        # A stem holds a letter: the numbers that stand for explained words cannot be taken for one.
        _Word(Span(*match.span()), f"w{lexis.stem(match[0].casefold())}", bool(lexis.stems(match[0])))
        for match in _WORD.finditer(text)
    ]
