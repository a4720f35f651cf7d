"""The commands ``footnote train …``; `rag.cli` registers them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast, get_args

import typer

from rag import terminal
from rag.errors import InputError
from rag.evaluation.progress import progress_bar
from rag.options import AsJson, Home
from rag.settings import load_settings
from rag.training.kinds import Kind

if TYPE_CHECKING:
    from rag.training.ending import Outcome

train = typer.Typer(no_args_is_help=True, help="Train the models on your own questions, and measure them.")

Data = Annotated[Path, typer.Option("--data", help="A labelled set, as `footnote questions export` writes it.")]
Shipped = Annotated[
    bool, typer.Option("--shipped", help="--data is the folder of the published sets behind the shipped model.")
]
Portion = Annotated[
    float, typer.Option("--portion", min=0.01, max=1.0, help="Share of the published sets that is taken.")
]
Thorough = Annotated[
    bool, typer.Option("--thorough", help="Wrong passages for every question, and groups of it twice: for a card.")
]
With = Annotated[
    list[Path] | None,
    typer.Option(
        "--with", help="A labelled set, or a file of further questions, to learn beside the published ones. Repeatable."
    ),
]
Out = Annotated[Path, typer.Option("--out", help="New folder for the model.")]
From = Annotated[
    str | None, typer.Option("--from", help="Model to begin with: a folder or bundled:NAME.", show_default="as shipped")
]
Steps = Annotated[int, typer.Option("--steps", min=0, help="Batches in all.", show_default="by the data")]
Rate = Annotated[float, typer.Option("--learning-rate", min=0, help="At its height.", show_default="by the model")]
Batch = Annotated[
    int, typer.Option("--batch-tokens", min=0, help="Most tokens of a batch.", show_default="by the data")
]
Dropout = Annotated[
    float, typer.Option("--dropout", min=0, max=0.9, help="Share of the encoder left out at random while it learns.")
]
Teacher = Annotated[
    list[str] | None,
    typer.Option(
        "--teacher",
        help="A reader to learn from beside the labels: a folder or bundled:NAME. Repeatable: the mean of them.",
    ),
]
TeacherShare = Annotated[
    float,
    typer.Option("--teacher-share", min=0, max=1, help="How much of the loss teachers have.", show_default="0.7"),
]
BaseShare = Annotated[
    float | None,
    typer.Option(
        "--base-share",
        min=0,
        max=0.99,
        help="How much of a model of our own that it begins with is in the weights it ends with.",
        show_default="half for reader and verifier, else none",
    ),
]
Seed = Annotated[int, typer.Option("--seed", help="Of every choice.")]
Checkpoints = Annotated[
    Path | None, typer.Option("--checkpoints", help="Where checkpoints lie.", show_default="below the home")
]

_SEED = 20261120
_PACKAGES = ("accelerate", "datasets")
_USE = {
    "reader": "Use it with: FOOTNOTE_MODELS__RERANKER={folder}",
    "verifier": "Use it with: FOOTNOTE_MODELS__VERIFIER={folder}",
    "writer": "Use it with: FOOTNOTE_MODELS__GENERATOR={folder}",
    "embedding": "Build its index, and switch to it: FOOTNOTE_MODELS__EMBEDDING={folder} footnote reindex",
}


def train_model(
    context: typer.Context,
    *,
    data: Data,
    out: Out,
    shipped: Shipped = False,
    portion: Portion = 1.0,
    thorough: Thorough = False,
    beside: With = None,
    begin_with: From = None,
    steps: Steps = 0,
    learning_rate: Rate = 0.0,
    batch_tokens: Batch = 0,
    dropout: Dropout = 0.0,
    teachers: Teacher = None,
    teacher_share: TeacherShare = 0.0,
    base_share: BaseShare = None,
    seed: Seed = _SEED,
    checkpoints: Checkpoints = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Train a model; it goes on from its checkpoints, and is usable only if it beats the one before."""
    _require_packages()
    from rag.training.flow import train as run
    from rag.training.job import Job

    settings = load_settings(home=home)
    job = Job(
        kind=_kind(context),
        data=data.expanduser(),
        shipped=shipped,
        out=out.expanduser().resolve(),
        base=begin_with,
        steps=steps,
        learning_rate=learning_rate,
        seed=seed,
        checkpoints=checkpoints or settings.home / "training" / "checkpoints",
        settings=settings,
        portion=portion,
        thorough=thorough,
        beside=tuple(folder.expanduser() for folder in beside or ()),
        batch_tokens=batch_tokens,
        dropout=dropout,
        teachers=tuple(teachers or ()),
        teacher_share=teacher_share,
        base_share=base_share,
    )
    with progress_bar(quiet=as_json) as watch:
        outcome = run(job, on_progress=watch)
    _ended(job.kind, outcome, as_json=as_json)


_HELP = {
    "reader": "Train the reader: which passage answers, whether it does, and with which words.",
    "verifier": "Train the verifier: whether a source supports a sentence.",
    "writer": "Train the writer: an answer in whole sentences from sentences of the evidence.",
    "embedding": "Train the embedding: which passages are near a question.",
}
for _name, _said in _HELP.items():
    train.command(_name, help=_said)(train_model)


@train.command("merge")
def merge_models(
    kind: Annotated[Literal["reader", "verifier", "writer"], typer.Argument(help="reader, verifier or writer")],
    models: Annotated[
        list[str],
        typer.Argument(
            metavar="MODEL[:SHARE]",
            help="Two or more: each a folder or bundled:NAME, with its share, 1 where none is named.",
            show_default=False,
        ),
    ],
    *,
    data: Data,
    out: Out,
    shipped: Shipped = False,
    portion: Portion = 1.0,
    thorough: Thorough = False,
    beside: With = None,
    seed: Seed = _SEED,
    checkpoints: Checkpoints = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Make one model of several, the weighted mean of their weights; it is usable only if it beats the one in use."""
    _require_packages()
    from rag.training.flow import merge as run
    from rag.training.job import Job
    from rag.training.origins import weighed

    settings = load_settings(home=home)
    job = Job(
        kind=kind,
        data=data.expanduser(),
        shipped=shipped,
        out=out.expanduser().resolve(),
        base=None,
        steps=0,
        learning_rate=0.0,
        seed=seed,
        checkpoints=checkpoints or settings.home / "training" / "checkpoints",
        settings=settings,
        portion=portion,
        thorough=thorough,
        beside=tuple(folder.expanduser() for folder in beside or ()),
        merged=tuple(weighed(model) for model in models),
    )
    with progress_bar(quiet=as_json) as watch:
        outcome = run(job, kind, on_progress=watch)
    _ended(kind, outcome, as_json=as_json)


@train.command("measure")
def measure_model(
    kind: Annotated[Literal["reader", "verifier", "writer"], typer.Argument(help="reader, verifier or writer")],
    model: Annotated[str, typer.Argument(help="A folder or bundled:NAME.", show_default=False)],
    *,
    data: Annotated[
        list[Path], typer.Option("--data", help="A labelled set; for the verifier JSON lines too. Repeatable.")
    ],
    seed: Annotated[int, typer.Option("--seed", help="Of the wrong sentences that a verifier must tell.")] = 7,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Measure a reader or a writer on questions about named passages, a verifier on pairs or on wrong sentences."""
    from rag.training.measuring.scores import scores

    settings = load_settings(home=home)
    with progress_bar(quiet=as_json) as watch:
        found = scores(kind, model, [path.expanduser() for path in data], settings, seed=seed, on_progress=watch)
    if as_json:
        terminal.print_json({"kind": kind, "model": model, "sets": found})
        return
    rows = [(name, figure, _spoken(value)) for name, figures in found.items() for figure, value in figures.items()]
    terminal.print_table(("Set", "Figure", "Value"), rows)


def _kind(context: typer.Context) -> Kind:
    """Return which of the commands was typed."""
    for kind in get_args(Kind):
        if context.info_name == kind:
            return cast("Kind", kind)
    raise InputError(f"There is no model {context.info_name!r} to train.", hint=f"There are {', '.join(_HELP)}.")


def _require_packages() -> None:
    missing = [name for name in _PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        raise InputError(
            f"Training needs {' and '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not installed.",
            hint="Install the extra: pip install 'footnote[train]'.",
        )


def _ended(kind: Kind, outcome: Outcome, *, as_json: bool) -> None:
    _show(kind, outcome, as_json=as_json)
    if not outcome.verdict.wins:
        raise typer.Exit(1)


def _show(kind: Kind, outcome: Outcome, *, as_json: bool) -> None:
    use = _USE[kind].format(folder=outcome.folder)
    if as_json:
        terminal.print_json(
            {
                "kind": kind,
                "folder": str(outcome.folder),
                "sha256": outcome.sha256,
                "wins": outcome.verdict.wins,
                "reason": outcome.verdict.reason,
                "figures": {change.figure: change._asdict() for change in outcome.changes},
                "learnt_from": outcome.n_train,
                "held_out": outcome.n_held_out,
            }
        )
        return
    rows = [
        (c.figure, f"{c.before:.3f}", f"{c.after:.3f}", f"{c.low:+.3f} to {c.high:+.3f}", str(c.n))
        for c in outcome.changes
    ]
    terminal.print_table(("Figure", "Before", "After", "95 % interval of the difference", "Cases"), rows)
    if outcome.verdict.wins:
        typer.echo(f"The new {kind} wins. {outcome.verdict.reason} It is in {outcome.folder}.\n{use}")
    else:
        typer.echo(f"The new {kind} loses. {outcome.verdict.reason} It is kept in {outcome.folder}.")


def _spoken(value: float) -> str:
    return str(int(value)) if value == int(value) and value > 1 else f"{value:.3f}"
