"""Sentences that a language model might write: changed facts never reach the screen, true ones do with their source."""

from __future__ import annotations

import pytest

from rag.ask.support.verify import SentenceCheck
from rag.types import Chunk, CutSentence, Hit, LiveChunk, Statement

WARRANTY = (
    "The warranty of the Kestrel 5 lasts 24 months from the day of purchase. Register the device by 30 June 2026. "
    "Batteries are not covered."
)
RESET = (
    "To erase all settings, hold the reset button for 12 seconds. The light must be amber before you let go. "
    "Error HX-2104 means that the cable is broken."
)
PEOPLE = (
    "Mara Lindqvist leads the returns desk in Lisbon. Ines Duarte leads the network team in Porto. "
    "The returns desk answers within 2 working days."
)
PRICES = (
    "The Vault plan costs 4.90 euros per month. It keeps clips for 30 days and cannot be shared. "
    "Shipping is free from 50 euros."
)
# In each of these a clause says what another one of the same passage does not.
SENDING = (
    "Opened devices can be sent back within 14 days, but gift cards are not refunded. Returns are free if the device "
    "is faulty. Only a team lead can approve a refund above 500 euros."
)
PLANS = (
    "The Basic plan is free, while the Pro plan costs 9 euros per month. All plans except Basic include telephone "
    "support."
)
UPKEEP = (
    "Backups are made before the update is installed. A password must have at least 12 characters. The archive can be "
    "opened without an account."
)
HUB = (
    "The alarm never sounds during a test. Sensors need not be replaced unless the lamp is red. The hub supports at "
    "most 40 sensors. Visitors may use the side door. Most routers have a telephone port."
)
PASSAGES = (WARRANTY, RESET, PEOPLE, PRICES, SENDING, PLANS, UPKEEP, HUB)

CHANGED = {
    "number": [
        "The warranty of the Kestrel 5 lasts 36 months from the day of purchase.",
        "To erase all settings, hold the reset button for 20 seconds.",
        "The returns desk answers within 3 working days.",
        "The Vault plan costs 5.90 euros per month.",
        "The Vault plan keeps clips for 60 days.",
        "Shipping is free from 40 euros.",
    ],
    "unit": [
        "The warranty of the Kestrel 5 lasts 24 days from the day of purchase.",
        "To erase all settings, hold the reset button for 12 minutes.",
        "The Vault plan keeps clips for 30 months.",
        "The returns desk answers within 2 working weeks.",
    ],
    "date": [
        "Register the device by 30 July 2026.",
        "Register the device by 30 June 2027.",
        "Register the device by 3 June 2026.",
    ],
    "name": [
        "Ines Duarte leads the legal team in Berlin.",
        "Pavel Brandt leads the network team in Porto.",
        "The warranty of the Kestrel 7 lasts 24 months from the day of purchase.",
        "The Falcon plan costs 4.90 euros per month.",
        "Mara Lindqvist leads the returns desk in Madrid.",
    ],
    "code": [
        "Error HX-2105 means that the cable is broken.",
        "Error HX-2014 means that the cable is broken.",
    ],
    "negation": [
        "Batteries are covered.",
        "Batteries are covered by the warranty.",
        "Error HX-2104 does not mean that the cable is broken.",
        "The warranty of the Kestrel 5 does not last 24 months from the day of purchase.",
    ],
    "denied in another clause": [
        "The Vault plan can be shared.",
        "Sharing the Vault plan is allowed.",
        "Gift cards are refunded.",
        "The alarm sounds during a test.",
    ],
    "affirmed in another clause": [
        "The Vault plan does not keep clips for 30 days.",
        "Opened devices cannot be sent back.",
        "The archive cannot be opened without an account.",
    ],
    "something else": [
        "The Pro plan is free.",
        "The Basic plan costs 9 euros per month.",
        "Ines Duarte leads the returns desk.",
    ],
    "condition": [
        "Returns are free.",
        "Returns are free unless the device is faulty.",
        "Returns are not free if the device is faulty.",
        "Sensors must be replaced unless the lamp is red.",
    ],
    "exception": [
        "The Basic plan includes telephone support.",
        "All plans include telephone support.",
    ],
    "only": [
        "An agent can approve a refund above 500 euros.",
        "Anyone can approve a refund above 500 euros.",
        "Only opened devices can be sent back within 14 days.",
    ],
    "some or all": ["All routers have a telephone port."],
    "may or must": ["Visitors must use the side door.", "Visitors cannot use the side door."],
    "bound": [
        "A password must have at most 12 characters.",
        "The hub supports at least 40 sensors.",
        "Opened devices can be sent back after 14 days.",
    ],
    "order": [
        "Backups are made after the update is installed.",
        "The update is installed before backups are made.",
        "The light must be amber after you let go.",
    ],
    "added": [
        "The warranty of the Kestrel 5 lasts 24 months and can be extended to 60 months.",
        "Mara Lindqvist leads the returns desk in Lisbon since 2019.",
        "The Vault plan costs 4.90 euros per month, or 49 euros per year.",
        "The chief executive of the company is called Anna Berg.",
        "Customers in Japan pay 12 euros for shipping.",
    ],
}
TRUE = [
    "The warranty of the Kestrel 5 lasts 24 months.",
    "Hold the reset button for 12 seconds to erase all settings.",
    "HX-2104 means that the cable is broken.",
    "Ines Duarte leads the network team.",
    "The Vault plan costs 4.90 euros per month.",
    "Batteries are not covered by the warranty.",
    "The returns desk answers within 2 working days.",
    "The Vault plan cannot be shared.",
    "The Vault plan keeps clips for 30 days.",
    "The Vault plan keeps clips for 30 days but cannot be shared.",
    "Gift cards are not refunded.",
    "Opened devices can be sent back within 14 days.",
    "Opened devices cannot be sent back after 14 days.",
    "If the device is faulty, returns are free.",
    "A team lead can approve a refund above 500 euros.",
    "A refund above 500 euros can only be approved by a team lead.",
    "The Basic plan is free.",
    "The Pro plan costs 9 euros per month.",
    "Except for Basic, all plans include telephone support.",
    "The update is installed after backups are made.",
    "A password needs at least 12 characters.",
    "The hub supports up to 40 sensors.",
    "The alarm does not sound during a test.",
    "The archive can be opened even without an account.",
    "Sensors do not have to be replaced unless the lamp is red.",
    "Sensors need to be replaced only if the lamp is red.",
    "Visitors can use the side door.",
]
# "Batteries are not covered." does not say by what, nor "It keeps clips" what does: the sentence before it says so.
SENTENCES = {
    "Batteries are not covered by the warranty.": 2,
    "The Vault plan cannot be shared.": 2,
    "The Vault plan keeps clips for 30 days.": 2,
    "The Vault plan keeps clips for 30 days but cannot be shared.": 2,
}


def hit(place: int, text: str) -> Hit:
    chunk = Chunk(
        f"d{place}@v1:0-{len(text)}", f"d{place}", "v1", 0, 0, len(text), text, "", (), None, len(text.split())
    )
    return Hit(LiveChunk(chunk, "Notes", f"/d{place}.md", "text/markdown"), 1.0, ("dense",))


@pytest.fixture(scope="module")
def checked(workspace):
    hits = [hit(place, text) for place, text in enumerate(PASSAGES)]
    check = SentenceCheck(hits, workspace.verifier, min_support=0.5)

    def run(sentence: str) -> Statement | CutSentence:
        (one,) = check.each([sentence])
        return one

    return run


@pytest.mark.parametrize(
    ("kind", "sentence"), [(kind, sentence) for kind, sentences in CHANGED.items() for sentence in sentences]
)
def test_a_changed_fact_is_cut_with_a_reason(kind, sentence, checked):
    found = checked(sentence)
    assert isinstance(found, CutSentence), (kind, found)
    assert found.reason


@pytest.mark.parametrize("sentence", TRUE)
def test_what_a_source_says_in_other_words_is_shown_with_it(sentence, checked):
    found = checked(sentence)
    assert isinstance(found, Statement), found
    assert all(citation.quote in "".join(PASSAGES) for citation in found.citations)
    assert len(found.citations) == SENTENCES.get(sentence, 1)
