"""A short turn that corrects, goes on, or means a year, a kind or the other of two, is said in whole words."""

from functools import partial

import pytest

from rag.ask.conversation import follow_up
from rag.ask.conversation.plainly import goes_on

standalone = partial(follow_up.standalone, today="2026-06-01")
WARRANTY = "How long is the warranty on the Kestrel 6?"


@pytest.mark.parametrize(
    ("history", "text", "expected"),
    [
        # What is put right may be a day, or a word at the end.
        (["What was the fee in March 2024?"], "sorry, October 2025", "What was the fee in October 2025?"),
        (["What was the fee in 2024?"], "sorry, 2025", "What was the fee in 2025?"),
        (["What was the fee in 2024?"], "no, I meant 2025", "What was the fee in 2025?"),
        (["what is open on Friday?"], "no, on Saturday", "what is open on Saturday?"),
        (["Which papers do I need if I am self-employed?"], "no, I meant employed", "{if I am employed?}"),
        # A year is no number of a thing, unless things are numbered so.
        ([WARRANTY], "what about 2024?", f"{WARRANTY} what about in 2024?"),
        (["what does Homeline 1000 cost?"], "and 2000?", "what does Homeline 2000 cost?"),
        # A kind belongs to the thing that was spoken of.
        ([WARRANTY], "no, I meant the Pro", "How long is the warranty on the Kestrel 6 Pro?"),
        ([WARRANTY], "and for the Pro?", "How long is the warranty on the Kestrel 6 Pro?"),
        (["who leads the Radio team?"], "and the Pro?", "and the Pro? (Radio team)"),
        # The other is the one that was spoken of before.
        ([WARRANTY, "and the Plank 8?"], "and for the other one?", WARRANTY),
        (
            ["How do I reset a Kestrel 4?", "and the Plank 8?", "do I need a tool?"],
            "what about the other?",
            "do I need a tool? (reset, Kestrel 4)",
        ),
    ],
)
def test_a_short_turn_is_said_in_whole_words(history, text, expected):
    rewritten, _ = standalone(text, history)
    assert rewritten.endswith(expected[1:-1]) if expected.startswith("{") else rewritten == expected


@pytest.mark.parametrize(("held", "name"), [("Homeline Max", "Homeline Max"), ("Homeline 1000 Max",) * 2])
def test_of_two_names_of_a_kind_the_documents_hold_one(held, name):
    rewritten, _ = standalone(
        "and the max?",
        ["What does the Homeline 1000 cost?"],
        held=lambda names: [each for each in names if each.casefold() == held.casefold()],
    )
    assert rewritten.casefold() == f"what does the {name} cost?".casefold()


@pytest.mark.parametrize("text", ["and the other one?", "what about the second one?", "and for the other one?"])
def test_one_of_several_that_nothing_names_stands_behind_the_last_question(text):
    assert standalone(text, [WARRANTY]) == (f"{WARRANTY} {text}", ())


@pytest.mark.parametrize(
    "text", ["why?", "And then?", "what then", "and if not?", "tell me more", "more details please", "and after that?"]
)
def test_who_asks_for_more_asks_the_last_question(text):
    assert standalone(text, [WARRANTY]) == (f"{WARRANTY} {text}", ())
    # And nobody goes on from that.
    assert standalone("how loud is it?", [WARRANTY, text]) == ("how loud is it? (Kestrel 6)", ())


def test_what_does_not_help_is_asked_with_the_words_of_the_last_question():
    asked = "what do I do when the token is stuck at Harbour House?"
    text = "what if it still doesn't work?"
    assert standalone(text, [asked]) == (f"{asked} {text}", ())


@pytest.mark.parametrize(
    "text", ["and then the Plank 8?", "if not in stock, when?", "what if it was stolen?", "more RAM?"]
)
def test_what_says_more_than_that_asks_something_itself(text):
    assert not goes_on(text)
