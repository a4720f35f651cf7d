"""Many documents go live in one transaction, as if one after another, at the cost of a few statements."""

import pytest
from sqlalchemy import event

from rag.errors import InputError, NotFound
from tests.conftest import make_extractions, recipe


def batch_of(embed_by_hand, *documents, **choices):
    made = [embed_by_hand(paragraphs, source=source, **choices) for source, paragraphs in documents]
    return [(embedded, make_extractions(embedded)) for embedded in made]


def contents(stores, index=None):
    """Return what the catalog holds, without row numbers and times."""
    catalog, index = stores.catalog, index or stores.index
    ids, vectors = catalog.chunk_vectors("default", index)
    return {
        "documents": [
            (info.id, info.version, info.n_chunks, [(v.version, v.state) for v in catalog.versions(info.id)])
            for info in catalog.documents("default")
        ],
        "vectors": {name: vector.tolist() for name, vector in zip(ids, vectors, strict=True)},
        "text": stores.lexical.present("default", index),
        "graph": list(catalog.extractions("default", index)),
        "open": catalog.unfinished(),
    }


FIRST = [("a", ["Alpha one.", "Alpha two."]), ("b", ["Beta."]), ("c", ["Gamma."])]
SECOND = [("d", ["Delta."]), ("a", ["Alpha three."]), ("b", ["Beta."]), ("c", ["Gamma changed.", "Gamma more."])]


def test_a_batch_is_as_good_as_one_document_after_another(tmp_path, open_home, embed_by_hand):
    together, apart = open_home(tmp_path / "together"), open_home(tmp_path / "apart")
    for documents in (FIRST, SECOND, FIRST):
        batch = batch_of(embed_by_hand, *documents)
        replaced = together.catalog.publish(batch, together.index)
        assert replaced == tuple(apart.catalog.publish([each], apart.index)[0] for each in batch)
        assert contents(together) == contents(apart)


def test_the_number_of_statements_does_not_grow_with_the_documents(stores, embed_by_hand):
    counted = []

    @event.listens_for(stores.database._engine, "after_cursor_execute")
    def count(*arguments):
        counted.append(arguments[2])

    numbers = []
    for n in (2, 40):
        counted.clear()
        made = [(f"{n}-{i}", [f"Document {i} of {n}.", f"More of {i}."]) for i in range(n)]
        batch = batch_of(embed_by_hand, *made)
        stores.catalog.stage([embedded for embedded, _ in batch], stores.index)
        stores.catalog.publish(batch, stores.index)
        stores.catalog.unfinished({embedded.document.id for embedded, _ in batch})
        numbers.append(len(counted))
    # The first makes the collection.
    assert numbers[1] <= numbers[0]


def test_more_documents_than_one_statement_takes(stores, embed_by_hand):
    made = [(str(i), [f"Document {i}."]) for i in range(501)]
    stores.catalog.publish(batch_of(embed_by_hand, *made), stores.index)
    changed = batch_of(embed_by_hand, *((source, [f"{text[0]} Again."]) for source, text in made))
    replaced = stores.catalog.publish(changed, stores.index)
    assert None not in replaced
    assert len(stores.catalog.documents("default")) == 501
    assert len(stores.lexical.present("default", stores.index)) == 501
    assert all(info.n_versions == 2 for info in stores.catalog.documents("default"))


def test_chunks_of_the_same_version_in_another_index_stay(stores, embed_by_hand):
    batch = batch_of(embed_by_hand, *FIRST)
    stores.catalog.publish(batch, stores.index)
    before = contents(stores)
    other = stores.catalog.index_for(recipe(chunker="budget=100"))
    stores.catalog.publish(batch, other)
    assert {**contents(stores), "open": None} == {**before, "open": None}
    assert contents(stores, other)["text"] == before["text"]


def test_chunks_of_the_earlier_version_go_in_every_index(stores, embed_by_hand):
    other = stores.catalog.index_for(recipe(chunker="budget=100"))
    first = batch_of(embed_by_hand, *FIRST)
    stores.catalog.publish(first, stores.index)
    stores.catalog.publish(first, other)
    stores.catalog.settle([chunk.id for embedded, _ in first for chunk in embedded.chunks])
    stores.catalog.publish(batch_of(embed_by_hand, ("a", ["New."])), stores.index)
    old = {chunk.id for chunk in first[0][0].chunks}
    for index in (stores.index, other):
        assert not old & stores.lexical.present("default", index)
        assert not old & set(stores.catalog.chunk_vectors("default", index)[0])
    places = {(space, index): set(ids) for space, index, ids in stores.catalog.unfinished()}
    assert places["default", other] == old
    assert places["default", stores.index] > old


def test_a_document_that_stands_there_twice_keeps_the_batch_out(stores, embed_by_hand):
    batch = batch_of(embed_by_hand, ("a", ["One."]), ("b", ["Two."]), ("a", ["Three."]))
    with pytest.raises(InputError, match="twice"):
        stores.catalog.publish(batch, stores.index)
    assert stores.catalog.documents("default") == ()


def test_documents_of_two_spaces_keep_the_batch_out(stores, embed_by_hand):
    stores.catalog.create_space("other")
    batch = [*batch_of(embed_by_hand, ("a", ["One."])), *batch_of(embed_by_hand, ("b", ["Two."]), space="other")]
    with pytest.raises(InputError, match="one space"):
        stores.catalog.publish(batch, stores.index)
    assert stores.catalog.documents("default") == ()


def test_an_unknown_space_keeps_the_batch_out(stores, embed_by_hand):
    with pytest.raises(NotFound):
        stores.catalog.publish(batch_of(embed_by_hand, ("a", ["One."]), space="nowhere"), stores.index)


def test_an_empty_batch_changes_nothing(stores):
    stores.catalog.stage([], stores.index)
    assert stores.catalog.publish([], stores.index) == ()
    assert stores.catalog.unfinished(set()) == []
