"""No personal data in logs, whoever writes them."""

import io
import logging

import pytest

from rag.safety.logs import logged_to, mask_logs

MAIL = "anna.berg@example.org"


@pytest.fixture
def written():
    """What a logger of any module writes once logs are masked."""
    factory = logging.getLogRecordFactory()
    mask_logs()
    mask_logs()
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.getLogger("some.other.package")
    logger.addHandler(handler)
    yield logger, stream
    logger.removeHandler(handler)
    logging.setLogRecordFactory(factory)


def test_a_message_and_its_arguments_are_masked(written):
    logger, stream = written
    logger.warning("asked by %s about %d files", MAIL, 3)
    assert stream.getvalue() == "asked by [e-mail] about 3 files\n"


def test_the_error_in_a_traceback_is_masked(written):
    logger, stream = written
    try:
        {}[MAIL]
    except KeyError:
        logger.exception("it failed")
    assert MAIL not in stream.getvalue()
    assert "KeyError: '[e-mail]'" in stream.getvalue()
    assert "test_logs.py" in stream.getvalue()


@pytest.mark.usefixtures("written")
def test_masking_twice_is_masking_once():
    assert not hasattr(logging.getLogRecordFactory().make, "make")


def test_the_application_keeps_a_log_that_only_its_owner_reads(tmp_path):
    path = tmp_path / "footnote.log"
    factory = logging.getLogRecordFactory()
    with logged_to(path):
        logging.getLogger("some.package").warning("asked by %s", MAIL)
    logging.setLogRecordFactory(factory)
    assert path.read_text(encoding="utf-8").endswith("WARNING some.package asked by [e-mail]\n")
    assert path.stat().st_mode & 0o077 == 0
    assert not any(getattr(handler, "baseFilename", "") == str(path) for handler in logging.getLogger().handlers)
