"""Judgements in the catalog, and how they forget a document."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from rag.errors import NotFound, StoreError
from rag.stores.feedback import SqlFeedback
from rag.stores.schema import feedback as table
from rag.types import LOCAL_OWNER, Judgement, Passage
from tests.rag.stores.test_ledger import make_answer, make_record

QUINCES = "The quinces of Oslo hum in winter."
ROUTERS = "Routers are restarted with the small button."


@pytest.fixture
def asked(stores, embed_by_hand):
    """An answer that rests on two documents, and those documents."""
    made = [
        embed_by_hand([QUINCES], source="/docs/quince.md", title="Quinces"),
        embed_by_hand([ROUTERS], source="/docs/router.md", title="Routers"),
    ]
    for embedded in made:
        stores.ingest(embedded)
    ids = [chunk.id for embedded in made for chunk in embedded.chunks]
    live = stores.catalog.live("default", stores.index, ids)
    answer = make_answer("r1", question="What hums?", live=[live[name] for name in ids])
    stores.catalog.save_answer(answer, LOCAL_OWNER, make_record(answer))
    return [embedded.document for embedded in made]


@pytest.fixture
def feedback(stores, asked):  # noqa: ARG001 - its answer is judged
    """The store, over a catalog that holds the answer."""
    return SqlFeedback(stores.database)


def said(principal="ada", verdict="wrong", **values):
    return Judgement("r1", principal, verdict, values.pop("answerable", True), **values)


def span(document):
    return Passage(document.id, document.version, 0, 10)


def test_an_answer_knows_who_asked_and_where(feedback):
    assert feedback.asked_by("r1") == ("local", "default")
    with pytest.raises(NotFound, match="'r9'"):
        feedback.asked_by("r9")


def test_a_judgement_comes_back_whole(feedback, asked):
    stored = feedback.add_judgement(said(question="What hums in Oslo?", expected="quinces", passage=span(asked[0])))
    assert stored.at
    assert feedback.judgements_of("ada", ["r1", "r2"]) == {"r1": stored}
    assert feedback.judged("default")[0].judgements == (stored,)


def test_the_newest_of_each_person_counts_and_nothing_is_overwritten(stores, feedback):
    feedback.add_judgement(said("ada", "wrong"))
    feedback.add_judgement(said("ben", "wrong"))
    feedback.add_judgement(said("ada", "right"))
    judged = feedback.judged("default")[0]
    assert [(each.principal, each.verdict) for each in judged.judgements] == [("ada", "right"), ("ben", "wrong")]
    assert judged.disputed
    assert feedback.judgements_on(["r1", "r2"]) == {"r1": judged.judgements}
    with stores.database.read() as connection:
        assert len(connection.execute(select(table)).all()) == 3


def test_what_was_withdrawn_counts_no_more(feedback):
    feedback.add_judgement(said())
    feedback.add_judgement(said(verdict="withdrawn"))
    assert feedback.judgements_of("ada", ["r1"]) == {}
    assert feedback.judgements_on(["r1"]) == {}
    assert feedback.judged("default") == ()


def test_other_spaces_are_left_out(stores, feedback):
    stores.catalog.create_space("other")
    feedback.add_judgement(said())
    assert feedback.judged("other") == ()


def test_an_unknown_answer_cannot_be_judged(feedback):
    with pytest.raises(StoreError, match="contradicts"):
        feedback.add_judgement(Judgement("r9", "ada", "right", answerable=True))


@pytest.mark.parametrize(
    ("expected", "chosen", "left"),
    [
        ("hum", 0, ""),
        ("hum", None, ""),
        ("hum", 1, "hum"),
        ("quinces of Oslo hum", 1, ""),
    ],
    ids=["of the chosen passage", "of any that was shown", "of another passage", "to the letter"],
)
def test_words_that_may_come_from_a_removed_document_go_with_it(stores, feedback, asked, expected, chosen, left):
    passage = None if chosen is None else span(asked[chosen])
    feedback.add_judgement(said(expected=expected, passage=passage))
    stores.remove(asked[0].id)
    judgement = feedback.judgements_of("ada", ["r1"])["r1"]
    assert judgement.expected == left
    assert judgement.redacted == (left == "")
    assert judgement.passage == passage


def test_words_stay_when_a_document_goes_that_the_answer_read_and_did_not_show(stores, feedback, asked):
    read = ((asked[0].id, asked[0].version),)
    answer = replace(make_answer("r2"), read=read)
    stores.catalog.save_answer(answer, LOCAL_OWNER, make_record(answer))
    feedback.add_judgement(Judgement("r2", "ada", "wrong", answerable=True, expected="hum"))
    stores.remove(asked[0].id)
    assert feedback.judgements_of("ada", ["r2"])["r2"].expected == "hum"


def test_a_question_written_anew_in_the_words_of_the_document_goes_too(stores, feedback, asked):
    feedback.add_judgement(said(question="quinces of Oslo hum", passage=span(asked[1])))
    stores.remove(asked[0].id)
    assert feedback.judgements_of("ada", ["r1"])["r1"].question == ""


def test_a_judgement_in_another_space_keeps_the_same_words(stores, feedback, asked):
    stores.catalog.create_space("other")
    answer = make_answer("r2", question="What hums?", space="other")
    stores.catalog.save_answer(answer, LOCAL_OWNER, make_record(answer))
    feedback.add_judgement(Judgement("r2", "ada", "wrong", answerable=True, expected="quinces of Oslo hum"))
    stores.remove(asked[0].id)
    assert feedback.judgements_of("ada", ["r2"])["r2"].expected == "quinces of Oslo hum"


def test_no_byte_of_them_is_left_in_any_file(stores, feedback, asked):
    feedback.add_judgement(
        said(question="quinces of Oslo hum?!", expected="quinces of Oslo hum", passage=span(asked[0]))
    )
    feedback.add_judgement(said("ben", expected="WOLFRAM-7", passage=span(asked[0])))
    stores.catalog.checkpoint()
    assert b"WOLFRAM-7" in (stores.home.path / "catalog.db").read_bytes()
    stores.remove(asked[0].id)
    files = [path for path in stores.home.path.rglob("*") if path.is_file()]
    assert not [path.name for path in files if b"WOLFRAM-7" in path.read_bytes()]


def test_a_new_version_takes_nothing_out(stores, feedback, asked, embed_by_hand):
    feedback.add_judgement(said(expected="hum", passage=span(asked[0])))
    stores.ingest(embed_by_hand(["They are silent now."], source="/docs/quince.md", title="Quinces"))
    assert feedback.judgements_of("ada", ["r1"])["r1"].expected == "hum"
