"""Who may judge what, and what a judgement may say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.errors import AccessError, InputError, NotFound
from rag.questions.feedback import judge, judged, judgements, may_label, shown_passages
from rag.types import LOCAL_OWNER, Principal
from tests.rag.questions.conftest import ADA, BEN, EVE


def test_who_asked_judges_and_sees_the_own_judgement_only(parts):
    stored = judge("right", "right", parts, principal=ADA)
    judge("right", "wrong", parts, principal=BEN)
    assert judgements(["right"], parts, principal=ADA) == {"right": stored}


@pytest.mark.parametrize("principal", [EVE, Principal("cleo")], ids=["stranger", "reader"])
def test_nobody_judges_the_answers_of_others(parts, principal):
    parts.catalog.grant("default", "cleo", "reader")
    with pytest.raises(AccessError):
        judge("right", "right", parts, principal=principal)
    assert parts.feedback.judged("default") == ()


def test_who_lost_access_judges_no_more(parts):
    parts.catalog.grant("default", "ada", None)
    with pytest.raises(AccessError):
        judge("right", "right", parts, principal=ADA)


@pytest.mark.parametrize(("principal", "may"), [(ADA, False), (BEN, True), (EVE, False), (LOCAL_OWNER, True)])
def test_owner_and_editor_see_all_judgements(parts, principal, may):
    judge("right", "right", parts, principal=ADA)
    assert may_label("default", parts, principal=principal) == may
    if may:
        assert [answer.label.receipt for answer in judged("default", parts, principal=principal)] == ["right"]
    else:
        with pytest.raises(AccessError):
            judged("default", parts, principal=principal)


@pytest.mark.parametrize(
    ("receipt", "verdict", "answerable"),
    [("right", "right", True), ("right", "wrong", True), ("none", "right", False), ("none", "wrong", True)],
)
def test_a_verdict_implies_whether_there_is_an_answer(parts, receipt, verdict, answerable):
    assert judge(receipt, verdict, parts, principal=ADA).answerable == answerable


def test_an_answer_may_be_wrong_because_there_is_none(parts):
    said = judge("right", "wrong", parts, answerable=False, expected="30", principal=ADA)
    assert (said.answerable, said.expected) == (False, "")


@pytest.mark.parametrize(("receipt", "answerable"), [("right", False), ("none", True)])
def test_a_contradiction_is_refused(parts, receipt, answerable):
    with pytest.raises(InputError, match="cannot be right"):
        judge(receipt, "right", parts, answerable=answerable, principal=ADA)


def test_a_passage_must_be_one_that_was_shown(parts):
    shown = shown_passages(parts.catalog.answer("none"))
    assert judge("none", "wrong", parts, passage=shown[1], principal=ADA).passage == shown[1]
    with pytest.raises(InputError, match="was not among"):
        judge("none", "wrong", parts, passage=replace(shown[1], end=9999), principal=ADA)


def test_a_passage_of_a_removed_document_is_no_answer_any_more(parts, stores):
    passage = shown_passages(parts.catalog.answer("none"))[0]
    stores.remove(passage.document_id)
    with pytest.raises(NotFound, match="no document"):
        judge("none", "wrong", parts, expected="30 months", passage=passage, principal=ADA)
    assert parts.feedback.judged("default") == ()


def test_what_is_typed_is_cleaned_and_bounded(parts):
    said = judge("right", "wrong", parts, expected="  24\u202e\n months\x00 ", question="a\tb", principal=ADA)
    assert (said.expected, said.question) == ("24 months", "a b")
    with pytest.raises(InputError, match="2,001 characters"):
        judge("right", "wrong", parts, expected="x" * 2001, principal=ADA)


def test_a_failed_or_unknown_answer_cannot_be_judged(parts):
    with pytest.raises(InputError, match="failed"):
        judge("broken", "wrong", parts, principal=ADA)
    with pytest.raises(NotFound):
        judge("nothing", "wrong", parts, principal=ADA)
