"""From questions answered in whole sentences to what the shipped writer learns to write, whole articles held out."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import InputError
from rag.training.examples import sources
from rag.training.readings.further import further
from rag.training.sets.preparing import Prepared, PreparedClaims
from rag.training.writings.given import Writing, given

_HELD_OUT_SHARE = 0.03
# How often what was written is learnt, each time with other sentences beside those that answer.
_TIMES = 2


@dataclass(frozen=True, slots=True)
class PreparedWritings:
    """What is learnt from, and what measures."""

    train: tuple[Writing, ...]
    held_out: tuple[Writing, ...]


AnyPrepared = Prepared | PreparedClaims | PreparedWritings


def shipped_writings(
    folder: Path,
    *,
    seed: int,
    asked: Sequence[Path] = (),
    on_progress: Callable[[str], None] = lambda _: None,
) -> PreparedWritings:
    """Return the writings of the training of the shipped writer.

    Args:
        folder: With ``squad1-train`` and ``qa-mix``, as docs/training.md describes them.
        seed: Of every choice.
        asked: Files of further questions about their passages, with answers in whole sentences.
        on_progress: Told what is being done.

    Raises:
        InputError: A set is missing, or a file is of another form.
    """
    try:
        known = (
            sources.squad(folder / "squad1-train" / "train.json.gz"),
            sources.passages(folder / "qa-mix" / "train.jsonl.gz"),
        )
    except OSError as exc:
        raise InputError(
            f"The folder {str(folder)!r} lacks a part of the training data: {exc}.",
            hint="docs/training.md names the parts and where they come from.",
        ) from exc
    made: list[Writing] = []
    for path in asked:
        on_progress(f"writings of {path.name}")
        for found in further(path, known):
            impossible = [(question, place) for question, place, _ in found.impossible]
            for time in range(_TIMES):
                made += given(found.questions, found.told, impossible, seed=seed + time)
    return _split(made, seed)


def _split(made: list[Writing], seed: int) -> PreparedWritings:
    chance = random.Random(seed)  # noqa: S311 - training examples
    articles = sorted({writing.article for writing in made})
    apart = frozenset(chance.sample(articles, min(len(articles), max(1, round(_HELD_OUT_SHARE * len(articles))))))
    chance.shuffle(made)
    return PreparedWritings(
        tuple(writing for writing in made if writing.article not in apart),
        tuple(writing for writing in made if writing.article in apart),
    )
