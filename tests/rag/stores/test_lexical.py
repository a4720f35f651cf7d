"""Words are found in their forms, codes to the letter, and no query is ever syntax."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PASSAGES = {
    "hub": "The HX-2104 hub blinks amber.",
    "hub-b": "The HX-2104-B hub, HX-2104-B revision, never blinks: HX-2104-B is silent.",
    "address": "Open http://192.168.0.1/admin in a browser.",
    "longer": "The address 10.192.168.0.1.5 is none.",
    "release": "Release v2.4.1 mends it (see notes_v2.pdf).",
    "prerelease": "Release v2.4.10 does not.",
    "french": "La crème brûlée du café.",
    "code": 'Error "E17" means no link; C++ and C# clients log 0x80004005.',
    "lowered": "The CO₂ sensor covers 40 m² and counts 10¹² photons.",
    "plain": "Routers were restarting repeatedly.",
    "chinese": "路由器的电源指示灯闪烁。",
    "dash": "Model WR\u20112000 and WR\u20133000.",
}


@pytest.fixture(scope="module")
def find(tmp_path_factory, opener, embed_by_hand):
    """Search and return the names of the passages, best first."""
    stores = opener(tmp_path_factory.mktemp("lexical") / "home")
    by_id = {}
    for name, passage in PASSAGES.items():
        embedded = embed_by_hand([passage], source=name, title="Support")
        stores.ingest(embedded)
        by_id[embedded.chunks[0].id] = name

    def _find(*terms, phrases=(), limit=20):
        hits = stores.lexical.search("default", stores.index, terms, phrases=phrases, limit=limit)
        return [by_id[hit.chunk_id] for hit in hits]

    _find.stores = stores
    yield _find
    stores.close()


def test_words_are_found_in_their_forms(find):
    assert find("router") == ["plain"]
    assert find("restart") == ["plain"]


def test_accents_and_case_do_not_matter(find):
    assert find("CREME") == find("crème") == ["french"]


@pytest.mark.parametrize(
    ("term", "first"),
    [
        ("HX-2104", "hub"),
        ("hx-2104-b", "hub-b"),
        ("HX2104", "hub"),
        ("HX\u20112104", "hub"),
        ("192.168.0.1", "address"),
        ("co2", "lowered"),
        ("CO₂", "lowered"),
        ("m2", "lowered"),
        ("v2.4.1", "release"),
        ("v2.4.10", "prerelease"),
        ("notes_v2.pdf", "release"),
        ("E17", "code"),
        ("e-17", "code"),
        ("C++", "code"),
        ("C#", "code"),
        ("0x80004005", "code"),
        ("WR-2000", "dash"),
    ],
)
def test_a_code_to_the_letter_comes_first(find, term, first):
    assert find(term)[0] == first


def test_a_version_is_not_another_that_begins_like_it(find):
    assert find("v2.4.1") == ["release"]


def test_a_code_is_not_taken_apart_into_numbers(find):
    assert "longer" not in find("v2.4.1", "E17")
    assert find("2104")[0] in {"hub", "hub-b"}


def test_text_without_spaces_is_found_by_its_characters(find):
    assert find("电源指示灯") == ["chinese"]
    assert find("灯源") == []


def test_phrases_must_all_stand_there_in_order(find):
    assert find("hub", phrases=["blinks amber"]) == ["hub"]
    assert find("hub", phrases=["amber blinks"]) == []
    assert find(phrases=["restarting repeatedly"]) == ["plain"]
    assert find("hub", phrases=["blinks amber", "restarting"]) == []


def test_the_title_counts_too(find):
    assert len(find("support")) == len(PASSAGES)


def test_more_terms_rank_higher(find):
    assert find("amber", "release")[-1] != find("amber", "hub", "blinks")[0] == "hub"


def test_ties_are_broken_by_id(find):
    hits = find.stores.lexical.search("default", find.stores.index, ["release"], limit=9)
    again = find.stores.lexical.search("default", find.stores.index, ["release"], limit=9)

    assert hits == again == sorted(hits, key=lambda hit: (-hit.bm25, hit.chunk_id))


def test_the_limit_holds(find):
    assert len(find("support", limit=3)) == 3
    assert find("support", limit=0) == []


@pytest.mark.parametrize(
    "term", ["", " ", "\x00", "*", '"', "()", "\ud800", "NEAR(", "-", "AND", "text:", "^", "\ue000"]
)
def test_no_query_is_syntax(find, term):
    assert isinstance(find(term, phrases=[term]), list)


def test_operators_are_words(find):
    assert find("hub AND release") == []
    assert find("hub* OR release") == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(terms=st.lists(st.text(max_size=30), max_size=6), phrases=st.lists(st.text(max_size=30), max_size=3))
def test_any_text_is_a_query(find, terms, phrases):
    assert isinstance(find(*terms, phrases=phrases), list)
    total, counts = find.stores.lexical.document_frequency("default", find.stores.index, terms)
    assert total == len(PASSAGES)
    assert set(counts) == set(terms)


def test_a_thousand_terms_are_no_error(find):
    assert "hub" in find("hub", *(f"word{n}" for n in range(1000)))
    assert isinstance(find("hub", "x" * 100_000), list)


def test_document_frequency_counts_passages(find):
    total, counts = find.stores.lexical.document_frequency(
        "default", find.stores.index, ["release", "hub", "HX-2104-B", "nowhere", ""]
    )

    assert total == len(PASSAGES)
    assert counts == {"release": 2, "hub": 2, "HX-2104-B": 1, "nowhere": 0, "": 0}


def test_an_unknown_space_is_empty(find):
    assert find.stores.lexical.search("nowhere", find.stores.index, ["hub"], limit=5) == []
    assert find.stores.lexical.document_frequency("nowhere", find.stores.index, ["hub"]) == (0, {"hub": 0})


def test_spaces_do_not_see_each_other(find, embed_by_hand):
    find.stores.catalog.create_space("other")
    embedded = embed_by_hand(["The hub of another space."], space="other", source="x")
    find.stores.ingest(embedded)

    assert len(find("hub")) == 2
    hits = find.stores.lexical.search("other", find.stores.index, ["hub"], limit=5)
    assert [hit.chunk_id for hit in hits] == [embedded.chunks[0].id]


def test_text_of_another_words_version_is_indexed_again(opener, embed_by_hand, tmp_path):
    stores = opener(tmp_path / "home")
    embedded = embed_by_hand(["Amber light."])
    stores.ingest(embedded)
    with stores.database.write() as connection:
        connection.exec_driver_sql("UPDATE collections SET fulltext_version = 0")
        connection.exec_driver_sql("INSERT INTO fulltext_1 (fulltext_1) VALUES ('delete-all')")
    assert stores.lexical.search("default", stores.index, ["amber"], limit=5) == []
    stores.close()

    again = opener(tmp_path / "home")
    assert len(again.lexical.search("default", again.index, ["amber"], limit=5)) == 1
    again.close()
