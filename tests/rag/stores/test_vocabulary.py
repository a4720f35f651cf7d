"""The words of the passages are found by their neighbours, as they are written, and as they are now."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from rag.stores.vocabulary import _stem

PASSAGES = {
    "Warranty 2026": "The warranty covers the Kestrel 6. Warranty is void after a fall.",
    "Warranty 2024": "A warranty may exist with a receipt.",
    "Kestrel 4": "Reset the kestrel: HX-2104, also QN-26-0087 and HXB4471, shows. Z-Wave is running.",
    "Café": "Crème brûlée is available to those who are affected by installation.",
}


@pytest.fixture
def stores(opener, embed_by_hand, tmp_path):
    opened = opener(tmp_path / "home")
    opened.ingested = {}
    for title, text in PASSAGES.items():
        opened.ingested[title] = embed_by_hand([text], source=title, title=title)
        opened.ingest(opened.ingested[title])
    yield opened
    opened.close()


@pytest.fixture
def vocabulary(stores):
    return stores.lexical.vocabulary("default", stores.index)


def test_words_codes_and_phrases_are_known_in_their_forms(vocabulary):
    terms = ["warranties", "hx2104", "HX-2104", "Kestrel 6", "Kestrel 5", "warrenty", "", "creme"]
    assert vocabulary.known(terms) == {"warranties", "hx2104", "HX-2104", "Kestrel 6", "creme"}


@pytest.mark.parametrize(
    ("terms", "stand"),
    [
        (["warranties", "fall"], True),
        (["void", "Kestrel 6"], True),
        # The title counts too; two passages are not one.
        (["2024", "receipt"], True),
        (["receipt", "fall"], False),
        (["fall", "Kestrel 4"], False),
        ([""], False),
        ([], False),
    ],
)
def test_words_stand_together_in_one_passage_with_its_title(vocabulary, terms, stand):
    assert vocabulary.together(terms) is stand


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("warrenty", "warranty"),
        ("waranty", "warranty"),
        ("avialable", "available"),
        ("kestral", "kestrel"),
        ("runing", "running"),
        ("installatoin", "installation"),
        ("brulé", "brûlée"),
    ],
)
def test_the_nearest_word_is_given_as_it_is_written(vocabulary, word, nearest):
    assert vocabulary.similar(word, max_distance=2)[0].word == nearest


def test_a_word_is_near_the_same_word_with_a_hyphen(vocabulary):
    assert "Z-Wave" in {other.word for other in vocabulary.similar("zwave", max_distance=1)}


def test_a_word_comes_with_its_distance_and_passages(vocabulary):
    assert vocabulary.similar("warrenty", max_distance=1) == [("warranty", 1, 2)]


def test_a_name_keeps_the_capitals_that_it_always_has(stores, embed_by_hand):
    stores.catalog.create_space("names")
    stores.ingest(embed_by_hand(["Gatehouse fails. The Gatehouse team knows."], space="names", source="n"))
    found = stores.lexical.vocabulary("names", stores.index).similar("gatehuose", max_distance=1)
    assert [other.word for other in found] == ["Gatehouse"]


@pytest.mark.parametrize("word", ["xylophone", "qz", "", "如何"])
def test_a_word_that_is_near_none_has_no_neighbour(vocabulary, word):
    assert vocabulary.similar(word, max_distance=2) == []


def test_the_distance_is_kept(vocabulary):
    assert vocabulary.similar("wrenty", max_distance=1) == []
    assert vocabulary.similar("wrenty", max_distance=3)[0].word == "warranty"


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("hx2104", "HX-2104"),
        ("HX2104", "HX-2104"),
        ("qn260087", "QN-26-0087"),
        ("hxb4471", None),
        ("hx2105", None),
        ("hx210", None),
        ("", None),
        ('"', None),
        ("joined : x1", None),
    ],
)
def test_a_code_is_spelled_as_the_passages_hyphenate_it(vocabulary, code, written):
    assert vocabulary.spelled(code) == written


def test_a_code_that_some_passage_writes_as_it_is_given_is_right(stores, vocabulary, embed_by_hand):
    stores.ingest(embed_by_hand(["HX2104 is also seen."], source="new"))
    assert vocabulary.spelled("hx2104") is None


def paths(vocabulary, terms, *, limit):
    return [heading.path for heading in vocabulary.headings(terms, limit=limit)]


def test_headings_hold_every_term_in_any_form(vocabulary):
    assert paths(vocabulary, ["warranties"], limit=5) == [("Warranty 2024",), ("Warranty 2026",)]
    assert paths(vocabulary, ["warranty", "2026"], limit=5) == [("Warranty 2026",)]
    assert paths(vocabulary, ["warranty"], limit=1) == [("Warranty 2024",)]
    assert vocabulary.headings(["receipt"], limit=5) == []
    assert vocabulary.headings([], limit=5) == []


def test_a_heading_is_given_below_its_title(stores, vocabulary, embed_by_hand):
    embedded = embed_by_hand(["Hold the button."], source="guide", title="Guide")
    headings = ("Care", "Lights", "Red")
    chunk = replace(embedded.chunks[0], headings=headings, context="\n".join(("Guide", *headings)))
    stores.ingest(replace(embedded, chunks=(chunk,)))
    assert paths(vocabulary, ["lights"], limit=5) == [("Guide", "Lights")]


def test_a_heading_names_the_documents_that_have_it(stores, vocabulary, embed_by_hand):
    made = [embed_by_hand([f"It is {source}.", "It is not."], source=source, title="Care") for source in ("new", "old")]
    for embedded in made:
        stores.ingest(embedded)
    (heading,) = vocabulary.headings(["care"], limit=5)
    assert set(heading.documents) == {(each.document.id, each.document.version) for each in made}
    assert len(heading.documents) == 2


def test_words_follow_what_is_added_and_removed(stores, vocabulary, embed_by_hand):
    assert vocabulary.similar("gatehuose", max_distance=1) == []
    added = embed_by_hand(["The gatehouse answers."], source="new", title="New")
    stores.ingest(added)
    assert [other.word for other in vocabulary.similar("gatehuose", max_distance=1)] == ["gatehouse"]
    stores.catalog.retire([added.document.id])
    assert vocabulary.similar("gatehuose", max_distance=1) == []


def test_nothing_is_kept_in_memory_after_forgetting(stores, vocabulary):
    vocabulary.similar("warrenty", max_distance=1)
    assert stores.lexical._words._stems
    stores.lexical.forget()
    assert not stores.lexical._words._stems
    assert _stem.cache_info().currsize == 0
    assert vocabulary.similar("warrenty", max_distance=1)


def test_words_that_a_running_question_reads_are_not_kept_after_forgetting(stores, vocabulary):
    cache = stores.lexical._words
    before = cache.generation
    with vocabulary._open() as (connection, collection):
        stores.lexical.forget()
        assert "warranti" in cache.stems(connection, collection, generation=before).passages
        assert not cache._stems


def test_stems_are_the_same_in_many_threads():
    words = [word + ending for word in ("market", "session", "having", "review") for ending in ("s", "ed", "ing", "")]
    expected = [_stem.__wrapped__(word) for word in words]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: [_stem.__wrapped__(word) for word in words * 50], range(8)))
    assert all(each == expected * 50 for each in found)


def test_spaces_do_not_share_words(stores, embed_by_hand):
    stores.catalog.create_space("other")
    stores.ingest(embed_by_hand(["Nothing but hairdryers."], space="other", source="x", title="Y"))
    other = stores.lexical.vocabulary("other", stores.index)
    assert other.known(["warranty"]) == frozenset()
    assert other.similar("warrenty", max_distance=2) == []
    assert other.spelled("hx2104") is None
    assert other.headings(["warranty"], limit=5) == []
    assert not other.together(["warranty"])


def test_an_unknown_space_has_no_words(stores):
    nowhere = stores.lexical.vocabulary("nowhere", stores.index)
    assert nowhere.known(["warranty"]) == frozenset()
    assert nowhere.similar("warrenty", max_distance=2) == []
    assert nowhere.spelled("hx2104") is None
    assert nowhere.headings(["warranty"], limit=5) == []
    assert not nowhere.together(["warranty"])
