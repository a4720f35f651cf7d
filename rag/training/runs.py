"""One training of the reader, the verifier or the writer: from prepared examples to a model folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn

from rag.errors import ModelError
from rag.models.pairs import CONFIG, OWN, WEIGHTS, is_kind, own_config
from rag.models.reader import MAX_QUESTION_TOKENS
from rag.models.verifier import MAX_CLAIM_TOKENS
from rag.models.writer_input import WriterTokens
from rag.training.kinds import SLOTS, OwnKind
from rag.training.networks import reader, verifier, writer
from rag.training.networks.export import export
from rag.training.networks.fit import Collate, Schedule, Told, fit
from rag.training.networks.mean import ENCODER, mean, meet
from rag.training.networks.packing import Encoded, EncodedClaim, EncodedWriting, PairEncoder, batches, encoded_writing
from rag.training.origins import TOKENIZER, Origin
from rag.training.sets.preparing import Prepared
from rag.training.sets.writings import AnyPrepared, PreparedWritings

# Windows of the reader's training, and the longest pair that the models read: passages of the product are shorter.
_WINDOW, _LONGEST = 208, 256
# Of what a writer reads: a question with several passages.
_LONGEST_SOURCE = 448
# Rows measured at every checkpoint, and how many of them at once.
_MEASURED, _AT_ONCE = 150, 16
# Pairs on which the 8-bit arithmetic of the finished model is measured.
_EXAMPLES = 64
_MOST_WARMUP, _MOST_EVERY = 200, 300
_HALF = 0.5
# A writer's second training is meant to replace its first.
_MEET = frozenset[OwnKind]({"reader", "verifier"})
_COLLATE: dict[OwnKind, Collate] = {"reader": reader.collate, "verifier": verifier.collate, "writer": writer.collate}


@dataclass(frozen=True, slots=True)
class Choices:
    """What a training is made with.

    Args:
        base: Folder of the model to begin with.
        base_sha256: Hash of its weights.
        steps: Batches in all; 0 takes three passes over the examples.
        learning_rate: At its height.
        seed: Of every choice.
        batch_tokens: Most tokens of a batch.
        checkpoints: Where checkpoints lie; each training has a folder of its own in it.
        dropout: Share of what each part of the encoder adds that is left out while training: against learning by
            heart in many passes over the same examples.
        teachers: Readers that a reader learns from beside its labels.
        teacher_share: How much of the loss is by their word.
        base_share: How much of the base's weights is in those that it ends with; ``None`` takes half where a reader or
            a verifier goes on from a model of our own, else nothing.
    """

    base: Path
    base_sha256: str
    steps: int
    learning_rate: float
    seed: int
    batch_tokens: int
    checkpoints: Path
    dropout: float = 0.0
    teachers: tuple[Origin, ...] = ()
    teacher_share: float = 0.0
    base_share: float | None = None


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training gave.

    Args:
        sha256: Hash of the weights.
        schedule: As it was trained.
        n_tokens: In one pass over the examples.
        along: Held-out loss by step.
    """

    sha256: str
    schedule: Schedule
    n_tokens: int
    along: tuple[tuple[int, float], ...]


def train(prepared: AnyPrepared, choices: Choices, folder: Path, *, on_progress: Told) -> Trained:
    """Train a reader on groups, a verifier on claims or a writer on writings, and write it to a folder.

    Args:
        prepared: What is learnt from, and what measures the loss at every checkpoint.
        choices: What it is made with.
        folder: Where to write the model.
        on_progress: Told of steps done, of how many.
    """
    kind, encoded = _encoding(prepared, choices.base, choices.seed)
    rows, measured = encoded(prepared.train), encoded(prepared.held_out[:_MEASURED])
    return _run(kind, rows, measured, choices, folder, on_progress)


def merge(prepared: AnyPrepared, origins: Sequence[Origin], folder: Path, *, seed: int) -> str:
    """Write the weighted mean of models of one kind to a folder; return the SHA-256 of its weights.

    How large the inputs of its layers are is measured anew: those of a mean are no mean.

    Args:
        prepared: With the examples on which that is measured.
        origins: The models with their shares, built alike.
        folder: Where to write the model.
        seed: Of the windows of long examples.

    Raises:
        ModelError: Weights of one of them are missing or of another shape.
    """
    kind, encoded = _encoding(prepared, origins[0].folder, seed)
    network = _loaded(_NETWORK[kind], kind, origins[0].folder)
    wanted = {name: tensor for name, tensor in network.state_dict().items() if tensor.is_floating_point()}
    parts = [(_weights(origin, wanted), origin.share) for origin in origins]
    network.load_state_dict(mean(parts))
    longest = int(own_config(origins[0].folder, kind=kind, slot=SLOTS[kind])[OWN]["max_tokens"])
    rows = encoded(prepared.train[:_EXAMPLES])
    return _written(network, rows, origins[0].folder, folder, kind=kind, max_tokens=longest)


_AnyNetwork = reader.ReaderNetwork | verifier.VerifierNetwork | writer.WriterNetwork
_Network = TypeVar("_Network", bound=_AnyNetwork)
_NETWORK: dict[OwnKind, Callable[[Path], _AnyNetwork]] = {
    "reader": reader.ReaderNetwork,
    "verifier": verifier.VerifierNetwork,
    "writer": writer.WriterNetwork,
}


def begin(kind: OwnKind, choices: Choices) -> nn.Module:
    """Return a network with the weights of the base, its heads too where it has them; else they are random."""
    torch.manual_seed(choices.seed)
    network = _loaded(_NETWORK[kind], kind, choices.base)
    network.bert.dropout = choices.dropout
    if choices.teachers and isinstance(network, reader.ReaderNetwork):
        teachers = [_loaded(reader.ReaderNetwork, kind, teacher.folder) for teacher in choices.teachers]
        network.teachers = reader.Teachers(teachers, share=choices.teacher_share)
    return network


def _loaded(made: Callable[[Path], _Network], kind: OwnKind, folder: Path) -> _Network:
    network = made(folder)
    if is_kind(folder, kind):
        heads = {
            name: tensor.float() for name, tensor in load_file(folder / WEIGHTS).items() if not name.startswith(ENCODER)
        }
        network.load_state_dict(heads, strict=False)
    return network


def base_share(kind: OwnKind, choices: Choices) -> float:
    """Return how much of the weights begun with is in those that a training ends with: of a model of our own alone."""
    if not any(is_kind(choices.base, own) for own in SLOTS):
        return 0.0
    if choices.base_share is not None:
        return choices.base_share
    return _HALF if kind in _MEET else 0.0


def _weights(origin: Origin, wanted: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the weights of a model that its network has, by name."""
    weights = load_file(origin.folder / WEIGHTS)
    for name, tensor in wanted.items():
        shape = tuple(weights[name].shape) if name in weights else None
        if shape != tuple(tensor.shape):
            raise ModelError(
                f"{origin.reference!r} has {name!r} in the shape {shape}, expected {tuple(tensor.shape)}.",
                hint="Train or install that model again, weights and configuration together.",
            )
    return {name: weights[name] for name in wanted}


def _encoding(prepared: AnyPrepared, base: Path, seed: int) -> tuple[OwnKind, Callable[[Any], list[list[Any]]]]:
    """Return which model learns from what was prepared, and what makes its rows of the encoder, group by group."""
    tokenizer = _tokenizer(base)
    if isinstance(prepared, PreparedWritings):
        tokens = WriterTokens(tokenizer, max_tokens=_longest_source(base))
        return "writer", lambda writings: [[encoded_writing(each, tokens)] for each in writings]
    if isinstance(prepared, Prepared):
        return "reader", PairEncoder(tokenizer, max_tokens=_WINDOW, max_first=MAX_QUESTION_TOKENS, seed=seed).groups
    pairs = PairEncoder(tokenizer, max_tokens=_LONGEST, max_first=MAX_CLAIM_TOKENS, seed=seed)
    return "verifier", lambda claims: [[row] for row in pairs.claims(claims)]


def _longest_source(base: Path) -> int:
    config = json.loads((base / CONFIG).read_text(encoding="utf-8"))
    return min(_LONGEST_SOURCE, int(config["max_position_embeddings"]))


def _tokenizer(base: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(base / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _run(
    kind: OwnKind,
    rows: Sequence[Sequence[Any]],
    measured: Sequence[Sequence[Any]],
    choices: Choices,
    folder: Path,
    on_progress: Told,
) -> Trained:
    network, collate = begin(kind, choices), _COLLATE[kind]
    made = batches(rows, max_tokens=choices.batch_tokens, seed=choices.seed)
    steps = choices.steps or max(3 * len(made), 1)
    every = min(_MOST_EVERY, max(1, steps // 5))
    warmup = min(_MOST_WARMUP, max(1, steps // 10))
    decay = max(1, steps // 5)
    schedule = Schedule(steps, choices.learning_rate, warmup, decay, every, choices.seed)
    along = fit(
        network,
        made,
        collate,
        schedule,
        folder=choices.checkpoints / f"{kind}-{_key(rows, choices)}",
        measure=lambda model: {"loss": _loss(model, measured, collate)},
        on_progress=on_progress,
    )
    share = base_share(kind, choices)
    if share:
        meet(network, _loaded(_NETWORK[kind], kind, choices.base), share=share, heads=is_kind(choices.base, kind))
    longest = _longest_source(choices.base) if kind == "writer" else _LONGEST
    return Trained(
        _written(network, rows, choices.base, folder, kind=kind, max_tokens=longest),
        schedule,
        sum(len(row.ids) for group in rows for row in group),
        tuple((int(line["step"]), line["loss"]) for line in along),
    )


def _written(
    network: nn.Module, rows: Sequence[Sequence[Any]], base: Path, folder: Path, *, kind: OwnKind, max_tokens: int
) -> str:
    """Write a network as a model whose inputs are measured on the first rows; return the SHA-256 of its weights."""
    examples = [(row.ids, row.n_first) for group in rows for row in group][:_EXAMPLES]
    return export(network, base, folder, kind=kind, max_tokens=max_tokens, examples=examples)


def _loss(network: nn.Module, groups: Sequence[Sequence[Any]], collate: Collate) -> float:
    """Return the mean loss of held-out rows."""
    device = next(network.parameters()).device
    losses = []
    for begin_at in range(0, len(groups), _AT_ONCE):
        batch = collate(groups[begin_at : begin_at + _AT_ONCE])
        losses.append(float(network(**{name: tensor.to(device) for name, tensor in batch.items()})["loss"]))
    return float(np.mean(losses)) if losses else 0.0


def _key(rows: Sequence[Sequence[Encoded | EncodedClaim | EncodedWriting]], choices: Choices) -> str:
    """Return what tells one training from another: base, examples and everything chosen but the number of steps."""
    taught = (choices.teacher_share, *(teacher.sha256 for teacher in choices.teachers)) if choices.teachers else ()
    chosen = (choices.base_sha256, choices.seed, choices.learning_rate, choices.batch_tokens, choices.dropout, *taught)
    digest = hashlib.sha256(" ".join(map(str, chosen)).encode())
    for group in rows:
        # With labels: who corrects them asks for another training.
        digest.update(repr(list(group)).encode())
    return digest.hexdigest()[:12]
