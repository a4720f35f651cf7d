"""A training from data to a verdict: measure what there is, train, measure again, and let the better one win."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from rag.errors import InputError
from rag.evaluation.compare import compare
from rag.evaluation.dataset import read_dataset
from rag.evaluation.indexing import open_index
from rag.evaluation.progress import Watch
from rag.evaluation.runner import RunChoices, evaluate
from rag.evaluation.sweep import with_settings
from rag.models.bundled import BUNDLED
from rag.models.machine import use_threads
from rag.models.pairs import is_kind
from rag.models.weights import located, weights_sha256
from rag.training import runs
from rag.training.card import Source, Subject
from rag.training.ending import Outcome, decided, fresh
from rag.training.gathering import examples, models_in_use
from rag.training.job import Job, check, in_use
from rag.training.kinds import SLOTS, Kind, OwnKind
from rag.training.measuring.gate import Change, compare_measured, of_runs
from rag.training.networks.embedding import train_embedding
from rag.training.networks.fit import Schedule
from rag.training.origins import Origin, check_alike, check_reads_alike, found, found_own, told
from rag.training.sets import teams
from rag.training.sets.split import HELD_OUT_SHARE, split
from rag.training.sets.writings import AnyPrepared
from rag.training.weighing import measure_folder, measure_in_use, sources_of
from rag.types import ModelUse

_EMBEDDING = "bundled:all-MiniLM-L6-v2"
_SHIPPED_STEPS: dict[Kind, int] = {"reader": 3600, "verifier": 1100, "writer": 900}
_SHIPPED_BATCH, _TEAM_BATCH = 5000, 2500
_GOING_ON, _EMBEDDING_RATE = 3e-5, 2e-5
_BEGINNING: dict[Kind, float] = {"reader": 1.2e-4, "verifier": 1.2e-4, "writer": 1e-4, "embedding": _EMBEDDING_RATE}
_SHIPPED_BEGINNING: dict[Kind, float] = {**_BEGINNING, "reader": 1.5e-4, "verifier": 1.5e-4}
_COMPARED = ("recall@5", "recall@10", "mrr@10", "ndcg@10")
_DEPTH = 12
# What the reader that ships was taught with.
_TEACHER_SHARE = 0.7
Made = TypeVar("Made")


class _Compared(NamedTuple):
    """How a new model compares with what there was.

    Args:
        changes: Figures of both, on the same held-out cases.
        shown: What a card's settings say of it: what it was compared with, and figures that only the new one has.
        n_held_out: Cases that measured.
    """

    changes: tuple[Change, ...]
    shown: dict[str, object]
    n_held_out: int


def train(job: Job, *, on_progress: Watch) -> Outcome:
    """Train a model and write it where it was asked for if it wins, else beside that as ``…-lost``.

    Raises:
        InputError: The data or the place to write to cannot be used.
        ModelError: The model to begin with is missing or of another architecture.
    """
    check(job)
    use_threads(job.settings.models.threads)
    if job.kind == "embedding":
        return _train_embedding(job, on_progress)
    return _train_own(job, job.kind, on_progress)


def merge(job: Job, kind: OwnKind, *, on_progress: Watch) -> Outcome:
    """Make the weighted mean of models of our own, and write it as `train` writes what it trained.

    Args:
        job: With the models; its data, seed and shares of data must be those of their trainings, else what they learnt
            from measures their mean.
        kind: Of the models.
        on_progress: Told of what is being done.

    Raises:
        InputError: The data or the place to write to cannot be used.
        ModelError: A model is missing, of another kind or of another architecture than the first; says which.
    """
    check(job)
    use_threads(job.settings.models.threads)
    parts = [(found_own(ref, kind=kind, cache=job.models), share) for ref, share in job.merged]
    origins = tuple(replace(origin, share=share) for origin, share in parts)
    check_alike(origins)

    def make(prepared: AnyPrepared) -> str:
        return runs.merge(prepared, origins, fresh(job.lost), seed=job.seed)

    _, sha256, compared = _tried(job, kind, _in_slot(job, kind), make, on_progress)
    subject = Subject(kind, origins, (), {"seed": job.seed, **compared.shown}, (), sha256)
    return decided(job, subject, compared.changes, 0, compared.n_held_out)


def _train_own(job: Job, kind: OwnKind, on_progress: Watch) -> Outcome:
    base = _base(job)
    begun = is_kind(base.folder, kind)
    teachers = _teachers(job, kind, base)
    choices = _choices(job, base, teachers, begun=begun)
    if job.base_share and not runs.base_share(kind, choices):
        raise InputError(
            f"A share of {job.base_share:g} was to be kept of {base.reference!r}, which is no model of our own.",
            hint="Leave --base-share out, or begin with a model of our own, --from.",
        )

    def make(prepared: AnyPrepared) -> runs.Trained:
        return runs.train(prepared, choices, fresh(job.lost), on_progress=partial(on_progress, "Training"))

    rival = (base.folder, ModelUse(base.reference, base.sha256)) if begun and job.base else _in_slot(job, kind)
    prepared, trained, compared = _tried(job, kind, rival, make, on_progress)
    settings = {
        **_shown(job, trained.schedule),
        "tokens of one pass": f"{trained.n_tokens:,}",
        **({"share of the teachers": choices.teacher_share} if teachers else {}),
        **_joined(kind, choices, begun=begun),
        **compared.shown,
    }
    subject = Subject(kind, (base,), sources_of(prepared), settings, trained.along, trained.sha256, teachers)
    return decided(job, subject, compared.changes, len(prepared.train), compared.n_held_out)


def _tried(
    job: Job,
    kind: OwnKind,
    rival: tuple[Path, ModelUse] | None,
    make: Callable[[AnyPrepared], Made],
    on_progress: Watch,
) -> tuple[AnyPrepared, Made, _Compared]:
    """Measure what there is, make a model, and measure it on the same cases.

    Args:
        job: With the data.
        kind: Of the model.
        rival: The model to compare with; ``None`` takes what the settings have, which is none of our own.
        make: Writes the model where it lies until it wins.
        on_progress: Told of what is being done.
    """
    threads = job.settings.models.threads
    with examples(job, on_progress) as (workspace, prepared):
        watch = partial(on_progress, "Measuring what there is")
        if rival:
            before = measure_folder(*rival, prepared, workspace, threads=threads, told=watch)
        else:
            before = measure_in_use(workspace, prepared, watch)
    made = make(prepared)
    use = ModelUse(str(job.out), weights_sha256(job.lost))
    with models_in_use(job) as workspace:
        watch = partial(on_progress, "Measuring the new one")
        after = measure_folder(job.lost, use, prepared, workspace, threads=threads, told=watch)
    changes = compare_measured(before, after)
    alone = {name: f"{value:.3f}" for name, value in after.figures().items() if name not in {c.figure for c in changes}}
    with_what = rival[1].ref if rival else "quoting" if kind == "writer" else told(in_use(job, kind))
    return prepared, made, _Compared(changes, {"compared with": with_what, **alone}, len(prepared.held_out))


def _train_embedding(job: Job, on_progress: Watch) -> Outcome:
    base = _base(job)
    labelled = read_dataset(job.data)
    learnt, measured = split(labelled, share=HELD_OUT_SHARE, seed=job.seed)
    begun = with_settings(job.settings, {"models.embedding": job.base}) if job.base else job.settings
    with open_index(labelled, begun, job.indexes, on_progress=on_progress) as indexed:
        triples = teams.triples(learnt, teams.library(indexed), depth=_DEPTH)
        before = evaluate(replace(indexed, labelled=measured), RunChoices(), on_progress=on_progress)
    rate = job.learning_rate or _EMBEDDING_RATE
    key = hashlib.sha256(f"{base.sha256} {job.seed} {rate} {triples}".encode()).hexdigest()[:12]
    steps = train_embedding(
        triples,
        base.folder,
        fresh(job.lost),
        steps=job.steps,
        learning_rate=rate,
        seed=job.seed,
        checkpoints=job.checkpoints / f"embedding-{key}",
        on_progress=partial(on_progress, "Training"),
    )
    chosen = with_settings(job.settings, {"models.embedding": str(job.lost.absolute())})
    with (
        tempfile.TemporaryDirectory(prefix="footnote-train-") as root,
        open_index(labelled, chosen, Path(root), on_progress=on_progress) as indexed,
    ):
        after = evaluate(replace(indexed, labelled=measured), RunChoices(), on_progress=on_progress)
    comparison = compare(before, after)
    subject = Subject(
        "embedding",
        (base,),
        (Source(job.data.name, teams.LICENCE, len(triples)),),
        {"steps": steps, "learning rate": rate, "seed": job.seed, "compared with": base.reference},
        (),
        weights_sha256(job.lost),
    )
    changes = of_runs(comparison.differences, _COMPARED, comparison.n_shared)
    return decided(job, subject, changes, len(triples), comparison.n_shared)


def _base(job: Job) -> Origin:
    """Return the model to begin with."""
    return found(job.base or _shipped(job), kind=job.kind, cache=job.models)


def _teachers(job: Job, kind: OwnKind, base: Origin) -> tuple[Origin, ...]:
    """Return the models to learn from, which may be of another size than the one that learns."""
    teachers = tuple(found_own(ref, kind=kind, cache=job.models) for ref in job.teachers)
    for teacher in teachers:
        check_reads_alike(base, teacher)
    return teachers


def _in_slot(job: Job, kind: OwnKind) -> tuple[Path, ModelUse] | None:
    """Return the model that the settings have in the slot; ``None`` where it is none of our own."""
    reference = in_use(job, kind)
    model = located(reference.text, slot=SLOTS[kind], cache=job.models) if reference.kind != "openai" else None
    if model is None or not is_kind(model[0], kind):
        return None
    return model[0], ModelUse(told(reference), model[1].sha256)


def _shipped(job: Job) -> str:
    if job.kind == "embedding":
        return job.settings.models.embedding
    slot = SLOTS[job.kind]
    ready = [f"bundled:{name}" for name, model in BUNDLED.items() if model.slot == slot and model.sha256]
    # What ships began with the embedding; training it again begins there too.
    return ready[0] if ready and not job.shipped else _EMBEDDING


def _choices(job: Job, base: Origin, teachers: tuple[Origin, ...], *, begun: bool) -> runs.Choices:
    # A model that can do the task already is moved less than one that begins.
    rate = _GOING_ON if begun else (_SHIPPED_BEGINNING if job.shipped else _BEGINNING)[job.kind]
    return runs.Choices(
        base=base.folder,
        base_sha256=base.sha256,
        steps=job.steps or (_SHIPPED_STEPS[job.kind] if job.shipped else 0),
        learning_rate=job.learning_rate or rate,
        seed=job.seed,
        batch_tokens=_batch_tokens(job),
        checkpoints=job.checkpoints,
        dropout=job.dropout,
        teachers=teachers,
        teacher_share=(job.teacher_share or _TEACHER_SHARE) if teachers else 0.0,
        base_share=job.base_share,
    )


def _joined(kind: OwnKind, choices: runs.Choices, *, begun: bool) -> dict[str, object]:
    """Return what the card says of weights that ended a part of the way back to what they began with."""
    share = runs.base_share(kind, choices)
    if not share:
        return {} if choices.base_share is None else {"weights": "those trained"}
    of = "those" if begun else "the encoder's"
    mean = "the mean" if share == 1 - share else f"the mean, {share:g} to {1 - share:g},"
    return {"weights": f"{mean} of {of} begun with and those trained"}


def _batch_tokens(job: Job) -> int:
    return job.batch_tokens or (_SHIPPED_BATCH if job.shipped else _TEAM_BATCH)


def _shown(job: Job, schedule: Schedule) -> dict[str, object]:
    return {
        "steps": schedule.steps,
        "learning rate": schedule.learning_rate,
        "warmup": schedule.warmup,
        "decay": schedule.decay,
        "tokens of a batch": _batch_tokens(job),
        **({"dropout": job.dropout} if job.dropout else {}),
        "seed": schedule.seed,
    }
