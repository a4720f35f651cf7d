"""Claims that follow from a sentence by its logic, and such as only look so."""

from rag.training.claims.restated import restated
from rag.training.examples.shapes import Paragraph

TEXTS = (
    "The bridge was closed in May. The old deck was replaced by workers. Mara Lind painted it in the summer of 1931.",
    "The archive is kept in Porto. The lamps are tested by the night shift. Repairs of it were paid for by the town.",
    "A gate was built near the mill. The council is elected for four years. The keeper sold tickets at the door.",
)


def made(seed=3):
    return restated([Paragraph(f"a{n}", f"T{n}", text) for n, text in enumerate(TEXTS)], each=6, seed=seed)


def test_every_kind_has_claims_that_follow_and_claims_that_do_not():
    for kind in ("turned", "limit", "added"):
        assert {claim.supported for claim in made() if claim.kind == kind} == {True, False}, kind


def test_the_words_at_fault_are_those_that_turn_the_meaning():
    for claim in made():
        words = [claim.text[fault.start : fault.end] for fault in claim.faults]
        if claim.supported:
            assert words == []
        elif claim.kind == "added":
            assert claim.text.endswith(f" {words[0]}.")
            assert words[0] not in claim.source
        else:
            assert words[0] in {"before", "after", "cannot"}


def test_what_is_turned_says_the_same_the_other_way_round():
    for claim in made():
        if claim.kind == "turned" and claim.supported:
            word = "after" if " after " in claim.text else "before"
            late, early = claim.text.rstrip(".").split(f" {word} ")
            other = "before" if word == "after" else "after"
            turned = f"{early} {other} {late}.".casefold()
            assert turned in claim.source.casefold()


def test_the_same_seed_makes_the_same_claims():
    assert made() == made()
    assert made() != made(seed=4)


def test_few_sentences_make_what_they_can():
    assert {claim.kind for claim in restated([Paragraph("a", "T", "No.")], each=2, seed=1)} == {"limit"}
