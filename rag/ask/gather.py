"""The first half of an answer: understand, retrieve, enrich, rerank; every model watched, each step one call."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

from rag.ask.conversation.continued import continued, seated
from rag.ask.conversation.earlier import Said, recall, spoken
from rag.ask.conversation.follow_up import asks_of_another
from rag.ask.conversation.topic import names_anew
from rag.ask.distinct import distinct
from rag.ask.enrich import enrich
from rag.ask.quoting.phrases import answering
from rag.ask.rerank import rerank
from rag.ask.retrieve import retrieve
from rag.ask.run import Run
from rag.ask.sentences import sentences
from rag.ask.standing.asof import day_of, names_old_edition, told_apart_from_day
from rag.ask.standing.preferred import Preferred, editions_of_day, last_day_before, last_day_of_numbered, prefer
from rag.ask.understand import plain, understand
from rag.ask.watched.models import Blank
from rag.dates import today
from rag.errors import ModelError
from rag.types import Evidence, Query, Question

# Of what was said so many characters count, the latest: about as much as the embedding model reads.
_SAID_CHARACTERS = 1000


def understood(run: Run, question: Question) -> Query:
    """Return what is looked up for a question.

    Args:
        run: The running question; index and query are noted in it.
        question: What to look up, and where.

    Raises:
        InputError: The question cannot be used.
        StoreError: A store fails.
    """
    run.index = _index(run)
    run.revision = run.parts.catalog.graph_revision(question.space, run.index)
    run.said = recall(question.grounds, partial(run.parts.catalog.live, question.space, run.index))
    with run.stage("understand"):
        run.query = _understood(run, question, run.said)
    return run.query


def gather(run: Run, question: Question) -> Preferred:
    """Return the evidence for a question, in the order of what is in force on the day that it is about.

    Args:
        run: The running question; the evidence is noted in it, and what `understood` does where that is not yet done.
        question: What to look up, and where.

    Raises:
        InputError: The question cannot be used.
        StoreError: A store fails.
    """
    today = _today(question)
    evidence = _evidence(run, run.query or understood(run, question), question)
    # In a conversation a question before may say the day.
    told = evidence.query.text
    standings = run.parts.standings.of(question.space, {hit.passage.chunk.document_id for hit in evidence.hits})
    preferred = prefer(evidence, standings, on=day_of(told, today=today), today=today)
    if preferred.on == today:
        on = last_day_before(preferred) if names_old_edition(told) else last_day_of_numbered(preferred, told)
        preferred = prefer(evidence, standings, on=on, today=today) if on != today else preferred
    run.preferred = _read_on_day(run, preferred)
    run.evidence = run.preferred.evidence
    return run.preferred


def _read_on_day(run: Run, preferred: Preferred) -> Preferred:
    """Return the evidence read for the rest of the question, where an edition of another day answers that best.

    No edition says of which day it is asked: with that day in the question, the reader finds it unmet. What is no
    edition, a table of years or a report, must meet it.
    """
    text = told_apart_from_day(preferred.evidence.query.text, today=preferred.today)
    editions = {each.document_id for each in editions_of_day(preferred)}
    if not editions or text == preferred.evidence.query.text:
        return preferred
    with run.stage("rerank"):
        evidence = replace(preferred.evidence, query=replace(preferred.evidence.query, text=text))
        evidence = answering(evidence, run.models.highlighter, limit=run.choices.passages)
    holding = [hit for hit in evidence.hits if hit.features.get("in_force", 1.0)]
    best = max(holding, key=lambda hit: hit.features.get("answers", 0.0)).passage.chunk.document_id
    return replace(preferred, evidence=evidence) if best in editions else preferred


def _today(question: Question) -> str:
    return question.as_of or today()


def _evidence(run: Run, query: Query, question: Question) -> Evidence:
    space, choices, models = question.space, run.choices, run.models
    evidence = _enriched(run, space, _found(run, query, question), n_next=choices.rerank_limit or choices.passages)
    if choices.rerank_limit:
        evidence = sentences(evidence, partial(run.parts.catalog.sentence_vectors, space, run.index))
        with run.stage("rerank"), suppress(ModelError):
            # Without a reranker they keep the order of the searches.
            evidence = rerank(evidence, models.reranker, models.highlighter, limit=choices.rerank_limit)
        # Now that passages have been read, the graph is walked again, from where they answer.
        evidence = seated(_enriched(run, space, evidence, n_next=choices.passages), limit=choices.passages)
        with run.stage("rerank"):
            evidence = answering(evidence, models.highlighter, limit=choices.passages)
    run.evidence = evidence
    return evidence


def _found(run: Run, query: Query, question: Question) -> Evidence:
    """Return what is found for a query, with what the conversation before is about."""
    another = asks_of_another(plain(question.text), [plain(turn) for turn in question.history])
    before = () if another else spoken(question.history, run.said)
    with run.stage("understand"):
        earlier = _as_one(run, question.space, before)
        joined = _as_one(run, question.space, (*before, question.text)) if earlier else None
    with run.stage("retrieve"):
        evidence = _searched(run, question.space, query)
        if earlier and joined:
            of_before, of_both = (_searched(run, question.space, each) for each in (earlier, joined))
            new = names_anew(plain(question.text), before)
            evidence = continued(evidence, of_before, of_both, limit=run.choices.limit, new=new)
    return evidence


def _searched(run: Run, space: str, query: Query) -> Evidence:
    choices = run.choices
    return retrieve(
        query,
        run.parts.vectors,
        run.parts.lexical,
        partial(run.parts.catalog.live, space, run.index),
        space=space,
        index=run.index,
        dense_limit=0 if "embedding" in run.models.watch.faults else choices.dense_limit,
        lexical_limit=choices.lexical_limit,
        lexical_share=choices.lexical_share,
        limit=choices.limit,
    )


def _enriched(run: Run, space: str, evidence: Evidence, *, n_next: int) -> Evidence:
    """Return the evidence with what the graph leads to, the next stage's passages each saying something of its own."""
    live = partial(run.parts.catalog.live, space, run.index)

    def walk() -> Evidence:
        graph = run.parts.graphs.graph(space, run.index)
        return enrich(evidence, graph, limit=run.choices.graph_limit, live=live)

    enriched = evidence
    if run.choices.graph_limit:
        with run.stage("enrich"), suppress(ModelError):
            # Without the graph the passages stay as they are.
            enriched = run.models.watch.call("graph", walk)
    return distinct(enriched, first=n_next)


def _index(run: Run) -> str:
    """Return the index version to search; the active one as it is where there is no model to compare it with."""
    try:
        _ = run.models.embedder.use
    except ModelError:
        return run.parts.catalog.active_index() or ""
    return run.parts.index


def _understood(run: Run, question: Question, said: Sequence[Said]) -> Query:
    vocabulary = run.parts.lexical.vocabulary(question.space, run.index)
    read = partial(understand, said=said, today=_today(question), max_characters=run.choices.max_question_characters)
    try:
        return read(question, run.models.embedder, vocabulary)
    except ModelError:
        # Without vectors the question is looked up by its words.
        return read(question, Blank(), vocabulary)


def _as_one(run: Run, space: str, said: Sequence[str]) -> Query | None:
    """Return what was said as one question, to find the documents that it was about; ``None`` where it has no word."""
    most = min(_SAID_CHARACTERS, run.choices.max_question_characters)
    text = plain(" ".join(said))[-most:]
    return _understood(run, Question(text, space), ()) if any(char.isalnum() for char in text) else None
