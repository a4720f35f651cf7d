"""Chunks cover the document exactly, follow its structure and stay within the budget."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.ask.texts.rows import rows_of
from rag.ingest.chunk import CHARACTERS_PER_TOKEN, chunk
from rag.protocols import TokenSpan
from rag.sentences import Span
from rag.types import Block, Chunk, Document, Hit, LiveChunk, ParseReport, Turn


def words(text: str) -> list[TokenSpan]:
    return [TokenSpan(m.start(), m.end()) for m in re.finditer(r"\w+|[^\w\s]", text)]


def document(*pieces: tuple[str, str] | tuple[str, str, int], title: str = "Manual") -> Document:
    text, blocks = "", []
    for kind, piece, *level in pieces:
        text += "\n\n" if text else ""
        blocks.append(Block(kind, len(text), len(text) + len(piece), level[0] if level else 0))
        text += piece
    report = ParseReport(None, len(text), 0)
    return Document("d1", "v1", "default", "s", "m.md", title, "text/markdown", "", 0, text, tuple(blocks), (), report)


def paged(doc: Document, *pages: int, media_type: str = "application/pdf") -> Document:
    blocks = tuple(replace(block, page=page) for block, page in zip(doc.blocks, pages, strict=True))
    return replace(doc, blocks=blocks, media_type=media_type)


def cut(doc: Document, budget: int = 40, context: int = 10, held: Sequence[Span] = ()):
    return chunk(doc, words, budget_tokens=budget, context_tokens=context, held=held)


def test_a_short_document_is_one_chunk_with_its_exact_span():
    doc = document(("heading", "Reset", 1), ("paragraph", "Hold the button for ten seconds."))
    (only,) = cut(doc)
    assert only.id == f"d1@v1:0-{len(doc.text)}"
    assert only.text == doc.text
    assert only.headings == ("Reset",)
    assert only.context == "Manual"


def test_a_section_begins_a_new_chunk_and_carries_the_headings_above_it():
    doc = document(
        ("heading", "Lights", 1),
        ("paragraph", "Green means online and amber means that the line is training now."),
        ("heading", "Amber", 2),
        ("paragraph", "Wait five minutes."),
    )
    first, second = cut(doc)
    assert second.text == "Amber\n\nWait five minutes."
    assert second.headings == ("Lights", "Amber")
    assert second.context == "Manual\nLights"
    assert "Amber" not in first.text


def test_a_heading_never_ends_a_chunk():
    doc = document(
        ("paragraph", " ".join(["word"] * 28)),
        ("heading", "Next", 1),
        ("paragraph", " ".join(["more"] * 29)),
    )
    assert [c.text.split()[0] for c in cut(doc)] == ["word", "Next"]


def test_rows_that_continue_a_table_carry_its_header_in_the_context():
    rows = [("table_row", f"HX-{i} | loss of sync | restart the unit now") for i in range(6)]
    doc = document(("table_header", "Code | Meaning | Action"), *rows)
    first, *others = cut(doc)
    assert first.text.startswith("Code | Meaning | Action")
    assert others
    assert all(c.context.endswith("Code | Meaning | Action") for c in others)
    assert all(c.text.startswith("HX-") for c in others)


def test_the_rest_of_a_row_knows_its_columns_and_what_it_is_about():
    told = " ".join(f"Line {i} of the report says more." for i in range(8))
    rows = f"T-17 | Lee | {told} | closed | 2026-03-01", "T-18 | Ann | Short. | open | 2026-03-02"
    doc = document(("table_header", "Ticket | By | Report | State | Day"), *(("table_row", row) for row in rows))
    *_, rest, last = cut(doc)
    assert rest.text.endswith("says more. | closed | 2026-03-01")
    assert rest.context.splitlines() == ["Manual", "T-17", "Report | State | Day"]
    assert (last.text, last.context.splitlines()[1:]) == (rows[1], ["Ticket | By | Report | State | Day"])
    (row,) = rows_of([Hit(LiveChunk(rest, "Manual", "s", "text/csv"), 1.0, ("dense",), {}, (), {})])
    assert [(cell.header, cell.text) for cell in row.cells][1:] == [("State", "closed"), ("Day", "2026-03-01")]


def table(n_columns: int, *cells: str) -> Document:
    named = " | ".join(f"Name {i}" for i in range(n_columns))
    rows = (" | ".join(f"{cell}{row}{i}" for i in range(n_columns)) for row, cell in enumerate(cells))
    return document(("table_header", named), *(("table_row", row) for row in rows))


def cells_of(chunks: Sequence[Chunk]) -> dict[str, str]:
    hits = [Hit(LiveChunk(c, "Manual", "s", "text/csv"), 1.0, ("dense",), {}, (), {}) for c in chunks]
    return {cell.text: cell.header for row in rows_of(hits) for cell in row.cells}


def test_a_header_that_is_longer_than_the_context_is_kept_whole_beside_it():
    chunks = cut(table(6, "a", "b", "c"), budget=38)
    assert [c.context.splitlines() for c in chunks[1:]] == [
        ["Manual", "Name 0 | Name 1 | Name 2 | Name 3 | Name 4 | Name 5"],
        ["Manual", "Name 0 | Name 1 | Name 2 | Name 3 | Name 4 | Name 5"],
    ]
    assert [c.text[0] for c in chunks[1:]] == ["b", "c"]
    assert cells_of(chunks[1:]) == {f"{cell}{i}": f"Name {i}" for cell in ("b1", "c2") for i in range(6)}
    assert max(c.n_tokens for c in chunks) <= 38


def test_a_row_too_long_for_a_passage_with_its_header_is_cut_and_each_part_has_the_names_of_its_columns():
    chunks = cut(table(30, "a", "b"), budget=50)
    named = {text: name for text, name in cells_of([c for c in chunks if "Name" not in c.text]).items() if text}
    assert named == {f"{cell}{r}{i}": f"Name {i}" for r, cell in enumerate("ab") for i in range(30)}
    assert max(c.n_tokens for c in chunks) <= 50


def test_a_long_paragraph_is_cut_between_sentences():
    sentences = [f"Sentence number {i} has exactly eight words here." for i in range(9)]
    chunks = cut(document(("paragraph", " ".join(sentences))))
    assert len(chunks) > 1
    assert all(c.text.startswith("Sentence number") and c.text.endswith("here.") for c in chunks)


def test_a_sentence_longer_than_the_budget_is_cut_between_words():
    chunks = cut(document(("paragraph", " ".join(f"w{i}" for i in range(100)))))
    assert len(chunks) == 4
    assert " ".join(c.text for c in chunks) == " ".join(f"w{i}" for i in range(100))


def test_a_word_of_any_length_is_cut_and_no_character_is_lost():
    text = "before " + "x" * 5000 + " after " + " " * 3000 + "end"
    chunks = cut(document(("paragraph", text)))
    assert max(len(c.text) for c in chunks) <= 30 * CHARACTERS_PER_TOKEN
    assert all(c.text.strip() for c in chunks)
    assert "".join("".join(c.text.split()) for c in chunks) == "".join(text.split())


def test_long_words_are_not_joined_to_a_passage_without_limit():
    chunks = cut(document(*(("paragraph", "x" * 250) for _ in range(10))))
    assert len(chunks) == 10


def test_a_heading_of_any_length_does_not_fill_the_context():
    doc = document(("heading", "x" * 5000, 1), ("paragraph", "Text."), title="y" * 5000)
    assert max(len(c.context) for c in cut(doc)) <= 201


def test_the_context_keeps_header_and_title_before_outer_headings():
    doc = document(
        ("heading", "one two three four five", 1),
        ("heading", "six seven", 2),
        ("paragraph", "Text."),
        ("heading", "x", 3),
        ("paragraph", " ".join(["word"] * 30)),
    )
    last = cut(doc, budget=40, context=4)[-1]
    assert last.context.splitlines() == ["Manual", "one", "six seven"]


blocks = st.lists(
    st.tuples(
        st.sampled_from(["heading", "paragraph", "list_item", "table_header", "table_row", "code"]),
        st.text(alphabet="ab1.?é日 ", min_size=1, max_size=200).map(str.strip).filter(bool),
        st.integers(1, 4),
    ),
    min_size=1,
    max_size=12,
)


@settings(deadline=None, max_examples=150)
@given(blocks, st.integers(12, 60))
def test_chunks_cover_every_block_once_and_in_order(pieces, budget):
    doc = document(*pieces)
    chunks = cut(doc, budget=budget, context=4)
    covered = [0] * len(doc.text)
    for c in chunks:
        assert doc.text[c.start : c.end] == c.text
        assert c.n_tokens == len(words(c.text)) + len(words(c.context)) <= budget
        for i in range(c.start, c.end):
            covered[i] += 1
    assert all(n == 1 for n, char in zip(covered, doc.text, strict=True) if not char.isspace())
    assert [c.start for c in chunks] == sorted(c.start for c in chunks)
    assert len({c.id for c in chunks}) == len(chunks)


@pytest.mark.timeout(20)
def test_many_held_paragraphs_between_others_are_left_out_in_time():
    doc = document(*[("paragraph", piece) for _ in range(15_000) for piece in ("Obey.", "Seen.")])
    chunks = cut(doc, held=[Span(block.start, block.end) for block in doc.blocks[::2]])
    assert [c.text for c in chunks] == ["Seen."] * 15_000


@pytest.mark.parametrize("text", ["", "   "])
def test_a_document_without_blocks_has_no_chunks(text):
    report = ParseReport(None, 0, 0)
    doc = Document("d1", "v1", "default", "s", "m", "M", "text/plain", "", 0, text, (), (), report)
    assert cut(doc) == ()


def test_a_chunk_knows_where_another_page_or_section_begins_in_it():
    doc = document(("heading", "Lights", 1), ("paragraph", "Green."), ("paragraph", "Red."), ("heading", "Sounds", 1))
    (only,) = cut(paged(doc, 1, 1, 2, 2))
    red, sounds = (doc.text.index(word) for word in ("Red", "Sounds"))
    assert only.turns == (Turn(red, 2, ("Lights",)), Turn(sounds, 2, ("Sounds",)))
    assert only.place(0) == (1, ("Lights",))
    assert only.place(red + 1) == (2, ("Lights",))
    assert only.place(sounds) == (2, ("Sounds",))


def test_a_sheet_shares_no_chunk_with_another():
    doc = document(("heading", "Cloud", 1), ("table_row", "a | 1"), ("heading", "Home", 1), ("table_row", "b | 2"))
    assert len(cut(paged(doc, 1, 1, 2, 2))) == 1
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert [c.headings for c in cut(paged(doc, 1, 1, 2, 2, media_type=sheet))] == [("Cloud",), ("Home",)]


@pytest.mark.parametrize(
    ("heading", "opening", "n_chunks"),
    [("2025 (superseded)", "Two.", 2), ("Prices", "Valid until 31 December 2025.", 2), ("Prices", "Two.", 1)],
)
def test_a_section_that_says_when_it_holds_shares_no_chunk_with_another(heading, opening, n_chunks):
    doc = document(("heading", "Home", 1), ("paragraph", "One."), ("heading", heading, 1), ("paragraph", opening))
    assert len(cut(doc)) == n_chunks


def test_what_the_first_section_says_is_the_standing_of_the_document():
    doc = document(
        ("heading", "Prices", 1), ("paragraph", "Valid from 1 May 2026."), ("heading", "Home", 2), ("paragraph", "One.")
    )
    assert len(cut(doc, budget=80)) == 1


def test_what_leads_to_a_list_or_names_it_is_not_cut_from_it():
    long = " ".join(["word"] * 24) + "."
    items = [("list_item", f"item {n} of the list") for n in range(3)]
    first, second = cut(document(("paragraph", long), ("paragraph", "Bring with you:"), *items), budget=40)
    assert first.text == long
    assert second.text.startswith("Bring with you:\n\nitem 0")
    first, second = cut(document(("paragraph", long), ("paragraph", "Getting it back"), ("paragraph", long)))
    assert (first.text, second.text) == (long, f"Getting it back\n\n{long}")
    # A line that leads to nothing stays above the next section, and no more than two are carried on.
    first, *_ = cut(document(("paragraph", long), ("paragraph", "Bring:"), ("heading", "Fees", 1), ("paragraph", long)))
    assert first.text == f"{long}\n\nBring:"
    lines = [("paragraph", f"short line {n}") for n in range(8)]
    assert [len(each.text.split("\n\n")) for each in cut(document(*lines))] == [8]
    assert all(each.n_tokens <= 40 for each in cut(document(*lines, ("paragraph", long), *lines)))
