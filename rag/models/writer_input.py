"""What a writer reads: task, question and evidence as one line of tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rag.models.pairs import special_ids
from rag.models.surface import Source
from rag.protocols import Excerpt

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

Task = Literal["answer", "brief", "follow-up"]
# Tokens of the vocabulary that no text holds, and what they say.
_MARKS = {"answer": "[unused1]", "brief": "[unused2]", "follow-up": "[unused3]", "title": "[unused4]"}
_SENTENCE, _REFUSAL = "[unused5]", "[unused6]"
MAX_QUESTION_TOKENS, MAX_TITLE_TOKENS, MAX_SENTENCE_TOKENS = 64, 24, 96


@dataclass(frozen=True, slots=True)
class WriterInput:
    """``[CLS] task question [SEP] title sentence sentence … [SEP]``, a mark before each part.

    Args:
        ids: Vocabulary ids.
        n_first: How many of them belong to the task and the question, special tokens included.
        copied: For each whether it may be copied: it is a word of the question or the evidence.
        sources: The evidence and then the question, to spell from.
    """

    ids: tuple[int, ...]
    n_first: int
    copied: tuple[bool, ...]
    sources: tuple[Source, ...]


class WriterTokens:
    """Makes the input of a writer; safe to use from many threads.

    Args:
        tokenizer: Of the model, without padding and truncation.
        max_tokens: Longest input; excerpts that do not fit are left out from the end, a longer sentence is cut.

    Raises:
        ModelError: The tokenizer is not that of a BERT.
    """

    def __init__(self, tokenizer: Tokenizer, *, max_tokens: int) -> None:
        self._tokenizer = tokenizer
        self.max_tokens = max_tokens
        self.begin, self.end = special_ids(tokenizer)
        self.refusal = self._mark(_REFUSAL)
        self._marks = {name: self._mark(mark) for name, mark in _MARKS.items()}
        self._sentence = self._mark(_SENTENCE)

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the tokens of texts, without special ones."""
        return [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    def pieces(self, ids: Sequence[int]) -> list[str]:
        """Return each token as the vocabulary spells it."""
        return [self._tokenizer.id_to_token(token) or "" for token in ids]

    def target(self, text: str, *, max_tokens: int) -> tuple[int, ...]:
        """Return what is to be written: a text with the end behind it, or a refusal where it is empty."""
        ids = self.encode([text])[0][:max_tokens] if text else [self.refusal]
        return (*ids, self.end)

    def read(self, task: Task, question: str, excerpts: Sequence[Excerpt]) -> WriterInput:
        """Return the input of a task."""
        texts = [question, *(text for each in excerpts for text in (each.title, *each.sentences))]
        encoded = iter(self._tokenizer.encode_batch(texts, add_special_tokens=False))
        asked = next(encoded)
        first = _cut(asked, question, MAX_QUESTION_TOKENS)
        ids = [self.begin, self._marks[task], *first.ids, self.end]
        copied = [False, False, *(True for _ in first.ids), False]
        n_first, sources = len(ids), list[Source]()
        for excerpt in excerpts:
            title = _cut(next(encoded), excerpt.title, MAX_TITLE_TOKENS)
            sentences = [_cut(next(encoded), text, MAX_SENTENCE_TOKENS) for text in excerpt.sentences]
            parts = [(self._marks["title"], title)] if title.ids else []
            for mark, part in (*parts, *((self._sentence, each) for each in sentences)):
                if len(ids) + len(part.ids) + 2 > self.max_tokens:
                    break
                ids += [mark, *part.ids]
                copied += [False, *(True for _ in part.ids)]
                sources.append(part)
        return WriterInput((*ids, self.end), n_first, (*copied, False), (*sources, first))

    def _mark(self, mark: str) -> int:
        found = self._tokenizer.token_to_id(mark)
        # A BERT vocabulary has a thousand of them.
        return found if found is not None else self.end


def _cut(encoding: Encoding, text: str, most: int) -> Source:
    return Source(text, tuple(encoding.ids[:most]), tuple(encoding.offsets[:most]))
