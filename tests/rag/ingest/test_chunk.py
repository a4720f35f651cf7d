"""Chunks cover the document exactly, follow its structure and stay within the budget."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.ingest.chunk import CHARACTERS_PER_TOKEN, chunk
from rag.protocols import TokenSpan
from rag.sentences import Span
from rag.types import Block, Document, ParseReport


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
        assert len(words(c.text)) <= budget
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
