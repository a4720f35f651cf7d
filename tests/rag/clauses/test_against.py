"""What stands against a claim: its contrary anywhere, what its own source says more narrowly, or says of another."""

import pytest

from rag.clauses.against import against
from rag.clauses.reading import sentences_of

PLANS = "The Basic plan is free, while the Pro plan costs 9 euros per month."
PEOPLE = "Mara Lindqvist leads the returns desk. Ines Duarte leads the network team."
AGAINST = [
    ("The Vault plan can be shared.", "The Vault plan costs 5 euros. It cannot be shared.", 0, "contrary"),
    ("Returns are free.", "Returns are free if the device is faulty.", 0, "narrower"),
    ("Returns are free.", "Returns are free when the device is faulty.", 0, "narrower"),
    ("All plans include support.", "All plans except Basic include support.", 0, "narrower"),
    ("All routers have a port.", "Most routers have a port.", 0, "narrower"),
    ("An agent can approve a refund.", "Only a manager can approve a refund.", 0, "narrower"),
    ("Only a manager can approve a refund.", "A manager can approve a refund.", 0, "narrower"),
    ("The Pro plan is free.", PLANS, 0, "mixed"),
    ("The Basic plan costs 9 euros per month.", PLANS, 0, "mixed"),
    ("Ines Duarte leads the returns desk.", PEOPLE, 1, "mixed"),
]
NOT_AGAINST = [
    ("Faulty devices: returns are free.", "Returns are free if the device is faulty.", 0),
    ("Returns are free.", "Returns are free if the device is faulty. Returns are free.", 1),
    ("A manager can approve a refund.", "Only a manager can approve a refund.", 0),
    ("A refund is approved only by a manager.", "Only a manager can approve a refund.", 0),
    ("Most routers have a port.", "Most routers have a port.", 0),
    ("The Pro plan includes support.", "All plans except Basic include support.", 0),
    ("The Pro plan costs 9 euros per month.", PLANS, 0),
    ("The Basic plan is free.", PLANS, 0),
    ("Ines Duarte leads the network team.", PEOPLE, 1),
    ("The network team is led by Ines Duarte.", PEOPLE, 1),
    ("The machine weighs 9 kg.", "The Kestrel is a kettle. The device weighs 9 kg.", 1),
]


@pytest.mark.parametrize(("claim", "text", "rests_on", "why"), AGAINST)
def test_what_stands_against_a_claim(claim, text, rests_on, why):
    read = sentences_of(text)
    found = against(claim, [read[rests_on]], read)
    assert found is not None
    assert found.why == why
    assert found.sentence in text


@pytest.mark.parametrize(("claim", "text", "rests_on"), NOT_AGAINST)
def test_nothing_stands_against_it(claim, text, rests_on):
    read = sentences_of(text)
    assert against(claim, [read[rests_on]], read) is None
