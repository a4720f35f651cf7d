"""A lean forward pass of BERT encoders: the same weights as SentenceTransformer's, with less around them.

The weights are converted once to the number format of the arithmetic; query, key and value are one matrix product;
the texts of a batch lie one below the other without padding, and each attends to itself only. The embeddings and
the pooling stay in float32.

Source: docs/decisions/0007-embedding-runtime.md; Devlin et al. 2019, https://arxiv.org/abs/1810.04805.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.errors import ModelError
from rag.models.bert_shape import BertShape
from rag.models.dense import Dense, Precision, activations, dense
from rag.types import Float32Array

if TYPE_CHECKING:
    from torch import Tensor, dtype

# Rows are added up to a multiple of these: a short question costs the few rows more, a batch at most a sixteenth.
_FEW_TOKENS, _FEW_STEP, _MANY_STEP = 256, 16, 128
# The arithmetic library's cache of prepared shapes. A layer has four products, and some fifty numbers of rows occur;
# with a quarter of the room the next question's shapes are prepared anew.
_SHAPES_KEPT = "256"


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer: its dense parts (GELU follows ``widen``), and weight and bias of its normalizations."""

    attention: Dense
    output: Dense
    output_norm: tuple[Tensor, Tensor]
    widen: Dense
    narrow: Dense
    narrow_norm: tuple[Tensor, Tensor]


# The dense layers of a layer.
_PARTS = ("attention", "output", "widen", "narrow")


def _largest(layer: int, part: str) -> str:
    return f"largest.encoder.layer.{layer}.{part}"


def _watched(layer: _Layer, i: int, found: dict[str, Tensor]) -> _Layer:
    """Return a layer whose dense parts note the largest size of each of their inputs."""

    def watch(part: str) -> Dense:
        inner: Dense = getattr(layer, part)
        name = _largest(i, part)

        def call(x: Tensor) -> Tensor:
            largest = x.float().abs().amax(0)
            found[name] = largest.maximum(found[name]) if name in found else largest
            return inner(x)

        return call

    parts: Any = {part: watch(part) for part in _PARTS}
    return replace(layer, **parts)


class BertEncoder:
    """A BERT sentence encoder on the CPU.

    Args:
        folder: Folder of the model, as `SentenceTransformer.save` writes it.
        shape: What `read_shape` said of it.
        name: Name of the runtime.
        precision: Number format of the matrix products; ``bfloat16`` and the 8-bit ones pay only on processors that
            have them. ``measured-int8`` needs weights that hold what `largest_inputs` measured, as ``largest.*``.

    Raises:
        ModelError: The weights do not have the shape that the configuration names.
    """

    def __init__(self, folder: Path, *, shape: BertShape, name: str, precision: Precision) -> None:
        os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", _SHAPES_KEPT)
        import torch

        self.name = name
        self.dimension = shape.dimension
        self.max_tokens = shape.max_tokens
        self.shape = shape
        self._dtype = activations(precision)
        weights = _read_weights(folder)
        try:
            with torch.inference_mode():
                self._words = weights["embeddings.word_embeddings.weight"].float()
                kinds = weights["embeddings.token_type_embeddings.weight"].float()
                self._positions = weights["embeddings.position_embeddings.weight"].float() + kinds[0]
                self._second = kinds[-1] - kinds[0]
                self._norm = _pair(weights, "embeddings.LayerNorm", kind=torch.float32)
                self._layers = [_layer(weights, i, shape, precision) for i in range(shape.n_layers)]
        except KeyError as exc:
            raise ModelError(
                f"The weights in {str(folder)!r} are not those of the BERT encoder that its configuration names: "
                f"{exc.args[0]!r} is missing.",
                hint="Save the model again, weights and configuration together.",
            ) from exc

    def pooled(self, ids: Sequence[Sequence[int]]) -> Float32Array:
        """Return one vector for each text, shape ``(len(ids), dimension)``, not normalized."""
        import torch

        with torch.inference_mode():
            texts = torch.split(self._forward(ids).float(), [len(row) for row in ids])
            if self.shape.pooling == "cls":
                return _array(torch.stack([states[0] for states in texts]))
            return _array(torch.stack([states.mean(0) for states in texts]))

    def states(self, ids: Sequence[Sequence[int]]) -> list[Float32Array]:
        """Return the last hidden states of each text, each of shape ``(len(ids[i]), dimension)``."""
        import torch

        with torch.inference_mode():
            texts = torch.split(self._forward(ids).float(), [len(row) for row in ids])
            return [_array(states) for states in texts]

    def pairs(self, ids: Sequence[Sequence[int]], n_first: Sequence[int]) -> Tensor:
        """Return the last hidden states of pairs of texts, shape ``(sum of lengths, dimension)``, float32.

        Args:
            ids: Of each pair, special tokens included.
            n_first: How many of them belong to the first text of each pair, special tokens included.
        """
        import torch

        with torch.inference_mode():
            return self._forward(ids, n_first).float()

    def largest_inputs(self, ids: Sequence[Sequence[int]], n_first: Sequence[int]) -> dict[str, Tensor]:
        """Return the largest size that each input of each dense layer takes in pairs of texts.

        Args:
            ids: As for `pairs`.
            n_first: Likewise.

        Returns:
            By ``largest.encoder.layer.I.PART``, each of shape ``(n_in,)``.
        """
        found: dict[str, Tensor] = {}
        layers = self._layers
        self._layers = [_watched(layer, i, found) for i, layer in enumerate(layers)]
        try:
            self.pairs(ids, n_first)
        finally:
            self._layers = layers
        return found

    def _forward(self, ids: Sequence[Sequence[int]], n_first: Sequence[int] | None = None) -> Tensor:
        """Return the hidden states of all texts one below the other, shape ``(sum of lengths, dimension)``."""
        from torch.nn import functional

        lengths, x = [len(row) for row in ids], self._embedded(ids, n_first)
        width, eps = (self.shape.dimension,), self.shape.epsilon
        for layer in self._layers:
            seen = layer.output(self._attend(layer.attention(x), lengths))
            x = functional.layer_norm(x + seen, width, *layer.output_norm, eps=eps)
            x = functional.layer_norm(x + layer.narrow(layer.widen(x)), width, *layer.narrow_norm, eps=eps)
        # Rows behind those of the texts see nothing.
        return x[: sum(lengths)]

    def _embedded(self, ids: Sequence[Sequence[int]], n_first: Sequence[int] | None) -> Tensor:
        """Return what goes into the first layer, rows without meaning added up to a number that occurs often."""
        import torch
        from torch.nn import functional

        ids = [*ids, [0] * _surplus(sum(len(row) for row in ids))]
        tokens = torch.from_numpy(np.concatenate([np.asarray(row, dtype=np.int64) for row in ids]))
        places = torch.from_numpy(np.concatenate([np.arange(len(row)) % self.shape.max_tokens for row in ids]))
        x = self._words[tokens] + self._positions[places]
        if n_first is not None:
            second = [np.arange(len(row)) >= n for row, n in zip(ids, [*n_first, 0], strict=False)]
            x += torch.from_numpy(np.concatenate(second))[:, None] * self._second
        return functional.layer_norm(x, (self.shape.dimension,), *self._norm, eps=self.shape.epsilon).to(self._dtype)

    def _attend(self, qkv: Tensor, lengths: list[int]) -> Tensor:
        """Return what each token sees of its own text, shape ``(sum of lengths, dimension)``.

        Text by text, so that nothing depends on what else is in the batch; in one fused operation, which makes no
        table of scores and prepares nothing anew for each length.
        """
        import torch
        from torch.nn.functional import scaled_dot_product_attention

        n_heads = self.shape.n_heads
        seen = torch.zeros(len(qkv), self.shape.dimension, dtype=qkv.dtype)
        texts = sum(lengths)
        for source, target in zip(torch.split(qkv[:texts], lengths), torch.split(seen[:texts], lengths), strict=True):
            query, key, value = source.view(1, len(source), 3, n_heads, -1).permute(2, 0, 3, 1, 4)
            # The query's weights are scaled already.
            found = scaled_dot_product_attention(query, key, value, scale=1.0)
            target.view(1, len(source), n_heads, -1).copy_(found.transpose(1, 2))
        return seen


def _surplus(n_tokens: int) -> int:
    """Return how many rows to add so that few different numbers of rows occur.

    The arithmetic library keeps buffers for each shape that it has met: with any number of rows, hundreds of MB.
    """
    step = _FEW_STEP if n_tokens < _FEW_TOKENS else _MANY_STEP
    return -n_tokens % step


def _array(tensor: Tensor) -> Float32Array:
    array: Float32Array = tensor.numpy()
    return array


def _read_weights(folder: Path) -> dict[str, Tensor]:
    """Return the tensors of a folder by name, without the ``bert.`` that some models put before them."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    weights: dict[str, Tensor] = {}
    for path in sorted(folder.glob("*.safetensors")):
        try:
            weights.update(load_file(path))
        except SafetensorError as exc:
            raise ModelError(f"The weights {str(path)!r} are damaged: {exc}.", hint="Save or pull them again.") from exc
    return {name.removeprefix("bert."): tensor for name, tensor in weights.items()}


def _pair(weights: Mapping[str, Tensor], name: str, *, kind: dtype) -> tuple[Tensor, Tensor]:
    return weights[f"{name}.weight"].to(kind).contiguous(), weights[f"{name}.bias"].to(kind).contiguous()


def _layer(weights: Mapping[str, Tensor], i: int, shape: BertShape, precision: Precision) -> _Layer:
    import torch

    kind = activations(precision)
    prefix = f"encoder.layer.{i}."
    part = partial(_pair, weights, kind=torch.float32)
    query, key, value = (part(f"{prefix}attention.self.{name}") for name in ("query", "key", "value"))
    # Attention divides its scores by √(length of a head); done once to the query's weights, it is free afterwards.
    scale = (shape.dimension / shape.n_heads) ** -0.5
    parts = {
        "attention": (torch.cat([query[0] * scale, key[0], value[0]]), torch.cat([query[1] * scale, key[1], value[1]])),
        "output": part(f"{prefix}attention.output.dense"),
        "widen": part(f"{prefix}intermediate.dense"),
        "narrow": part(f"{prefix}output.dense"),
    }
    made = {
        name: dense(*pair, precision=precision, largest=weights.get(_largest(i, name)), gelu=name == "widen")
        for name, pair in parts.items()
    }
    return _Layer(
        output_norm=_pair(weights, f"{prefix}attention.output.LayerNorm", kind=kind),
        narrow_norm=_pair(weights, f"{prefix}output.LayerNorm", kind=kind),
        **made,
    )
