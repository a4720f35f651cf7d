"""Let through only sentences that exact spans of the evidence support, or refuse with a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag import lexis, prompts
from rag.ask.signals import signals
from rag.confidence import Calibration, estimate
from rag.protocols import Highlighter, Verifier
from rag.sentences import Span, sentence_spans
from rag.types import Citation, Confidence, CutSentence, Draft, Evidence, Hit, RefusalReason, Statement, Verdict

# Source sentences that are tried for one drafted sentence, and of how many of these pairs are made.
_CANDIDATES, _PAIRED = 6, 3


@dataclass(frozen=True, slots=True)
class _Source:
    """A sentence of the evidence."""

    hit: Hit
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.hit.passage.chunk.text[self.start : self.end]

    @property
    def context(self) -> str:
        return "\n".join((self.hit.passage.title, *self.hit.passage.chunk.headings, self.hit.passage.chunk.context))


def guard(
    draft: Draft,
    evidence: Evidence,
    verifier: Verifier,
    highlighter: Highlighter,
    *,
    rarity: Mapping[str, float],
    passages: int,
    min_support: float,
    min_confidence: float,
    calibration: Calibration,
    on_statement: Callable[[Statement], None],
) -> Verdict:
    """Verify a draft sentence by sentence.

    A sentence that stands verbatim in the evidence is cited there. Any other is attributed to the
    sentence, or pair of sentences, of the evidence that supports it best; below ``min_support`` it is
    cut. Markers that a model wrote play no part.

    Args:
        draft: Sentences that wait; may be read only once.
        evidence: The closed set of passages.
        verifier: Scores support.
        highlighter: Scores the cited sentences for the confidence.
        rarity: Weight of each term of the question.
        passages: How many of the best passages the draft may rest on.
        min_support: Support below which a sentence is cut.
        min_confidence: Confidence below which the whole is refused.
        calibration: Makes a confidence of signals.
        on_statement: Called with each statement when nothing can take it back any more.

    Returns:
        ``answered`` with at least one statement, or ``refused`` with none and a reason: ``no_evidence`` without
        passages or where none of them holds any of the codes that the question names, ``ambiguous_question`` where a
        short, general question has several choices, else ``weak_evidence``.
    """
    hits = evidence.hits[:passages]
    if not hits or _names_unknown_code(evidence):
        return _refusal(draft, "no_evidence", (), estimate(signals(evidence, (), (), highlighter, rarity), calibration))
    numbering: dict[tuple[str, int, int], int] = {}
    statements: list[Statement] = []
    cut: list[CutSentence] = []
    shown = 0
    for statement in _verify(draft.sentences, hits, verifier, min_support, numbering):
        if isinstance(statement, CutSentence):
            cut.append(statement)
            continue
        statements.append(statement)
        if draft.mode == "generated":
            confidence = estimate(signals(evidence, statements[:1], hits, highlighter, rarity), calibration)
            if confidence.probability < min_confidence:
                break
            on_statement(statement)
            shown += 1
    confidence = estimate(signals(evidence, statements, hits, highlighter, rarity), calibration)
    if not shown and (not statements or confidence.probability < min_confidence):
        # A heading rather than a question: what the documents have under it says more than that they are unclear.
        reason: RefusalReason = "ambiguous_question" if len(evidence.query.choices) > 1 else "weak_evidence"
        return _refusal(draft, reason, (*cut, *_held_back(statements)), confidence)
    for statement in statements[shown:]:
        on_statement(statement)
    return Verdict("answered", None, draft.mode, tuple(statements), tuple(cut), confidence)


def _names_unknown_code(evidence: Evidence) -> bool:
    read = "\n".join(hit.passage.chunk.embedded_text for hit in evidence.hits).casefold()
    codes = evidence.query.codes
    return bool(codes) and not any(code.casefold() in read for code in codes)


def _refusal(draft: Draft, reason: RefusalReason, cut: tuple[CutSentence, ...], confidence: Confidence) -> Verdict:
    return Verdict("refused", reason, draft.mode, (), cut, confidence)


def _held_back(statements: Sequence[Statement]) -> Iterator[CutSentence]:
    for statement in statements:
        yield CutSentence(statement.text, statement.support, "the evidence is too weak for an answer")


def _verify(
    sentences: Iterable[str],
    hits: Sequence[Hit],
    verifier: Verifier,
    min_support: float,
    numbering: dict[tuple[str, int, int], int],
) -> Iterator[Statement | CutSentence]:
    sources = [_Source(hit, *span) for hit in hits for span in sentence_spans(hit.passage.chunk.text)]
    for sentence in sentences:
        text = " ".join(sentence.split())
        if text.rstrip(".!").upper() == prompts.NO_ANSWER:
            return
        support, spans = _attribute(text, hits, sources, verifier, min_support)
        if support < min_support:
            yield CutSentence(text, support, "no passage supports it")
            continue
        citations = tuple(_cite(source, numbering) for source in spans)
        shown = (
            citations[0].quote
            if len(spans) == 1 and lexis.squeezed(citations[0].quote) == lexis.squeezed(text)
            else text
        )
        yield Statement(shown, round(support, 4), citations)


def _attribute(
    text: str, hits: Sequence[Hit], sources: Sequence[_Source], verifier: Verifier, min_support: float
) -> tuple[float, tuple[_Source, ...]]:
    """Return the support of a sentence and the fewest spans that give it."""
    verbatim = _find(text, hits)
    if verbatim is not None:
        return 1.0, (verbatim,)
    stems = lexis.stems(text)
    facts = lexis.digits(text)

    def overlap(source: _Source) -> float:
        return len(stems & lexis.stems(source.text)) + 2.0 * len(facts & lexis.digits(source.text))

    order = sorted(range(len(sources)), key=lambda i: (-overlap(sources[i]), i))[:_CANDIDATES]
    best = [sources[i] for i in order]
    groups: list[tuple[_Source, ...]] = [(source,) for source in best]
    support = _supports(text, groups, verifier)
    if max(support, default=0.0) < min_support:
        pairs = [(a, b) for n, a in enumerate(best[:_PAIRED]) for b in best[n + 1 : _PAIRED]]
        support += _supports(text, pairs, verifier)
        groups += pairs
    if not groups:
        return 0.0, ()
    top = max(range(len(groups)), key=lambda i: (support[i], -i))
    return support[top], groups[top]


def _supports(text: str, groups: Sequence[tuple[_Source, ...]], verifier: Verifier) -> list[float]:
    read = ["\n".join([group[0].context, *(source.text for source in group)]) for group in groups]
    return [float(score) for score in verifier.support([text] * len(groups), read)]


def _find(text: str, hits: Sequence[Hit]) -> _Source | None:
    """Return where a sentence stands to the letter as a whole sentence, white space aside."""
    wanted = lexis.squeezed(text)
    for hit in hits:
        spans = sentence_spans(hit.passage.chunk.text)
        for span in spans:
            if lexis.squeezed(hit.passage.chunk.text[span.start : span.end]) == wanted:
                return _Source(hit, *span)
    return None


def _cite(source: _Source, numbering: dict[tuple[str, int, int], int]) -> Citation:
    chunk = source.hit.passage.chunk
    span = Span(chunk.start + source.start, chunk.start + source.end)
    number = numbering.setdefault((chunk.document_id, *span), len(numbering) + 1)
    return Citation(
        number,
        chunk.document_id,
        source.hit.passage.title,
        chunk.version,
        chunk.id,
        chunk.page,
        chunk.headings,
        span.start,
        span.end,
        source.text,
    )
