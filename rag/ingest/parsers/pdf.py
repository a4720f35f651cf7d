"""PDF through pypdfium2: text page by page in reading order; scanned pages through OCR where that is installed."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Sequence
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from rag.errors import DamagedFile, EncryptedFile
from rag.ingest.parsers import ocr
from rag.ingest.parsers.hidden import hidden_warning, limited
from rag.ingest.parsers.parsed import OCR_HINT, Parsed, ParserInput, pairs
from rag.ingest.parsers.pdf_blocks import Pieces, to_blocks
from rag.ingest.parsers.pdf_furniture import drop_furniture
from rag.ingest.parsers.pdf_hidden import hidden_objects
from rag.ingest.parsers.pdf_layout import read_page
from rag.ingest.parsers.pdf_runs import Rule, Run, page_rules, page_runs, page_turn
from rag.types import RawBlock

MIN_READABLE = 0.5
"""Below this share of readable characters the text of a page is refuse of a broken font table."""

MAX_RULES = 3000
"""A page with more lines is a drawing; looking for tables in it would take for ever."""

OCR_SHARE = 0.75
"""Share of the time limit that OCR may take; pages that are left are reported."""

_JUNK_TITLE = re.compile(
    r"^(?:untitled|unbenannt|title|none|slide 1|\(?anonymous\)?|\(?unspecified\)?|book\d|\S*_\S*"
    r"|.*\.(?:docx?|pdf|indd|qxd|tex|dvi|xlsx?|pptx?))$|^\W*$",
    re.IGNORECASE,
)
_DATE = re.compile(r"^D:(\d{4})(\d{2})?(\d{2})?(?:(\d{2})(\d{2}))?")
_FIELDS = {"Author": "author", "Subject": "subject", "Keywords": "keywords"}


def parse(file: ParserInput) -> Parsed:
    """Return the text of a PDF.

    Raises:
        EncryptedFile: It needs a password.
        DamagedFile: It cannot be opened.
        LimitExceeded: It has too many pages.
    """
    document = open_pdf(file)
    file.limits.check_pages(file.name, len(document))
    metadata, title = _metadata(document)
    found = _Pages(file)
    for number in range(len(document)):
        found.read(document, number)
    blocks = to_blocks(found.pieces())
    return Parsed(
        media_type="application/pdf",
        title=title or _largest_heading(blocks),
        blocks=(*blocks, *limited(found.hidden)),
        metadata=pairs(metadata),
        pages=len(document),
        pages_without_text=tuple(found.without_text),
        ocr_pages=tuple(found.recognized),
        warnings=found.warnings(document),
    )


def open_pdf(file: ParserInput) -> Any:  # noqa: ANN401 - pypdfium2 ships no types
    """Open a PDF; raises as `parse` does."""
    try:
        document = pypdfium2.PdfDocument(file.path)
        n_pages = len(document)
    except pypdfium2.PdfiumError as exc:
        if getattr(exc, "err_code", None) in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}:
            raise EncryptedFile(
                f"{file.name!r} is encrypted: it needs a password.", hint="Save a copy without a password and add that."
            ) from exc
        raise _damaged(file.name) from exc
    if n_pages == 0:
        raise _damaged(file.name)
    return document


class _Pages:
    """Collects the pages of one file."""

    def __init__(self, file: ParserInput) -> None:
        self.recognized: list[int] = []
        self.without_text: list[int] = []
        self.hidden: list[RawBlock] = []
        self._file = file
        self._runs: list[list[Run]] = []
        self._rules: list[list[Rule]] = []
        self._scanned: list[int] = []
        self._broken: list[int] = []
        self._too_slow: list[int] = []
        self._deadline = time.monotonic() + OCR_SHARE * file.limits.parse_timeout_s
        self._n_characters = 0

    def read(self, document: Any, number: int) -> None:  # noqa: ANN401
        """Read one page; a broken one costs only itself."""
        runs: list[Run] = []
        rules: list[Rule] = []
        try:
            page = document[number]
            drawn, rules = _runs(page)
            runs = [run for run in drawn if not run.hidden]
            self._hide([run for run in drawn if run.hidden], number + 1)
            if not runs and _has_picture(page):
                runs, rules = self._recognize(page, number + 1), []
            page.close()
        except (pypdfium2.PdfiumError, ValueError, OSError):
            self._broken.append(number + 1)
        if not runs:
            self.without_text.append(number + 1)
        self._n_characters += sum(len(run.text) for run in runs)
        self._file.limits.check_characters(self._file.name, self._n_characters)
        self._runs.append(runs)
        self._rules.append(rules)

    def _hide(self, runs: Sequence[Run], number: int) -> None:
        for how, group in itertools.groupby(runs, key=lambda run: run.hidden):
            text = " ".join(run.text for run in group)
            self.hidden.append(RawBlock("paragraph", text, page=number, hidden=how))

    def pieces(self) -> list[tuple[int, Pieces]]:
        """Return number, lines and tables of the pages."""
        kept = drop_furniture(self._runs, self._rules)
        return [
            (number, read_page(runs, rules))
            for number, (runs, rules) in enumerate(zip(kept, self._rules, strict=True), start=1)
        ]

    def warnings(self, document: Any) -> tuple[str, ...]:  # noqa: ANN401
        """Return what the person should know."""
        told: list[str] = []
        if self._scanned:
            told.append(f"No text on pages {page_ranges(self._scanned)}; {OCR_HINT}.")
        if self._too_slow:
            told.append(f"Recognizing took too long; pages {page_ranges(self._too_slow)} were not read.")
        if self._broken:
            told.append(f"Pages {page_ranges(self._broken)} are damaged and were not read.")
        if n_attached := pdfium.FPDFDoc_GetAttachmentCount(document.raw):
            told.append(f"{n_attached} attached files were not read; add them as files of their own.")
        return (*told, *hidden_warning(self.hidden))

    def _recognize(self, page: Any, number: int) -> list[Run]:  # noqa: ANN401
        if not self._file.limits.recognizes:
            self._scanned.append(number)
            return []
        if time.monotonic() > self._deadline:
            self._too_slow.append(number)
            return []
        runs = ocr.recognize(page)
        if runs:
            self.recognized.append(number)
        return runs


def page_ranges(pages: Sequence[int]) -> str:
    """Return page numbers as a person writes them: ``1-4, 7``."""
    ranges: list[list[int]] = []
    for page in sorted(pages):
        if ranges and page == ranges[-1][1] + 1:
            ranges[-1][1] = page
        else:
            ranges.append([page, page])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def _runs(page: Any) -> tuple[list[Run], list[Rule]]:  # noqa: ANN401
    text_page = page.get_textpage()
    turn = page_turn(text_page)
    rules = page_rules(page, turn) if text_page.count_chars() else []
    if len(rules) > MAX_RULES:
        rules = []
    runs = page_runs(text_page, turn, rules, hidden_objects(page) if text_page.count_chars() else {})
    text_page.close()
    text = "".join(run.text for run in runs)
    readable = sum(char.isprintable() and char != "\ufffd" and not "\ue000" <= char <= "\uf8ff" for char in text)
    return (runs, rules) if readable > MIN_READABLE * len(text) else ([], [])


def _has_picture(page: Any) -> bool:  # noqa: ANN401
    return any(True for _ in page.get_objects(max_depth=3))


def _metadata(document: Any) -> tuple[dict[str, str], str]:  # noqa: ANN401
    raw = document.get_metadata_dict(skip_empty=True)
    metadata = {name: raw[key] for key, name in _FIELDS.items() if not _JUNK_TITLE.match(raw.get(key, ""))}
    for key, name in (("CreationDate", "created"), ("ModDate", "modified")):
        if (found := _DATE.match(raw.get(key, ""))) and found[1] >= "1980":
            metadata[name] = "-".join(part for part in found.groups()[:3] if part)
    title = re.sub(r"^Microsoft (?:Word|PowerPoint|Excel)\s*-\s*", "", " ".join(raw.get("Title", "").split()))
    if _JUNK_TITLE.match(title):
        return metadata, ""
    return metadata | {"title": title}, title


def _largest_heading(blocks: Sequence[RawBlock]) -> str:
    headings = [block for block in blocks if block.kind == "heading" and block.page == 1]
    return min(headings, key=lambda block: block.level).text if headings else ""


def _damaged(name: str) -> DamagedFile:
    return DamagedFile(f"{name!r} is damaged: it cannot be opened as a PDF.", hint="Copy or download it again.")
