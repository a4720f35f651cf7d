"""What is stored as JSON comes back as it was, or says that a newer version wrote it."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict

import pytest

from rag.errors import StoreError
from rag.stores.codec import pack_about, unpack_about
from rag.stores.standing_rows import unpack_standing
from rag.types import Flag, FlagDecision, ParseReport, Standing

REPORT = ParseReport(
    pages=None,
    characters=12,
    tables=0,
    parser="1",
    flags=(Flag("order", 3, 9, "tells an assistant", severe=True),),
    decisions=(FlagDecision("released", "ann", "2026-11-29T10:00:00+00:00"),),
)


def test_a_report_comes_back_as_it_was():
    metadata = (("author", "Ann"),)
    assert unpack_about(pack_about(metadata, REPORT)) == (metadata, REPORT)


@pytest.mark.parametrize(
    ("place", "told"),
    [((), "mood of a ParseReport"), (("flags", 0), "mood of a Flag"), (("decisions", 0), "mood of a FlagDecision")],
)
def test_a_field_of_a_later_version_is_told_as_that(place, told):
    about = json.loads(zlib.decompress(pack_about((), REPORT)))
    part = about["report"]
    for step in place:
        part = part[step]
    part["mood"] = "calm"

    with pytest.raises(StoreError, match=f"written by a newer Footnote: it knows {told}"):
        unpack_about(zlib.compress(json.dumps(about).encode()))


def test_a_field_of_a_standing_of_a_later_version_is_told_as_that():
    with pytest.raises(StoreError, match="it knows mood of a Standing"):
        unpack_standing({**asdict(Standing()), "mood": "calm"})
