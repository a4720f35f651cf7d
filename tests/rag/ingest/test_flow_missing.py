"""Documents that have lost their file, with the real parser, model and stores: counted, and removed where asked."""

import zipfile
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from rag.errors import AccessError, InputError
from rag.ingest.find import find
from rag.ingest.flow import ingest
from rag.types import Principal
from tests.rag.ingest.doubles import Counted, Parts


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "documents"
    made.mkdir()
    return made


@pytest.fixture
def read(workspace, space):
    """Ingest what is named."""

    def _read(*paths, parts=workspace, into=space, **choices):
        files, scope = find(paths)
        return ingest(files, parts, space=into, scope=scope, **choices)

    return _read


@pytest.fixture
def live(workspace, space):
    """Return the names of the live documents."""

    def _live(of=space):
        return sorted(info.name for info in workspace.catalog.documents(of))

    return _live


def write(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text(f"# {name}\n\nThe warranty of {name} in {folder} lasts two years.", encoding="utf-8")


def pack(path, *names):
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, f"# {name}\n\nWhat {name} in {path} says.")


def send(path, *names, pictures=()):
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "a@example.com", f"News of {path}"
    mail.set_content("See attached.")
    for name in names:
        content = f"What {name} in {path} says.".encode()
        mail.add_attachment(content, maintype="text", subtype="plain", filename=name)
    for name in pictures:
        mail.add_attachment(b"\x89PNG\r\n", maintype="image", subtype="png", filename=name)
    path.write_bytes(mail.as_bytes())


def test_documents_whose_files_are_gone_are_counted_and_stay(read, live, folder):
    write(folder, "a.md", "b.md", "sub/c.md")
    assert read(folder).n_missing == 0
    (folder / "b.md").unlink()
    (folder / "sub" / "c.md").unlink()
    summary = read(folder)
    assert (summary.n_missing, summary.removals) == (2, ())
    assert live() == ["a.md", "b.md", "c.md"]


def test_they_are_removed_together_with_every_trace_where_asked(workspace, space, read, live, folder):
    write(folder, "a.md", "b.md", "sub/c.md")
    read(folder)
    gone = {(info.id, info.source) for info in workspace.catalog.documents(space) if info.name != "a.md"}
    (folder / "b.md").unlink()
    (folder / "sub" / "c.md").unlink()
    vectors, moments = Counted(workspace.vectors, "compact"), []
    parts = Parts(workspace, vectors=vectors)
    summary = read(folder, parts=parts, remove_missing=True, on_progress=moments.append)
    assert summary.n_missing == 0
    assert {(check.document_id, check.source) for check in summary.removals} == gone
    assert not any(count for check in summary.removals for count in check.left.values())
    assert live() == ["a.md"]
    assert len(vectors.calls) == 1
    assert (moments[-1].stage, moments[-1].name) == ("removing", "2 documents")
    assert workspace.status(space)["agree"]
    assert read(folder, remove_missing=True).removals == ()


def test_nothing_is_touched_outside_of_what_is_named_nor_in_another_space(workspace, read, live, folder, tmp_path):
    write(folder, "a.md", "sub/b.md", "sub-old/c.md")
    read(folder)
    workspace.catalog.create_space(f"{tmp_path.name} else")
    read(folder, into=f"{tmp_path.name} else")
    for name in ("a.md", "sub/b.md", "sub-old/c.md"):
        (folder / name).unlink()
    write(folder, "sub/d.md")
    assert [check.source for check in read(folder / "sub", remove_missing=True).removals] == [f"{folder}/sub/b.md"]
    assert live() == ["a.md", "c.md", "d.md"]
    assert live(f"{tmp_path.name} else") == ["a.md", "b.md", "c.md"]


def test_a_file_that_was_moved_is_known_by_its_new_place_only(workspace, space, read, folder):
    write(folder, "a.md", "b.md")
    read(folder)
    before = {info.name: info for info in workspace.catalog.documents(space)}
    (folder / "sub").mkdir()
    (folder / "a.md").rename(folder / "sub" / "a.md")
    summary = read(folder, remove_missing=True)
    assert (summary.count("added"), [check.source for check in summary.removals]) == (1, [f"{folder}/a.md"])
    (moved,) = [info for info in workspace.catalog.documents(space) if info.name == "a.md"]
    assert moved.source == f"{folder}/sub/a.md"
    assert moved.version == before["a.md"].version
    # The same bytes came from the file that is gone.
    (version,) = workspace.catalog.versions(moved.id)
    with workspace.originals.open(version.file_sha256) as content:
        assert content == (folder / "sub" / "a.md").read_bytes()
    assert workspace.status(space)["agree"]


def test_names_of_any_kind_are_followed(read, live, folder):
    names = ("Übersicht – neu.md", "C:\\docs\\a.md", "wow!/a.md", "lit\\xe9ral.md", "caf\udce9.md")
    write(folder, "here.md")
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(f"What stands in number {names.index(name)}.")
    assert read(folder, remove_missing=True).removals == ()
    assert read(folder, remove_missing=True).removals == ()
    assert len(live()) == 6
    for name in names:
        (folder / name).unlink()
    assert len(read(folder, remove_missing=True).removals) == 5
    assert live() == ["here.md"]


def test_members_and_attachments_that_are_gone_are_removed(read, live, folder):
    pack(folder / "a.zip", "b.md", "c.md")
    send(folder / "m.eml", "d.txt", "e.txt")
    read(folder)
    pack(folder / "a.zip", "b.md")
    send(folder / "m.eml", "e.txt")
    assert read(folder).n_missing == 2
    summary = read(folder / "a.zip", folder / "m.eml", remove_missing=True)
    assert [check.source for check in summary.removals] == [f"{folder}/a.zip!/c.md", f"{folder}/m.eml!/d.txt"]
    assert live() == ["b.md", "e.txt", "m.eml"]


def test_an_archive_that_is_gone_takes_its_members_along(read, live, folder):
    pack(folder / "a.zip", "b.md", "c.md")
    write(folder, "d.md")
    read(folder)
    (folder / "a.zip").unlink()
    assert len(read(folder, remove_missing=True).removals) == 2
    assert live() == ["d.md"]


def test_what_fails_keeps_its_last_good_version_and_all_that_it_held(read, live, folder):
    pack(folder / "a.zip", "b.md", "c.md")
    send(folder / "m.eml", "d.txt")
    write(folder, "e.md", "f.md")
    read(folder)
    (folder / "a.zip").write_bytes((folder / "a.zip").read_bytes()[:-30])
    (folder / "m.eml").write_bytes(b"\0\1\2" * 99)
    (folder / "e.md").write_bytes(b"\0\1\2" * 99)
    summary = read(folder, remove_missing=True)
    assert (summary.count("failed"), summary.removals) == (3, ())
    assert live() == ["b.md", "c.md", "d.txt", "e.md", "f.md", "m.eml"]


def test_an_archive_that_is_read_in_part_keeps_all_of_its_members(workspace, read, live, folder):
    names = ("a.md", "b.md", "c.md", "d.md")
    pack(folder / "a.zip", *names)
    read(folder)
    pack(folder / "a.zip", "a.md", "c.md", "d.md")
    # One byte less than two of its members have: nobody looks at the third.
    most = 2 * len(f"# a.md\n\nWhat a.md in {folder / 'a.zip'} says.".encode()) - 1
    limits = replace(workspace.ingest_choices.limits, max_unpacked_mb=most / 1_000_000)
    parts = Parts(workspace, ingest_choices=replace(workspace.ingest_choices, limits=limits))
    summary = read(folder, parts=parts, remove_missing=True)
    failed = [report.source for report in summary.files if report.outcome == "failed"]
    assert failed == [f"{folder}/a.zip!/c.md", f"{folder}/a.zip"]
    assert summary.removals == ()
    assert live() == [*names]
    assert len(read(folder, remove_missing=True).removals) == 1


def test_a_mail_that_holds_what_is_not_read_keeps_all_of_its_attachments(read, live, folder):
    send(folder / "m.eml", "d.txt", "e.txt")
    read(folder)
    send(folder / "m.eml", "e.txt", pictures=["d.txt"])
    assert read(folder, remove_missing=True).removals == ()
    assert live() == ["d.txt", "e.txt", "m.eml"]


def test_a_folder_that_could_not_be_read_keeps_what_lies_below_it(read, live, folder, monkeypatch):
    write(folder, "a.md", "closed/b.md", "closed/deep/c.md", "open/d.md")
    read(folder)
    for name in ("closed/b.md", "closed/deep/c.md", "open/d.md"):
        (folder / name).unlink()
    listed = Path.iterdir

    def closed(path):
        if path.name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", closed)
    assert [check.source for check in read(folder, remove_missing=True).removals] == [f"{folder}/open/d.md"]
    assert live() == ["a.md", "b.md", "c.md"]


def test_a_named_folder_without_a_file_is_an_error_and_nothing_is_done(read, live, folder):
    write(folder, "mount/a.md", "other/b.md", "other/c.md")
    read(folder)
    (folder / "mount" / "a.md").unlink()
    (folder / "other" / "c.md").unlink()
    write(folder, "other/new.md")
    with pytest.raises(InputError, match=r"There is no file in '.*/mount'"):
        read(folder / "mount", folder / "other", remove_missing=True)
    assert live() == ["a.md", "b.md", "c.md"]
    # Without the option it is read around, and not counted either.
    assert read(folder / "mount", folder / "other").n_missing == 1


def test_who_may_not_write_removes_nothing(read, live, folder):
    write(folder, "a.md", "b.md")
    read(folder)
    (folder / "b.md").unlink()
    with pytest.raises(AccessError):
        read(folder, remove_missing=True, principal=Principal("somebody"))
    assert live() == ["a.md", "b.md"]


def test_a_run_that_is_stopped_removes_nothing(read, live, folder):
    write(folder, "a.md", "b.md")
    read(folder)
    (folder / "b.md").unlink()

    class Stopped(Exception):
        pass

    def stop(moment):
        if moment.stage == "removing":
            raise Stopped

    with pytest.raises(Stopped):
        read(folder, remove_missing=True, on_progress=stop)
    assert live() == ["a.md", "b.md"]
