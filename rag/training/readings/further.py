"""Further questions about passages, of the published sets or a file's own, with those that no passage answers.

Who wrote SQuAD's questions read an answer first; hardly one of them is impossible. These were written beside the
passage, in other words than its own, some with an answer in it and some without; corpus/README.md says how. A file
names its passages by the hash of their text, so that it holds nothing of the sets themselves; or it brings them.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rag.errors import InputError
from rag.sentences import Span
from rag.training.examples.shapes import Asked, Group, Paragraph, QuestionSet, Reading
from rag.training.examples.sources import found, json_lines
from rag.training.readings.groups import TITLED, at_times_cropped
from rag.training.readings.together import PASSAGES, together
from rag.training.writings.given import Told

_HASH_LENGTH = 12
OWN_LICENCE = "Footnote's own, Apache-2.0"
"""Of passages that a file brings."""


@dataclass(frozen=True, slots=True)
class Further:
    """Questions about the passages of one set.

    Args:
        about: Name of the set.
        questions: Those that their passage answers.
        told: Questions that somebody answered in whole sentences, from a passage of the set.
        impossible: The others, with the place of their passage and the words that it does not support.
    """

    about: str
    questions: QuestionSet
    told: tuple[Told, ...]
    impossible: tuple[tuple[str, int, Span | None], ...]


def passage_hash(text: str) -> str:
    """Return what a file of further questions calls a passage."""
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH_LENGTH]


def own_name(path: Path) -> str:
    """Return what the passages that a file brings are called."""
    return path.name.partition(".")[0]


def further(path: Path, known: Sequence[QuestionSet]) -> list[Further]:
    """Return the questions of a file, by the set whose passages they are about.

    Args:
        path: JSON lines of ``passage`` (a hash), ``question``, and ``answer`` (words of the passage, or null) or
            ``told`` (the answer in whole sentences) or both; at will ``unmet``, the words of the question that the
            passage does not support. Lines of ``text``, ``title`` and ``article`` before them are passages of its own.
        known: The sets.

    Raises:
        InputError: A line is none of these, its passage is in no set, or its answer does not stand there.
    """
    lines = list(json_lines(path, {"text": str, "title": str, "article": str}, passage=str, question=str))
    brought = tuple(Paragraph(line["article"], line["title"], line["text"]) for line in lines if "text" in line)
    if brought:
        known = (*known, QuestionSet(own_name(path), OWN_LICENCE, brought, ()))
    places = {
        passage_hash(paragraph.text): (number, place)
        for number, questions in enumerate(known)
        for place, paragraph in enumerate(questions.paragraphs)
    }
    asked: dict[int, list[Asked]] = {}
    told: dict[int, list[Told]] = {}
    impossible: dict[int, list[tuple[str, int, Span | None]]] = {}
    for n, line in enumerate((line for line in lines if "text" not in line), 1):
        if line["passage"] not in places:
            raise InputError(
                f"Question {n} of {path.name!r} is about passage {line['passage']!r}, which none of "
                f"{', '.join(questions.name for questions in known)} holds.",
                hint="Take the published sets that docs/training.md names.",
            )
        number, place = places[line["passage"]]
        question, answer = line["question"].strip(), line.get("answer")
        if line.get("told"):
            answers = (answer,) if answer else ()
            told.setdefault(number, []).append(Told(question, place, str(line["told"]), answers))
            if answer is None:
                continue
        if answer is None:
            impossible.setdefault(number, []).append((question, place, found(line.get("unmet"), question)))
            continue
        span = found(answer, known[number].paragraphs[place].text)
        if span is None:
            raise InputError(
                f"The answer {answer!r} of question {n} of {path.name!r} does not stand in its passage.",
                hint="Copy it to the letter.",
            )
        asked.setdefault(number, []).append(Asked(question, place, (answer,), span))
    return [
        Further(
            questions.name,
            replace(questions, name=f"{questions.name}, further", asked=tuple(asked.get(number, ()))),
            tuple(told.get(number, ())),
            tuple(impossible.get(number, ())),
        )
        for number, questions in enumerate(known)
        if number in asked or number in impossible or number in told
    ]


def refused(asked: Further, *, seed: int, together_share: float = 0.0) -> Iterator[Group]:
    """Yield the questions without an answer, each with its passage or the sentences of it that are nearest.

    Args:
        asked: The questions.
        seed: Of every choice.
        together_share: Share of them that are also asked of sentences of several passages of their article at once.
    """
    chance = random.Random(seed)  # noqa: S311 - training examples
    name, paragraphs = asked.questions.name, asked.questions.paragraphs
    articles: dict[str, list[Paragraph]] = {}
    for paragraph in paragraphs if together_share else ():
        articles.setdefault(paragraph.article, []).append(paragraph)
    for question, place, words in asked.impossible:
        paragraph = paragraphs[place]
        titled = chance.random() < TITLED
        read = at_times_cropped(question, paragraph, chance)
        text = read.embedded_text if titled else read.text
        unmet = None if words is None else (words,)
        reading = Reading(text, None, answers=False, relevant=None, unmet=unmet)
        yield Group(f"{name}, impossible", question, (reading,), paragraph.article)
        if together_share and chance.random() < together_share:
            others = [other for other in articles[paragraph.article] if other is not paragraph]
            own = [paragraph, *chance.sample(others, min(len(others), PASSAGES - 1))]
            at_once = together(name, question, None, own, chance, titled=titled)
            if at_once:
                yield at_once
