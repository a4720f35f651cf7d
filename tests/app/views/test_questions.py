"""Judging answers, and the Questions view, over the real pipeline."""

from __future__ import annotations

import io
import zipfile

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from app.routes import routes
from app.state import new_conversation
from app.views import frame
from tests.app.conftest import WAIT_S

QUESTION = "How long is the Larkspur kettle guaranteed?"
NOBODY = "Who composed the opera Tosca?"


@pytest.fixture(scope="module")
def conversation(service):
    """A conversation of an answer and a refusal."""
    name = new_conversation()
    for text in (QUESTION, NOBODY):
        assert service.ask(name, text).finished.wait(WAIT_S)
    return name


@pytest.fixture
def turns(screen, conversation):
    """The turns of that conversation on the screen, of which nothing is said yet."""
    screen.state.conversation = conversation
    shown = screen.run().content("thread")["turns"]
    for turn in shown:
        screen.service.judge(turn["id"], "withdrawn", question="")
    return shown


@pytest.fixture
def questions(screen, turns):
    """The Questions view with one right answer and one refusal that should have been none."""
    judge(screen, said(turns[0], "right"))
    judge(screen, said(turns[1], "wrong"))
    screen.state.destination = "questions"
    return screen.run()


def said(turn, verdict, *, answerable=None, expected="", passage=0, **more):
    """What the widget sends."""
    act = {"do": "judge", "receipt": turn["id"], "verdict": verdict, "answerable": answerable}
    return {**act, "expected": expected, "passage": passage, **more}


def judge(screen, act):
    frame.judge(screen.state, act)
    return screen.run()


def judgement(screen):
    return screen.content("thread")["turns"][0]["judgement"]


def entry(screen, receipt):
    return next(each for each in screen.content("questions")["entries"] if each["receipt"] == receipt)


def test_nothing_is_said_of_a_new_answer(screen, turns):
    assert len(turns) == 2
    assert judgement(screen) is None


def test_a_judgement_is_kept_changed_and_taken_back(screen, turns):
    turn = turns[0]
    judge(screen, said(turn, "right"))
    assert judgement(screen) == {"verdict": "right", "answerable": True, "expected": "", "passage": 0}
    judge(screen, said(turn, "wrong", answerable=True, expected="24 months", passage=2))
    assert judgement(screen) == {"verdict": "wrong", "answerable": True, "expected": "24 months", "passage": 2}
    judge(screen, said(turn, "withdrawn"))
    assert judgement(screen) is None


@pytest.mark.parametrize("wrong", [{"passage": 99}, {"passage": -1}, {"receipt": "no-such"}, {"answerable": False}])
def test_what_cannot_be_stored_is_said(screen, turns, wrong):
    frame.judge(screen.state, said(turns[0], "right") | wrong)
    message, hint = screen.state.notice
    assert message
    assert hint
    assert judgement(screen.run()) is None


def test_a_malformed_act_does_nothing(screen, turns):
    judge(screen, said(turns[0], "excellent"))
    assert screen.state.notice is None
    assert judgement(screen) is None


def test_judged_answers_are_listed_with_what_they_lack(questions, turns):
    right, refused = (entry(questions, turn["id"]) for turn in turns)
    assert (right["question"], right["verdict"], right["lack"], right["found"]) == (QUESTION, "right", None, True)
    assert "30 months" in right["right"]
    assert (refused["refused"], refused["verdict"], refused["lack"]) == (True, "wrong", "what_is_right")


def test_the_items_of_a_list_are_told_apart(screen, read_in):
    hire = b"# Tool hire\n\n## What you need to hire a tool\n\n- Passport\n- Driving licence\n- Proof of address\n"
    read_in(screen.service, {"hire.md": hire})
    turn = screen.run().ask("What do I need to hire a tool?")
    judge(screen, said(turn, "right"))
    screen.state.destination, screen.state.judged = "questions", turn["id"]
    items = "Passport; Driving licence; Proof of address"
    assert entry(screen.run(), turn["id"])["right"] == items
    assert screen.content("questions")["open"]["answer"] == items
    judge(screen, said(turn, "withdrawn"))
    for info in screen.service.documents():
        if info.name == "hire.md":
            screen.service.remove(info.id)


def test_an_open_label_shows_the_answer_and_its_passages(questions, turns):
    questions.state.judged = turns[0]["id"]
    opened = questions.run().content("questions")["open"]
    assert "30 months" in opened["answer"]
    assert opened["passages"][0]["title"]
    assert opened["label"]["question"] == QUESTION
    assert (opened["own"], opened["written"]) == (True, False)


def test_a_question_that_was_written_anew_is_known_as_such(questions, turns):
    # In the words that were asked too: they may stand against a completion that was wrong.
    judge(questions, said(turns[0], "right", question=QUESTION))
    questions.state.judged = turns[0]["id"]
    assert questions.run().content("questions")["open"]["written"] is True


def test_a_label_is_edited_and_keeps_its_question_when_judged_again(questions, turns):
    act = said(turns[1], "wrong", answerable=True, expected="Puccini", question="Who wrote Tosca?")
    judge(questions, act)
    changed = entry(questions, turns[1]["id"])
    assert (changed["question"], changed["right"], changed["lack"]) == ("Who wrote Tosca?", "Puccini", None)
    judge(questions, said(turns[1], "right"))
    assert entry(questions, turns[1]["id"])["question"] == "Who wrote Tosca?"


def test_a_withdrawn_label_closes(questions, turns):
    questions.state.judged = turns[0]["id"]
    judge(questions, said(turns[0], "withdrawn"))
    assert questions.content("questions")["open"] is None
    assert questions.state.judged is None


def test_a_label_that_cannot_be_stored_stays_open(service):
    def page():
        from app.state import session
        from app.views import questions

        act = {"do": "judge", "verdict": "right", "answerable": None, "expected": "", "passage": 0}
        session().judged = "a1"
        questions._act(act | {"receipt": "no-such"})
        assert session().notice is not None
        assert session().judged == "a1"

    assert service
    assert not AppTest.from_function(page, default_timeout=60).run().exception


@pytest.mark.usefixtures("questions")
def test_the_set_is_downloaded_as_a_zip(turns):
    found = TestClient(Starlette(routes=routes())).get("/questions.zip")
    assert found.headers["content-disposition"] == 'attachment; filename="footnote-questions.zip"'
    with zipfile.ZipFile(io.BytesIO(found.content)) as archive:
        assert archive.testzip() is None
        assert turns[0]["id"] in archive.read("footnote-questions/qrels/test.tsv").decode()
        assert "footnote-questions/documents/kettle.md" in archive.namelist()


def test_without_a_set_the_download_says_why(service, monkeypatch):
    monkeypatch.setattr(service.workspace().feedback, "judged", lambda _: ())
    found = TestClient(Starlette(routes=routes())).get("/questions.zip")
    assert found.status_code == 422
    assert "nothing to measure" in found.json()["message"]
