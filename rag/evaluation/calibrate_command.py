"""The command ``footnote calibrate``; `rag.cli` registers it."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from rag import terminal
from rag.ask.signals import signal_in_words
from rag.confidence import NAME, Calibration, in_words, read_calibration, shipped
from rag.errors import InputError
from rag.evaluation.calibrate import calibrate, samples, written
from rag.evaluation.compare import read_run
from rag.evaluation.dataset import LabelledSet, read_dataset
from rag.evaluation.indexing import open_index
from rag.evaluation.progress import Watch, progress_bar
from rag.evaluation.records import EvaluationRun
from rag.evaluation.runner import RunChoices, evaluate
from rag.evaluation.writing import replace_text
from rag.options import AsJson, Home
from rag.questions.export import question_set, write_set
from rag.settings import Settings, load_settings
from rag.types import DEFAULT_SPACE
from rag.wiring import open_workspace

SHOW = "show"
# Weights that are printed, the heaviest first.
_SHOWN_WEIGHTS = 8
# Which models make the numbers that the signals are; others may change and the calibration still holds.
_DECISIVE = ("embedding", "reranker", "generator", "verifier")


def calibrate_command(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE]…",
            help="Runs that `footnote eval --save` wrote, or labelled sets, which are asked; without any, the judged "
            "answers of the home directory. The word `show` shows the calibration in use.",
            show_default=False,
        ),
    ] = None,
    *,
    home: Home = None,
    space: Annotated[str, typer.Option("--space", help="The space whose judged answers count.")] = DEFAULT_SPACE,
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write.", show_default=f"{NAME} in the home directory")
    ] = None,
    halve: Annotated[
        list[str] | None,
        typer.Option("--halve", help="Fit only on the first half of this set, measure on the second; repeatable."),
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Most questions of a set that is asked.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fit how confident an answer is to how often answers are right, on questions whose answers are known."""
    settings = load_settings(home=home)
    if sources == [SHOW]:
        _show(read_calibration(settings.home / NAME), as_json=as_json)
        return
    target = out or settings.home / NAME
    if not target.absolute().parent.is_dir():
        raise InputError(f"There is no folder {str(target.parent)!r}.", hint="Make it, or name another file.")
    if target.is_dir():
        # Said before the work, not after it.
        raise InputError(f"{str(target)!r} is a folder.", hint="Name a file.")
    with progress_bar(quiet=as_json) as watch, tempfile.TemporaryDirectory(prefix="footnote-calibrate-") as folder:
        runs = _runs(sources or (), settings, space, limit, Path(folder), watch)
    _check_once(runs)
    found = [sample for run in runs for sample in samples(run)]
    # Not the one of the home: it may have been fitted on these very questions, and its figures would say too much.
    facts = calibrate(found, halved=_known(halve or (), runs), models=_models(runs), current=shipped())
    _write(facts, target)
    _show(read_calibration(target), as_json=as_json)
    typer.echo(f"Written to {target}.", err=True)


def _runs(
    sources: Sequence[str], settings: Settings, space: str, limit: int | None, folder: Path, watch: Watch
) -> list[EvaluationRun]:
    """Return the runs that are named, asking the sets among the sources and, without any, the judged answers."""
    if not sources:
        return [_asked(_judged(settings, space, folder), settings, limit, folder, watch)]
    runs = []
    for name in sources:
        path = Path(name)
        made = read_run(path) if path.is_file() else _asked(read_dataset(path), settings, limit, folder, watch)
        runs.append(made)
    return runs


def _asked(labelled: LabelledSet, settings: Settings, limit: int | None, root: Path, watch: Watch) -> EvaluationRun:
    with open_index(labelled, settings, root, on_progress=watch) as indexed:
        return evaluate(indexed, RunChoices(answers=True, limit=limit), on_progress=watch)


def _judged(settings: Settings, space: str, folder: Path) -> LabelledSet:
    with open_workspace(settings) as workspace:
        write_set(question_set(space, workspace), folder / "judged", workspace.originals)
    return read_dataset(folder / "judged")


def _check_once(runs: Sequence[EvaluationRun]) -> None:
    """Refuse questions that are in several runs: they would count as so many, and be too few all the same.

    Raises:
        InputError: There is one.
    """
    asked = Counter((run.summary.dataset, each.id, each.text) for run in runs for each in run.questions)
    for (dataset, name, _), n in asked.most_common(1):
        if n > 1:
            raise InputError(
                f"The question {name!r} of {dataset!r} is in {n} of what was named.", hint="Name each run and set once."
            )


def _known(halved: Sequence[str], runs: Sequence[EvaluationRun]) -> frozenset[str]:
    names = {run.summary.dataset for run in runs}
    for name in halved:
        if name not in names:
            raise InputError(f"None of the sets is {name!r}.", hint=f"There is {', '.join(sorted(names))}.")
    return frozenset(halved)


def _models(runs: Sequence[EvaluationRun]) -> dict[str, str]:
    """Return the reference of each model, which must be the same in all runs: others give other numbers."""
    used: dict[str, tuple[str, str]] = {}
    for run in runs:
        for slot, model in run.summary.models.items():
            if slot in _DECISIVE and used.setdefault(slot, (model.ref, model.sha256)) != (model.ref, model.sha256):
                raise InputError(
                    f"The runs were made with two models in the slot {slot!r}: {used[slot][0]!r} and {model.ref!r}.",
                    hint="Calibrate on runs of one and the same configuration.",
                )
    return {slot: f"{ref} {sha256[:12]}".strip() for slot, (ref, sha256) in used.items()}


def _write(facts: Mapping[str, Any], target: Path) -> None:
    try:
        replace_text(target, written(facts))
    except OSError as exc:
        raise InputError(f"{str(target)!r} cannot be written: {exc.strerror}.", hint="Name another file.") from exc


def _show(calibration: Calibration, *, as_json: bool) -> None:
    if as_json:
        terminal.print_json({"ref": calibration.use.ref, "sha256": calibration.use.sha256, **calibration.facts})
        return
    facts = calibration.facts
    terminal.print_table(
        ("", ""),
        [
            ("calibration", calibration.use.ref),
            ("sha256", calibration.use.sha256),
            ("questions", f"{calibration.n_questions}, {calibration.n_answerable} of them answerable"),
            ("method", str(facts.get("method", ""))),
            *((slot, str(ref)) for slot, ref in facts.get("models", {}).items()),
        ],
    )
    rows = [_set_row(name, each) for name, each in (facts.get("sets") or {}).items()]
    if rows:
        terminal.print_table(("Set", "Measured", "How", "AUROC", "ECE", "Right at half coverage"), rows)
    terminal.print_table(
        ("Confidence", "Answers", "Right", "On the screen"), [_band_row(each) for each in facts["reliability"]]
    )
    heaviest = sorted(calibration.curves.items(), key=lambda each: (-abs(each[1].rise), each[0]))[:_SHOWN_WEIGHTS]
    rows = [(f"{each.rise:+.2f}", signal_in_words(name)) for name, each in heaviest]
    terminal.print_table(("Log-odds", "Signal, from its lowest value to its highest"), rows)


def _set_row(name: str, facts: Mapping[str, Any]) -> tuple[str, ...]:
    numbers = [facts[key] for key in ("auroc", "ece", "right_at_half")]
    told = ("–" if number is None else f"{number:.3f}" for number in numbers)
    return (name, str(facts["measured_on"]), str(facts["how"]), *told)


def _band_row(band: Mapping[str, Any]) -> tuple[str, ...]:
    share = band["right"] / band["n"] if band["n"] else 0.0
    words = in_words(band["n"], band["right"])
    return (f"{band['start']:.2f} to {band['end']:.2f}", str(band["n"]), f"{share:.2f}", words)
