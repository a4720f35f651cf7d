"""Transactions, migrations, and errors in Footnote's own terms."""

from __future__ import annotations

import os
import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from rag.errors import StoreError
from rag.stores.database import Database
from rag.stores.schema import metadata


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/catalog.db"


@pytest.fixture
def database(url):
    opened = Database(url)
    yield opened
    opened.close()


def test_the_migrations_make_the_tables_of_the_schema(database):
    with database.read() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
        assert inspect(connection).get_table_names() != []

    assert differences == []


def test_opening_again_changes_nothing(database, url):
    with database.write() as connection:
        connection.execute(text("INSERT INTO spaces VALUES ('a', 'A', '2026')"))

    again = Database(url)
    with again.read() as connection:
        assert connection.scalar(text("SELECT id FROM spaces")) == "a"
    again.close()


def test_a_catalog_of_a_newer_footnote_is_refused(database, url):
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StoreError, match="newer Footnote") as error:
        Database(url)

    assert "later" in error.value.hint


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "catalog.db").write_bytes(b"nothing of the kind" * 100)

    with pytest.raises(StoreError, match="damaged"):
        Database(f"sqlite:///{tmp_path}/catalog.db")


def test_a_full_disk_is_said_so_and_changes_nothing(database):
    def fill():
        with database.write() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            rows = [{"n": str(n), "name": "x" * 999} for n in range(1000)]
            connection.execute(text("INSERT INTO spaces VALUES (:n, :name, '2026')"), rows)

    with pytest.raises(StoreError, match="disk is full"):
        fill()

    with database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM spaces")) == 0


def test_an_error_rolls_back(database):
    def fail():
        with database.write() as connection:
            connection.execute(text("INSERT INTO spaces VALUES ('a', 'A', '2026')"))
            connection.execute(text("CREATE TABLE half (x)"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    with database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM spaces")) == 0
        assert not inspect(connection).has_table("half")


def test_a_reader_sees_one_state_and_waits_for_no_writer(database):
    count = text("SELECT count(*) FROM spaces")
    with database.read() as reader:
        assert reader.scalar(count) == 0
        with database.write() as writer:
            writer.execute(text("INSERT INTO spaces VALUES ('a', 'A', '2026')"))
        assert reader.scalar(count) == 0
    with database.read() as reader:
        assert reader.scalar(count) == 1


def test_many_threads_write_and_read(database):
    failures = []

    def work(n):
        try:
            for m in range(20):
                with database.write() as connection:
                    connection.execute(text("INSERT INTO spaces VALUES (:id, 'A', '2026')"), {"id": f"{n}-{m}"})
                with database.read() as connection:
                    connection.scalar(text("SELECT count(*) FROM spaces"))
        except StoreError as exc:
            failures.append(exc)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.read() as connection:
        assert (connection.scalar(text("SELECT count(*) FROM spaces")), failures) == (120, [])


@pytest.mark.parametrize(
    ("pragma", "expected"), [("secure_delete", 1), ("foreign_keys", 1), ("journal_mode", "wal"), ("temp_store", 2)]
)
def test_the_settings_that_promises_rest_on_are_on(database, pragma, expected):
    with database.read() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == expected


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_a_log_that_finds_no_room_in_the_database_is_an_error_of_the_store(database, tmp_path):
    import resource

    with database.write() as connection:
        rows = [{"n": str(n), "name": "x" * 999} for n in range(1000)]
        connection.execute(text("INSERT INTO spaces VALUES (:n, :name, '2026')"), rows)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    # As on a full disk, no file can grow.
    resource.setrlimit(resource.RLIMIT_FSIZE, ((tmp_path / "catalog.db").stat().st_size, before[1]))
    try:
        with pytest.raises(StoreError, match="The catalog failed"):
            database.checkpoint()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    database.checkpoint()
    with database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM spaces")) == 1000


def test_an_emptied_log_has_no_bytes(database, tmp_path):
    with database.write() as connection:
        connection.execute(text("INSERT INTO spaces VALUES ('a', 'A', '2026')"))
    assert (tmp_path / "catalog.db-wal").stat().st_size > 0

    database.checkpoint()

    assert (tmp_path / "catalog.db-wal").stat().st_size == 0
