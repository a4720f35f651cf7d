"""The questions before raise the documents that they were about, as far as these fit the new question."""

from dataclasses import replace

import pytest

from rag.ask.conversation.continued import continued, seated
from rag.types import Evidence, Hit


@pytest.fixture
def evidence(query_of, passage_of):
    """Return passages ``(document, place, score, cosine)`` as the search gives them."""

    def make(text, *found, kind="question"):
        hits = [
            Hit(
                passage_of(f"{document} {place}", document=document, start=place),
                score,
                ("dense",),
                {"dense": n},
                (),
                {"search": score, "cosine": cosine},
            )
            for n, (document, place, score, cosine) in enumerate(found, 1)
        ]
        return Evidence(replace(query_of(text), kind=kind), tuple(hits))

    return make


@pytest.fixture
def router(evidence):
    """Return what the search finds for what was asked before."""
    return evidence("can I return a router?", ("spoken", 0, 1.0, 0.8))


def places(evidence):
    return [(hit.passage.chunk.document_id, hit.passage.chunk.start) for hit in evidence.hits]


def test_the_passage_is_the_one_that_fits_the_question_in_the_document_that_was_spoken_of(evidence):
    asked = evidence(
        "how long does that take?", ("other", 0, 1.0, 0.6), ("spoken", 9, 0.8, 0.55), ("spoken", 0, 0.2, 0.4)
    )
    before = evidence("can I return a router?", ("spoken", 0, 1.0, 0.8), ("other", 0, 0.1, 0.3))
    kept = continued(asked, before, before, limit=50)
    assert places(kept)[0] == ("spoken", 9)
    assert kept.hits[0].features["before"] == 1.0
    assert [hit.score for hit in kept.hits] == sorted((hit.score for hit in kept.hits), reverse=True)


def test_a_change_of_topic_is_followed(evidence):
    asked = evidence("what does the Otter 2 cost?", ("new", 0, 1.0, 0.8), ("spoken", 0, 0.1, 0.3))
    before = evidence("can I return a router?", ("spoken", 0, 1.0, 0.8))
    assert places(continued(asked, before, before, limit=50))[0] == ("new", 0)


def test_a_question_stays_where_nothing_else_is_much_nearer(evidence):
    asked = evidence("can I do that online?", ("other", 0, 1.0, 0.6), ("spoken", 0, 0.3, 0.45))
    before = evidence("can I return a router?", ("spoken", 0, 1.0, 0.8), ("other", 0, 0.1, 0.3))
    kept = continued(asked, before, before, limit=50)
    assert places(kept)[0] == ("spoken", 0)
    elsewhere = evidence("can I do that online?", ("other", 0, 1.0, 0.7), ("spoken", 0, 0.3, 0.45))
    left = continued(elsewhere, before, before, limit=50)
    assert places(left)[0] == ("other", 0)
    assert kept.hits[0].features["stays"] > left.hits[0].features["stays"] > 0


def test_a_new_name_that_the_document_does_not_hold_takes_nothing_over(evidence):
    asked = evidence("and the spoken Otter?", ("other", 0, 1.0, 0.5), ("spoken", 0, 0.9, 0.5))
    before = evidence("can I return a router?", ("spoken", 0, 1.0, 0.8))
    assert continued(asked, before, before, limit=50, new=["Otter"]) == asked
    # The passages of the document read "spoken 0".
    held = continued(asked, before, before, limit=50, new=["Spoken"])
    assert places(held)[0] == ("spoken", 0)
    assert held.hits[0].features["stays"] < continued(asked, before, before, limit=50).hits[0].features["stays"]


def test_a_question_that_is_near_to_nothing_goes_on_with_what_was_spoken_of(evidence):
    asked = evidence("yes please", ("other", 0, 0.9, 0.2))
    before = evidence("can I return a router?", ("spoken", 0, 1.0, 0.8))
    assert places(continued(asked, before, before, limit=50)) == [("spoken", 0), ("other", 0)]


def test_what_only_the_questions_before_found_joins_within_the_limit(evidence):
    asked = evidence("how long?", ("a", 0, 1.0, 0.5), ("b", 0, 0.9, 0.5))
    before = evidence("can I return a router?", ("spoken", 0, 1.0, 0.8))
    kept = continued(asked, before, before, limit=9)
    assert set(places(kept)) == {("a", 0), ("b", 0), ("spoken", 0)}
    (joined,) = [hit for hit in kept.hits if hit.passage.chunk.document_id == "spoken"]
    # How near it comes to the questions before says nothing of the new one.
    assert "cosine" not in joined.features
    assert len(continued(asked, before, before, limit=2).hits) == 2


def test_a_code_is_looked_up_as_if_nothing_had_been_asked_before(evidence):
    asked = evidence("HX-2104", ("a", 0, 0.4, 0.5), kind="exact")
    before = evidence("can I return a router?", ("spoken", 0, 1.0, 0.8))
    assert continued(asked, before, before, limit=50) == asked


def test_where_the_questions_before_find_nothing_the_evidence_stays(evidence):
    asked = evidence("how long?", ("a", 0, 0.4, 0.5))
    nothing = evidence("yes")
    assert continued(asked, nothing, nothing, limit=50) == asked


def test_documents_that_fit_the_whole_conversation_are_noted_with_their_passages(evidence, router):
    asked = evidence("and by post?", ("a", 0, 1.0, 0.6), ("b", 3, 0.9, 0.6))
    joined = evidence("can I return a router? and by post?", ("c", 7, 1.0, 0.7), ("b", 0, 0.9, 0.7), ("a", 0, 0.1, 0.3))
    kept = continued(asked, router, joined, limit=50)
    seats = {place: hit.features.get("seat") for place, hit in zip(places(kept), kept.hits, strict=True)}
    assert seats == {("a", 0): None, ("b", 3): 2.0, ("b", 0): 2.0, ("c", 7): 1.0, ("spoken", 0): None}


@pytest.fixture
def ranked(evidence):
    """Return evidence as the reranker leaves it, with the places of some documents in the joined search."""

    def make(stays, seats, documents="abcdefghij"):
        found = evidence("and by post?", *((document, 0, 1 / n, 0.5) for n, document in enumerate(documents, 1)))
        hits = []
        for hit in found.hits:
            seat = seats.get(hit.passage.chunk.document_id)
            features = {**hit.features, "stays": stays} | ({} if seat is None else {"seat": seat})
            hits.append(replace(hit, features=features))
        return replace(found, hits=tuple(hits))

    return make


def order(evidence):
    return "".join(hit.passage.chunk.document_id for hit in evidence.hits)


@pytest.mark.parametrize(
    ("stays", "seats", "limit", "seen"),
    [
        (0.65, {"j": 1.0, "h": 2.0}, 8, "abcjhdefgi"),
        (0.35, {"j": 1.0, "h": 2.0}, 8, "abcdefjhgi"),
        (0.65, {"b": 1.0, "h": 2.0}, 8, "abcdhefgij"),
        (0.65, {"j": 1.0, "h": 2.0}, 3, "ajhbcdefgi"),
        (0.65, {"j": 1.0, "h": 2.0}, 1, "ajhbcdefgi"),
        (0.65, {}, 8, "abcdefghij"),
    ],
    ids=["goes on", "stands alone", "one is there", "few are read", "one is read", "nothing before"],
)
def test_a_document_that_fits_the_whole_conversation_is_read_and_the_best_keep_their_places(
    ranked, stays, seats, limit, seen
):
    found = ranked(stays, seats)
    kept = seated(found, limit=limit)
    assert order(kept) == seen
    assert [hit.score for hit in kept.hits] == [hit.score for hit in found.hits]


def test_only_the_best_passage_of_a_document_takes_its_seat(ranked):
    assert order(seated(ranked(0.65, {"g": 1.0}, "abcdegfgg"), limit=8)) == "abcgdefgg"


def test_without_passages_no_one_is_seated(ranked):
    assert seated(ranked(0.65, {}, ""), limit=8).hits == ()
