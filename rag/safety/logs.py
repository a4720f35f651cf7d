"""Logs without personal data: what a question or a document says of people does not outlive them in a log."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from rag.safety.personal import MASKED, Kind, mask

_MOST_BYTES = 2_000_000


class _Masking:
    """Makes records as another factory does, with personal data in message and traceback masked.

    Args:
        make: The factory that was in use.
    """

    def __init__(self, make: Any) -> None:  # noqa: ANN401 - logging's own type is Any
        self.make = make
        self.kinds: Collection[Kind] = MASKED

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:  # noqa: ANN401
        """Return a record whose message needs no arguments any more."""
        record: logging.LogRecord = self.make(*args, **kwargs)
        record.msg, record.args = mask(_told(record), kinds=self.kinds), None
        if record.exc_info and record.exc_info[0] is not None:
            # A formatter takes this text and does not format the exception again.
            told = "".join(traceback.format_exception(*record.exc_info)).rstrip()
            record.exc_text = mask(told, kinds=self.kinds)
        return record


def _told(record: logging.LogRecord) -> str:
    """Return the message; of a call that cannot be formatted, its pieces. Logging raises in no caller either."""
    for told in (record.getMessage, lambda: f"{record.msg} {record.args!r}"):
        try:
            return told()
        except Exception:  # noqa: BLE001, S112 - any library, with any arguments
            continue
    return "A message that cannot be written."


def mask_logs() -> None:
    """Mask personal data in everything that this process logs from now on: what `mask_kinds` names, else `MASKED`."""
    make = logging.getLogRecordFactory()
    if not isinstance(make, _Masking):
        logging.setLogRecordFactory(_Masking(make))


def mask_kinds(kinds: Collection[Kind]) -> None:
    """Say which kinds are masked from now on, in a process that masks its logs."""
    make = logging.getLogRecordFactory()
    if isinstance(make, _Masking):
        make.kinds = kinds


class _OwnersFile(RotatingFileHandler):
    """A log that only its owner may read, also the file that is begun when the one before is full."""

    def _open(self) -> TextIOWrapper:
        opened = super()._open()
        Path(self.baseFilename).chmod(0o600)
        return opened


@contextmanager
def logged_to(path: Path) -> Iterator[None]:
    """Write what this process logs to a file beside the terminal, masked; the last two to four megabytes stay.

    Args:
        path: The file; only its owner may read it.
    """
    mask_logs()
    kept = _OwnersFile(path, maxBytes=_MOST_BYTES, backupCount=1, encoding="utf-8")
    handlers: list[logging.Handler] = [kept, logging.StreamHandler()]
    for handler in handlers:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        for handler in handlers:
            logging.getLogger().removeHandler(handler)
        kept.close()
