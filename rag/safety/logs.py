"""Logs without personal data: what a question or a document says of people does not outlive them in a log."""

from __future__ import annotations

import logging
import traceback
from typing import Any

from rag.safety.personal import mask


class _Masking:
    """Makes records as another factory does, with personal data in message and traceback masked.

    Args:
        make: The factory that was in use.
    """

    def __init__(self, make: Any) -> None:  # noqa: ANN401 - logging's own type is Any
        self.make = make

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:  # noqa: ANN401
        """Return a record whose message needs no arguments any more."""
        record: logging.LogRecord = self.make(*args, **kwargs)
        record.msg, record.args = mask(record.getMessage()), None
        if record.exc_info and record.exc_info[0] is not None:
            # A formatter takes this text and does not format the exception again.
            record.exc_text = mask("".join(traceback.format_exception(*record.exc_info)).rstrip())
        return record


def mask_logs() -> None:
    """Mask personal data in everything that this process logs from now on."""
    make = logging.getLogRecordFactory()
    if not isinstance(make, _Masking):
        logging.setLogRecordFactory(_Masking(make))
