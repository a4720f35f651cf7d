"""What stands by itself in the documents leans on nothing that was spoken of."""

import pytest

from rag import lexis
from rag.ask.conversation.follow_up import standalone

HEADINGS = [
    ("Tool hire", "What you need to hire a tool"),
    ("Kestrel 6", "Reset the password"),
    ("Portal", "Reset the password"),
    ("Handbook", "3. The seven courtesies"),
    ("Otter 2", "Battery life"),
    ("Terms", "Spare parts"),
    ("Terms", "Opening hours"),
    ("Staff", "I am ill. What do I do?"),
]
TOLD = [*map(" ".join, HEADINGS), "Opening hours Kestrel 6 service counter Monday"]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("What do I need to hire a tool?", True),
        ("How can we hire tools?", True),
        ("What do I do when I am ill?", True),
        ("What do I do when I am late?", False),
        # The conversation may be about one of those that are headed so, or nothing is.
        ("How do I reset the password?", False),
        ("How do I clean the lens?", False),
        # It points back, or asks of a property.
        ("How do I hire one of them?", False),
        ("What is the tool hire?", False),
        # A heading is called so, and no thing with a name above it; the opening hours may be those of the conversation.
        ("What are the seven courtesies?", True),
        ("And what are the seven courtesies?", False),
        ("seven courtesies?", False),
        ("What is the battery life?", False),
        ("What are the opening hours?", False),
        ("What are the reset passwords?", False),
    ],
)
def test_what_another_heading_is_about_leans_on_nothing(text, whole):
    def headed(terms):
        wanted = {lexis.stem(term) for term in terms}
        return [path for path in HEADINGS if wanted <= lexis.stems(" ".join(path))]

    def together(terms):
        return any(lexis.stems(" ".join(terms)) <= lexis.stems(passage) for passage in TOLD)

    history = ["How long is the warranty of the Kestrel 6?"]
    rewritten, _ = standalone(text, history, today="2026-06-01", headed=headed, together=together)
    assert (rewritten == text) is whole


@pytest.mark.parametrize(
    ("passage", "expected"),
    [
        ("A birthday party costs 90; food is not included.", "is food included? (birthday, party, cost)"),
        ("A day at the camp: food is included.", "is food included?"),
    ],
)
def test_what_a_passage_says_of_what_was_spoken_of_is_asked_of_that(passage, expected):
    def together(terms):
        return lexis.stems(" ".join(terms)) <= lexis.stems(passage)

    history = ["what does a birthday party cost?"]
    assert standalone("is food included?", history, today="2026-06-01", together=together) == (expected, ())


@pytest.mark.parametrize(
    ("text", "added"),
    [
        # "It" stands before the name.
        ("does it have a USB port?", " (Plank 8)"),
        ("And does it work with the Kestrel 4?", " (Plank 8)"),
        ("how do I connect it to the Kestrel 4?", " (Plank 8)"),
        ("is it sold in Spain?", " (Plank 8)"),
        ("does that include VAT?", " (cost, Plank 8)"),
        # It speaks of what follows, or is no word.
        ("is it possible to reset the Kestrel 4?", ""),
        ("how long does it take to update the Kestrel 4?", ""),
        ("does it matter if the Kestrel 4 is wet?", ""),
        ("Who is in IT at Harbour House?", ""),
        ("is that Kestrel 4 waterproof?", ""),
        ("If it blinks, is the Kestrel 4 broken?", ""),
        # What asks something itself of a name asks nothing again.
        ("And what does the Kestrel 4 weigh?", ""),
        ("and does the Kestrel 4 have Wi-Fi 7?", ""),
        ("but is the Kestrel 4 quiet?", ""),
    ],
)
def test_a_name_behind_it_is_not_what_is_asked_of(text, added):
    assert standalone(text, ["What does a Plank 8 cost?"], today="2026-06-01") == (text + added, ())


def test_a_name_behind_it_is_no_topic():
    history = ["What does a Plank 8 cost?", "does it work with the Kestrel 4?"]
    assert standalone("how loud is it?", history, today="2026-06-01") == ("how loud is it? (Plank 8)", ())


@pytest.mark.parametrize(
    ("before", "text", "added"),
    [
        ("How do I reset a Kestrel 4?", "how long does that take?", "reset, Kestrel 4"),
        ("How do I reset a Kestrel 4?", "which tool do I need?", "reset, Kestrel 4"),
        ("How do I reset a Kestrel 4?", "how loud is it?", "Kestrel 4"),
        ("How long is the warranty on the Kestrel 4?", "and if I register it?", "warranty, Kestrel 4"),
        ("How do I start the Kestrel 4?", "and when it is warm?", "start, Kestrel 4"),
        ("How do I start the Kestrel 4?", "and when does it close?", "Kestrel 4"),
        ("How long is the warranty on the Kestrel 4?", "how much is that?", "Kestrel 4"),
        ("How long is the warranty on the Kestrel 4?", "who can I ask?", "Kestrel 4"),
    ],
)
def test_who_asks_of_what_is_done_takes_its_words_along(before, text, added):
    assert standalone(text, [before], today="2026-06-01") == (f"{text} ({added})", ())
