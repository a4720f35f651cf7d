"""From a question to a stored answer: understand, retrieve, enrich, rerank, generate, guard, answer."""

from __future__ import annotations

import logging
import math
import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import cache, partial
from importlib.metadata import version

from rag import lexis
from rag.ask.answer import message, record
from rag.ask.case import Case
from rag.ask.conflicts.anew import told_anew
from rag.ask.conflicts.settle import noted, settle
from rag.ask.gather import gather, understood
from rag.ask.generate import generate, repaired
from rag.ask.guard import guard
from rag.ask.parts import AskChoices, AskParts
from rag.ask.question.tongue import told_of, tongue
from rag.ask.question.unasked import unasked
from rag.ask.quoting.phrases import answering
from rag.ask.quoting.whole import completed
from rag.ask.run import Run
from rag.ask.standing.asof import day_words
from rag.ask.standing.preferred import Preferred, borne, edition_of
from rag.ask.support.verify import SentenceCheck
from rag.ask.tables.lookup import looked_up
from rag.ask.understand import clean, plain
from rag.confidence import MEDIUM, NO_CONFIDENCE
from rag.errors import AccessError, InputError, ModelError, RagError, SettingsError
from rag.protocols import Generator, Writer
from rag.safety.policy import Policy, Ruling, rule_on
from rag.types import (
    LOCAL_OWNER,
    Answer,
    AskProgress,
    Chunk,
    CutSentence,
    Evidence,
    ModelUse,
    Principal,
    Question,
    RefusalReason,
    Verdict,
)

_LOG = logging.getLogger(__name__)
# Longest repaired sentence.
_REPAIR_TOKENS = 96
# Without the mistake and its file: agents read this too, and can mend neither.
_BROKEN_POLICY = (
    "Nothing is answered until the policy is mended: it has a mistake. Tell the owner; the page Quality and the "
    "command “footnote policy check” say where it is."
)
_REMOVED = "A document that was read for this was removed before the answer was stored. Ask again."
_UNSEEN = "The person who asked may not see the passages of a refusal."
_UNKNOWN_TOPIC = "Whether the policy lets this be answered cannot be told now, so it is not. Ask again later."


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
        store fails, or when a document that was read has been removed meanwhile.

    Raises:
        InputError: The question cannot be used; nothing is stored.
        NotFound: There is no such space.
    """
    answer = preview(question, parts, principal=principal, on_progress=on_progress)
    if parts.catalog.save_answer(answer, principal, record(answer)):
        # Its receipt keeps what came from other documents; here nothing is told apart.
        verdict = Verdict("failed", None, answer.verdict.mode, (), (), NO_CONFIDENCE)
        return replace(answer, verdict=verdict, message=_REMOVED, query=None, passages=(), bearings=())
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
    asked_at = datetime.now(UTC).isoformat(timespec="milliseconds")
    role = parts.catalog.role(principal, question.space)
    try:
        policy = parts.policy
        run = Run(parts, choices or parts.ask_choices, on_progress)
    except SettingsError as exc:
        # What may be answered is not known, so nothing is.
        _LOG.error("The policy cannot be used: %s", exc)
        return _receipt(question, principal, asked_at, _refused("policy"), _BROKEN_POLICY)
    failure = told = ""
    ruling = Ruling()
    with run.stage("total"):
        try:
            verdict, ruling = _ruled(run, question, policy) if role else (_refused("not_permitted"), ruling)
            told = _told(run, verdict, ruling)
        except InputError:
            raise
        except RagError as exc:
            failure = str(exc)
            verdict = Verdict("failed", None, "quoted", (), (), NO_CONFIDENCE)
    if run.evidence is not None:
        on_evidence(run.evidence)
    seen = bool(verdict.statements) or role in policy.visible.nearest_passages
    passages = run.evidence.hits[: run.choices.passages] if run.evidence and seen else ()
    if not seen:
        verdict = replace(verdict, cut=tuple(CutSentence("", cut.support, _UNSEEN) for cut in verdict.cut))
    answer = _receipt(question, principal, asked_at, verdict, failure or told)
    if run.preferred is not None:
        answer = replace(answer, **borne(run.preferred, verdict, passages))
    return replace(
        answer,
        query=run.query,
        passages=passages,
        models=_models(run, policy),
        index=run.index,
        prompt=run.prompt,
        timings_ms=run.timings_ms,
        settings=asdict(run.choices),
        revision=run.revision,
        fallbacks=run.fallbacks(verdict.mode),
        read=_read(run),
        caveats=ruling.notes if verdict.statements else (),
    )


def _receipt(question: Question, principal: Principal, asked_at: str, verdict: Verdict, told: str) -> Answer:
    """Return an answer with what is known of every question, however it ended."""
    return Answer(
        receipt=f"a{uuid.uuid4().hex[:15]}",
        question=question,
        query=None,
        verdict=verdict,
        message=told,
        passages=(),
        models={},
        index="",
        prompt=None,
        timings_ms={},
        asked_at=asked_at,
        asked_by=principal.id,
        software=software(),
        salt=secrets.token_hex(16),
    )


def _refused(reason: RefusalReason) -> Verdict:
    return Verdict("refused", reason, "quoted", (), (), NO_CONFIDENCE)


def _ruled(run: Run, question: Question, policy: Policy) -> tuple[Verdict, Ruling]:
    """Return the verdict on a question that somebody may ask, and what the policy asks for.

    Both what was typed and what is looked up instead must be permitted: a conversation completes a question, and the
    documents correct its spelling.
    """
    most = run.choices.max_question_characters
    if len(question.text) <= most and (told := unasked(plain(question.text))):
        return _refused("ambiguous_question"), Ruling(told)
    asked = clean(question.text, max_characters=most)
    ruling = _ruling(run, asked, policy)
    if not ruling.refusal and (read := understood(run, question).text) != asked:
        ruling = ruling.joined(_ruling(run, read, policy))
    if ruling.refusal:
        return _refused("policy"), ruling
    if code := tongue(asked, run.parts.lexical.vocabulary(question.space, run.index)):
        run.query = replace(run.query, language=code) if run.query else None
        return _refused("ambiguous_question"), Ruling(told_of(code))
    return _without_day(_verdict(run, question), asked, run.preferred), ruling


def _told(run: Run, verdict: Verdict, ruling: Ruling) -> str:
    """Return what the person reads beside the statements, or where there is none."""
    if ruling.refusal:
        return ruling.refusal
    said = message(verdict, run.query, bar=run.choices.min_confidence)
    if verdict.statements:
        return " ".join(filter(None, (said, *verdict.notes, *ruling.notes)))
    edition = edition_of(run.preferred) if run.preferred else ()
    return " ".join(filter(None, (*edition, said)))


def _without_day(verdict: Verdict, asked: str, preferred: Preferred | None) -> Verdict:
    """Return a refusal that does not miss the words of the day that the question is about: it was understood."""
    if preferred is None or verdict.statements or not verdict.missing:
        return verdict
    of_day = [lexis.words(asked[start:end]) for start, end in day_words(asked, today=preferred.today)]
    said = {word for words in of_day for word in words}
    return replace(verdict, missing=tuple(word for word in verdict.missing if not set(lexis.words(word)) <= said))


def _ruling(run: Run, asked: str, policy: Policy) -> Ruling:
    try:
        return rule_on(asked, policy, run.models.embedder)
    except ModelError as exc:
        # A policy that goes by meaning cannot be followed without a model, so nothing is answered.
        return Ruling(f"{_UNKNOWN_TOPIC} {exc}")


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
    run = Run(parts, choices or parts.ask_choices, lambda _: None)
    with run.stage("total"):
        evidence = gather(run, question).evidence
    for fault in run.models.watch.faults.values():
        # Evidence that a model had no part in is not what it would be asked for.
        raise fault
    return evidence, run.timings_ms


def _verdict(run: Run, question: Question) -> Verdict:
    preferred = gather(run, question)
    with run.stage("rerank"):
        weighed, conflict = settle(preferred, run.models.highlighter, passages=run.choices.passages)
    run.preferred, run.evidence = weighed, weighed.evidence
    if conflict and conflict.stands(looked_up(weighed.in_front, limit=run.choices.passages).trail):
        return conflict.verdict(_case(run, question, weighed.evidence).confidence(conflict.sides))
    verdict = _written(run, question, weighed.in_front, least=run.choices.min_confidence)
    if weighed.any_set_back and weighed.on == weighed.today and verdict.confidence.probability < MEDIUM:
        held = _of_what_held(run, question, weighed) or verdict
        verdict = conflict.instead_of(held) if conflict else held
    return noted(verdict, weighed, conflict)


def _of_what_held(run: Run, question: Question, weighed: Preferred) -> Verdict | None:
    """Return what editions say that are not in force any more, for a question that nothing in force answers well.

    Why a fee was dropped, or what becomes of contracts of before, stands in the edition of then. It answers where it
    does so clearly, and says that it is not in force, unless what is in force has another value for the same. What held
    on another day is not told by what holds now.
    """
    with run.stage("rerank"):
        found = answering(weighed.as_found, run.models.highlighter, limit=run.choices.passages)
    verdict = _written(run, question, found, least=max(run.choices.min_confidence, MEDIUM))
    if not verdict.statements or told_anew(verdict, weighed):
        return None
    run.evidence = found
    return verdict


def _written(run: Run, question: Question, evidence: Evidence, *, least: float) -> Verdict:
    generator = run.models.generator()
    try:
        return _write(run, question, evidence, generator, least=least)
    except ModelError as exc:
        if generator is None:
            raise
        run.models.watch.note("generator", exc)
        # A generator that fails costs its words, not the answer: the documents are quoted instead.
        return _write(run, question, evidence, None, least=least)


def _chunks_at(run: Run, document_id: str, ordinals: range) -> Sequence[Chunk]:
    return run.parts.catalog.document_chunks(document_id, run.index, ordinals)


def _write(
    run: Run, question: Question, evidence: Evidence, generator: Generator | Writer | None, *, least: float
) -> Verdict:
    choices = run.choices
    with run.stage("generate"):
        evidence = looked_up(evidence, limit=choices.passages)
        chunks_at = partial(_chunks_at, run)
        evidence = completed(evidence, chunks_at, limit=choices.passages)
        draft = generate(
            evidence,
            generator,
            run.models.highlighter,
            passages=choices.passages,
            max_sentences=choices.max_sentences,
            max_tokens=choices.max_tokens,
            drafts=choices.drafts,
            seed=choices.seed,
        )
    run.prompt = draft.prompt

    def repair(sentence: str, sources: Sequence[tuple[str, str]]) -> str:
        if generator is None:
            return ""
        return repaired(sentence, evidence.query.text, sources, generator, max_tokens=_REPAIR_TOKENS, seed=choices.seed)

    with run.stage("guard"):
        case = _case(run, question, evidence)
        check = SentenceCheck(
            case.hits,
            run.models.verifier,
            min_support=choices.min_support,
            repair=repair if generator else None,
            on_check=lambda checking: run.on_progress(AskProgress("guard", checking=checking)),
        )
        return guard(
            draft,
            case,
            check,
            min_confidence=least,
            on_statement=lambda statement: run.on_progress(AskProgress("guard", statement)),
        )


def _case(run: Run, question: Question, evidence: Evidence) -> Case:
    """Return what statements are held against; a term counts ``log(1 + n / (1 + document frequency))``."""
    terms = evidence.query.terms
    n_chunks, frequency = run.parts.lexical.document_frequency(question.space, run.index, terms)
    rarity = {term: math.log1p(n_chunks / (1 + frequency.get(term, 0))) for term in terms}
    hits = evidence.hits[: run.choices.passages]
    return Case(evidence, hits, run.models.highlighter, rarity, run.calibration)


def _read(run: Run) -> tuple[tuple[str, str], ...]:
    """Return the documents, each with its version, of all passages that were found and of what was offered."""
    chunks = [hit.passage.chunk for hit in run.evidence.hits] if run.evidence else []
    offered = run.query.offered if run.query else ()
    return tuple(sorted({*((chunk.document_id, chunk.version) for chunk in chunks), *offered}))


def _models(run: Run, policy: Policy) -> dict[str, ModelUse]:
    used = run.models.uses(with_reranker=bool(run.choices.rerank_limit))
    return used | {"policy": policy.use, "calibration": run.calibration.use}
