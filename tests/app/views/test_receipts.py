"""The Receipts view: the list, one receipt, asking again, and the check of the ledger, over the real pipeline."""

from __future__ import annotations

import threading

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.routes import routes
from app.runs import Runs
from app.state import STEP, OpenSource, Sought, new_conversation
from app.views import receipts as view
from tests.app.conftest import KETTLE, WAIT_S

QUESTION = "How long is the Larkspur kettle guaranteed?"
NOBODY = "Who composed the opera Tosca?"


@pytest.fixture(scope="module")
def asked(service):
    """The records of an answer and of a refusal."""
    name = new_conversation()
    for text in (QUESTION, NOBODY):
        assert service.ask(name, text).finished.wait(WAIT_S)
    return service.records(name)


@pytest.fixture
def receipts(screen, asked):  # noqa: ARG001 - what is listed
    """The view, in a fresh session."""
    screen.state.destination = "receipts"
    return screen.run()


def entries(receipts):
    return receipts.content("receipts")["entries"]


def opened(receipts, record):
    """What the page of a receipt shows."""
    receipts.page.query_params[view.PARAMETER] = record["receipt"]
    return receipts.run().content("receipt")


def test_what_was_asked_is_listed_newest_first_in_words(receipts, asked):
    answer, refusal = asked
    first, second = entries(receipts)[:2]
    assert [first["receipt"], second["receipt"]] == [refusal["receipt"], answer["receipt"]]
    assert (first["outcome"], first["level"], bool(first["why"])) == ("refused", None, True)
    assert (second["outcome"], second["why"], second["question"]) == ("answered", "", QUESTION)
    assert second["level"] == answer["confidence"]["level"]
    assert (second["who"], second["stale"], second["judged"]) == ("you", [], "")


def test_it_is_narrowed_by_words_id_outcome_and_by_what_has_changed(receipts, asked):
    answer, refusal = asked

    def found(**sought):
        receipts.state.sought = Sought.of(
            sought.get("text", ""), sought.get("outcome", ""), stale=sought.get("stale", False)
        )
        return [entry["receipt"] for entry in entries(receipts.run())]

    # Other tests of this process ask too.
    about_tosca = found(text="tosca")
    assert refusal["receipt"] in about_tosca
    assert answer["receipt"] not in about_tosca
    assert found(text=str(answer["receipt"])) == [answer["receipt"]]
    assert answer["receipt"] not in found(outcome="refused")
    assert answer["receipt"] not in found(stale=True)
    assert found(text="a00000000000000") == []
    assert len(found(outcome="no such")) >= 2


def test_more_is_shown_step_by_step(receipts):
    receipts.state.sought = Sought(limit=1)
    shown = receipts.run().content("receipts")
    assert (len(shown["entries"]), shown["more"]) == (1, True)
    receipts.state.sought = receipts.state.sought.further(1)
    assert len(receipts.run().content("receipts")["entries"]) == 2
    receipts.state.sought = receipts.state.sought.further(20 * STEP)
    shown = receipts.run().content("receipts")
    assert not shown["more"]


def test_what_people_said_and_a_changed_source_stand_in_the_list(receipts, asked, service, read_in):
    name = str(asked[0]["receipt"])
    service.judge(name, "wrong")
    read_in(service, {"kettle.md": KETTLE.replace("30 months", "60 months").encode()})
    try:
        listed = next(entry for entry in entries(receipts.run()) if entry["receipt"] == name)
        assert listed["judged"] == "wrong"
        assert [change["stands"] for change in listed["stale"]] == [False]
        assert opened(receipts, asked[0])["late"]
    finally:
        read_in(service, {"kettle.md": KETTLE.encode()})
        service.judge(name, "withdrawn")


def test_an_open_receipt_explains_the_answer_and_names_its_place_in_the_ledger(receipts, asked):
    shown = opened(receipts, asked[0])
    assert (shown["question"], shown["late"]) == (QUESTION, False)
    assert "was answered with" in shown["short"][0]
    sections = {section["title"]: section["lines"] for section in shown["sections"]}
    assert {"Question", "Answer", "Sources", "Passages", "Made with", "Time", "Ledger"} <= set(sections)
    assert sections["Sources"][0]["opens"] == {"kind": "citation", "n": 1}
    assert sections["Passages"][0]["opens"] == {"kind": "passage", "n": 1}
    assert sections["Answer"][0]["opens"] is None
    (entry,) = [line for line in sections["Ledger"] if line["label"] == f"entry {shown['sequence']}"]
    assert [below.split()[0] for below in entry["below"]] == ["record", "entry", "before"]


@pytest.mark.parametrize("name", ["a0", "no such", "../../etc", "a" * 500])
def test_an_unknown_id_is_said_above_the_list(receipts, name):
    receipts.page.query_params[view.PARAMETER] = name
    receipts.run()
    assert view.PARAMETER not in receipts.page.query_params
    (said,) = receipts.contents("notice")
    assert f"no answer with the receipt {name!r}" in said["message"]
    assert entries(receipts)


def test_a_source_stands_beside_its_receipt_and_not_beside_another(receipts, asked):
    receipts.state.beside = OpenSource(str(asked[0]["receipt"]), "citation", 1)
    opened(receipts, asked[0])
    assert receipts.content("source")["title"] == "Larkspur kettle"
    assert receipts.content("receipt")["open"] == {"kind": "citation", "n": 1}
    opened(receipts, asked[1])
    assert receipts.contents("source") == []
    assert receipts.content("receipt")["open"] is None


def test_a_question_is_asked_again_in_the_background_and_nothing_is_stored(receipts, asked, service):
    name = str(asked[0]["receipt"])
    n = service.workspace().catalog.ledger_head().sequence
    service.run_again(name)
    assert opened(receipts, asked[0])["replay"]["state"] in {"running", "done"}
    service.runs.wait(WAIT_S)
    replay = opened(receipts, asked[0])["replay"]
    assert (replay["state"], replay["same"]) == ("done", True)
    assert opened(receipts, asked[1])["replay"] is None
    assert service.workspace().catalog.ledger_head().sequence == n


def test_the_ledger_is_checked_and_the_number_of_receipts_told(receipts, asked, service):
    assert receipts.content("receipts")["ledger"]["may"]
    service.verify_ledger()
    service.runs.wait(WAIT_S)
    check = receipts.run().content("receipts")["ledger"]["check"]
    assert (check["state"], check["n_faults"], check["faults"]) == ("done", 0, [])
    assert check["n_answers"] >= 2
    assert check["head"]["sequence"] == check["n_entries"]
    assert opened(receipts, asked[0])["ledger"]["check"] == check


def test_a_check_that_ends_while_the_page_is_drawn_is_not_shown_as_going_on(receipts, service, monkeypatch):
    go = threading.Event()

    class Brief(Runs):
        """Begins the check before it is looked at first, and ends it right after."""

        def of(self, name):
            if not go.is_set():
                self.begin(name, lambda _: {"came": go.wait(WAIT_S)})
            shown = super().of(name)
            go.set()
            self.wait(WAIT_S)
            return shown

    monkeypatch.setattr(service, "runs", Brief())
    assert receipts.run().content("receipts")["ledger"]["check"]["state"] == "done"


def test_a_removal_leaves_nothing_of_what_was_asked_again(receipts, asked, service, read_in):
    read_in(service, {"clock.md": b"# Clock\n\nThe Hazel clock runs for 8 days.\n"})
    service.run_again(str(asked[0]["receipt"]))
    service.runs.wait(WAIT_S)
    service.remove(next(info.id for info in service.documents() if info.name == "clock.md"))
    assert opened(receipts, asked[0])["replay"] is None


def test_the_export_is_a_download_with_personal_data_masked(service, asked):
    conversation = new_conversation()
    asking = service.ask(conversation, "Does ines@hexmoor.example know how long the Larkspur kettle is guaranteed <b>?")
    assert asking.finished.wait(WAIT_S)
    name = service.records(conversation)[0]["receipt"]
    client = TestClient(Starlette(routes=routes()))
    found = client.get(f"/receipts/{name}.html")
    assert found.status_code == 200
    assert found.headers["content-disposition"] == f"attachment; filename*=UTF-8''receipt-{name}.html"
    assert found.headers["content-security-policy"].startswith("default-src 'none'")
    assert "ines@hexmoor.example" not in found.text
    assert "personal data masked" in found.text
    assert "&lt;b&gt;" in found.text
    assert asked[0]["receipt"] in client.get(f"/receipts/{asked[0]['receipt']}.html").text
    missing = client.get("/receipts/a0.html")
    assert (missing.status_code, missing.json()["message"]) == (404, "There is no answer with the receipt 'a0'.")
