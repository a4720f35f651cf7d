"""Sentences that a language model might write: changed facts never reach the screen, true ones do with their source."""

from __future__ import annotations

import pytest

from rag.ask.verify import SentenceCheck
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
PASSAGES = (WARRANTY, RESET, PEOPLE, PRICES)

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
]
# "Batteries are not covered." does not say by what: the sentence before it does.
SENTENCES = {"Batteries are not covered by the warranty.": 2}


def hit(place: int, text: str) -> Hit:
    chunk = Chunk(
        f"d{place}@v1:0-{len(text)}", f"d{place}", "v1", 0, 0, len(text), text, "", (), None, len(text.split())
    )
    return Hit(LiveChunk(chunk, "Notes", f"/d{place}.md", "text/markdown"), 1.0, ("dense",))


@pytest.fixture(scope="module")
def checked(workspace):
    hits = [hit(place, text) for place, text in enumerate(PASSAGES)]
    check = SentenceCheck(hits, workspace.verifier, min_support=0.5, repair=None, on_check=lambda _: None)

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
