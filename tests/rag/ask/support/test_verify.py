"""A sentence that fails is written anew once, or cut with the reason."""

from dataclasses import replace

import numpy as np
import pytest

from rag.ask.support.verify import SentenceCheck, numbered
from rag.errors import ModelError
from rag.models.agreement import AgreementVerifier
from rag.protocols import ClaimJudgement
from rag.sentences import Span
from rag.types import CutSentence, Quote, Statement, Turn

PASSAGE = "The Kestrel 4 has a warranty of 24 months. Register it within 30 days of purchase."
TRUE = "The Kestrel 4 has a warranty of 24 months."
FALSE = "The Kestrel 4 has a warranty of 36 months."


@pytest.fixture
def check(evidence_of, embedder):
    def run(*sentences, repair=None, verifier=None):
        told = []
        checks = SentenceCheck(
            evidence_of("How long?", PASSAGE).hits,
            verifier or AgreementVerifier(embedder),
            min_support=0.5,
            repair=repair,
            on_check=told.append,
        )
        return list(checks.each(sentences)), told

    return run


def test_a_sentence_that_fails_is_written_anew_from_its_sources(check):
    asked = []

    def repair(sentence, sources):
        asked.append((sentence, [text for _, text in sources]))
        return f"{TRUE} And more."

    (statement,), told = check(FALSE, repair=repair)
    assert asked == [(FALSE, [TRUE])]
    assert (statement.text, statement.repaired_from) == (TRUE, FALSE)
    assert [(each.source, each.repairing) for each in told] == [("Manual", False), ("Manual", True)]


@pytest.mark.parametrize("written", ["", "NO ANSWER.", FALSE, "The Kestrel 4 has a warranty of 99 months."])
def test_a_repair_that_helps_nothing_cuts_the_sentence(check, written):
    (cut,), _ = check(FALSE, repair=lambda *_: written)
    assert cut.reason == "“36 months” is not in the sources, and it could not be repaired"


def test_a_repair_that_fails_cuts_the_sentence_and_the_next_goes_on(check):
    def repair(*_):
        raise ModelError("It is gone.", hint="Bring it back.")

    (cut, statement), _ = check(FALSE, TRUE, repair=repair)
    assert isinstance(cut, CutSentence)
    assert statement.text == TRUE


def test_a_sentence_is_repaired_once_and_few_are(check):
    n_repairs = []
    sentences = [f"The Kestrel 4 has a warranty of {years} years." for years in range(70, 76)]
    cut, _ = check(*sentences, repair=lambda *_: n_repairs.append(1) or "")
    assert len(cut) == 6
    assert len(n_repairs) == 3


@pytest.mark.parametrize(("chosen", "cited"), [((), ["d0"]), (("d1",), ["d1"]), (("d1", "d0"), ["d0", "d1"])])
def test_a_quote_is_cited_where_it_was_chosen(evidence_of, embedder, chosen, cited):
    evidence = evidence_of("How long?", PASSAGE, PASSAGE)
    ids = {hit.passage.chunk.document_id: hit.passage.chunk.id for hit in evidence.hits}
    checks = SentenceCheck(evidence.hits, AgreementVerifier(embedder), min_support=0.5)
    (statement,) = checks.each([Quote(TRUE, tuple(ids[each] for each in chosen))])
    assert [citation.document_id for citation in statement.citations] == cited
    assert {citation.quote for citation in statement.citations} == {statement.text} == {TRUE}


def test_a_citation_names_the_page_and_the_section_that_it_stands_in(evidence_of, embedder):
    hit = evidence_of("How long?", f"Prices\n\nNothing here.\n\nWarranty\n\n{TRUE}").hits[0]
    at = hit.passage.chunk.text.index("Warranty")
    chunk = replace(hit.passage.chunk, page=3, headings=("Prices",), turns=(Turn(at, 4, ("Warranty",)),))
    hits = (replace(hit, passage=replace(hit.passage, chunk=chunk)),)
    checks = SentenceCheck(hits, AgreementVerifier(embedder), min_support=0.5)
    (statement,) = checks.each([Quote(TRUE, (chunk.id,))])
    assert [(citation.page, citation.headings) for citation in statement.citations] == [(4, ("Warranty",))]


def test_what_was_said_is_not_said_again(check):
    (first, again), _ = check(TRUE, f" {TRUE.upper()}")
    assert isinstance(first, Statement)
    assert again.reason == "it says what was said before"


def test_a_repair_does_not_repeat_what_was_said(check):
    (_, cut), _ = check(TRUE, FALSE, repair=lambda *_: TRUE)
    assert isinstance(cut, CutSentence)


def test_words_that_the_verifier_names_are_the_reason(check):
    class Names:
        def judge(self, claims, sources):
            return [ClaimJudgement(0.1, (Span(claim.index("never"), len(claim) - 1),)) for claim in claims]

    (cut,), _ = check("The warranty is never long.", verifier=Names())
    assert cut.reason == "the sources do not say “never long”"


def test_garbage_of_a_verifier_lets_only_the_letter_through(check):
    class Garbage:
        def support(self, claims, sources):
            return np.full(len(claims), np.nan)

    (statement, cut), _ = check(TRUE, "The warranty of the Kestrel 4 is 24 months.", verifier=Garbage())
    assert statement.text == TRUE
    assert cut.reason.startswith("the verifier failed")


def test_the_same_span_keeps_its_number_over_several_answers(check):
    (one, other), _ = check(TRUE, "Register it within 30 days of purchase.")
    numbers = {}
    shown = [numbered(each, numbers) for each in (other, one, replace(other, text="Again."))]
    assert [[c.n for c in each.citations] for each in shown] == [[1], [2], [1]]
