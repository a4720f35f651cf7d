"""What can be read off evidence and statements about how likely they are right: numbers with names, each in 0..1.

`rag.confidence` makes a probability of them. A signal of a model that is not there (a reader's chance) is left out and
says nothing, so that a calibration fitted with it can be used without.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from rag import lexis
from rag.ask.question.contacts import contact_of
from rag.ask.quoting.bands import Banded
from rag.ask.quoting.choice import Sentence, alone, as_one, question_above
from rag.ask.quoting.closeness import closeness
from rag.ask.quoting.whole import called, is_list
from rag.confidence import LISTED, OF_LISTS
from rag.dates import MONTHS
from rag.measures import measured_alike
from rag.protocols import Highlighter
from rag.sentences import Span, sentence_spans
from rag.types import Citation, Evidence, Hit, Query, Statement

SIGNALS: Mapping[str, str] = {
    "cosine": "How near in meaning the nearest passage is",
    "cosine_margin": "How far the nearest passage is ahead of the next in meaning",
    "rerank": "How well the best passage fits on close reading",
    "rerank_margin": "How far the best passage is ahead of the next on close reading",
    "answers": "The reader's chance that a cited passage answers",
    "alone": "The reader's chance that a cited sentence answers by itself",
    "chosen": "The chance of the cited sentences among all that could be quoted",
    "phrase": "The reader's chance of the words that answer",
    "met": "Whether the cited passages meet every word of the question (1), or lack some",
    "answers_margin": "How far the passage that answers best is ahead of the next",
    "statement": "How well the best cited sentence fits the question",
    "called": "How well a list that is told as a whole is called as the question says",
    "focus": "Whether one sentence answers (1), or several share it",
    "support_min": "How well the sources support the weakest sentence",
    "support_mean": "How well the sources support the sentences on average",
    "agreement": "How many other documents hold the same words of the answer (3 or more: 1)",
    "coverage": "Share of the question's words in the answer and its headings, rare ones counting more",
    "passage_coverage": "Share of the question's words in one of the best passages",
    "rarest": "Share of the question's three rarest words in the cited sentences and headings",
    "missing": "Weight of the rarest word of the question that no cited passage holds",
    "presumed": "Share of the question's names and numbers in the cited sentences and headings",
    "codes": "Share of the question's codes in the best passages",
    "kind": "Whether the cited sentences hold what is asked for: a number, a date, a name",
    "trail": "Share of the question's words that a way through tables to the answer accounts for (0: there is none)",
    "rank": "How far up the cited passage stands (1 for the first)",
    "both": "Whether words and meaning both found a cited passage",
    "direct": "How near to the question the graph saw the cited passage (1: found without it)",
    "standing": "Whether the cited documents are in force (1), or not any more",
    "single": "Whether the question is about one thing",
    "length": "How many words of meaning the question has (12 or more: 1)",
}
"""Every signal in words, for people."""


def signal_in_words(name: str) -> str:
    """Return what a signal says, for people, by the name of `rag.confidence.as_weighed`."""
    if name == LISTED:
        return "Whether a list is told as a whole (1), or sentences"
    words = SIGNALS.get(name.removeprefix(OF_LISTS), name.replace("_", " "))
    return f"Of a list: {words[0].lower()}{words[1:]}" if name.startswith(OF_LISTS) else words


# What is said of a few sentences that share an answer says nothing of a list.
_OF_SENTENCES = frozenset(("chosen", "focus", "phrase"))
_N_RAREST = 3
_MANY_DOCUMENTS = 3
_MANY_TERMS = 12
# Share of the answer's own words that another document must hold to say the same.
_SAME_WORDS = 0.6
_ASKS_NUMBER = re.compile(
    r"\b(how (many|much|long|old|often|far|large|big|tall|high)|what (number|percentage|share))\b"
)
_ASKS_DATE = re.compile(r"\b(when|what (year|date|day|month|century|time)|which (year|date|day|month))\b")
_ASKS_NAME = re.compile(r"\b(who|whom|whose|which (person|team|company|country|city)|what (person|team|company))\b")
_MONTH = re.compile(rf"\b({'|'.join(MONTHS)})\b")


def signals(
    evidence: Evidence,
    statements: Sequence[Statement],
    hits: Sequence[Hit],
    highlighter: Highlighter,
    rarity: Mapping[str, float],
    quotable: Sequence[Sentence],
) -> dict[str, float]:
    """Return how well evidence and statements fit the question, by the names of `SIGNALS`.

    Args:
        evidence: All passages, with the query.
        statements: What would be shown.
        hits: The passages that the statements may rest on, best first.
        highlighter: Scores the cited sentences.
        rarity: Weight of each term of the question.
        quotable: What could be quoted of the passages, see `rag.ask.quoting.quotable`.
    """
    query, banded = evidence.query, Banded(evidence.query.text)
    cited = [citation for statement in statements for citation in statement.citations]
    chunks = {citation.chunk_id for citation in cited}
    base = [hit for hit in hits if hit.passage.chunk.id in chunks]
    headings = " ".join(dict.fromkeys(" ".join((citation.title, *citation.headings)) for citation in cited))
    headings = " ".join((headings, *_questions(cited, base)))
    told = _in_its_words(query.text, banded, " ".join((headings, *dict.fromkeys(citation.quote for citation in cited))))
    answer = _in_its_words(query.text, banded, " ".join((headings, *(statement.text for statement in statements))))
    supports = [statement.support for statement in statements] or [0.0]
    found = {
        **_scores(hits, base),
        "statement": _closeness(query.text, cited, hits, highlighter),
        **_alone(query.text, statements, base, highlighter),
        "chosen": _chosen(cited, quotable),
        "focus": 1 / len(statements) if statements else 0.0,
        "support_min": min(supports),
        "support_mean": sum(supports) / len(supports),
        "agreement": _agreement(query, statements, base, hits),
        "coverage": lexis.covered(rarity, answer),
        **_met(query, banded, rarity, told, base, hits[:3]),
        "kind": _kind(query.text, told),
        "trail": (trail := _trail(evidence, statements)),
        **_ways(base, hits, trail),
        "single": float(query.shape == "single"),
        "length": min(len(query.terms) / _MANY_TERMS, 1.0),
    }
    if is_list(statements):
        found = {name: value for name, value in found.items() if name not in _OF_SENTENCES}
        found["called"] = called(query.text, statements, hits, highlighter)
    return found


def _questions(cited: Sequence[Citation], base: Sequence[Hit]) -> list[str]:
    """Return the questions of the documents that cited sentences answer there: they are shown with them."""
    chunks = {hit.passage.chunk.id: hit.passage.chunk for hit in base}
    read = ((chunks[c.chunk_id], c.start) for c in cited if c.chunk_id in chunks)
    return list(dict.fromkeys(question_above(chunk.text, start - chunk.start) for chunk, start in read))


def _scores(hits: Sequence[Hit], base: Sequence[Hit]) -> dict[str, float]:
    """Return the scores of the best passage and its lead; 0 without passages, none of what was not read."""
    cosine, next_cosine = _two_best(hits, "cosine")
    scores = {"cosine": cosine, "cosine_margin": cosine - next_cosine}
    # A single passage needs no order, so nobody read it closely: that says nothing against it.
    if not hits or any("rerank" in hit.features for hit in hits):
        rerank, next_rerank = _two_best(hits, "rerank")
        scores |= {"rerank": rerank, "rerank_margin": rerank - next_rerank}
    if any("answers" in hit.features for hit in hits):
        answers, next_answers = _two_best(hits, "answers")
        cited = max((hit.features.get("answers", 0.0) for hit in base), default=0.0)
        best = {name: max((hit.features.get(name, 0.0) for hit in base), default=0.0) for name in ("met", "phrase")}
        scores |= {"answers": cited, "answers_margin": answers - next_answers, **best}
    return scores


def _two_best(hits: Sequence[Hit], feature: str) -> tuple[float, float]:
    first, second, *_ = (*sorted((hit.features.get(feature, 0.0) for hit in hits), reverse=True), 0.0, 0.0)
    return first, second


def _met(
    query: Query, banded: Banded, rarity: Mapping[str, float], told: str, base: Sequence[Hit], best: Sequence[Hit]
) -> dict[str, float]:
    """Return how much of the question stands in what is cited; a name or number that does not may be presumed."""
    rarest = dict(sorted(rarity.items(), key=lambda each: (-each[1], each[0]))[:_N_RAREST])
    held = lexis.stems(_in_its_words(query.text, banded, " ".join(hit.passage.chunk.embedded_text for hit in base)))
    lacking = [weight for term, weight in rarity.items() if lexis.stem(term) not in held]
    read = [_in_its_words(query.text, banded, hit.passage.chunk.embedded_text) for hit in best]
    near = " ".join(read).casefold()
    return {
        "passage_coverage": max((lexis.covered(rarity, text) for text in read), default=0.0),
        "rarest": lexis.covered(rarest, told),
        "missing": max(lacking, default=0.0) / max(rarity.values()) if any(rarity.values()) else 0.0,
        "presumed": _presumed(query.text, told),
        "codes": sum(code.casefold() in near for code in query.codes) / len(query.codes) if query.codes else 1.0,
    }


def _in_its_words(question: str, banded: Banded, text: str) -> str:
    """Return a text with those words of a question behind it that it says otherwise: a measure, a number in a band."""
    return " ".join(filter(None, (measured_alike(question, text), banded.met_in(text))))


def _presumed(question: str, told: str) -> float:
    """Return the share of the question's names and numbers that a text holds; 1 where it has none."""
    stems, numbers = lexis.stems(told), lexis.digits(told)
    wanted = [bool(lexis.stems(name) <= stems) for name in lexis.names(question)]
    wanted += [number in numbers for number in lexis.digits(question)]
    return sum(wanted) / len(wanted) if wanted else 1.0


def _kind(question: str, told: str) -> float:
    """Return 1 where a text holds what is asked for beyond the question's own, 0 where it does not, ½ where untold."""
    asked, contact = question.casefold(), contact_of(question)
    if contact:
        return float(contact.told_in(told))
    if _ASKS_DATE.search(asked):
        return float(bool(lexis.digits(told) - lexis.digits(question)) or bool(_MONTH.search(told.casefold())))
    if _ASKS_NUMBER.search(asked):
        return float(bool(lexis.digits(told) - lexis.digits(question)))
    if _ASKS_NAME.search(asked):
        return float(any(not lexis.stems(name) <= lexis.stems(question) for name in lexis.names(told)))
    return 0.5


def _trail(evidence: Evidence, statements: Sequence[Statement]) -> float:
    """Return what the trail of the evidence accounts for, where it is what the statements say."""
    rows = {row.text for row in evidence.trail.rows} if evidence.trail else set()
    return evidence.trail.share if evidence.trail and rows == {each.text for each in statements} else 0.0


def _agreement(query: Query, statements: Sequence[Statement], base: Sequence[Hit], hits: Sequence[Hit]) -> float:
    """Return how many documents beside the cited ones hold the answer's own words, as a share of three."""
    words = [each.text if each.phrase is None else each.text[slice(*each.phrase)] for each in statements]
    own = lexis.stems(" ".join(words)) - lexis.stems(query.text)
    if not own:
        return 0.0
    cited = {hit.passage.chunk.document_id for hit in base}
    agreeing = {
        chunk.document_id
        for chunk in (hit.passage.chunk for hit in hits)
        if chunk.document_id not in cited and len(own & lexis.stems(chunk.text)) >= _SAME_WORDS * len(own)
    }
    return min(len(agreeing | cited) - 1, _MANY_DOCUMENTS) / _MANY_DOCUMENTS


def _ways(base: Sequence[Hit], hits: Sequence[Hit], trail: float) -> dict[str, float]:
    """Return how the cited passages were found, and whether their documents are in force.

    Of rows that a way through tables led to, the place says nothing: a table is about too much to stand far up.
    """
    cited = {hit.passage.chunk.id for hit in base}
    places = [place for place, hit in enumerate(hits, 1) if hit.passage.chunk.id in cited]
    return {
        "rank": max(1 / places[0] if places else 0.0, trail),
        "both": float(any({"dense", "lexical"} <= set(hit.origin) for hit in base)),
        "direct": max((_nearness(hit) for hit in base), default=0.0),
        "standing": min((hit.features.get("in_force", 1.0) for hit in base), default=1.0),
    }


def _nearness(hit: Hit) -> float:
    """Return 1 for a passage that a search found, else 1 by the steps of the way through the graph."""
    return 1.0 if {"dense", "lexical"} & set(hit.origin) else 1 / max(len(hit.path), 1)


def _alone(
    question: str, statements: Sequence[Statement], base: Sequence[Hit], highlighter: Highlighter
) -> dict[str, float]:
    """Return the best chance that a cited sentence answers, read by itself below its title; nothing without a reader.

    What stands around a sentence makes a reader see an answer in it that is none: of people's questions it tells those
    that cannot be answered better without (docs/decisions/0023). A list that is told as a whole is read as one.
    """
    by_id = {hit.passage.chunk.id: hit for hit in base}
    cited = [c for each in statements if not each.item for c in each.citations if c.chunk_id in by_id]
    texts = dict.fromkeys(alone(by_id[c.chunk_id], c.quote) for c in cited)
    items = [c for each in statements if each.item for c in each.citations if c.chunk_id in by_id]
    for chunk_id in dict.fromkeys(c.chunk_id for c in items):
        start = by_id[chunk_id].passage.chunk.start
        spans = [Span(c.start - start, c.end - start) for c in items if c.chunk_id == chunk_id]
        texts |= dict.fromkeys(as_one(by_id[chunk_id], spans))
    found = [each.answers for each in highlighter.find(question, list(texts)) if each is not None]
    return {"alone": max(found)} if found else {}


def _chosen(cited: Sequence[Citation], scored: Sequence[Sentence]) -> float:
    """Return the chance that the choice of sentences gives to those that are cited; 0 where none of them could be."""
    if not scored:
        return 0.0
    odds = np.exp(np.array([each.score for each in scored]) - max(each.score for each in scored))
    quoted = {c.quote[slice(*span)] for c in cited for span in sentence_spans(c.quote)} | {c.quote for c in cited}
    return float(odds[[each.text in quoted for each in scored]].sum() / odds.sum())


def _closeness(question: str, cited: Sequence[Citation], hits: Sequence[Hit], highlighter: Highlighter) -> float:
    """Return the best score of a cited sentence for the question."""
    if not cited:
        return 0.0
    chunks = [hit.passage.chunk for hit in hits]
    spans = [
        [Span(c.start - chunk.start, c.end - chunk.start) for c in cited if c.chunk_id == chunk.id] for chunk in chunks
    ]
    return max(float(score) for scored in closeness(question, hits, spans, highlighter) for score in scored)
