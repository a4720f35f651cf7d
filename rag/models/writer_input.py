"""What a writer reads: question and evidence as one line of tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.models.pairs import special_ids
from rag.protocols import Excerpt

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# Tokens of the vocabulary that no text holds, and what they open.
_TITLE, _SENTENCE = "[unused4]", "[unused5]"
MAX_QUESTION_TOKENS, MAX_TITLE_TOKENS = 64, 24


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence of the evidence as it was read.

    Args:
        excerpt: Place of its excerpt from 0.
        number: Its place in the excerpt from 0.
        mark: Place of the token that opens it; its own tokens follow.
        offsets: Where each of them stands in the sentence, as half-open character spans.
    """

    excerpt: int
    number: int
    mark: int
    offsets: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class WriterInput:
    """``[CLS] question [SEP] title sentence sentence … [SEP]``, a mark before each title and sentence.

    Args:
        ids: Vocabulary ids.
        n_first: How many of them belong to the question, special tokens included.
        sentences: Those that found room, in their order.
    """

    ids: tuple[int, ...]
    n_first: int
    sentences: tuple[ReadSentence, ...]


class WriterTokens:
    """Makes the input of a writer; safe to use from many threads.

    Args:
        tokenizer: Of the model, without padding and truncation.
        max_tokens: Longest input; sentences that do not fit are left out.

    Raises:
        ModelError: The tokenizer is not that of a BERT.
    """

    def __init__(self, tokenizer: Tokenizer, *, max_tokens: int) -> None:
        self._tokenizer = tokenizer
        self.max_tokens = max_tokens
        self._begin, self._end = special_ids(tokenizer)
        self._title, self._sentence = self._mark(_TITLE), self._mark(_SENTENCE)

    def read(self, question: str, excerpts: Sequence[Excerpt]) -> WriterInput:
        """Return the input for a question and its evidence."""
        texts = [question, *(text for each in excerpts for text in (each.title, *each.sentences))]
        encoded = iter(self._tokenizer.encode_batch(texts, add_special_tokens=False))
        ids = [self._begin, *next(encoded).ids[:MAX_QUESTION_TOKENS], self._end]
        n_first, sentences = len(ids), list[ReadSentence]()
        for place, excerpt in enumerate(excerpts):
            title = next(encoded).ids[:MAX_TITLE_TOKENS]
            read = [next(encoded) for _ in excerpt.sentences]
            if title and len(ids) + len(title) + 2 <= self.max_tokens:
                ids += [self._title, *title]
            for number, each in enumerate(read):
                if not each.ids or len(ids) + len(each.ids) + 2 > self.max_tokens:
                    continue
                sentences.append(ReadSentence(place, number, len(ids), tuple(each.offsets)))
                ids += [self._sentence, *each.ids]
        return WriterInput((*ids, self._end), n_first, tuple(sentences))

    def _mark(self, mark: str) -> int:
        found = self._tokenizer.token_to_id(mark)
        # A BERT vocabulary has a thousand of them.
        return found if found is not None else self._end
