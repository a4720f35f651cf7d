"""No personal data in logs, whoever writes them."""

import io
import logging

import pytest

from rag.safety.logs import logged_to, mask_kinds, mask_logs
from rag.safety.personal import MASKED
from rag.settings import load_settings
from rag.wiring import open_workspace

MAIL = "anna.berg@example.org"


@pytest.fixture
def written():
    """What a logger of any module writes once logs are masked."""
    factory = logging.getLogRecordFactory()
    mask_logs()
    mask_logs()
    mask_kinds(MASKED)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.getLogger("some.other.package")
    logger.addHandler(handler)
    yield logger, stream
    logger.removeHandler(handler)
    mask_kinds(MASKED)
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


class Unspeakable:
    """An argument of a library that cannot be written."""

    def __repr__(self):
        raise ValueError("no words")


def test_a_log_call_with_a_mistake_is_masked_and_raises_nothing(written):
    logger, stream = written
    logger.warning("asked by %d", MAIL)
    logger.warning("it is %r", Unspeakable())
    assert stream.getvalue().splitlines() == [
        "asked by %d ('[e-mail]',)",
        "A message that cannot be written.",
    ]


def test_the_policy_of_the_home_says_what_is_masked(written, tmp_path):
    logger, stream = written
    policy = tmp_path / "policy.toml"
    policy.write_text('version = "1"\n[masking]\nlogs = ["IP_ADDRESS"]\n', encoding="utf-8")
    with open_workspace(load_settings(home=tmp_path, env={})) as workspace:
        logger.warning("%s at 203.0.113.9", MAIL)
        policy.write_text('version = "2"\n', encoding="utf-8")
        assert workspace.policy.version == "2"
        logger.warning("%s at 203.0.113.9", MAIL)
    assert stream.getvalue().splitlines() == [f"{MAIL} at [IP address]", "[e-mail] at [IP address]"]


@pytest.mark.usefixtures("written")
def test_masking_twice_is_masking_once():
    assert not hasattr(logging.getLogRecordFactory().make, "make")


def test_the_application_keeps_a_log_that_only_its_owner_reads(tmp_path):
    path = tmp_path / "footnote.log"
    factory = logging.getLogRecordFactory()
    with logged_to(path):
        # The second begins another file, since the first fills one.
        logging.getLogger("some.package").warning("-" * 2_000_000)
        logging.getLogger("some.package").warning("asked by %s", MAIL)
    logging.setLogRecordFactory(factory)
    assert path.read_text(encoding="utf-8").endswith("WARNING some.package asked by [e-mail]\n")
    assert [each.stat().st_mode & 0o077 for each in sorted(tmp_path.glob("footnote.log*"))] == [0, 0]
    assert not any(getattr(handler, "baseFilename", "") == str(path) for handler in logging.getLogger().handlers)
