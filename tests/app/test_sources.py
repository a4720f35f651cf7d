"""How the pages of what an answer cites are called, the place that a click opens, and the sources to step through."""

from __future__ import annotations

import pytest

from app.sources import locate, page_words
from rag.errors import NotFound

TYPES = {
    "book": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "talk": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "paper": "application/pdf",
}


def media_type(document, _version):
    if document not in TYPES:
        raise NotFound("It is gone.")
    return TYPES[document]


def cited(*documents):
    return {"citations": [{"document": each, "version": "v1", "page": 1} for each in documents]}


def test_sheets_and_slides_are_called_so_and_pages_need_no_word():
    record = {"statements": [cited("book", "paper"), cited("gone")], "sides": [cited("talk")]}
    assert page_words(record, media_type) == {"book": "sheet", "talk": "slide"}


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
