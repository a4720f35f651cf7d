"""A question names the day whose state of things it asks for, or means today."""

import pytest

from rag.ask.standing.asof import day_of, day_words, names_old_edition, told_apart_from_day

TODAY = "2026-06-08"


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("How long is the warranty as of March 2024?", "2024-03-31"),
        ("How long were recordings kept in 2023?", "2023-12-31"),
        ("what did we charge on 3 May 2025", "2025-05-03"),
        ("what was the refund window last year?", "2025-12-31"),
        ("what was the window two years ago", "2024-12-31"),
        ("what did the policy say before the June update?", "2026-05-31"),
        ("what held before July 2025?", "2025-06-30"),
        ("a router bought in October 2025, how long is it covered", "2025-10-31"),
        ("what does the 2023 edition say about vouchers", "2023-12-31"),
        ("which rules hold in 2027?", "2027-12-31"),
        ("What was the fee in Q3 2024?", "2024-09-30"),
        ("the price as of Q1 2025", "2025-03-31"),
        ("the fee in the year 2023", "2023-12-31"),
        ("the fee in summer 2023", "2023-08-31"),
        ("what held before the 2024 edition", "2023-12-31"),
        ("in 2024 how long was the warranty?", "2024-12-31"),
        ("what was the fee before 2024 prices rose?", "2023-12-31"),
        ("what holds for 2024 prices?", "2024-12-31"),
        ("In 2024 metering cost what?", "2024-12-31"),
        ("In 2024 am I covered?", "2024-12-31"),
        ("fee for a bounced payment under last yrs terms", "2025-12-31"),
        ("under last year's terms, what was due?", "2025-12-31"),
        ("notice needed to leave in the old 2025 contract", "2025-12-31"),
        ("new plastic card price 2025", "2025-12-31"),
        ("hard standing in winter 2025/26, how much", "2026-02-28"),
        ("current ashore in the 2025/26 terms", "2025-12-31"),
        ("What was the price before 1 March?", "2026-02-28"),
        ("price before 1 August", "2025-07-31"),
        ("What does it cost as of 1 July?", "2026-07-01"),
        ("What does it cost as of 1 March?", "2026-03-01"),
        ("What did it cost as of 1 July?", "2025-07-01"),
    ],
)
def test_a_day_that_is_named(question, day):
    assert day_of(question, today=TODAY) == day


@pytest.mark.parametrize(
    "question",
    [
        "How long is the warranty?",
        "What holds in 2026?",
        "What has changed since 2024?",
        "who is on call in the week of 22 June?",
        "what changed between 1 May 2024 and in 2025?",
        "may I return it in May?",
        "what changed in 2023 and in 2024?",
        "What is the fee for 2000 users?",
        "What do I get for 2000 EUR?",
        "What do I get for 2000 €?",
        "What do I get for 2000.00 euros?",
        "Is a service due before 2000 km?",
        "What do I save on 2000 sheets?",
        "How do I update Server 2019?",
        "Can I still cancel before 1 July?",
        "Do I have to order before 24 December?",
        "What must be paid at the start of March?",
    ],
)
def test_anything_else_means_today(question):
    assert day_of(question, today=TODAY) == TODAY


@pytest.mark.parametrize(
    ("question", "words", "rest"),
    [
        (
            "What was the warranty on the Kestrel 6 as of March 2025?",
            ["as of March 2025"],
            "What was the warranty on the Kestrel 6?",
        ),
        ("And in 2025?", ["in 2025"], "And in 2025?"),
        ("audit log in the 2023 edition, how long", ["in the 2023 edition"], "audit log, how long"),
        (
            "hard standing in winter 2025/26, how much",
            ["in winter 2025/26", "winter 2025/26"],
            "hard standing, how much",
        ),
        ("How long was the warranty last year?", ["last year"], "How long was the warranty?"),
        ("rebate last year at 80,000 a month", ["last year"], "rebate at 80,000 a month"),
        ("In 2024: how long can it be sent back?", ["In 2024"], "how long can it be sent back?"),
        ("who signs a credit for last year", ["for last year"], "who signs a credit"),
        ("On 3 March 2025, what was the price?", ["On 3 March 2025"], "what was the price?"),
        ("warranty before February 2026", ["before February 2026"], "warranty"),
        ("Price of Care Plus October 2025", ["October 2025"], "Price of Care Plus"),
        # These name no other day, or say what cannot be left out.
        ("How much is it for 2000 users?", [], "How much is it for 2000 users?"),
        ("what has changed since 2024?", [], "what has changed since 2024?"),
        ("what does the 2023 edition say about vouchers", [], "what does the 2023 edition say about vouchers"),
        ("how long as at the end of March 2025", [], "how long as at the end of March 2025"),
    ],
)
def test_the_words_of_the_day_are_told_from_what_is_asked(question, words, rest):
    assert [question[start:end] for start, end in day_words(question, today=TODAY)] == words
    assert told_apart_from_day(question, today=TODAY) == rest


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("What was the fee for a lost card under the former rules?", "What was the fee for a lost card?"),
        ("in the old price list, how much was the big one", "how much was the big one"),
        ("How long had one to send it back under the old returns policy?", "How long had one to send it back?"),
        # What is asked about stays.
        ("former price for a car hoist", "price for a car hoist"),
        ("a lady on an old household contract wants out", "a lady on an household contract wants out"),
        ("How old must a driver be?", "How old must a driver be?"),
        ("Can I exchange my old phone under the policy?", "Can I exchange my old phone under the policy?"),
    ],
)
def test_the_edition_before_is_named_by_its_words(question, rest):
    assert names_old_edition(question) == (rest != question)
    assert told_apart_from_day(question, today=TODAY) == rest
