"""From a question to a stored answer: understand, retrieve, enrich, rerank, generate, guard, answer."""

from __future__ import annotations

import math
import secrets
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from typing import Literal

from rag.ask.answer import message, record
from rag.ask.distinct import distinct
from rag.ask.enrich import enrich
from rag.ask.generate import generate
from rag.ask.guard import guard
from rag.ask.parts import AskChoices, AskParts
from rag.ask.rerank import rerank
from rag.ask.retrieve import retrieve
from rag.ask.understand import clean, understand
from rag.confidence import NO_CONFIDENCE
from rag.errors import AccessError, InputError, ModelError, RagError
from rag.protocols import Generator, Lexical
from rag.safety.policy import rule_on
from rag.types import (
    LOCAL_OWNER,
    Answer,
    AskProgress,
    AskStage,
    Evidence,
    Hit,
    LiveChunk,
    ModelUse,
    Principal,
    Query,
    Question,
    Role,
    Statement,
    Verdict,
)


@dataclass(slots=True)
class _Run:
    """What a run has so far, so that a failure can still be told with it."""

    on_progress: Callable[[AskProgress], None]
    choices: AskChoices
    index: str = ""
    revision: int = 0
    query: Query | None = None
    evidence: Evidence | None = None
    prompt: str | None = None
    fallback: str | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: AskStage | Literal["total"]) -> Iterator[None]:
        if name != "total":
            self.on_progress(AskProgress(name))
        began = time.perf_counter()
        try:
            yield
        finally:
            elapsed_ms = (time.perf_counter() - began) * 1000
            self.timings_ms[name] = self.timings_ms.get(name, 0.0) + elapsed_ms


def ask(
    question: Question,
    parts: AskParts,
    *,
    principal: Principal = LOCAL_OWNER,
    on_progress: Callable[[AskProgress], None] = lambda _: None,
) -> Answer:
    """Answer a question on behalf of a person, and store the answer with its receipt before it is returned.

    Args:
        question: What to answer, and where to look.
        parts: Stores and models.
        principal: On whose behalf; access is decided here.
        on_progress: Told of each stage as it begins and of each statement as it passes the guard.

    Returns:
        The answer: statements, a typed refusal, or ``failed`` with the reason in words when a model or a
        store fails.

    Raises:
        InputError: The question cannot be used; nothing is stored.
        NotFound: There is no such space.
    """
    answer = preview(question, parts, principal=principal, on_progress=on_progress)
    parts.catalog.save_answer(answer, principal, record(answer))
    return answer


def preview(
    question: Question,
    parts: AskParts,
    *,
    principal: Principal = LOCAL_OWNER,
    choices: AskChoices | None = None,
    on_progress: Callable[[AskProgress], None] = lambda _: None,
    on_evidence: Callable[[Evidence], None] = lambda _: None,
) -> Answer:
    """Return what `ask` would answer; nothing is stored.

    Args:
        question: What to answer, and where to look.
        parts: Stores and models.
        principal: On whose behalf; access is decided here.
        choices: Other numbers than those of the parts, e.g. those of a receipt.
        on_progress: Told of each stage as it begins and of each statement as it passes the guard.
        on_evidence: Told of all passages, also of those too far down to be shown.

    Raises:
        InputError: The question cannot be used.
        NotFound: There is no such space.
    """
    run = _Run(on_progress, choices or parts.ask_choices)
    asked_at = datetime.now(UTC).isoformat(timespec="milliseconds")
    failure = told = ""
    with run.stage("total"):
        role = parts.catalog.role(principal, question.space)
        if role is None:
            verdict = Verdict("refused", "not_permitted", "quoted", (), (), NO_CONFIDENCE)
        else:
            try:
                asked = clean(question.text, max_characters=run.choices.max_question_characters)
                ruling = rule_on(asked, parts.policy, parts.embedder)
                if ruling.refusal:
                    verdict = Verdict("refused", "policy", "quoted", (), (), NO_CONFIDENCE)
                else:
                    verdict = _verdict(run, question, parts)
                told = ruling.refusal or (" ".join(ruling.notes) if verdict.statements else "")
            except InputError:
                raise
            except RagError as exc:
                failure = str(exc)
                verdict = Verdict("failed", None, "quoted", (), (), NO_CONFIDENCE)
    if run.evidence is not None:
        on_evidence(run.evidence)
    return Answer(
        receipt=f"a{uuid.uuid4().hex[:15]}",
        question=question,
        query=run.query,
        verdict=verdict,
        message=failure or told or message(verdict, run.query),
        passages=_nearest(run, verdict, parts, role),
        models=_models(parts, run),
        index=run.index,
        prompt=run.prompt,
        timings_ms=run.timings_ms,
        asked_at=asked_at,
        asked_by=principal.id,
        settings=asdict(run.choices),
        revision=run.revision,
        software=software(),
        salt=secrets.token_hex(16),
    )


@cache
def software() -> str:
    """Return name and version of what answers."""
    return f"footnote {version('footnote')}"


def find_evidence(
    question: Question,
    parts: AskParts,
    *,
    principal: Principal = LOCAL_OWNER,
    choices: AskChoices | None = None,
) -> tuple[Evidence, Mapping[str, float]]:
    """Return the evidence that `ask` would answer from, and the milliseconds of each stage; nothing is stored.

    Args:
        question: What to look up, and where.
        parts: Stores and models.
        principal: On whose behalf; access is decided here.
        choices: Other numbers than those of the parts, e.g. to leave a search out.

    Raises:
        AccessError: The principal may not read the space.
        InputError: The question cannot be used.
        NotFound: There is no such space.
        StoreError: A store fails.
        ModelError: A model fails.
    """
    if parts.catalog.role(principal, question.space) is None:
        raise AccessError(f"{principal.id!r} may not read the space {question.space!r}.", hint="Ask its owner.")
    run = _Run(lambda _: None, choices or parts.ask_choices)
    with run.stage("total"):
        evidence = _evidence(run, question, parts)
    return evidence, run.timings_ms


def _verdict(run: _Run, question: Question, parts: AskParts) -> Verdict:
    evidence = _evidence(run, question, parts)
    rarity = _rarity(parts.lexical, question.space, run.index, evidence.query.terms)
    try:
        return _write(run, evidence, parts, parts.generator, rarity)
    except ModelError as exc:
        if parts.generator is None:
            raise
        # A generator that fails costs its words, not the answer: the documents are quoted instead.
        run.fallback = str(exc)
        return _write(run, evidence, parts, None, rarity)


def _evidence(run: _Run, question: Question, parts: AskParts) -> Evidence:
    space, choices = question.space, run.choices
    run.index = index = parts.index
    run.revision = parts.catalog.graph_revision(space, index)

    def live(chunk_ids: Sequence[str]) -> Mapping[str, LiveChunk]:
        return parts.catalog.live(space, index, chunk_ids)

    with run.stage("understand"):
        query = understand(
            question,
            parts.embedder,
            parts.lexical.vocabulary(space, index),
            max_characters=choices.max_question_characters,
        )
    run.query = query
    with run.stage("retrieve"):
        evidence = retrieve(
            query,
            parts.vectors,
            parts.lexical,
            live,
            space=space,
            index=index,
            dense_limit=choices.dense_limit,
            lexical_limit=choices.lexical_limit,
            lexical_share=choices.lexical_share,
            limit=choices.limit,
        )

    def enriched(evidence: Evidence, n_next: int) -> Evidence:
        if choices.graph_limit:
            with run.stage("enrich"):
                evidence = enrich(evidence, parts.graphs.graph(space, index), limit=choices.graph_limit, live=live)
        return distinct(evidence, first=n_next)

    evidence = enriched(evidence, choices.rerank_limit or choices.passages)
    if choices.rerank_limit:
        with run.stage("rerank"):
            evidence = rerank(evidence, parts.reranker, limit=choices.rerank_limit)
        # Now that passages have been read, the graph is walked again, from where they answer.
        evidence = enriched(evidence, choices.passages)
    run.evidence = evidence
    return evidence


def _write(
    run: _Run, evidence: Evidence, parts: AskParts, generator: Generator | None, rarity: Mapping[str, float]
) -> Verdict:
    choices = run.choices
    with run.stage("generate"):
        draft = generate(
            evidence,
            generator,
            parts.highlighter,
            passages=choices.passages,
            max_sentences=choices.max_sentences,
            max_tokens=choices.max_tokens,
            seed=choices.seed,
        )
    run.prompt = draft.prompt

    def show(statement: Statement) -> None:
        run.on_progress(AskProgress("guard", statement))

    with run.stage("guard"):
        return guard(
            draft,
            evidence,
            parts.verifier,
            parts.highlighter,
            rarity=rarity,
            passages=choices.passages,
            min_support=choices.min_support,
            min_confidence=choices.min_confidence,
            calibration=parts.calibration,
            on_statement=show,
        )


def _rarity(lexical: Lexical, space: str, index: str, terms: Sequence[str]) -> dict[str, float]:
    """Return the weight of each term: ``log(1 + n / (1 + document frequency))``."""
    n_chunks, frequency = lexical.document_frequency(space, index, terms)
    return {term: math.log1p(n_chunks / (1 + frequency.get(term, 0))) for term in terms}


def _nearest(run: _Run, verdict: Verdict, parts: AskParts, role: Role | None) -> tuple[Hit, ...]:
    """Return the passages that are shown with an answer; those of a refusal only to whom the policy lets see them."""
    if run.evidence is None or (not verdict.statements and role not in parts.policy.visible.nearest_passages):
        return ()
    return run.evidence.hits[: run.choices.passages]


def _models(parts: AskParts, run: _Run) -> dict[str, ModelUse]:
    used = {"embedding": parts.embedder.use, "verifier": parts.verifier.use, "policy": parts.policy.use}
    used["calibration"] = parts.calibration.use
    if run.choices.rerank_limit:
        used["reranker"] = parts.reranker.use
    if parts.generator is None:
        used["generator"] = ModelUse("bundled:quoted", "")
    elif run.fallback is not None:
        used["generator"] = ModelUse(f"bundled:quoted (instead of {parts.generator.use.ref}: {run.fallback})", "")
    else:
        used["generator"] = parts.generator.use
    return used
