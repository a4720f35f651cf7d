"""The nearest sentence of each passage is noted, whatever the passage is as a whole."""

from dataclasses import replace

import numpy as np
import pytest

from rag.ask.sentences import sentences


@pytest.fixture
def evidence(evidence_of):
    return evidence_of("What does a lost key cost?", "Prices of many things.", "Rules for dogs.", "Old news.")


def test_each_passage_has_the_cosine_of_its_nearest_sentence(evidence, embedder):
    stored = {
        evidence.hits[0].passage.chunk.id: embedder.embed(["A lost key costs 95 euro.", "Dogs stay outside."]),
        evidence.hits[1].passage.chunk.id: embedder.embed(["Dogs stay outside."]),
    }
    found = sentences(evidence, lambda ids: {name: stored[name] for name in ids if name in stored})
    first, second, third = (hit.features.get("sentence") for hit in found.hits)
    asked = evidence.query.vector
    assert first == pytest.approx(float(embedder.embed(["A lost key costs 95 euro."])[0] @ asked), abs=1e-4)
    assert second == pytest.approx(float(embedder.embed(["Dogs stay outside."])[0] @ asked), abs=1e-4)
    assert first > second + 0.3
    # One that is gone meanwhile has none, and all stay in their order.
    assert third is None
    assert [hit.passage.chunk.id for hit in found.hits] == [hit.passage.chunk.id for hit in evidence.hits]


def test_where_the_question_has_no_vector_nothing_is_noted(evidence):
    blank = replace(evidence, query=replace(evidence.query, vector=np.zeros(1, dtype=np.float32)))
    assert sentences(blank, lambda _: pytest.fail("asked in vain")) is blank
