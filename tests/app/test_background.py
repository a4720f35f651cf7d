"""Questions and uploads that go on while the page is elsewhere."""

from __future__ import annotations

import logging
import threading

import pytest

from app.background import KEPT, Asking, Intake
from rag.errors import InputError, StoreError
from rag.types import (
    AskProgress,
    Checking,
    Fallback,
    FileReport,
    IngestProgress,
    IngestSummary,
    SourceFile,
    Statement,
)

WAIT_S = 10


def test_a_question_shows_its_stage_and_statements_while_it_runs():
    reached, go_on = threading.Event(), threading.Event()

    def work(report):
        report(AskProgress("guard", Statement("It blinks.", 0.9, ())))
        reached.set()
        go_on.wait(WAIT_S)
        return "a1"

    asking = Asking("Why?", work).start()
    assert reached.wait(WAIT_S)
    moment = asking.moment()
    assert (moment.stage, [s.text for s in moment.statements], moment.receipt) == ("guard", ["It blinks."], None)
    go_on.set()
    assert asking.finished.wait(WAIT_S)
    assert (asking.moment().receipt, asking.moment().statements) == ("a1", ())


def test_a_running_question_tells_what_is_checked_until_it_is_and_what_was_done_otherwise():
    seen = []

    def work(report):
        report(AskProgress("rerank", fallback=Fallback("reranker", "The reranker failed.", "gone")))
        report(AskProgress("guard", checking=Checking("It blinks.", "Manual")))
        seen.append(asking.moment())
        report(AskProgress("guard", Statement("It blinks.", 0.9, ())))
        seen.append(asking.moment())
        return "a1"

    asking = Asking("Why?", work)
    assert asking.start().finished.wait(WAIT_S)
    assert [each.checking and each.checking.source for each in seen] == ["Manual", None]
    assert [each.slot for each in seen[1].fallbacks] == ["reranker"]


def test_an_error_of_a_question_keeps_its_hint():
    def work(_report):
        raise InputError("Too long.", hint="Shorten it.")

    asking = Asking("Why?", work).start()
    assert asking.finished.wait(WAIT_S)
    failure = asking.moment().failure
    assert (failure.message, failure.hint) == ("Too long.", "Shorten it.")


def test_a_fault_is_logged_and_not_shown(caplog):
    def work(_report):
        raise ZeroDivisionError("secret detail")

    with caplog.at_level(logging.ERROR):
        asking = Asking("Why?", work).start()
        assert asking.finished.wait(WAIT_S)
    assert "secret detail" not in asking.moment().failure.message
    assert "secret detail" in caplog.text


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "uploads"
    path.mkdir()
    (path / "a.txt").write_text("words")
    return path


def files(folder):
    return [SourceFile(folder / "a.txt", "upload:a.txt", "a.txt")]


def summary():
    return IngestSummary((FileReport("upload:a.txt", "a.txt", "added"),), 1, 0.1)


def test_an_upload_ends_with_its_reports_and_its_folder_is_gone(folder):
    intake = Intake(lambda _sources, _report: summary())
    batch = intake.add(folder, files(folder))
    assert batch.finished.wait(WAIT_S)
    assert [report.outcome for report in batch.reports] == ["added"]
    assert not folder.exists()


def test_uploads_take_turns(folder, tmp_path):
    order, go_on = [], threading.Event()

    def work(_sources, _report):
        order.append(len(order))
        if len(order) == 1:
            go_on.wait(WAIT_S)
        return summary()

    intake = Intake(work)
    first = intake.add(folder, files(folder))
    second = intake.add(tmp_path / "none", [])
    assert not second.started_at
    go_on.set()
    assert first.finished.wait(WAIT_S)
    assert second.finished.wait(WAIT_S)
    assert order == [0, 1]
    assert not intake.running()


def stopped_midway(intake, folder, started, go_on):
    """Ask an upload to stop while its work waits, and wait until it has ended."""
    batch = intake.add(folder, files(folder))
    assert started.wait(WAIT_S)
    intake.cancel(batch.id)
    go_on.set()
    assert batch.finished.wait(WAIT_S)
    return intake, batch


def test_a_stopped_upload_ends_at_its_next_step_and_keeps_what_was_read(folder):
    started, go_on = threading.Event(), threading.Event()
    report_of_a = summary().files[0]

    def work(_sources, report):
        report(IngestProgress("finished", "a.txt", 1, 2, 1, 1.0, 1.0, report_of_a))
        started.set()
        go_on.wait(WAIT_S)
        report(IngestProgress("reading", "b.txt", 1, 2, 1, 1.0, 1.0))
        raise AssertionError

    _, batch = stopped_midway(Intake(work), folder, started, go_on)
    assert batch.stopped
    assert batch.failure is None
    assert batch.reports == (report_of_a,)


def test_an_upload_that_was_read_whole_was_not_stopped_however_late_that_is_asked(folder):
    started, go_on = threading.Event(), threading.Event()

    def work(_sources, _report):
        started.set()
        assert go_on.wait(WAIT_S)
        return summary()

    intake, batch = stopped_midway(Intake(work), folder, started, go_on)
    assert not batch.stopped
    intake.cancel(batch.id)
    assert not batch.stopped


def test_a_stopped_upload_reports_all_that_went_live_together(folder):
    reports = tuple(FileReport(f"upload:{name}", name, "added") for name in ("a.txt", "b.txt", "c.txt"))

    def work(_sources, report):
        intake.cancel(batches[0].id)
        for n, each in enumerate(reports, 1):
            report(IngestProgress("finished", each.name, n, 4, n, 1.0, 1.0, each))
        report(IngestProgress("reading", "d.txt", 3, 4, 3, 1.0, 1.0))
        raise AssertionError

    started = threading.Event()
    batches = []
    intake = Intake(lambda *given: started.wait(WAIT_S) and work(*given))
    batches.append(intake.add(folder, files(folder)))
    started.set()
    assert batches[0].finished.wait(WAIT_S)
    assert (batches[0].stopped, batches[0].failure) == (True, None)
    assert batches[0].reports == reports


def test_a_failed_upload_says_why_and_the_next_one_runs(folder, tmp_path):
    replies = iter([StoreError("The disk is full.", hint="Free some space."), None])

    def work(_sources, _report):
        if (problem := next(replies)) is not None:
            raise problem
        return summary()

    intake = Intake(work)
    first, second = intake.add(folder, files(folder)), intake.add(tmp_path / "none", [])
    assert first.finished.wait(WAIT_S)
    assert second.finished.wait(WAIT_S)
    assert first.failure.message == "The disk is full."
    assert second.failure is None


def test_what_nobody_dismisses_is_forgotten_in_the_end(folder):
    intake = Intake(lambda _sources, _report: summary())
    batch = intake.add(folder, files(folder), owner="mine")
    assert batch.finished.wait(WAIT_S)
    assert intake.batches() == (batch,)
    batch.ended_at -= KEPT
    assert intake.batches() == ()


def test_the_time_of_an_upload_goes_on_between_its_reports(folder):
    started, go_on = threading.Event(), threading.Event()

    def work(_sources, _report):
        started.set()
        go_on.wait(WAIT_S)
        return summary()

    intake = Intake(work)
    batch = intake.add(folder, files(folder))
    assert started.wait(WAIT_S)
    assert batch.progress is None
    first = batch.elapsed_s
    assert first < batch.elapsed_s
    go_on.set()
    assert batch.finished.wait(WAIT_S)
    assert batch.elapsed_s == batch.elapsed_s


def test_only_an_ended_upload_can_be_dismissed(folder):
    go_on = threading.Event()

    def work(_sources, _report):
        go_on.wait(WAIT_S)
        return summary()

    intake = Intake(work)
    batch = intake.add(folder, files(folder))
    intake.dismiss(batch.id)
    assert intake.batches() == (batch,)
    go_on.set()
    assert batch.finished.wait(WAIT_S)
    intake.dismiss(batch.id)
    assert intake.batches() == ()
