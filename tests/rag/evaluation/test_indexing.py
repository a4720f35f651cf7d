"""The index of a set is kept while it fits, and built again where it does not; with the real model and stores."""

import json
import zipfile

import pytest

from rag.errors import InputError
from rag.evaluation.dataset import read_dataset
from rag.evaluation.indexing import open_index
from rag.evaluation.progress import silent
from rag.settings import Settings
from rag.types import DEFAULT_SPACE
from tests.rag.evaluation.conftest import CORPUS, write_lines, write_set


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home", models={"runtime": "torch-float32"})


@pytest.fixture
def open_set(settings):
    def run(folder, look, **changes):
        chosen = settings.model_copy(update=changes)
        with open_index(read_dataset(folder), chosen, settings.home, on_progress=silent) as indexed:
            return look(indexed)

    return run


def facts(indexed):
    return indexed.facts


def texts(indexed):
    catalog = indexed.workspace.catalog
    return {catalog.text(info.id, info.version).text for info in catalog.documents(DEFAULT_SPACE)}


def test_a_set_is_indexed_once_and_kept(small_set, open_set):
    built, kept = open_set(small_set, facts), open_set(small_set, facts)
    assert (built.reused, kept.reused) == (False, True)
    assert built.passages == kept.passages == 5
    assert set(built.stage_seconds) == {"read", "chunk", "embed", "link", "write"}
    assert built.bytes > 0


def test_lines_are_documents_with_title_and_paragraphs(small_set, open_set):
    def look(indexed):
        info = indexed.documents["reset"]
        document = indexed.workspace.catalog.text(info.id, info.version)
        return info.title, document.text, len(document.blocks)

    assert open_set(small_set, look) == (
        "Reset",
        "Hold the reset button for twelve seconds.\n\nThe lamp turns white.",
        2,
    )


def test_changed_documents_build_it_again_and_keep_known_vectors(small_set, open_set):
    open_set(small_set, facts)
    write_lines(small_set / "corpus.jsonl", [*CORPUS[:-1], {**CORPUS[-1], "text": "Swifts sleep in flight."}])
    changed = open_set(small_set, lambda indexed: (indexed.facts, texts(indexed)))
    assert not changed[0].reused
    assert changed[0].kept_vectors == 4
    assert "Swifts sleep in flight." in changed[1]
    assert "A blue whale eats krill." not in changed[1]


def test_kept_vectors_are_those_of_their_own_texts(small_set, open_set):
    def nearest(indexed):
        workspace = indexed.workspace
        found = {}
        for info in workspace.catalog.documents(DEFAULT_SPACE):
            index = workspace.catalog.active_index()
            (passage,) = workspace.catalog.document_chunks(info.id, index)
            vector = workspace.embedder.embed([passage.embedded_text])[0]
            (hit,) = workspace.vectors.query(DEFAULT_SPACE, index, vector, limit=1)
            found[passage.id] = (hit.chunk_id, hit.cosine)
        return found

    open_set(small_set, facts)
    write_lines(small_set / "corpus.jsonl", [*reversed(CORPUS), {"_id": "new", "title": "New", "text": "More."}])
    for passage, (hit, cosine) in open_set(small_set, nearest).items():
        assert hit == passage
        assert cosine > 0.99


def test_another_recipe_has_an_index_of_its_own(small_set, open_set, settings):
    open_set(small_set, facts)
    other = open_set(small_set, facts, chunk=settings.chunk.model_copy(update={"budget_tokens": 64}))
    assert not other.reused
    assert open_set(small_set, facts).reused


def test_another_runtime_keeps_no_vectors(small_set, open_set, settings):
    open_set(small_set, facts)
    other = open_set(small_set, facts, models=settings.models.model_copy(update={"runtime": "torch-bfloat16"}))
    assert (other.reused, other.kept_vectors) == (False, 0)


def test_settings_of_the_question_share_the_index(small_set, open_set, settings):
    open_set(small_set, facts)
    assert open_set(small_set, facts, rerank=settings.rerank.model_copy(update={"enabled": False})).reused


def test_a_build_that_was_killed_is_done_again(small_set, open_set, settings):
    open_set(small_set, facts)
    (stamp,) = settings.home.rglob("evaluation.json")
    stamp.unlink()
    assert not open_set(small_set, facts).reused


def test_other_code_builds_it_again(small_set, open_set, settings):
    open_set(small_set, facts)
    (stamp,) = settings.home.rglob("evaluation.json")
    stamp.write_text(json.dumps({**json.loads(stamp.read_text()), "code_sha256": "0" * 64}), encoding="utf-8")
    again = open_set(small_set, facts)
    assert (again.reused, again.kept_vectors) == (False, 5)


def test_nothing_else_in_the_home_is_touched(small_set, open_set, settings):
    settings.home.mkdir()
    (settings.home / "catalog.db").write_bytes(b"mine")
    open_set(small_set, facts)
    write_lines(small_set / "corpus.jsonl", [*CORPUS, {"_id": "new", "title": "New", "text": "More."}])
    open_set(small_set, facts)
    assert (settings.home / "catalog.db").read_bytes() == b"mine"


def test_an_empty_document_is_left_out_with_its_reason(tmp_path, open_set):
    folder = write_set(tmp_path / "s", corpus=[*CORPUS, {"_id": "void", "title": "", "text": " "}])
    ((name, reason),) = open_set(folder, lambda indexed: indexed.left_out)
    assert name == "void"
    assert "no text" in reason


def test_a_title_without_text_is_a_document(tmp_path, open_set):
    folder = write_set(tmp_path / "s", corpus=[*CORPUS, {"_id": "bare", "title": "Only a title", "text": ""}])
    assert "Only a title" in open_set(folder, texts)


def test_files_are_ingested_under_their_paths(tmp_path, open_set):
    folder = write_set(tmp_path / "s", corpus=None, qrels=[("q1", "guide/reset.md", 1)])
    (folder / "documents" / "guide").mkdir(parents=True)
    (folder / "documents" / "guide" / "reset.md").write_text("# Reset\n\nHold the button.", encoding="utf-8")
    (folder / "documents" / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    documents, left_out = open_set(folder, lambda indexed: (dict(indexed.documents), indexed.left_out))
    assert list(documents) == ["guide/reset.md"]
    assert [name for name, _ in left_out] == ["broken.pdf"]


def zipped(folder, members):
    """Write a set with one archive."""
    write_set(folder, corpus=None, qrels=[("q1", "all.zip", 1)])
    (folder / "documents").mkdir()
    with zipfile.ZipFile(folder / "documents" / "all.zip", "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return folder


def test_a_broken_member_of_an_archive_costs_only_itself(tmp_path, open_set):
    folder = zipped(tmp_path / "s", {"broken.pdf": "%PDF-1.7 nothing", "reset.md": "# Reset\n\nHold the button."})
    documents, left_out, made = open_set(folder, lambda each: (dict(each.documents), each.left_out, each.facts))
    assert list(documents) == ["all.zip"]
    assert [name for name, _ in left_out] == ["all.zip!/broken.pdf"]
    assert made.documents_per_s > 0


@pytest.mark.parametrize(("members", "said"), [({"a.pdf": "%PDF-1.7 nothing"}, "damaged"), ({}, "archives hold none")])
def test_a_set_without_a_document_that_can_be_read_is_refused(tmp_path, open_set, members, said):
    with pytest.raises(InputError, match=said):
        open_set(zipped(tmp_path / "s", members), facts)


def test_a_set_that_was_moved_is_indexed_again(tmp_path, open_set):
    folder = write_set(tmp_path / "s", corpus=None, qrels=[("q1", "reset.md", 1)])
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "reset.md").write_text("# Reset\n\nHold the button.", encoding="utf-8")
    open_set(folder, facts)
    moved = tmp_path / "elsewhere" / "s"
    moved.parent.mkdir()
    folder.rename(moved)
    documents, again = open_set(moved, lambda indexed: (dict(indexed.documents), indexed.facts))
    assert list(documents) == ["reset.md"]
    assert not again.reused
    assert open_set(moved, facts).reused


def test_calibration_and_policy_of_the_home_hold_for_what_is_measured(tmp_path, small_set):
    labelled, settings = read_dataset(small_set), Settings(home=tmp_path / "home", models={"runtime": "torch-float32"})
    settings.home.mkdir()
    (settings.home / "policy.toml").write_text('version = "ours"\n[answers]\nmin_confidence = 0.9\n', encoding="utf-8")
    with open_index(labelled, settings, settings.home, on_progress=silent) as indexed:
        assert indexed.workspace.ask_choices.min_confidence == 0.9
    (settings.home / "policy.toml").unlink()
    with open_index(labelled, settings, settings.home, on_progress=silent) as indexed:
        assert indexed.workspace.ask_choices.min_confidence == settings.answer.min_confidence
