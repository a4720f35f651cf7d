"""A removed document leaves no byte of its words, its ids or its vectors under the home directory."""

from __future__ import annotations

import gc

import pytest

from rag.errors import NotFound

SECRET = "Wolfram quinces hum beneath Oslo"
OTHER = "Routers are restarted with the small button."


def traces(home, embedded, *words):
    """Return (file, what) for each trace of the words, the chunk ids and the vectors in any file."""
    needles = {f"{word!r} {encoding}": word.encode(encoding) for word in words for encoding in ("utf-8", "utf-16-le")}
    # Full text stores words one by one, lower case, and shares their beginnings: a rare one must be gone too.
    needles |= {f"word {word!r}": word.encode() for word in ("wolfram", "quinc", "HX\ue0009999".casefold())}
    needles |= {f"vector {n}": row.tobytes() for n, row in enumerate(embedded.vectors)}
    needles |= {f"id {chunk.id}": chunk.id.encode() for chunk in embedded.chunks}
    found = []
    for path in home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            found += [(path.name, what) for what, needle in needles.items() if needle in content]
    return found


def secret_document(embed_by_hand, n=40):
    paragraphs = [f"{SECRET} in case {n} of HX-9999." for n in range(n)]
    return embed_by_hand(paragraphs, source="/docs/secret.md", title=f"{SECRET} report")


def other_document(embed_by_hand, n=1100):
    # More than Chroma's threshold, so that its graph file is written too.
    return embed_by_hand([f"{OTHER} Step {n}." for n in range(n)], source="/docs/other.md")


def test_every_store_holds_traces_before_the_removal(stores, embed_by_hand):
    embedded = secret_document(embed_by_hand)
    stores.ingest(embedded)
    stores.ingest(other_document(embed_by_hand))
    stores.catalog.checkpoint()

    names = {name for name, _ in traces(stores.home.path, embedded, SECRET)}

    assert {"catalog.db", "chroma.sqlite3", "data_level0.bin", "index_metadata.pickle"} <= names
    assert embedded.document.file_sha256 in names


def test_no_byte_is_left_after_the_removal(stores, embed_by_hand):
    embedded = secret_document(embed_by_hand)
    stores.ingest(embedded)
    stores.ingest(other_document(embed_by_hand))

    ids = stores.remove(embedded.document.id)

    assert set(ids) == {chunk.id for chunk in embedded.chunks}
    assert traces(stores.home.path, embedded, SECRET) == []


def test_no_byte_is_left_after_the_home_is_closed(stores, embed_by_hand, tmp_path):
    embedded = secret_document(embed_by_hand)
    stores.ingest(embedded)
    stores.ingest(other_document(embed_by_hand))
    stores.remove(embedded.document.id)

    stores.close()
    gc.collect()

    assert traces(tmp_path / "home", embedded, SECRET) == []


def test_superseded_versions_leave_no_byte_either(stores, embed_by_hand):
    first = secret_document(embed_by_hand)
    stores.ingest(first)
    stores.ingest(embed_by_hand(["Harmless now."], source="/docs/secret.md", title="Report"))
    stores.ingest(other_document(embed_by_hand))

    stores.remove(first.document.id)

    assert traces(stores.home.path, first, SECRET) == []


def test_documents_that_go_together_leave_no_byte_and_are_compacted_once(stores, embed_by_hand, monkeypatch):
    first = secret_document(embed_by_hand)
    second = embed_by_hand([f"{SECRET} again, in case {n}." for n in range(3)], source="/docs/second.md")
    for embedded in (first, second, other_document(embed_by_hand)):
        stores.ingest(embedded)
    compact, compacted = stores.vectors.compact, []
    monkeypatch.setattr(stores.vectors, "compact", lambda *place: compacted.append(place) or compact(*place))

    ids = stores.remove(first.document.id, second.document.id)

    assert len(ids) == 43
    assert compacted == [("default", stores.index)]
    for embedded in (first, second):
        assert traces(stores.home.path, embedded, SECRET) == []


def test_of_documents_that_go_together_none_goes_where_one_is_unknown(stores, embed_by_hand):
    embedded = secret_document(embed_by_hand, n=3)
    stores.ingest(embedded)

    with pytest.raises(NotFound, match="'d404'"):
        stores.catalog.retire([embedded.document.id, "d404"])

    assert stores.catalog.document(embedded.document.id).n_chunks == 3


def test_without_secure_delete_bytes_would_be_left(open_home, embed_by_hand, tmp_path):
    stores = open_home(tmp_path / "careless", secure_delete=False)
    embedded = secret_document(embed_by_hand)
    stores.ingest(embedded)
    stores.ingest(other_document(embed_by_hand, n=3))

    stores.remove(embedded.document.id)

    assert "catalog.db" in {name for name, _ in traces(stores.home.path, embedded, SECRET)}


def test_without_compacting_vectors_would_be_left(stores, embed_by_hand, monkeypatch):
    embedded = secret_document(embed_by_hand)
    stores.ingest(embedded)
    stores.ingest(other_document(embed_by_hand))
    monkeypatch.setattr(stores.vectors, "compact", lambda *_: None)

    stores.remove(embedded.document.id)

    assert "data_level0.bin" in {name for name, _ in traces(stores.home.path, embedded, SECRET)}


def test_other_documents_stay_whole(stores, embed_by_hand):
    other = other_document(embed_by_hand, n=20)
    embedded = secret_document(embed_by_hand)
    stores.ingest(other)
    stores.ingest(embedded)

    stores.remove(embedded.document.id)

    nearest = stores.vectors.query("default", stores.index, other.vectors[3], limit=1)
    assert nearest[0].chunk_id == other.chunks[3].id
    assert len(stores.lexical.search("default", stores.index, ["routers"], limit=50)) == 20
    assert stores.catalog.text(other.document.id, other.document.version) == other.document


def test_an_original_that_another_document_came_from_stays(stores, embed_by_hand):
    first = embed_by_hand(["The same bytes."], source="/docs/a.md")
    second = embed_by_hand(["The same bytes."], source="/docs/b.md")
    stores.ingest(first)
    stores.ingest(second)

    stores.remove(first.document.id)
    assert stores.originals.stored() == {second.document.file_sha256}

    stores.remove(second.document.id)
    assert stores.originals.stored() == set()


@pytest.mark.parametrize("n", [1, 3])
def test_a_document_can_come_back_after_its_removal(stores, embed_by_hand, n):
    embedded = secret_document(embed_by_hand, n=n)
    for _ in range(2):
        stores.ingest(embedded)
        assert len(stores.lexical.search("default", stores.index, ["wolfram"], limit=9)) == n
        stores.remove(embedded.document.id)
        assert stores.lexical.search("default", stores.index, ["wolfram"], limit=9) == []
