"""The list of receipts: newest first, narrowed by words and day, for who may see the answers of others."""

from __future__ import annotations

import pytest

from rag.errors import AccessError, InputError
from rag.questions.feedback import judge
from rag.receipts.listing import list_receipts
from rag.types import Principal
from tests.rag.receipts.conftest import WARRANTY


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
    assert list_receipts("default", library.workspace, day="9999") == ()
    for day in ("yesterday", "2026-Qx"):
        with pytest.raises(InputError, match=f"'{day}' is no day"):
            list_receipts("default", library.workspace, day=day)


def test_a_receipt_is_found_by_its_id_or_the_beginning_of_it_but_not_by_a_few_letters_of_it(library):
    record = library.ask()
    name = str(record["receipt"])
    for text in (name, f" {name[:8].upper()} "):
        assert [each.receipt for each in list_receipts("default", library.workspace, text=text)] == [name]
    assert list_receipts("default", library.workspace, text=name[:4]) == ()


def test_only_what_ended_in_one_way_is_listed_with_why_there_is_no_answer(library):
    answer, refusal = library.ask(), library.ask("Who composed the opera Tosca?")
    refused = list_receipts("default", library.workspace, outcome="refused")
    assert {each.outcome for each in refused} == {"refused"}
    assert refused[0].receipt == refusal["receipt"]
    assert refused[0].why
    answered = list_receipts("default", library.workspace, outcome="answered", limit=1)
    assert [(each.receipt, each.why) for each in answered] == [(answer["receipt"], "")]


def test_what_cites_a_document_that_has_changed_is_told_and_listed_by_itself(library):
    stale = library.ask()
    library.put("warranty.md", WARRANTY.replace("24 months", "36 months"))
    holds = library.ask()
    found = {each.receipt: each.changes for each in list_receipts("default", library.workspace)}
    assert found[holds["receipt"]] == ()
    (change,) = found[stale["receipt"]]
    assert (change.change, change.quotes_stand) == ("changed", False)
    listed = list_receipts("default", library.workspace, stale=True)
    assert stale["receipt"] in {each.receipt for each in listed}
    assert holds["receipt"] not in {each.receipt for each in listed}


def test_what_people_said_of_an_answer_is_told_by_their_latest_words(library):
    name = str(library.ask()["receipt"])
    assert list_receipts("default", library.workspace, limit=1)[0].verdicts == ()
    judge(name, "wrong", library.workspace)
    judge(name, "right", library.workspace)
    assert list_receipts("default", library.workspace, limit=1)[0].verdicts == ("right",)


def test_readers_see_what_they_asked_themselves_and_others_nothing(library):
    library.workspace.catalog.grant("default", "ada", "reader")
    ada = Principal("ada")
    library.ask()
    own = library.ask("How many days until a device can be returned?", principal=ada)
    assert [each.receipt for each in list_receipts("default", library.workspace, principal=ada)] == [own["receipt"]]
    assert own["receipt"] in {each.receipt for each in list_receipts("default", library.workspace)}
    with pytest.raises(AccessError):
        list_receipts("default", library.workspace, principal=Principal("eve"))
