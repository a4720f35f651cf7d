"""Receipts, conversations, and how a receipt forgets a document."""

from __future__ import annotations

import copy
import dataclasses
import json

import pytest

from rag.errors import AccessError, InputError, NotFound
from rag.stores.redaction import redact, sources
from rag.types import (
    LOCAL_OWNER,
    Answer,
    Citation,
    Confidence,
    Hit,
    Principal,
    Question,
    Statement,
    Verdict,
)


def make_answer(receipt, *, question="How?", conversation=None, live=(), space="default"):
    """Return an answer that quotes the given live chunks, one statement for each."""
    statements = tuple(
        Statement(passage.chunk.text, 0.9, (citation(n, passage),)) for n, passage in enumerate(live, start=1)
    )
    return Answer(
        receipt=receipt,
        question=Question(question, space=space, conversation=conversation),
        query=None,
        verdict=Verdict("answered", None, "quoted", statements, (), Confidence(0.8, "high", {})),
        message="",
        passages=tuple(Hit(passage, 1.0, ("dense",), path=("Quince", "hums")) for passage in live),
        models={},
        index="i",
        prompt=None,
        timings_ms={},
        asked_at="2026-01-01T00:00:00+00:00",
    )


def citation(n, passage):
    chunk = passage.chunk
    return Citation(
        n,
        chunk.document_id,
        passage.title,
        chunk.version,
        chunk.id,
        1,
        chunk.headings,
        chunk.start,
        chunk.end,
        chunk.text,
    )


def make_record(answer):
    """Return the record as the command line prints it."""
    return {
        "receipt": answer.receipt,
        "question": answer.question.text,
        "outcome": answer.verdict.outcome,
        "answer": answer.text,
        "statements": [
            {
                "text": statement.text,
                "support": statement.support,
                "citations": [
                    {
                        "n": cited.n,
                        "document": cited.document_id,
                        "title": cited.title,
                        "version": cited.version,
                        "start": cited.start,
                        "end": cited.end,
                        "quote": cited.quote,
                    }
                    for cited in statement.citations
                ],
            }
            for statement in answer.verdict.statements
        ],
        "candidates": [{"answer": answer.text, "probability": 0.8}],
        "passages": [
            {
                "document": hit.passage.chunk.document_id,
                "chunk": hit.passage.chunk.id,
                "title": hit.passage.title,
                "score": hit.score,
                "path": list(hit.path),
                "text": hit.passage.chunk.text,
            }
            for hit in answer.passages
        ],
    }


def save(stores, answer, principal=LOCAL_OWNER):
    stores.catalog.save_answer(answer, principal, make_record(answer))


def published(stores, embedded):
    stores.ingest(embedded)
    return list(stores.catalog.live("default", stores.index, [chunk.id for chunk in embedded.chunks]).values())


def test_a_receipt_comes_back_as_it_was(stores):
    answer = make_answer("r1", question="Wie geht's? 🙂")
    save(stores, answer)

    assert stores.catalog.answer("r1") == make_record(answer)


def test_an_unknown_receipt_is_an_error(stores):
    with pytest.raises(NotFound, match="'r404'"):
        stores.catalog.answer("r404")


def test_a_record_that_is_no_json_is_refused(stores):
    with pytest.raises(InputError, match="no JSON"):
        stores.catalog.save_answer(make_answer("r1"), LOCAL_OWNER, {"score": float("nan")})


def test_a_conversation_begins_with_its_first_answer(stores):
    for n, (receipt, question) in enumerate([("r1", "First?"), ("r2", "Second?")]):
        save(stores, make_answer(receipt, question=question, conversation="c1"))
        (listed,) = stores.catalog.conversations(LOCAL_OWNER, "default")
        assert (listed["id"], listed["title"], listed["n_answers"]) == ("c1", "First?", n + 1)

    assert [record["receipt"] for record in stores.catalog.answers("c1")] == ["r1", "r2"]


def test_conversations_are_listed_newest_first_for_their_owner_and_space(stores):
    stores.catalog.create_space("other")
    ada = Principal("ada")
    for receipt, conversation in (("r1", "c1"), ("r2", "c2"), ("r3", "c1")):
        save(stores, make_answer(receipt, conversation=conversation))
    save(stores, make_answer("r4", conversation="c4"), ada)
    save(stores, make_answer("r5", conversation="c5", space="other"))

    assert [listed["id"] for listed in stores.catalog.conversations(LOCAL_OWNER, "default")] == ["c1", "c2"]
    assert [listed["id"] for listed in stores.catalog.conversations(ada, "default")] == ["c4"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("QUINCE", [("c1", "")]),
        ("fault e312", [("c2", ""), ("c1", "What is fault E312?")]),
        ("e312 quince", [("c1", "What is fault E312?")]),
        ("pears", []),
    ],
)
def test_a_conversation_is_found_by_the_words_of_all_its_questions_and_only_by_whose_it_is(stores, text, found):
    for receipt, conversation, question in (
        ("r1", "c1", "Where is the quince?"),
        ("r2", "c1", "What is fault E312?"),
        ("r3", "c1", "Who mends it?"),
        ("r4", "c2", "Fault E312?"),
    ):
        save(stores, make_answer(receipt, question=question, conversation=conversation))
    save(stores, make_answer("r5", question="Fault E312, quince, pears?", conversation="c5"), Principal("ada"))

    listed = stores.catalog.find_conversations(LOCAL_OWNER, "default", text)
    assert [(each["id"], each["question"]) for each in listed] == found

    stores.catalog.delete_conversation("c1")
    listed = stores.catalog.find_conversations(LOCAL_OWNER, "default", text)
    assert "c1" not in {each["id"] for each in listed}


def test_a_conversation_of_someone_else_cannot_be_entered(stores):
    save(stores, make_answer("r1", conversation="c1"))

    with pytest.raises(AccessError):
        save(stores, make_answer("r2", conversation="c1"), Principal("ada"))

    assert len(stores.catalog.answers("c1")) == 1


def test_a_conversation_can_be_renamed_and_leave_the_list(stores):
    save(stores, make_answer("r1", conversation="c1"))

    stores.catalog.rename_conversation("c1", "Quinces")
    assert stores.catalog.conversations(LOCAL_OWNER, "default")[0]["title"] == "Quinces"

    stores.catalog.delete_conversation("c1")
    assert stores.catalog.conversations(LOCAL_OWNER, "default") == ()
    assert stores.catalog.answer("r1")["receipt"] == "r1"
    with pytest.raises(NotFound):
        stores.catalog.delete_conversation("c404")


def test_a_removed_document_leaves_no_words_in_stored_answers(stores, embed_by_hand):
    secret = published(stores, embed_by_hand(["The quince hums at night."], source="secret", title="Secret report"))
    public = published(stores, embed_by_hand(["Press the small button."], source="public", title="Manual"))
    save(stores, make_answer("r1", live=secret + public))
    before = copy.deepcopy(stores.catalog.answer("r1"))

    stores.remove(secret[0].chunk.document_id)

    after = stores.catalog.answer("r1")
    assert "quince" not in json.dumps(after).lower()
    assert "secret" not in json.dumps(after).lower()
    cited = after["statements"][0]["citations"][0]
    assert {**cited, "title": "Secret report", "quote": "The quince hums at night."} == before["statements"][0][
        "citations"
    ][0]
    assert after["statements"][1] == before["statements"][1]
    assert after["passages"][1] == {**before["passages"][1], "path": []}
    assert after["question"] == "How?"
    assert after["redactions"][0]["document"] == secret[0].chunk.document_id


def test_an_answer_loses_nothing_with_a_document_that_it_only_read(stores, embed_by_hand):
    secret = published(stores, embed_by_hand(["The quince hums at night."], source="secret"))
    public = published(stores, embed_by_hand(["Press the small button."], source="public", title="Manual"))
    answer = make_answer("r1", live=public)
    read = Hit(secret[0], 0.5, ("dense",))
    save(stores, dataclasses.replace(answer, passages=(*answer.passages, read)))

    stores.remove(secret[0].chunk.document_id)

    after = stores.catalog.answer("r1")
    assert after["answer"] == "Press the small button."
    assert "quince" not in json.dumps(after).lower()


def test_words_without_a_name_beside_them_go_with_every_document_that_was_read(stores, embed_by_hand):
    secret = published(stores, embed_by_hand(["The quince hums at night."], source="secret"))
    public = published(stores, embed_by_hand(["Press the small button."], source="public", title="Manual"))
    chunk = secret[0].chunk
    answer = dataclasses.replace(make_answer("r1", live=public), read=((chunk.document_id, chunk.version),))
    cut = [{"text": "A humming quince.", "support": 0.2, "reason": "no passage supports it"}]
    stores.catalog.save_answer(answer, LOCAL_OWNER, {**make_record(answer), "cut": cut})

    stores.remove(chunk.document_id)

    after = stores.catalog.answer("r1")
    assert "quince" not in json.dumps(after).lower()
    assert after["answer"] == "Press the small button."


def test_a_superseded_version_that_an_answer_cites_is_forgotten_too(stores, embed_by_hand):
    old = published(stores, embed_by_hand(["The quince hums at night."], source="secret"))
    save(stores, make_answer("r1", live=old))
    stores.ingest(embed_by_hand(["Nothing to see."], source="secret"))

    stores.remove(old[0].chunk.document_id)

    assert "quince" not in json.dumps(stores.catalog.answer("r1")).lower()


def test_a_document_that_is_removed_before_the_answer_is_stored_leaves_no_words_in_it(stores, embed_by_hand):
    secret = published(stores, embed_by_hand(["The quince hums at night."], source="secret", title="Secret report"))
    public = published(stores, embed_by_hand(["Press the small button."], source="public", title="Manual"))
    answer = make_answer("r1", question="The quince hums at night.", live=secret + public)
    gone = secret[0].chunk.document_id
    stores.remove(gone)

    record = {**make_record(answer), "trace": ["The quince hums at night."]}
    assert stores.catalog.save_answer(answer, LOCAL_OWNER, record) == (gone,)

    after = stores.catalog.answer("r1")
    assert "quince" not in json.dumps(after).lower()
    assert "secret" not in json.dumps(after).lower()
    assert after["statements"][1] == record["statements"][1]
    assert [note["document"] for note in after["redactions"]] == [gone]
    assert stores.catalog.check_ledger().faults == ()
    # What is removed later is noted beside it.
    stores.remove(public[0].chunk.document_id)
    assert len(stores.catalog.answer("r1")["redactions"]) == 2
    assert stores.catalog.check_ledger().faults == ()


def test_a_document_that_came_back_with_other_text_does_not_keep_the_words_of_before(stores, embed_by_hand):
    old = published(stores, embed_by_hand(["The quince hums at night."], source="secret"))
    stores.remove(old[0].chunk.document_id)
    new = published(stores, embed_by_hand(["Nothing to see."], source="secret"))
    assert new[0].chunk.document_id == old[0].chunk.document_id

    save(stores, make_answer("r1", live=old))

    assert "quince" not in json.dumps(stores.catalog.answer("r1")).lower()
    assert stores.catalog.check_ledger().faults == ()


def test_a_superseded_version_is_not_gone(stores, embed_by_hand):
    old = published(stores, embed_by_hand(["The quince hums at night."], source="manual"))
    stores.ingest(embed_by_hand(["Nothing to see."], source="manual"))
    answer = make_answer("r1", live=old)

    save(stores, answer)

    assert stores.catalog.answer("r1") == make_record(answer)


def test_a_question_that_stands_in_a_removed_document_goes_and_the_ledger_agrees(stores, embed_by_hand):
    secret = published(stores, embed_by_hand(["The quince hums at night."], source="secret"))
    save(stores, make_answer("r1", question="The quince hums at night.", conversation="c1", live=secret))

    stores.remove(secret[0].chunk.document_id)

    assert stores.catalog.answer("r1")["question"] == ""
    assert [each["title"] for each in stores.catalog.conversations(LOCAL_OWNER, "default")] == [""]
    assert stores.catalog.check_ledger().faults == ()


def test_answers_of_other_documents_are_not_touched(stores, embed_by_hand):
    secret = published(stores, embed_by_hand(["The quince hums."], source="secret"))
    public = published(stores, embed_by_hand(["Press the small button."], source="public"))
    answer = make_answer("r1", live=public)
    save(stores, answer)

    stores.remove(secret[0].chunk.document_id)

    assert stores.catalog.answer("r1") == make_record(answer)


def test_words_without_an_id_beside_them_go_when_they_stand_in_the_document():
    record = {"trace": {"notes": ["the quince hums at night", "unrelated words here"]}, "n": 3}

    redacted = redact(record, "d1", texts=["Indeed the quince hums at night."], at="2026")

    assert redacted == {
        "trace": {"notes": ["", "unrelated words here"]},
        "n": 3,
        "redactions": [{"document": "d1", "at": "2026"}],
    }


def test_a_second_redaction_keeps_the_first_note():
    once = redact({"n": 1}, "d1", texts=[], at="2026")

    assert [note["document"] for note in redact(once, "d2", texts=[], at="2027")["redactions"]] == ["d1", "d2"]


def test_sources_are_found_wherever_they_stand():
    record = {"a": [{"document": "d1"}, {"chunk": "d2@v:0-5"}], "b": {"c": {"document_id": "d3"}}, "d": "d4"}

    assert sources(record) == {"d1", "d2", "d3"}


def test_an_answer_that_comes_late_does_not_bring_a_deleted_conversation_back(stores):
    save(stores, make_answer("r1", conversation="c1"))
    stores.catalog.delete_conversation("c1")
    save(stores, make_answer("r2", conversation="c1"))
    assert stores.catalog.conversations(LOCAL_OWNER, "default") == ()
    assert stores.catalog.answer("r2")["receipt"] == "r2"


def test_a_question_that_is_asked_after_the_deletion_opens_the_conversation_again(stores):
    save(stores, make_answer("r1", conversation="c1"))
    stores.catalog.delete_conversation("c1")
    save(stores, dataclasses.replace(make_answer("r3", conversation="c1"), asked_at="2999-01-01T00:00:00.000+00:00"))
    (listed,) = stores.catalog.conversations(LOCAL_OWNER, "default")
    assert (listed["id"], listed["n_answers"]) == ("c1", 2)
