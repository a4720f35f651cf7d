"""A team's own labelled questions as what the models learn from, over passages as the product cuts them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag import lexis
from rag.errors import InputError
from rag.evaluation.dataset import LabelledQuery, LabelledSet
from rag.evaluation.indexing import IndexedSet
from rag.protocols import Urgency
from rag.sentences import Span
from rag.training.claims.claim import Claim, from_answers, from_sentences
from rag.training.examples.shapes import Asked, Group, Paragraph, QuestionSet, Reading, Triple
from rag.training.readings.contrasts import sentence_of
from rag.training.readings.groups import Mixture, at_times_cropped
from rag.training.readings.negatives import Embeds, embedded, mine
from rag.training.readings.together import PASSAGES, together
from rag.training.sets.preparing import DESK, Part, Prepared, PreparedClaims, prepare
from rag.training.sets.split import LEAST_DOCUMENTS
from rag.training.writings.given import Told, Writing, given
from rag.types import DEFAULT_SPACE, Float32Array

LICENCE = "the team's own"
_ANSWER_SHARE = 0.6
_RANKED = Mixture(titled=0.9, negatives=((3, 1.0),), changed=0.0, ranked_only=True)
# A question without an answer is asked of so many passages.
_REFUSED_BY = 2
# What measures stands among so many passages that look like it.
_MEASURED_AMONG = ((7, 1.0),)


@dataclass(frozen=True, slots=True)
class Library:
    """The passages of a labelled set with their vectors.

    Args:
        name: Of the set.
        passages: By document id in the set.
        embedder: Embeds; knows the vectors of the passages.
    """

    name: str
    passages: Mapping[str, tuple[Paragraph, ...]]
    embedder: Embeds

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """All passages, document by document."""
        return tuple(paragraph for own in self.passages.values() for paragraph in own)


class _Known:
    """Gives the vectors that an index holds, and embeds the rest."""

    def __init__(self, embedder: Embeds, vectors: Mapping[str, Float32Array]) -> None:
        self._embedder = embedder
        self._vectors = vectors

    @property
    def dimension(self) -> int:
        return self._embedder.dimension

    def embed(self, texts: Sequence[str], *, urgency: Urgency = "question") -> Float32Array:
        new = [text for text in texts if text not in self._vectors]
        made = dict(zip(new, self._embedder.embed(new, urgency=urgency), strict=True)) if new else {}
        return np.stack([made[text] if text in made else self._vectors[text] for text in texts])


def library(indexed: IndexedSet) -> Library:
    """Return the passages of an indexed set, as the product cut and embedded them."""
    workspace = indexed.workspace
    ids, vectors = workspace.catalog.chunk_vectors(DEFAULT_SPACE, workspace.index)
    by_id = dict(zip(ids, vectors, strict=True))
    passages: dict[str, list[Paragraph]] = {}
    known: dict[str, Float32Array] = {}
    for info in workspace.catalog.documents(DEFAULT_SPACE):
        name = indexed.name_of[info.id]
        for chunk in workspace.catalog.document_chunks(info.id, workspace.index):
            passages.setdefault(name, []).append(Paragraph(name, chunk.context, chunk.text))
            known[chunk.embedded_text] = by_id[chunk.id]
    listed = {name: tuple(own) for name, own in sorted(passages.items())}
    return Library(indexed.labelled.name, listed, _Known(workspace.embedder, known))


def question_sets(queries: Sequence[LabelledQuery], known: Library) -> tuple[QuestionSet, QuestionSet]:
    """Return questions whose answer stands in a passage of a relevant document, and those whose does not.

    The second teach the order of passages alone: of a relevant document the passage nearest to the question is taken.
    Relevant documents of one question are never its negatives.
    """
    paragraphs = known.paragraphs
    places: dict[str, list[int]] = {}
    for place, paragraph in enumerate(paragraphs):
        places.setdefault(paragraph.article, []).append(place)
    vectors = embedded([paragraph.embedded_text for paragraph in paragraphs], known.embedder)
    asked = embedded([query.text for query in queries], known.embedder)
    read: list[Asked] = []
    ranked: list[Asked] = []
    for query, vector in zip(queries, asked, strict=True):
        answers = tuple(query.metadata.get("answers") or ())
        for document in query.relevant:
            own = places.get(document, [])
            if not own:
                continue
            found = _standing(answers, str(query.metadata.get("sentence") or ""), own, paragraphs)
            if found is not None:
                place, answer, span = found
                others = tuple(each for each in answers if each != answer)
                read.append(Asked(query.text, place, (answer, *others), span, family=query.id))
            else:
                nearest = max(own, key=lambda place: (float(vectors[place] @ vector), -place))
                ranked.append(Asked(query.text, nearest, answers, family=query.id))
    name = known.name
    return QuestionSet(name, LICENCE, paragraphs, tuple(read)), QuestionSet(
        f"{name}, order", LICENCE, paragraphs, tuple(ranked)
    )


def _standing(
    answers: Sequence[str], sentence: str, places: Sequence[int], paragraphs: Sequence[Paragraph]
) -> tuple[int, str, Span] | None:
    """Return the first answer that stands in one of the passages to the letter.

    Where the question names its sentence, the place whose line shares most words with it is taken.
    """
    wanted = set(lexis.words(sentence))
    for answer in filter(None, answers):
        found: list[tuple[int, int, Span]] = []
        for place in places:
            text = paragraphs[place].text
            for match in re.finditer(re.escape(answer), text):
                line = sentence_of(text, Span(*match.span()))
                shared = len(wanted & set(lexis.words(text[line.start : line.end])))
                found.append((shared, place, Span(*match.span())))
        if found:
            _, place, span = max(found, key=lambda one: one[0])
            return place, answer, span
    return None


def team_groups(learnt: LabelledSet, measured: LabelledSet, known: Library, *, seed: int) -> Prepared:
    """Return the groups that a reader learns from, and those that measure it.

    Raises:
        InputError: No question has a passage to learn from.
    """
    made = []
    for queries, read_as, ranked_as in (
        (learnt.queries, DESK, _RANKED),
        (
            measured.queries,
            replace(DESK, negatives=_MEASURED_AMONG, contrasted=0.0, deleted=0.0, changed=0.0, among=0.0, together=0.0),
            replace(_RANKED, negatives=_MEASURED_AMONG),
        ),
    ):
        read, ranked = question_sets(queries, known)
        parts = [Part(read, read_as, "mined", share=1.0), Part(ranked, ranked_as, "mined", share=1.0)]
        made.append(
            (
                *prepare(parts, known.embedder, seed=seed).train,
                *_refused(queries, known, at_once=read_as.together > 0, seed=seed),
            )
        )
    if not made[0] or not made[1]:
        raise InputError(f"No question of {known.name!r} has a passage to learn from.", hint="Check its documents.")
    return Prepared(*made)


def team_writings(queries: Sequence[LabelledQuery], known: Library, *, seed: int) -> list[Writing]:
    """Return what a writer learns from questions with an answer in whole sentences (``metadata.told``)."""
    read, _ = question_sets(queries, known)
    texts = {query.id: str(query.metadata.get("told", "")) for query in queries}
    told = [
        Told(asked.question, asked.paragraph, texts[asked.family], asked.answers)
        for asked in read.asked
        if texts[asked.family]
    ]
    return list(given(read, told, (), seed=seed))


def _refused(queries: Sequence[LabelledQuery], known: Library, *, at_once: bool, seed: int) -> Iterator[Group]:
    """Yield each question that the documents do not answer, with the passages that look most as if they did.

    Of some only the sentences that are nearest to the question are read, as answers are read by themselves; and, at
    will, those of several passages at once.
    """
    refused = [query for query in queries if query.metadata.get("answerable") is False]
    paragraphs = known.paragraphs
    if not refused or not paragraphs:
        return
    chance = random.Random(seed)  # noqa: S311 - training examples
    scores = (
        embedded([query.text for query in refused], known.embedder)
        @ embedded([paragraph.embedded_text for paragraph in paragraphs], known.embedder).T
    )
    for query, row in zip(refused, scores, strict=True):
        own = known.passages.get(str(query.metadata.get("passage") or ""), ())
        found = [paragraphs[int(place)] for place in np.argsort(-row)[:PASSAGES]]
        nearest = own if len(own) == 1 else found[:_REFUSED_BY]
        texts = [at_times_cropped(query.text, each, chance).embedded_text for each in nearest]
        readings = tuple(Reading(text, None, answers=False, relevant=None) for text in texts)
        yield Group(f"{known.name}, unanswerable", query.text, readings)
        if at_once:
            titled = chance.random() < DESK.titled
            made = together(known.name, query.text, None, found, chance, titled=titled)
            if made:
                yield made


def triples(learnt: LabelledSet, known: Library, *, depth: int) -> list[Triple]:
    """Return each question with a passage that answers it and the nearest that does not.

    Raises:
        InputError: There is no such question.
    """
    made = []
    for questions in question_sets(learnt.queries, known):
        mined = mine(questions, range(len(questions.asked)), known.embedder, depth=depth)
        for asked, wrong in zip(questions.asked, mined, strict=True):
            right = questions.paragraphs[asked.paragraph].embedded_text
            made += [Triple(asked.question, right, questions.paragraphs[wrong[0]].embedded_text)] if wrong else []
    if not made:
        raise InputError(f"No question of {known.name!r} has a passage to learn from.", hint="Check its documents.")
    return made


def team_claims(labelled: LabelledSet, known: Library, *, share: float, seed: int) -> PreparedClaims:
    """Return the claims that a verifier learns from, and those that measure it, from other documents.

    Raises:
        InputError: The documents are too few or too short.
    """
    read, _ = question_sets(labelled.queries, known)
    chance = random.Random(seed)  # noqa: S311 - which passages measure
    articles = sorted(known.passages)
    if len(articles) >= LEAST_DOCUMENTS:
        drawn = set(chance.sample(articles, round(share * len(articles))))
        apart = {place for place, each in enumerate(read.paragraphs) if each.article in drawn}
    else:
        places = range(len(read.paragraphs))
        apart = set(chance.sample(places, round(share * len(places))))
    sides: list[tuple[Claim, ...]] = []
    for held in (False, True):
        paragraphs = [each for place, each in enumerate(read.paragraphs) if (place in apart) == held]
        asked = tuple(each for each in read.asked if (each.paragraph in apart) == held)
        told = from_answers(replace(read, asked=asked), share=_ANSWER_SHARE, seed=seed)
        sides.append((*told, *from_sentences(paragraphs, per_paragraph=2, seed=seed)))
    if not sides[0] or len({claim.supported for claim in sides[1]}) < 2:
        raise InputError(
            f"The documents of {known.name!r} give too few sentences to learn from and to measure with.",
            hint="Add documents to the set.",
        )
    return PreparedClaims(*sides)
