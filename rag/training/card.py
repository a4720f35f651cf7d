"""The model card: a page beside the weights that says what they are, from what, how good, and how to repeat it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.training.kinds import Kind
from rag.training.measuring.gate import Change, Verdict
from rag.training.origins import Origin

CARD = "MODEL_CARD.md"
_OWN = "the team's own"
# By the name that `rag.training.examples.sources` gives a set, or the origin that a line of the entailment pairs names.
_LICENCES = {
    "squad1-train": "CC BY-SA 4.0",
    "qa-mix": "CC BY-SA 3.0, MIT, Apache-2.0",
    "medquad": "CC BY 4.0",
    "bitext": "CDLA-Sharing-1.0",
    "headings": "CC BY 4.0, Apache-2.0, CC0",
    "mnli": "OANC, CC BY 3.0, CC BY-SA 3.0",
    "snli": "CC BY-SA 4.0",
    "scitail": "Apache-2.0",
    "summedits-news": "Apache-2.0",
    "summedits-samsum": "Apache-2.0",
    "summedits-podcast": "Apache-2.0",
    "summedits-qmsumm": "Apache-2.0",
}
# Claims made from texts; their licence is that of the text.
_MADE = frozenset(
    {"sentence", "left out", "answer", "other answer", "number", "date", "unit", "name", "swapped", "negation"}
    | {"opposite", "strength", "condition", "contrasted"}
)
_ABOUT: dict[Kind, tuple[str, str, tuple[str, ...]]] = {
    "reader": (
        "Reader",
        "Says of a question and a passage in one pass how relevant it is, whether it answers, and with which words.",
        (
            "It reads English, and up to 256 tokens of question and passage; what is behind them it does not see.",
            "Its answer is a phrase that stands in the passage: it does not reckon, compare or join passages.",
            "The chance that a passage answers is a score for ordering and refusing, not a calibrated probability.",
        ),
    ),
    "verifier": (
        "Verifier",
        "Says whether a source supports a claim, and which words of the claim it does not support.",
        (
            "It reads English, and up to 256 tokens of claim and source; what is behind them it does not see.",
            "It compares what is written: it does not reckon, and knows nothing that the source does not say.",
            "Where something was left out of a claim it can say that the claim is wrong, not which words are.",
        ),
    ),
    "writer": (
        "Writer",
        "Chooses sentences of the evidence and leaves words out of them, so that they answer the question.",
        (
            "It reads English, and up to 448 tokens of question and evidence.",
            "It adds nothing but a name for a pronoun that opens a sentence, where the text says which.",
            "A sentence keeps its conditions. What is left out can still change what it says: it is verified.",
            "It does not reckon, joins no sentences, and knows nothing that the evidence does not say.",
        ),
    ),
    "embedding": (
        "Embedding",
        "Turns questions and passages into vectors that are near each other where the passage answers the question.",
        (
            "It was fitted to the documents and questions named above; on others it may find less than its base.",
            "Its vectors do not meet those of another model: an index must be built with it.",
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Source:
    """A set that a model was trained on.

    Args:
        name: Its name.
        licence: As its publisher states it.
        n: Questions or claims of it.
    """

    name: str
    licence: str
    n: int


@dataclass(frozen=True, slots=True)
class Subject:
    """A trained model, or the mean of several.

    Args:
        kind: Which of the models.
        origins: What the training began with; several where the model is their mean.
        sources: What it was trained on; nothing where it is a mean.
        settings: Of the training.
        along: Held-out loss by step.
        sha256: Of its weights.
        teachers: Models that it learnt from beside the labels.
    """

    kind: Kind
    origins: tuple[Origin, ...]
    sources: tuple[Source, ...]
    settings: Mapping[str, object]
    along: tuple[tuple[int, float], ...]
    sha256: str
    teachers: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says.

    Args:
        subject: The model.
        changes: Figures on held-out cases before and after.
        verdict: Of the gate.
        commands: Which train the model and measure it again.
    """

    subject: Subject
    changes: tuple[Change, ...]
    verdict: Verdict
    commands: tuple[str, ...]


def licence_of(source: str) -> str:
    """Return the licence of a set or of a kind of example by its name."""
    name = source.partition(",")[0]
    return _LICENCES.get(name, "as its text" if name in _MADE else _OWN)


def write_card(folder: Path, card: Card) -> Path:
    """Write a card into a model's folder and return its path."""
    path = folder / CARD
    path.write_text(render(card), encoding="utf-8")
    return path


def render(card: Card) -> str:
    """Return a card as Markdown."""
    subject = card.subject
    title, what, limits = _ABOUT[subject.kind]
    outcome = "It wins." if card.verdict.wins else "It lost."
    sections = [
        f"# {title}\n\n{what}",
        f"SHA-256 of the weights: `{subject.sha256}`",
        _origins(subject.origins),
        *_teachers(subject.teachers),
        "## Data\n\n" + _sources(subject.sources),
        "## Settings\n\n" + _table(("Setting", "Value"), [(name, str(v)) for name, v in subject.settings.items()]),
        "## Figures on held-out cases\n\n"
        + _table(
            ("Figure", "Before", "After", "95 % interval of the difference", "Cases"), list(map(_row, card.changes))
        )
        + f"\n\n{outcome} {card.verdict.reason}",
    ]
    if subject.along:
        rows = [(str(step), f"{loss:.4f}") for step, loss in subject.along]
        sections.append("## Held-out loss\n\n" + _table(("Step", "Loss"), rows))
    sections.append("## Commands\n\n```sh\n" + "\n".join(card.commands) + "\n```")
    sections.append("## Limits\n\n" + "\n".join(f"- {limit}" for limit in limits))
    return "\n\n".join(sections) + "\n"


def _origins(origins: Sequence[Origin]) -> str:
    if len(origins) == 1:
        return f"## Begun with\n\n`{origins[0].reference}`, SHA-256 `{origins[0].sha256}`."
    whole = sum(origin.share for origin in origins)
    rows = [(f"`{each.reference}`", f"`{each.sha256}`", f"{each.share / whole:.4f}") for each in origins]
    return "## Mean of\n\nThe mean of the weights of these models.\n\n" + _table(("Model", "SHA-256", "Share"), rows)


def _teachers(teachers: Sequence[Origin]) -> list[str]:
    if not teachers:
        return []
    rows = [(f"`{each.reference}`", f"`{each.sha256}`") for each in teachers]
    said = "The mean of what these models hold for likely was learnt beside the labels; their cards say what from."
    return [f"## Taught by\n\n{said}\n\n" + _table(("Model", "SHA-256"), rows)]


def _sources(sources: Sequence[Source]) -> str:
    if not sources:
        return "Nothing more was learnt: the cards of these models say what each of them learnt from, and its licences."
    return _table(("Source", "Licence", "Examples"), [(each.name, each.licence, f"{each.n:,}") for each in sources])


def _row(change: Change) -> tuple[str, ...]:
    interval = f"{change.low:+.3f} to {change.high:+.3f}"
    return change.figure, f"{change.before:.3f}", f"{change.after:.3f}", interval, f"{change.n:,}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["--"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
