"""``footnote receipt``: what it prints, and the exit status that scripts trust."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from contextlib import closing

import pytest

from rag.ask.flow import ask
from rag.cli import main
from rag.ingest.find import find_files
from rag.ingest.flow import ingest
from rag.settings import load_settings
from rag.types import Judgement, Question
from rag.wiring import open_records, open_workspace

WARRANTY = """\
# Warranty of the Kestrel 4

The Kestrel 4 has a warranty of 24 months from the date of purchase. Batteries are not covered.
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A home with two documents and one answer, made once."""
    root = tmp_path_factory.mktemp("prepared")
    (root / "warranty.md").write_text(WARRANTY, encoding="utf-8")
    (root / "returns.txt").write_text("Devices can be returned within 14 days.", encoding="utf-8")
    with open_workspace(load_settings(home=root / "home", env={})) as workspace:
        ingest(find_files([root / "warranty.md", root / "returns.txt"]), workspace)
        answer = ask(Question("How long is the warranty of the Kestrel 4?"), workspace)
    assert answer.verdict.outcome == "answered"
    return root, answer.receipt


@pytest.fixture
def home(prepared, tmp_path):
    return shutil.copytree(prepared[0] / "home", tmp_path / "home")


@pytest.fixture
def name(prepared):
    return prepared[1]


@pytest.fixture
def footnote(capsys, monkeypatch, home):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["footnote", *map(str, arguments), "--home", str(home)])
        try:
            main()
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else 1
        else:
            status = 0
        return (status, *capsys.readouterr())

    return run


def test_show_tells_everything_that_explains_an_answer(footnote, name):
    status, out, _ = footnote("receipt", "show", name)
    assert status == 0
    assert out.startswith("On ")
    assert "The documents that it cites have not changed since.\nQuestion" in out.replace("\n\n", "\n")
    for told in (
        "How long is the warranty of the Kestrel 4?",
        "24 months",
        "found by its meaning, its words",
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "rerank limit 18",
        "entry 1",
        "retrieve",
    ):
        assert told in out
    _, out, _ = footnote("receipt", "show", name, "--json")
    assert json.loads(out)["record"]["receipt"] == name


def test_replay_says_same(footnote, name):
    assert footnote("receipt", "replay", name)[:2] == (0, "same\n")
    _, out, _ = footnote("receipt", "replay", name, "--json")
    assert (json.loads(out)["same"], json.loads(out)["first"]) == (True, None)


def test_an_export_is_an_anchor_for_verify(footnote, name, tmp_path):
    assert footnote("receipt", "export", name, "--to", tmp_path / "r.html")[0] == 0
    status, out, _ = footnote("receipt", "verify", "--against", tmp_path / "r.html")
    assert (status, out.splitlines()[0]) == (0, "intact: 1 answers, 1 entries, 1 quotes")
    assert out.splitlines()[-1] == (
        f"{tmp_path / 'r.html'} was checked and holds: its record is the one of its entry, and the ledger still "
        "has its entry and the head noted with it."
    )
    _, out, _ = footnote("receipt", "verify", "--json", "--against", tmp_path / "r.html")
    assert json.loads(out)["against"] == [{"noted": str(tmp_path / "r.html"), "holds": True}]
    written = (tmp_path / "r.html").read_text(encoding="utf-8")
    (tmp_path / "forged.html").write_text(written.replace("24 months", "99 months"), encoding="utf-8")
    status, out, _ = footnote("receipt", "verify", "--against", tmp_path / "forged.html")
    assert status == 1
    assert f"anchor  {name}  The record in" in out
    assert "holds" not in out
    status, out, _ = footnote("receipt", "verify", "--against", f"1:{'0' * 64}")
    assert status == 1
    assert f"anchor  {name}" in out


def test_what_was_asked_is_listed_with_how_it_ended(footnote, name):
    status, out, err = footnote("receipt", "list", "--text", "KESTREL warranty")
    assert (status, err) == (0, "")
    assert out.splitlines() == [out.rstrip()]
    assert out.split()[2] == "answered"
    assert out.rstrip().endswith(f"{name}  How long is the warranty of the Kestrel 4?")
    (listed,) = json.loads(footnote("receipt", "list", "--json")[1])
    assert (listed["receipt"], listed["outcome"], listed["reason"]) == (name, "answered", None)
    status, out, err = footnote("receipt", "list", "--day", "2001")
    assert (status, out) == (0, "")
    assert "none that fits" in err


def test_verify_names_the_receipt_that_was_changed(footnote, name, home):
    with closing(sqlite3.connect(home / "catalog.db")) as connection, connection:
        connection.execute("UPDATE answers SET record = replace(record, '24 months', '99 months')")
    status, out, _ = footnote("receipt", "verify")
    assert status == 1
    assert out.startswith(f"record  {name}  The record of this answer was changed")
    status, out, _ = footnote("receipt", "verify", "--json")
    assert status == 1
    assert json.loads(out)["faults"] == [
        {"fault": "record", "receipt": name, "message": "The record of this answer was changed after it was stored."}
    ]


def test_verify_names_the_answer_whose_judgement_was_changed(footnote, name, home):
    with open_records(load_settings(home=home, env={})) as records:
        records.feedback.add_judgement(Judgement(name, "ada", "wrong", answerable=True))
    status, out, _ = footnote("receipt", "verify")
    assert (status, out.splitlines()[0]) == (0, "intact: 1 answers, 1 judgements, 2 entries, 1 quotes")
    with closing(sqlite3.connect(home / "catalog.db")) as connection, connection:
        connection.execute("UPDATE feedback SET verdict = 'right'")
    status, out, _ = footnote("receipt", "verify")
    assert status == 1
    assert out.startswith(f"judgement  {name}  The judgement {name}/1 was changed after it was given.")


def test_stale_lists_the_answers_of_a_removed_document(footnote, name):
    status, out, err = footnote("receipt", "stale")
    assert (status, out) == (0, "")
    assert "No answer rests" in err
    footnote("documents", "remove", "warranty.md", "--yes")
    _, out, _ = footnote("receipt", "stale", "--json")
    ((change,),) = [answer["changes"] for answer in json.loads(out) if answer["receipt"] == name]
    assert change["change"] == "removed"
    assert "A cited document has been removed since." in footnote("receipt", "stale")[1]
    assert footnote("receipt", "verify")[0] == 0


@pytest.mark.parametrize("action", ["show", "replay"])
def test_an_unknown_receipt_is_told(footnote, action):
    status, _, err = footnote("receipt", action, "r404")
    assert status == 1
    assert "'r404'" in err


@pytest.mark.parametrize("command", ["show", "list", "verify", "stale", "export"])
def test_receipts_are_read_while_the_application_runs(footnote, command, home, name, tmp_path):
    more = {"show": [name], "export": [name, "--to", tmp_path / "receipt.json"]}.get(command, [])
    with open_workspace(load_settings(home=home, env={})):
        assert footnote("receipt", command, *more)[0] == 0


def test_an_entry_and_a_file_that_are_not_there_are_said_to_be_none(footnote):
    status, out, _ = footnote("receipt", "verify", "--against", f"9:{'0' * 64}")
    assert status == 1
    assert "anchor  -  There is no entry 9, noted as 000000000000…; the ledger ends at entry 1." in out
    status, _, err = footnote("receipt", "verify", "--against", "gone.html")
    assert status == 2
    assert "There is no file 'gone.html'" in err


@pytest.mark.parametrize("command", [["verify"], ["replay", "r404"]])
def test_a_folder_without_a_home_is_named(footnote, home, command):
    shutil.rmtree(home)
    status, _, err = footnote("receipt", *command)
    assert status == 1
    assert "nothing of Footnote" in err
    assert not home.exists()
