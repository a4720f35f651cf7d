"""From sets of questions to the batches that the reader learns from, and those that measure it on the way."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from rag.errors import InputError
from rag.training.claims.claim import Claim, entailment, from_answers, from_sentences
from rag.training.claims.restated import restated
from rag.training.examples import sources
from rag.training.examples.shapes import Group, Paragraph, QuestionSet, Reading
from rag.training.readings.balanced import balanced
from rag.training.readings.further import further, refused
from rag.training.readings.groups import Mixture, make_groups
from rag.training.readings.negatives import Embeds, mine, neighbours
from rag.training.readings.ours import told_by_us

Finding = Literal["mined", "neighbours"]
Tell = Callable[[str], None]
_DEPTH, _MOST_NEIGHBOURS = 12, 6
# Of the claims of the shipped verifier: share of the answers told, passages of headings and of questions asked often.
_ANSWERED, _HEADINGS, _FAQ, _HELD_OUT_CLAIMS = 0.6, 5000, 4000, 3000
# Sentences restated by their logic, of each kind.
_RESTATED = 700
# One may not be used commercially, the other states no licence: weights learnt from them could not ship.
_NOT_SHIPPED = frozenset({"sick", "rte"})
# What people wrote is a small part of the claims and the only one that is about meaning: it is learnt twice.
_WRITTEN = frozenset({"mnli", "snli", "scitail"})
# Of a thorough training: how many wrong passages stand beside the right one, for which share of the questions, and how
# often groups are made of each, every time with other changes.
_MANY, _MANY_RANKED, _THOROUGH_TIMES = ((1, 0.35), (3, 0.25), (7, 0.12)), ((3, 0.6), (7, 0.4)), 2
# How often further questions are learnt, each time with other passages beside the right one and other changes.
_TIMES = 2
DESK = Mixture(
    titled=0.9,
    negatives=((1, 0.35), (3, 0.4)),
    contrasted=0.15,
    cropped=0.5,
    deleted=0.2,
    changed=0.15,
    among=0.6,
    together=1.0,
    columns=0.6,
)
"""How questions of a desk are read, whose passages are of its own documents."""


@dataclass(frozen=True, slots=True)
class Part:
    """One set in a training, and how its groups are made.

    Args:
        questions: The set.
        mixture: Shares of its groups.
        finding: Where its negatives come from: the nearest passages, or others of the same article.
        share: Share of the questions that get negatives.
        held_out: Share of its articles whose questions measure and are not learnt from.
    """

    questions: QuestionSet
    mixture: Mixture
    finding: Finding
    share: float
    held_out: float = 0.0


@dataclass(frozen=True, slots=True)
class Prepared:
    """The groups to learn from, and those that measure."""

    train: tuple[Group, ...]
    held_out: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class PreparedClaims:
    """The claims to learn from, and those that measure."""

    train: tuple[Claim, ...]
    held_out: tuple[Claim, ...]


def shipped_parts(folder: Path) -> list[Part]:
    """Return the parts of the training of the shipped reader.

    Args:
        folder: With ``squad1-train``, ``qa-mix``, ``support`` and ``docs``, as docs/training.md describes them.

    Raises:
        InputError: One of them is missing.
    """
    read = Mixture(contrasted=0.6, cropped=0.4, deleted=0.4, changed=0.4, among=0.3, together=0.15)
    ranked = Mixture(negatives=((1, 0.6), (3, 0.4)), changed=0.0, titled=0.0, ranked_only=True)
    try:
        return [
            Part(
                sources.squad(folder / "squad1-train" / "train.json.gz"),
                replace(read, negatives=((1, 0.4), (3, 0.12))),
                "mined",
                share=0.45,
                held_out=0.03,
            ),
            Part(
                sources.passages(folder / "qa-mix" / "train.jsonl.gz"),
                replace(read, negatives=((1, 0.5), (3, 0.3))),
                "mined",
                share=0.6,
            ),
            Part(sources.faq(folder / "support" / "medquad_faq.jsonl.gz"), ranked, "neighbours", share=0.3),
            Part(sources.requests(folder / "support" / "bitext_customer_support.csv"), ranked, "neighbours", share=0.3),
            Part(sources.headings(folder / "docs"), replace(ranked, titled=0.7), "neighbours", share=0.5),
        ]
    except OSError as exc:
        raise InputError(
            f"The folder {str(folder)!r} lacks a part of the training data: {exc}.",
            hint="docs/training.md names the parts and where they come from.",
        ) from exc


def some(questions: QuestionSet, portion: float, *, seed: int) -> QuestionSet:
    """Return a share of the articles of a set, with their questions."""
    if portion >= 1:
        return questions
    articles = sorted({paragraph.article for paragraph in questions.paragraphs})
    taken = set(random.Random(seed).sample(articles, max(1, round(portion * len(articles)))))  # noqa: S311 - training examples
    places = [place for place, paragraph in enumerate(questions.paragraphs) if paragraph.article in taken]
    moved = {place: number for number, place in enumerate(places)}
    return replace(
        questions,
        paragraphs=tuple(questions.paragraphs[place] for place in places),
        asked=tuple(
            replace(asked, paragraph=moved[asked.paragraph]) for asked in questions.asked if asked.paragraph in moved
        ),
    )


def shipped_groups(
    folder: Path,
    embedder: Embeds,
    *,
    seed: int,
    kept: Path,
    portion: float = 1.0,
    thorough: bool = False,
    asked: Sequence[Path] = (),
    on_progress: Tell = lambda _: None,
) -> Prepared:
    """Return the groups of the training of the shipped reader.

    Beside the parts these are what people judged to follow from a text: a claim is read like a question, and the text
    answers it where it bears all of it out. Few questions come with judgements of people that a passage does not
    answer them; these do.

    Args:
        folder: With ``grounding`` beside the folders of `shipped_parts`.
        embedder: Finds the passages that look like the answer.
        seed: Of every choice.
        kept: Folder in which mined negatives stay for a training that goes on.
        portion: Share of each set that is taken.
        thorough: Whether every question gets wrong passages, up to seven, and groups are made of it twice: three times
            as much to learn, for a card.
        asked: Files of further questions about passages of the sets, whatever the share.
        on_progress: Told what is being done.

    Raises:
        InputError: A part of the data is missing, or a file is of another form.
    """
    claims = [claim for claim in entailment(folder / "grounding" / "train.jsonl") if claim.kind not in _NOT_SHIPPED]
    if portion < 1:
        claims = random.Random(seed).sample(claims, round(portion * len(claims)))  # noqa: S311 - training examples
    judged = [
        Group(claim.kind, claim.text, (Reading(claim.source, None, answers=claim.supported, relevant=None),))
        for claim in claims
    ]
    whole = shipped_parts(folder)
    if thorough:
        whole = [_thorough(part) for part in whole]
    parts = [replace(part, questions=some(part.questions, portion, seed=seed)) for part in whole]
    times = _THOROUGH_TIMES if thorough else 1
    prepared = prepare(parts, embedder, seed=seed, kept=kept / f"{portion:g}", times=times, on_progress=on_progress)
    apart = frozenset[str]().union(*(_kept_apart(part, seed) for part in parts))
    ours = [group for part in parts for group in told_by_us(part.questions, seed=seed) if group.article not in apart]
    more = _further(asked, whole, apart, embedder, seed=seed, kept=kept, on_progress=on_progress)
    # People's judgements are few: they are learnt twice.
    train = (*prepared.train, *ours, *judged, *judged, *more.train)
    return Prepared(train, (*prepared.held_out, *more.held_out))


def _thorough(part: Part) -> Part:
    if part.finding == "mined":
        return replace(part, share=1.0, mixture=replace(part.mixture, negatives=_MANY))
    return replace(part, share=0.45, mixture=replace(part.mixture, negatives=_MANY_RANKED))


def _further(
    files: Sequence[Path],
    whole: Sequence[Part],
    apart: frozenset[str],
    embedder: Embeds,
    *,
    seed: int,
    kept: Path,
    on_progress: Tell,
) -> Prepared:
    """Return the groups of further questions; those about articles that are held out are held out too."""
    by_name = {part.questions.name: part for part in whole}
    reading = next(part for part in whole if not part.mixture.ranked_only)
    train, held_out = list[Group](), list[Group]()
    for path in files:
        for found in balanced(further(path, [part.questions for part in whole]), seed=seed):
            name = found.questions.name
            on_progress(f"negatives of {name}")
            part = _asked_about(by_name.get(found.about), found.questions, reading)
            mined = _negatives(part, embedder, seed, kept / path.stem)
            for time in range(_TIMES):
                groups = make_groups(found.questions, mined, part.mixture, seed=seed + time)
                at_once = part.mixture.together if found.about not in by_name else 0.0
                groups += refused(found, seed=seed + time, together_share=at_once)
                train += [group for group in groups if group.article not in apart]
                if time == 0:
                    held_out += [group for group in groups if group.article in apart]
    return Prepared(tuple(train), tuple(held_out))


def _asked_about(part: Part | None, questions: QuestionSet, reading: Part) -> Part:
    """Return further questions about the passages of a part; where those teach the order alone, these are read.

    Passages that a file brings itself stand against others of their article: what elsewhere looks like an answer may
    be one, of another organization.
    """
    if part is None:
        return replace(reading, questions=questions, mixture=DESK, finding="neighbours", share=1.0)
    like = reading if part.mixture.ranked_only else part
    return replace(like, questions=questions)


def shipped_claims(folder: Path, *, seed: int) -> PreparedClaims:
    """Return the claims of the training of the shipped verifier.

    Args:
        folder: With ``grounding`` beside the folders of `shipped_parts`.
        seed: Of every choice.

    Raises:
        InputError: One of them is missing.
    """
    chance = random.Random(seed)  # noqa: S311 - training examples
    squad, mixed, faq, _, headings = (part.questions for part in shipped_parts(folder))
    claims = [
        *(claim for claim in entailment(folder / "grounding" / "train.jsonl") if claim.kind not in _NOT_SHIPPED),
        *from_answers(squad, share=_ANSWERED, seed=seed),
        *from_sentences(squad.paragraphs, per_paragraph=2, seed=seed),
        *from_sentences(_some(headings, _HEADINGS, chance), per_paragraph=1, seed=seed),
        *from_sentences(_some(faq, _FAQ, chance), per_paragraph=1, seed=seed),
        *from_sentences(mixed.paragraphs, per_paragraph=1, seed=seed),
        *restated(squad.paragraphs, each=_RESTATED, seed=seed),
    ]
    chance.shuffle(claims)
    n_held_out = min(_HELD_OUT_CLAIMS, len(claims) // 10)
    train = claims[n_held_out:]
    train += [claim for claim in train if claim.kind in _WRITTEN or claim.kind.startswith("summedits")]
    return PreparedClaims(tuple(train), tuple(claims[:n_held_out]))


def _some(questions: QuestionSet, most: int, chance: random.Random) -> list[Paragraph]:
    return chance.sample(questions.paragraphs, min(most, len(questions.paragraphs)))


def prepare(
    parts: Sequence[Part],
    embedder: Embeds,
    *,
    seed: int,
    kept: Path | None = None,
    times: int = 1,
    on_progress: Tell = lambda _: None,
) -> Prepared:
    """Return the groups of all parts, negatives mined, whole articles held out.

    Args:
        parts: The sets.
        embedder: Finds the passages that look like the answer.
        seed: Of every choice.
        kept: Folder in which mined negatives stay for a training that goes on; it must belong to these very parts.
        times: How often groups are made of each question; those that measure are made once.
        on_progress: Told what is being done.
    """
    train: list[Group] = []
    held_out: list[Group] = []
    for part in parts:
        on_progress(f"negatives of {part.questions.name}")
        negatives, kept_apart = _negatives(part, embedder, seed, kept), _kept_apart(part, seed)
        for time in range(times):
            groups = make_groups(part.questions, negatives, part.mixture, seed=seed + time)
            train += [group for group in groups if group.article not in kept_apart]
            if time == 0:
                held_out += [group for group in groups if group.article in kept_apart]
    random.Random(seed).shuffle(held_out)  # noqa: S311 - training examples
    return Prepared(tuple(train), tuple(held_out))


def _negatives(part: Part, embedder: Embeds, seed: int, kept: Path | None) -> Mapping[int, Sequence[int]]:
    chance = random.Random(seed)  # noqa: S311 - training examples
    chosen = [place for place in range(len(part.questions.asked)) if chance.random() < part.share]
    if part.finding == "mined":
        found = _mined(part, chosen, embedder, kept / f"{part.questions.name}-{seed}.json" if kept else None)
    else:
        found = neighbours(part.questions, chosen, seed=seed, most=_MOST_NEIGHBOURS)
    return dict(zip(chosen, found, strict=True))


def _mined(part: Part, chosen: Sequence[int], embedder: Embeds, file: Path | None) -> list[list[int]]:
    if file is not None and file.is_file():
        known: list[list[int]] = json.loads(file.read_text(encoding="utf-8"))
        if len(known) == len(chosen):
            return known
    found = mine(part.questions, chosen, embedder, depth=_DEPTH)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(found), encoding="utf-8")
    return found


def _kept_apart(part: Part, seed: int) -> frozenset[str]:
    """Return the articles that are held out."""
    articles = sorted({paragraph.article for paragraph in part.questions.paragraphs})
    n_held_out = round(part.held_out * len(articles))
    return frozenset(random.Random(seed).sample(articles, n_held_out))  # noqa: S311 - training examples
