"""Labelled sets that a shipped model learns beside the published ones."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from rag.evaluation.dataset import LabelledSet, read_dataset
from rag.evaluation.indexing import open_index
from rag.evaluation.progress import Watch
from rag.settings import Settings
from rag.training.examples.shapes import Group
from rag.training.sets import teams
from rag.training.sets.preparing import Prepared
from rag.training.sets.split import HELD_OUT_SHARE, split
from rag.training.sets.teams import Library
from rag.training.sets.writings import PreparedWritings
from rag.training.writings.given import Writing

Example = TypeVar("Example")
# How often their questions are learnt: they are small.
_TIMES = 3


class Beside:
    """Adds labelled sets to what was prepared of published ones.

    Args:
        folders: Of the sets.
        settings: Of this process.
        indexes: Where their indexes are kept.
        seed: Of every choice.
        on_progress: Told what is being done.
    """

    def __init__(
        self, folders: Sequence[Path], settings: Settings, indexes: Path, *, seed: int, on_progress: Watch
    ) -> None:
        self._folders = folders
        self._settings = settings
        self._indexes = indexes
        self._seed = seed
        self._on_progress = on_progress

    def groups(self, published: Prepared) -> Prepared:
        """Return the published groups and those of the sets, each time with other passages and other changes."""
        train, held_out = list[Group](), list[Group]()
        for learnt, measured, known in self._read():
            own = [teams.team_groups(learnt, measured, known, seed=self._seed + time) for time in range(_TIMES)]
            train += [group for each in own for group in each.train]
            held_out += own[0].held_out
        return Prepared((*published.train, *train), self._mixed(held_out, published.held_out))

    def writings(self, published: PreparedWritings) -> PreparedWritings:
        """Return the published writings and those of questions whose answer the sets tell in whole sentences."""
        train, held_out = list[Writing](), list[Writing]()
        for learnt, measured, known in self._read():
            for time in range(_TIMES):
                train += teams.team_writings(learnt.queries, known, seed=self._seed + time)
            held_out += teams.team_writings(measured.queries, known, seed=self._seed)
        return PreparedWritings((*published.train, *train), self._mixed(held_out, published.held_out))

    def _mixed(self, own: Sequence[Example], published: Sequence[Example]) -> tuple[Example, ...]:
        """Return what measures in random order: the first of them are measured along the way."""
        measuring = [*own, *published]
        random.Random(self._seed).shuffle(measuring)  # noqa: S311 - training examples
        return tuple(measuring)

    def _read(self) -> Iterator[tuple[LabelledSet, LabelledSet, Library]]:
        for folder in self._folders:
            labelled = read_dataset(folder)
            with open_index(labelled, self._settings, self._indexes, on_progress=self._on_progress) as indexed:
                yield *split(labelled, share=HELD_OUT_SHARE, seed=self._seed), teams.library(indexed)
