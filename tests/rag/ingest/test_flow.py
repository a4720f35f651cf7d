"""Files go in many at a time, and still each for itself: with the real parser, model and stores."""

import zipfile
from collections import Counter
from dataclasses import replace

import pytest

from rag.errors import NotFound, StoreError
from rag.ingest.find import find_files
from rag.ingest.flow import ingest, reindex, remove
from rag.settings import Settings
from rag.wiring import open_workspace
from tests.rag.ingest.doubles import Counted, Parts


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "documents"
    made.mkdir()
    return made


def write(folder, *names):
    for name in names:
        text = f"# {name}\n\nThe warranty of {name} lasts two years, says {folder.parent.name}."
        (folder / name).write_text(text, encoding="utf-8")


def write_long(folder, name, n_sections):
    sections = (f"## Part {n}\n\n" + f"Part {n} is cleaned every {n} weeks. " * 30 for n in range(n_sections))
    (folder / name).write_text("# Long\n\n" + "\n\n".join(sections), encoding="utf-8")


def small_batches(workspace, n_passages, **parts):
    choices = replace(workspace.ingest_choices, batch_passages=n_passages)
    return Parts(workspace, ingest_choices=choices, **parts)


def live(workspace, space):
    return [info.name for info in workspace.catalog.documents(space)]


def test_small_files_are_embedded_and_written_together(workspace, space, folder):
    write(folder, *(f"{n}.md" for n in range(6)))
    embedder, vectors = Counted(workspace.embedder, "embed"), Counted(workspace.vectors, "add")
    parts = Parts(workspace, embedder=embedder, vectors=vectors)
    summary = ingest(find_files([folder]), parts, space=space)
    assert summary.count("added") == 6
    assert [len(texts) for (texts,) in embedder.calls] == [6]
    assert [len(ids) for _, _, ids, _ in vectors.calls] == [6]
    assert workspace.status(space)["agree"]


def test_a_batch_is_full_with_so_many_passages(workspace, space, folder):
    write(folder, *(f"{n}.md" for n in range(5)))
    vectors = Counted(workspace.vectors, "add")
    ingest(find_files([folder]), small_batches(workspace, 2, vectors=vectors), space=space)
    assert [len(ids) for _, _, ids, _ in vectors.calls] == [2, 2, 1]


def test_a_long_document_does_not_hold_up_those_before_it(workspace, space, folder):
    write(folder, "a.md", "c.md")
    write_long(folder, "b.md", 9)
    vectors = Counted(workspace.vectors, "add")
    summary = ingest(find_files([folder]), small_batches(workspace, 4, vectors=vectors), space=space)
    n_long = summary.files[1].n_chunks
    assert n_long > 4
    assert [len(ids) for _, _, ids, _ in vectors.calls] == [1, n_long, 1]


def test_documents_that_need_not_wait_go_live_one_by_one(workspace, space, folder):
    write(folder, "a.md", "b.md")
    choices = replace(workspace.ingest_choices, max_wait_s=0.0)
    vectors = Counted(workspace.vectors, "add")
    ingest(find_files([folder]), Parts(workspace, ingest_choices=choices, vectors=vectors), space=space)
    assert len(vectors.calls) == 2


def test_a_broken_file_costs_only_itself_and_reports_keep_the_order_of_the_files(workspace, space, folder):
    write(folder, "a.md", "c.md")
    (folder / "b.pdf").write_bytes(b"%PDF-1.4 broken")
    summary = ingest(find_files([folder]), workspace, space=space)
    assert [(report.name, report.outcome) for report in summary.files] == [
        ("a.md", "added"),
        ("b.pdf", "failed"),
        ("c.md", "added"),
    ]
    assert live(workspace, space) == ["a.md", "c.md"]


def test_a_file_that_changes_while_it_waits_costs_only_itself(workspace, space, folder):
    write(folder, "a.md", "b.md", "c.md")

    def change(moment):
        if moment.stage == "embedding":
            (folder / "b.md").write_text("Something else.", encoding="utf-8")

    summary = ingest(find_files([folder]), workspace, space=space, on_progress=change)
    failed = [report for report in summary.files if report.outcome == "failed"]
    assert [(report.name, report.reason) for report in failed] == [("b.md", "'b.md' changed while it was read.")]
    assert live(workspace, space) == ["a.md", "c.md"]


def test_a_file_that_goes_away_while_it_waits_costs_only_itself(workspace, space, folder):
    write(folder, "gone.md", "here.md")

    def delete(moment):
        if moment.stage == "embedding":
            (folder / "gone.md").unlink(missing_ok=True)

    summary = ingest(find_files([folder]), workspace, space=space, on_progress=delete)
    assert [report.outcome for report in summary.files] == ["failed", "added"]
    assert live(workspace, space) == ["here.md"]


def test_files_inside_an_archive_are_kept_until_their_batch_is_live(workspace, space, folder):
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        for n in range(5):
            archive.writestr(f"{n}.md", f"# Guide {n}\n\nGuide {n} of {space}.")
    summary = ingest(find_files([folder]), small_batches(workspace, 2), space=space)
    assert [(report.name, report.outcome) for report in summary.files] == [(f"{n}.md", "added") for n in range(5)]
    for n, info in enumerate(workspace.catalog.documents(space)):
        (version,) = workspace.catalog.versions(info.id)
        with workspace.originals.open(version.file_sha256) as content:
            assert content.decode() == f"# Guide {n}\n\nGuide {n} of {space}."


def test_of_two_documents_with_one_source_the_last_is_live(workspace, space, folder):
    # A member of all.zip is known as a file is that lies in a folder with the name all.zip!
    (folder / "all.zip!").mkdir()
    (folder / "all.zip!" / "x.txt").write_text(f"Three of {space}.")
    for text in ("Two", "Four"):
        with zipfile.ZipFile(folder / "all.zip", "w") as archive:
            archive.writestr("x.txt", f"{text} of {space}.")
        summary = ingest(find_files([folder]), workspace, space=space)
    info = workspace.catalog.find(space, summary.files[1].source)
    assert info.source == summary.files[0].source
    assert workspace.catalog.text(info.id, info.version).text == f"Three of {space}."


def test_known_files_are_neither_parsed_nor_embedded_again(workspace, space, folder):
    write(folder, "a.md", "b.md")
    ingest(find_files([folder]), workspace, space=space)
    write(folder, "c.md")
    sandbox, embedder = Counted(workspace.sandbox, "call"), Counted(workspace.embedder, "embed")
    summary = ingest(find_files([folder]), Parts(workspace, sandbox=sandbox, embedder=embedder), space=space)
    assert [report.outcome for report in summary.files] == ["unchanged", "unchanged", "added"]
    assert len(sandbox.calls) == 1
    assert [len(texts) for (texts,) in embedder.calls] == [1]


def test_changed_and_new_documents_of_one_batch_are_told_apart(workspace, space, folder):
    write(folder, "a.md", "b.md")
    ingest(find_files([folder]), workspace, space=space)
    (folder / "b.md").write_text("# B\n\nThree years now.", encoding="utf-8")
    write(folder, "c.md")
    summary = ingest(find_files([folder]), workspace, space=space)
    assert [report.outcome for report in summary.files] == ["unchanged", "updated", "added"]
    assert workspace.status(space)["agree"]


def test_progress_counts_files_when_they_are_live_and_tells_the_time_left(workspace, space, folder):
    write(folder, *(f"{n}.md" for n in range(4)))
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    moments = []
    ingest(find_files([folder]), small_batches(workspace, 2), space=space, on_progress=moments.append)
    finished = [(moment.file.name, moment.files_done) for moment in moments if moment.stage == "finished"]
    assert finished == [("0.md", 1), ("1.md", 2), ("2.md", 3), ("3.md", 4), ("broken.pdf", 4)]


def test_one_large_file_shows_how_far_it_is(workspace, space, folder):
    write_long(folder, "large.md", 70)
    moments = []
    (report,) = ingest(find_files([folder]), workspace, space=space, on_progress=moments.append).files
    embedding = [moment for moment in moments if moment.stage == "embedding"]
    done = [moment.chunks_done for moment in embedding]
    assert len(done) > 1
    assert done == sorted(done)
    assert done[-1] == report.n_chunks
    assert {moment.name for moment in embedding} == {"large.md"}
    left = [moment.remaining_s for moment in embedding]
    assert left[0] > 0
    assert left[-1] == 0
    assert {moment.chunks_known for moment in embedding} == {report.n_chunks}
    screening = [moment.share for moment in moments if moment.stage == "screening"]
    assert screening[0] < embedding[0].share
    shares = [moment.share for moment in moments]
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_a_store_that_fails_in_the_middle_keeps_what_was_finished(workspace, space, folder):
    write(folder, *(f"{n}.md" for n in range(5)))
    vectors = Counted(workspace.vectors, "add", fails_at=2)
    moments = []
    with pytest.raises(StoreError, match="disk is full"):
        ingest(
            find_files([folder]),
            small_batches(workspace, 2, vectors=vectors),
            space=space,
            on_progress=moments.append,
        )
    assert [moment.file.name for moment in moments if moment.file] == ["0.md", "1.md"]
    assert live(workspace, space) == ["0.md", "1.md"]
    summary = ingest(find_files([folder]), workspace, space=space)
    assert Counter(report.outcome for report in summary.files) == {"unchanged": 2, "added": 3}
    assert workspace.status(space)["agree"]


def test_a_run_that_is_stopped_keeps_whole_batches(workspace, space, folder):
    write(folder, *(f"{n}.md" for n in range(5)))

    class Stopped(Exception):
        pass

    def stop(moment):
        if moment.stage == "reading" and moment.name == "3.md":
            raise Stopped

    with pytest.raises(Stopped):
        ingest(find_files([folder]), small_batches(workspace, 2), space=space, on_progress=stop)
    assert live(workspace, space) == ["0.md", "1.md"]
    assert ingest(find_files([folder]), workspace, space=space).count("added") == 3


class TestReindex:
    @pytest.fixture
    def filled(self, tmp_path, folder):
        settings = Settings(home=tmp_path / "home", models={"runtime": "torch-float32"})
        with open_workspace(settings) as opened:
            write(folder, *(f"{n}.md" for n in range(5)))
            ingest(find_files([folder]), opened)
            yield opened

    def other_recipe(self, workspace):
        choices = replace(workspace.ingest_choices, budget_tokens=200, batch_passages=2)
        return Parts(
            workspace, ingest_choices=choices, recipe=replace(workspace.recipe, chunker="budget_tokens=200"), index=None
        )

    def test_all_documents_stand_in_the_new_index_and_writing_is_free_between_batches(self, filled):
        held, seen = [], []

        def watch(done, total):
            held.append(filled.writing.locked())
            seen.append((done, total))

        index = reindex(self.other_recipe(filled), on_progress=watch).index_id
        ids, _ = filled.catalog.chunk_vectors("default", index)
        assert len(ids) == 5
        assert filled.catalog.active_index() == index
        assert seen == [*((n, 5) for n in range(6)), (5, 5)]
        assert not any(held)
        assert filled.status("default")["agree"]

    def test_a_build_goes_on_where_it_was_stopped(self, filled):
        parts = self.other_recipe(filled)
        failing = Parts(parts, vectors=Counted(filled.vectors, "add", fails_at=2))
        before = filled.catalog.active_index()
        with pytest.raises(StoreError):
            reindex(failing)
        assert filled.catalog.active_index() == before
        vectors = Counted(filled.vectors, "add")
        reindex(Parts(parts, vectors=vectors))
        assert [len(ids) for _, _, ids, _ in vectors.calls] == [2, 1]

    def test_a_document_that_is_removed_while_it_is_embedded_does_not_come_back(self, filled):
        first = filled.catalog.documents("default")[0]
        parts = self.other_recipe(filled)
        embedder = Counted(filled.embedder, "embed", at_first=lambda: remove(first.id, parts))
        index = reindex(Parts(parts, embedder=embedder)).index_id
        assert live(filled, "default") == ["1.md", "2.md", "3.md", "4.md"]
        assert len(filled.catalog.chunk_vectors("default", index)[0]) == 4
        assert filled.status("default")["agree"]

    def test_a_document_that_is_removed_before_its_batch_does_not_come_back(self, filled):
        parts = self.other_recipe(filled)
        last = filled.catalog.documents("default")[4]

        def watch(done, _total):
            if done == 1:
                remove(last.id, parts)

        index = reindex(parts, on_progress=watch).index_id
        assert len(filled.catalog.documents("default")) == 4
        assert len(filled.catalog.chunk_vectors("default", index)[0]) == 4
        assert filled.status("default")["agree"]


class TestRemove:
    @pytest.mark.parametrize(("part", "method"), [("vectors", "compact"), ("originals", "sweep")])
    def test_a_removal_that_failed_half_way_goes_on_where_it_stopped(self, workspace, space, folder, part, method):
        write(folder, "1.md", "2.md")
        ingest(find_files([folder]), workspace, space=space)
        first, _ = workspace.catalog.documents(space)
        (version,) = workspace.catalog.versions(first.id)
        failing = Parts(workspace, **{part: Counted(getattr(workspace, part), method, fails_at=1)})
        with pytest.raises(StoreError):
            remove(first.id, failing)

        check = remove(first.id, workspace)

        assert (check.document_id, check.removed_chunks) == (first.id, 1)
        assert not any(check.left.values())
        assert version.file_sha256 not in workspace.catalog.originals()
        with pytest.raises(NotFound):
            remove(first.id, workspace)
