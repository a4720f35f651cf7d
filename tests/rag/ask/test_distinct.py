"""Passages that say the same do not fill the evidence; editions that differ in a number are not the same."""

from dataclasses import replace

from rag.ask.distinct import distinct

TEXT = "Hold the reset button of the router until the light turns red, then let go of it and wait for a restart."
OTHER = "The warranty covers the power supply, but not the cable."


def texts(evidence):
    return [hit.passage.chunk.text for hit in evidence.hits]


def documents(evidence):
    return [hit.passage.chunk.document_id for hit in evidence.hits]


def of_one_document(evidence):
    """The same evidence, as if all of it stood in one document."""
    hits = [
        replace(hit, passage=replace(hit.passage, chunk=replace(hit.passage.chunk, document_id="d0")))
        for hit in evidence.hits
    ]
    return replace(evidence, hits=tuple(hits))


def test_a_copy_in_another_document_follows_those_that_differ(evidence_of):
    evidence = evidence_of("How?", TEXT, TEXT, OTHER, "Nothing of the kind.")
    assert documents(distinct(evidence, first=2)) == ["d0", "d2", "d1", "d3"]


def test_a_copy_in_the_same_document_goes(evidence_of):
    kept = distinct(of_one_document(evidence_of("How?", TEXT, OTHER, TEXT)), first=5)
    assert texts(kept) == [TEXT, OTHER]


def test_copies_of_what_stands_further_down_stay_where_they_are(evidence_of):
    evidence = evidence_of("How?", OTHER, TEXT, "Nothing of the kind.", TEXT)
    assert documents(distinct(evidence, first=1)) == ["d0", "d1", "d2", "d3"]


def test_many_copies_leave_room_for_what_differs(evidence_of):
    evidence = evidence_of("How?", *[TEXT] * 6, OTHER, "Nothing of the kind.")
    assert texts(distinct(evidence, first=3))[:3] == [TEXT, OTHER, "Nothing of the kind."]


def test_a_change_of_one_word_in_many_is_the_same(evidence_of):
    evidence = evidence_of("How?", TEXT, TEXT.replace("Hold", "Press"))
    assert len(distinct(of_one_document(evidence), first=5).hits) == 1


def test_another_number_or_code_is_another_passage(evidence_of):
    old, new = f"{TEXT} It takes 10 seconds on HX-1.", f"{TEXT} It takes 12 seconds on HX-1."
    evidence = evidence_of("How?", old, new, new.replace("HX-1", "HX-2"))
    assert len(distinct(of_one_document(evidence), first=5).hits) == 3
