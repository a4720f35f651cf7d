"""A question for a way to reach somebody asks for a number or an address."""

import pytest

from rag.ask.question.reached import asked_for


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("How do I reach support by phone?", "What is the phone number of support?"),
        (
            "how can customers contact the Brno repair centre via e-mail",
            "What is the e-mail address of the Brno repair centre?",
        ),
        ("How do we get in touch with Orla Finn by email?", "What is the e-mail address of Orla Finn?"),
        ("How can I speak to the night porter on the telephone?", "What is the phone number of the night porter?"),
        ("How do I reach you by phone?", "What is your phone number?"),
    ],
)
def test_it_is_asked_for_as_such(question, plain):
    assert asked_for(question) == plain


@pytest.mark.parametrize(
    "question",
    [
        "How do I reach the roof?",
        "How do I reach them by phone?",
        "How do I reset my phone?",
        "How do I set up e-mail on a phone?",
        "How long does support take to answer by phone?",
        "How do I contact support? And how do I pay by phone?",
        "Can I reach support by phone?",
    ],
)
def test_another_question_stays_as_it_is(question):
    assert asked_for(question) == question
