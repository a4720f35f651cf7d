"""The encoder as it is trained: the arithmetic of `rag.models.bert` with gradients.

Texts lie one below the other without padding and matrix products run in bfloat16, which on two cores takes two thirds
of the time of the library's forward and backward pass. On a graphics card the same code runs there.

Source: docs/decisions/0017-training-on-two-cores.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

# Rows are added up to a multiple of this, as one more text.
_STEP = 128


class PackedBert(nn.Module):
    """A BERT encoder over texts that lie one below the other.

    Args:
        folder: Folder of the model to begin with.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        from transformers import BertModel
        from transformers.utils import logging

        logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        bert: Any = BertModel.from_pretrained(
            folder, add_pooling_layer=False, local_files_only=True, dtype=torch.float32
        )
        # Any: torch says of a module's parts only that they are tensors or modules.
        self.embeddings: Any = bert.embeddings
        self.encoder: Any = bert.encoder
        self.config: Any = bert.config

    @property
    def dimension(self) -> int:
        """Length of a hidden state."""
        return int(self.config.hidden_size)

    @property
    def middle(self) -> int:
        """Number of layers after which the middle states are taken."""
        return len(self.encoder.layer) // 2

    def forward(self, ids: Tensor, places: Tensor, kinds: Tensor, lengths: list[int]) -> tuple[Tensor, Tensor]:
        """Return the hidden states after the last layer and after the middle one.

        Both have shape ``(sum of lengths, dimension)`` and are float32.

        Args:
            ids: Vocabulary ids of all texts, shape ``(sum of lengths,)``.
            places: Position of each token in its text.
            kinds: 0 for a token of the first text of a pair, 1 for one of the second.
            lengths: Tokens of each text.
        """
        total = len(ids)
        surplus = -total % _STEP
        # The arithmetic library keeps buffers for each number of rows that it has met: gigabytes for any number.
        ids, places, kinds = (functional.pad(each, (0, surplus)) for each in (ids, places, kinds))
        lengths = [*lengths, surplus] if surplus else lengths
        rows = self.embeddings
        x = rows.word_embeddings(ids) + rows.position_embeddings(places) + rows.token_type_embeddings(kinds)
        x = rows.LayerNorm(x).to(torch.bfloat16)
        n_heads = int(self.config.num_attention_heads)
        middle = x
        for number, layer in enumerate(self.encoder.layer, 1):
            own = layer.attention.self
            weight = torch.cat([own.query.weight, own.key.weight, own.value.weight])
            bias = torch.cat([own.query.bias, own.key.bias, own.value.bias])
            qkv = functional.linear(x, weight.to(x.dtype), bias.to(x.dtype))
            seen = _Attention.apply(qkv, lengths, n_heads)  # type: ignore[no-untyped-call]
            x = _norm(x + _linear(seen, layer.attention.output.dense), layer.attention.output.LayerNorm)
            wide = functional.gelu(_linear(x, layer.intermediate.dense))
            x = _norm(x + _linear(wide, layer.output.dense), layer.output.LayerNorm)
            middle = x if number == self.middle else middle
        return x[:total].float(), middle[:total].float()


def _linear(x: Tensor, dense: nn.Linear) -> Tensor:
    return functional.linear(x, dense.weight.to(x.dtype), dense.bias.to(x.dtype))


def _norm(x: Tensor, norm: nn.LayerNorm) -> Tensor:
    return functional.layer_norm(x, norm.normalized_shape, norm.weight.to(x.dtype), norm.bias.to(x.dtype), norm.eps)


class _Attention(torch.autograd.Function):
    """Each text attends to itself; text by text the scores stay in the processor's cache."""

    @staticmethod
    def forward(ctx: Any, qkv: Tensor, lengths: list[int], n_heads: int) -> Tensor:  # noqa: ANN401 - torch's context
        seen = torch.empty(len(qkv), qkv.shape[1] // 3, dtype=qkv.dtype, device=qkv.device)
        kept = []
        for source, target in zip(torch.split(qkv, lengths), torch.split(seen, lengths), strict=True):
            query, key, value = source.view(len(source), 3, n_heads, -1).permute(1, 2, 0, 3)
            weights = torch.softmax(query @ key.transpose(1, 2) * query.shape[-1] ** -0.5, dim=-1)
            kept.append(weights)
            target.view(len(source), n_heads, -1).copy_((weights @ value).transpose(0, 1))
        ctx.save_for_backward(qkv, *kept)
        ctx.lengths, ctx.n_heads = lengths, n_heads
        return seen

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:  # noqa: ANN401 - torch's context
        qkv, *kept = ctx.saved_tensors
        lengths, n_heads = ctx.lengths, ctx.n_heads
        gradient = gradients[0].contiguous()
        whole = torch.empty_like(qkv)
        rows = zip(
            torch.split(qkv, lengths), torch.split(whole, lengths), kept, torch.split(gradient, lengths), strict=True
        )
        for source, target, weights, arriving in rows:
            n = len(source)
            query, key, value = source.view(n, 3, n_heads, -1).permute(1, 2, 0, 3)
            incoming = arriving.view(n, n_heads, -1).transpose(0, 1)
            to_scores = incoming @ value.transpose(1, 2)
            # The derivative of softmax, and the scale that the scores were given.
            inner = (to_scores * weights).sum(-1, keepdim=True)
            to_scores = weights * (to_scores - inner) * query.shape[-1] ** -0.5
            to_query, to_key, to_value = target.view(n, 3, n_heads, -1).permute(1, 2, 0, 3)
            to_query.copy_(to_scores @ key)
            to_key.copy_(to_scores.transpose(1, 2) @ query)
            to_value.copy_(weights.transpose(1, 2) @ incoming)
        return whole, None, None
