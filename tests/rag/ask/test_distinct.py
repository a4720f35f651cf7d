"""Passages that say the same are kept once; editions that differ in a number are not the same."""

from rag.ask.distinct import distinct

TEXT = "Hold the reset button of the router until the light turns red, then let go of it and wait for a restart."


def texts(evidence):
    return [hit.passage.chunk.text for hit in evidence.hits]


def test_the_better_one_of_two_equal_passages_stays(evidence_of):
    kept = distinct(evidence_of("How?", TEXT, "Something else.", TEXT))
    assert texts(kept) == [TEXT, "Something else."]
    assert kept.hits[0].passage.chunk.document_id == "d0"


def test_a_change_of_one_word_in_many_is_the_same(evidence_of):
    assert len(distinct(evidence_of("How?", TEXT, TEXT.replace("Hold", "Press"))).hits) == 1


def test_another_number_or_code_is_another_passage(evidence_of):
    old, new = f"{TEXT} It takes 10 seconds on HX-1.", f"{TEXT} It takes 12 seconds on HX-1."
    assert len(distinct(evidence_of("How?", old, new, new.replace("HX-1", "HX-2"))).hits) == 3
