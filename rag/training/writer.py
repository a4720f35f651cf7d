"""The writer as it is trained: an encoder over question and evidence, a decoder that writes or copies.

The encoder reads texts that lie one below the other (`rag.training.encoder`); the decoder's batches are padded, of
texts of about one length. Each token comes from the vocabulary or is copied from the source, by a gate.

Source: docs/decisions/0026-a-writer.md; See et al. 2017, https://arxiv.org/abs/1704.04368 (pointer-generator);
Rothe et al. 2020, https://arxiv.org/abs/1907.12461 (decoders that begin with an encoder's weights).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from rag.training.encoder import PackedBert, arithmetic, linear, normed

NOTHING = -1
# Batches are cut from pools of so many texts, sorted by length.
_POOL = 2048
# What a target's token costs beside one of the source: it goes through the vocabulary too.
_TARGET_COST = 2
# Tokens of a refusal, its end counted.
_REFUSAL = 2
# Rows, and places of padded texts, are added up to multiples of these: each new shape costs the library memory.
_STEP, _SOURCE_STEP, _TARGET_STEP = 128, 32, 8


@dataclass(frozen=True, slots=True)
class EncodedWriting:
    """One thing to write in tokens.

    Args:
        ids: Of the source, as `rag.models.writer_input` makes it.
        n_first: How many of them belong to task and question.
        copied: For each whether it may be copied.
        written: What is to be written, the end behind it.
    """

    ids: Sequence[int]
    n_first: int
    copied: Sequence[int]
    written: Sequence[int]


class _Attention(nn.Module):
    """Weights of one attention, named as the writer's file names them."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.query, self.key = nn.Linear(width, width), nn.Linear(width, width)
        self.value, self.output = nn.Linear(width, width), nn.Linear(width, width)

    def forward(self, x: Tensor, seen: Tensor, mask: Tensor, n_heads: int) -> Tensor:
        """Return what ``x`` sees of ``seen`` where the mask, shape ``(n or 1, 1, t, s)``, allows it."""
        n, length, width = x.shape
        query, key, value = (
            _linear(source, dense).view(n, -1, n_heads, width // n_heads).transpose(1, 2)
            for source, dense in ((x, self.query), (seen, self.key), (seen, self.value))
        )
        scores = query @ key.transpose(2, 3) * (width // n_heads) ** -0.5
        weights = torch.softmax(scores.masked_fill(~mask, float("-inf")), dim=-1)
        return _linear((weights @ value).transpose(1, 2).reshape(n, length, width), self.output)


class _Layer(nn.Module):
    """One layer of the decoder: it looks at what it wrote, reads the source, and thinks."""

    def __init__(self, width: int, inner: int, epsilon: float) -> None:
        super().__init__()
        self.own, self.own_norm = _Attention(width), nn.LayerNorm(width, epsilon)
        self.read, self.read_norm = _Attention(width), nn.LayerNorm(width, epsilon)
        self.widen, self.narrow = nn.Linear(width, inner), nn.Linear(inner, width)
        self.norm = nn.LayerNorm(width, epsilon)

    def forward(self, x: Tensor, source: Tensor, own: Tensor, known: Tensor, n_heads: int) -> Tensor:
        """Return the states of the next layer."""
        x = normed(x + self.own(x, x, own, n_heads), self.own_norm)
        x = normed(x + self.read(x, source, known, n_heads), self.read_norm)
        return normed(x + _linear(functional.gelu(_linear(x, self.widen)), self.narrow), self.norm)


class WriterNetwork(nn.Module):
    """Encoder and decoder; the decoder begins with weights of the encoder's layers, the rest of it with small ones.

    Args:
        folder: Folder of the encoder to begin with.
        n_layers: Layers of the decoder.
        max_target: Longest text that it writes, in tokens.
    """

    def __init__(self, folder: Path, *, n_layers: int, max_target: int) -> None:
        super().__init__()
        self.bert = PackedBert(folder)
        config, width = self.bert.config, self.bert.dimension
        epsilon = float(config.layer_norm_eps)
        self.positions = nn.Embedding(max_target, width)
        self.norm = nn.LayerNorm(width, epsilon)
        self.layers = nn.ModuleList(_Layer(width, int(config.intermediate_size), epsilon) for _ in range(n_layers))
        self.transform, self.transform_norm = nn.Linear(width, width), nn.LayerNorm(width, epsilon)
        self.bias = nn.Parameter(torch.zeros(int(config.vocab_size)))
        self.point_query, self.point_key = nn.Linear(width, width), nn.Linear(width, width)
        self.gate = nn.Linear(2 * width, 1)
        self._begin_with_encoder(max_target)

    def _begin_with_encoder(self, max_target: int) -> None:
        """Copy what the encoder has learnt of texts; reading the source begins as looking at one's own text does."""
        encoder, n_layers = self.bert.encoder.layer, len(self.layers)
        with torch.no_grad():
            self.positions.weight.copy_(self.bert.embeddings.position_embeddings.weight[:max_target])
            self.norm.load_state_dict(self.bert.embeddings.LayerNorm.state_dict())
            # Any: torch says of a list's modules only that they are modules.
            layers: Any = self.layers
            for number, layer in enumerate(layers):
                taken = encoder[number * len(encoder) // n_layers]
                for attention in (layer.own, layer.read):
                    for name in ("query", "key", "value"):
                        getattr(attention, name).load_state_dict(getattr(taken.attention.self, name).state_dict())
                    attention.output.load_state_dict(taken.attention.output.dense.state_dict())
                layer.own_norm.load_state_dict(taken.attention.output.LayerNorm.state_dict())
                layer.widen.load_state_dict(taken.intermediate.dense.state_dict())
                layer.narrow.load_state_dict(taken.output.dense.state_dict())
                layer.norm.load_state_dict(taken.output.LayerNorm.state_dict())

    def forward(self, **batch: Tensor) -> dict[str, Tensor]:
        """Return ``loss``, the mean over the tokens of all targets, and ``chances`` of the target tokens (n, t)."""
        lengths = batch["lengths"].tolist()
        packed, _ = self.bert(batch["ids"], batch["places"], batch["kinds"], lengths)
        rows, known = _padded(batch["lengths"])
        source, ids = packed[rows], batch["ids"][rows]
        copied = batch["copied"][rows] & known
        written, wanted = batch["written"], batch["written"] != NOTHING
        before = torch.cat([batch["begin"][:, None], written[:, :-1].clamp(min=0)], dim=1)
        states = self._states(before, source, known)
        chances = self._chances(states, source, ids, copied, written)
        loss = -chances.clamp(min=1e-9).log()[wanted].mean()
        return {"loss": loss, "chances": chances.detach()}

    def _states(self, before: Tensor, source: Tensor, known: Tensor) -> Tensor:
        length, n_heads = before.shape[1], int(self.bert.config.num_attention_heads)
        words: Tensor = self.bert.embeddings.word_embeddings(before)
        x: Tensor = self.norm(words + self.positions.weight[:length]).to(arithmetic(words.device))
        own = torch.ones(length, length, dtype=torch.bool, device=x.device).tril()[None, None]
        read, source = known[:, None, None, :], source.to(x.dtype)
        for layer in self.layers:
            x = layer(x, source, own, read, n_heads)
        return x

    def _chances(self, states: Tensor, source: Tensor, ids: Tensor, copied: Tensor, written: Tensor) -> Tensor:
        """Return the chance of each target token: written from the vocabulary or copied, as the gate has it."""
        # Of the vocabulary only what the batch holds: what is written later may only be words of its source, so that
        # the others never compete, and they would cost more than the decoder.
        candidates = torch.unique(torch.cat([ids.flatten(), written.clamp(min=0).flatten(), self._common(ids)]))
        spoken = normed(functional.gelu(_linear(states, self.transform)), self.transform_norm)
        words = self.bert.embeddings.word_embeddings.weight[candidates].to(spoken.dtype)
        logits = (spoken @ words.T).float() + self.bias[candidates]
        place = torch.searchsorted(candidates, written.clamp(min=0))
        from_words = torch.softmax(logits, dim=-1).gather(-1, place[..., None])[..., 0]
        keys = _linear(source.to(states.dtype), self.point_key)
        scores = (_linear(states, self.point_query) @ keys.transpose(1, 2)).float() * keys.shape[-1] ** -0.5
        pointed = torch.softmax(scores.masked_fill(~copied[:, None, :], float("-inf")), dim=-1)
        from_source = (pointed * (ids[:, None, :] == written[..., None])).sum(-1)
        context = (pointed.to(states.dtype) @ source.to(states.dtype)).float()
        gate = torch.sigmoid(self.gate(torch.cat([states.float(), context], dim=-1))[..., 0])
        return gate * from_words + (1 - gate) * from_source

    @staticmethod
    def _common(ids: Tensor) -> Tensor:
        """Return the vocabulary's commonest words: they compete whatever the source holds."""
        return torch.arange(999, 4000, device=ids.device)


def collate(rows: Sequence[Sequence[EncodedWriting]]) -> dict[str, Tensor]:
    """Return a batch as tensors."""
    texts = [each for group in rows for each in group]
    longest = max(len(each.written) for each in texts)
    longest += -longest % _TARGET_STEP
    return {
        "ids": torch.tensor([token for each in texts for token in each.ids]),
        "places": torch.cat([torch.arange(len(each.ids)) for each in texts]),
        "kinds": torch.cat([(torch.arange(len(each.ids)) >= each.n_first).long() for each in texts]),
        "lengths": torch.tensor([len(each.ids) for each in texts]),
        "copied": torch.tensor([may for each in texts for may in each.copied]).bool(),
        "written": torch.tensor([[*each.written, *[NOTHING] * (longest - len(each.written))] for each in texts]),
        "begin": torch.tensor([each.ids[0] for each in texts]),
    }


def batches(
    rows: Sequence[Sequence[EncodedWriting]], *, max_tokens: int, seed: int
) -> list[list[list[EncodedWriting]]]:
    """Return the writings in batches of texts of about one length, in random order.

    Args:
        rows: Each alone in its group.
        max_tokens: Most tokens of a batch, padding and targets counted.
        seed: Of the order.
    """
    chance = random.Random(seed)  # noqa: S311 - training examples
    order = [each for group in rows for each in group]
    chance.shuffle(order)
    # Refusals are all of one length: beside each other they would be whole batches of "there is no answer".
    lengths = [len(each.written) for each in order if len(each.written) > _REFUSAL] or [_REFUSAL]
    made: list[list[list[EncodedWriting]]] = []
    for begin in range(0, len(order), _POOL):
        pool = order[begin : begin + _POOL]
        among = [n if n > _REFUSAL else chance.choice(lengths) for n in (len(each.written) for each in pool)]
        places = sorted(range(len(pool)), key=lambda place: (among[place], len(pool[place].ids)))
        used = max_tokens
        for each in map(pool.__getitem__, places):
            size = len(each.ids) + _TARGET_COST * len(each.written)
            if used + size > max_tokens:
                made.append([])
                used = 0
            made[-1].append([each])
            used += size
    chance.shuffle(made)
    return made


def _padded(lengths: Tensor) -> tuple[Tensor, Tensor]:
    """Return where the tokens of each text lie among all, 0 where there is none, and where there is one."""
    longest = int(lengths.max())
    within = torch.arange(longest + -longest % _SOURCE_STEP, device=lengths.device)
    first = torch.cumsum(lengths, 0) - lengths
    known = within < lengths[:, None]
    return (first[:, None] + within) * known, known


def _linear(x: Tensor, dense: nn.Linear) -> Tensor:
    """Return ``x · weightᵀ + bias``, the rows added up to a number that occurs often: as in `rag.training.encoder`."""
    rows = x.reshape(-1, x.shape[-1])
    padded = functional.pad(rows, (0, 0, 0, -len(rows) % _STEP))
    made = linear(padded, dense)
    return made[: len(rows)].view(*x.shape[:-1], -1)
