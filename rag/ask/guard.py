"""Let through only sentences that exact spans of the evidence support, or refuse with a reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from rag import lexis
from rag.ask.case import Case
from rag.ask.question.asked import Part, asks_nothing, beside_the_point, left_open, parts_of, readings
from rag.ask.quoting.answered import with_question
from rag.ask.quoting.choice import alone
from rag.ask.quoting.phrases import phrased, phrased_row, read, unmet
from rag.ask.quoting.wanted import Wanted
from rag.ask.quoting.whole import is_list, led_to
from rag.ask.support.candidates import Weighed, best, others
from rag.ask.support.verify import SentenceCheck, numbered
from rag.ask.tables.unlisted import unlisted
from rag.confidence import MEDIUM
from rag.errors import ModelError
from rag.sentences import Span
from rag.types import (
    Confidence,
    CutSentence,
    Draft,
    Evidence,
    Quote,
    RefusalReason,
    Statement,
    Trail,
    Verdict,
)

_TOO_WEAK = "the evidence is too weak for an answer"
# "On A3", "at F9": where somebody is.
_AT_A_PLACE = re.compile(r"\b(?:on|at|in|from|near)\s+([A-Za-z]\d{1,2})(?![\w-])")
_BELOW = "it is less sure than the least confidence asks for"
_ANOTHER = "what it rests on does not give what the question asks for"
_BESIDE = "it is about a part of the question that the documents do not answer"


def guard(
    draft: Draft,
    case: Case,
    check: SentenceCheck,
    *,
    min_confidence: float,
    on_statement: Callable[[Statement], None],
) -> Verdict:
    """Verify a draft sentence by sentence.

    A sentence that stands verbatim in the evidence is cited there. Any other is attributed to the fewest sentences of
    the evidence that support it (`rag.ask.support.attribute`); one that fails is written anew once, or cut. Markers
    that a model wrote play no part. A generated statement is shown as soon as it is verified and all so far is sure
    enough; quoted ones once it is known which draft is shown.

    Args:
        draft: Sentences that wait; may be read only once. Its other drafts become candidates.
        case: The closed set of passages, and how sure statements about them are.
        check: Holds sentences against the passages of the case.
        min_confidence: Confidence below which the whole is refused.
        on_statement: Called with each statement when nothing can take it back any more.

    Returns:
        ``answered`` with at least one statement, ``partial`` with some where a part of the question stays open, or
        ``refused`` with none and a reason: ``no_evidence`` without passages, where none of them holds any of the
        codes that the question names, or where a list of its kind lacks what it names; ``ambiguous_question`` where a
        short, general question has several choices, or a name alone several documents; else ``weak_evidence``.

    Raises:
        ModelError: The generator broke off before a statement was shown.
    """
    query = case.evidence.query
    unknown = _unknown(case.evidence)
    if unknown or not case.hits:
        return _refusal(draft, "no_evidence", (), replace(case, hits=()).confidence(()), missing=unknown)
    offered = readings(query, case.hits)
    if offered and asks_nothing(query):
        return _refusal(draft, "ambiguous_question", (), case.confidence(()), offered)
    reading = _Reading(case, check, min_confidence, on_statement)
    # Where drafts of a generator are weighed against each other, none can be shown before all are read.
    main = reading.read(draft, streams=draft.mode == "generated" and not _rivals(draft))
    if not main.statements and not reading.cut:
        # The model found no answer: nothing else is put in its mouth.
        return _refusal(draft, None, (), main.confidence, offered, reading.unmet)
    answers = [main, *reading.read_others(draft.others)]
    chosen = main if reading.shown else _chosen(answers, draft, min_confidence)
    covering = _Covering.of(case, chosen, min_confidence)
    if not reading.shown and (not chosen.statements or covering.confidence.probability < min_confidence):
        # What is likelier wrong than right is no answer, wherever the bar is.
        below = bool(chosen.statements) and MEDIUM <= chosen.confidence.probability < min_confidence
        held_back = _held_back(chosen, _BELOW) if below else _held_back(main)
        refused = _refusal(draft, None, (*reading.cut, *held_back), chosen.confidence, offered, reading.unmet)
        return replace(refused, held_back=below)
    if chosen.mode != draft.mode:
        reading.cut.extend(_held_back(main))
    return _shown(reading, chosen, answers, covering)


class _Reading:
    """Reads drafts, and shows statements once nothing can take them back."""

    def __init__(
        self, case: Case, check: SentenceCheck, min_confidence: float, on_statement: Callable[[Statement], None]
    ) -> None:
        self.case = case
        self.min_confidence = min_confidence
        self.cut: list[CutSentence] = []
        self.shown: list[Statement] = []
        self.numbers: dict[tuple[str, int, int], int] = {}
        self._check = check
        self._on_statement = on_statement
        self._wanted = None if parts_of(case.evidence.query) else Wanted(case.evidence.query.text)
        self._found = read(case.evidence.query.text, case.hits, case.highlighter)

    @property
    def unmet(self) -> tuple[str, ...]:
        """The words of the question that no passage says anything of; of those that it was completed with, names."""
        query = self.case.evidence.query
        typed = lexis.stems(query.original)
        words = unmet(query.text, self.case.hits, self._found)
        return tuple(word for word in words if lexis.stems(word) <= typed or not word.islower())

    def show(self, statement: Statement) -> None:
        """Number the citations of a statement and show it, with its question where it answers one of the document."""
        self.shown.append(numbered(with_question(statement, self.case.hits), self.numbers))
        self._on_statement(self.shown[-1])

    def read(self, draft: Draft, *, streams: bool) -> Weighed:
        """Return what of a draft is verified; where it streams, each statement is shown at once."""
        statements: list[Statement] = []
        try:
            for checked in self._check.each(draft.sentences):
                if isinstance(checked, CutSentence):
                    self.cut.append(checked)
                    continue
                if draft.trail is None and not self._gives(checked):
                    self.cut.append(CutSentence(checked.text, checked.support, _ANOTHER))
                    continue
                if _told_of(checked, statements):
                    continue
                statements += [self._phrased(checked, draft.trail), *led_to(checked, self.case.hits)]
                if streams:
                    self._show_where_sure(statements)
        except ModelError:
            # What was shown stays: it is verified. The slot notes what is wrong with it.
            if not self.shown:
                raise
        return Weighed(draft.mode, tuple(statements), self.case.confidence(statements))

    def _show_where_sure(self, statements: Sequence[Statement]) -> None:
        """Show what of a draft waits, once all that is written so far is sure enough; from then on each at once."""
        if self.shown or self.case.confidence(statements).probability >= self.min_confidence:
            for statement in statements[len(self.shown) :]:
                self.show(statement)

    def _phrased(self, statement: Statement, trail: Trail | None) -> Statement:
        """Return a statement with the words that answer: the cell that a trail leads to, else what a reader found.

        Of a list all items answer.
        """
        if statement.item:
            return statement
        if trail is None:
            question, hits = self.case.evidence.query.text, self.case.hits
            of_row = phrased_row(question, statement, hits, self.case.highlighter)
            return of_row or phrased(statement, hits, self._found)
        return replace(statement, phrase=next((row.answer for row in trail.rows if row.text == statement.text), None))

    def _gives(self, statement: Statement) -> bool:
        """Tell whether a statement rests on a sentence that may be quoted for the question."""
        if not self._wanted:
            return True
        chunks = {hit.passage.chunk.id: hit for hit in self.case.hits}
        cited = [(chunks[c.chunk_id], c) for c in statement.citations if c.chunk_id in chunks]
        return any(
            self._wanted.kept(hit, [Span(c.start - hit.passage.chunk.start, c.end - hit.passage.chunk.start)])
            for hit, c in cited
        )

    def read_others(self, drafts: Sequence[Draft]) -> list[Weighed]:
        """Return what of other drafts is verified; one that breaks off is left out."""
        self._read_alone(drafts)
        read = []
        for draft in drafts:
            with suppress(ModelError):
                read.append(self.read(draft, streams=False))
        return read

    def _read_alone(self, drafts: Sequence[Draft]) -> None:
        """Let the reader read every quote of some drafts by itself at once; it keeps what their confidence asks for."""
        hits = {hit.passage.chunk.id: hit for hit in self.case.hits}
        ready = (draft.sentences for draft in drafts if isinstance(draft.sentences, tuple))
        quotes = (each for sentences in ready for each in sentences if isinstance(each, Quote))
        texts = (alone(hits[id_], quote.text) for quote in quotes for id_ in quote.chunk_ids if id_ in hits)
        if several := list(dict.fromkeys(texts)):
            self.case.highlighter.find(self.case.evidence.query.text, several)


def _told_of(statement: Statement, told: Sequence[Statement]) -> bool:
    """Tell whether what a statement rests on is told of as an item of a list."""
    items = [(c.document_id, c.start, c.end) for each in told if each.item for c in each.citations]
    return all(
        any(c.document_id == d and a <= c.start and c.end <= b for d, a, b in items) for c in statement.citations
    )


@dataclass(frozen=True, slots=True)
class _Covering:
    """How much of a question an answer covers.

    Args:
        parts: What the question asks for, where that is several things.
        opened: Those that the answer does not cover; never all.
        confidence: Of the answer; where the whole is too weak for one and a part is not, that of the weakest such part.
    """

    parts: tuple[Part, ...]
    opened: tuple[Part, ...]
    confidence: Confidence

    @classmethod
    def of(cls, case: Case, chosen: Weighed, min_confidence: float) -> _Covering:
        """Return what an answer covers, each part judged as if it had been asked alone."""
        parts = parts_of(case.evidence.query)
        alone = [case.alone(part).confidence(chosen.statements) for part in parts]
        enough = {
            part.text: each for part, each in zip(parts, alone, strict=True) if each.probability >= min_confidence
        }
        opened = left_open(parts, chosen.statements, weight=case.weight, is_answer=lambda part: part.text in enough)
        if len(opened) == len(parts):
            # That no part is covered shows, where the whole is sure enough, that they cannot be told apart here.
            return cls(parts, (), chosen.confidence)
        weak = chosen.confidence.probability < min_confidence
        covered = [enough[part.text] for part in parts if part not in opened]
        weakest = min(covered, key=lambda each: each.probability, default=chosen.confidence)
        return cls(parts, opened, weakest if weak else chosen.confidence)


def _shown(reading: _Reading, chosen: Weighed, answers: Sequence[Weighed], covering: _Covering) -> Verdict:
    """Return the verdict of an answer that is shown, after showing what of it is not yet."""
    parts, opened = covering.parts, covering.opened
    if not reading.shown:
        for statement in chosen.statements:
            if opened and beside_the_point(statement, parts, opened):
                reading.cut.append(CutSentence(statement.text, statement.support, _BESIDE))
            else:
                reading.show(statement)
    candidates = tuple(
        replace(each, statements=tuple(numbered(s, reading.numbers) for s in each.statements))
        for each in others(chosen, answers)
    )
    return Verdict(
        "partial" if opened else "answered",
        None,
        chosen.mode,
        tuple(reading.shown),
        tuple(reading.cut),
        covering.confidence,
        missing=tuple(part.text for part in opened),
        candidates=candidates,
    )


def _chosen(answers: Sequence[Weighed], draft: Draft, min_confidence: float) -> Weighed:
    """Return the best answer.

    A generated one gives way to the documents' own words only where it is too weak. The rows of a whole way through
    tables are one, and so is a list that is told as a whole: sentences that look more like the question do not stand
    against it.
    """
    told = answers[0].statements
    trails = draft.trail is not None and len(told) == len({row.text for row in draft.trail.rows})
    if (trails or is_list(told)) and answers[0].confidence.probability >= min_confidence:
        return answers[0]
    with_words = [each for each in answers if each.statements] or list(answers)
    alike = [each for each in with_words if each.mode == draft.mode]
    chosen = alike[best(alike)] if alike else None
    if chosen is None or chosen.confidence.probability < min_confidence:
        chosen = with_words[best(with_words)]
    return chosen


def _held_back(answer: Weighed, why: str = _TOO_WEAK) -> list[CutSentence]:
    return [CutSentence(statement.text, statement.support, why) for statement in answer.statements]


def _rivals(draft: Draft) -> bool:
    return any(other.mode == draft.mode for other in draft.others)


def _unknown(evidence: Evidence) -> tuple[str, ...]:
    """Return the codes of the question where the passages hold none of them, else the names that a list lacks."""
    # Where somebody sits ("on A3") need not be in the documents.
    places = {match[1] for match in _AT_A_PLACE.finditer(evidence.query.text)}
    codes = tuple(code for code in evidence.query.codes if code not in places) if evidence.hits else ()
    if codes:
        # "CO2" may be written with a sign of its own.
        read = unicodedata.normalize("NFKC", "\n".join(hit.passage.chunk.embedded_text for hit in evidence.hits))
        if not any(lexis.holds(read, code) for code in codes):
            return codes
    return unlisted(evidence.query.text, evidence.hits)


def _refusal(
    draft: Draft,
    reason: RefusalReason | None,
    cut: tuple[CutSentence, ...],
    confidence: Confidence,
    offered: tuple[str, ...] = (),
    missing: tuple[str, ...] = (),
) -> Verdict:
    """Return a refusal; where no reason is given, what the question can be read as decides."""
    # A heading rather than a question: what the documents have under it says more than that they are unclear.
    why: RefusalReason = reason or ("ambiguous_question" if offered else "weak_evidence")
    return Verdict("refused", why, draft.mode, (), cut, confidence, readings=offered, missing=missing)
