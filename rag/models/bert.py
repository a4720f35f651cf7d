"""A lean forward pass of BERT encoders: the same weights as SentenceTransformer's, with less around them.

The weights are converted once to the number format of the arithmetic; query, key and value are one matrix product;
the texts of a batch lie one below the other without padding, and each attends to itself only. The embeddings and
the pooling stay in float32.

Source: docs/decisions/0007-embedding-runtime.md; Devlin et al. 2019, https://arxiv.org/abs/1810.04805.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from rag.errors import ModelError
from rag.models.dense import Dense, Precision, dense
from rag.types import Float32Array

if TYPE_CHECKING:
    from torch import Tensor, dtype

Pooling = Literal["mean", "cls"]


# Rows are added up to a multiple of these: a short question costs the few rows more, a batch at most a sixteenth.
_FEW_TOKENS, _FEW_STEP, _MANY_STEP = 256, 16, 128
# The arithmetic library's cache of prepared shapes: its default of 1024 costs hundreds of MB and saves no time.
_SHAPES_KEPT = "64"


@dataclass(frozen=True, slots=True)
class BertShape:
    """What must be known of a BERT encoder to run it.

    Args:
        n_layers: Number of layers.
        n_heads: Attention heads of a layer.
        dimension: Length of a hidden state.
        epsilon: Added to the variance by layer normalization.
        max_tokens: Longest input.
        pooling: How the hidden states become one vector.
    """

    n_layers: int
    n_heads: int
    dimension: int
    epsilon: float
    max_tokens: int
    pooling: Pooling


def read_shape(folder: Path) -> BertShape | None:
    """Return the shape of a folder's model, or ``None`` where it is no plain BERT sentence encoder.

    Plain means: BERT with absolute positions and GELU, one transformer, one pooling (mean or first token) and at most
    a normalization. Everything else is left to SentenceTransformer.
    """
    config = _json(folder / "config.json")
    modules = _json(folder / "modules.json")
    if not isinstance(config, dict) or not isinstance(modules, list) or not _is_plain(config):
        return None
    kinds = [str(module.get("type", "")).rsplit(".", 1)[-1] for module in modules]
    if kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]) or modules[0].get("path"):
        return None
    pooling = _pooling(_json(folder / modules[1]["path"] / "config.json"))
    settings = _json(folder / "sentence_bert_config.json")
    if pooling is None or not isinstance(settings, dict) or settings.get("do_lower_case"):
        return None
    tokenizer = _json(folder / "tokenizer_config.json")
    # Older versions of SentenceTransformer note the longest input in the one file, newer ones in the other.
    longest = settings.get("max_seq_length") or (tokenizer or {}).get("model_max_length")
    return encoder_shape(config, max_tokens=longest, pooling=pooling)


def encoder_shape(config: Mapping[str, Any], *, max_tokens: int | None = None, pooling: Pooling = "cls") -> BertShape:
    """Return the shape that a BERT configuration names.

    Args:
        config: Content of ``config.json``.
        max_tokens: Longest input where it is shorter than the positions of the model.
        pooling: How the hidden states become one vector.

    Raises:
        ModelError: It is no plain BERT encoder.
    """
    if not _is_plain(config):
        raise ModelError(
            f"The model {config.get('model_type')!r} is no BERT encoder with absolute positions and GELU.",
            hint="Choose a BERT encoder, e.g. all-MiniLM-L6-v2.",
        )
    positions = int(config["max_position_embeddings"])
    return BertShape(
        n_layers=int(config["num_hidden_layers"]),
        n_heads=int(config["num_attention_heads"]),
        dimension=int(config["hidden_size"]),
        epsilon=float(config.get("layer_norm_eps", 1e-12)),
        max_tokens=min(int(max_tokens or positions), positions),
        pooling=pooling,
    )


def _is_plain(config: Mapping[str, Any]) -> bool:
    return (
        config.get("model_type") == "bert"
        and config.get("hidden_act") == "gelu"
        and not config.get("is_decoder")
        and config.get("position_embedding_type", "absolute") == "absolute"
    )


def _json(path: Path) -> Any:  # noqa: ANN401 - the caller checks the shape
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _pooling(config: Any) -> Pooling | None:  # noqa: ANN401 - read from a file
    if not isinstance(config, dict):
        return None
    if isinstance(config.get("pooling_mode"), str):
        mode = config["pooling_mode"]
        return mode if mode in ("mean", "cls") else None
    modes = {key.removeprefix("pooling_mode_") for key, on in config.items() if key.startswith("pooling_mode_") and on}
    if modes == {"mean_tokens"}:
        return "mean"
    return "cls" if modes == {"cls_token"} else None


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer: its dense parts, and weight and bias of its normalizations."""

    attention: Dense
    output: Dense
    output_norm: tuple[Tensor, Tensor]
    widen: Dense
    narrow: Dense
    narrow_norm: tuple[Tensor, Tensor]


class BertEncoder:
    """A BERT sentence encoder on the CPU.

    Args:
        folder: Folder of the model, as `SentenceTransformer.save` writes it.
        shape: What `read_shape` said of it.
        name: Name of the runtime.
        precision: Number format of the matrix products; ``bfloat16`` and ``int8`` pay only on processors that have
            them.

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
        self._dtype = torch.bfloat16 if precision == "bfloat16" else torch.float32
        weights = _read_weights(folder)
        try:
            with torch.inference_mode():
                self._words = weights["embeddings.word_embeddings.weight"].float()
                kinds = weights["embeddings.token_type_embeddings.weight"].float()
                self._positions = weights["embeddings.position_embeddings.weight"].float() + kinds[0]
                self._second = kinds[-1] - kinds[0]
                self._norm = _pair(weights, "embeddings.LayerNorm", kind=torch.float32)
                self._layers = [_layer(weights, f"encoder.layer.{i}.", shape, precision) for i in range(shape.n_layers)]
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

    def pair_states(self, ids: Sequence[Sequence[int]], n_first: Sequence[int]) -> Tensor:
        """Return the last hidden states of pairs of texts one below the other, shape ``(sum of lengths, dimension)``.

        Args:
            ids: Of each pair, special tokens included.
            n_first: How many of them belong to the first text of each pair, special tokens included.
        """
        import torch

        with torch.inference_mode():
            return self._forward(ids, n_first).float()

    def _forward(self, ids: Sequence[Sequence[int]], n_first: Sequence[int] | None = None) -> Tensor:
        """Return the hidden states of all texts one below the other, shape ``(sum of lengths, dimension)``."""
        import torch
        from torch.nn import functional

        lengths = [len(row) for row in ids]
        ids = [*ids, [0] * _surplus(sum(lengths))]
        width, eps = (self.shape.dimension,), self.shape.epsilon
        tokens = torch.from_numpy(np.concatenate([np.asarray(row, dtype=np.int64) for row in ids]))
        places = torch.from_numpy(np.concatenate([np.arange(len(row)) % self.shape.max_tokens for row in ids]))
        x = self._words[tokens] + self._positions[places]
        if n_first is not None:
            second = [np.arange(len(row)) >= n for row, n in zip(ids, [*n_first, 0], strict=False)]
            x += torch.from_numpy(np.concatenate(second))[:, None] * self._second
        x = functional.layer_norm(x, width, *self._norm, eps=eps)
        x = x.to(self._dtype)
        for layer in self._layers:
            seen = layer.output(self._attend(layer.attention(x), lengths))
            x = functional.layer_norm(x + seen, width, *layer.output_norm, eps=eps)
            wide = functional.gelu(layer.widen(x))
            x = functional.layer_norm(x + layer.narrow(wide), width, *layer.narrow_norm, eps=eps)
        return x[: sum(lengths)]

    def _attend(self, qkv: Tensor, lengths: list[int]) -> Tensor:
        """Return what each token sees of its own text, shape ``(sum of lengths, dimension)``.

        Text by text the scores stay in the processor's cache, which is faster than one call over a padded batch.
        """
        import torch

        n_heads = self.shape.n_heads
        seen = torch.zeros(len(qkv), self.shape.dimension, dtype=qkv.dtype)
        texts = sum(lengths)
        for source, target in zip(torch.split(qkv[:texts], lengths), torch.split(seen[:texts], lengths), strict=True):
            query, key, value = source.view(len(source), 3, n_heads, -1).permute(1, 2, 0, 3)
            weights = torch.softmax(query @ key.transpose(1, 2), dim=-1)
            target.view(len(source), n_heads, -1).copy_((weights @ value).transpose(0, 1))
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


def _layer(weights: Mapping[str, Tensor], prefix: str, shape: BertShape, precision: Precision) -> _Layer:
    import torch

    kind = torch.bfloat16 if precision == "bfloat16" else torch.float32
    part = partial(_pair, weights, kind=torch.float32)
    query, key, value = (part(f"{prefix}attention.self.{name}") for name in ("query", "key", "value"))
    # Attention divides its scores by √(length of a head); done once to the query's weights, it is free afterwards.
    scale = (shape.dimension / shape.n_heads) ** -0.5
    fused = (torch.cat([query[0] * scale, key[0], value[0]]), torch.cat([query[1] * scale, key[1], value[1]]))
    return _Layer(
        attention=dense(*fused, precision=precision),
        output=dense(*part(f"{prefix}attention.output.dense"), precision=precision),
        output_norm=_pair(weights, f"{prefix}attention.output.LayerNorm", kind=kind),
        widen=dense(*part(f"{prefix}intermediate.dense"), precision=precision),
        narrow=dense(*part(f"{prefix}output.dense"), precision=precision),
        narrow_norm=_pair(weights, f"{prefix}output.LayerNorm", kind=kind),
    )
