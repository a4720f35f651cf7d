"""What must be known of a BERT encoder to run it, read from its configuration."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rag.errors import ModelError

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
    a normalization; weights as safetensors and a fast tokenizer. Everything else is left to SentenceTransformer.
    """
    if not any(folder.glob("*.safetensors")) or not (folder / "tokenizer.json").is_file():
        return None
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
