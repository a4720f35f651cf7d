"""Spans of a passage's text are scored where they stand behind its title and headings."""

import numpy as np

from rag.ask.quoting.closeness import closeness
from rag.sentences import Span

FIRST, SECOND = "The lamp draws 4 watts.", "It is green."


class Noted:
    """Gives each span its length, and keeps what it was given."""

    def highlight(self, question, passages, spans):
        self.seen = [[text[s.start : s.end] for s in own] for text, own in zip(passages, spans, strict=True)]
        return [np.array([s.end - s.start for s in own], dtype=np.float32) for own in spans]


def test_the_spans_are_those_of_the_text_behind_its_context(evidence_of):
    hits = evidence_of("watts?", f"{FIRST} {SECOND}", SECOND).hits
    noted = Noted()
    spans = [[Span(len(FIRST) + 1, len(FIRST) + 1 + len(SECOND)), Span(0, len(FIRST))], []]
    scores = closeness("watts?", hits, spans, noted)
    assert all(hit.passage.chunk.text_offset for hit in hits)
    assert noted.seen == [[SECOND, FIRST], []]
    assert [scored.tolist() for scored in scores] == [[len(SECOND), len(FIRST)], []]
