"""The embedder's tokenizer: ids for the model, and character spans for the chunker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ModelError
from rag.protocols import TokenSpan

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

# Longer texts are tokenized in pieces of about this length, so that memory stays bounded.
_PIECE_CHARACTERS = 100_000


@dataclass(frozen=True, slots=True)
class TokenIds:
    """The ids of one text as the model reads it.

    Args:
        ids: Vocabulary ids with the special tokens.
        special: For each id, whether it is a special token.
    """

    ids: tuple[int, ...]
    special: tuple[bool, ...]


class Tokens:
    """A fast tokenizer, safe to use from many threads.

    Args:
        tokenizer: Serialized fast tokenizer (the content of ``tokenizer.json``).
        max_tokens: Longest input of the model, special tokens included.
    """

    def __init__(self, tokenizer: str, *, max_tokens: int) -> None:
        from tokenizers import Tokenizer

        # Two of them, because truncation is a state of the tokenizer, and changing it is not thread-safe.
        self._whole: Tokenizer = Tokenizer.from_str(tokenizer)
        self._whole.no_padding()
        self._whole.no_truncation()
        self._cut: Tokenizer = Tokenizer.from_str(tokenizer)
        self._cut.no_padding()
        self._cut.enable_truncation(max_tokens)

    def ids(self, texts: Sequence[str]) -> list[TokenIds]:
        """Return the ids of each text, special tokens included, cut at the longest input of the model."""
        encodings: list[Encoding] = self._cut.encode_batch(list(texts))
        return [TokenIds(tuple(e.ids), tuple(map(bool, e.special_tokens_mask))) for e in encodings]

    def spans(self, text: str) -> list[TokenSpan]:
        """Return the tokens of a text of any length as character spans, special tokens left out."""
        spans: list[TokenSpan] = []
        for begin, piece in _pieces(text):
            encoding: Encoding = self._whole.encode(piece, add_special_tokens=False)
            spans.extend(TokenSpan(begin + start, begin + end) for start, end in encoding.offsets)
        return spans


def read_tokenizer(folder: Path) -> str:
    """Return the serialized fast tokenizer of a model folder.

    Raises:
        ModelError: There is none.
    """
    path = folder / "tokenizer.json"
    try:
        return path.read_text(encoding="utf-8")
    except OSError as exc:
        raise ModelError(
            f"The model in {str(folder)!r} has no fast tokenizer: {str(path)!r} cannot be read.",
            hint="Save the model with a fast tokenizer.",
        ) from exc


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield the text in pieces that end after white space, with their offsets; a text without any is cut anywhere."""
    begin = 0
    while len(text) - begin > _PIECE_CHARACTERS:
        limit = begin + _PIECE_CHARACTERS
        cut = max(text.rfind(space, begin, limit) for space in " \n\t") + 1
        end = cut if cut > begin else limit
        yield begin, text[begin:end]
        begin = end
    yield begin, text[begin:]
