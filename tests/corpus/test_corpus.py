"""The sample documents and their labelled questions keep what `corpus/README.md` says of them."""

import csv
import email
import email.policy
import html
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

import docx
import openpyxl
import pptx
import pypdfium2
import pytest

CORPUS = Path(__file__).parents[2] / "corpus"
DOCUMENTS = CORPUS / "documents"
SCAN = "contracts/voltmark-recall-letter-scan.pdf"
QUERIES = [json.loads(line) for line in (CORPUS / "queries.jsonl").read_text("utf-8").splitlines()]
ANSWERABLE = [query for query in QUERIES if query["metadata"]["answerable"]]


def _read_qrels() -> dict[str, list[str]]:
    with (CORPUS / "qrels" / "test.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t"))
    assert rows[0] == ["query-id", "corpus-id", "score"]
    relevant: dict[str, list[str]] = {}
    for query_id, document_id, score in rows[1:]:
        assert score == "1"
        relevant.setdefault(query_id, []).append(document_id)
    return relevant


QRELS = _read_qrels()


def _email_text(path: Path) -> str:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join([*(str(message[name]) for name in ("subject", "from", "to", "cc")), *parts])


def _docx_text(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def _pptx_text(path: Path) -> str:
    lines = []
    for slide in pptx.Presentation(str(path)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                lines.append(shape.text_frame.text)
            if shape.has_table:
                lines.extend(cell.text for row in shape.table.rows for cell in row.cells)
        if slide.has_notes_slide:
            lines.append(slide.notes_slide.notes_text_frame.text)
    return "\n".join(lines)


def _xlsx_text(path: Path) -> str:
    sheets = openpyxl.load_workbook(path).worksheets
    return "\n".join(str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row)


def _pdf_text(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as pdf:
        return "\n".join(pdf[number].get_textpage().get_text_range() for number in range(len(pdf)))


def _html_text(path: Path) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", path.read_text("utf-8")))


READERS = {
    ".docx": _docx_text, ".eml": _email_text, ".html": _html_text, ".pdf": _pdf_text, ".pptx": _pptx_text,
    ".xlsx": _xlsx_text,
}  # fmt: skip


@cache
def _text(document_id: str) -> str:
    """The document's text with single spaces and without Markdown's emphasis marks."""
    path = DOCUMENTS / document_id
    text = READERS[path.suffix](path) if path.suffix in READERS else path.read_text("utf-8")
    return re.sub(r"\s+", " ", re.sub(r"[*`]", "", text))


def test_formats_are_all_there() -> None:
    found = Counter(path.suffix for path in DOCUMENTS.rglob("*") if path.is_file())
    assert found == {
        ".md": 29, ".html": 8, ".pdf": 8, ".docx": 5, ".pptx": 4, ".xlsx": 4, ".csv": 3, ".eml": 4, ".txt": 1,
    }  # fmt: skip


def test_folder_stays_small() -> None:
    assert sum(path.stat().st_size for path in CORPUS.rglob("*") if path.is_file()) < 12_000_000


def test_every_document_but_the_scan_has_text() -> None:
    empty = [
        document_id
        for path in DOCUMENTS.rglob("*")
        if path.is_file() and not _text(document_id := path.relative_to(DOCUMENTS).as_posix()).strip()
    ]
    assert empty == [SCAN]


def test_scan_has_pages_of_images_only() -> None:
    with pypdfium2.PdfDocument(DOCUMENTS / SCAN) as pdf:
        assert len(pdf) == 2
        for page in pdf:
            assert page.get_textpage().count_chars() == 0
            assert [item.type for item in page.get_objects()] == [pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]


def test_one_mail_has_an_attachment() -> None:
    with_attachment = [
        path.name
        for path in DOCUMENTS.rglob("*.eml")
        if list(email.message_from_bytes(path.read_bytes(), policy=email.policy.default).iter_attachments())
    ]
    assert with_attachment == ["2026-03-18-adapter-recall.eml"]


def test_superseded_documents_name_a_successor_that_exists() -> None:
    pairs = {}
    for path in DOCUMENTS.rglob("*.md"):
        text = path.read_text("utf-8")
        if "status: superseded" in text:
            pairs[path.relative_to(DOCUMENTS).as_posix()] = re.search(r"^superseded_by: (.+)$", text, re.MULTILINE)[1]
    assert {"policies/warranty-2024.md", "policies/returns-2023.md", "releases/hexos-5.2.md"} <= set(pairs)
    for old, new in pairs.items():
        assert f"supersedes: {old}" in (DOCUMENTS / new).read_text("utf-8")
    assert "It replaces the version of 1 March 2024" in _text("policies/privacy-2025.html")


def test_contradiction_stands_in_two_documents_of_one_date() -> None:
    policy, runbook = _text("policies/dead-on-arrival.docx"), _text("runbooks/rma-handling.md")
    assert "within 14 days of delivery" in policy
    assert "within 21 days of delivery" in runbook
    assert "Effective 1 October 2025" in policy
    assert "effective: 2025-10-01" in runbook


def test_there_are_446_questions_with_ids_of_their_own() -> None:
    assert len(QUERIES) == 446
    assert len({query["_id"] for query in QUERIES}) == 446
    assert len({(query["text"], *query["metadata"].get("history", ())) for query in QUERIES}) == 446


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("two-hop", 30), ("unanswerable", 30), ("follow-up", 15), ("policy", 8), ("conflict", 3), ("code", 8),
        ("yes-no", 5), ("numeric", 5), ("list", 5), ("how-to", 5), ("fact", 5),
    ],
)  # fmt: skip
def test_kind_has_enough_questions_in_both_splits(kind: str, least: int) -> None:
    of_kind = [query["metadata"] for query in QUERIES if query["metadata"]["type"] == kind]
    assert len(of_kind) >= least
    assert {metadata["split"] for metadata in of_kind} >= {"dev", "held_out"}


def test_a_third_of_the_hard_questions_is_held_out() -> None:
    assert Counter(query["metadata"]["split"] for query in QUERIES) == {"dev": 260, "held_out": 120, "plain": 66}


def test_every_question_is_asked_on_the_day_that_the_documents_call_today():
    assert {query["metadata"]["as_of"] for query in QUERIES} == {"2026-06-08"}


def test_fifteen_questions_have_typos() -> None:
    assert sum(query["metadata"].get("typo", False) for query in QUERIES) >= 15


def test_qrels_join_known_questions_and_existing_documents() -> None:
    assert set(QRELS) == {query["_id"] for query in ANSWERABLE}
    for query_id, document_ids in QRELS.items():
        assert len(document_ids) == len(set(document_ids)), query_id
        for document_id in document_ids:
            assert (DOCUMENTS / document_id).is_file(), document_id


def test_unanswerable_questions_have_no_answers() -> None:
    assert all(bool(query["metadata"]["answers"]) == query["metadata"]["answerable"] for query in QUERIES)


def test_two_hop_questions_name_their_hops() -> None:
    for query in QUERIES:
        if query["metadata"]["type"] == "two-hop":
            hops = query["metadata"]["hops"]
            assert len(hops) >= 2
            # Both steps may lead through sheets of one file.
            assert {document_id for hop in hops for document_id in hop} == set(QRELS[query["_id"]])


def test_follow_ups_have_history_and_a_standalone_form() -> None:
    for query in QUERIES:
        if query["metadata"]["type"] == "follow-up":
            assert query["metadata"]["history"]
            assert query["metadata"]["standalone"] != query["text"]


def test_conflicts_give_one_answer_per_document() -> None:
    for query in QUERIES:
        if query["metadata"].get("conflict"):
            texts = [_text(document_id) for document_id in QRELS[query["_id"]]]
            assert all(answer in text for answer, text in zip(query["metadata"]["answers"], texts, strict=True))


@pytest.mark.parametrize("query", ANSWERABLE, ids=lambda query: query["_id"])
def test_first_answer_stands_verbatim_in_a_relevant_document(query: dict) -> None:
    if query["metadata"].get("needs_ocr"):
        assert QRELS[query["_id"]] == [SCAN]
        return
    first = query["metadata"]["answers"][0]
    assert any(first in _text(document_id) for document_id in QRELS[query["_id"]]), first
