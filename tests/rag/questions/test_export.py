"""Judged answers as a labelled set that the harness reads."""

from __future__ import annotations

import json
import time
import zipfile
from dataclasses import replace

import pytest

from rag.ask.answer import record
from rag.errors import AccessError, InputError
from rag.evaluation.dataset import read_dataset
from rag.questions.export import names, question_set, write_set, zipped_set
from rag.questions.feedback import judge, shown_passages
from rag.questions.labels import LabelledQuestion, label
from tests.rag.questions.conftest import ADA, BEN, EVE, KETTLE, TOASTER, answer_of


def only_label(parts):
    (answer,) = parts.feedback.judged("default")
    return label(answer, {info.id for info in parts.catalog.documents("default")})


def test_a_right_answer_is_labelled_with_its_words_and_the_documents_it_cites(parts):
    judge("right", "right", parts, principal=ADA)
    assert only_label(parts) == LabelledQuestion(
        "right", "How long is it guaranteed?", (KETTLE,), answerable=True, documents=(parts.documents["kettle"].id,)
    )


def test_a_right_refusal_is_an_unanswerable_question(parts):
    judge("none", "right", parts, principal=ADA)
    made = only_label(parts)
    assert (made.answerable, made.answers, made.documents) == (False, (), ())


def test_a_wrong_one_takes_what_the_person_said(parts):
    passage = shown_passages(parts.catalog.answer("none"))[1]
    judge("none", "wrong", parts, expected="every 4 weeks", passage=passage, question="How often?", principal=ADA)
    assert only_label(parts) == LabelledQuestion(
        "none", "How often?", ("every 4 weeks",), answerable=True, documents=(parts.documents["toaster"].id,)
    )


def test_only_wrong_lacks_what_is_right(parts):
    judge("right", "wrong", parts, principal=ADA)
    assert only_label(parts) == "what_is_right"


def test_a_label_whose_document_was_removed_is_gone(parts, stores):
    judge("right", "right", parts, principal=ADA)
    stores.remove(parts.documents["kettle"].id)
    assert only_label(parts) == "gone"


def test_the_question_of_a_conversation_is_the_one_that_stands_alone(parts, stores):
    answer = answer_of("later", (), question="And of the toaster?", history=["How long is it guaranteed?"])
    written = {**record(answer), "query": {"text": "How long is the toaster guaranteed?"}}
    stores.catalog.save_answer(answer, ADA, written)
    judge("later", "right", parts, principal=ADA)
    assert only_label(parts).text == "How long is the toaster guaranteed?"


def test_a_written_set_is_one_that_the_harness_reads(parts, tmp_path):
    judge("right", "right", parts, principal=ADA)
    judge("none", "right", parts, principal=ADA)
    write_set(question_set("default", parts, principal=BEN), tmp_path / "own", parts.originals)
    read = read_dataset(tmp_path / "own")
    assert sorted(read.files) == ["kettle.md", "toaster.md"]
    assert {query.id: dict(query.relevant) for query in read.queries} == {"none": {}, "right": {"kettle.md": 1}}
    assert {query.id: query.metadata["answerable"] for query in read.queries} == {"none": False, "right": True}
    assert (tmp_path / "own" / "documents" / "toaster.md").read_text(encoding="utf-8") == TOASTER


def test_a_zip_holds_the_same_in_one_folder(parts):
    judge("right", "right", parts, principal=ADA)
    made = question_set("default", parts, principal=BEN)
    with zipped_set(made, parts.originals, name="own") as file, zipfile.ZipFile(file) as archive:
        assert sorted(archive.namelist()) == [
            "own/documents/kettle.md",
            "own/documents/toaster.md",
            "own/qrels/test.tsv",
            "own/queries.jsonl",
        ]
        assert json.loads(archive.read("own/queries.jsonl"))["metadata"] == {"answers": [KETTLE], "answerable": True}


def test_what_is_left_out_is_named_with_what_it_lacks(parts):
    judge("right", "right", parts, principal=ADA)
    judge("none", "wrong", parts, principal=ADA)
    made = question_set("default", parts, principal=BEN)
    assert [(left.question, left.lack) for left in made.left_out] == [("Who painted it?", "what_is_right")]


def test_a_question_asked_twice_counts_once_with_its_newest_label(parts, stores):
    again = answer_of("again", (), question=" how long is it  GUARANTEED?")
    stores.catalog.save_answer(again, ADA, record(again))
    judge("again", "right", parts, principal=ADA)
    judge("right", "right", parts, principal=ADA)
    made = question_set("default", parts, principal=BEN)
    assert [question.receipt for question in made.questions] == ["right"]
    assert [left.lack for left in made.left_out] == ["repeated"]


def test_an_incomplete_label_hides_no_older_one(parts, stores):
    judge("right", "right", parts, principal=ADA)
    again = answer_of("again", (), question="How long is it guaranteed?")
    stores.catalog.save_answer(again, ADA, record(again))
    judge("again", "wrong", parts, principal=ADA)
    made = question_set("default", parts, principal=BEN)
    assert [question.receipt for question in made.questions] == ["right"]


def test_without_any_document_there_is_nothing_to_measure(parts):
    judge("none", "right", parts, principal=ADA)
    with pytest.raises(InputError, match="nothing to measure"):
        question_set("default", parts, principal=BEN)


def test_only_who_may_change_the_space_exports(parts):
    judge("right", "right", parts, principal=ADA)
    for principal in (ADA, EVE):
        with pytest.raises(AccessError):
            question_set("default", parts, principal=principal)


def test_a_folder_with_something_in_it_is_left_alone(parts, tmp_path):
    judge("right", "right", parts, principal=ADA)
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="not empty"):
        write_set(question_set("default", parts, principal=BEN), tmp_path, parts.originals)
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == ["mine.txt"]


def test_names_are_unique_safe_and_inside_their_mail(parts):
    first = parts.catalog.documents("default")[0]
    given = [
        replace(first, id="d1", source="/a/Guide.md", name="Guide.md"),
        replace(first, id="d2", source="/b/guide.md", name="guide.md"),
        replace(first, id="d3", source="/m.eml", name="m.eml"),
        replace(first, id="d4", source="/m.eml!/list.csv", name="list.csv"),
        replace(first, id="d5", source="/z.zip!/x.md", name="x.md"),
        replace(first, id="d6", source="/c", name="../.pass\twd"),
        replace(first, id="d7", source="/d", name=""),
        replace(first, id="d8", source="/e", name="\u3000料金\u00a0"),
        replace(first, id="d9", source="/f", name=f"{'保証期間' * 40}.html"),
        replace(first, id="d10", source="/g", name=f"{'x' * 190}\u3000{'y' * 30}\u3000.{'z' * 30}"),
    ]
    assert names(given) == {
        "d1": "Guide.md",
        "d2": "d2/guide.md",
        "d3": "m.eml",
        "d4": "m.eml!/list.csv",
        "d5": "x.md",
        "d6": "pass_wd",
        "d7": "document",
        "d8": "料金",
        # 195 bytes of three a character, and five of the suffix.
        "d9": f"{'保証期間' * 16}保.html",
        "d10": f"{'x' * 190}\u3000{'y' * 7}",
    }


def test_many_documents_are_named_in_a_moment(parts):
    first = parts.catalog.documents("default")[0]
    many = [replace(first, id=f"d{n}", source=f"/{n}/a.md", name=f"a{n}.md") for n in range(20_000)]
    began = time.thread_time()
    assert len(names(many)) == 20_000
    assert time.thread_time() - began < 5
