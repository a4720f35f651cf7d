"""From sets of questions to what the shipped writer learns to write, whole articles held out."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rag.errors import InputError
from rag.training import sources
from rag.training.examples import QuestionSet
from rag.training.follow_ups import follow_ups
from rag.training.further import further
from rag.training.given import given
from rag.training.targets import Targets, Writing
from rag.training.telling import Teller

# Privacy policies: their headings stand glued to their sentences, and their answers are scraps.
_LEFT_OUT = ("policyqa",)
# Shares of the questions of each set: passages about illnesses are many and alike.
_SQUAD, _MIXED, _FAQ, _FOLLOWING = 1.0, 1.0, 0.35, 0.6
_HELD_OUT_SHARE = 0.03
# How often what was written by hand is learnt, each time with other sentences beside those that answer.
_TIMES = 2


@dataclass(frozen=True, slots=True)
class PreparedWritings:
    """What is learnt from, and what measures."""

    train: tuple[Writing, ...]
    held_out: tuple[Writing, ...]


def shipped_writings(
    folder: Path,
    *,
    seed: int,
    portion: float = 1.0,
    asked: Sequence[Path] = (),
    on_progress: Callable[[str], None] = lambda _: None,
) -> PreparedWritings:
    """Return the writings of the training of the shipped writer.

    Args:
        folder: With ``squad1-train``, ``qa-mix`` and ``support``, as docs/training.md describes them.
        seed: Of every choice.
        portion: Share of the questions of each that is taken.
        asked: Files of further questions about their passages, with answers in whole sentences.
        on_progress: Told what is being done.

    Raises:
        InputError: One of them is missing, or a file is of another form.
    """
    try:
        squad = sources.squad(folder / "squad1-train" / "train.json.gz")
        mixed = _without(sources.passages(folder / "qa-mix" / "train.jsonl.gz"), _LEFT_OUT)
        faq = sources.faq(folder / "support" / "medquad_faq.jsonl.gz")
    except OSError as exc:
        raise InputError(
            f"The folder {str(folder)!r} lacks a part of the training data: {exc}.",
            hint="docs/training.md names the parts and where they come from.",
        ) from exc
    teller = Teller(paragraph.text for questions in (squad, mixed) for paragraph in questions.paragraphs)
    made: list[Writing] = []
    for questions, share in ((squad, _SQUAD), (mixed, _MIXED), (faq, _FAQ)):
        on_progress(f"targets of {questions.name}")
        made += Targets(questions, teller, seed=seed).writings(portion * share)
    on_progress("follow-ups")
    made += follow_ups(squad, share=portion * _FOLLOWING, seed=seed)
    for path in asked:
        on_progress(f"targets of {path.name}")
        for found in further(path, (squad, mixed, faq)):
            impossible = [(question, place) for question, place, _ in found.impossible]
            for time in range(_TIMES):
                made += given(found.questions, found.told, impossible, seed=seed + time)
    return _split(made, sorted({paragraph.article for paragraph in squad.paragraphs}), seed)


def _split(made: list[Writing], articles: list[str], seed: int) -> PreparedWritings:
    chance = random.Random(seed)  # noqa: S311 - training examples
    apart = frozenset(chance.sample(articles, max(1, round(_HELD_OUT_SHARE * len(articles)))))
    chance.shuffle(made)
    return PreparedWritings(
        tuple(writing for writing in made if writing.article not in apart),
        tuple(writing for writing in made if writing.article in apart),
    )


def _without(questions: QuestionSet, origins: tuple[str, ...]) -> QuestionSet:
    """Return a set without the questions of some origins; an article's name begins with its origin."""
    paragraphs = questions.paragraphs
    kept = [each for each in questions.asked if not paragraphs[each.paragraph].article.startswith(origins)]
    return replace(questions, asked=tuple(kept))
