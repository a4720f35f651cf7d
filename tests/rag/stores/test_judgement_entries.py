"""What people say of answers is in the chain: what is changed, deleted or put in behind the catalog's back is told."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from rag.canonical import digest
from rag.stores.catalog import SqlCatalog
from rag.stores.database import MIGRATIONS, Database
from rag.stores.feedback import SqlFeedback
from rag.types import Judgement, Passage

COLUMNS = (
    'receipt, principal, verdict, answerable, question, expected, document_id, version, start, "end", given_at, salt'
)


@pytest.fixture
def feedback(stores, catalog):
    """Three people's judgements: two of the first answer, of which ada's was changed, and one of the second."""
    store = SqlFeedback(stores.database, catalog.hash_log)
    cited = catalog.answer("r1")["statements"][0]["citations"][0]
    passage = Passage(cited["document"], cited["version"], cited["start"], cited["end"])
    store.add_judgement(Judgement("r1", "ada", "wrong", answerable=True, expected="quince", passage=passage))
    store.add_judgement(Judgement("r1", "ben", "wrong", answerable=True, question="What hums in Oslo?"))
    store.add_judgement(Judgement("r1", "ada", "right", answerable=True))
    store.add_judgement(Judgement("r2", "cleo", "right", answerable=True))
    return store


@pytest.fixture
def tamper(stores, feedback):  # noqa: ARG001 - its rows are changed
    """Change the database's file behind the catalog's back, as somebody with an editor would."""

    def change(statement, *values):
        with closing(sqlite3.connect(stores.home.path / "catalog.db")) as connection, connection:
            assert connection.execute(statement, values).rowcount > 0

    return change


def found(catalog, **options):
    return [(fault.fault, fault.receipt) for fault in catalog.check_ledger(**options).faults]


def test_every_judgement_is_an_entry_beside_those_of_answers(stores, catalog, feedback):
    feedback.add_judgement(Judgement("r2", "cleo", "withdrawn", answerable=True))
    check = catalog.check_ledger()
    assert (check.n_answers, check.n_judgements, check.n_entries, check.faults) == (5, 5, 10, ())
    assert (check.head.kind, check.head.receipt) == ("judgement", "r2/5")
    # What an export takes along, and says how to check, is of the answer alone.
    assert [entry.kind for entry in catalog.ledger("r1")] == ["answer"]
    assert len(stores.home.ledger_log.read_text(encoding="utf-8").splitlines()) == 10


@pytest.mark.parametrize(
    ("statement", "receipt", "told"),
    [
        ("UPDATE feedback SET verdict = 'right' WHERE key = 1", "r1", "r1/1 was changed"),
        ("UPDATE feedback SET principal = 'eve' WHERE key = 2", "r1", "r1/2 was changed"),
        ("UPDATE feedback SET answerable = 0 WHERE key = 2", "r1", "r1/2 was changed"),
        ("UPDATE feedback SET expected = 'lamps' WHERE key = 1", "r1", "r1/1 was changed"),
        ("UPDATE feedback SET expected = x'f00f' WHERE key = 1", "r1", "r1/1 was changed"),
        ("UPDATE feedback SET question = '' WHERE key = 2", "r1", "r1/2 was changed"),
        ("UPDATE feedback SET start = start + 1 WHERE key = 1", "r1", "r1/1 was changed"),
        ("UPDATE feedback SET document_id = NULL WHERE key = 1", "r1", "r1/1 was changed"),
        ("UPDATE feedback SET given_at = '2020' WHERE key = 4", "r2", "r2/4 was changed"),
        ("UPDATE feedback SET redacted_at = '2020' WHERE key = 4", "r2", "r2/4 was changed"),
        ("UPDATE feedback SET receipt = 'r3' WHERE key = 4", "r3", "r3/4: it was put in"),
        ("UPDATE feedback SET receipt = 'r3' WHERE key = 4", "r2", "r2/4, which is gone"),
        ("UPDATE feedback SET key = 9 WHERE key = 1", "r1", "r1/1, which is gone"),
        ("DELETE FROM feedback WHERE key = 2", "r1", "r1/2, which is gone"),
        ("DELETE FROM feedback WHERE key = 4", "r2", "r2/4, which is gone"),
        (f"INSERT INTO feedback ({COLUMNS}) SELECT {COLUMNS} FROM feedback WHERE key = 2", "r1", "r1/5: it was put in"),
    ],
)  # fmt: skip
def test_a_judgement_that_is_changed_deleted_or_put_in_is_found(catalog, tamper, statement, receipt, told):
    tamper(statement)
    faults = catalog.check_ledger().faults
    assert {fault.fault for fault in faults} == {"judgement"}
    assert any(fault.receipt == receipt and told in fault.message for fault in faults)


def test_two_judgements_of_a_person_that_change_places_are_found(catalog, tamper, feedback):
    assert feedback.judgements_of("ada", ["r1"])["r1"].verdict == "right"
    for before, after in ((1, -1), (3, 1), (-1, 3)):
        tamper("UPDATE feedback SET key = ? WHERE key = ?", after, before)
    assert feedback.judgements_of("ada", ["r1"])["r1"].verdict == "wrong"
    assert found(catalog) == [("judgement", "r1"), ("judgement", "r1")]


def test_a_deleted_judgement_is_found_though_another_got_its_key(catalog, tamper, feedback):
    tamper("DELETE FROM feedback WHERE key = 4")
    feedback.add_judgement(Judgement("r2", "cleo", "wrong", answerable=True))
    (fault,) = catalog.check_ledger().faults
    assert (fault.fault, fault.receipt) == ("judgement", "r2")
    assert "r2/4 was deleted" in fault.message


def test_a_judgement_that_goes_with_its_entry_is_found_by_the_chain_or_the_log(catalog, tamper):
    tamper("DELETE FROM feedback WHERE key = 2")
    tamper("DELETE FROM ledger WHERE receipt = 'r1/2'")
    assert {fault for fault, _ in found(catalog)} == {"order", "log"}
    tamper("DELETE FROM feedback WHERE key = 4")
    tamper("DELETE FROM ledger WHERE receipt = 'r2/4'")
    assert ("log", "") in found(catalog)


def test_an_entry_that_is_put_in_with_a_judgement_of_its_own_is_found(catalog, tamper):
    head = catalog.ledger_head()
    tamper(f"INSERT INTO feedback ({COLUMNS}) SELECT {COLUMNS} FROM feedback WHERE key = 2")
    tamper("INSERT INTO ledger VALUES (?, 'judgement', 'r1/5', 'f00', ?, '2026', 'h')", head.sequence + 1, head.hash)
    assert {("entry", "r1/5"), ("judgement", "r1")} <= set(found(catalog))


def test_a_changed_entry_is_found(catalog, tamper):
    tamper("UPDATE ledger SET kind = 'answer' WHERE receipt = 'r1/2'")
    assert ("entry", "r1/2") in found(catalog)


def test_a_chain_computed_anew_over_a_changed_judgement_is_found_by_the_log_and_by_a_noted_head(
    stores, catalog, tamper
):
    noted = catalog.ledger_head()
    tamper("UPDATE feedback SET verdict = 'wrong' WHERE key = 4")
    with closing(sqlite3.connect(stores.home.path / "catalog.db")) as connection, connection:
        connection.row_factory = sqlite3.Row
        row = dict(connection.execute("SELECT * FROM feedback WHERE key = 4").fetchone())
        entry = dict(connection.execute("SELECT * FROM ledger WHERE receipt = 'r2/4'").fetchone())
        entry.pop("hash")
        entry["record_sha256"] = digest({**row, "answerable": bool(row["answerable"])})
        connection.execute(
            "UPDATE ledger SET record_sha256 = ?, hash = ? WHERE receipt = 'r2/4'",
            (entry["record_sha256"], digest(entry)),
        )
    assert found(catalog) == [("log", "r2")]
    lines = stores.home.ledger_log.read_text(encoding="utf-8").splitlines()
    stores.home.ledger_log.write_text("\n".join([*lines[:-1], f"{noted.sequence} {digest(entry)}", ""]))
    assert found(catalog) == []
    assert found(catalog, anchors=[(noted.sequence, noted.hash)]) == [("anchor", "r2")]


def test_words_that_go_with_a_document_are_an_entry_and_cannot_be_tried_out(stores, catalog, feedback, tamper):
    with closing(sqlite3.connect(stores.home.path / "catalog.db")) as connection:
        before = connection.execute("SELECT salt FROM feedback WHERE key = 1").fetchone()[0]

    stores.remove(catalog.answer("r1")["passages"][0]["document"])

    assert feedback.judgements_of("ada", ["r1"])["r1"].verdict == "right"
    check = catalog.check_ledger()
    assert check.faults == ()
    assert (check.head.kind, check.head.receipt) == ("judgement_redaction", "r1/1")
    with closing(sqlite3.connect(stores.home.path / "catalog.db")) as connection:
        expected, after = connection.execute("SELECT expected, salt FROM feedback WHERE key = 1").fetchone()
    assert expected == ""
    assert len(after) == 32
    assert before.encode() not in (stores.home.path / "catalog.db").read_bytes()

    # Somebody who kept a copy and puts the words back is found too.
    tamper("UPDATE feedback SET expected = 'quince', redacted_at = NULL, salt = ? WHERE key = 1", before)
    assert found(catalog) == [("judgement", "r1")]


def test_a_judgement_that_cannot_be_stored_leaves_no_entry(catalog, feedback):
    with pytest.raises(Exception, match="contradicts"):
        feedback.add_judgement(Judgement("r9", "ada", "right", answerable=True))
    assert catalog.check_ledger().n_entries == 9


def home_of_before(folder, revision):
    """Make a catalog as an earlier Footnote left it, with three answers and a judgement of each."""
    url = f"sqlite:///{folder}/catalog.db"
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(url)
    answer = text(
        "INSERT INTO answers (receipt, principal, space, question, outcome, record, asked_at) "
        "VALUES (:receipt, 'local', 'default', 'Q?', 'refused', :record, '2026')"
    )
    judgement = text(
        "INSERT INTO feedback (receipt, principal, verdict, answerable, question, expected, given_at) "
        "VALUES (:receipt, 'ada', 'right', 1, '', '', '2026')"
    )
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.execute(text("INSERT INTO spaces VALUES ('default', 'Default', '2026')"))
        for n in range(1, 4):
            record = json.dumps({"receipt": f"r{n}", "question": "Q?", "score": 0.1})
            connection.execute(answer, {"receipt": f"r{n}", "record": record})
            connection.execute(judgement, {"receipt": f"r{n}"})
        command.upgrade(config, revision)
        lines = []
        if revision != "0002":
            lines = connection.execute(text("SELECT sequence, hash FROM ledger ORDER BY sequence")).all()
    engine.dispose()
    if lines:
        (folder / "ledger.log").write_text("".join(f"{sequence} {hashed}\n" for sequence, hashed in lines))
    return url


@pytest.mark.parametrize("revision", ["0002", "0004"], ids=["before the ledger", "with a ledger of answers alone"])
def test_a_home_of_before_is_taken_into_the_chain_and_verifies(tmp_path, revision):
    with closing(Database(home_of_before(tmp_path, revision))) as database:
        catalog = SqlCatalog(database, ledger_log=tmp_path / "ledger.log")
        check = catalog.check_ledger()
        assert (check.n_answers, check.n_judgements, check.n_entries, check.faults) == (3, 3, 6, ())
        assert check.head.kind == "judgement_adopted"
        assert len((tmp_path / "ledger.log").read_text().splitlines()) == 6

        feedback = SqlFeedback(database, catalog.hash_log)
        feedback.add_judgement(Judgement("r1", "ada", "wrong", answerable=True))
        assert feedback.judgements_of("ada", ["r1"])["r1"].verdict == "wrong"
        assert catalog.check_ledger().faults == ()
        with database.write() as connection:
            connection.execute(text("UPDATE feedback SET verdict = 'wrong' WHERE receipt = 'r2'"))
        assert found(catalog) == [("judgement", "r2")]


def test_a_redaction_of_a_judgement_that_lost_no_words_is_found(stores, catalog, tamper):
    head = catalog.ledger_head()
    tamper("UPDATE feedback SET verdict = 'wrong' WHERE key = 4")
    with closing(sqlite3.connect(stores.home.path / "catalog.db")) as connection:
        connection.row_factory = sqlite3.Row
        row = dict(connection.execute("SELECT * FROM feedback WHERE key = 4").fetchone())
    entry = {"sequence": head.sequence + 1, "kind": "judgement_redaction", "receipt": "r2/4"}
    entry |= {"record_sha256": digest({**row, "answerable": bool(row["answerable"])}), "previous": head.hash}
    entry |= {"at": "2026"}
    tamper(
        "INSERT INTO ledger (sequence, kind, receipt, record_sha256, previous, at, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
        *entry.values(),
        digest(entry),
    )
    (fault,) = catalog.check_ledger().faults
    assert (fault.fault, fault.receipt) == ("judgement", "r2")
    assert "words of judgement r2/4 were removed, the judgement does not" in fault.message


def test_an_entry_of_a_judgement_whose_name_is_bytes_is_told_as_text(catalog, tamper):
    tamper("UPDATE ledger SET receipt = x'f00f' WHERE receipt = 'r2/4'")
    assert all(isinstance(fault.receipt, str) for fault in catalog.check_ledger().faults)
