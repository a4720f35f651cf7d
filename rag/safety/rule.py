"""A rule for text that gives orders to an assistant, and the pieces that the rules of several kinds share."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

WITHIN = r"(?:[^.!?\n]|[.!?](?=[^\s\"'”’)]))"
"""A character within a sentence; a point inside an address or a number does not end it."""

BEGIN = (
    r"(?:^|[.!?:;,\-–—\]>)}|\"“‘*#%=~]\s*|\b(?:please|now|then|and|but|must|should|shall|will|just|only|instead|always"
    r"|never|also|first|simply|immediately|kindly|(?:can|could|would|will)\s+you|you|have\s+to|need\s+to"
    r"|want\s+you\s+to"
    r"|or|next|again|so|actually|finally|step\s+\d+:?|task:?|goal:?)\s+)"
)
"""Where an order can begin: at the start, behind a sign, or behind a word that hands it on."""

_SPOKEN = re.compile(r"[^\W\d_\u3040-\u30ff\u4e00-\u9fff]+|[\u3040-\u30ff\u4e00-\u9fff]|<\|")

_NO_LETTERS = {code: " " for code in range(128) if not chr(code).isalpha()}


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of order.

    Args:
        pattern: Finds it in a sentence.
        reason: What is said of it, as the end of "The text …".
        severe: Whether it holds a passage back by itself; otherwise it is only noted.
        needs: Sets of words, as `words_of` gives them, of each of which a sentence that breaks it has one. A pattern
            costs a hundred times as much as to look whether its words are there.
    """

    pattern: re.Pattern[str]
    reason: str
    severe: bool = True
    needs: tuple[frozenset[str], ...] = ()

    def is_broken_by(self, sentence: str, words: AbstractSet[str]) -> bool:
        """Tell whether a sentence with these words gives such an order."""
        return not any(need.isdisjoint(words) for need in self.needs) and bool(self.pattern.search(sentence))


def words_of(sentence: str) -> AbstractSet[str]:
    """Return the words of a sentence in lower case; each sign of Chinese and Japanese is one, and so is ``<|``."""
    if not sentence.isascii():
        return frozenset(_SPOKEN.findall(sentence.lower()))
    words = frozenset(sentence.lower().translate(_NO_LETTERS).split())
    return words | {"<|"} if "<|" in sentence else words


def needed(words: str) -> frozenset[str]:
    """Return a set of words that stand in a string, each ``word/s`` with its plural."""
    every = words.split()
    return frozenset(word.replace("/", "") for word in every) | {word.split("/")[0] for word in every}
