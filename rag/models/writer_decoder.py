"""The writer's decoder, one token at a time: what was computed of the tokens before is kept.

Source: docs/decisions/0026-a-writer.md; See et al. 2017, https://arxiv.org/abs/1704.04368 (pointer-generator).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.models.machine import fast_bfloat16

if TYPE_CHECKING:
    from torch import Tensor

# Commonest words of the vocabulary, which compete in every text: as in `rag.training.writer`.
COMMON = (999, 4000)


@dataclass(frozen=True, slots=True)
class _Dense:
    weight: Tensor
    bias: Tensor

    def __call__(self, x: Tensor) -> Tensor:
        from torch.nn import functional

        return functional.linear(x, self.weight, self.bias)


@dataclass(slots=True)
class Writing:
    """A text that is being written.

    Args:
        ids: Of the source.
        copied: Which of them may be copied, shape ``(s,)``.
        source: States of the source, shape ``(s, width)``.
        keys: What the pointer compares, likewise.
        read: Key and value of the source by layer, each ``(heads, s, width of a head)``.
        candidates: Vocabulary ids that compete, sorted.
        words: Their rows of the embedding.
        bias: Their biases.
        own: Key and value of the tokens written so far by layer, each ``(heads, t, width of a head)``.
        n: Tokens taken so far.
    """

    ids: Tensor
    copied: Tensor
    source: Tensor
    keys: Tensor
    read: list[tuple[Tensor, Tensor]]
    candidates: Tensor
    words: Tensor
    bias: Tensor
    own: list[tuple[Tensor, Tensor]] = field(default_factory=list)
    n: int = 0


class Decoder:
    """The decoder of a writer on the CPU.

    Args:
        weights: Tensors by the names of `rag.training.writer.WriterNetwork`.
        n_layers: Of the decoder.
        n_heads: Of each attention.
        epsilon: Added to the variance by layer normalization.

    Raises:
        KeyError: A tensor is missing.
    """

    def __init__(self, weights: Mapping[str, Tensor], *, n_layers: int, n_heads: int, epsilon: float) -> None:
        import torch

        self._n_heads, self._epsilon = n_heads, epsilon
        self._kind = torch.bfloat16 if fast_bfloat16() else torch.float32
        self._norms = {
            name.removesuffix(".weight"): (
                tensor.to(self._kind),
                weights[f"{name.removesuffix('weight')}bias"].to(self._kind),
            )
            for name, tensor in weights.items()
            if name.endswith("norm.weight") and not name.startswith("bert.")
        }
        self._weights = weights
        self._words = weights["bert.embeddings.word_embeddings.weight"].to(self._kind)
        self._positions = weights["positions.weight"].to(self._kind)
        self.max_target = len(self._positions)
        self._bias = weights["bias"].float()
        self._layers = [self._layer(f"layers.{i}.") for i in range(n_layers)]
        self._transform = self._dense("transform")
        self._point_query, self._point_key = self._dense("point_query"), self._dense("point_key")
        self._gate = self._dense("gate")
        self._weights = {}

    def begin(self, ids: Sequence[int], copied: Sequence[bool], source: Tensor, candidates: Sequence[int]) -> Writing:
        """Return a text of which nothing is written.

        Args:
            ids: Of the source.
            copied: Which of them may be copied.
            source: Its hidden states, shape ``(len(ids), width)``.
            candidates: Vocabulary ids that may be written; the commonest words are added.
        """
        import torch

        known = torch.unique(torch.tensor([*candidates, *ids, *range(*COMMON)]))
        source = source.to(self._kind)
        read = [
            (self._heads(layer["read.key"](source)), self._heads(layer["read.value"](source))) for layer in self._layers
        ]
        places = torch.tensor(list(copied))
        return Writing(
            torch.tensor(list(ids)),
            places,
            source,
            self._point_key(source),
            read,
            known,
            self._words[known],
            self._bias[known],
        )

    def step(self, writing: Writing, token: int) -> Tensor:
        """Take a token and return the chances of the next, shape ``(len(candidates),)``, float32."""
        import torch
        from torch.nn import functional

        x = self._norm(self._words[token] + self._positions[writing.n], "norm")[None]
        for number, layer in enumerate(self._layers):
            key, value = self._heads(layer["own.key"](x)), self._heads(layer["own.value"](x))
            if writing.n:
                key = torch.cat([writing.own[number][0], key], dim=1)
                value = torch.cat([writing.own[number][1], value], dim=1)
                writing.own[number] = (key, value)
            else:
                writing.own.append((key, value))
            prefix = f"layers.{number}."
            seen = layer["own.output"](self._attend(layer["own.query"](x), key, value))
            x = self._norm(x + seen, f"{prefix}own_norm")
            seen = layer["read.output"](self._attend(layer["read.query"](x), *writing.read[number]))
            x = self._norm(x + seen, f"{prefix}read_norm")
            x = self._norm(x + layer["narrow"](functional.gelu(layer["widen"](x))), f"{prefix}norm")
        writing.n += 1
        return self._chances(writing, x)

    def _chances(self, writing: Writing, x: Tensor) -> Tensor:
        import torch
        from torch.nn import functional

        spoken = self._norm(functional.gelu(self._transform(x)), "transform_norm")
        from_words = torch.softmax((spoken @ writing.words.T).float()[0] + writing.bias, dim=-1)
        scores = (self._point_query(x) @ writing.keys.T).float()[0] * x.shape[-1] ** -0.5
        pointed = torch.softmax(scores.masked_fill(~writing.copied, float("-inf")), dim=-1)
        context = pointed.to(self._kind) @ writing.source
        gate = torch.sigmoid(self._gate(torch.cat([x[0], context])).float())[0]
        from_source = torch.zeros_like(from_words)
        from_source.index_add_(0, torch.searchsorted(writing.candidates, writing.ids), pointed)
        return gate * from_words + (1 - gate) * from_source

    def _attend(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        import torch

        heads = self._heads(query)
        weights = torch.softmax(heads @ key.transpose(1, 2) * heads.shape[-1] ** -0.5, dim=-1)
        return (weights @ value).transpose(0, 1).flatten(1)

    def _heads(self, x: Tensor) -> Tensor:
        return x.view(len(x), self._n_heads, -1).transpose(0, 1)

    def _norm(self, x: Tensor, name: str) -> Tensor:
        from torch.nn import functional

        weight, bias = self._norms[name]
        return functional.layer_norm(x, weight.shape, weight, bias, self._epsilon)

    def _dense(self, name: str) -> _Dense:
        return _Dense(self._weights[f"{name}.weight"].to(self._kind), self._weights[f"{name}.bias"].to(self._kind))

    def _layer(self, prefix: str) -> dict[str, _Dense]:
        parts = [f"{which}.{part}" for which in ("own", "read") for part in ("query", "key", "value", "output")]
        return {part: self._dense(f"{prefix}{part}") for part in (*parts, "widen", "narrow")}
