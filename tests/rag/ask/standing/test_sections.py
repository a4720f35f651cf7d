"""A section that says until when or since when it holds gives way to the rest of its document."""

from dataclasses import replace

import pytest

from rag.ask.standing.preferred import caveats, prefer
from rag.ask.standing.sections import HOLDS, give_way, section_of
from rag.confidence import NO_CONFIDENCE
from rag.types import Citation, Evidence, Hit, Statement, Verdict

TODAY = "2026-06-08"


@pytest.fixture
def section(passage_of):
    def make(heading, text, *, ordinal=1, document="plans", media_type="text/markdown"):
        passage = passage_of(f"{heading}\n\n{text}", title="Plans", document=document, start=ordinal * 1000)
        chunk = replace(passage.chunk, headings=(heading,), ordinal=ordinal)
        return Hit(replace(passage, chunk=chunk, media_type=media_type), 1.0, ("dense",))

    return make


def back(hits):
    return [hit.passage.chunk.headings[-1] for hit in hits if hit.features.get("set_back")]


@pytest.mark.parametrize(
    ("heading", "text", "status", "begins", "ends"),
    [
        ("2025 (superseded)", "Valid until 31 December 2025. Old customers keep it.", "superseded", None, "2025-12-31"),
        ("Home", "From 1 January 2026. Without VAT.", "in force", "2026-01-01", None),
        ("Prices until 30 June 2026", "Home | 6.90", "unknown", None, "2026-06-30"),
        ("Rota, from 1 July 2026 on", "Ann | Bo", "in force", "2026-07-01", None),
        ("Fees - DRAFT", "Home | 6.90", "draft", None, None),
    ],
)
def test_what_a_section_says_of_itself_is_read(section, heading, text, status, begins, ends):
    standing = section_of(section(heading, text).passage).standing
    assert (standing.status, standing.effective_from, standing.effective_to) == (status, begins, ends)


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("Outage from 4 March 2026", "The host was down."),
        ("Expired certificates", "Renew them."),
        ("Vouchers", "A voucher is valid until 31 December 2025."),
        ("Home", "Home 3 | 6.90\nValid until 31 December 2025."),
    ],
)
def test_anything_else_says_nothing_of_its_section(section, heading, text):
    assert section_of(section(heading, text).passage) is None


def test_what_the_beginning_of_a_document_says_is_its_standing_but_for_sheets(section):
    said = ("Home", "Valid until 31 December 2025.")
    assert section_of(section(*said, ordinal=0).passage) is None
    assert section_of(section(*said, ordinal=0, media_type="application/x-sheet").passage) is not None


def test_an_old_section_gives_way_to_the_others_of_its_document(section):
    hits = [
        section("2025 (superseded)", "Valid until 31 December 2025."),
        section("Home", "From 1 January 2026.", ordinal=2),
    ]
    assert back(give_way(hits, "price of Home 3?", on=TODAY, today=TODAY)) == ["2025 (superseded)"]
    on_the_day = give_way(hits, "price of Home 3 in November?", on="2025-11-30", today=TODAY)
    assert back(on_the_day) == ["Home"]
    assert [HOLDS in hit.features for hit in on_the_day] == [True, False]


def test_it_stays_where_it_is_asked_for_or_nothing_else_is_there(section):
    old, new = (
        section("2025 (superseded)", "Valid until 31 December 2025."),
        section("Home", "Home 3 | 6.90", ordinal=2),
    )
    assert back(give_way([old, new], "what was the 2025 price?", on=TODAY, today=TODAY)) == []
    assert back(give_way([old, new], "what was the old price?", on=TODAY, today=TODAY)) == []
    assert back(give_way([old], "price of Home 3?", on=TODAY, today=TODAY)) == []
    other = section("Home", "Home 3 | 6.90", document="other")
    assert back(give_way([old, other], "price of Home 3?", on=TODAY, today=TODAY)) == []
    assert back(give_way([old, new], "price of Home 3?", on=TODAY, today=TODAY, reports={"plans"})) == []


def test_what_begins_later_is_told_of_today(section):
    hits = [section("Prices from 1 September 2026", "Home 3 | 7.90"), section("Home", "Home 3 | 6.90", ordinal=2)]
    assert back(give_way(hits, "price of Home 3 from September?", on=TODAY, today=TODAY)) == []


def test_an_answer_from_an_old_section_says_so(section, query_of):
    hit = section("2025 (superseded)", "Valid until 31 December 2025.")
    preferred = prefer(Evidence(query_of("price?"), (hit,)), [], on=TODAY, today=TODAY)
    chunk = hit.passage.chunk
    cited = Citation(1, "plans", "Plans", "v1", chunk.id, None, chunk.headings, 0, 3, "2025")
    verdict = Verdict("answered", None, "quoted", (Statement("2025", 1.0, (cited,)),), (), NO_CONFIDENCE)
    assert caveats(verdict, preferred) == (
        "“Plans › 2025 (superseded)” is not in force: superseded since 1 January 2026.",
    )
    earlier = replace(preferred, on="2025-11-30")
    assert caveats(verdict, earlier) == (
        "This is as of 30 November 2025; “Plans › 2025 (superseded)” is superseded since 1 January 2026.",
    )
