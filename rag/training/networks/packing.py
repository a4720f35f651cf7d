"""Texts as the numbers that a batch of the encoder holds: token ids one below the other, without padding."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from rag.models.pairs import special_ids
from rag.models.writer_input import WriterTokens
from rag.sentences import Span
from rag.training.claims.claim import Claim
from rag.training.examples.shapes import Group, Reading
from rag.training.writings.aligning import aligned
from rag.training.writings.given import Writing

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

UNKNOWN = -1
# Texts tokenized at once: what the tokenizer says of a text takes many times the room of its ids.
_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Encoded:
    """One pair of texts as the encoder reads it: ``[CLS] first [SEP] second [SEP]``.

    Args:
        ids: Vocabulary ids.
        n_first: How many of them belong to the first text, special tokens included.
        start: Place of the answer's first token; 0 where there is none, -1 where it is not known.
        end: Place of its last token, likewise.
        answers: 1 or 0; -1 where it is not known.
        relevant: 1 or 0; -1 where the pair has no place in a ranking.
        unmet: For each token of the first text 1 where the second says nothing of it, else 0; empty if not known.
    """

    ids: tuple[int, ...]
    n_first: int
    start: int = UNKNOWN
    end: int = UNKNOWN
    answers: int = UNKNOWN
    relevant: int = UNKNOWN
    unmet: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class EncodedClaim:
    """A claim with its source as the encoder reads them: ``[CLS] claim [SEP] source [SEP]``.

    Args:
        ids: Vocabulary ids.
        n_first: How many of them belong to the claim, special tokens included.
        supported: Whether the source supports the claim.
        faults: For each token 1 where it is a wrong word of the claim, 0 where it is a right one, else -1.
    """

    ids: tuple[int, ...]
    n_first: int
    supported: bool
    faults: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EncodedWriting:
    """A question with its evidence as the writer reads them, see `rag.models.writer_input`.

    Args:
        ids: Vocabulary ids.
        n_first: How many of them belong to the question, special tokens included.
        used: For each mark of a sentence 1 where the answer is made of it, else 0; -1 for every other token.
        kept: For each token of a sentence that is used 1 where the answer keeps its word, else 0; -1 for the others.
    """

    ids: tuple[int, ...]
    n_first: int
    used: tuple[int, ...]
    kept: tuple[int, ...]


def encoded_writing(writing: Writing, tokens: WriterTokens) -> EncodedWriting:
    """Return a writing as numbers, the sentences that its answer is made of marked."""
    read = tokens.read(writing.question, writing.excerpts)
    texts = [text for excerpt in writing.excerpts for text in excerpt.sentences]
    taken = iter(aligned(writing.target, texts) if writing.target else [None] * len(texts))
    behind = {
        (place, number): next(taken)
        for place, excerpt in enumerate(writing.excerpts)
        for number in range(len(excerpt.sentences))
    }
    used, kept = [UNKNOWN] * len(read.ids), [UNKNOWN] * len(read.ids)
    for each in read.sentences:
        words = behind[each.excerpt, each.number]
        used[each.mark] = int(words is not None)
        for n, (start, end) in enumerate(each.offsets if words is not None else ()):
            if writing.excerpts[each.excerpt].sentences[each.number][start:end].isalnum():
                inside = any(start < word.end and end > word.start for word in words or ())
                kept[each.mark + 1 + n] = int(inside)
    return EncodedWriting(read.ids, read.n_first, tuple(used), tuple(kept))


class PairEncoder:
    """Encodes pairs of texts.

    Args:
        tokenizer: Of the model, without padding and truncation.
        max_tokens: Longest pair.
        max_first: Most tokens of the first text.
        seed: Where a window of a long second text begins is left to chance, so that answers stand anywhere in it.
    """

    def __init__(self, tokenizer: Tokenizer, *, max_tokens: int, max_first: int, seed: int) -> None:
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens
        self._max_first = max_first
        self._random = random.Random(seed)  # noqa: S311 - training examples
        self._cls, self._sep = special_ids(tokenizer)

    def groups(self, groups: Sequence[Group]) -> list[list[Encoded]]:
        """Return the readings of each group."""
        return [rows for n in range(0, len(groups), _AT_ONCE) for rows in self._groups(groups[n : n + _AT_ONCE])]

    def claims(self, claims: Sequence[Claim]) -> list[EncodedClaim]:
        """Return the claims with their sources; the end of a long source is cut."""
        return [row for n in range(0, len(claims), _AT_ONCE) for row in self._claims(claims[n : n + _AT_ONCE])]

    def _groups(self, groups: Sequence[Group]) -> list[list[Encoded]]:
        questions = self._tokenizer.encode_batch([group.question for group in groups], add_special_tokens=False)
        passages = self._tokenizer.encode_batch(
            [reading.passage for group in groups for reading in group.readings], add_special_tokens=False
        )
        encoded, place = [], 0
        for group, question in zip(groups, questions, strict=True):
            first = [self._cls, *question.ids[: self._max_first], self._sep]
            rows = []
            for reading in group.readings:
                rows.append(self._reading(question, first, passages[place], reading))
                place += 1
            encoded.append(rows)
        return encoded

    def _claims(self, claims: Sequence[Claim]) -> list[EncodedClaim]:
        firsts = self._tokenizer.encode_batch([claim.text for claim in claims], add_special_tokens=False)
        seconds = self._tokenizer.encode_batch([claim.source for claim in claims], add_special_tokens=False)
        return [self._claim(claim, first, second) for claim, first, second in zip(claims, firsts, seconds, strict=True)]

    def _claim(self, claim: Claim, first: Encoding, second: Encoding) -> EncodedClaim:
        head = (self._cls, *first.ids[: self._max_first], self._sep)
        ids = (*head, *second.ids[: self._max_tokens - len(head) - 1], self._sep)
        faults = [UNKNOWN] * len(ids)
        if claim.faults is not None:
            touched = self._touched(first, claim.faults)
            faults[1 : 1 + len(touched)] = touched
        return EncodedClaim(ids, len(head), claim.supported, tuple(faults))

    def _reading(self, question: Encoding, first: Sequence[int], passage: Encoding, reading: Reading) -> Encoded:
        room = self._max_tokens - len(first) - 1
        inside = _tokens_of(reading.answer, passage.offsets) if reading.answer is not None else None
        begin = self._window(len(passage.ids), room, inside)
        ids = (*first, *passage.ids[begin : begin + room], self._sep)
        if inside is not None:
            start, end = (len(first) + place - begin for place in inside)
        else:
            start = end = 0 if reading.answers is False else UNKNOWN
        if start > 0 and end >= len(ids) - 1:
            start = end = UNKNOWN
        unmet = () if reading.unmet is None else (0, *self._touched(question, reading.unmet), 0)
        return Encoded(ids, len(first), start, end, _label(reading.answers), _label(reading.relevant), unmet)

    def _touched(self, text: Encoding, spans: Sequence[Span]) -> tuple[int, ...]:
        """Return, for each token of a first text that is read, whether it touches one of the spans."""
        return tuple(
            int(any(start < span.end and end > span.start for span in spans))
            for start, end in text.offsets[: self._max_first]
        )

    def _window(self, length: int, room: int, inside: tuple[int, int] | None) -> int:
        if length <= room:
            return 0
        if inside is None:
            return 0 if self._random.random() < 0.5 else self._random.randint(0, length - room)
        least, most = max(0, inside[1] + 1 - room), min(inside[0], length - room)
        return self._random.randint(least, most) if least <= most else min(inside[0], length - room)


def _tokens_of(span: Span, offsets: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Return the first and last token that touch a span of characters."""
    touched = [place for place, (start, end) in enumerate(offsets) if start < span.end and end > span.start]
    return (touched[0], touched[-1]) if touched else None


def _label(known: bool | None) -> int:  # noqa: FBT001 - a label, not a switch
    return UNKNOWN if known is None else int(known)


Row = TypeVar("Row", Encoded, EncodedClaim, EncodedWriting)


def batches(groups: Sequence[Sequence[Row]], *, max_tokens: int, seed: int) -> list[list[list[Row]]]:
    """Return the groups in random order, as many in a batch as its tokens allow; every group stays whole."""
    order = list(groups)
    random.Random(seed).shuffle(order)  # noqa: S311 - training examples
    made: list[list[list[Row]]] = []
    used = max_tokens
    for group in order:
        size = sum(len(each.ids) for each in group)
        if used + size > max_tokens:
            made.append([])
            used = 0
        made[-1].append(list(group))
        used += size
    return made
