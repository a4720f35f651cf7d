"""Sheets and slides are called so, on the screen, in copies and in receipts."""

from __future__ import annotations

from rag.errors import NotFound
from rag.receipts.page_words import page_words

TYPES = {
    "book": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "talk": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "paper": "application/pdf",
}


def media_type(document, _version):
    if document not in TYPES:
        raise NotFound("It is gone.", hint="Ask for another.")
    return TYPES[document]


def place(document):
    return {"document": document, "version": "v1", "page": 1}


def cited(*documents):
    return {"citations": [place(each) for each in documents]}


def test_sheets_and_slides_are_called_so_and_pages_need_no_word():
    record = {"statements": [cited("book", "paper"), cited("gone")], "sides": [cited("talk")]}
    assert page_words(record, media_type) == {"book": "sheet", "talk": "slide"}


def test_documents_of_passages_count_where_they_are_wanted():
    record = {"statements": [cited("book")], "passages": [place("talk"), {"document": "old", "page": 1}]}
    assert page_words(record, media_type) == {"book": "sheet"}
    assert page_words(record, media_type, passages=True) == {"book": "sheet", "talk": "slide"}
