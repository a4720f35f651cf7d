"""The Ask view over the real pipeline."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest
from streamlit.testing.v1 import AppTest

from app.askings import Askings
from app.state import OpenSource, Sought, new_conversation
from rag.errors import InputError
from tests.app.conftest import WAIT_S

LAMP = "# Gorse lamp\n\nThe Gorse lamp draws 4 watts. It is dimmed with the small wheel.\n"

QUESTION = "How long is the Larkspur kettle guaranteed?"


def test_an_empty_conversation_offers_questions_from_the_documents(screen):
    screen.service.sample_questions()
    screen.service.samples.wait(WAIT_S)
    content = screen.run().content("thread")
    assert content["turns"] == []
    assert content["documents"] == 2
    assert any("Larkspur kettle" in sample for sample in content["samples"])


def test_a_question_is_answered_with_a_citation_that_stands_in_the_document(screen):
    turn = screen.ask(QUESTION)
    assert turn["state"] == "done"
    assert turn["question"] == QUESTION
    citation = turn["statements"][0]["citations"][0]
    text = screen.service.text(citation["document"], citation["version"]).text
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert "30 months" in citation["quote"]


def test_an_open_citation_shows_the_sentence_in_its_surroundings(screen):
    turn = screen.ask(QUESTION)
    screen.state.source = OpenSource(turn["id"], "citation", 1)
    source = screen.run().content("source")
    cells = [cell for entry in source["blocks"] for cell in entry["cells"]]
    marked = "".join(text for cell in cells for text, on in cell if on)
    assert marked == turn["statements"][0]["citations"][0]["quote"]
    assert source["headings"] == ["Larkspur kettle", "Guarantee"]
    assert source["why"]["rank"] >= 1
    assert any("citric acid" in text for cell in cells for text, _ in cell)


def test_a_refusal_names_its_reason_and_the_nearest_passages(screen):
    turn = screen.ask("Who composed the opera Tosca?")
    assert turn["outcome"] == "refused"
    assert turn["reason"] in {"no_evidence", "weak_evidence"}
    assert turn["message"]
    assert turn["statements"] == []


def test_a_nearest_passage_opens_as_a_source(screen):
    turn = screen.ask(QUESTION)
    assert turn["passages"]
    screen.state.source = OpenSource(turn["id"], "passage", 1)
    source = screen.run().content("source")
    assert source["kind"] == "passage"
    assert source["numbers"] == list(range(1, len(turn["passages"]) + 1))


def test_a_source_that_is_gone_says_so(screen):
    turn = screen.ask(QUESTION)
    screen.state.source = OpenSource(turn["id"], "citation", 99)
    assert "no source 99" in screen.run().content("source")["message"]


def test_conversations_are_listed_by_their_first_question_and_reopened(screen, service):
    screen.ask("When is a parcel returned?")
    conversation = screen.state.conversation
    entries = screen.content("conversations")["entries"]
    assert {"id": conversation, "title": "When is a parcel returned?", "question": ""} in entries

    again = type(screen)(service)
    again.page.query_params["conversation"] = conversation
    again.run()
    assert [turn["question"] for turn in again.content("thread")["turns"]] == ["When is a parcel returned?"]


def test_a_follow_up_rests_on_what_the_answer_before_cited(screen, service):
    screen.ask("How long is the Larkspur kettle guaranteed?")
    screen.ask("and since when is that?")
    first, then = service.records(screen.state.conversation)
    assert then["history"] == [first["question"]]
    cited = {citation["chunk"] for statement in first["statements"] for citation in statement["citations"]}
    assert {ground["of"] for ground in then["grounds"]} == cited != set()


def test_a_question_that_is_asked_alone_takes_nothing_over(screen, service):
    screen.ask("How long is the Larkspur kettle guaranteed?")
    conversation = screen.state.conversation
    for alone in (False, True):
        asking = service.ask(conversation, "and since when?", alone=alone)
        assert asking.finished.wait(WAIT_S)
    *_, leaning, alone = service.records(conversation)
    assert leaning["history"] == ["How long is the Larkspur kettle guaranteed?"]
    assert (alone["history"], alone["grounds"], alone["query"]["text"]) == ([], [], "and since when?")


def test_a_conversation_is_renamed_and_deleted(screen):
    screen.ask("When is a parcel returned?")
    conversation = screen.state.conversation
    screen.service.rename_conversation(conversation, "  Parcels\n ")
    assert {"id": conversation, "title": "Parcels", "question": ""} in screen.run().content("conversations")["entries"]
    screen.service.delete_conversation(conversation)
    assert conversation not in {entry["id"] for entry in screen.run().content("conversations")["entries"]}


def test_conversations_are_found_by_words_and_listed_step_by_step(screen):
    for question in ("When is a parcel returned?", "and with which form?"):
        screen.ask(question)
    conversation = screen.state.conversation
    screen.state.threads = Sought("FORM parcel")
    shown = screen.run().content("conversations")
    assert {"id": conversation, "title": "When is a parcel returned?", "question": "and with which form?"} in shown[
        "entries"
    ]
    screen.state.threads = Sought("xylophone")
    assert screen.run().content("conversations")["n"] == 0
    screen.state.threads = Sought(limit=0)
    shown = screen.run().content("conversations")
    assert shown["entries"] == []
    assert shown["n"] > 0


def test_an_unknown_conversation_in_the_address_is_an_empty_one(service, screen):
    other = type(screen)(service)
    other.page.query_params["conversation"] = "no-such"
    assert other.run().content("thread")["turns"] == []


def test_the_conversation_of_the_address_is_shown_and_none_that_was_deleted(service, screen):
    screen.ask("When is a parcel returned?")
    deleted = screen.state.conversation
    service.delete_conversation(deleted)
    for wanted, kept in ((new_conversation(), True), (deleted, False)):
        screen.page.query_params["conversation"] = wanted
        screen.run()
        assert (screen.state.conversation == wanted) is kept
        assert screen.page.query_params["conversation"] == screen.state.conversation
        assert screen.content("thread")["conversation"] == screen.state.conversation
        assert screen.content("thread")["turns"] == []


def test_an_empty_question_asks_nothing(screen):
    screen.page.chat_input[0].set_value("   \n ")
    assert screen.run().content("thread")["turns"] == []


def test_a_question_that_is_too_long_says_so_and_goes_back_into_its_field(screen):
    most = screen.service.settings.answer.max_question_characters
    screen.page.chat_input[0].set_value("a" * (most + 1))
    assert "4,001 characters; at most 4,000" in screen.run().content("notice")["message"]
    assert screen.content("thread")["turns"] == []
    # The field itself would drop what is longer than its own limit.
    field = screen.page.chat_input[0].proto
    assert (field.value, field.max_chars) == ("a" * (most + 1), 0)
    assert screen.run().contents("notice")
    screen.ask(QUESTION)
    assert screen.run().contents("notice") == []


EARLIER = "When is a parcel returned?"


@contextmanager
def storing_nothing(service):
    """Nobody else can store an answer meanwhile, so that a question goes on running."""
    with service.workspace().catalog._database._writing:
        yield


def shown(screen):
    return [(turn["question"], turn["state"]) for turn in screen.run().content("thread")["turns"]]


def test_a_question_is_asked_behind_one_that_runs(screen):
    with storing_nothing(screen.service):
        screen.page.chat_input[0].set_value(EARLIER)
        screen.run().page.chat_input[0].set_value(QUESTION)
        assert shown(screen) == [(EARLIER, "running"), (QUESTION, "waiting")]
    screen.wait()
    assert shown(screen) == [(EARLIER, "done"), (QUESTION, "done")]


def test_a_waiting_question_is_seen_after_a_reload_and_asked_with_no_page_open(screen, service):
    conversation = screen.state.conversation
    with storing_nothing(service):
        for text in (EARLIER, QUESTION):
            service.ask(conversation, text)
        again = type(screen)(service)
        again.page.query_params["conversation"] = conversation
        assert shown(again) == [(EARLIER, "running"), (QUESTION, "waiting")]
    again.wait()
    first, then = service.records(conversation)
    assert (first["question"], then["question"], then["history"]) == (EARLIER, QUESTION, [EARLIER])


def test_a_question_that_fails_stays_on_the_screen_before_the_one_that_waited_for_it(screen, service):
    with storing_nothing(service):
        for text in (EARLIER, "\x01\x02", QUESTION):
            service.ask(screen.state.conversation, text)
    screen.wait()
    assert shown(screen) == [(EARLIER, "done"), ("\x01\x02", "failed"), (QUESTION, "done")]


def test_what_waits_in_a_deleted_conversation_is_not_asked(screen, service):
    screen.ask(EARLIER)
    conversation = screen.state.conversation
    with storing_nothing(service):
        running, waiting = (service.ask(conversation, text) for text in (QUESTION, "What is RT-7?"))
        service.delete_conversation(conversation)
    assert running.finished.wait(60)
    assert waiting.state == "waiting"
    assert service.askings(conversation) == ()


def test_a_question_in_a_conversation_that_was_deleted_in_another_tab_is_listed(screen, service):
    screen.ask(EARLIER)
    conversation = screen.state.conversation
    service.delete_conversation(conversation)
    assert conversation not in {entry["id"] for entry in screen.run().content("conversations")["entries"]}
    screen.ask(QUESTION)
    assert conversation in {entry["id"] for entry in screen.content("conversations")["entries"]}


def test_a_question_that_ends_while_the_page_is_drawn_is_not_shown_as_running(screen, service, monkeypatch):
    go = threading.Event()

    def work(_conversation, _asking, _report):
        assert go.wait(WAIT_S)
        raise InputError("It cannot be read.", hint="Ask otherwise.")

    def records(conversation):
        """Ask as if in another tab before the turns are drawn, and let it end while they are."""
        if not service.askings(conversation):
            service.ask(conversation, QUESTION)
        else:
            go.set()
            screen.wait()
        return ()

    monkeypatch.setattr(service, "_askings", Askings(work))
    monkeypatch.setattr(service, "records", records)
    assert shown(screen) == [(QUESTION, "failed")]


def test_an_unusable_question_shows_message_and_hint(screen):
    turn = screen.ask("\x01\x02")
    assert turn["state"] == "failed"
    assert turn["failure"]["message"]
    assert turn["failure"]["hint"]


def test_a_message_stays_until_the_person_does_something(screen):
    screen.state.notice = ("That title is empty.", "Type a letter.")
    for _ in range(2):
        assert screen.run().content("notice")["message"] == "That title is empty."
    screen.ask(QUESTION)
    assert screen.contents("notice") == []
    screen.state.notice = ("That title is empty.", "Type a letter.")
    screen.state.destination = "library"
    assert screen.run().contents("notice") == []


def test_an_act_puts_the_message_before_it_away_and_says_what_it_cannot_do():
    def page():
        from app.state import session
        from app.views import frame
        from rag.errors import NotFound

        @frame.acts
        def take(act):
            if act["do"] == "fail":
                raise NotFound("It is gone.", hint="Look elsewhere.")

        session().notice = ("Said before.", "")
        take({"do": "nothing"})
        assert session().notice is None
        take({"do": "fail"})
        assert session().notice == ("It is gone.", "Look elsewhere.")

    assert not AppTest.from_function(page, default_timeout=60).run().exception


@pytest.fixture
def lamp(service, read_in):
    """A document that a test may change and remove; return a call that reads it in."""
    yield lambda text: read_in(service, {"lamp.md": text.encode()})
    for info in service.documents():
        if info.name == "lamp.md":
            service.remove(info.id)


def test_an_answer_whose_document_changed_or_went_says_so(screen, lamp):
    lamp(LAMP)
    assert screen.ask("How many watts does the Gorse lamp draw?")["stale"] == []
    lamp(LAMP + "\nIt is made of oak.\n")
    (change,) = screen.run().content("thread")["turns"][-1]["stale"]
    assert change == {"text": "“Gorse lamp” has changed since; what is quoted still stands in it.", "stands": True}
    lamp(LAMP.replace("4 watts", "6 watts"))
    (change,) = screen.run().content("thread")["turns"][-1]["stale"]
    assert change == {"text": "“Gorse lamp” has changed since; what is quoted no longer stands in it.", "stands": False}
    screen.service.remove(next(info.id for info in screen.service.documents() if info.name == "lamp.md"))
    turn = screen.run().content("thread")["turns"][-1]
    assert turn["removed"]
    screen.state.source = OpenSource(turn["id"], "citation", 1)
    panel = screen.run().content("source")
    assert panel["message"] == "Its document has been removed since, and its words went with it."
    assert [change["text"] for change in turn["stale"]] == ["A cited document has been removed since."]


PARTS = (
    "# Fern mixer parts\n\n| Part | Team | Price |\n| --- | --- | --- |\n| Whisk | Rowan | 4 euros |\n"
    "| Bowl | Alder | 19 euros |\n\n## Teams\n\n| Team | Lead |\n| --- | --- |\n| Rowan | Ada Thorne |\n"
    "| Alder | Cy Marsh |\n"
)


def test_rows_of_tables_stand_under_their_columns_with_the_answer_marked(screen, read_in):
    read_in(screen.service, {"fern.md": PARTS.encode()})
    turn = screen.ask("Who leads the team for the Whisk of the Fern mixer?")
    row, way = turn["statements"]
    assert (row["columns"], way["columns"]) == (["Team", "Lead"], ["Part", "Team", "Price"])
    assert row["cells"] == [[["Rowan", False]], [["Ada Thorne", True]]]
    assert [cell for cells in way["cells"] for cell in cells] == [
        ["Whisk", False],
        ["Rowan", False],
        ["4 euros", False],
    ]
    screen.service.remove(next(info.id for info in screen.service.documents() if info.name == "fern.md"))
    assert screen.run().content("thread")["turns"][-1]["statements"] == []
