"""Any change behind the catalog's back is found, and told with the answer that it is about."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import text

from rag.canonical import digest
from rag.stores.catalog import SqlCatalog

TWICE = """replace(record, '{"receipt', '{"receipt": "x", "receipt')"""


@pytest.fixture
def tamper(stores):
    """Change the database's file behind the catalog's back, as somebody with an editor would."""

    def change(statement, *values):
        with closing(sqlite3.connect(stores.home.path / "catalog.db")) as connection, connection:
            assert connection.execute(statement, values).rowcount > 0

    return change


def found(catalog, **options):
    return {(fault.fault, fault.receipt) for fault in catalog.check_ledger(**options).faults}


def forged(catalog, receipt="r9"):
    """Return a record that looks like the others."""
    return json.dumps({**catalog.answer("r1"), "receipt": receipt})


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE answers SET record = replace(record, '0.9', '0.99') WHERE receipt = 'r3'", ("record", "r3")),
        (f"UPDATE answers SET record = {TWICE} WHERE receipt = 'r3'", ("record", "r3")),
        ("UPDATE answers SET record = 'broken' WHERE receipt = 'r3'", ("record", "r3")),
        ("UPDATE answers SET principal = 'ada' WHERE receipt = 'r3'", ("columns", "r3")),
        ("UPDATE answers SET question = 'Other?' WHERE receipt = 'r3'", ("columns", "r3")),
        ("UPDATE answers SET redacted_at = '2026' WHERE receipt = 'r3'", ("columns", "r3")),
        ("DELETE FROM answer_sources WHERE receipt = 'r3'", ("sources", "r3")),
        ("DELETE FROM answers WHERE receipt = 'r3'", ("missing", "r3")),
        ("DELETE FROM answers WHERE receipt = 'r5'", ("missing", "r5")),
        ("UPDATE ledger SET record_sha256 = 'f00' WHERE sequence = 3", ("entry", "r3")),
        ("UPDATE ledger SET at = '2020-01-01' WHERE sequence = 3", ("entry", "r3")),
        ("UPDATE ledger SET receipt = 'r4' WHERE sequence = 3", ("entry", "r4")),
        ("UPDATE ledger SET record_sha256 = x'f00f' WHERE sequence = 3", ("entry", "r3")),
        ("INSERT INTO ledger VALUES (-1, 'answer', 'r9', 'f00', 'p', '2026', 'h')", ("order", "r9")),
        ("UPDATE answers SET record = 5 WHERE receipt = 'r3'", ("record", "r3")),
        ("DELETE FROM ledger WHERE sequence = 3", ("order", "r4")),
        ("DELETE FROM ledger WHERE sequence = 1", ("order", "r2")),
        ("DELETE FROM ledger WHERE sequence = 5", ("unknown", "r5")),
        ("UPDATE versions SET text = replace(text, 'night', 'noon!')", ("quote", "r3")),
        ("UPDATE versions SET version = 'f00'", ("quote", "r3")),
        ("DELETE FROM versions", ("quote", "r3")),
    ],
)  # fmt: skip
def test_a_change_behind_the_catalogs_back_is_found(catalog, tamper, statement, expected):
    tamper(statement)

    assert expected in found(catalog)


def test_two_entries_that_change_places_are_found(catalog, tamper):
    tamper("UPDATE ledger SET sequence = -3 WHERE sequence = 3")
    tamper("UPDATE ledger SET sequence = 3 WHERE sequence = 4")
    tamper("UPDATE ledger SET sequence = 4 WHERE sequence = -3")

    assert {"order", "entry"} <= {fault for fault, _ in found(catalog)}


@pytest.mark.parametrize("key", [9, -9])
def test_an_answer_that_is_put_in_is_found(catalog, tamper, key):
    tamper(
        "INSERT INTO answers (key, receipt, principal, space, question, outcome, record, asked_at) "
        "SELECT ?, 'r9', principal, space, question, outcome, ?, asked_at FROM answers WHERE receipt = 'r1'",
        key,
        forged(catalog),
    )

    assert ("unknown", "r9") in found(catalog)


def test_an_entry_that_is_put_in_with_an_answer_of_its_own_is_found(catalog, tamper):
    tamper("UPDATE ledger SET sequence = sequence + 100 WHERE sequence > 3")
    tamper("UPDATE ledger SET sequence = sequence - 99 WHERE sequence > 100")
    tamper("INSERT INTO ledger VALUES (4, 'answer', 'r9', ?, 'p', '2026', 'h')", "0" * 64)

    assert {"order", "entry"} <= {fault for fault, receipt in found(catalog) if receipt == "r9"}


def test_the_last_rows_cut_off_with_their_entries_are_found_by_the_log(catalog, tamper):
    tamper("DELETE FROM answer_sources WHERE receipt = 'r5'")
    tamper("DELETE FROM answers WHERE receipt = 'r5'")
    tamper("DELETE FROM ledger WHERE receipt = 'r5'")

    (fault,) = catalog.check_ledger().faults
    assert (fault.fault, fault.message) == ("log", "ledger.log names entry 5, which the ledger no longer has.")


def rewrite(stores, after):
    """Compute every entry after a number again over the records of now, as a patient forger would; return the head."""
    with closing(sqlite3.connect(stores.home.path / "catalog.db")) as connection, connection:
        rows = connection.execute(
            "SELECT l.sequence, l.kind, l.receipt, l.at, a.record FROM ledger l JOIN answers a USING (receipt) "
            "WHERE l.sequence > ? ORDER BY l.sequence", (after,)
        ).fetchall()  # fmt: skip
        (previous,) = connection.execute("SELECT hash FROM ledger WHERE sequence = ?", (after,)).fetchone()
        connection.execute("DELETE FROM ledger WHERE sequence > ?", (after,))
        for sequence, kind, receipt, at, record in rows:
            known = {"sequence": sequence, "kind": kind, "receipt": receipt, "at": at}
            fields = {**known, "record_sha256": digest(json.loads(record)), "previous": previous}
            previous = digest(fields)
            connection.execute(
                "INSERT INTO ledger (sequence, kind, receipt, at, record_sha256, previous, hash) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*fields.values(), previous),
            )


def test_a_chain_that_was_computed_anew_is_found_by_the_log(stores, catalog, tamper):
    tamper("UPDATE answers SET record = replace(record, '0.9', '0.99') WHERE receipt = 'r3'")
    rewrite(stores, 2)

    assert found(catalog) == {("log", "r3"), ("log", "r4"), ("log", "r5")}


def test_a_log_that_was_written_anew_too_is_found_by_a_head_that_was_noted_elsewhere(stores, catalog, tamper):
    noted = catalog.ledger_head()
    tamper("UPDATE answers SET record = replace(record, '0.9', '0.99') WHERE receipt = 'r3'")
    rewrite(stores, 2)
    with stores.database.read() as connection:
        rows = connection.execute(text("SELECT sequence, hash FROM ledger")).all()
    stores.home.ledger_log.write_text("".join(f"{row.sequence} {row.hash}\n" for row in rows), encoding="utf-8")

    assert found(catalog) == set()
    assert found(catalog, anchors=[(noted.sequence, noted.hash)]) == {("anchor", "r5")}


@pytest.mark.usefixtures("catalog")
def test_a_log_that_cannot_be_read_is_told_and_holds_no_start_up(stores):
    log = stores.home.ledger_log
    log.unlink()
    log.mkdir()

    again = SqlCatalog(stores.database, ledger_log=log)

    (fault,) = again.check_ledger().faults
    assert (fault.fault, "cannot be read" in fault.message) == ("log", True)


@pytest.mark.usefixtures("catalog")
def test_a_line_of_digits_without_end_is_a_broken_one(stores):
    with stores.home.ledger_log.open("a", encoding="utf-8") as log:
        log.write("9" * 5000 + " " + "a" * 64 + "\n")

    again = SqlCatalog(stores.database, ledger_log=stores.home.ledger_log)

    assert found(again) == {("log", "")}


def test_a_changed_line_of_the_log_is_found(stores, catalog):
    log = stores.home.ledger_log
    log.write_text(log.read_text(encoding="utf-8").replace("3 ", "3 f", 1), encoding="utf-8")

    assert found(catalog) == {("log", ""), ("log", "r3")}


@pytest.mark.parametrize("lacking", [1, 3])
def test_a_line_that_is_gone_from_within_the_log_is_found(stores, catalog, lacking):
    log = stores.home.ledger_log
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    log.write_text("".join(lines[: lacking - 1] + lines[lacking:]), encoding="utf-8")

    (fault,) = catalog.check_ledger().faults
    assert (fault.fault, fault.receipt) == ("log", f"r{lacking}")
    assert fault.message == f"ledger.log lacks entry {lacking} and names later ones."


def put_in(stores, kind, receipt, record):
    """Add an entry at the end of the chain, as somebody would who may write to the database alone, and follow it."""
    with closing(sqlite3.connect(stores.home.path / "catalog.db")) as connection, connection:
        number, previous = connection.execute("SELECT sequence, hash FROM ledger ORDER BY sequence DESC").fetchone()
        entry = {"sequence": number + 1, "kind": kind, "receipt": receipt, "record_sha256": digest(record)}
        entry |= {"previous": previous, "at": "2026-01-01T00:00:00.000+00:00"}
        connection.execute(
            "INSERT INTO ledger (sequence, kind, receipt, record_sha256, previous, at, hash) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)", (*entry.values(), digest(entry))
        )  # fmt: skip
        connection.execute("UPDATE answers SET record = ? WHERE receipt = ?", (json.dumps(record), receipt))
    SqlCatalog(stores.database, ledger_log=stores.home.ledger_log)


@pytest.mark.parametrize("kind", ["answer", "adopted"])
def test_an_answer_that_is_stored_once_more_is_found(stores, catalog, kind):
    put_in(stores, kind, "r3", {**catalog.answer("r3"), "asked_at": "2026-01-01T00:00:00+00:00", "answer": "Forged."})

    assert {("order", "r3"), ("record", "r3")} <= found(catalog)


def test_a_redaction_without_a_note_is_found(stores, catalog):
    put_in(stores, "redaction", "r3", {**catalog.answer("r3"), "answer": "Forged."})

    (fault,) = catalog.check_ledger().faults
    assert (fault.fault, fault.receipt) == ("record", "r3")
    assert fault.message == "Its record tells of 0 removed documents, the ledger of 1."


def test_a_redaction_for_a_document_that_is_still_there_is_found(stores, catalog, tamper):
    document = catalog.answer("r3")["passages"][0]["document"]
    note = {"document": document, "at": "2999-01-01T00:00:00.000+00:00"}
    put_in(stores, "redaction", "r3", {**catalog.answer("r3"), "answer": "Forged.", "redactions": [note]})
    tamper("UPDATE answers SET redacted_at = ? WHERE receipt = 'r3'", note["at"])
    # It came before the question, whose day is fixed here.
    tamper("UPDATE documents SET added_at = ?", "2000-01-01T00:00:00.000+00:00")

    (fault,) = catalog.check_ledger().faults
    assert (fault.fault, fault.receipt) == ("record", "r3")
    assert "has been there since before" in fault.message


def test_a_document_that_came_back_after_its_removal_is_no_fault(stores, catalog, embed_by_hand):
    document = catalog.answer("r3")["passages"][0]["document"]
    stores.remove(document)
    stores.ingest(embed_by_hand(["The quince hums at night.", "Nothing else."], source="secret"))

    assert catalog.documents("default")[0].id == document
    assert catalog.check_ledger().faults == ()


def test_faults_and_head_are_text_whatever_stands_in_the_database(catalog, tamper):
    tamper("UPDATE ledger SET receipt = x'f00f' WHERE sequence = 5")

    check = catalog.check_ledger()
    assert {fault.receipt for fault in check.faults} == {repr(b"\xf0\x0f"), "r5"}
    assert json.dumps([check.head.receipt]) == json.dumps([repr(b"\xf0\x0f")])
