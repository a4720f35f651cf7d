"""Whatever a killed process left open, the next start brings the stores into agreement."""

from __future__ import annotations

import shutil

import pytest

from rag.stores.recovery import rebuild_vectors, recover, verify


def names(embedded):
    return [chunk.id for chunk in embedded.chunks]


def report(stores):
    return verify(stores.catalog, stores.lexical, stores.vectors, "default", stores.index)


def test_nothing_to_do_after_a_whole_ingest(stores, embed_by_hand):
    stores.ingest(embed_by_hand(["One.", "Two."]))

    assert not recover(stores.catalog, stores.vectors).changed
    assert report(stores).consistent
    assert report(stores).n_chunks == 2


def test_staged_vectors_that_were_never_published_go(stores, embed_by_hand):
    embedded = embed_by_hand(["One.", "Two."])
    stores.catalog.stage([embedded], stores.index)
    stores.vectors.add("default", stores.index, names(embedded), embedded.vectors)

    recovered = recover(stores.catalog, stores.vectors)

    assert (recovered.settled, recovered.deleted) == (2, 2)
    assert stores.vectors.present("default", stores.index) == set()
    assert stores.catalog.unfinished() == []


def test_published_vectors_whose_write_was_lost_come_back(stores, embed_by_hand):
    embedded = embed_by_hand(["One.", "Two."])
    stores.catalog.stage([embedded], stores.index)
    stores.catalog.publish([(embedded, [])], stores.index)

    recovered = recover(stores.catalog, stores.vectors)

    assert recovered.added == 2
    assert report(stores).consistent
    assert stores.vectors.query("default", stores.index, embedded.vectors[1], limit=1)[0].chunk_id == names(embedded)[1]


def test_vectors_of_a_replaced_version_go(stores, embed_by_hand):
    stores.ingest(embed_by_hand(["Old."]))
    new = embed_by_hand(["New."])
    stores.catalog.stage([new], stores.index)
    stores.vectors.add("default", stores.index, names(new), new.vectors)
    stores.catalog.publish([(new, [])], stores.index)

    recover(stores.catalog, stores.vectors)

    assert stores.vectors.present("default", stores.index) == set(names(new))
    assert report(stores).consistent


def test_an_interrupted_removal_is_finished_down_to_the_disk(stores, embed_by_hand):
    embedded = embed_by_hand([f"Paragraph {n}." for n in range(1200)])
    stores.ingest(embedded)
    stores.catalog.retire([embedded.document.id])

    recover(stores.catalog, stores.vectors, stores.originals)

    left = [path for path in stores.home.path.rglob("*") if path.is_file()]
    assert all(embedded.vectors[5].tobytes() not in path.read_bytes() for path in left)
    assert stores.originals.stored() == set()


def test_vectors_that_no_journal_knows_are_found_by_comparison(stores, embed_by_hand):
    embedded = embed_by_hand(["One.", "Two.", "Three."])
    stores.ingest(embedded)
    stores.vectors.delete("default", stores.index, names(embedded)[:1])
    stores.vectors.add("default", stores.index, ["dstray@v:0-1"], embedded.vectors[:1])
    assert report(stores).missing_vectors == (names(embedded)[0],)
    assert report(stores).surplus_vectors == ("dstray@v:0-1",)

    recover(stores.catalog, stores.vectors)

    assert report(stores).consistent


def test_vectors_can_be_built_from_the_catalog_alone(open_home, embed_by_hand, tmp_path):
    stores = open_home(tmp_path / "home")
    embedded = embed_by_hand([f"Paragraph {n}." for n in range(30)])
    stores.ingest(embedded)
    stores.close()
    shutil.rmtree(stores.home.chroma)

    again = open_home(tmp_path / "home")
    assert rebuild_vectors(again.catalog, again.vectors, "default", again.index) == 30

    assert report(again).consistent


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("data_level0.bin", "truncated"),
        ("data_level0.bin", "zeroed"),
        ("link_lists.bin", "truncated"),
        ("index_metadata.pickle", "missing"),
    ],
)
def test_a_damaged_graph_file_is_built_again(open_home, embed_by_hand, tmp_path, name, damage):
    stores = open_home(tmp_path / "home")
    embedded = embed_by_hand([f"Paragraph {n}." for n in range(1100)])
    stores.ingest(embedded)
    stores.close()
    (path,) = stores.home.chroma.glob(f"*/{name}")
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(content[: len(content) // 2] if damage == "truncated" else bytes(len(content)))

    again = open_home(tmp_path / "home")
    recover(again.catalog, again.vectors)

    assert report(again).consistent
    assert again.vectors.query("default", again.index, embedded.vectors[7], limit=1)[0].chunk_id == names(embedded)[7]


def test_originals_that_nobody_refers_to_are_swept(stores, embed_by_hand):
    embedded = embed_by_hand(["Kept."])
    stores.ingest(embedded)
    orphan = embed_by_hand(["Never published."]).document
    stores.originals.put(orphan.file_sha256, [orphan.text.encode()])

    recover(stores.catalog, stores.vectors, stores.originals)

    assert stores.originals.stored() == {embedded.document.file_sha256}


def test_a_report_names_rows_that_only_the_full_text_holds(stores, embed_by_hand):
    embedded = embed_by_hand(["One.", "Two."])
    stores.ingest(embedded)
    with stores.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM chunks WHERE ordinal = 0")

    found = report(stores)

    assert not found.consistent
    assert found.surplus_text == ("row 1",)
    assert found.surplus_vectors == (names(embedded)[0],)


def test_a_damaged_database_of_the_vectors_is_built_again(open_home, embed_by_hand, tmp_path):
    stores = open_home(tmp_path / "home")
    stores.ingest(embed_by_hand(["One.", "Two."]))
    stores.close()
    (stores.home.chroma / "chroma.sqlite3").write_bytes(b"no database at all")

    again = open_home(tmp_path / "home")

    assert recover(again.catalog, again.vectors).added == 2
    assert report(again).consistent


def test_a_whole_store_is_opened_as_it_is(open_home, embed_by_hand, tmp_path):
    stores = open_home(tmp_path / "home")
    stores.ingest(embed_by_hand(["One.", "Two."]))
    stores.close()

    again = open_home(tmp_path / "home")

    assert not recover(again.catalog, again.vectors).changed


def test_a_compaction_that_was_killed_before_the_exchange_leaves_the_old_collection(stores, embed_by_hand, monkeypatch):
    embedded = embed_by_hand(["One.", "Two."])
    stores.ingest(embedded)
    monkeypatch.setattr(stores.vectors, "_write", fail)
    with pytest.raises(KeyboardInterrupt):
        stores.vectors.compact("default", stores.index)
    monkeypatch.undo()

    assert report(stores).consistent
    stores.vectors.compact("default", stores.index)
    assert report(stores).consistent


def fail(*_):
    raise KeyboardInterrupt
