"""``footnote questions`` as it is typed: from judged answers to a measured set."""

import json
import sys

import pytest

from rag.ask.flow import ask
from rag.cli import main
from rag.questions.feedback import judge
from rag.settings import load_settings
from rag.types import Question
from rag.wiring import open_workspace
from tests.rag.evaluation.conftest import write_set

KETTLE = "# Kettle\n\n## Guarantee\n\nThe Larkspur kettle is guaranteed for 30 months.\n"
TOASTER = "# Toaster\n\nThe crumb tray of the Bracken toaster is emptied every 4 weeks.\n"


@pytest.fixture
def footnote(monkeypatch, capsys):
    monkeypatch.setenv("FOOTNOTE_MODELS__RUNTIME", "torch-float32")

    def run(*arguments, status=0):
        monkeypatch.setattr(sys, "argv", ["footnote", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        assert ended.value.code == status, printed.err
        return printed

    return run


@pytest.fixture
def home(footnote, tmp_path):
    """A home with two documents, a right answer, and a refusal that should have been none."""
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "kettle.md").write_text(KETTLE, encoding="utf-8")
    (documents / "toaster.md").write_text(TOASTER, encoding="utf-8")
    footnote("ingest", documents, "--home", tmp_path / "home")
    with open_workspace(load_settings(home=tmp_path / "home")) as workspace:
        right = ask(Question("How long is the Larkspur kettle guaranteed?"), workspace)
        judge(right.receipt, "right", workspace)
        wrong = ask(Question("Who composed the opera Tosca?"), workspace)
        judge(wrong.receipt, "wrong", workspace)
    return tmp_path / "home"


def test_judged_answers_become_a_set_that_eval_measures_unchanged(footnote, home, tmp_path):
    printed = footnote("questions", "export", tmp_path / "own", "--home", home, "--json")
    facts = json.loads(printed.out)
    assert (facts["questions"], facts["with_documents"], facts["documents"]) == (1, 1, 2)
    assert facts["left_out"] == [{"question": "Who composed the opera Tosca?", "lack": "what_is_right"}]
    assert "Who composed the opera Tosca?" in printed.err
    measured = json.loads(footnote("eval", tmp_path / "own", "--retrieval-only", "--json").out)
    assert (measured["dataset"], measured["documents"], measured["queries"]) == ("own", 2, 1)
    assert measured["retrieval"]["recall@1"] == 1.0


def test_people_get_words_and_the_next_command(footnote, home, tmp_path):
    assert f"footnote eval {tmp_path / 'own'}" in footnote("questions", "export", tmp_path / "own", "--home", home).out
    listed = footnote("questions", "list", "--home", home).out
    assert "How long is the Larkspur kettle guaranteed?" in listed
    assert "wrong" in listed


def test_a_set_made_by_hand_is_checked(footnote, tmp_path):
    facts = json.loads(footnote("questions", "check", write_set(tmp_path / "hand"), "--json").out)
    assert facts["documents"] == 5
    assert (facts["questions"], facts["with_documents"], facts["unanswerable"]) == (3, 2, 1)


def test_a_mistake_in_it_is_named_with_its_line(footnote, tmp_path):
    queries = [{"_id": "q1", "text": "how?", "metadata": {"answers": "12 s"}}]
    folder = write_set(tmp_path / "hand", queries=queries, qrels=[("q1", "reset", 1)])
    assert "line 1: 'answers' is no list of texts" in footnote("questions", "check", folder, status=2).err.replace(
        "\n", " "
    )
