"""Recognizing the text of scanned pages through the optional ocr extra; its models come with it."""

from __future__ import annotations

import functools
import importlib
import itertools
import statistics
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.ingest.parsers.pdf_runs import Page, Run

Corners = Sequence[Sequence[float]]
"""Four points around a character or a line, in pixels."""

MIN_SCORE = 0.5
"""Less certain lines are noise more often than text."""

MAX_SIDE_PX = 1800.0
POINTS_TO_PX = 2.1
"""150 dots an inch; finer pictures took longer and were read no better."""

SIZE_STEP_PT = 4.0

MIN_SPACE = 0.16
"""A blank so wide, in heights of the line, is a space; gaps between letters are a third of it."""

MIN_NUMBER_SPACE = 0.32
"""Figures are as wide as each other, so that a narrow one, such as 1, has much blank around it."""

IN_NUMBERS = frozenset("0123456789.,-/:")
INK = 150.0
"""Darker pixels are ink."""

CJK = "\u2e80"
"""From here on scripts have no spaces between words."""

FIND_SIDE_PX = 960
"""Lines are searched in a picture made so small; they are read at full size."""


def recognize(page: Page) -> list[Run]:
    """Return the lines on the picture of a page."""
    scale = min(POINTS_TO_PX, MAX_SIDE_PX / max(page.get_size()))
    picture = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False).to_numpy()[:, :, :3]
    found, _ = _engine()(picture[:, :, ::-1].copy(), return_word_box=True)
    gray = picture.mean(axis=2)
    runs: list[Run] = []
    for corners, _, score, boxes, chars, _ in found or ():
        xs, ys = [x / scale for x, _ in corners], [y / scale for _, y in corners]
        text = spaced(gray, chars, boxes).strip()
        if float(score) < MIN_SCORE or not text:
            continue
        base = max(ys) - 0.2 * (max(ys) - min(ys))
        # Boxes are as high as the tallest letter in them; only large differences are another size of text.
        size = max(SIZE_STEP_PT, round((max(ys) - min(ys)) / SIZE_STEP_PT) * SIZE_STEP_PT)
        runs.append(Run(text, min(xs), max(xs), min(ys), base, size, bold=False))
    return runs


def spaced(gray: NDArray[np.floating[Any]], chars: Sequence[str], boxes: Sequence[Corners]) -> str:
    """Return characters as text, with a space wherever the picture shows a gap between two of them.

    The models were trained on Chinese above all and leave out most spaces between Latin words.

    Args:
        gray: The picture, shape ``(height, width)``, 0 for black.
        chars: Characters of one line.
        boxes: Corners of each character, in pixels; along the line they are right to half a character.
    """
    blanks = [_blank(gray, before, after) for before, after in itertools.pairwise(boxes)]
    # Headings are often set with wide gaps between all their letters.
    least = max(MIN_SPACE, 2.2 * statistics.median(blanks)) if blanks else MIN_SPACE
    text = "".join(chars[:1])
    for before, char, blank in zip(chars, chars[1:], blanks, strict=False):
        is_number = before[-1:] in IN_NUMBERS and char[:1] in IN_NUMBERS
        latin = "!" <= before[-1:] < CJK and "!" <= char[:1] < CJK
        text += (" " if latin and blank >= max(least, MIN_NUMBER_SPACE * is_number) else "") + char
    return text


def _blank(gray: NDArray[np.floating[Any]], before: Corners, after: Corners) -> float:
    """Return the widest blank between the middles of two characters, in heights of the line."""
    top, bottom = min(y for _, y in before), max(y for _, y in before)
    height = max(bottom - top, 1.0)
    # Rules above and below the line and its neighbours are left out.
    rows = slice(int(top + 0.08 * height), int(bottom - 0.08 * height) + 1)
    start, end = int(sum(x for x, _ in before) / 4), int(sum(x for x, _ in after) / 4) + 1
    strip = gray[rows, start:end]
    longest = blank = 0
    for is_dark in strip.min(axis=0) < INK if strip.size else ():
        blank = 0 if is_dark else blank + 1
        longest = max(longest, blank)
    return longest / height


@functools.cache
def _engine() -> Any:  # noqa: ANN401 - the extra ships no types
    # Loading the models takes a second; only files with scanned pages pay for it.
    module = importlib.import_module("rapidocr_onnxruntime")
    # One thread: two waste processor time on waiting for each other, and questions want a core too.
    return module.RapidOCR(det_limit_side_len=FIND_SIDE_PX, det_limit_type="max", use_cls=False, intra_op_num_threads=1)
