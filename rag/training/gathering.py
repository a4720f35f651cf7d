"""What a model learns from and what measures it, and a workspace with the models in use."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import InputError
from rag.evaluation.dataset import read_dataset
from rag.evaluation.indexing import open_index
from rag.evaluation.progress import Watch
from rag.training.job import Job
from rag.training.sets import teams
from rag.training.sets.beside import Beside
from rag.training.sets.preparing import shipped_claims, shipped_groups
from rag.training.sets.split import HELD_OUT_SHARE, split
from rag.training.sets.writings import AnyPrepared, shipped_writings
from rag.wiring import Workspace, open_workspace


@contextmanager
def examples(job: Job, on_progress: Watch) -> Iterator[tuple[Workspace, AnyPrepared]]:
    """Give what is learnt from and what measures, and a workspace with the models in use."""
    if job.shipped:
        with models_in_use(job) as workspace:
            yield workspace, _shipped_examples(job, workspace, on_progress)
        return
    labelled = read_dataset(job.data)
    with open_index(labelled, job.settings, job.indexes, on_progress=on_progress) as indexed:
        known = teams.library(indexed)
        if job.kind == "verifier":
            yield indexed.workspace, teams.team_claims(labelled, known, share=HELD_OUT_SHARE, seed=job.seed)
        else:
            learnt, measured = split(labelled, share=HELD_OUT_SHARE, seed=job.seed)
            yield indexed.workspace, teams.team_groups(learnt, measured, known, seed=job.seed)


def _shipped_examples(job: Job, workspace: Workspace, on_progress: Watch) -> AnyPrepared:
    if job.kind == "verifier":
        return shipped_claims(job.data, seed=job.seed)
    files = [path for path in job.beside if path.is_file()]
    folders = [path for path in job.beside if path not in files]
    beside = Beside(folders, job.settings, job.indexes, seed=job.seed, on_progress=on_progress)
    if job.kind == "writer":
        writings = shipped_writings(
            job.data,
            seed=job.seed,
            asked=files,
            on_progress=lambda what: on_progress(f"Making {what}", 0, 1),
        )
        writings = beside.writings(writings) if folders else writings
        if not writings.train:
            raise InputError(
                "No answer in whole sentences was given to learn from.",
                hint="Name files or sets that tell some: --with.",
            )
        return writings
    groups = shipped_groups(
        job.data,
        workspace.embedder,
        seed=job.seed,
        kept=job.checkpoints / "negatives",
        portion=job.portion,
        thorough=job.thorough,
        asked=files,
        on_progress=lambda what: on_progress(f"Finding {what}", 0, 1),
    )
    return beside.groups(groups)


@contextmanager
def models_in_use(job: Job) -> Iterator[Workspace]:
    """Give an empty workspace with the models of the settings; the home itself may be in use by the application."""
    with tempfile.TemporaryDirectory(prefix="footnote-train-") as folder:
        inside = job.settings.model_copy(update={"home": Path(folder)})
        with open_workspace(inside, models=job.models) as workspace:
            yield workspace
