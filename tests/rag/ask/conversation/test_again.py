"""The last question is asked again: of another thing, of so many, on another day, at another place."""

from functools import partial

import pytest

from rag.ask.conversation import follow_up

standalone = partial(follow_up.standalone, today="2026-06-01")
HALL, CLUB = "how much is the main hall", "Who runs the bridge club?"


@pytest.mark.parametrize(
    ("history", "text", "expected"),
    [
        # What has no name takes the place of what has none.
        ([HALL], "and the garden room?", "how much is the garden room"),
        ([CLUB], "what about the book group", "Who runs the book group?"),
        (["what does a small locker cost?"], "and a large one in the yard?", None),
        (["what does the small locker cost?"], "and the cycle box?", "what does the cycle box cost?"),
        (["is the pool heated?"], "and the sauna?", "is the sauna heated?"),
        (["when is the office open"], "and the yard?", "when is the yard open"),
        # Of a pronoun too, for whatever it stood; the thing is then what is spoken of.
        ([HALL, "how many people does it hold?"], "and the garden room?", "how many people does the garden room hold?"),
        ([CLUB, "when do they meet?"], "and the book group?", "when do the book group meet?"),
        (
            ["how long is the warranty on the Tillo S2?", "how do I store it in winter?"],
            "and the wire?",
            "how do I store the wire in winter? (Tillo S2)",
        ),
        ([HALL, "and the garden room?"], "is it heated?", "is it heated? (garden, room)"),
        # "Is that per hour?" asks of the answer.
        ([HALL, "is that per hour?"], "and the garden room?", "how much is the garden room"),
        ([HALL, "is it including VAT?", "is that per hour?"], "and the garden room?", "how much is the garden room"),
        # Not where somebody does something, of several things, or of what is named.
        (["can I pause my membership?"], "and my locker?", None),
        (["does the main hall have the projector?"], "and the garden room?", None),
        (["what does the Plank 8 cost?"], "and the power adapter?", None),
        ([HALL], "and a deposit?", None),
        ([HALL], "and the other one?", f"{HALL} and the other one?"),
    ],
)
def test_another_thing_without_a_name_takes_the_place_of_the_one_before(history, text, expected):
    rewritten, _ = standalone(text, history)
    assert rewritten == expected if expected else rewritten.startswith(text)


@pytest.mark.parametrize(
    ("history", "text", "expected"),
    [
        (["what does it cost to become a member"], "how about two people?", "{} how about two people?"),
        (["what if I cancel a class?"], "and 2 weeks before?", "{} and 2 weeks before?"),
        (["how long is the warranty on the Plank 8?"], "and two years ago?", "{} and two years ago?"),
    ],
)
def test_so_many_stand_behind_the_question_before(history, text, expected):
    assert standalone(text, history) == (expected.format(history[-1]), ())


@pytest.mark.parametrize(
    ("history", "text", "expected"),
    [
        (
            ["How long is the Plank 8 guaranteed in Spain?"],
            "same in Italy?",
            "How long is the Plank 8 guaranteed in Italy?",
        ),
        (["who cleans the machine at Harbour?"], "the same at Ropewalk?", "who cleans the machine at Ropewalk?"),
        (["when do you close on Sundays?"], "same for Saturdays?", "when do you close on Saturdays?"),
        (["when do you close on Sundays?"], "is it the same for Saturdays?", "when do you close on Saturdays?"),
        (
            ["what does a pitch cost?", "is that per person?"],
            "with electricity?",
            "what does a pitch cost? with electricity?",
        ),
        (["is that per person?"], "with electricity?", "is that per person? with electricity?"),
        # One that says more is a question of its own.
        (["when do you close on Sundays?"], "same day delivery of a Plank 8?", "same day delivery of a Plank 8?"),
    ],
)
def test_the_same_is_asked_of_another_day_or_place(history, text, expected):
    assert standalone(text, history) == (expected, ())


@pytest.mark.parametrize(
    ("history", "text", "expected"),
    [
        # The article that stands before it is none of the thing.
        (["what is the price of the Tillo S2?", "how do I reset it?"], "and on the S2?", "how do I reset it? (S2)"),
        # What was asked on stays with the other thing.
        (
            ["How long is the warranty on the Tillo X5?", "how often should I change the blades?", "how do I do that"],
            "and on the Otter 2?",
            "how do I do that (Otter 2, change, blades)",
        ),
    ],
)
def test_what_has_a_name_takes_the_place_of_a_name(history, text, expected):
    assert standalone(text, history) == (expected, ())


@pytest.mark.parametrize(
    ("history", "text", "expected"),
    [
        # A kind takes the place of one of its sort, and of nothing else.
        (["what does a grey fob cost?"], "and the black one?", "what does a black fob cost?"),
        (["How much is the black Plank 8?"], "and the white one?", "How much is the white Plank 8?"),
        (["what does a grey fob cost?"], "and the small one?", "and the small one? (grey, fob, cost)"),
        (["warranty on the Kestrel 6"], "and refurbished ones?", "warranty on refurbished ones"),
        # The second one of what "it" stood for.
        (
            ["I lost my door badge", "how long does a new one take?", "is it free?"],
            "and the second one?",
            "is the second one free? (lost, door, badge, new)",
        ),
        # What somebody may do with a thing.
        (
            ["Can I wear a watch in the kitchen?"],
            "and a wedding ring?",
            "Can I wear a wedding ring in the kitchen?",
        ),
        (["Can I return a chainsaw?", "and a robot?"], "how many days do I have?", "{} (return, robot)"),
        (["Can I pay with a card?"], "and a cheque?", "{} (pay, card)"),
        # What is not counted.
        (["how much is parking?"], "and lockers?", "how much is lockers?"),
        (["how much are beans for the Otter 2?"], "and decaf?", "how much are decaf for the Otter 2?"),
        (["how much are beans for the Otter 2?"], "and Lacto?", "how much are beans for the Otter 2? and Lacto?"),
        (["how much is parking at Harbour?"], "and Porto?", "how much is parking at Porto?"),
        # "Does that include VAT?" asks of the answer.
        (["what does a grey fob cost?", "does that include VAT?"], "and the black one?", "what does a black fob cost?"),
    ],
)
def test_one_takes_the_place_of_another_of_its_sort(history, text, expected):
    assert standalone(text, history) == (expected.format(text), ())


def test_who_says_ok_first_asks_nothing_again():
    history = ["Can I apply for adult benefits online?", "Okay. Is it better to apply online?"]
    rewritten, _ = standalone("which papers do I need?", history)
    assert rewritten == "which papers do I need? (apply, adult, benefits, online)"


@pytest.mark.parametrize("refused", [(), (1,)])
def test_there_is_the_new_place(refused):
    history = ["when can I do laundry at Alder Court?", "how do I pay there?"]
    # Also where that was refused: it asked something all the same.
    rewritten, _ = standalone("and at Tern House?", history, refused=refused)
    assert rewritten == "how do I pay at Tern House? (laundry)"
