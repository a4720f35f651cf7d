"""The encoder as it is trained: the arithmetic of `rag.models.bert` with gradients.

Texts lie one below the other without padding and matrix products run in bfloat16 where the processor has it, which on
two cores takes two thirds of the time of the library's forward and backward pass. On a CUDA card attention is the
library's over texts of any length.

Source: docs/decisions/0017-training-on-two-cores.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from rag.models.machine import fast_bfloat16

# Rows are added up to a multiple of this, as one more text.
_STEP = 128
# Most tokens of the texts that are attended to in one product, and how short the shortest of them may be.
_BUCKET, _ALIKE = 1024, 0.85


class PackedBert(nn.Module):
    """A BERT encoder over texts that lie one below the other.

    Args:
        folder: Folder of the model to begin with.

    Attributes:
        dropout: Share of what each part adds to a state that is left out while training; none at first.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.dropout = 0.0
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

    def forward(self, ids: Tensor, places: Tensor, kinds: Tensor, lengths: Tensor) -> Tensor:
        """Return the hidden states after the last layer, shape ``(sum of lengths, dimension)``, float32.

        Args:
            ids: Vocabulary ids of all texts, shape ``(sum of lengths,)``.
            places: Position of each token in its text.
            kinds: 0 for a token of the first text of a pair, 1 for one of the second.
            lengths: Tokens of each text, shape ``(n texts,)``.
        """
        total = len(ids)
        surplus = -total % _STEP
        # The arithmetic library keeps buffers for each number of rows that it has met: gigabytes for any number.
        ids, places, kinds = (functional.pad(each, (0, surplus)) for each in (ids, places, kinds))
        if surplus:
            lengths = functional.pad(lengths, (0, 1), value=surplus)
        rows = self.embeddings
        x = rows.word_embeddings(ids) + rows.position_embeddings(places) + rows.token_type_embeddings(kinds)
        x = self._dropped(rows.LayerNorm(x).to(arithmetic(x.device)))
        attend = self._attention(lengths)
        for layer in self.encoder.layer:
            own = layer.attention.self
            weight = torch.cat([own.query.weight, own.key.weight, own.value.weight])
            bias = torch.cat([own.query.bias, own.key.bias, own.value.bias])
            qkv = functional.linear(x, weight.to(x.dtype), bias.to(x.dtype))
            seen = self._dropped(linear(attend(qkv), layer.attention.output.dense))
            x = normed(x + seen, layer.attention.output.LayerNorm)
            wide = functional.gelu(linear(x, layer.intermediate.dense))
            x = normed(x + self._dropped(linear(wide, layer.output.dense)), layer.output.LayerNorm)
        return x[:total].float()

    def _dropped(self, x: Tensor) -> Tensor:
        return functional.dropout(x, self.dropout, training=self.training) if self.dropout else x

    def _attention(self, lengths: Tensor) -> Callable[[Tensor], Tensor]:
        """Return what lets each text attend to itself, from queries, keys and values below each other."""
        n_heads = int(self.config.num_attention_heads)
        if lengths.is_cuda:
            return _on_card(lengths, n_heads, most=int(self.config.max_position_embeddings))
        buckets = _buckets(lengths.tolist())
        return lambda qkv: _Attention.apply(qkv, buckets, n_heads)  # type: ignore[no-untyped-call]


def _on_card(lengths: Tensor, n_heads: int, *, most: int) -> Callable[[Tensor], Tensor]:
    from torch.nn.attention.varlen import varlen_attn

    ends = functional.pad(torch.cumsum(lengths, 0), (1, 0)).to(torch.int32)

    def attend(qkv: Tensor) -> Tensor:
        query, key, value = qkv.view(len(qkv), 3, n_heads, -1).unbind(1)
        seen = varlen_attn(query, key, value, ends, ends, most, most)
        return cast("Tensor", seen).flatten(1)

    return attend


def packed(ids: Sequence[Sequence[int]], n_first: Sequence[int]) -> dict[str, Tensor]:
    """Return pairs of texts as `PackedBert` takes them: ``ids``, ``places``, ``kinds`` and ``lengths``.

    Args:
        ids: Vocabulary ids of each pair.
        n_first: How many of them belong to the first text.
    """
    places = [np.arange(len(each)) for each in ids]
    return {
        "ids": torch.from_numpy(np.concatenate([np.asarray(each, dtype=np.int64) for each in ids])),
        "places": torch.from_numpy(np.concatenate(places)),
        "kinds": torch.from_numpy(
            np.concatenate([(own >= first).astype(np.int64) for own, first in zip(places, n_first, strict=True)])
        ),
        "lengths": torch.tensor([len(each) for each in ids]),
    }


def firsts(lengths: Tensor) -> Tensor:
    """Return the place of the first token of each text of a batch, shape ``(n texts,)``."""
    return torch.cumsum(lengths, 0) - lengths


def arithmetic(device: torch.device) -> torch.dtype:
    """Return the format of products and activations: a processor without bfloat16 takes half as long again over it."""
    return torch.bfloat16 if device.type != "cpu" or fast_bfloat16() else torch.float32


def linear(x: Tensor, dense: nn.Linear) -> Tensor:
    """Return ``x · weightᵀ + bias`` in the format of ``x``."""
    return functional.linear(x, dense.weight.to(x.dtype), dense.bias.to(x.dtype))


def normed(x: Tensor, norm: nn.LayerNorm) -> Tensor:
    """Return ``x`` normalized as ``norm`` does it, in the format of ``x``."""
    return functional.layer_norm(x, norm.normalized_shape, norm.weight.to(x.dtype), norm.bias.to(x.dtype), norm.eps)


class _Bucket(NamedTuple):
    """Texts of about one length.

    Args:
        rows: Places of their tokens among all, shape ``(n texts, longest)``; 0 where there is none.
        known: Where there is a token, same shape.
    """

    rows: Tensor
    known: Tensor


def _buckets(lengths: Sequence[int]) -> list[_Bucket]:
    """Return the texts by length: few products over many texts cost less than one for each, and little is padded."""
    ends = list(accumulate(lengths))
    order = sorted(range(len(lengths)), key=lambda text: -lengths[text])
    groups: list[list[int]] = []
    for text in order:
        longest = lengths[groups[-1][0]] if groups else 0
        fits = groups and (len(groups[-1]) + 1) * longest <= _BUCKET and lengths[text] >= _ALIKE * longest
        if not fits:
            groups.append([])
        groups[-1].append(text)
    return [_bucket([(ends[text] - lengths[text], lengths[text]) for text in group]) for group in groups]


def _bucket(texts: Sequence[tuple[int, int]]) -> _Bucket:
    within = torch.arange(max(length for _, length in texts))
    first, length = (torch.tensor(each)[:, None] for each in zip(*texts, strict=True))
    known = within < length
    return _Bucket((first + within) * known, known)


class _Attention(torch.autograd.Function):
    """Each text attends to itself; texts of about one length in one product, so that scores stay in the cache."""

    @staticmethod
    def forward(ctx: Any, qkv: Tensor, buckets: Sequence[_Bucket], n_heads: int) -> Tensor:  # noqa: ANN401 - torch's context
        seen = torch.empty(len(qkv), qkv.shape[1] // 3, dtype=qkv.dtype, device=qkv.device)
        kept = []
        for rows, known in buckets:
            query, key, value = _heads(qkv[rows], n_heads)
            # Scaling the queries, and masking in place: the scores are the largest of all, each pass over them costs.
            scores = (query * query.shape[-1] ** -0.5) @ key.transpose(2, 3)
            weights = torch.softmax(scores.masked_fill_(~known[:, None, None], float("-inf")), dim=-1)
            kept.append(weights)
            seen[rows[known]] = (weights @ value).transpose(1, 2).flatten(2)[known]
        ctx.save_for_backward(qkv, *kept)
        ctx.buckets, ctx.n_heads = buckets, n_heads
        return seen

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:  # noqa: ANN401 - torch's context
        qkv, *kept = ctx.saved_tensors
        whole = torch.empty_like(qkv)
        for (rows, known), weights in zip(ctx.buckets, kept, strict=True):
            query, key, value = _heads(qkv[rows], ctx.n_heads)
            arriving = gradients[0][rows] * known[..., None]
            incoming = arriving.view(*rows.shape, ctx.n_heads, -1).transpose(1, 2).contiguous()
            to_weights = incoming @ value.transpose(2, 3)
            # One pass where the derivative written out takes four; torch has no public name for it.
            to_scores = torch._softmax_backward_data(to_weights, weights, -1, weights.dtype)  # noqa: SLF001
            scale = query.shape[-1] ** -0.5
            to_query, to_key = to_scores @ (key * scale), to_scores.transpose(2, 3) @ (query * scale)
            parts = (to_query, to_key, weights.transpose(2, 3) @ incoming)
            # Shape (n texts, longest, 3, n_heads, width of a head), as the rows of qkv are laid out.
            whole[rows[known]] = torch.stack(parts).permute(1, 3, 0, 2, 4).flatten(2)[known]
        return whole, None, None


def _heads(rows: Tensor, n_heads: int) -> Tensor:
    """Return query, key and value of texts, shape ``(3, n texts, n_heads, longest, width of a head)``."""
    return rows.view(*rows.shape[:2], 3, n_heads, -1).permute(2, 0, 3, 1, 4).contiguous()
