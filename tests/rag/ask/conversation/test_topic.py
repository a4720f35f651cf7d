"""A conversation is about the last thing that was named, or about the words of a question that stands for itself."""

import pytest

from rag import lexis
from rag.ask.conversation.topic import subjects, topic

PASSAGES = [
    "Pausing a membership: pause it once a year. Empty your locker.",
    "Coffee machine: clean it with the blue powder every evening.",
    "Pay with a gift card: type in its characters. Several gift cards pay one order.",
    "Tillo S2: change the blades every six weeks.",
]


def together(terms):
    wanted = lexis.stems(" ".join(terms))
    return any(wanted <= lexis.stems(passage) for passage in PASSAGES)


@pytest.mark.parametrize(
    ("history", "about"),
    [
        # What was asked on about it takes nothing of it away.
        (["can i pause my membership?", "how long for?"], ["pause", "membership"]),
        (["can i pause my membership?", "how long for?", "and for a studio?"], ["pause", "membership", "studio"]),
        (
            ["i lost my fob at home what do i do", "how much does a new one cost?"],
            ["lost", "fob", "home", "new"],
        ),
        # Another question that says enough begins another topic.
        (["can i pause my membership?", "who cleans the coffee machine?"], ["cleans", "coffee", "machine"]),
        # A name is what it stays with; a day is no name.
        (
            ["How do I clean the Marbella?", "who cleans the coffee machine?"],
            ["Marbella", "cleans", "coffee", "machine"],
        ),
        (["can i pause my membership?", "can I do it on a Friday?"], ["pause", "membership", "friday"]),
        (["When does the Wednesday group meet?"], ["Wednesday group"]),
        # Where something is says little, and so does what "it" does.
        (["who cleans the machine at Harbour House?"], ["cleans", "machine", "Harbour House"]),
        (["What is a Plank 8?", "and at Harbour House?"], ["Plank 8"]),
        (["What is a Plank 8?", "when does the yard at Harbour House open?"], ["yard", "open", "Harbour House"]),
        (["can i pause my membership?", "does it include VAT?"], ["pause", "membership"]),
        (["Can I sublet my flat?", "and a room?"], ["sublet", "flat", "room"]),
        (["can i pause my membership?", "how long does it take?"], ["pause", "membership"]),
        (["can i pause my membership?", "how long does that take?"], ["pause", "membership"]),
        (["can i pause my membership?", "what if it comes back?"], ["pause", "membership"]),
        (["can i pause my membership?", "who do I send it to?"], ["pause", "membership"]),
    ],
)
def test_a_conversation_is_about_what_its_questions_gave_it(history, about):
    assert topic(history) == about


@pytest.mark.parametrize(
    ("history", "about"),
    [
        # No passage speaks of both.
        (["who cleans the coffee machine?", "can i pause my membership?"], ["pause", "membership"]),
        (
            ["How often do I change the blades of the Tillo S2?", "how do I pay with a gift card?"],
            ["pay", "gift", "card"],
        ),
        # What leant on a name stays with it; or a passage speaks of both.
        (["How do I clean the Marbella?", "is there a gift card?"], ["Marbella", "gift", "card"]),
        (["can i pause my membership?", "do I have to empty my locker"], ["pause", "membership", "empty", "locker"]),
        (["What does the Tillo S2 cost?", "how often to change blades?"], ["Tillo S2", "change", "blades"]),
        # The documents do not know it, or it points back.
        (["can i pause my membership?", "is it a gift card?"], ["pause", "membership", "gift", "card"]),
        (["can i pause my membership?", "do you sell umbrellas?"], ["pause", "membership", "sell", "umbrellas"]),
    ],
)
def test_words_that_stand_nowhere_beside_what_was_spoken_of_begin_another_topic(history, about):
    assert topic(history, together) == about


@pytest.mark.parametrize("text", ["Are you open on Sunday?", "do you do it on Fridays or on Saturday"])
def test_a_day_of_the_week_is_no_subject(text):
    assert subjects(text) == []
