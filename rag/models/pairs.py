"""Models that read two texts together: an encoder over the pair, and small heads on its hidden states."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import ModelError
from rag.models.bert import BertEncoder
from rag.models.bert_shape import encoder_shape
from rag.models.dense import Precision, measured_int8
from rag.models.machine import fast_bfloat16, fast_int8, tiled_bfloat16
from rag.sentences import Span

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

CONFIG = "config.json"
WEIGHTS = "model.safetensors"
# The part of the configuration that is ours: kind, version and longest pair.
OWN = "footnote"
VERSION = 1
_ROOM = 1.1
# Chance from which a token of the first text is named.
_NAMED = 0.5


def is_kind(folder: Path, kind: str) -> bool:
    """Return whether a folder holds a model of our own of that kind."""
    try:
        own = json.loads((folder / CONFIG).read_text(encoding="utf-8")).get(OWN)
    except (OSError, ValueError):
        return False
    return isinstance(own, dict) and own.get("kind") == kind


def special_ids(tokenizer: Tokenizer) -> tuple[int, int]:
    """Return the ids of ``[CLS]`` and ``[SEP]``.

    Raises:
        ModelError: The tokenizer is not that of a BERT.
    """
    first, last = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    if first is None or last is None:
        raise ModelError(
            "The tokenizer knows no [CLS] or [SEP]: it is not that of a BERT.", hint="Begin with a BERT encoder."
        )
    return first, last


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts as one input: ``[CLS] first [SEP] second [SEP]``.

    Args:
        ids: Vocabulary ids.
        n_first: How many of them belong to the first text, special tokens included.
        offsets: The tokens of the second text that are read, as character spans of it.
        first_offsets: The tokens of the first text that are read, likewise.
        first: The first text.
        second: The second text.
    """

    ids: tuple[int, ...]
    n_first: int
    offsets: tuple[tuple[int, int], ...]
    first_offsets: tuple[tuple[int, int], ...]
    first: str
    second: str = ""


class PairTokens:
    """Tokenizes pairs, safe to use from many threads.

    Args:
        tokenizer: Serialized fast tokenizer.
        max_tokens: Longest pair; a longer second text is cut at its end.
        max_first: Most tokens of the first text.
    """

    def __init__(self, tokenizer: str, *, max_tokens: int, max_first: int) -> None:
        from tokenizers import Tokenizer

        self._tokenizer: Tokenizer = Tokenizer.from_str(tokenizer)
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._max_tokens = max_tokens
        self._max_first = max_first
        self._cls, self._sep = special_ids(self._tokenizer)

    def pairs(self, firsts: Sequence[str], seconds: Sequence[str]) -> list[Pair]:
        """Return the pairs of texts at the same places."""
        distinct = list(dict.fromkeys(firsts))
        encoded = self._tokenizer.encode_batch(distinct, add_special_tokens=False)
        by_text = dict(zip(distinct, encoded, strict=True))
        pairs = []
        for text, read, second in zip(
            firsts, seconds, self._tokenizer.encode_batch(list(seconds), add_special_tokens=False), strict=True
        ):
            first = by_text[text]
            head = (self._cls, *first.ids[: self._max_first], self._sep)
            room = self._max_tokens - len(head) - 1
            pairs.append(
                Pair(
                    (*head, *second.ids[:room], self._sep),
                    len(head),
                    tuple(second.offsets[:room]),
                    tuple(first.offsets[: self._max_first]),
                    text,
                    read,
                )
            )
        return pairs


class PairModel:
    """An encoder of pairs with its heads, on the CPU.

    Args:
        folder: With ``config.json`` and ``model.safetensors``, as `rag.training` writes them.
        kind: What the configuration must call it, e.g. ``reader``.
        heads: Names of its heads; each has a weight and a bias.
        slot: Slot to name in errors.
        precision: Number format of the encoder's products; ``None`` takes the fastest that the processor has.

    Raises:
        ModelError: The folder holds another kind of model, or its weights do not fit its configuration.
    """

    def __init__(
        self, folder: Path, *, kind: str, heads: Sequence[str], slot: str, precision: Precision | None = None
    ) -> None:
        import torch
        from safetensors.torch import load_file

        config = own_config(folder, kind=kind, slot=slot)
        self.precision = precision or _fastest()
        self.max_tokens = int(config[OWN]["max_tokens"])
        shape = encoder_shape(config, max_tokens=self.max_tokens)
        self._encoder = BertEncoder(folder, shape=shape, name=kind, precision=self.precision)
        weights = load_file(folder / WEIGHTS)
        try:
            self._heads = {
                name: (weights[f"{name}.weight"].to(torch.float32), weights[f"{name}.bias"].to(torch.float32))
                for name in heads
            }
        except KeyError as exc:
            raise ModelError(
                f"The slot {slot!r} needs a {kind} in {str(folder)!r}, but {WEIGHTS!r} lacks {exc.args[0]!r}.",
                hint="Train or install it again, weights and configuration together.",
            ) from exc

    def states(self, pairs: Sequence[Pair]) -> tuple[Tensor, ...]:
        """Return the last hidden states of each pair, each ``(len(ids), dimension)``."""
        import torch

        states = self._encoder.pairs([pair.ids for pair in pairs], [pair.n_first for pair in pairs])
        return torch.split(states, [len(pair.ids) for pair in pairs])

    def head(self, name: str, states: Tensor) -> Tensor:
        """Return ``states · weightᵀ + bias`` of a head."""
        from torch.nn import functional

        return functional.linear(states, *self._heads[name])


def chosen_words(pair: Pair, chances: Sequence[float]) -> tuple[Span, ...]:
    """Return the words of the first text with a token whose chance is one half or more, neighbours as one span."""
    words: list[tuple[Span, float]] = []
    for (start, end), chance in zip(pair.first_offsets, chances, strict=True):
        if words and start == words[-1][0].end and pair.first[start - 1 : start + 1].isalnum():
            words[-1] = (Span(words[-1][0].start, end), max(words[-1][1], chance))
        else:
            words.append((Span(start, end), chance))
    spans: list[Span] = []
    for word, chance in words:
        if chance < _NAMED:
            continue
        if spans and word.start - spans[-1].end <= 1:
            spans[-1] = Span(spans[-1].start, word.end)
        else:
            spans.append(word)
    return tuple(spans)


def measure_inputs(folder: Path, pairs: Sequence[tuple[Sequence[int], int]]) -> None:
    """Measure how large the inputs of a model's layers are on examples, and note it in its weights.

    The 8-bit arithmetic needs it; every other leaves it unread.

    Args:
        folder: Folder of a pair model.
        pairs: Token ids of each example, and how many of them belong to its first text.
    """
    from safetensors.torch import load_file, save_file

    config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    shape = encoder_shape(config, max_tokens=int(config[OWN]["max_tokens"]))
    encoder = BertEncoder(folder, shape=shape, name=config[OWN]["kind"], precision="float32")
    largest = encoder.largest_inputs([ids for ids, _ in pairs], [n_first for _, n_first in pairs])
    # A little room for inputs that the examples did not hold; what goes beyond is cut.
    save_file(load_file(folder / WEIGHTS) | {name: size * _ROOM for name, size in largest.items()}, folder / WEIGHTS)


def _fastest() -> Precision:
    """Return the fastest number format of this processor (docs/performance.md).

    8-bit falls back to bfloat16 where nothing was measured.
    """
    if not tiled_bfloat16() and fast_int8() and measured_int8():
        return "measured-int8"
    return "bfloat16" if fast_bfloat16() else "float32"


def own_config(folder: Path, *, kind: str, slot: str) -> dict[str, Any]:
    """Return the configuration of a model of our own.

    Raises:
        ModelError: It cannot be read, or is that of another kind or version.
    """
    path = folder / CONFIG
    try:
        config: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise ModelError(
            f"The slot {slot!r} cannot read {str(path)!r}: {exc}.", hint="Train or install the model again."
        ) from exc
    own = config.get(OWN) if isinstance(config, dict) else None
    if not isinstance(own, dict) or own.get("kind") != kind or own.get("version") != VERSION:
        got = f"{own.get('kind')!r} version {own.get('version')!r}" if isinstance(own, dict) else "none of ours"
        raise ModelError(
            f"The slot {slot!r} expected a model of the kind {kind!r} version {VERSION} in {str(folder)!r}, got {got}.",
            hint=f"Train one with 'footnote train {kind}', or name a folder that holds one.",
        )
    if not isinstance(own.get("max_tokens"), int):
        raise ModelError(
            f"The slot {slot!r} needs the longest pair as {OWN}.max_tokens in {str(path)!r}, a number of tokens, "
            f"got {own.get('max_tokens')!r}.",
            hint="Train or install the model again.",
        )
    return config
