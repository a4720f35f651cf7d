"""A receipt to take along holds everything, can be checked without Footnote, and runs nothing."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import InputError
from rag.receipts.export import anchors, export_faults, exported, page, read_receipt, write_export
from rag.safety.personal import mask_record
from rag.types import SourceChange

HOSTILE = "How long is the warranty </script><script>alert(1)</script> of the Kestrel 4?"
DOCS = Path(__file__).parents[3] / "docs" / "receipts.md"


@pytest.fixture
def receipt(library):
    return read_receipt(library.ask(HOSTILE)["receipt"], library.workspace)


def checked_by_the_documentation(path, tmp_path):
    """Run the program that docs/receipts.md gives, in a Python without Footnote."""
    (program,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "check.py").write_text(program, encoding="utf-8")
    command = [sys.executable, "-I", "-S", tmp_path / "check.py", path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_an_export_is_checked_by_the_program_in_the_documentation(receipt, tmp_path):
    write_export(receipt, tmp_path / "receipt.json")
    assert checked_by_the_documentation(tmp_path / "receipt.json", tmp_path) == (0, "intact\n")

    content = json.loads((tmp_path / "receipt.json").read_text(encoding="utf-8"))
    content["record"]["confidence"]["probability"] = 0.99
    (tmp_path / "changed.json").write_text(json.dumps(content), encoding="utf-8")
    status, told = checked_by_the_documentation(tmp_path / "changed.json", tmp_path)
    assert (status, told) == (1, "the record was changed\n")


def test_the_page_shows_hostile_text_as_text_and_holds_the_json(receipt):
    written = page(receipt)

    assert written.count("<script") == 1
    assert written.index("the question was answered with") < written.index("<h2>")
    assert "&lt;script&gt;alert(1)" in written
    (embedded,) = re.findall(r'<script type="application/json" id="receipt">(.*?)</script>', written, re.DOTALL)
    assert json.loads(embedded)["record"] == receipt.record


def test_both_kinds_of_export_are_anchors(receipt, library, tmp_path):
    for name in ("receipt.json", "receipt.html"):
        write_export(receipt, tmp_path / name)
        noted = anchors(str(tmp_path / name))
        assert (receipt.entries[-1].sequence, receipt.entries[-1].hash) in noted
        assert library.workspace.catalog.check_ledger(noted).faults == ()

    assert anchors(f"{receipt.head.sequence}:{receipt.head.hash}") == {(receipt.head.sequence, receipt.head.hash)}


@pytest.mark.parametrize(
    ("noted", "said"),
    [
        ("nowhere.json", "no file"),
        ("7:abc", "no head"),
        (f"{'9' * 5000}:{'0' * 64}", "neither"),
        (__file__, "neither"),
        (".", "neither"),
    ],
)
def test_what_is_no_anchor_is_refused(noted, said):
    with pytest.raises(InputError, match=said):
        anchors(noted)


def test_a_file_that_is_nested_without_end_is_no_anchor(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("[" * 100_000)
    with pytest.raises(InputError, match="neither"):
        anchors(str(path))


def test_an_export_overwrites_nothing(receipt, tmp_path):
    write_export(receipt, tmp_path / "receipt.json")
    with pytest.raises(InputError, match="there already"):
        write_export(receipt, tmp_path / "receipt.json")
    with pytest.raises(InputError, match="cannot be written"):
        write_export(receipt, tmp_path / "nowhere" / "receipt.json")


def test_an_export_that_cannot_be_finished_leaves_nothing(receipt, tmp_path):
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, hard))
    try:
        with pytest.raises(InputError, match="cannot be written"):
            write_export(receipt, tmp_path / "receipt.json")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.glob("receipt*")) == []


def test_a_mask_is_applied_to_all_that_leaves_and_is_told(receipt):
    def mask(record):
        return json.loads(json.dumps(record).replace("Kestrel", "█"))

    assert exported(receipt)["masked"] is False
    assert exported(receipt, mask=mask)["masked"] is True
    assert "Kestrel" not in page(receipt, mask=mask)


def test_what_is_masked_cannot_be_tried_out_against_its_digest(receipt):
    def mask(record):
        return json.loads(json.dumps(record).replace("Kestrel", "█"))

    assert receipt.record["salt"]
    assert exported(receipt)["record"]["salt"] == receipt.record["salt"]
    assert "salt" not in exported(receipt, mask=mask)["record"]
    assert receipt.record["salt"] not in page(receipt, mask=mask)


def test_a_mask_reaches_what_happened_since(receipt):
    change = SourceChange(
        "d1", "Contract of ann@example.com", "changed", "v1", "v2", "2026-01-01", (1,), quotes_stand=True
    )
    happened = replace(receipt, changes=(change,))
    assert exported(happened)["masked"] is False
    assert exported(happened, mask=mask_record)["masked"] is True
    assert "ann@example.com" not in page(happened, mask=mask_record)
    assert "Contract of [e-mail]" in page(happened, mask=mask_record)


def changed(path, change):
    """Write an export anew after a change of its JSON."""
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


def test_an_export_that_was_changed_is_a_fault(receipt, tmp_path):
    def answer(content):
        content["record"]["answer"] = "99 months"

    def entry(content):
        content["ledger"]["entries"][0]["at"] = "2020"

    def other(content):
        content["record"] = {"receipt": "r9"}

    for name, change in (("a", answer), ("b", entry), ("c", other)):
        path = tmp_path / f"{name}.json"
        write_export(receipt, path)
        assert export_faults(str(path)) == ()
        assert {fault.fault for fault in export_faults(changed(path, change))} == {"anchor"}
    assert export_faults(f"{receipt.head.sequence}:{receipt.head.hash}") == ()


@pytest.mark.parametrize("put_in", [10**400, [[]], 0], ids=["huge", "nested", "other"])
def test_what_no_record_holds_is_a_fault_of_the_export_that_has_it(receipt, tmp_path, put_in):
    for _ in range(500 if put_in == [[]] else 0):
        put_in = [put_in]
    write_export(receipt, tmp_path / "r.json")
    noted = changed(tmp_path / "r.json", lambda content: content["record"].update(answer=put_in))
    assert [fault.fault for fault in export_faults(noted)] == ["anchor"]


def test_the_record_of_a_masked_export_is_not_compared(receipt, tmp_path):
    write_export(receipt, tmp_path / "masked.json", mask=lambda record: {**record, "question": "[masked]"})
    assert export_faults(str(tmp_path / "masked.json")) == ()


@pytest.mark.parametrize("entries", [[], [{"hash": []}], 5])
def test_an_export_without_whole_entries_is_none(receipt, tmp_path, entries):
    write_export(receipt, tmp_path / "r.json")
    noted = changed(tmp_path / "r.json", lambda content: content["ledger"].update(entries=entries))
    with pytest.raises(InputError, match="neither"):
        export_faults(noted)
