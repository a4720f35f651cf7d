"""A topic's words are found as people write them, and not in what only resembles them."""

from __future__ import annotations

import pytest

from rag.safety.wording import speaks_of

LEGAL = ("lawsuit", "sue")


@pytest.mark.parametrize(
    "text",
    [
        "Is there a lawsuit?",
        "Are we being sued?",
        "Who is suing us?",
        "Is there a law suit against us?",
        "What about law suits?",
        "Is there a law\u00adsuit?",
        "Is there a l\u0430wsuit?",
        "Who will \u0455u\u0435 us?",
        "Is there a \uff4c\uff41\uff57\uff53\uff55\uff49\uff54?",
        "Is there a lawsiut?",
        "Is there a lawsut?",
        "How many lawsutis?",
        "Is there a Lawsuit?",
        "CAN I SUE ACME?",
        "Can I Sue Acme?",
        "Can Sue Miller sue us?",
        "Is there a Sue Clause?",
    ],
)
def test_words_are_found_as_people_write_them(text):
    assert speaks_of(text, LEGAL)


@pytest.mark.parametrize(
    "text",
    [
        "Who is Sue Miller?",
        "Which issue is open?",
        "Is the suite large?",
        "Does the law, as it is, suit us?",
        "Who makes Lansuit?",
        "Which tissue?",
        "Does she use it?",
    ],
)
def test_what_resembles_them_is_something_else(text):
    assert not speaks_of(text, LEGAL)


def test_a_word_in_capitals_is_found_in_a_name():
    assert speaks_of("Who is Sue Miller?", ["Sue"])


@pytest.mark.parametrize(
    ("text", "phrase", "said"),
    [
        ("Is there a lawsuit?", "law suit", True),
        ("How is the price protected?", "price protection", True),
        ("What is the price?", "price protection", False),
        ("Who leads IT?", "IT", True),
        ("What deposit is due?", "IT", False),
        ("Which prides are there?", "prices", False),
        ("Is the refnud paid?", "refund", True),
        ("Is it fnud?", "fund", False),
        ("Сколько стоит кот?", "кот", True),
        ("May I p\u0430\u0443 later?", "pay", True),
        ("Is \u0261\u0430s safe?", "gas", True),
        ("How many hrs?", "hr", False),
    ],
)
def test_a_phrase_needs_all_its_words(text, phrase, said):
    assert speaks_of(text, [phrase]) == said
