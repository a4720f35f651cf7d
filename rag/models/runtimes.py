"""Ways to run one embedding model, and the choice of the fastest that is safe on this machine."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from rag.errors import ModelError
from rag.models.bert import BertEncoder
from rag.models.bert_shape import read_shape
from rag.models.dense import Precision
from rag.models.machine import fast_bfloat16, fast_int8, one_thread, processor
from rag.models.sentence import SentenceEncoder
from rag.models.tokens import Tokens, read_tokenizer
from rag.models.unit import unit
from rag.types import Float32Array

AUTO = "auto"
EXACT = "torch-float32"
RUNTIMES: dict[str, Precision] = {EXACT: "float32", "torch-bfloat16": "bfloat16", "torch-int8": "int8"}

# A runtime is safe when every vector of the measurement is at least this near to the exact one.
_LEAST_COSINE = 0.995
# And it is worth its inexactness when it is this many times as fast. Near 1 the choice would be a toss, and two homes
# on one machine would hold different vectors of the same text.
_LEAST_GAIN = 1.25
_CHOICES = "runtimes.json"
# The measurement: this many texts of this many tokens, so many rounds; a second or two in all.
_TEXTS, _LENGTH, _ROUNDS = 4, 160, 3
_SAMPLE = "The warranty of a router lasts 24 months from the day of purchase; error code HX-2104 means a worn cable."


class Encoder(Protocol):
    """Runs a model on token ids; used by one thread at a time."""

    name: str
    dimension: int
    max_tokens: int

    def pooled(self, ids: Sequence[Sequence[int]]) -> Float32Array:
        """Return one vector for each text, shape ``(len(ids), dimension)``, not normalized."""

    def states(self, ids: Sequence[Sequence[int]]) -> list[Float32Array]:
        """Return the last hidden states of each text, each of shape ``(len(ids[i]), width)``."""


def load_encoder(folder: Path, name: str) -> tuple[Encoder, str]:
    """Return the encoder of a model folder in the named runtime, and its serialized tokenizer.

    Plain BERT encoders run lean; everything else runs through SentenceTransformer.

    Raises:
        ModelError: There is no such runtime, it cannot run this model, or the folder holds no embedding model.
    """
    if name not in RUNTIMES:
        raise ModelError(f"There is no runtime {name!r}.", hint=f"There is {AUTO}, {', '.join(RUNTIMES)}.")
    shape = read_shape(folder)
    if shape is not None:
        return BertEncoder(folder, shape=shape, name=name, precision=RUNTIMES[name]), read_tokenizer(folder)
    if RUNTIMES[name] == "int8":
        raise ModelError(
            f"The runtime {name!r} cannot run the model in {str(folder)!r}, which is no plain BERT encoder.",
            hint=f"Set the runtime to {AUTO!r}.",
        )
    sentence = SentenceEncoder(folder, name=name, precision=RUNTIMES[name])
    return sentence, sentence.tokenizer


def choose(folder: Path, *, runtime: str, sha256: str, cache: Path) -> tuple[Encoder, str]:
    """Return the encoder of a model folder in the named or the fastest safe runtime, and its serialized tokenizer.

    ``auto`` measures the runtimes that the processor has the instructions for, once for a machine, model and version
    of torch, and remembers the choice in the cache folder, so that a start costs nothing and every start chooses
    alike.

    Args:
        folder: Folder of the model.
        runtime: ``auto`` or a name.
        sha256: Hash of the weights.
        cache: Folder of the remembered choices.
    """
    if runtime != AUTO:
        return load_encoder(folder, runtime)
    key = _key(sha256)
    known = _remembered(cache / _CHOICES)
    if known.get(key) in RUNTIMES:
        return load_encoder(folder, known[key])
    name = measure(folder)
    _remember(cache / _CHOICES, {**known, key: name})
    return load_encoder(folder, name)


def measure(folder: Path) -> str:
    """Return the name of the runtime to use here: the exact one, or a clearly faster one whose vectors agree with it.

    What counts is the processor time of one thread: the time on the clock would say more about what else the machine
    does at this moment, and the choice is kept.
    """
    faster = _candidate(folder)
    if faster is None:
        return EXACT
    (exact, tokenizer), (other, _) = load_encoder(folder, EXACT), load_encoder(folder, faster)
    batch = _batch(Tokens(tokenizer, max_tokens=min(_LENGTH, exact.max_tokens)))
    with one_thread():
        cosines = (unit(exact.pooled(batch)) * unit(other.pooled(batch))).sum(axis=1)
        if float(cosines.min()) < _LEAST_COSINE:
            return EXACT
        ratios = [_seconds(exact, batch) / _seconds(other, batch) for _ in range(_ROUNDS)]
    return faster if float(np.median(ratios)) > _LEAST_GAIN else EXACT


def _candidate(folder: Path) -> str | None:
    """Return the runtime to try beside the exact one: the most exact of those that the processor has instructions for.

    Where there is bfloat16, 8-bit integers gain a tenth and stand a hundred times farther from the exact vectors; where
    there is not, they are up to twice as fast as float32.
    """
    if fast_bfloat16():
        return "torch-bfloat16"
    return "torch-int8" if fast_int8() and read_shape(folder) is not None else None


def _batch(tokens: Tokens) -> list[tuple[int, ...]]:
    """Return the ids of different texts of one length, as long as the model reads or as a passage is."""
    longest = " ".join(_SAMPLE for _ in range(_LENGTH))
    texts = [longest[len(_SAMPLE) * i // _TEXTS :] for i in range(_TEXTS)]
    return [row.ids for row in tokens.ids(texts)]


def _seconds(encoder: Encoder, batch: list[tuple[int, ...]]) -> float:
    begin = time.thread_time()
    encoder.pooled(batch)
    return time.thread_time() - begin


def _key(sha256: str) -> str:
    import torch

    return hashlib.sha256(f"{processor()}|{torch.__version__}|{sha256}".encode()).hexdigest()[:16]


def _remembered(path: Path) -> dict[str, str]:
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        # Nothing remembered, or a damaged note: measuring again is all that it costs.
        return {}
    return {str(key): str(name) for key, name in known.items()} if isinstance(known, dict) else {}


def _remember(path: Path, known: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    part.replace(path)
