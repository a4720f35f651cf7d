"""One training of the reader, the verifier or the writer: from prepared examples to a model folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn

from rag.models.pairs import CONFIG, WEIGHTS, is_kind
from rag.models.reader import MAX_QUESTION_TOKENS
from rag.models.verifier import MAX_CLAIM_TOKENS
from rag.models.writer_input import WriterTokens
from rag.training import reader, verifier, writer
from rag.training.export import export
from rag.training.fit import Collate, Schedule, Told, fit
from rag.training.given import Writing
from rag.training.kinds import SLOTS, OwnKind
from rag.training.packing import Encoded, EncodedClaim, EncodedWriting, PairEncoder, batches, encoded_writing
from rag.training.preparing import Prepared, PreparedClaims
from rag.training.writings import PreparedWritings

# Windows of the reader's training, and the longest pair that the models read: passages of the product are shorter.
_WINDOW, _LONGEST = 208, 256
# Of what a writer reads: a question with several passages.
_LONGEST_SOURCE = 448
# Rows measured at every checkpoint, and how many of them at once.
_MEASURED, _AT_ONCE = 150, 16
# Pairs on which the 8-bit arithmetic of the finished model is measured.
_EXAMPLES = 64
_MOST_WARMUP, _MOST_EVERY = 200, 300
# How the names of an encoder's weights begin; the others are heads.
_ENCODER = "bert."
# A writer's second training is meant to replace its first.
_MEET = frozenset[OwnKind]({"reader", "verifier"})


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
    """

    base: Path
    base_sha256: str
    steps: int
    learning_rate: float
    seed: int
    batch_tokens: int
    checkpoints: Path
    dropout: float = 0.0


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


def train(
    prepared: Prepared | PreparedClaims | PreparedWritings, choices: Choices, folder: Path, *, on_progress: Told
) -> Trained:
    """Train a reader on groups, a verifier on claims or a writer on writings, and write it to a folder.

    Args:
        prepared: What is learnt from, and what measures the loss at every checkpoint.
        choices: What it is made with.
        folder: Where to write the model.
        on_progress: Told of steps done, of how many.
    """
    if isinstance(prepared, PreparedWritings):
        writings, measured_writings = (
            _writings(choices, rows) for rows in (prepared.train, prepared.held_out[:_MEASURED])
        )
        return _run("writer", writings, measured_writings, writer.collate, choices, folder, on_progress)
    if isinstance(prepared, Prepared):
        encoder = _encoder(choices, max_tokens=_WINDOW, max_first=MAX_QUESTION_TOKENS)
        groups, measured = encoder.groups(prepared.train), encoder.groups(prepared.held_out[:_MEASURED])
        return _run("reader", groups, measured, reader.collate, choices, folder, on_progress)
    encoder = _encoder(choices, max_tokens=_LONGEST, max_first=MAX_CLAIM_TOKENS)
    claims = [[row] for row in encoder.claims(prepared.train)]
    held_out = [[row] for row in encoder.claims(prepared.held_out[:_MEASURED])]
    return _run("verifier", claims, held_out, verifier.collate, choices, folder, on_progress)


_Network = reader.ReaderNetwork | verifier.VerifierNetwork | writer.WriterNetwork


def begin(kind: OwnKind, choices: Choices) -> nn.Module:
    """Return a network with the weights of the base, its heads too where it has them; else they are random."""
    torch.manual_seed(choices.seed)
    made: dict[OwnKind, Callable[[Path], _Network]] = {
        "reader": reader.ReaderNetwork,
        "verifier": verifier.VerifierNetwork,
        "writer": writer.WriterNetwork,
    }
    network = made[kind](choices.base)
    network.bert.dropout = choices.dropout
    if is_kind(choices.base, kind):
        weights = load_file(choices.base / WEIGHTS)
        heads = {name: tensor.float() for name, tensor in weights.items() if not name.startswith(_ENCODER)}
        network.load_state_dict(heads, strict=False)
    return network


def ends_between(kind: OwnKind, base: Path) -> bool:
    """Return whether a training from such a base ends half-way back to it: whether the base is a model of our own."""
    return kind in _MEET and any(is_kind(base, own) for own in SLOTS)


@torch.no_grad()
def meet(network: nn.Module, base: nn.Module, *, heads: bool = True) -> None:
    """Move a network that went on from another one half of the way back to it.

    The mean of both weights keeps what the base knew and most of what is new; on sets that neither learnt from it is
    better than either.

    Args:
        network: As it was trained.
        base: As it began.
        heads: Whether the base's heads knew the task; those of a model of another kind did not, and stay.

    Source:
        Wortsman et al. 2022, Robust fine-tuning of zero-shot models, https://arxiv.org/abs/2109.01903.
    """
    before = base.state_dict()
    for name, tensor in network.state_dict().items():
        if tensor.is_floating_point() and (heads or name.startswith(_ENCODER)):
            tensor.copy_((tensor + before[name].to(tensor.device)) / 2)


def _writings(choices: Choices, writings: Sequence[Writing]) -> list[list[EncodedWriting]]:
    tokens = WriterTokens(_tokenizer(choices), max_tokens=_longest_source(choices.base))
    return [[encoded_writing(each, tokens)] for each in writings]


def _longest_source(base: Path) -> int:
    config = json.loads((base / CONFIG).read_text(encoding="utf-8"))
    return min(_LONGEST_SOURCE, int(config["max_position_embeddings"]))


def _encoder(choices: Choices, *, max_tokens: int, max_first: int) -> PairEncoder:
    return PairEncoder(_tokenizer(choices), max_tokens=max_tokens, max_first=max_first, seed=choices.seed)


def _tokenizer(choices: Choices) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(choices.base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _run(
    kind: OwnKind,
    rows: Sequence[Sequence[Any]],
    measured: Sequence[Sequence[Any]],
    collate: Collate,
    choices: Choices,
    folder: Path,
    on_progress: Told,
) -> Trained:
    network = begin(kind, choices)
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
    if ends_between(kind, choices.base):
        meet(network, begin(kind, choices), heads=is_kind(choices.base, kind))
    examples = [(row.ids, row.n_first) for group in rows for row in group][:_EXAMPLES]
    return Trained(
        export(
            network,
            choices.base,
            folder,
            kind=kind,
            max_tokens=_longest_source(choices.base) if kind == "writer" else _LONGEST,
            examples=examples,
        ),
        schedule,
        sum(len(row.ids) for group in rows for row in group),
        tuple((int(line["step"]), line["loss"]) for line in along),
    )


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
    chosen = (choices.base_sha256, choices.seed, choices.learning_rate, choices.batch_tokens, choices.dropout)
    digest = hashlib.sha256(" ".join(map(str, chosen)).encode())
    for group in rows:
        # With labels: who corrects them asks for another training.
        digest.update(repr(list(group)).encode())
    return digest.hexdigest()[:12]
