"""How a training ends: the better model takes its place, with its card."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from rag.training.card import CARD, Card, Subject, write_card
from rag.training.job import Job
from rag.training.measuring.gate import Change, Verdict, judge


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


def fresh(folder: Path) -> Path:
    """Return an empty folder; what lost there before makes way."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    # Says whose folder it is before there is a card, so that a training that was stopped can begin it anew.
    (folder / CARD).write_text("This training is not finished.\n", encoding="utf-8")
    return folder


def decided(job: Job, subject: Subject, changes: tuple[Change, ...], n_train: int, n_held_out: int) -> Outcome:
    """Let the better one win, and write the card."""
    verdict = judge(changes)
    write_card(job.lost, Card(subject, changes, verdict, commands(job, subject)))
    folder = job.lost
    if verdict.wins:
        if job.out.exists():
            job.out.rmdir()
        folder = job.lost.rename(job.out)
    return Outcome(folder, subject.sha256, changes, verdict, n_train, n_held_out)


def commands(job: Job, subject: Subject) -> tuple[str, ...]:
    """Return what makes the model again and what measures it; no path of this machine."""
    again = _merged(job, subject) if job.merged else _trained(job, subject)
    if job.kind == "embedding":
        begun = subject.origins[0].reference
        return again, f"footnote eval {job.data.name} --embedding {begun} --embedding {job.out.name}"
    return again, f"footnote train measure {job.kind} {job.out.name} --data SET"


def _trained(job: Job, subject: Subject) -> str:
    settings = subject.settings
    begun = f" --from {subject.origins[0].reference}" if job.base else ""
    begun += "".join(f" --teacher {teacher.reference}" for teacher in subject.teachers)
    begun += f" --teacher-share {settings['share of the teachers']:g}" if subject.teachers else ""
    batch = f" --batch-tokens {job.batch_tokens}" if job.batch_tokens else ""
    batch += f" --dropout {job.dropout:g}" if job.dropout else ""
    batch += f" --base-share {job.base_share:g}" if job.base_share is not None else ""
    return (
        f"footnote train {job.kind} {_examples(job)}{begun} --steps {settings['steps']} "
        f"--learning-rate {settings['learning rate']}{batch} --seed {job.seed} --out {job.out.name}"
    )


def _merged(job: Job, subject: Subject) -> str:
    models = " ".join(f"{origin.reference}:{origin.share:g}" for origin in subject.origins)
    return f"footnote train merge {job.kind} {models} {_examples(job)} --seed {job.seed} --out {job.out.name}"


def _examples(job: Job) -> str:
    shipped = " --shipped" if job.shipped else ""
    taken = f" --portion {job.portion:g}" if job.portion < 1 else ""
    taken += " --thorough" if job.thorough else ""
    beside = "".join(f" --with {folder.name if folder.is_absolute() else folder}" for folder in job.beside)
    return f"--data {job.data.name}{shipped}{taken}{beside}"
