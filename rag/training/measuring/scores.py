"""Figures of a reader, a verifier or a writer on labelled sets, by name of the set."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from rag.errors import InputError
from rag.evaluation.dataset import read_dataset
from rag.evaluation.progress import Watch
from rag.models.bundled import bundled_model
from rag.models.reader import Reader
from rag.models.references import parse
from rag.models.verifier import PairVerifier
from rag.models.weights import locate
from rag.models.writer import WriterModel
from rag.protocols import Verifier
from rag.settings import Settings
from rag.training.claims.claim import entailment
from rag.training.kinds import SLOTS, OwnKind
from rag.training.measuring.labelled import measure_claims, measure_probes, measure_reader
from rag.training.measuring.written import measure_answers
from rag.types import ModelUse
from rag.wiring import open_workspace


def scores(
    kind: OwnKind, ref: str, sets: Sequence[Path], settings: Settings, *, seed: int, on_progress: Watch
) -> dict[str, dict[str, float]]:
    """Return the figures of a model by set; for a verifier as its slot uses it, and of the model alone.

    Args:
        kind: Of the model.
        ref: The model.
        sets: Labelled sets; for a verifier JSON lines of ``source, claim, label, origin`` too.
        settings: Of this process.
        seed: Of the wrong sentences that are made of a set's documents.
        on_progress: Told of cases done.

    Raises:
        InputError: A set cannot be used.
        ModelError: The model is missing or of another kind.
    """
    named = _named(sets)
    if kind == "writer":
        return _written(ref, named, settings, on_progress)
    if kind == "reader":
        if not _has_weights(ref, kind):
            raise InputError(f"{ref!r} is no reader: it has no weights of its own.", hint="Name a trained reader.")
        folder, use = _located(ref, kind, settings)
        with closing(Reader(folder, use=use, threads=settings.models.threads)) as reader:
            return {
                name: measure_reader(reader, read_dataset(path), on_progress=partial(on_progress, name))
                for name, path in named.items()
            }
    with _in_slot(ref, settings) as verifier:
        found = {name: _verified(verifier, path, seed, partial(on_progress, name)) for name, path in named.items()}
    if _has_weights(ref, kind):
        folder, use = _located(ref, kind, settings)
        with closing(PairVerifier(folder, use=use, threads=settings.models.threads)) as alone:
            for name, path in named.items():
                figures = _verified(alone, path, seed, partial(on_progress, name))
                found[name] |= {f"model alone: {figure}": value for figure, value in figures.items()}
    return found


def _named(sets: Sequence[Path]) -> dict[str, Path]:
    """Return the sets by their names; those that share one, or have none, by their paths as they were given."""
    shared = Counter(path.name for path in sets)
    return {path.name if path.name and shared[path.name] == 1 else str(path): path for path in sets}


def _written(ref: str, sets: Mapping[str, Path], settings: Settings, on_progress: Watch) -> dict[str, dict[str, float]]:
    if not _has_weights(ref, "writer"):
        raise InputError(f"{ref!r} is no writer: it has no weights of its own.", hint="Name a trained writer.")
    folder, use = _located(ref, "writer", settings)
    with (
        closing(WriterModel(folder, use=use, threads=settings.models.threads)) as writer,
        tempfile.TemporaryDirectory(prefix="footnote-measure-") as home,
        open_workspace(settings.model_copy(update={"home": Path(home)}), models=settings.home / "models") as workspace,
    ):
        return {
            name: measure_answers(
                writer,
                workspace.highlighter,
                workspace.verifier,
                read_dataset(path),
                on_progress=partial(on_progress, name),
            )
            for name, path in sets.items()
        }


def _verified(verifier: Verifier, path: Path, seed: int, on_progress: Callable[[int, int], None]) -> dict[str, float]:
    if not path.is_file():
        return measure_probes(verifier, read_dataset(path), seed=seed, on_progress=on_progress)
    claims = entailment(path)
    found = {"auroc": measure_claims(verifier, claims, on_progress=on_progress)}
    return {**found, "supported": float(sum(claim.supported for claim in claims)), "claims": float(len(claims))}


@contextmanager
def _in_slot(ref: str, settings: Settings) -> Iterator[Verifier]:
    """Give the verifier of a reference as the product uses it: with its rules, over the embedding of the settings."""
    with tempfile.TemporaryDirectory(prefix="footnote-measure-") as home:
        models = settings.models.model_copy(update={"verifier": ref})
        inside = settings.model_copy(update={"home": Path(home), "models": models})
        with open_workspace(inside, models=settings.home / "models") as workspace:
            yield workspace.verifier


def _has_weights(ref: str, kind: OwnKind) -> bool:
    reference = parse(ref, slot=SLOTS[kind])
    return reference.kind != "bundled" or bool(bundled_model(reference.name, slot=SLOTS[kind]).sha256)


def _located(ref: str, kind: OwnKind, settings: Settings) -> tuple[Path, ModelUse]:
    folder, sha256 = locate(parse(ref, slot=SLOTS[kind]), slot=SLOTS[kind], cache=settings.home / "models")
    return folder, ModelUse(ref, sha256)
