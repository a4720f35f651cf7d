"""A conversation over real stores: names out of answers come along while their document is live, and go with it."""

import json

import pytest

from rag.ask.conversation.earlier import grounds
from rag.ask.flow import ask, find_evidence
from rag.ingest.find import find_files
from rag.ingest.flow import ingest, remove
from rag.receipts.replay import replay
from rag.settings import load_settings
from rag.types import Ground, Question
from rag.wiring import open_workspace

DOCUMENTS = {
    "desk.md": "# Returns desk\n\nThe returns desk is led by Mara Lindqvist since 2021.\n",
    "phones.md": "# Telephone list\n\nMara Lindqvist: +358 40 555 0101.\n\nTuomas Laine: +358 40 555 0102.\n",
    "kettle.md": "# Bracken kettle\n\nDescaling the kettle takes 20 minutes. The kettle is guaranteed for two years.\n",
    "toaster.md": "# Bracken toaster\n\nCleaning the toaster takes 5 minutes. It is guaranteed for one year.\n",
}
WHO, NUMBER = "Who leads the returns desk?", "What is her telephone number?"


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    settings = load_settings(home=tmp_path_factory.mktemp("home"), env={"FOOTNOTE_MODELS__RUNTIME": "torch-float32"})
    with open_workspace(settings) as workspace:
        yield workspace


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("documents")
    for name, text in DOCUMENTS.items():
        (made / name).write_text(text, encoding="utf-8")
    return made


@pytest.fixture
def workspace(opened, folder):
    """The workspace with all documents; those that the test before removed are read again."""
    ingest(find_files([folder]), opened)
    return opened


def document(workspace, title):
    return next(info.id for info in workspace.catalog.documents("default") if info.title == title)


def asked(workspace, text, *earlier):
    """Ask a question after others, and return the stored record."""
    question = Question(text, history=tuple(str(each["question"]) for each in earlier), grounds=grounds(earlier))
    return workspace.catalog.answer(ask(question, workspace).receipt)


def test_her_number_is_looked_up_by_the_name_that_the_answer_gave(workspace):
    first = asked(workspace, WHO)
    then = asked(workspace, NUMBER, first)
    assert then["query"]["text"].startswith(f"{NUMBER} (Mara Lindqvist")
    assert "0101" in then["answer"]
    (name,) = then["query"]["carried"]
    stored = workspace.catalog.text(name["document"], first["statements"][0]["citations"][0]["version"]).text
    assert stored[name["start"] : name["end"]] == name["text"] == "Mara Lindqvist"
    # The person is still meant one question later, though that answer named nobody else.
    assert asked(workspace, "And since when is she there?", first, then)["query"]["carried"]


def test_of_a_document_that_is_gone_no_name_comes_back(workspace):
    first = asked(workspace, WHO)
    remove(document(workspace, "Returns desk"), workspace)
    # Its grounds as they were before the removal: a conversation that was open meanwhile.
    then = asked(workspace, NUMBER, first)
    assert "Lindqvist" not in json.dumps(then["query"])
    assert then["query"]["carried"] == []
    assert asked(workspace, NUMBER, workspace.catalog.answer(first["receipt"]))["query"]["carried"] == []


def test_a_later_receipt_loses_the_name_with_the_document_that_it_came_from(workspace):
    first = asked(workspace, WHO)
    then = asked(workspace, NUMBER, first)
    remove(document(workspace, "Telephone list"), workspace)
    remove(document(workspace, "Returns desk"), workspace)
    kept = workspace.catalog.answer(then["receipt"])
    assert "Lindqvist" not in json.dumps(kept)
    assert kept["query"]["text"] == kept["question"] == NUMBER
    assert not workspace.catalog.check_ledger().faults


def test_a_replay_rests_on_what_the_question_rested_on(workspace):
    first = asked(workspace, WHO)
    then = asked(workspace, NUMBER, first)
    replayed = replay(then["receipt"], workspace)
    assert replayed.same, replayed.differences
    again = replayed.record
    assert again["query"]["text"] == then["query"]["text"]
    assert again["grounds"] == then["grounds"] != []


def test_a_short_question_stays_with_the_document_of_the_conversation(workspace):
    question = Question("how long does that take?", history=("How do I descale the Bracken kettle?",))
    evidence, _ = find_evidence(question, workspace)
    assert evidence.hits[0].passage.title == "Bracken kettle"
    seats = {hit.passage.title: hit.features.get("seat") for hit in evidence.hits}
    assert seats["Bracken kettle"] == 1.0
    assert sorted(seat for seat in seats.values() if seat) == [1.0, 2.0]


@pytest.mark.parametrize("title", ["Bracken kettle", "Bracken toaster"])
def test_what_an_answer_said_counts_like_what_was_asked(workspace, title):
    (chunk,) = workspace.catalog.document_chunks(document(workspace, title), workspace.index)
    answered = (Ground(chunk.id, chunk.start, chunk.start + len(chunk.text)),)
    question = Question("for how many years is that guaranteed?", history=("Is it worth it?",), grounds=answered)
    evidence, _ = find_evidence(question, workspace)
    assert evidence.hits[0].passage.title == title
    assert evidence.hits[0].features["before"] == 1.0
    remove(document(workspace, title), workspace)
    without, _ = find_evidence(question, workspace)
    assert title not in {hit.passage.title for hit in without.hits}


def test_a_new_topic_is_looked_up_as_if_nothing_had_been_asked_before(workspace):
    text = "How long is the Bracken toaster guaranteed, says Tuomas Laine?"
    alone, _ = find_evidence(Question(text), workspace)
    after, _ = find_evidence(Question(text, history=("How do I descale the Bracken kettle?", "how long?")), workspace)
    assert after.query.text == text
    assert [hit.features for hit in after.hits] == [hit.features for hit in alone.hits]


def test_questions_before_that_hold_no_word_change_nothing(workspace):
    alone, _ = find_evidence(Question(WHO), workspace)
    after, _ = find_evidence(Question(WHO, history=("?!",)), workspace)
    assert [hit.passage.chunk.id for hit in after.hits] == [hit.passage.chunk.id for hit in alone.hits]


def test_what_is_asked_of_another_thing_is_looked_up_afresh(workspace):
    question = Question("And the Bracken toaster?", history=("How long is the Bracken kettle guaranteed?",))
    evidence, _ = find_evidence(question, workspace)
    assert evidence.query.text == "How long is the Bracken toaster guaranteed?"
    assert not any("before" in hit.features for hit in evidence.hits)
