"""Judge one answer against the labels of its question: is it right, in which words, and do its citations carry it?

The definitions stand in docs/evaluation.md. "Right" and the words are judged on what would be shown if there were no
bar; the bar only decides what counts as refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rag import lexis
from rag.evaluation.dataset import LabelledQuery
from rag.evaluation.records import AnswerRecord, CitationScores, StatementRecord
from rag.evaluation.squad import exact_match, f1, normalized, token_f1
from rag.protocols import Verifier
from rag.types import Answer, Statement

# A statement from a gold passage says what a long reference says where they share half of their tokens, or where
# three quarters of its own tokens, at least four beyond the question's, stand in the reference: one of its sentences.
SAME, PART, MIN_NEW = 0.5, 0.75, 4


class _Words(NamedTuple):
    """What an answer is compared by: the whole, its statements, and the phrases in them."""

    shown: tuple[str, ...]
    phrases: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return (" ".join(self.shown), *self.shown, *self.phrases)


def is_answerable(query: LabelledQuery) -> bool:
    """Return whether the documents answer a question: as it says itself, else where it has answers or documents."""
    said = query.metadata.get("answerable")
    return bool(said) if said is not None else query.has_words or bool(query.relevant)


def judge(
    answer: Answer,
    query: LabelledQuery,
    verifier: Verifier,
    *,
    name_of: Mapping[str, str],
    bar: float,
    min_support: float,
) -> AnswerRecord:
    """Return an answer with what the labels say of it.

    Args:
        answer: Made with no bar.
        query: The question with its labels.
        verifier: Judges the citations.
        name_of: Id in the set of each catalog document.
        bar: Confidence below which the answer counts as refused.
        min_support: Support from which a source carries a statement.
    """
    verdict, confidence = answer.verdict, answer.verdict.confidence
    # Where documents disagree by their labels too, showing the sides is the answer, and all of them are asked for.
    disagrees = bool(query.metadata.get("conflict")) and verdict.reason == "conflicting_evidence"
    statements = verdict.sides if disagrees else verdict.statements
    references = [str(text) for text in query.metadata.get("answers") or ()]
    items = query.metadata.get("items") or ()
    words = _Words(
        tuple(statement.text for statement in statements),
        tuple(each.text[slice(*each.phrase)] for each in statements if each.phrase is not None),
    )
    documents = [[name_of.get(c.document_id, "") for c in statement.citations] for statement in statements]
    cites_gold = any(name in query.relevant for names in documents for name in names)
    answerable = is_answerable(query)
    answered = bool(statements) and (disagrees or verdict.outcome in {"answered", "partial"})
    wanted = [[reference] for reference in references] if disagrees and references else [references]
    shown = answered and confidence.probability >= bar
    scored = answerable and bool(references)
    return AnswerRecord(
        outcome=verdict.outcome if shown or not answered else "refused",
        reason=verdict.reason if shown or not answered else "weak_evidence",
        shown=shown,
        answerable=answerable,
        right=answerable
        and answered
        and (
            _lists_all(words.shown, items)
            if items
            else all(is_right(query.text, words.shown, each, cites_gold=cites_gold) for each in wanted)
        ),
        exact_match=_exact(words, references) if scored and shown else 0.0 if scored else None,
        f1=_best_f1(words, references) if scored and shown else 0.0 if scored else None,
        probability=confidence.probability,
        signals=dict(confidence.signals),
        statements=tuple(
            StatementRecord(
                text=each.text,
                support=each.support,
                phrase=each.phrase,
                documents=tuple(names),
                quotes=tuple(c.quote for c in each.citations),
            )
            for each, names in zip(statements, documents, strict=True)
        ),
        citations=_citations(statements, documents, query, verifier, min_support) if answered else None,
        ask_ms=answer.timings_ms["total"],
    )


def unasked(query: LabelledQuery, reason: str, elapsed_ms: float) -> AnswerRecord:
    """Return what stands for a question that could not be asked: a refusal without any confidence."""
    scored = is_answerable(query) and bool(query.metadata.get("answers"))
    return AnswerRecord(
        outcome="refused",
        reason=reason,
        shown=False,
        answerable=is_answerable(query),
        right=False,
        exact_match=0.0 if scored else None,
        f1=0.0 if scored else None,
        probability=0.0,
        signals={},
        statements=(),
        citations=None,
        ask_ms=elapsed_ms,
    )


def is_right(question: str, shown: Sequence[str], references: Sequence[str], *, cites_gold: bool) -> bool:
    """Return whether an accepted answer stands in a statement, or a statement from a gold passage says the same.

    Where the set gives no reference, a statement from a gold passage is all that can be asked for.

    Args:
        question: Its words, which prove nothing when they are said again.
        shown: The statements.
        references: Accepted answers.
        cites_gold: Whether a statement cites a relevant document.
    """
    if not references:
        return cites_gold
    if _stands(references, [normalized(text) for text in shown]):
        return True
    return cites_gold and any(
        token_f1(text, reference) >= SAME or _is_part(text, reference, question)
        for text in (" ".join(shown), *shown)
        for reference in references
    )


def _lists_all(shown: Sequence[str], items: Sequence[Sequence[str]]) -> bool:
    """Return whether of each item of a list one accepted string stands in a statement."""
    said = [normalized(text) for text in shown]
    return all(_stands(accepted, said) for accepted in items)


def _stands(accepted: Sequence[str], said: Sequence[Sequence[str]]) -> bool:
    return any(_holds(tokens, normalized(each)) for each in accepted for tokens in said)


def _is_part(said: str, reference: str, question: str) -> bool:
    known = frozenset(normalized(question))
    new = Counter(token for token in normalized(said) if token not in known)
    same = sum((new & Counter(normalized(reference))).values())
    return new.total() >= MIN_NEW and same >= PART * new.total()


def _holds(tokens: Sequence[str], wanted: Sequence[str]) -> bool:
    n = len(wanted)
    return bool(n) and any(list(tokens[i : i + n]) == list(wanted) for i in range(len(tokens) - n + 1))


def _exact(words: _Words, references: Sequence[str]) -> float:
    return max(exact_match(text, references) for text in words.all)


def _best_f1(words: _Words, references: Sequence[str]) -> float:
    return max(f1(text, references) for text in words.all)


def _citations(
    statements: Sequence[Statement],
    documents: Sequence[Sequence[str]],
    query: LabelledQuery,
    verifier: Verifier,
    min_support: float,
) -> CitationScores:
    """Return citation recall and precision of one answer.

    Source:
        Gao et al. 2023 (ALCE), https://arxiv.org/abs/2305.14627, with sentences as sources.
    """
    carried = [_carried(statement, verifier, min_support) for statement in statements]
    n_cited = sum(len(statement.citations) for statement in statements)
    gold = [[name in query.relevant for name in names] for names in documents]
    has_gold = bool(query.relevant)
    return CitationScores(
        recall=_mean(supported for supported, _ in carried),
        precision=_mean(needed for _, each in carried for needed in each),
        gold_recall=_mean(any(each) for each in gold) if has_gold else None,
        gold_precision=_mean(is_gold for each in gold for is_gold in each) if has_gold else None,
        per_statement=n_cited / len(statements),
    )


def _carried(statement: Statement, verifier: Verifier, min_support: float) -> tuple[bool, list[bool]]:
    """Return whether the cited sentences together carry a statement, and which of them are needed for it."""
    quotes = [citation.quote for citation in statement.citations]
    if len(quotes) == 1 and lexis.squeezed(quotes[0]) == lexis.squeezed(statement.text):
        return True, [True]
    groups = list(_groups(quotes))
    heading = "\n".join(dict.fromkeys(" › ".join((c.title, *c.headings)) for c in statement.citations))
    sources = ["\n".join((heading, *group)) for group in groups]
    supports = [float(each) >= min_support for each in verifier.support([statement.text] * len(groups), sources)]
    if not supports[0]:
        return False, [False] * len(quotes)
    n = len(quotes)
    if n == 1:
        return True, [True]
    alone, without = supports[1 : n + 1], supports[n + 1 :]
    return True, [by_itself or not rest for by_itself, rest in zip(alone, without, strict=True)]


def _groups(quotes: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield all quotes, then, for several, each alone, and all without each."""
    yield quotes
    if len(quotes) > 1:
        yield from ([quote] for quote in quotes)
        yield from ([*quotes[:i], *quotes[i + 1 :]] for i in range(len(quotes)))


def _mean(values: Iterable[bool]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0
