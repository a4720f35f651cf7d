"""Recognizing the text of scanned pages through the optional ocr extra; its models come with it."""

from __future__ import annotations

import functools
import importlib
import importlib.util
from typing import Any

from rag.ingest.parsers.pdf_runs import Page, Run

MIN_SCORE = 0.5
"""Less certain lines are noise more often than text."""

MAX_SIDE_PX = 1800.0
POINTS_TO_PX = 2.1
"""150 dots an inch; finer pictures took longer and were read no better."""

FIND_SIDE_PX = 960
"""Lines are searched in a picture made so small; they are read at full size."""


def is_available() -> bool:
    """Say whether the extra is installed, without loading it."""
    return all(importlib.util.find_spec(name) for name in ("rapidocr_onnxruntime", "cv2"))


def recognize(page: Page) -> list[Run]:
    """Return the lines on the picture of a page."""
    scale = min(POINTS_TO_PX, MAX_SIDE_PX / max(page.get_size()))
    picture = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False).to_numpy()[:, :, :3]
    found, _ = _engine()(picture[:, :, ::-1].copy())
    runs: list[Run] = []
    for corners, text, score in found or ():
        if float(score) < MIN_SCORE or not str(text).strip():
            continue
        xs, ys = [x / scale for x, _ in corners], [y / scale for _, y in corners]
        height = max(ys) - min(ys)
        runs.append(Run(str(text).strip(), min(xs), max(xs), min(ys), max(ys) - 0.2 * height, height, bold=False))
    return runs


@functools.cache
def _engine() -> Any:  # noqa: ANN401 - the extra ships no types
    # Loading the models takes a second; only files with scanned pages pay for it.
    module = importlib.import_module("rapidocr_onnxruntime")
    # One thread: two waste processor time on waiting for each other, and questions want a core too.
    return module.RapidOCR(det_limit_side_len=FIND_SIDE_PX, det_limit_type="max", use_cls=False, intra_op_num_threads=1)
