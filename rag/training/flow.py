"""A training from data to a verdict: measure what there is, train, measure again, and let the better one win."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

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
from rag.models.references import Reference, parse
from rag.models.weights import locate, located, weights_sha256
from rag.training import runs, teams
from rag.training.beside import Beside
from rag.training.card import CARD, Card, Source, Subject, write_card
from rag.training.embedding import train_embedding
from rag.training.fit import Schedule
from rag.training.gate import Change, Verdict, compare_measured, judge, of_runs
from rag.training.job import Job, check, in_use
from rag.training.kinds import SLOTS, Kind, OwnKind
from rag.training.preparing import shipped_claims, shipped_groups
from rag.training.weighing import AnyPrepared, measure_folder, measure_in_use, sources_of
from rag.training.writings import shipped_writings
from rag.types import ModelUse
from rag.wiring import Workspace, open_workspace

_EMBEDDING = "bundled:all-MiniLM-L6-v2"
_SHIPPED_STEPS: dict[Kind, int] = {"reader": 3600, "verifier": 1100, "writer": 900}
_SHIPPED_BATCH, _TEAM_BATCH = 5000, 2500
_GOING_ON, _EMBEDDING_RATE = 3e-5, 2e-5
_BEGINNING: dict[Kind, float] = {"reader": 1.2e-4, "verifier": 1.2e-4, "writer": 1e-4, "embedding": _EMBEDDING_RATE}
_SHIPPED_BEGINNING: dict[Kind, float] = {**_BEGINNING, "reader": 1.5e-4, "verifier": 1.5e-4}
_COMPARED = ("recall@5", "recall@10", "mrr@10", "ndcg@10")
_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a training ended.

    Args:
        folder: Where the model lies.
        sha256: Hash of its weights.
        changes: Figures before and after.
        verdict: Of the gate.
        n_train: Examples learnt from.
        n_held_out: Examples that measured.
    """

    folder: Path
    sha256: str
    changes: tuple[Change, ...]
    verdict: Verdict
    n_train: int
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


def _train_own(job: Job, kind: OwnKind, on_progress: Watch) -> Outcome:
    reference, base, base_sha256 = _base(job)
    begun = is_kind(base, kind)
    threads = job.settings.models.threads
    with _examples(job, on_progress) as (workspace, prepared):
        choices = _choices(job, base, base_sha256, begun=begun)
        watch = partial(on_progress, "Measuring what there is")
        rival = (base, ModelUse(reference, base_sha256)) if begun and job.base else _in_slot(job, kind)
        if rival:
            before = measure_folder(*rival, prepared, workspace, threads=threads, told=watch)
        else:
            before = measure_in_use(workspace, prepared, watch)
    trained = runs.train(prepared, choices, _fresh(job.lost), on_progress=partial(on_progress, "Training"))
    use = ModelUse(str(job.out), trained.sha256)
    with _models_in_use(job) as workspace:
        watch = partial(on_progress, "Measuring the new one")
        after = measure_folder(job.lost, use, prepared, workspace, threads=threads, told=watch)
    changes = compare_measured(before, after)
    shown = {name: f"{value:.3f}" for name, value in after.figures().items() if name not in {c.figure for c in changes}}
    subject = Subject(
        kind,
        (reference, base_sha256),
        sources_of(prepared),
        {
            **_shown(job, trained.schedule),
            "tokens of one pass": f"{trained.n_tokens:,}",
            **_joined(kind, base, begun=begun),
            "compared with": rival[1].ref if rival else "quoting" if kind == "writer" else _told(in_use(job, kind)),
            **shown,
        },
        trained.along,
        trained.sha256,
    )
    return _decided(job, subject, changes, len(prepared.train), len(prepared.held_out))


def _train_embedding(job: Job, on_progress: Watch) -> Outcome:
    reference, base, base_sha256 = _base(job)
    labelled = read_dataset(job.data)
    learnt, measured = teams.split(labelled, share=teams.HELD_OUT_SHARE, seed=job.seed)
    begun = with_settings(job.settings, {"models.embedding": job.base}) if job.base else job.settings
    with open_index(labelled, begun, job.indexes, on_progress=on_progress) as indexed:
        triples = teams.triples(learnt, teams.library(indexed), depth=_DEPTH)
        before = evaluate(replace(indexed, labelled=measured), RunChoices(), on_progress=on_progress)
    rate = job.learning_rate or _EMBEDDING_RATE
    key = hashlib.sha256(f"{base_sha256} {job.seed} {rate} {triples}".encode()).hexdigest()[:12]
    steps = train_embedding(
        triples,
        base,
        _fresh(job.lost),
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
        (reference, base_sha256),
        (Source(job.data.name, teams.LICENCE, len(triples)),),
        {"steps": steps, "learning rate": rate, "seed": job.seed, "compared with": reference},
        (),
        weights_sha256(job.lost),
    )
    changes = of_runs(comparison.differences, _COMPARED, comparison.n_shared)
    return _decided(job, subject, changes, len(triples), comparison.n_shared)


@contextmanager
def _examples(job: Job, on_progress: Watch) -> Iterator[tuple[Workspace, AnyPrepared]]:
    """Give what is learnt from and what measures, and a workspace with the models in use."""
    if job.shipped:
        with _models_in_use(job) as workspace:
            yield workspace, _shipped_examples(job, workspace, on_progress)
        return
    labelled = read_dataset(job.data)
    with open_index(labelled, job.settings, job.indexes, on_progress=on_progress) as indexed:
        known = teams.library(indexed)
        if job.kind == "verifier":
            yield indexed.workspace, teams.team_claims(labelled, known, share=teams.HELD_OUT_SHARE, seed=job.seed)
        else:
            learnt, measured = teams.split(labelled, share=teams.HELD_OUT_SHARE, seed=job.seed)
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
def _models_in_use(job: Job) -> Iterator[Workspace]:
    """Give an empty workspace with the models of the settings; the home itself may be in use by the application."""
    with tempfile.TemporaryDirectory(prefix="footnote-train-") as folder:
        inside = job.settings.model_copy(update={"home": Path(folder)})
        with open_workspace(inside, models=job.models) as workspace:
            yield workspace


def _base(job: Job) -> tuple[str, Path, str]:
    """Return reference, folder and hash of the weights of the model to begin with."""
    parsed = parse(job.base or _shipped(job), slot=SLOTS[job.kind])
    # An encoder of the embedding's slot is a beginning for each of the models.
    known = BUNDLED.get(parsed.name) if parsed.kind == "bundled" else None
    folder, sha256 = locate(parsed, slot=known.slot if known else SLOTS[job.kind], cache=job.models)
    return _told(parsed), folder, sha256


def _in_slot(job: Job, kind: OwnKind) -> tuple[Path, ModelUse] | None:
    """Return the model that the settings have in the slot; ``None`` where it is none of our own."""
    reference = in_use(job, kind)
    found = located(reference.text, slot=SLOTS[kind], cache=job.models) if reference.kind != "openai" else None
    if found is None or not is_kind(found[0], kind):
        return None
    return found[0], ModelUse(_told(reference), found[1].sha256)


def _told(reference: Reference) -> str:
    # A card goes with its model to other machines: of a folder of this one it keeps the name.
    return Path(reference.name).name if reference.kind == "folder" else reference.text


def _shipped(job: Job) -> str:
    if job.kind == "embedding":
        return job.settings.models.embedding
    slot = SLOTS[job.kind]
    ready = [f"bundled:{name}" for name, model in BUNDLED.items() if model.slot == slot and model.sha256]
    # What ships began with the embedding; training it again begins there too.
    return ready[0] if ready and not job.shipped else _EMBEDDING


def _choices(job: Job, base: Path, base_sha256: str, *, begun: bool) -> runs.Choices:
    # A model that can do the task already is moved less than one that begins.
    rate = _GOING_ON if begun else (_SHIPPED_BEGINNING if job.shipped else _BEGINNING)[job.kind]
    return runs.Choices(
        base=base,
        base_sha256=base_sha256,
        steps=job.steps or (_SHIPPED_STEPS[job.kind] if job.shipped else 0),
        learning_rate=job.learning_rate or rate,
        seed=job.seed,
        batch_tokens=_batch_tokens(job),
        checkpoints=job.checkpoints,
        dropout=job.dropout,
    )


def _joined(kind: OwnKind, base: Path, *, begun: bool) -> dict[str, object]:
    """Return what the card says of weights that ended half-way back to what they began with."""
    if not runs.ends_between(kind, base):
        return {}
    of = "those" if begun else "the encoder's"
    return {"weights": f"the mean of {of} begun with and those trained"}


def _batch_tokens(job: Job) -> int:
    return job.batch_tokens or (_SHIPPED_BATCH if job.shipped else _TEAM_BATCH)


def _fresh(folder: Path) -> Path:
    """Return an empty folder; what lost there before makes way."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    # Says whose folder it is before there is a card, so that a training that was stopped can begin it anew.
    (folder / CARD).write_text("This training is not finished.\n", encoding="utf-8")
    return folder


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


def _decided(job: Job, subject: Subject, changes: tuple[Change, ...], n_train: int, n_held_out: int) -> Outcome:
    """Let the better one win, and write the card."""
    verdict = judge(changes)
    write_card(job.lost, Card(subject, changes, verdict, _commands(job, subject)))
    folder = job.lost
    if verdict.wins:
        if job.out.exists():
            job.out.rmdir()
        folder = job.lost.rename(job.out)
    return Outcome(folder, subject.sha256, changes, verdict, n_train, n_held_out)


def _commands(job: Job, subject: Subject) -> tuple[str, ...]:
    """Return what trains the model again and what measures it; no path of this machine."""
    settings = subject.settings
    shipped = " --shipped" if job.shipped else ""
    begun = f" --from {job.base}" if job.base and job.base.startswith(("bundled:", "hf:")) else ""
    taken = f" --portion {job.portion:g}" if job.portion < 1 else ""
    taken += " --thorough" if job.thorough else ""
    batch = f" --batch-tokens {job.batch_tokens}" if job.batch_tokens else ""
    batch += f" --dropout {job.dropout:g}" if job.dropout else ""
    beside = "".join(f" --with {folder.name if folder.is_absolute() else folder}" for folder in job.beside)
    again = (
        f"footnote train {job.kind} --data {job.data.name}{shipped}{taken}{beside}{begun} --steps {settings['steps']} "
        f"--learning-rate {settings['learning rate']}{batch} --seed {job.seed} --out {job.out.name}"
    )
    if job.kind == "embedding":
        return again, f"footnote eval {job.data.name} --embedding {subject.base[0]} --embedding {job.out.name}"
    return again, f"footnote train measure {job.kind} {job.out.name} --data SET"
