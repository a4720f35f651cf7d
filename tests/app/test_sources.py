"""The place that a click opens, and the sources to step through."""

from __future__ import annotations

import pytest

from app.sources import locate


def said(n):
    cited = {"n": n, "document": "d1", "version": "v1", "title": "Fan", "start": n, "end": n + 1}
    return {"text": f"Sentence {n}.", "citations": [cited]}


RECORD = {
    "statements": [said(1), said(2)],
    "candidates": [{"answer": "Sentence 1."}, {"answer": "Sentence 3.", "statements": [said(1), said(3)]}],
}


@pytest.mark.parametrize(("n", "numbers"), [(1, (1, 2)), (3, (1, 2, 3))])
def test_sources_of_another_answer_count_only_from_one_of_them(n, numbers):
    assert locate(RECORD, "citation", n).numbers == numbers
