"""Whether an answer is right, in which words, and whether its citations carry it."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from rag.evaluation.answers import is_answerable, is_right, judge, unasked
from rag.evaluation.dataset import LabelledQuery
from rag.types import Citation, Confidence, Statement, Verdict


class WordVerifier:
    """Supports a claim whose words all stand in the source."""

    def support(self, claims, sources):
        return np.array(
            [
                float(set(claim.casefold().split()) <= set(source.casefold().split()))
                for claim, source in zip(claims, sources, strict=True)
            ]
        )


def cited(quote, document="d1"):
    return Citation(1, document, "T", "v", f"{document}@v:0-9", None, (), 0, len(quote), quote)


def answered(*statements, probability=0.8, outcome="answered", reason=None):
    verdict = Verdict(outcome, reason, "quoted", statements, (), Confidence(probability, "high", {"rerank": 0.7}))
    return SimpleNamespace(verdict=verdict, timings_ms={"total": 5.0})


def judged(answer, *, answers=("24 months",), relevant=None, answerable=None, text="How long?", bar=0.5):
    metadata = {"answers": list(answers)} | ({} if answerable is None else {"answerable": answerable})
    query = LabelledQuery("q", text, relevant or {}, "", metadata)
    return judge(answer, query, WordVerifier(), name_of={"d1": "gold", "d2": "other"}, bar=bar, min_support=0.5)


SENTENCE = Statement("It lasts 24 months.", 1.0, (cited("It lasts 24 months."),))


def test_an_accepted_answer_in_a_statement_is_right():
    found = judged(answered(SENTENCE))
    assert (found.right, found.shown, found.exact_match) == (True, True, 0.0)
    assert found.f1 == pytest.approx(2 * 2 / (4 + 2))


def test_a_part_of_a_word_is_not_the_answer():
    assert not judged(answered(SENTENCE), answers=("4 months",)).right
    assert not judged(answered(SENTENCE), answers=("lasts months",)).right


def test_the_phrase_of_a_statement_may_match_exactly():
    phrase = Statement(SENTENCE.text, 1.0, SENTENCE.citations, (9, 18))
    assert judged(answered(phrase)).exact_match == 1.0


def test_a_refusal_scores_nothing_and_a_set_without_references_says_nothing():
    refused = answered(outcome="refused", reason="weak_evidence", probability=0.1)
    found = judged(refused)
    assert (found.exact_match, found.f1, found.shown, found.reason) == (0.0, 0.0, False, "weak_evidence")
    assert judged(refused, answers=(), relevant={"gold": 1}).f1 is None


@pytest.mark.parametrize(
    ("labelled", "answers", "right"),
    [
        (True, ("24 months", "2 years"), True),
        (True, ("24 months", "3 years"), False),
        (False, ("24 months", "2 years"), False),
    ],
)
def test_a_disagreement_is_answered_by_all_of_its_sides(labelled, answers, right):
    verdict = answered(outcome="refused", reason="conflicting_evidence")
    other = Statement("It lasts 2 years.", 1.0, (cited("It lasts 2 years.", "d2"),))
    verdict.verdict = replace(verdict.verdict, sides=(SENTENCE, other))
    query = LabelledQuery("q", "How long?", {}, "", {"answers": list(answers), "conflict": labelled})
    found = judge(verdict, query, WordVerifier(), name_of={}, bar=0.5, min_support=0.5)
    assert (found.right, found.shown) == (right, labelled)


def test_a_disagreement_without_references_must_cite_a_relevant_document():
    verdict = answered(outcome="refused", reason="conflicting_evidence")
    verdict.verdict = replace(verdict.verdict, sides=(SENTENCE, SENTENCE))
    for relevant, right in (({"gold": 1}, True), ({"third": 1}, False)):
        query = LabelledQuery("q", "How long?", relevant, "", {"conflict": True})
        found = judge(verdict, query, WordVerifier(), name_of={"d1": "gold"}, bar=0.5, min_support=0.5)
        assert found.right is right


def test_below_the_bar_an_answer_counts_as_refused_and_may_still_be_right():
    found = judged(answered(SENTENCE, probability=0.4))
    assert (found.outcome, found.reason, found.shown, found.right) == ("refused", "weak_evidence", False, True)


def test_an_answer_to_a_question_that_has_none_is_wrong():
    found = judged(answered(SENTENCE), answers=(), answerable=False)
    assert (found.answerable, found.shown, found.right) == (False, True, False)


def test_without_references_a_relevant_document_must_be_cited():
    assert judged(answered(SENTENCE), answers=(), relevant={"gold": 1}).right
    assert not judged(answered(SENTENCE), answers=(), relevant={"third": 1}).right


@pytest.mark.parametrize(
    ("items", "right"),
    [
        ([["24 months"], ["Free Repair", "repair"]], True),
        ([["two years", "24 months"], ["new part"]], False),
        ([["24 months Repair"]], False),
        ([["4 months"]], False),
        ([], True),
    ],
)
def test_a_list_is_right_where_each_of_its_items_stands_in_a_statement(items, right):
    repair = Statement("A repair is free.", 1.0, (cited("A repair is free."),))
    query = LabelledQuery("q", "What is covered?", {"gold": 1}, "", {"answers": ["24 months"], "items": items})
    answer = answered(SENTENCE, repair)
    found = judge(answer, query, WordVerifier(), name_of={"d1": "gold"}, bar=0.5, min_support=0.5)
    assert (found.right, found.f1) == (right, pytest.approx(2 * 2 / (4 + 2)))


def test_a_list_that_is_not_given_is_not_right():
    query = LabelledQuery("q", "What is covered?", {}, "", {"items": [["24 months"]]})
    refused = answered(SENTENCE, outcome="refused", reason="weak_evidence")
    found = judge(refused, query, WordVerifier(), name_of={}, bar=0.5, min_support=0.5)
    assert (found.answerable, found.right, found.exact_match) == (True, False, None)


LONG = "Rammed earth and stones were used first. Later emperors ordered bricks from many kilns."


@pytest.mark.parametrize(
    ("said", "gold", "right"),
    [
        ("Later emperors ordered bricks from many kilns.", True, True),
        ("Later emperors ordered bricks from many kilns.", False, False),
        ("Nobody knows where any of it came from.", True, False),
        ("What was used in the wall?", True, False),
    ],
)
def test_a_sentence_of_a_long_reference_is_right_when_it_comes_from_a_relevant_document(said, gold, right):
    assert is_right("What was used in the wall?", [said], [LONG], cites_gold=gold) is right


def test_what_is_quoted_is_carried_by_its_citation():
    scores = judged(answered(SENTENCE), relevant={"gold": 1}).citations
    assert (scores.recall, scores.precision, scores.gold_recall, scores.gold_precision) == (1.0, 1.0, 1.0, 1.0)


def test_two_citations_that_are_both_needed_are_precise():
    both = Statement("it lasts 24 months", 0.9, (cited("it lasts"), cited("24 months", "d2")))
    scores = judged(answered(both), relevant={"gold": 1}).citations
    assert (scores.recall, scores.precision, scores.per_statement) == (1.0, 1.0, 2.0)
    assert (scores.gold_recall, scores.gold_precision) == (1.0, 0.5)


def test_a_citation_that_nothing_needs_costs_precision():
    idle = Statement("it lasts 24 months", 0.9, (cited("it lasts 24 months ."), cited("boil the water")))
    scores = judged(answered(idle)).citations
    assert (scores.recall, scores.precision) == (1.0, 0.5)


def test_a_statement_that_its_citations_do_not_carry_has_neither():
    wrong = Statement("it lasts 36 months", 0.9, (cited("it lasts 24 months"),))
    scores = judged(answered(wrong)).citations
    assert (scores.recall, scores.precision, scores.gold_recall) == (0.0, 0.0, None)


@pytest.mark.parametrize(
    ("metadata", "relevant", "answerable"),
    [
        ({"answerable": False}, {"d": 1}, False),
        ({"answers": ["x"]}, {}, True),
        ({"items": [["x"]]}, {}, True),
        ({}, {"d": 1}, True),
        ({}, {}, False),
    ],
)
def test_a_question_is_answerable_as_it_says_else_by_its_labels(metadata, relevant, answerable):
    assert is_answerable(LabelledQuery("q", "?", relevant, "", metadata)) is answerable


def test_what_could_not_be_asked_is_a_refusal_without_confidence():
    found = unasked(LabelledQuery("q", "?", {}, "", {"answers": ["x"]}), "empty", 1.0)
    assert (found.shown, found.probability, found.f1, found.right) == (False, 0.0, 0.0, False)
