"""Write a trained network as a model folder that the slots load."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from rag.models.pairs import CONFIG, OWN, VERSION, WEIGHTS, measure_inputs
from rag.models.weights import file_sha256

if TYPE_CHECKING:
    from torch import nn

_KEPT = (
    "model_type hidden_act hidden_size intermediate_size layer_norm_eps max_position_embeddings num_attention_heads "
    "num_hidden_layers position_embedding_type type_vocab_size vocab_size"
).split()


def export(
    network: nn.Module,
    base: Path,
    folder: Path,
    *,
    kind: str,
    max_tokens: int,
    examples: Sequence[tuple[Sequence[int], int]] = (),
) -> str:
    """Write weights in half precision, configuration and tokenizer; return the SHA-256 of the weights.

    Args:
        network: With an encoder ``bert`` and heads beside it.
        base: Folder of the model that the training began with; its tokenizer is copied.
        folder: Where to write; it is made, and what it holds of an earlier model is replaced.
        kind: ``reader``, ``verifier`` or ``writer``.
        max_tokens: Longest pair that the model reads; what is longer is cut.
        examples: Token ids of pairs like those that the model will read, and how many belong to the first text of
            each: the 8-bit arithmetic is measured on them. Without any the model runs in bfloat16.
    """
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    # bfloat16 keeps less of a number than float16, and the weights of a small encoder fit into either.
    tensors = {
        name: tensor.detach().to("cpu", torch.float16).contiguous()
        for name, tensor in network.state_dict().items()
        if tensor.is_floating_point()
    }
    save_file(tensors, folder / WEIGHTS)
    config = json.loads((base / CONFIG).read_text(encoding="utf-8"))
    own = {name: config[name] for name in _KEPT if name in config}
    own[OWN] = {"kind": kind, "version": VERSION, "max_tokens": max_tokens}
    (folder / CONFIG).write_text(json.dumps(own, indent=2) + "\n", encoding="utf-8")
    shutil.copyfile(base / "tokenizer.json", folder / "tokenizer.json")
    if examples:
        measure_inputs(folder, examples)
    return file_sha256(folder / WEIGHTS)
