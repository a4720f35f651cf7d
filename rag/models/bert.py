"""A lean forward pass of BERT encoders: the same weights as SentenceTransformer's, with less around them.

The weights are converted once to the number format of the arithmetic, query, key and value are one matrix
product, and batches hold texts of nearly one length, so that almost nothing is computed on padding. Layer
normalization of the embeddings and pooling stay in float32.

Source: docs/decisions/0007-embedding-runtime.md; Devlin et al. 2019, https://arxiv.org/abs/1810.04805.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from rag.errors import ModelError
from rag.types import Float32Array

if TYPE_CHECKING:
    from torch import Tensor, dtype

Precision = Literal["float32", "bfloat16"]
Pooling = Literal["mean", "cls"]


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
    if not isinstance(config, dict) or not isinstance(modules, list):
        return None
    if config.get("model_type") != "bert" or config.get("hidden_act") != "gelu" or config.get("is_decoder"):
        return None
    if config.get("position_embedding_type", "absolute") != "absolute":
        return None
    kinds = [str(module.get("type", "")).rsplit(".", 1)[-1] for module in modules]
    if kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]) or modules[0].get("path"):
        return None
    pooling = _pooling(_json(folder / modules[1]["path"] / "config.json"))
    settings = _json(folder / "sentence_bert_config.json")
    if pooling is None or not isinstance(settings, dict) or settings.get("do_lower_case"):
        return None
    positions = int(config["max_position_embeddings"])
    return BertShape(
        n_layers=int(config["num_hidden_layers"]),
        n_heads=int(config["num_attention_heads"]),
        dimension=int(config["hidden_size"]),
        epsilon=float(config.get("layer_norm_eps", 1e-12)),
        max_tokens=min(int(settings.get("max_seq_length") or positions), positions),
        pooling=pooling,
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
    """Weights and biases of one layer, in the precision of the arithmetic."""

    attention: tuple[Tensor, Tensor]
    output: tuple[Tensor, Tensor]
    output_norm: tuple[Tensor, Tensor]
    widen: tuple[Tensor, Tensor]
    narrow: tuple[Tensor, Tensor]
    narrow_norm: tuple[Tensor, Tensor]


class BertEncoder:
    """A BERT sentence encoder on the CPU.

    Args:
        folder: Folder of the model, as `SentenceTransformer.save` writes it.
        shape: What `read_shape` said of it.
        name: Name of the runtime.
        precision: Number format of weights and arithmetic; ``bfloat16`` pays only on processors that have it.

    Raises:
        ModelError: The weights do not have the shape that the configuration names.
    """

    def __init__(self, folder: Path, *, shape: BertShape, name: str, precision: Precision) -> None:
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
                self._positions = (
                    weights["embeddings.position_embeddings.weight"].float()
                    + weights["embeddings.token_type_embeddings.weight"][0].float()
                )
                self._norm = _pair(weights, "embeddings.LayerNorm", torch.float32)
                self._layers = [_layer(weights, f"encoder.layer.{i}.", self._dtype) for i in range(shape.n_layers)]
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
            states, mask = self._forward(ids)
            if self.shape.pooling == "cls":
                pooled = states[:, 0].float()
            else:
                weights = mask.float()
                pooled = torch.einsum("nld,nl->nd", states.float(), weights) / weights.sum(1, keepdim=True)
        array: Float32Array = pooled.numpy()
        return array

    def states(self, ids: Sequence[Sequence[int]]) -> list[Float32Array]:
        """Return the last hidden states of each text, each of shape ``(len(ids[i]), dimension)``."""
        import torch

        with torch.inference_mode():
            states, _ = self._forward(ids)
            array: Float32Array = states.float().numpy()
        return [array[i, : len(row)] for i, row in enumerate(ids)]

    def _forward(self, ids: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        import torch
        from torch.nn import functional

        tokens, mask = pad(ids)
        width = self.shape.dimension
        eps = self.shape.epsilon
        x = self._words[tokens] + self._positions[: tokens.shape[1]]
        x = functional.layer_norm(x, (width,), *self._norm, eps=eps).to(self._dtype)
        visible = None if bool(mask.all()) else mask[:, None, None, :]
        for layer in self._layers:
            qkv = functional.linear(x, *layer.attention).view(*tokens.shape, 3, self.shape.n_heads, -1)
            query, key, value = qkv.permute(2, 0, 3, 1, 4)
            seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=visible)
            seen = seen.transpose(1, 2).reshape(*tokens.shape, width)
            x = functional.layer_norm(x + functional.linear(seen, *layer.output), (width,), *layer.output_norm, eps=eps)
            wide = functional.gelu(functional.linear(x, *layer.widen))
            x = functional.layer_norm(x + functional.linear(wide, *layer.narrow), (width,), *layer.narrow_norm, eps=eps)
        return x, torch.as_tensor(mask)


def pad(ids: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Return the rows as one array of ids, shape ``(n, longest)``, padded with 0, and where they are (bool)."""
    import torch

    length = max(len(row) for row in ids)
    tokens = np.zeros((len(ids), length), dtype=np.int64)
    mask = np.zeros((len(ids), length), dtype=bool)
    for i, row in enumerate(ids):
        tokens[i, : len(row)] = row
        mask[i, : len(row)] = True
    return torch.from_numpy(tokens), torch.from_numpy(mask)


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


def _pair(weights: Mapping[str, Tensor], name: str, kind: dtype) -> tuple[Tensor, Tensor]:
    return weights[f"{name}.weight"].to(kind).contiguous(), weights[f"{name}.bias"].to(kind).contiguous()


def _layer(weights: Mapping[str, Tensor], prefix: str, kind: dtype) -> _Layer:
    import torch

    parts = [_pair(weights, f"{prefix}attention.self.{part}", kind) for part in ("query", "key", "value")]
    return _Layer(
        attention=(torch.cat([weight for weight, _ in parts]), torch.cat([bias for _, bias in parts])),
        output=_pair(weights, f"{prefix}attention.output.dense", kind),
        output_norm=_pair(weights, f"{prefix}attention.output.LayerNorm", kind),
        widen=_pair(weights, f"{prefix}intermediate.dense", kind),
        narrow=_pair(weights, f"{prefix}output.dense", kind),
        narrow_norm=_pair(weights, f"{prefix}output.LayerNorm", kind),
    )
