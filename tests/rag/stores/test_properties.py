"""Whatever is published and retired in whatever order, all stores hold exactly the live chunks."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.stores.recovery import recover, verify

SOURCES = ("/docs/a.md", "/docs/b.md", "/docs/c.md")
WORDS = ("amber", "button", "cable", "HX-2104")

publish = st.tuples(st.just("publish"), st.sampled_from(SOURCES), st.lists(st.sampled_from(WORDS), max_size=3))
retire = st.tuples(st.just("retire"), st.sampled_from(SOURCES), st.just(()))
# Where the process is killed: after the note, after the vectors, after the transaction.
killed = st.tuples(
    st.sampled_from(["killed staged", "killed written", "killed published"]),
    st.sampled_from(SOURCES),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
)


@pytest.fixture(scope="module")
def stores(tmp_path_factory, opener):
    opened = opener(tmp_path_factory.mktemp("properties") / "home")
    yield opened
    opened.close()


def perform(stores, expected, step, embedded):
    kind, source, _ = step
    document_id, names = embedded.document.id, [chunk.id for chunk in embedded.chunks]
    if kind == "publish":
        stores.ingest(embedded)
        expected[source] = embedded
    elif kind == "retire":
        if source in expected:
            stores.remove(document_id)
            del expected[source]
    else:
        stores.catalog.stage([embedded], stores.index)
        if kind != "killed staged":
            stores.vectors.add("default", stores.index, names, embedded.vectors)
        if kind == "killed published":
            stores.catalog.publish([(embedded, [])], stores.index)
            expected[source] = embedded
        recover(stores.catalog, stores.vectors)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.one_of(publish, retire, killed), max_size=6))
def test_the_stores_agree_after_every_step(stores, embed_by_hand, steps):
    for info in stores.catalog.documents("default"):
        stores.remove(info.id)
    expected = {}
    for step in steps:
        paragraphs = [f"Paragraph {n} {word}." for n, word in enumerate(step[2])] or ["Nothing."]
        perform(stores, expected, step, embed_by_hand(paragraphs, source=step[1]))

        report = verify(stores.catalog, stores.lexical, stores.vectors, "default", stores.index)
        live = {chunk.id: chunk for embedded in expected.values() for chunk in embedded.chunks}
        assert report.consistent, report
        assert set(stores.catalog.live("default", stores.index, stores.vectors.present("default", stores.index))) == (
            live.keys()
        )
        for word in WORDS:
            hits = stores.lexical.search("default", stores.index, [word], limit=50)
            assert {hit.chunk_id for hit in hits} == {name for name, chunk in live.items() if word in chunk.text}
