"""The command line: results on stdout, the rest on stderr, and an exit status that scripts can trust."""

import io
import json
import shutil
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest
from openpyxl import Workbook

from rag import cli
from rag.cli import main
from rag.ingest.find import find_files
from rag.ingest.flow import ingest
from rag.settings import load_settings
from rag.wiring import open_workspace

WARRANTY = """\
---
title: Warranty of the Kestrel 4
---

# Warranty of the Kestrel 4

The Kestrel 4 has a warranty of 24 months from the date of purchase. Batteries are not covered.

# Error codes

| Code | Meaning | Action |
|--|--|--|
| HX-2104 | Loss of fibre signal | Clean the connector |
| HX-2210 | Firmware is corrupt | Start the recovery |
"""


@pytest.fixture
def footnote(capsys, monkeypatch):
    def run(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["footnote", *map(str, arguments)])
        try:
            main()
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else 1
        else:
            status = 0
        out, err = capsys.readouterr()
        return status, out, err

    return run


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A folder of documents and a home that has read them, made once."""
    root = tmp_path_factory.mktemp("prepared")
    (root / "documents").mkdir()
    (root / "documents" / "warranty.md").write_text(WARRANTY, encoding="utf-8")
    (root / "documents" / "returns.txt").write_text("Devices can be returned within 14 days.", encoding="utf-8")
    with open_workspace(load_settings(home=root / "home", env={})) as workspace:
        ingest(find_files([root / "documents"]), workspace)
    return root


@pytest.fixture
def documents(prepared):
    return prepared / "documents"


@pytest.fixture
def home(prepared, tmp_path):
    return shutil.copytree(prepared / "home", tmp_path / "home")


def test_ingest_reports_each_file_and_a_second_time_changes_nothing(footnote, documents, tmp_path):
    shutil.copytree(documents, tmp_path / "own")
    (tmp_path / "own" / "broken.pdf").write_bytes(b"%PDF-1.7 nothing follows")
    home = tmp_path / "home"
    status, out, _ = footnote("ingest", tmp_path / "own", "--home", home, "--json")
    first = json.loads(out)
    assert status == 1
    assert (first["added"], first["failed"]) == (2, 1)
    (failed,) = [file for file in first["files"] if file["outcome"] == "failed"]
    assert failed["name"] == "broken.pdf"
    assert failed["reason"]
    status, out, _ = footnote("ingest", tmp_path / "own", "--home", home, "--json")
    assert (json.loads(out)["added"], json.loads(out)["unchanged"]) == (0, 2)
    assert status == 1
    (tmp_path / "own" / "broken.pdf").unlink()
    assert footnote("ingest", tmp_path / "own", "--home", home)[0] == 0


def test_ingest_tells_what_it_guessed_and_the_path_of_what_failed(footnote, tmp_path):
    for name, content in {"one/a.csv": "Größe;Preis\n1;2;3\n".encode("cp1252"), "two/a.csv": b"\0\1\2" * 99}.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(content)
    status, out, _ = footnote("ingest", tmp_path, "--home", tmp_path / "home")
    failed, noted, _ = out.splitlines()
    assert status == 1
    assert failed.startswith(f"failed  {tmp_path / 'two' / 'a.csv'}: ")
    assert noted == (
        f"note    {tmp_path / 'one' / 'a.csv'}: The encoding was guessed: cp1252. "
        "Rows have more or fewer cells than the header: line 2."
    )


def test_an_archive_that_holds_nothing_is_no_success_unless_it_is_to_be_emptied(footnote, tmp_path):
    home, path = tmp_path / "home", tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.md", "The warranty lasts 17 months.")
    assert footnote("ingest", path, "--home", home)[0] == 0
    zipfile.ZipFile(path, "w").close()
    assert footnote("ingest", path, "--home", home)[0] == 1
    status, out, _ = footnote("ingest", path, "--home", home, "--remove-missing", "--json")
    assert (status, json.loads(out)["removed"]) == (0, 1)


@pytest.fixture
def merlin(footnote, home, tmp_path):
    """A folder of its own that was read into the home, and has lost a file since."""
    folder = tmp_path / "merlin"
    folder.mkdir()
    (folder / "care.md").write_text("# Care of the Merlin 9\n\nThe Merlin 9 is cleaned with a dry cloth.")
    (folder / "warranty.md").write_text("# Merlin 9\n\nThe warranty of the Merlin 9 lasts 17 months.")
    footnote("ingest", folder, "--home", home)
    (folder / "warranty.md").unlink()
    return folder


def asked(footnote, home):
    _, out, _ = footnote("ask", "How long is the warranty of the Merlin 9?", "--home", home, "--json")
    return json.loads(out)


def test_documents_without_their_file_are_told_of_and_still_answer(footnote, home, merlin):
    status, out, err = footnote("ingest", merlin, "--home", home, "--json")
    assert (status, json.loads(out)["missing"], json.loads(out)["removed"]) == (0, 1, 0)
    assert err.startswith("1 document is no longer in what was named")
    assert "--remove-missing" in err
    assert "17 months" in asked(footnote, home)["answer"]
    footnote("ingest", merlin, "--home", home, "--remove-missing", "--if-empty")
    assert "17 months" in asked(footnote, home)["answer"]


def test_documents_without_their_file_are_removed_where_asked_and_their_words_with_them(footnote, home, merlin):
    receipt = asked(footnote, home)["receipt"]
    status, out, err = footnote("ingest", merlin, "--home", home, "--remove-missing", "--json")
    summary = json.loads(out)
    assert (status, err) == (0, "")
    assert (summary["removed"], summary["missing"], summary["unchanged"]) == (1, 0, 1)
    (removal,) = summary["removals"]
    assert removal["source"] == str(merlin / "warranty.md")
    assert set(removal["left"].values()) == {0}
    assert "17 months" not in json.dumps(asked(footnote, home))
    assert "17 months" not in footnote("receipt", "show", receipt, "--home", home)[1]
    listed = json.loads(footnote("documents", "list", "--home", home, "--json")[1])
    assert sorted(document["name"] for document in listed) == ["care.md", "returns.txt", "warranty.md"]


def test_the_terminal_says_what_was_removed(footnote, home, merlin):
    _, out, _ = footnote("ingest", merlin, "--home", home, "--remove-missing")
    removed, counts = out.splitlines()
    assert removed == f"removed  {merlin / 'warranty.md'}: 'Merlin 9', 1 passages"
    assert "1 unchanged, 0 failed, 1 removed; 0 passages" in counts


def test_a_folder_that_has_lost_all_its_files_removes_nothing(footnote, home, merlin, documents):
    (merlin / "care.md").unlink()
    for paths in ((merlin,), (merlin, documents)):
        status, out, err = footnote("ingest", *paths, "--home", home, "--remove-missing")
        assert (status, out) == (2, "")
        assert "There is no file in" in err
    assert "17 months" in asked(footnote, home)["answer"]


def test_ask_prints_the_contract_and_every_quote_is_the_stored_text(footnote, home):
    status, out, err = footnote("ask", "How long is the warranty of the Kestrel 4?", "--home", home, "--json")
    assert status == 0, err
    answer = json.loads(out)
    assert set(answer) >= {
        "receipt",
        "outcome",
        "reason",
        "answer",
        "mode",
        "statements",
        "confidence",
        "candidates",
        "passages",
        "models",
        "timings_ms",
    }
    assert answer["outcome"] == "answered"
    assert "24 months" in answer["answer"]
    for statement in answer["statements"]:
        for citation in statement["citations"]:
            _, out, _ = footnote("documents", "show", citation["document"], "--home", home, "--json")
            assert json.loads(out)["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_status_shows_the_health_of_the_graph(footnote, home):
    _, out, _ = footnote("status", "--home", home, "--json")
    graph = json.loads(out)["graph"]
    assert graph["sources_with_entity"] == json.loads(out)["passages"]
    assert graph["passages_without_entity"] == 0.0
    assert {"components", "largest_component", "orphan_mentions", "hubs", "relations"} <= set(graph)
    _, out, _ = footnote("status", "--home", home)
    assert "passages without entity 0.0" in out


def test_a_question_that_is_only_a_code_finds_it_to_the_letter(footnote, home):
    _, out, _ = footnote("ask", "HX-2104", "--home", home, "--json")
    answer = json.loads(out)
    assert "HX-2104" in answer["passages"][0]["text"]
    assert "Clean the connector" in answer["answer"]


def test_a_refusal_is_an_answer(footnote, home):
    status, out, _ = footnote("ask", "Who won the football world cup in 1954?", "--home", home)
    assert status == 0
    assert out.startswith("refused: ")
    assert "near: " in out


def test_a_sheet_of_a_workbook_is_called_so(footnote, home, tmp_path):
    book = Workbook()
    for row in (
        ("Spare part", "Price"),
        ("Mains cable of the Kestrel 4", "14 euro"),
        ("Fuse of the Kestrel 4", "3 euro"),
    ):
        book.active.append(row)
    book.save(tmp_path / "spare parts.xlsx")
    footnote("ingest", tmp_path / "spare parts.xlsx", "--home", home, "--space", "parts")
    _, out, _ = footnote("ask", "What does the fuse of the Kestrel 4 cost?", "--home", home, "--space", "parts")
    assert "3 euro" in out
    assert ", sheet 1  " in out


def test_a_question_of_another_space_finds_nothing_there(footnote, home, documents):
    footnote("ingest", documents / "returns.txt", "--home", home, "--space", "private")
    _, out, _ = footnote("ask", "How long is the warranty?", "--home", home, "--space", "private", "--json")
    assert all("warranty" not in passage["text"].casefold() for passage in json.loads(out)["passages"])


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("ask", ""), 2, "no word"),
        (("ask", "a" * 100_000), 2, "100,000 characters"),
        (("ask", "\x07"), 2, "no word"),
        (("ask", "warranty \udcff"), 2, "not UTF-8"),
        (("ask", "warranty?", "--after", "\udcff"), 2, "not UTF-8"),
        (("ask", "warranty?", "--space", "nowhere"), 1, "nowhere"),
        (("documents", "list", "--space", "nowhere"), 1, "nowhere"),
        (("documents", "flags", "--space", "nowhere"), 1, "nowhere"),
        (("documents", "release", "warranty.md"), 2, "Nothing in 'Warranty of the Kestrel 4' is flagged"),
        (("ask", "warranty?", "--as-of", "2024 or so"), 2, "'2024 or so' is no day"),
        (("ingest", "/no/such/file"), 2, "/no/such/file"),
        (("documents", "show", "nothing"), 1, "nothing"),
        (("documents", "remove", "warranty.md"), 2, "not removed"),
        (("models", "pull", "brain"), 2, "brain"),
        (("fly",), 2, "fly"),
        (("ask",), 2, "question"),
    ],
)
def test_bad_input_has_a_clear_message_and_changes_nothing(footnote, home, arguments, status, told):
    before = footnote("documents", "list", "--home", home, "--json")[1]
    options = ("--home", home) if arguments[0] != "fly" else ()
    got, out, err = footnote(*arguments, *options)
    assert got == status
    assert told.casefold() in err.casefold()
    assert not out
    assert footnote("documents", "list", "--home", home, "--json")[1] == before


@pytest.mark.parametrize("question", ["¿Cuánto dura la garantía?", "保証期間はどのくらいですか", "wrnty kestrl 4??"])
def test_other_languages_and_typos_get_an_answer_or_a_refusal(footnote, home, question):
    status, out, _ = footnote("ask", question, "--home", home, "--json")
    assert status == 0
    assert json.loads(out)["outcome"] in {"answered", "refused"}


def test_removing_a_document_shows_the_check_and_ends_its_answers(footnote, home):
    status, out, _ = footnote("documents", "remove", "warranty.md", "--home", home, "--yes", "--json")
    assert status == 0
    check = json.loads(out)
    assert check["removed_chunks"] > 0
    assert set(check["left"].values()) == {0}
    _, out, _ = footnote("ask", "How long is the warranty of the Kestrel 4?", "--home", home, "--json")
    assert "24 months" not in out


def test_a_document_is_found_by_any_path_of_its_file(footnote, home, documents, monkeypatch):
    (documents / "deeper").mkdir(exist_ok=True)
    monkeypatch.chdir(documents / "deeper")
    for path in (documents / "warranty.md", "../warranty.md", "../deeper/../warranty.md"):
        status, out, err = footnote("documents", "show", path, "--home", home, "--json")
        assert status == 0, err
        assert json.loads(out)["name"] == "warranty.md"


def test_a_changed_file_answers_with_its_new_text_only(footnote, home, documents):
    (documents / "warranty.md").write_text(WARRANTY.replace("24 months", "36 months"), encoding="utf-8")
    try:
        _, out, _ = footnote("ingest", documents, "--home", home, "--json")
    finally:
        (documents / "warranty.md").write_text(WARRANTY, encoding="utf-8")
    assert json.loads(out)["updated"] == 1
    _, out, _ = footnote("ask", "How long is the warranty of the Kestrel 4?", "--home", home, "--json")
    assert "36 months" in json.loads(out)["answer"]
    assert "24 months" not in out


def test_the_version_is_told_without_a_command(footnote):
    assert footnote("--version") == (0, f"footnote {version('footnote')}\n", "")


def test_status_says_that_the_stores_agree(footnote, home):
    status, out, _ = footnote("status", "--home", home, "--json")
    assert status == 0
    assert json.loads(out)["agree"] is True


def test_an_unknown_setting_in_the_environment_is_wrong_usage(footnote, monkeypatch, tmp_path):
    monkeypatch.setenv("FOOTNOTE_MODELS__EMBEDING", "x")
    status, _, err = footnote("status", "--home", tmp_path)
    assert status == 2
    assert "FOOTNOTE_MODELS__EMBEDDING" in err


def test_a_question_that_is_read_and_not_utf8_is_wrong_usage(footnote, home, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"How long? \xff"), encoding="utf-8"))
    status, _, err = footnote("ask", "-", "--home", home)
    assert status == 2
    assert "not UTF-8" in err


def test_stopping_a_command_is_said_and_has_a_status_of_its_own(footnote, home, monkeypatch):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "open_workspace", stopped)
    status, out, err = footnote("status", "--home", home)
    assert (status, out) == (130, "")
    assert err.startswith("Stopped.")


@pytest.mark.parametrize("command", [["ask", "How long?"], ["status"], ["documents", "list"]])
def test_a_home_that_is_not_there_is_said_and_not_made(footnote, tmp_path, command):
    status, out, err = footnote(*command, "--home", tmp_path / "typo")
    assert (status, out) == (1, "")
    assert "nothing of Footnote in" in err
    assert "footnote ingest" in err
    assert not (tmp_path / "typo").exists()


@pytest.mark.parametrize("command", [["ask", "How long?"], ["status"], ["reindex"]])
def test_a_folder_that_is_no_home_stays_as_it_is(footnote, tmp_path, command):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.md").write_text("# A\n\nText.", encoding="utf-8")
    status, out, err = footnote(*command, "--home", tmp_path / "letters")
    assert (status, out) == (1, "")
    assert "nothing of Footnote in" in err
    assert [path.name for path in (tmp_path / "letters").iterdir()] == ["a.md"]


@pytest.mark.parametrize("arguments", [("ingest", ""), ("status", "--home", ""), ("eval", ".", "--home", "")])
def test_an_empty_path_is_not_the_working_directory(footnote, tmp_path, monkeypatch, arguments):
    (tmp_path / "a.md").write_text("# A\n\nText.", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path / "home"))
    status, out, err = footnote(*arguments)
    assert (status, out) == (2, "")
    assert "It is empty" in err
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]
