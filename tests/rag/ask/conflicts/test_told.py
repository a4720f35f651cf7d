"""What sentences tell is read once, and told by sentence and by document."""

import pytest

from rag.ask.conflicts.alignment import Said
from rag.ask.conflicts.told import Told
from rag.sentences import sentence_spans
from rag.types import Hit


@pytest.fixture
def said(passage_of):
    """Two sentences of one document and one of another."""
    passages = passage_of("The gate opens. The bell rings."), passage_of("The hall is cold.", document="d2")
    hits = [Hit(passage, 1.0, ("dense",)) for passage in passages]
    return [Said(hit, span) for hit in hits for span in sentence_spans(hit.passage.chunk.text)]


def test_a_document_tells_what_its_sentences_tell(said):
    told = Told(said, lambda each: each.text.split()[1:])
    assert told.by(said[2]) == ("hall", "is", "cold.")
    assert list(told.by_document("d1")) == ["gate", "opens.", "bell", "rings."]
    assert list(told.by_document("d3")) == []


def test_a_sentence_is_read_once_and_only_when_it_is_asked_for(said):
    read = []
    told = Told(said, lambda each: read.append(each.text) or ())
    assert read == []
    told.by(said[0])
    list(told.by_document("d1"))
    # The same sentence, found anew.
    told.by(Said(said[0].hit, said[0].span))
    assert read == ["The gate opens.", "The bell rings."]
