"""Documents, versions, chunks and graph records: what is live, what is history, what is gone."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from knowledge_graph.types import Extraction
from rag.errors import InputError, NotFound, StoreError
from rag.types import LOCAL_OWNER, IndexRecipe, Principal, RemovalCheck

ADA = Principal("ada")


def ids(embedded):
    return [chunk.id for chunk in embedded.chunks]


class TestSpaces:
    def test_the_owner_may_everything_and_others_what_was_granted(self, stores):
        stores.catalog.create_space("team")
        stores.catalog.grant("team", "ada", "reader")

        assert stores.catalog.role(LOCAL_OWNER, "team") == "owner"
        assert stores.catalog.role(ADA, "team") == "reader"
        assert stores.catalog.role(ADA, "default") is None
        assert stores.catalog.spaces(LOCAL_OWNER) == ("default", "team")
        assert stores.catalog.spaces(ADA) == ("team",)

    def test_a_grant_can_be_changed_and_taken_back(self, stores):
        stores.catalog.grant("default", "ada", "reader")
        stores.catalog.grant("default", "ada", "editor")
        assert stores.catalog.role(ADA, "default") == "editor"

        stores.catalog.grant("default", "ada", None)
        assert stores.catalog.role(ADA, "default") is None

    def test_an_unknown_space_is_an_error_that_names_those_there_are(self, stores):
        with pytest.raises(NotFound, match="'nowhere'") as error:
            stores.catalog.role(LOCAL_OWNER, "nowhere")

        assert "'default'" in error.value.hint

    def test_creating_twice_is_creating_once(self, stores):
        stores.catalog.create_space("team", name="The team")
        stores.catalog.create_space("team")

        assert stores.catalog.spaces(LOCAL_OWNER) == ("default", "team")

    @pytest.mark.parametrize("name", ["", "  ", "a\nb"])
    def test_an_unusable_name_is_refused(self, stores, name):
        with pytest.raises(InputError):
            stores.catalog.create_space(name)


class TestIndexVersions:
    RECIPE = IndexRecipe("bundled:other", "1" * 64, 64, "budget=240", "1")

    def test_the_same_recipe_is_the_same_version(self, stores):
        assert stores.catalog.index_for(self.RECIPE) == stores.catalog.index_for(self.RECIPE) != stores.index

    def test_the_first_becomes_active_and_switching_is_one_call(self, stores):
        other = stores.catalog.index_for(self.RECIPE)
        assert stores.catalog.active_index() == stores.index

        stores.catalog.activate(other)
        assert stores.catalog.active_index() == other
        stores.catalog.activate(stores.index)
        assert stores.catalog.active_index() == stores.index

    def test_an_unknown_version_cannot_be_activated(self, stores):
        with pytest.raises(NotFound):
            stores.catalog.activate("nothing")

    def test_chunks_of_two_versions_stand_beside_each_other(self, stores, embed_by_hand):
        embedded = embed_by_hand(["One."])
        other = stores.catalog.index_for(self.RECIPE)
        stores.ingest(embedded)
        assert stores.catalog.live("default", other, ids(embedded)) == {}

        stores.ingest(embedded, index=other)

        for index in (stores.index, other):
            assert list(stores.catalog.live("default", index, ids(embedded))) == ids(embedded)

    def test_a_new_document_version_silences_the_old_one_in_every_index(self, stores, embed_by_hand):
        old = embed_by_hand(["Old."])
        other = stores.catalog.index_for(self.RECIPE)
        stores.ingest(old)
        stores.ingest(old, index=other)

        stores.ingest(embed_by_hand(["New."]))

        assert stores.catalog.live("default", other, ids(old)) == {}
        assert stores.lexical.search("default", other, ["old"], limit=5) == []
        assert stores.vectors.present("default", other) == set()


class TestPublishing:
    def test_nothing_is_live_before_it_is_published(self, stores, embed_by_hand):
        embedded = embed_by_hand(["One."])
        stores.catalog.stage([embedded], stores.index)
        stores.vectors.add("default", stores.index, ids(embedded), embedded.vectors)

        assert stores.catalog.live("default", stores.index, ids(embedded)) == {}
        assert stores.catalog.documents("default") == ()

    def test_a_published_version_comes_back_whole(self, stores, embed_by_hand):
        embedded = embed_by_hand(["One.", "Two words."])
        assert stores.ingest(embedded) is None

        document = embedded.document
        assert stores.catalog.text(document.id, document.version) == document
        assert stores.catalog.document_chunks(document.id, stores.index) == embedded.chunks
        assert stores.catalog.document_chunks(document.id, stores.index, range(1, 3)) == embedded.chunks[1:3]
        found = stores.catalog.live("default", stores.index, reversed(ids(embedded)))
        assert [live.chunk for live in found.values()] == list(reversed(embedded.chunks))
        assert {live.title for live in found.values()} == {"Guide"}
        names, vectors = stores.catalog.chunk_vectors("default", stores.index)
        assert dict(zip(names, vectors.tolist(), strict=True)) == dict(
            zip(ids(embedded), embedded.vectors.tolist(), strict=True)
        )
        assert vectors.dtype == np.float32

    def test_the_vectors_of_sentences_come_back_and_a_chunk_without_any_gives_its_own(self, stores, embed_by_hand):
        embedded = embed_by_hand(["One. Two.", "Three."])
        several = np.random.default_rng(5).normal(size=(3, 64)).astype(np.float32)
        several /= np.linalg.norm(several, axis=1, keepdims=True)
        embedded = dataclasses.replace(embedded, sentences=(several, several[:0]))
        stores.ingest(embedded)

        found = stores.catalog.sentence_vectors("default", stores.index, [*ids(embedded), "unknown"])

        assert set(found) == set(ids(embedded))
        first, second = (found[chunk_id] for chunk_id in ids(embedded))
        # Kept in 8 bits: their direction is what it was to four digits.
        assert (first * several).sum(axis=1) == pytest.approx([1, 1, 1], abs=2e-4)
        assert np.linalg.norm(first, axis=1) == pytest.approx([1, 1, 1], abs=1e-6)
        np.testing.assert_array_equal(second, embedded.vectors[1:])

    def test_graph_records_come_back_by_source_id(self, stores, embed_by_hand):
        stores.ingest(embed_by_hand(["Alpha beta.", "Gamma delta."], source="a"))
        stores.ingest(embed_by_hand(["Epsilon zeta."], source="b"))

        found = list(stores.catalog.extractions("default", stores.index))

        assert [extraction.source_id for extraction in found] == sorted(extraction.source_id for extraction in found)
        assert {extraction.mentions[0].surface for extraction in found} == {"Alpha", "Gamma", "Epsilon"}
        assert {extraction.relations[0].tail for extraction in found} == {"beta.", "delta.", "zeta."}

    def test_a_new_version_replaces_the_old_one_in_every_store(self, stores, embed_by_hand):
        old, new = embed_by_hand(["Old words."]), embed_by_hand(["New words.", "More."])
        stores.ingest(old)

        assert stores.ingest(new) == old.document.version

        assert list(stores.catalog.live("default", stores.index, ids(old) + ids(new))) == ids(new)
        assert stores.lexical.search("default", stores.index, ["old"], limit=5) == []
        assert len(stores.lexical.search("default", stores.index, ["new"], limit=5)) == 1
        assert {extraction.source_id for extraction in stores.catalog.extractions("default", stores.index)} == set(
            ids(new)
        )
        assert stores.vectors.present("default", stores.index) == set(ids(new))
        assert stores.catalog.unfinished() == []

    def test_the_old_version_can_still_be_read(self, stores, embed_by_hand):
        old, new = embed_by_hand(["Old words."]), embed_by_hand(["New words."])
        stores.ingest(old)
        stores.ingest(new)

        assert stores.catalog.text(old.document.id, old.document.version).text == "Old words."
        assert [(info.version, info.state) for info in stores.catalog.versions(old.document.id)] == [
            (new.document.version, "live"),
            (old.document.version, "superseded"),
        ]
        assert stores.catalog.document(old.document.id).n_versions == 2

    def test_the_media_type_of_a_version_is_read_by_itself(self, stores, embed_by_hand):
        old, new = embed_by_hand(["Old words."]), embed_by_hand(["New words."])
        sheet = dataclasses.replace(new, document=dataclasses.replace(new.document, media_type="text/csv"))
        stores.ingest(old)
        stores.ingest(sheet)

        versions = [(each.document.id, each.document.version) for each in (old, sheet)]
        assert [stores.catalog.media_type(*version) for version in versions] == ["text/markdown", "text/csv"]

    def test_a_version_can_come_back(self, stores, embed_by_hand):
        first, second = embed_by_hand(["First."]), embed_by_hand(["Second."])
        for embedded in (first, second, first):
            stores.ingest(embedded)

        states = {info.version: info.state for info in stores.catalog.versions(first.document.id)}
        assert states == {first.document.version: "live", second.document.version: "superseded"}
        assert stores.catalog.versions(first.document.id)[0].version == first.document.version
        assert stores.vectors.present("default", stores.index) == set(ids(first))

    def test_publishing_the_same_again_changes_nothing_that_can_be_seen(self, stores, embed_by_hand):
        embedded = embed_by_hand(["One.", "Two."])
        stores.ingest(embedded)
        before = stores.lexical.search("default", stores.index, ["one"], limit=5)

        assert stores.ingest(embedded) is None

        assert stores.lexical.search("default", stores.index, ["one"], limit=5) == before
        assert stores.vectors.present("default", stores.index) == set(ids(embedded))
        assert len(stores.catalog.versions(embedded.document.id)) == 1

    def test_the_revision_grows_with_every_change(self, stores, embed_by_hand):
        embedded = embed_by_hand(["One."])
        seen = [stores.catalog.graph_revision("default", stores.index)]
        for change in (lambda: stores.ingest(embedded), lambda: stores.catalog.retire([embedded.document.id])):
            change()
            seen.append(stores.catalog.graph_revision("default", stores.index))

        assert seen == sorted(set(seen))

    def test_an_empty_document_is_a_document(self, stores, embed_by_hand):
        nothing = np.empty((0, 64), np.float32)
        embedded = dataclasses.replace(embed_by_hand(["One."]), chunks=(), vectors=nothing, sentences=())
        stores.ingest(embedded)

        assert stores.catalog.documents("default")[0].n_chunks == 0

    @pytest.mark.parametrize("sentences", [(), (np.ones((1, 3), np.float32),)], ids=["too few", "another dimension"])
    def test_vectors_of_sentences_that_do_not_fit_are_refused_and_nothing_changes(
        self, stores, embed_by_hand, sentences
    ):
        with pytest.raises(InputError, match=r"vectors of the sentences of .* do not fit its 1 chunks"):
            stores.ingest(dataclasses.replace(embed_by_hand(["One."]), sentences=sentences))
        assert stores.catalog.documents("default") == ()

    def test_vectors_of_another_dimension_are_refused_and_nothing_changes(self, stores, embed_by_hand):
        embedded = embed_by_hand(["One."], vectors=np.ones((1, 3), np.float32))

        with pytest.raises(InputError, match=r"\(1, 3\), not \(1, 64\)"):
            stores.catalog.publish([(embedded, [])], stores.index)

        assert stores.catalog.documents("default") == ()

    def test_graph_records_of_other_chunks_are_refused(self, stores, embed_by_hand):
        with pytest.raises(InputError, match="stranger"):
            stores.catalog.publish([(embed_by_hand(["One."]), [Extraction("stranger", (), ())])], stores.index)

    def test_an_unknown_space_or_index_is_refused(self, stores, embed_by_hand):
        with pytest.raises(NotFound, match="nowhere"):
            stores.catalog.publish([(embed_by_hand(["One."], space="nowhere"), [])], stores.index)
        with pytest.raises(NotFound, match="nothing"):
            stores.catalog.publish([(embed_by_hand(["One."]), [])], "nothing")


class TestDocuments:
    def test_documents_are_listed_by_title_then_id(self, stores, embed_by_hand):
        for source, title in (("z", "alpha"), ("y", "Beta"), ("x", "gamma"), ("w", "Beta")):
            stores.ingest(embed_by_hand(["One."], source=source, title=title))

        listed = stores.catalog.documents("default")

        assert [info.title for info in listed] == ["alpha", "Beta", "Beta", "gamma"]
        assert listed[1].id < listed[2].id

    def test_a_document_is_found_by_its_source_in_its_space(self, stores, embed_by_hand):
        embedded = embed_by_hand(["One.", "Two."], source="/docs/a.md")
        stores.ingest(embedded)
        stores.catalog.create_space("other")

        info = stores.catalog.find("default", "/docs/a.md")

        assert (info.id, info.n_chunks, info.n_characters) == (embedded.document.id, 2, len(embedded.document.text))
        assert info.report == embedded.document.report
        assert info.metadata == (("author", "Ada"),)
        assert stores.catalog.find("other", "/docs/a.md") is None
        assert stores.catalog.live("other", stores.index, ids(embedded)) == {}

    def test_the_sources_of_a_space_come_in_order_with_their_documents(self, stores, embed_by_hand):
        stores.catalog.create_space("other")
        made = {}
        for space, source in (("default", "/docs/b.md"), ("default", "/docs/a.md"), ("other", "/docs/c.md")):
            made[space, source] = embed_by_hand(["One."], source=source, space=space).document
            stores.ingest(embed_by_hand(["One."], source=source, space=space))
        stores.ingest(embed_by_hand(["One, changed."], source="/docs/a.md"))

        assert list(stores.catalog.sources("default").items()) == [
            (source, made["default", source].id) for source in ("/docs/a.md", "/docs/b.md")
        ]
        with pytest.raises(NotFound, match="'nowhere'"):
            stores.catalog.sources("nowhere")

    def test_touching_records_the_file_and_not_the_text(self, stores, embed_by_hand):
        embedded = embed_by_hand(["One."])
        stores.ingest(embedded)
        touched = dataclasses.replace(embedded.document, file_sha256="b" * 64, n_bytes=99, metadata=())

        stores.catalog.touch(touched)

        assert stores.catalog.text(embedded.document.id, embedded.document.version) == touched
        assert stores.catalog.originals() == {"b" * 64}

    def test_an_unknown_document_is_an_error(self, stores):
        for call in (lambda: stores.catalog.document("d404"), lambda: stores.catalog.retire(["d404"])):
            with pytest.raises(NotFound, match="'d404'"):
                call()

    def test_an_unknown_version_is_an_error(self, stores, embed_by_hand):
        for call in (stores.catalog.text, stores.catalog.media_type):
            with pytest.raises(NotFound, match="'d404'"):
                call("d404", "v")
        with pytest.raises(NotFound):
            stores.catalog.touch(embed_by_hand(["One."]).document)


class TestRemovalCheck:
    def test_nothing_left_is_zero_everywhere(self, stores, embed_by_hand):
        embedded = embed_by_hand(["One."])
        stores.ingest(embedded)
        stores.remove(embedded.document.id)

        (check,) = stores.catalog.check_removed([RemovalCheck(embedded.document.id, "Guide", 1, 1, {"vectors": 0})])

        assert set(check.left) >= {
            "vectors",
            "documents",
            "versions",
            "chunks",
            "full_text",
            "mentions",
            "answers",
            "feedback",
        }
        assert not any(check.left.values())

    def test_something_left_is_an_error(self, stores, embed_by_hand):
        embedded = embed_by_hand(["One.", "Two."])
        stores.ingest(embedded)

        with pytest.raises(StoreError, match=r"'chunks': 2, .*'mentions': 2"):
            stores.catalog.check_removed([RemovalCheck(embedded.document.id, "Guide", 1, 1, {})])

    def test_what_was_counted_before_counts(self, stores):
        with pytest.raises(StoreError, match="'vectors': 3"):
            stores.catalog.check_removed([RemovalCheck("d404", "Guide", 1, 1, {"vectors": 3})])

    def test_words_left_in_the_full_text_are_counted(self, stores, embed_by_hand):
        embedded = embed_by_hand(["One."])
        stores.ingest(embedded)
        with stores.database.write() as connection:
            connection.exec_driver_sql("DELETE FROM chunks")

        with pytest.raises(StoreError, match="'full_text': 1"):
            stores.catalog.check_removed([RemovalCheck("d404", "Guide", 1, 1, {})])
