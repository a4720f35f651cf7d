"""The chain over all answers: what it holds, and that nothing forks or tears it."""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from rag.ask.answer import record
from rag.canonical import digest
from rag.stores.audit import check_ledger
from rag.stores.catalog import SqlCatalog
from rag.stores.chain import HashLog
from rag.stores.database import MIGRATIONS, Database
from rag.types import (
    LOCAL_OWNER,
    Answer,
    Confidence,
    Question,
    Verdict,
)


def found(catalog, **options):
    return {(fault.fault, fault.receipt) for fault in catalog.check_ledger(**options).faults}


def test_every_answer_is_an_entry_that_names_the_one_before(catalog):
    check = catalog.check_ledger()

    assert (check.n_answers, check.n_entries, check.n_quotes, check.faults) == (5, 5, 5, ())
    first, second = catalog.ledger("r1")[0], catalog.ledger("r2")[0]
    assert (first.sequence, first.kind, first.previous) == (1, "answer", "0" * 64)
    assert second.previous == first.hash
    assert first.record_sha256 == digest(catalog.answer("r1"))
    assert catalog.ledger_head() == check.head == catalog.ledger("r5")[0]


def test_a_redaction_is_an_entry_and_the_chain_still_fits(stores, catalog):
    before = catalog.answer("r1")

    stores.remove(before["passages"][0]["document"])

    assert [entry.kind for entry in catalog.ledger("r1")] == ["answer", "redaction"]
    after = catalog.answer("r1")
    assert catalog.ledger("r1")[1].record_sha256 == digest(after)
    check = catalog.check_ledger()
    assert (check.faults, check.n_entries, check.n_quotes, check.n_quotes_gone) == ((), 10, 0, 5)
    # Without the salt of before, trying out words against the digest of before leads nowhere.
    assert before["salt"] not in json.dumps(after)
    assert len(after["salt"]) == 32


def test_the_log_names_every_entry_and_its_loss_is_told(stores, catalog):
    log = stores.home.ledger_log
    lines = log.read_text(encoding="utf-8").splitlines()
    assert lines == [f"{n} {catalog.ledger(f'r{n}')[0].hash}" for n in range(1, 6)]

    log.unlink()
    again = SqlCatalog(stores.database, ledger_log=log)

    assert not log.exists()
    assert found(again) == {("log", "")}


def test_a_log_that_lost_its_end_is_brought_up_to_date(stores, catalog):
    assert catalog.ledger_head().sequence == 5
    log = stores.home.ledger_log
    whole = log.read_text(encoding="utf-8")
    log.write_text(whole[:-100], encoding="utf-8")

    again = SqlCatalog(stores.database, ledger_log=log)

    assert log.read_text(encoding="utf-8").endswith(whole.splitlines()[-1] + "\n")
    assert found(again) == set()


def test_a_line_that_a_full_disk_cut_off_is_written_once_there_is_room(stores, catalog):
    log, entry = stores.home.ledger_log, replace(catalog.ledger_head(), sequence=6)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + 20, hard))
    try:
        assert not catalog.hash_log.take(entry)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert catalog.hash_log.take(entry)
    assert sorted(catalog.hash_log.lines()[0]) == [1, 2, 3, 4, 5, 6]


def test_an_answer_that_is_stored_during_the_check_is_no_fault(stores, catalog):
    class Busy(HashLog):
        """A log of an application that stores an answer whenever somebody reads it."""

        def lines(self):
            answer = replace(make_answer_like(), receipt="r6", asked_by="local")
            catalog.save_answer(answer, LOCAL_OWNER, record(answer))
            return super().lines()

    check = check_ledger(stores.database, Busy(stores.home.ledger_log), ())

    assert catalog.answer("r6")
    assert check.faults == ()


def test_an_answer_that_cannot_be_stored_leaves_no_entry(catalog):
    answer = make_answer_like()

    with pytest.raises(Exception, match="contradicts"):
        catalog.save_answer(answer, LOCAL_OWNER, record(answer))

    assert catalog.check_ledger().n_entries == 5


def make_answer_like():
    """Return another answer under a receipt that is taken."""
    verdict = Verdict("refused", "no_evidence", "quoted", (), (), Confidence(0.0, "low", {}))
    return Answer("r1", Question("Again?"), None, verdict, "", (), {}, "i", None, {}, "2026")


def test_threads_never_fork_the_chain(catalog):
    template = replace(make_answer_like(), asked_by="local")

    def work(n):
        for m in range(5):
            answer = replace(template, receipt=f"t{n}-{m}")
            catalog.save_answer(answer, LOCAL_OWNER, record(answer))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    check = catalog.check_ledger()
    assert (check.n_entries, check.faults) == (25, ())


WRITER = """
import sys
from pathlib import Path
from rag.ask.answer import record
from rag.stores.catalog import SqlCatalog
from rag.stores.database import Database
from rag.types import *
home, name, n = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
catalog = SqlCatalog(Database(f"sqlite:///{home / 'catalog.db'}"), ledger_log=home / "ledger.log")
verdict = Verdict("refused", "no_evidence", "quoted", (), (), Confidence(0.0, "low", {}))
for m in range(n):
    answer = Answer(f"{name}-{m}", Question("Q?"), None, verdict, "", (), {}, "i", None, {}, "2026", "local")
    catalog.save_answer(answer, LOCAL_OWNER, record(answer))
    print(m, flush=True)
"""


def write(home, name, n):
    return subprocess.Popen([sys.executable, "-c", WRITER, home, name, str(n)], stdout=subprocess.PIPE, text=True)


def test_processes_never_fork_the_chain_and_a_kill_leaves_answer_and_entry_or_neither(stores, catalog):
    assert catalog.ledger_head().sequence == 5
    with write(stores.home.path, "a", 20) as one, write(stores.home.path, "b", 100_000) as other:
        for _ in range(20):
            other.stdout.readline()
        one.wait()
        other.send_signal(signal.SIGKILL)

    again = SqlCatalog(stores.database, ledger_log=stores.home.ledger_log)
    check = again.check_ledger()
    assert check.faults == ()
    assert check.n_answers == check.n_entries >= 5 + 40
    assert max(map(int, (line.split()[0] for line in stores.home.ledger_log.read_text().splitlines()))) == (
        check.n_entries
    )


def test_an_answer_costs_little(catalog):
    """Processor time of one thread for the chain alone, since the clock says nothing on a busy machine."""
    stored = {**catalog.answer("r1"), "passages": catalog.answer("r1")["passages"] * 8}
    began = time.thread_time()
    for _ in range(100):
        digest(stored)
    assert (time.thread_time() - began) / 100 < 0.002


def test_answers_of_before_the_chain_are_taken_into_it(tmp_path):
    url = f"sqlite:///{tmp_path}/catalog.db"
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.execute(text("INSERT INTO spaces VALUES ('default', 'Default', '2026')"))
        for n in range(1, 4):
            values = {"receipt": f"r{n}", "record": json.dumps({"receipt": f"r{n}", "question": "Q?", "score": 0.1})}
            connection.execute(
                text(
                    "INSERT INTO answers (receipt, principal, space, question, outcome, record, asked_at) "
                    "VALUES (:receipt, 'local', 'default', 'Q?', 'refused', :record, '2026')"
                ),
                values,
            )
    engine.dispose()

    with closing(Database(url)) as database:
        catalog = SqlCatalog(database, ledger_log=Path(tmp_path / "ledger.log"))
        check = catalog.check_ledger()
        assert (check.n_answers, check.n_entries, check.faults) == (3, 3, ())
        assert [entry.kind for entry in catalog.ledger("r2")] == ["adopted"]
        adopted = catalog.answer("r2")
        assert len(adopted.pop("salt")) == 32
        assert adopted == {"receipt": "r2", "question": "Q?", "score": 0.1}
        assert len((tmp_path / "ledger.log").read_text().splitlines()) == 3
