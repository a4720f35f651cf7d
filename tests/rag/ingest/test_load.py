"""Reading files, archives and mails, and that a bad file costs only itself."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Literal

import docx
import openpyxl
import pptx
import pytest

from rag.errors import DamagedFile
from rag.ingest.find import find_files
from rag.ingest.load import LoadedDocument, LoadLimits, load
from rag.ingest.sandbox import Sandbox
from rag.types import FileReport, SourceFile

Read = Callable[..., list[LoadedDocument | FileReport]]
Zipped = Callable[[dict[str, bytes | str]], bytes]


def failure(outcomes: list[LoadedDocument | FileReport]) -> FileReport:
    (outcome,) = outcomes
    assert isinstance(outcome, FileReport), outcome
    assert outcome.outcome == "failed"
    assert outcome.reason
    assert outcome.hint
    return outcome


def words(outcome: LoadedDocument | FileReport) -> str:
    assert isinstance(outcome, LoadedDocument), outcome
    return " ".join(block.text for block in outcome.raw.blocks)


def word_file(text: str = "Hello") -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_a_document_comes_with_its_hash_title_and_report(read: Read) -> None:
    (loaded,) = read("guide.md", "# Guide\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    assert isinstance(loaded, LoadedDocument)
    raw = loaded.raw
    assert (raw.title, raw.media_type, raw.report.tables, raw.n_bytes) == ("Guide", "text/markdown", 1, 39)
    assert len(raw.file_sha256) == 64
    assert loaded.path.read_bytes().startswith(b"# Guide")


def test_a_file_that_is_gone_is_a_failure(tmp_path: Path, sandbox: Sandbox) -> None:
    gone = SourceFile(tmp_path / "gone.md", "x", "gone.md")
    assert "cannot be opened" in (failure(list(load(gone, limits=LoadLimits(), sandbox=sandbox))).reason or "")


def test_a_file_that_breaks_while_it_is_read_is_a_failure(read: Read, monkeypatch) -> None:
    def broken(path: Path) -> str:
        raise OSError(5, "Input/output error", str(path))

    monkeypatch.setattr("rag.ingest.load.hash_file", broken)
    assert "Input/output error" in (failure(read("a.md", "text")).reason or "")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "0 bytes"),
        ("blank.txt", b" \n\t\r\n ", "no text"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "old Word document"),
        ("locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("a.rtf", rb"{\rtf1 hello}", "Rich Text"),
        ("a.png", b"\x89PNG\r\n\x1a\n\x00\x00", "a picture"),
        ("a.txt", bytes(range(256)) * 20, "binary"),
        ("a.py", b"print('x')\n", "program or data file"),
        ("a.pdf", b"just words", "name says PDF"),
        ("a.docx", b"PK\x03\x04 cut off", "damaged"),
        ("a.pdf", b"%PDF-1.7\n1 0 obj\n<<", "cannot be opened as a PDF"),
    ],
)
def test_what_cannot_be_read_has_its_reason(read: Read, name: str, content: bytes, reason: str) -> None:
    assert reason in (failure(read(name, content)).reason or "")


def test_content_counts_more_than_the_name(read: Read, zipped: Zipped) -> None:
    (page,) = read("page.pdf", "<!doctype html><body><p>Hello page</p>")
    (word,) = read("word.zip", word_file("Hello word"))
    (inside,) = read("notes.txt", zipped({"a.md": "Hello inside"}))
    assert [words(one) for one in (page, word, inside)] == ["Hello page", "Hello word", "Hello inside"]


def test_a_file_over_the_limit_is_not_opened(read: Read) -> None:
    assert "at most 1 MB" in (failure(read("big.txt", b"a" * 1_000_001, max_file_mb=1)).reason or "")


def test_too_many_characters_are_a_limit(read: Read) -> None:
    assert "more than 100 characters" in (failure(read("long.txt", "word " * 50, max_characters=100)).reason or "")


def test_members_of_an_archive_are_documents_and_failures(read: Read, zipped: Zipped, tmp_path: Path) -> None:
    inner = zipped({"deep.md": "deep text"})
    outcomes = read(
        "all.zip",
        zipped(
            {
                "a.md": "first",
                "sub/b.txt": "second",
                "c.bin": bytes(200),
                "in.zip": inner,
                ".x": "no",
                "__MACOSX/a": "no",
            }
        ),
    )
    source = str(tmp_path / "all.zip")
    assert [getattr(outcome, "raw", outcome).source for outcome in outcomes] == [
        f"{source}!/a.md", f"{source}!/sub/b.txt", f"{source}!/c.bin", f"{source}!/in.zip!/deep.md"
    ]  # fmt: skip
    assert [words(outcomes[0]), words(outcomes[1]), words(outcomes[3])] == ["first", "second", "deep text"]
    assert isinstance(outcomes[2], FileReport)


def test_members_with_the_same_name_have_different_sources(read: Read) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.md", "one")
        archive.writestr("a.md#2", "three")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.md", "two")
    sources = [
        outcome.raw.source for outcome in read("a.zip", stream.getvalue()) if isinstance(outcome, LoadedDocument)
    ]
    assert [source.partition("!/")[2] for source in sources] == ["a.md", "a.md#2", "a.md#3"]


@pytest.mark.parametrize(("written", "name"), [("Über.md".encode(), "Über.md"), (b"\x9aber.md", "Über.md")])
def test_names_of_members_are_read_as_macs_and_the_first_pcs_write_them(
    read: Read, zipped: Zipped, written: bytes, name: str
) -> None:
    plain = b"x" * len(written)
    (member,) = read("a.zip", zipped({plain.decode(): "Words."}).replace(plain, written))
    assert isinstance(member, LoadedDocument)
    assert member.raw.name == name


@pytest.mark.parametrize("make", ["sheets", "slides", "word"])
def test_office_files_are_read_in_archives_and_mails_and_under_any_name(
    read: Read, zipped: Zipped, make: Literal["sheets", "slides", "word"]
) -> None:
    stream = io.BytesIO()
    if make == "sheets":
        workbook = openpyxl.Workbook()
        workbook.active.append(["Hello"])
        workbook.save(stream)
    elif make == "slides":
        presentation = pptx.Presentation()
        presentation.slides.add_slide(presentation.slide_layouts[5]).shapes.title.text = "Hello"
        presentation.save(stream)
    else:
        stream.write(word_file("Hello"))
    content = stream.getvalue()
    mail = EmailMessage()
    mail["Subject"] = "See attached"
    mail.set_content("See attached.")
    mail.add_attachment(content, "application", "octet-stream", filename="file")
    found = (read("a.zip", zipped({"file": content})), read("a.eml", mail.as_bytes()), read("file.old", content))
    assert ["Hello" in words(outcomes[-1]) for outcomes in found] == [True, True, True]


def test_the_bytes_of_a_member_can_be_kept(zipped: Zipped, tmp_path: Path, sandbox: Sandbox) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"a.md": "one", "b.md": "two"}))
    seen = [
        outcome.path.read_text()
        for outcome in load(find_files([path])[0], limits=LoadLimits(), sandbox=sandbox)
        if isinstance(outcome, LoadedDocument)
    ]
    assert seen == ["one", "two"]


def test_archives_inside_archives_end_at_the_depth(read: Read, zipped: Zipped) -> None:
    content: bytes = zipped({"a.md": "text"})
    for _ in range(2):
        content = zipped({"in.zip": content})
    assert words(read("three.zip", content, max_archive_depth=3)[0]) == "text"
    assert "lies inside 2 others" in (failure(read("three.zip", content, max_archive_depth=2)).reason or "")


class Watched:
    """A sandbox that tells what lies in the folder of a file once it is read, and fails at some."""

    def __init__(self, sandbox: Sandbox, fails: str = "") -> None:
        self._sandbox, self._fails = sandbox, fails
        self.unpacked: dict[str, int] = {}

    def call(self, function: str, arguments: dict, *, name: str) -> bytes:
        reply = self._sandbox.call(function, arguments, name=name)
        self.unpacked[name] = len(list(Path(arguments["folder"]).iterdir()))
        if name == self._fails:
            raise DamagedFile("The parser ended.", hint="Save it again.")
        return reply


def test_an_archive_that_lies_too_deep_is_not_unpacked(zipped: Zipped, tmp_path: Path, sandbox: Sandbox) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"in.zip": zipped({"a.md": "text"})}))
    watched = Watched(sandbox)
    outcomes = list(load(find_files([path])[0], limits=LoadLimits(max_archive_depth=1), sandbox=watched))
    assert "lies inside 1 others" in (failure(outcomes).reason or "")
    assert watched.unpacked == {"a.zip": 1, "in.zip": 0}


def test_what_a_failed_reading_unpacked_counts(zipped: Zipped, tmp_path: Path, sandbox: Sandbox) -> None:
    path = tmp_path / "a.zip"
    inner = zipped({"x.txt": b"0" * 3_000_000})
    path.write_bytes(zipped({"bad.zip": inner, "good.zip": inner}))
    limits = LoadLimits(max_unpacked_mb=5)
    bad, good = load(find_files([path])[0], limits=limits, sandbox=Watched(sandbox, "bad.zip"))
    assert "The parser ended" in (getattr(bad, "reason", None) or "")
    assert "unpacks to more than 2.0 MB" in (getattr(good, "reason", None) or "")


def test_a_bomb_is_stopped_by_its_real_bytes(read: Read, zipped: Zipped) -> None:
    bomb = zipped({"a.md": "before", "bomb.txt": b"0" * 30_000_000, "z.md": "after"})
    assert len(bomb) < 60_000
    first, stopped, rest = read("bomb.zip", bomb, max_unpacked_mb=5)
    assert words(first) == "before"
    assert isinstance(stopped, FileReport)
    assert "unpacks to more than 5.0 MB" in (stopped.reason or "")
    assert stopped.source.endswith("bomb.zip!/bomb.txt")
    # How much of it was not looked at is told of the archive: the members are not named one by one.
    assert isinstance(rest, FileReport)
    assert "1 files of it, from 'z.md' on, were not read" in (rest.reason or "")
    assert rest.source.endswith("bomb.zip")


def test_members_packed_with_another_method_are_a_failure_of_the_archive(read: Read, zipped: Zipped) -> None:
    content = bytearray(zipped({"a.md": "first", "b.md": "second"}))
    # The method, in the local header and in the directory: 97 is WavPack.
    for header, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        place = content.index(header) + at
        content[place : place + 2] = struct.pack("<H", 97)
    foreign, second = read("a.zip", bytes(content))
    assert isinstance(foreign, FileReport)
    assert "1 files of 'a.zip' are packed with a method that is not read" in (foreign.reason or "")
    assert foreign.source.endswith("a.zip")
    assert words(second) == "second"


def test_a_bomb_that_lies_about_its_size_is_stopped_too(read: Read, zipped: Zipped) -> None:
    bomb = zipped({"bomb.txt": b"0" * 30_000_000})
    lying = bomb.replace(struct.pack("<I", 30_000_000), struct.pack("<I", 10))
    assert lying != bomb
    outcomes = read("bomb.zip", lying, max_unpacked_mb=5)
    assert all(isinstance(outcome, FileReport) for outcome in outcomes)


def test_nested_archives_share_one_budget(read: Read, zipped: Zipped) -> None:
    inner = zipped({"x.txt": b"0" * 3_000_000})
    outcomes = read("a.zip", zipped({f"{n}.zip": inner for n in range(3)}), max_unpacked_mb=5)
    assert sum(isinstance(outcome, LoadedDocument) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, FileReport) for outcome in outcomes) == 2


def test_too_many_members_are_a_limit(read: Read, zipped: Zipped) -> None:
    content = zipped({f"{n}.md": "x" for n in range(5)})
    assert "holds 5 files" in (failure(read("a.zip", content, max_archive_files=4)).reason or "")


@pytest.mark.parametrize("name", ["../../etc/passwd.txt", "/etc/x.txt", "..\\x.txt", "C:\\x.txt"])
def test_names_that_leave_the_archive_are_refused(read: Read, zipped: Zipped, name: str) -> None:
    outcomes = read("a.zip", zipped({name: "x", "ok.md": "fine"}))
    assert "outside its archive" in (getattr(outcomes[0], "reason", None) or "")
    assert words(outcomes[1]) == "fine"


def test_a_colon_inside_a_name_is_no_drive(read: Read, zipped: Zipped) -> None:
    (outcome,) = read("a.zip", zipped({"Meeting 10:30 notes.txt": "fine"}))
    assert words(outcome) == "fine"


def test_an_encrypted_archive_needs_a_password(read: Read, zipped: Zipped) -> None:
    content = bytearray(zipped({"a.md": "secret"}))
    # Bit 0 of the general purpose flags, in the local header and in the directory.
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "password" in (failure(read("a.zip", bytes(content))).reason or "")


def test_a_damaged_member_costs_only_itself(read: Read, zipped: Zipped) -> None:
    content = bytearray(zipped({"bad.txt": "abc " * 500, "good.md": "fine"}))
    at = content.index(b"bad.txt") + len(b"bad.txt")
    content[at : at + 8] = b"\xff" * 8
    bad, good = read("a.zip", bytes(content))
    assert "damaged inside its archive" in (getattr(bad, "reason", None) or "")
    assert words(good) == "fine"


def test_an_office_file_that_unpacks_to_too_much_is_stopped(read: Read) -> None:
    content = io.BytesIO(word_file())
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/media/x.bin", b"0" * 30_000_000)
    assert "unpacks to more than 5 MB" in (failure(read("a.docx", content.getvalue(), max_unpacked_mb=5)).reason or "")


def test_entities_in_an_office_file_are_refused(read: Read) -> None:
    source, target = zipfile.ZipFile(io.BytesIO(word_file())), io.BytesIO()
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w:document/>'
    with source, zipfile.ZipFile(target, "w") as package:
        for name in source.namelist():
            package.writestr(name, bomb if name == "word/document.xml" else source.read(name))
    assert "document type" in (failure(read("a.docx", target.getvalue())).reason or "")


def test_a_truncated_office_file_is_damaged(read: Read) -> None:
    content = word_file("x " * 3000)
    assert "damaged" in (failure(read("a.docx", content[: len(content) // 2])).reason or "")


def test_attachments_that_are_documents_are_members_and_others_are_told_of(read: Read) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.com", "b@example.com", "Invoice"
    mail.set_content("See attached.")
    mail.add_attachment(b"# Terms\n\nThirty days.", maintype="text", subtype="markdown", filename="terms.md")
    mail.add_attachment(b"\x89PNG\r\n", maintype="image", subtype="png", filename="logo.png")
    letter, terms = read("mail.eml", mail.as_bytes())
    assert "See attached." in words(letter)
    assert isinstance(letter, LoadedDocument)
    assert "logo.png" in letter.raw.report.warnings[0]
    assert words(terms) == "Terms Thirty days."
    assert isinstance(terms, LoadedDocument)
    assert terms.raw.source.endswith("mail.eml!/terms.md")
    assert (letter.whole, terms.whole) == (False, True)


def test_mails_inside_mails_end_at_the_depth_too(read: Read) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "a@example.com", "0"
    mail.set_content("innermost")
    for n in range(1, 5):
        outer = EmailMessage()
        outer["From"], outer["Subject"] = "a@example.com", str(n)
        outer.set_content(f"level {n}")
        outer.add_attachment(mail)
        mail = outer
    outcomes = read("mail.eml", mail.as_bytes(), max_archive_depth=2)
    assert [isinstance(outcome, LoadedDocument) for outcome in outcomes] == [True, True, True, False]
