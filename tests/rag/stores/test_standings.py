"""What is read of a document and what a person says over it are kept, found with its other editions, and go with it."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from rag.errors import InputError, NotFound
from rag.stores import schema
from rag.stores.standings import SqlStandings
from rag.types import Standing

OLD = Standing("in force", "2023-04-01", family="returns", edition="2023", learnt=(("status", "metadata"),))
NEW = Standing("in force", "2025-09-01", family="returns", edition="2025")


@pytest.fixture
def standings(stores):
    return SqlStandings(stores.database)


@pytest.fixture
def add(stores, embed_by_hand):
    def make(name, standing, text="Nothing much."):
        embedded = embed_by_hand([text], source=f"/docs/{name}.md", title=name)
        embedded = replace(embedded, document=replace(embedded.document, standing=standing))
        stores.ingest(embedded)
        return embedded

    return make


def test_what_was_read_comes_back(standings, add):
    document = add("returns-2023", OLD).document
    (found,) = standings.of("default", [document.id])
    assert (found.standing, found.key, found.title) == (OLD, "returns-2023", "returns-2023")


def test_other_editions_and_named_successors_come_with_a_document(standings, add):
    old = add("returns-2023", OLD).document
    add("returns-2025", NEW)
    add("unrelated", Standing())
    sheet = add("sheet", Standing("superseded", successor="archive/unrelated.md")).document
    assert {each.key for each in standings.of("default", [old.id])} == {"returns-2023", "returns-2025"}
    assert {each.key for each in standings.of("default", [sheet.id])} == {"sheet", "unrelated"}


@pytest.mark.parametrize("named", ["unrelated.md", "Terms of Sale"])
def test_a_successor_is_found_by_file_name_and_by_title_also_where_it_came_through_the_browser(
    stores, standings, add, named
):
    embedded = add("upload", Standing())
    document = replace(embedded.document, id="d-browser", source="upload:unrelated.md", title="Terms of sale")
    stores.ingest(replace(embedded, document=document, chunks=(), vectors=embedded.vectors[:0], sentences=()))
    with stores.database.write() as connection:
        # As it was stored once.
        connection.execute(
            update(schema.standings).where(schema.standings.c.document_id == "d-browser").values(key="upload:unrelated")
        )
    sheet = add("sheet", Standing("superseded", successor=named)).document
    found = {each.document_id: each.key for each in standings.of("default", [sheet.id])}
    assert found == {sheet.id: "sheet", "d-browser": "unrelated"}


def test_a_person_wins_and_stays_when_the_document_is_read_again(stores, standings, add):
    embedded = add("returns-2023", OLD)
    document_id = embedded.document.id
    edited = standings.edit(document_id, {"status": "draft", "effective_from": None}, by="ada")
    assert (edited.standing.status, edited.standing.effective_from, edited.edited_by) == ("draft", None, "ada")
    assert dict(edited.standing.learnt)["status"] == "person"
    stores.catalog.touch(replace(embedded.document, standing=NEW))
    (found,) = standings.of("default", [document_id])
    assert (found.standing.status, found.standing.edition) == ("draft", "2025")


def test_taking_it_back_leaves_what_was_read(standings, add):
    document_id = add("returns-2023", OLD).document.id
    standings.edit(document_id, {"status": "expired"}, by="ada")
    assert standings.edit(document_id, {}, by="ada").standing == OLD


def test_only_what_can_be_set_is_set(standings, add):
    document_id = add("returns-2023", OLD).document.id
    with pytest.raises(InputError, match="'family' cannot be set"):
        standings.edit(document_id, {"family": "x"}, by="ada")
    with pytest.raises(NotFound):
        standings.edit("d-none", {"status": "draft"}, by="ada")


def test_a_removed_document_leaves_no_standing(stores, standings, add):
    document_id = add("returns-2023", OLD).document.id
    stores.remove(document_id)
    assert standings.of("default") == ()


def test_a_document_of_before_is_unread_until_it_is_added(stores, standings, add):
    document = add("returns-2023", OLD).document
    with stores.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM standings")
    assert standings.unread() == ((document.id, document.version),)
    standings.add([document])
    assert standings.unread() == ()
    assert stores.catalog.text(document.id, document.version).standing == OLD
