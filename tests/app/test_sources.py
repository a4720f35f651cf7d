"""How the pages of what an answer cites are called."""

from __future__ import annotations

from app.sources import page_words
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
    turn = {"statements": [cited("book", "paper"), cited("gone")], "sides": [cited("talk")]}
    assert page_words(turn, media_type) == {"book": "sheet", "talk": "slide"}
