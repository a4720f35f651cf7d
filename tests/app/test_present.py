"""Documents and answers as plain JSON, cut by exact spans."""

from __future__ import annotations

import pytest

from app import present
from app.background import AskMoment
from rag.types import Block, Checking, Chunk, Document, Flag, ParseReport

TEXT = "Guide\n\nReset\n\nHold the 🔑 button. It blinks twice. Then let go.\n\nPart | Price\n\nKey | 12\n\nCap | 3"


def block(kind, words, level=0, page=None):
    start = TEXT.index(words)
    return Block(kind, start, start + len(words), level, page)


def make_document(text=TEXT, blocks=None, title="Guide", flags=()):
    blocks = blocks or (
        block("heading", "Guide", 1, 1),
        block("heading", "Reset", 2, 1),
        block("paragraph", "Hold the 🔑 button. It blinks twice. Then let go.", page=1),
        block("table_header", "Part | Price", page=2),
        block("table_row", "Key | 12", page=2),
        block("table_row", "Cap | 3", page=2),
    )
    report = ParseReport(2, len(text), 1, flags=flags)
    return Document(
        "d1", "v1", "default", "/g.md", "g.md", title, "text/markdown", "0", 1, text, tuple(blocks), (), report
    )


def span(words):
    return TEXT.index(words), TEXT.index(words) + len(words)


def marked(blocks):
    return [text for entry in blocks for cell in entry["cells"] for text, on in cell if on]


def test_the_cited_sentence_is_marked_to_the_character():
    mark = span("It blinks twice.")
    assert marked(present.surroundings(make_document(), mark, mark)) == ["It blinks twice."]


def test_characters_outside_of_the_basic_plane_do_not_shift_the_mark():
    mark = span("button")
    assert marked(present.surroundings(make_document(), mark, mark)) == ["button"]


def test_the_pieces_of_a_block_join_to_its_text():
    mark = span("It blinks twice.")
    shown = present.surroundings(make_document(), mark, mark)
    paragraph = next(entry for entry in shown if entry["kind"] == "paragraph")
    assert "".join(text for text, _ in paragraph["cells"][0]) == "Hold the 🔑 button. It blinks twice. Then let go."


def test_a_cited_cell_is_marked_and_its_neighbour_is_not():
    mark = span("12")
    assert marked(present.surroundings(make_document(), mark, mark)) == ["12"]


def test_a_mark_over_two_cells_marks_both_without_the_line_between():
    mark = span("Key | 12")
    assert marked(present.surroundings(make_document(), mark, mark)) == ["Key", "12"]


def test_a_row_far_from_its_header_is_shown_with_it(monkeypatch):
    monkeypatch.setattr(present, "REACH", 0)
    mark = span("Cap | 3")
    shown = present.surroundings(make_document(), mark, mark)
    assert [entry["kind"] for entry in shown] == ["table_header", "table_row"]


def test_a_long_block_is_cut_and_says_so(monkeypatch):
    monkeypatch.setattr(present, "REACH", 4)
    mark = span("It blinks twice.")
    (entry,) = present.surroundings(make_document(), mark, mark)
    assert entry["cut"] == [True, True]
    assert marked([entry]) == ["It blinks twice."]


def test_what_is_held_back_stands_beside_no_source_but_for_what_is_cited():
    order, row = span("Key | 12"), span("Cap | 3")
    held = make_document(flags=[Flag("hidden", *each, "is hidden", severe=False) for each in (order, row)])
    mark = span("It blinks twice.")
    assert [entry["kind"] for entry in present.surroundings(held, mark, mark)][2:] == [
        "paragraph",
        "table_header",
        "held",
    ]
    assert marked(present.surroundings(held, row, row)[-1:]) == ["Cap", "3"]


def test_the_heading_path_is_that_of_the_position():
    document = make_document()
    assert present.headings_at(document, span("It blinks")[0]) == ["Guide", "Reset"]
    assert present.headings_at(document, 0) == []


def test_the_page_is_that_of_the_position():
    assert present.page_at(make_document(), span("Cap")[0]) == 2


def chunk(ordinal, words, tokens=5):
    start, end = span(words)
    return Chunk(f"d1@v1:{start}-{end}", "d1", "v1", ordinal, start, end, words, "Guide", (), None, tokens)


def test_reading_shows_where_each_passage_begins_even_inside_a_block():
    chunks = (chunk(0, "Guide"), chunk(1, "It blinks twice. Then let go."), chunk(2, "Part | Price"))
    rows = present.reading(make_document(), chunks, 1)["rows"]
    kinds = [row["kind"] for row in rows]
    assert kinds == [
        "boundary", "heading", "heading", "paragraph", "boundary", "paragraph", "boundary", "table_header", "table_row",
        "table_row",
    ]  # fmt: skip
    assert rows[5]["cells"][0][0][0] == "It blinks twice. Then let go."


def test_a_long_document_is_read_in_parts_that_together_hold_every_block(monkeypatch):
    monkeypatch.setattr(present, "PART_CHARACTERS", 30)
    document = make_document()
    first = present.reading(document, (), 1)
    parts = [present.reading(document, (), n + 1)["rows"] for n in range(first["parts"])]
    words = "".join(text for rows in parts for row in rows for cell in row["cells"] for text, _ in cell)
    assert words == "".join(TEXT.replace(" | ", "").split("\n\n"))
    assert present.reading(document, (), 99)["part"] == first["parts"]
    assert present.reading(document, (), None)["part"] == 1
    for n, rows in enumerate(parts, start=1):
        marked = document.text.index(rows[0]["cells"][0][0][0])
        assert present.reading(document, (), None, (marked, marked + 5))["part"] == n


def test_a_mark_far_down_is_found_without_a_look_at_every_part(monkeypatch):
    monkeypatch.setattr(present, "PART_CHARACTERS", 30)
    looks, part_end = [], present._part_end
    monkeypatch.setattr(present, "_part_end", lambda *given: looks.append(given) or part_end(*given))
    document = make_document("x" * 6000, [Block("paragraph", n, n + 19) for n in range(0, 6000, 20)])
    assert present.reading(document, (), None, (5900, 5910))["part"] == 198
    assert len(looks) < 6


def test_a_block_longer_than_a_part_is_cut_and_no_part_is_empty(monkeypatch):
    monkeypatch.setattr(present, "PART_CHARACTERS", 30)
    document = make_document("x" * 95, (Block("paragraph", 0, 95),))
    parts = [present.reading(document, (), n)["rows"] for n in (1, 2, 3, 4)]
    assert [len(row["cells"][0][0][0]) for (row,) in parts] == [30, 30, 30, 5]
    assert [row["cut"] for (row,) in parts] == [[False, True], [True, True], [True, True], [True, False]]


def test_a_short_block_is_not_cut_between_parts(monkeypatch):
    monkeypatch.setattr(present, "PART_CHARACTERS", 30)
    document = make_document("x" * 20 + " " + "y" * 20, (Block("paragraph", 0, 20), Block("paragraph", 21, 41)))
    chunks = [Chunk(f"c{n}", "d1", "v1", n, start, start + 20, "", "", (), None, 5) for n, start in enumerate((0, 21))]
    parts = [present.reading(document, chunks, n)["rows"] for n in (1, 2)]
    assert [[row["kind"] for row in rows] for rows in parts] == [["boundary", "paragraph"]] * 2
    assert [rows[1]["cells"][0][0][0] for rows in parts] == ["x" * 20, "y" * 20]


def test_a_passage_of_the_record_tells_how_a_citation_was_found():
    record = {"passages": [{"document": "d1", "chunk": "d1@v1:10-90", "origin": ["graph"], "path": ["Key"]}]}
    citation = {"document": "d1", "version": "v1", "start": 20, "end": 30}
    assert present.origin_of(record, citation) == {"rank": 1, "origin": ["graph"], "path": ["Key"]}
    assert present.origin_of(record, citation | {"version": "v2"}) is None


def test_citations_come_by_number_and_once():
    cited = [{"n": 2}, {"n": 1}, {"n": 2}]
    assert list(present.citations({"statements": [{"citations": cited}]})) == [1, 2]


def test_an_answer_whose_words_went_with_a_document_says_so():
    gone, kept = {"text": "", "citations": []}, {"text": "It blinks.", "citations": []}
    record = {"receipt": "a", "outcome": "answered", "answer": "", "redactions": [{"document": "d1"}]}
    assert present.turn(record | {"statements": [gone]})["removed"]
    partly = present.turn(record | {"statements": [gone, kept]})
    assert (partly["removed"], [said["text"] for said in partly["statements"]]) == (False, ["It blinks."])


def test_a_heading_that_asks_is_offered_as_a_question():
    text = "Otter\n\nWhere are my clips?"
    blocks = (Block("heading", 0, 5, 1), Block("heading", 7, len(text), 2))
    document = make_document(text, blocks, title="Otter Vault: cloud storage | Help")
    assert present.sample_question(document) == (0, "Otter Vault: where are my clips?")


def test_a_heading_that_is_held_back_is_not_offered():
    text = "Otter\n\nWhere are my clips?\n\nKnown problems"
    blocks = (Block("heading", 0, 5, 1), Block("heading", 7, 26, 2), Block("heading", 28, len(text), 2))
    hidden = Flag("hidden", 7, 26, "is hidden", severe=False)
    assert present.sample_question(make_document(text, blocks, "Otter")) == (0, "Otter: where are my clips?")
    assert present.sample_question(make_document(text, blocks, "Otter", (hidden,))) == (
        1,
        "What does “Otter” say about known problems?",
    )


@pytest.mark.parametrize("title", ["(Draft) Leave policy", "|Leave"])
def test_a_title_without_a_subject_before_its_sign_is_named_whole(title):
    text = "Leave\n\nHow many days are there?"
    asks = (Block("heading", 0, 5, 1), Block("heading", 7, len(text), 2))
    assert present.sample_question(make_document(text, asks, title)) == (0, f"{title}: how many days are there?")
    text = "Leave\n\nKnown problems"
    plain = (Block("heading", 0, 5, 1), Block("heading", 7, len(text), 2))
    assert present.sample_question(make_document(text, plain, title)) == (
        1,
        f"What does “{title}” say about known problems?",
    )


def test_a_plain_heading_is_asked_about_where_it_says_what_it_is_about():
    text = "Guide\n\nHow long\n\n2. Safety at home"
    headings = (Block("heading", 0, 5, 1), Block("heading", 7, 15, 2), Block("heading", 17, len(text), 2))
    assert present.sample_question(make_document(text, headings)) == (
        1,
        "What does “Guide” say about safety at home?",
    )


@pytest.mark.parametrize("heading", ["In short", "Where we are", "Not fixed yet", "Offline (HX-6001)"])
def test_a_heading_that_means_something_only_where_it_stands_is_not_asked_about(heading):
    text = f"Guide\n\n{heading}"
    headings = (Block("heading", 0, 5, 1), Block("heading", 7, len(text), 2))
    assert present.sample_question(make_document(text, headings)) is None


@pytest.mark.parametrize("heading", ["Cleaning", "How to send a parcel back"])
def test_a_heading_that_names_a_thing_or_a_task_is_asked_about(heading):
    text = f"Guide\n\n{heading}"
    headings = (Block("heading", 0, 5, 1), Block("heading", 7, len(text), 2))
    topic = heading[:1].lower() + heading[1:]
    assert present.sample_question(make_document(text, headings)) == (1, f"What does “Guide” say about {topic}?")


def test_a_title_of_one_word_is_named_whole():
    text = "Runbook\n\nKnown problems"
    headings = (Block("heading", 0, 7, 1), Block("heading", 9, len(text), 2))
    _, question = present.sample_question(make_document(text, headings, title="Runbook: rescue mode | Help"))
    assert question == "What does “Runbook: rescue mode” say about known problems?"


def test_a_document_without_headings_offers_no_question():
    assert present.sample_question(make_document("Words.", (Block("paragraph", 0, 6),))) is None


def test_few_questions_are_offered_and_half_are_the_documents_own():
    text = "Guide\n\nWhere are my clips now?"
    asks = make_document(text, (Block("heading", 0, 5, 1), Block("heading", 7, len(text), 2)))
    text = "Guide\n\nKnown problems"
    plain = make_document(text, (Block("heading", 0, 5, 1), Block("heading", 7, len(text), 2)))
    offered = present.sample_questions([asks] * 9 + [plain] * 9)
    assert [question.startswith("Guide: ") for question in offered] == [True, True, False, False]


def test_boxes_become_shares_of_the_picture():
    assert present.picture(b"x", (200, 100), [(20, 10, 60, 20)])["boxes"] == [[10, 10, 20, 10]]


def test_a_question_that_was_looked_up_in_other_words_says_so():
    asked = {"question": "resett  the kestral?", "query": {"text": "reset the Kestrel?"}}
    assert present.read_as(asked) == "reset the Kestrel?"
    assert present.read_as({"question": "Reset  it?", "query": {"text": "reset it?"}}) == ""
    assert present.read_as({"question": "What?", "query": None}) == ""
    assert present.read_as({"question": "hx-2104", "query": {"text": "What is hx-2104?"}}) == ""
    assert present.read_as({"question": "hx 2104", "query": {"text": "What is HX-2104?"}}) == "What is HX-2104?"


def test_the_words_of_a_sentence_that_is_being_checked_are_not_shown():
    shown = present.moment(AskMoment("guard", checking=Checking("It lasts 99 years.", "Manual")))
    assert shown["checking"] == {"length": 18, "source": "Manual", "repairing": False}
    assert "99" not in str(shown)


def weighed(answer, n):
    cited = {
        "n": n,
        "document": f"d{n}",
        "version": "v1",
        "title": "T",
        "page": None,
        "start": 0,
        "end": 3,
        "quote": "",
    }
    statement = {"text": answer, "support": 1.0, "citations": [cited]}
    return {"answer": answer, "probability": 0.5, "why": "It says less.", "statements": [statement]}


def test_other_answers_are_shown_without_the_first_and_their_sources_can_be_opened():
    first, other, emptied = weighed("30 days.", 1), weighed("14 days.", 2), weighed("", 3)
    record = {
        "receipt": "a1",
        "outcome": "partial",
        "statements": first["statements"],
        "candidates": [first, other, emptied],
        "missing": ["who pays shipping?"],
        "readings": [""],
        "fallbacks": [{"slot": "graph", "instead": "No graph.", "reason": "gone"}],
    }
    turn = present.turn(record)
    assert [each["answer"] for each in turn["others"]] == ["14 days."]
    assert list(present.citations(record)) == [1, 2]
    assert (turn["missing"], turn["readings"], turn["fallbacks"]) == (["who pays shipping?"], [], ["No graph."])


def test_sides_can_be_opened_and_what_was_not_in_force_is_marked():
    side = weighed("21 days.", 3)["statements"][0]
    record = {
        "receipt": "a1",
        "outcome": "refused",
        "reason": "conflicting_evidence",
        "sides": [side],
        "notes": ["They disagree."],
        "as_of": "2026-06-08",
        "standings": [
            {"document": "d1", "status": "superseded", "from": "2023-04-01", "in_force": False},
            {"document": "d2", "status": "in force", "from": "2027-01-01", "in_force": False},
            {"document": "d3", "status": "in force", "from": None, "in_force": True},
            {"document": "d4", "status": "unknown", "from": None, "in_force": None},
        ],
    }
    turn = present.turn(record)
    assert (turn["sides"], turn["notes"]) == ([side], ["They disagree."])
    assert turn["badges"] == {"d1": "superseded", "d2": "not yet in force"}
    assert list(present.citations(record)) == [3]


def test_the_words_that_answer_stand_out_to_the_character():
    text = "The 🔑 is guaranteed for 24 months."
    spoken = {"text": text, "citations": [], "phrase": [24, 33]}
    record = {"receipt": "a1", "outcome": "answered", "statements": [spoken, {**spoken, "phrase": None}]}
    with_phrase, without = (said["pieces"] for said in present.turn(record)["statements"])
    assert with_phrase == [["The 🔑 is guaranteed for ", False], ["24 months", True], [".", False]]
    assert without == [[text, False]]


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("", ""),
        ("Can I get a loan device?", "Can I get a loan device?"),
        (
            "Hello,\nI bought a Kestrel in March and it is dead. A loan, please?",
            "… March and it is dead. A loan, please?",
        ),
    ],
)
def test_a_conversation_is_found_with_the_words_that_its_title_lacks(question, shown):
    known = {"id": "c1", "title": "Kestrel?", "question": question}
    assert present.found_conversation(known, "KESTREL loan")["question"] == shown


@pytest.mark.parametrize(
    ("record", "refused_as", "words"),
    [
        ({"reason": "policy", "models": {}}, "broken_policy", "Nothing can be answered just now"),
        ({"reason": "weak_evidence"}, "weak_evidence", "Not clear enough to answer"),
    ],
)
def test_a_refusal_is_told_by_what_lies_behind_it(record, refused_as, words):
    turn = present.turn({"receipt": "a", "outcome": "refused", **record})
    assert (turn["refused_as"], turn["refusal"]) == (refused_as, words)


def test_a_nearest_passage_does_not_begin_with_the_heading_above_it_and_its_rows_stand_apart():
    passage = {"title": "Runbook", "headings": ["Runbook", "Which route"]}
    text = "Which route\n\nSituation | Route\nFaulty early | R-10\n\nAsk first."
    turn = present.turn({"receipt": "a", "outcome": "refused", "passages": [passage | {"text": text}]})
    (shown,) = turn["passages"]
    assert (shown["place"], shown["text"]) == ("Which route", "Situation | Route; Faulty early | R-10 Ask first.")


def test_a_nearest_passage_says_that_its_document_is_not_in_force():
    passages = [{"title": name, "document": name, "headings": [], "text": "Words."} for name in ("old", "new")]
    standings = [{"document": "old", "status": "draft", "in_force": False}]
    turn = present.turn({"receipt": "a", "outcome": "refused", "passages": passages, "standings": standings})
    assert [passage["badge"] for passage in turn["passages"]] == ["draft", ""]


def test_a_nearest_passage_whose_words_went_with_its_document_says_so():
    gone, there = ({"title": words, "headings": [], "text": words} for words in ("", "Guide"))
    turn = present.turn({"receipt": "a", "outcome": "refused", "passages": [gone, there]})
    assert [(each["title"], each["text"], each["gone"]) for each in turn["passages"]] == [
        ("Removed document", "", True),
        ("Guide", "Guide", False),
    ]


def test_a_stored_answer_that_failed_is_a_failure_and_no_refusal():
    failed, refused = (
        present.turn({"receipt": "a", "outcome": each, "message": "M."}) for each in ("failed", "refused")
    )
    assert failed["failure"] == {"message": "M."}
    assert refused["failure"] is None
