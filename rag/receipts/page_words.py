"""What a page of a cited document is called: a sheet of a workbook and a slide are called so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from rag.errors import NotFound

ALL_PAGES: Final[Mapping[str, str]] = {}
"""The words of documents whose pages are all pages."""


def page_words(
    record: Mapping[str, Any], media_type: Callable[[str, str], str], *, passages: bool = False
) -> dict[str, str]:
    """Return how the pages of each document that an answer cites are called, of those that are no pages.

    Args:
        record: The answer.
        media_type: Of a version of a document; raises `NotFound` where it is gone.
        passages: Whether those of the documents that its nearest passages stand in are wanted too.
    """
    said = (*record.get("statements", ()), *record.get("sides", ()))
    places = [citation for spoken in said for citation in spoken["citations"]]
    places += record.get("passages", ()) if passages else ()
    words: dict[str, str] = {}
    for place in places:
        if place.get("page") is not None and place.get("version") and place["document"] not in words:
            with suppress(NotFound):
                words[place["document"]] = page_word(media_type(place["document"], place["version"]))
    return {document: word for document, word in words.items() if word != "page"}


def on_page(cited: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """Return on which page a citation or passage stands, as the end of its place: ", sheet 2"; empty without pages.

    Args:
        cited: With ``document`` and, where its format has pages, ``page``.
        words: As `page_words` gives them.
    """
    return f", {words.get(str(cited['document']), 'page')} {cited['page']}" if cited.get("page") else ""


def page_word(media_type: str) -> str:
    """Return what a page of such a document is called."""
    return "slide" if "presentation" in media_type else "sheet" if "spreadsheet" in media_type else "page"
