"""What is to be trained or merged, and whether it can be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.errors import InputError
from rag.models.references import Reference, parse
from rag.settings import Settings
from rag.training.card import CARD
from rag.training.kinds import SLOTS, Kind


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be trained.

    Args:
        kind: Of the model.
        data: A labelled set, or the folder of the published sets.
        shipped: Whether it is the latter.
        out: Where the model is written if it wins.
        base: Reference to begin with; ``None`` takes the model that is shipped for the slot, else the embedding.
        steps: Batches in all; 0 chooses by the data.
        learning_rate: At its height; 0 chooses by what it begins with.
        seed: Of every choice.
        checkpoints: Where they lie.
        settings: Of this process.
        portion: Share of the published sets that is taken.
        beside: Labelled sets that are learnt beside the published ones, and files of further questions about these.
        thorough: Whether every published question gets wrong passages, and groups are made of it twice.
        batch_tokens: Most tokens of a batch; 0 chooses by the data.
        dropout: Share of what the encoder's parts add that is left out while training.
        teachers: References of readers that a reader learns from beside the labels.
        teacher_share: How much of the loss is by their word; 0 chooses.
        base_share: How much of the weights begun with is in those that it ends with; ``None`` chooses by what they are.
        merged: References of models with their shares: their mean is made, and nothing is trained.
    """

    kind: Kind
    data: Path
    shipped: bool
    out: Path
    base: str | None
    steps: int
    learning_rate: float
    seed: int
    checkpoints: Path
    settings: Settings
    portion: float = 1.0
    beside: tuple[Path, ...] = ()
    thorough: bool = False
    batch_tokens: int = 0
    dropout: float = 0.0
    teachers: tuple[str, ...] = ()
    teacher_share: float = 0.0
    base_share: float | None = None
    merged: tuple[tuple[str, float], ...] = ()

    @property
    def lost(self) -> Path:
        """Where the model lies until it wins."""
        return self.out.with_name(f"{self.out.name}-lost")

    @property
    def models(self) -> Path:
        """Where models that were pulled lie."""
        return self.settings.home / "models"

    @property
    def indexes(self) -> Path:
        """Where the indexes of labelled sets are kept."""
        return self.settings.home / "training"


def check(job: Job) -> None:
    """See that what is asked for can be done, before anything is read or written.

    Raises:
        InputError: It cannot; says why.
    """
    _check_folders(job)
    _check_data(job)
    _check_choices(job)


def _check_folders(job: Job) -> None:
    if job.out.exists() and (not job.out.is_dir() or any(job.out.iterdir())):
        raise InputError(f"There is something in {str(job.out)!r} already.", hint="Name a new folder with --out.")
    if job.lost.exists() and not (job.lost / CARD).is_file():
        raise InputError(
            f"{str(job.lost)!r} is in the way: it holds no model that lost.", hint="Name another folder with --out."
        )
    if any(folder.resolve().is_relative_to(job.lost.resolve()) for folder in _folders_in_use(job)):
        raise InputError(
            f"{str(job.lost)!r} holds a model that this training reads, and would be overwritten.",
            hint="Name another folder with --out.",
        )


def _check_data(job: Job) -> None:
    if job.kind == "writer" and not job.shipped:
        raise InputError(
            "A writer learns from more questions than a team has.",
            hint="Give the folder of the published sets, --shipped.",
        )
    shipped_reader = job.shipped and job.kind == "reader"
    if job.thorough and not shipped_reader:
        raise InputError(
            "Only the reader learns thoroughly, and only from the published sets.",
            hint="Leave --thorough out, or train the reader with --shipped.",
        )
    if job.portion < 1 and not shipped_reader:
        raise InputError(
            f"A share of {job.portion:g} was asked for, and only the reader learns from a share of the published sets.",
            hint="Leave --portion out, or train the reader with --shipped.",
        )
    if job.beside and not (job.shipped and job.kind in {"reader", "writer"}):
        raise InputError(
            "Sets beside the published ones are learnt by the reader and the writer alone.",
            hint="Train one of them with --shipped, or give your set with --data.",
        )
    if job.shipped and job.kind == "embedding":
        raise InputError(
            "The embedding that is shipped is not trained here.", hint="Give a labelled set of your own, no --shipped."
        )


def _check_choices(job: Job) -> None:
    if len(job.merged) == 1:
        raise InputError(
            f"The mean of {job.merged[0][0]!r} alone is that model.",
            hint="Name two models or more, each with its share.",
        )
    if job.teachers and job.kind != "reader":
        raise InputError(
            f"Only a reader has teachers; {job.teachers[0]!r} was to teach the {job.kind}.", hint="Leave --teacher out."
        )
    if job.teacher_share and not job.teachers:
        raise InputError(
            f"A share of {job.teacher_share:g} was asked for teachers, and none is named.",
            hint="Name one with --teacher, or leave --teacher-share out.",
        )
    if job.kind == "embedding" and (job.batch_tokens or job.dropout or job.base_share is not None):
        raise InputError(
            "Tokens of a batch, dropout and the share of the beginning are chosen for reader, verifier and writer; the "
            "embedding is trained by its library, which has its own.",
            hint="Leave --batch-tokens, --dropout and --base-share out.",
        )


def _folders_in_use(job: Job) -> Iterator[Path]:
    """Yield the folders of the models that the new one is made from, or that the settings name."""
    named = [*([job.base] if job.base else []), *job.teachers, *(reference for reference, _ in job.merged)]
    begun = [parse(reference, slot=SLOTS[job.kind]) for reference in named]
    for reference in (*begun, *(in_use(job, kind) for kind in SLOTS)):
        if reference.kind == "folder":
            yield reference.folder(job.models)


def in_use(job: Job, kind: Kind) -> Reference:
    """Return the model that the settings have in a slot."""
    return parse(getattr(job.settings.models, SLOTS[kind]), slot=SLOTS[kind])
