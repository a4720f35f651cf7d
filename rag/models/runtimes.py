"""Ways to run one embedding model, and the choice of the fastest that is safe on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from rag.errors import ModelError
from rag.models.bert import BertEncoder, Precision, read_shape
from rag.models.sentence import SentenceEncoder
from rag.models.tokens import read_tokenizer
from rag.types import Float32Array

RUNTIMES: dict[str, Precision] = {"torch-float32": "float32", "torch-bfloat16": "bfloat16"}


class Encoder(Protocol):
    """Runs a model on token ids; used by one thread at a time."""

    name: str
    dimension: int
    max_tokens: int

    def pooled(self, ids: Sequence[Sequence[int]]) -> Float32Array:
        """Return one vector for each text, shape ``(len(ids), dimension)``, not normalized."""

    def states(self, ids: Sequence[Sequence[int]]) -> list[Float32Array]:
        """Return the last hidden states of each text, each of shape ``(len(ids[i]), width)``."""


def choose(folder: Path, *, runtime: str, sha256: str, threads: int, cache: Path) -> tuple[Encoder, str]:
    """Return the encoder of a model folder in the named or the fastest safe runtime, and its tokenizer."""
    del sha256, threads, cache
    name = "torch-bfloat16" if runtime == "auto" else runtime
    if name not in RUNTIMES:
        raise ModelError(f"There is no runtime {runtime!r}.", hint=f"There is auto, {', '.join(RUNTIMES)}.")
    return load_encoder(folder, name)


def load_encoder(folder: Path, name: str) -> tuple[Encoder, str]:
    """Return the encoder of a model folder in the named runtime, and its serialized tokenizer."""
    shape = read_shape(folder)
    if shape is None:
        sentence = SentenceEncoder(folder, name=name, precision=RUNTIMES[name])
        return sentence, sentence.tokenizer
    return BertEncoder(folder, shape=shape, name=name, precision=RUNTIMES[name]), read_tokenizer(folder)
