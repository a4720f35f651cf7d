"""The list of receipts: newest first, narrowed by words and day, for who may see the answers of others."""

from __future__ import annotations

import pytest

from rag.errors import AccessError, InputError
from rag.receipts.listing import list_receipts
from rag.types import Principal


def test_answers_and_refusals_are_listed_newest_first_and_narrowed(library):
    first, second = library.ask(), library.ask("Who composed the opera Tosca?")
    found = list_receipts("default", library.workspace)[:2]

    assert [each.receipt for each in found] == [second["receipt"], first["receipt"]]
    assert [(each.outcome, each.probability is None, each.level is None) for each in found] == [
        ("refused", True, True),
        ("answered", False, False),
    ]
    assert found[1].probability == first["confidence"]["probability"]
    named = list_receipts("default", library.workspace, text="TOSCA opera", limit=1)
    assert [each.receipt for each in named] == [second["receipt"]]
    told = list_receipts("default", library.workspace, text="24 months", limit=1)
    assert [each.receipt for each in told] == [first["receipt"]]
    assert list_receipts("default", library.workspace, text="tosca 24") == ()


def test_a_day_is_one_in_utc_or_a_month_or_a_year(library):
    record = library.ask()
    for day in (record["asked_at"][:10], record["asked_at"][:7], record["asked_at"][:4]):
        assert record["receipt"] in {each.receipt for each in list_receipts("default", library.workspace, day=day)}
    assert list_receipts("default", library.workspace, day="2001-02") == ()
    with pytest.raises(InputError, match="'yesterday' is no day"):
        list_receipts("default", library.workspace, day="yesterday")


def test_readers_do_not_see_the_list(library):
    library.workspace.catalog.grant("default", "ada", "reader")
    with pytest.raises(AccessError):
        list_receipts("default", library.workspace, principal=Principal("ada"))
