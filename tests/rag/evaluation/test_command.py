"""``footnote eval`` as it is typed."""

import json
import sys

import pytest

from rag.cli import main
from rag.errors import InputError
from rag.evaluation import command
from rag.evaluation.compare import read_run, save_run
from rag.models.bundled import bundled_folder
from tests.rag.evaluation.conftest import CORPUS, make_question, make_run, write_lines, write_set


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return write_set(tmp_path_factory.mktemp("command") / "small")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def footnote(monkeypatch, capsys, home):
    # Choosing the fastest runtime by measuring takes longer than these tests.
    monkeypatch.setenv("FOOTNOTE_MODELS__RUNTIME", "torch-float32")

    def run(*arguments, status=0):
        monkeypatch.setattr(sys, "argv", ["footnote", "eval", *map(str, arguments), "--home", str(home)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        assert ended.value.code == status, printed.err
        return printed

    return run


def test_json_is_the_contract(footnote, small):
    printed = json.loads(footnote(small, "--json", "--retrieval-only").out)
    assert (printed["dataset"], printed["documents"], printed["queries"]) == ("small", 5, 2)
    wanted = {f"{name}@{k}" for name in ("recall", "all", "precision") for k in (1, 2, 3, 5, 8, 10, 20)}
    assert set(printed["retrieval"]) == {*wanted, "mrr@10", "ndcg@10"}
    assert printed["answers"] is None
    assert set(printed["latency_ms"]) >= {"retrieve", "ask"}
    assert set(printed["latency_ms"]["retrieve"]) == {"p50", "p95", "p99"}
    assert set(printed["index"]) >= {"seconds", "documents_per_s", "bytes"}
    assert len(printed["models"]["embedding"]["sha256"]) == 64
    assert printed["settings"]["graph.limit"] == 20


def test_people_get_a_table(footnote, small):
    printed = footnote(small).out
    assert "3 questions, 5 documents" in printed
    assert "selective accuracy" in printed
    assert "mrr@10" in printed


def test_k_adds_a_rank_to_those_of_the_contract(footnote, small):
    retrieval = json.loads(footnote(small, "--json", "--k", "4", "--k", "50").out)["retrieval"]
    assert {"recall@4", "all@50", "recall@20"} <= set(retrieval)


def test_parts_are_left_out(footnote, small):
    printed = json.loads(footnote(small, "--json", "--without", "graph", "--without", "rerank").out)
    assert printed["settings"]["without"] == ["graph", "rerank"]
    assert "reranker" not in printed["models"]


def test_a_run_is_saved_compared_and_reported(footnote, small, tmp_path):
    saved, report = tmp_path / "run.json", tmp_path / "report.html"
    footnote(small, "--without", "rerank", "--save", saved)
    printed = json.loads(footnote(small, "--compare", saved, "--report", report, "--json").out)
    comparison = printed["comparison"]
    assert comparison["n_shared"] == 3
    assert comparison["settings"]["without"] == {"before": ["rerank"], "after": []}
    assert set(comparison["differences"]["ndcg@10"]) >= {"before", "after", "difference", "low", "high"}
    assert "Compared with the earlier run" in report.read_text(encoding="utf-8")


def test_a_run_without_a_shared_question_is_refused_before_the_work(footnote, small, tmp_path):
    run = make_run([make_question("other", 1.0)])
    save_run(run, tmp_path / "other.json")
    arguments = ("--compare", tmp_path / "other.json", "--save", tmp_path / "run.json")
    assert "share no question" in footnote(small, *arguments, status=2).err
    assert not (tmp_path / "run.json").exists()


def test_a_run_is_saved_though_the_comparison_fails(footnote, small, tmp_path, monkeypatch):
    def broken(*_):
        raise InputError("cannot be compared", hint="Make both anew.")

    footnote(small, "--retrieval-only", "--save", tmp_path / "before.json")
    monkeypatch.setattr(command, "compare", broken)
    arguments = ("--retrieval-only", "--compare", tmp_path / "before.json", "--save", tmp_path / "run.json")
    footnote(small, *arguments, status=2)
    assert read_run(tmp_path / "run.json").summary.queries == 2


def test_the_figures_of_a_run_that_cannot_be_saved_are_printed(footnote, small, tmp_path):
    (tmp_path / "run.json").symlink_to("nowhere/run.json")
    printed = footnote(small, "--retrieval-only", "--save", tmp_path / "run.json", status=2)
    assert "2 questions, 5 documents" in printed.out
    assert "cannot be saved" in printed.err


def test_a_comparison_is_printed_for_people(footnote, small, tmp_path):
    footnote(small, "--save", tmp_path / "run.json")
    assert "Compared over 3 questions" in footnote(small, "--compare", tmp_path / "run.json").out


def test_a_sweep_prints_a_row_a_value(footnote, small):
    printed = json.loads(footnote(small, "--sweep", "chunk.budget_tokens=64,240", "--json").out)
    assert [row["values"] for row in printed["sweep"]] == [
        {"chunk.budget_tokens": "64"},
        {"chunk.budget_tokens": "240"},
    ]
    assert [row["settings"]["chunk.budget_tokens"] for row in printed["sweep"]] == [64, 240]
    assert "ndcg@10" in printed["sweep"][0]["retrieval"]


def test_a_sweep_is_a_table_for_people(footnote, small):
    lines = footnote(small, "--sweep", "retrieve.lexical_share=0.3,0.5").out.splitlines()
    assert lines[0].split()[:2] == ["retrieve.lexical_share", "recall@5"]
    assert [line.split()[0] for line in lines[1:]] == ["0.3", "0.5"]


def test_embedding_models_stand_side_by_side(footnote, small):
    folder = bundled_folder("all-MiniLM-L6-v2", slot="embedding")
    refs = ("--embedding", "bundled:all-MiniLM-L6-v2", "--embedding", folder)
    first, second = json.loads(footnote(small, *refs, "--json").out)["embeddings"]
    assert set(first) >= {"recall@10", "mrr@10", "dimension", "index_bytes", "mean_ms", "p99_ms", "passages_per_s"}
    assert second["ref"] == str(folder)
    assert first["recall@10"] == second["recall@10"] == 1.0
    assert "Passages/s" in footnote(small, *refs).out


def test_one_embedding_is_the_model_of_the_run(footnote, small):
    folder = bundled_folder("all-MiniLM-L6-v2", slot="embedding")
    assert json.loads(footnote(small, "--embedding", folder, "--json").out)["models"]["embedding"]["ref"] == str(folder)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--without", "everything"),
        ("--limit", "0"),
        ("--sweep", "chunk.size=1"),
        ("--sweep", "chunk.budget_tokens=64,80", "--save", "run.json"),
        ("--save", "no/such/folder/run.json"),
        ("--save", "."),
        ("--report", "."),
        ("--compare", "missing.json"),
        ("--split", "nowhere"),
    ],
)
def test_wrong_usage_ends_with_two_and_prints_nothing(footnote, small, arguments):
    printed = footnote(small, *arguments, status=2)
    assert printed.out == ""
    assert printed.err


def test_documents_that_are_left_out_are_named(footnote, tmp_path):
    folder = write_set(tmp_path / "holes", corpus=[*CORPUS, {"_id": "void", "title": "", "text": ""}])
    printed = footnote(folder, "--json")
    assert "void" in printed.err
    assert json.loads(printed.out)["documents"] == 6


def test_follow_ups_of_conversations_have_a_table_of_their_own(footnote, small):
    turns = ["user:How do I reset it?", "agent:Hold it.", "user:for how long?"]
    line = {"_id": "a_3", "turns": turns, "answers": ["Hold the reset button for twelve seconds."], "document": "reset"}
    write_lines(small / "conversations.jsonl", [line])
    printed = json.loads(footnote(small, "--conversations", "--json").out)
    assert (printed["conversations"], printed["questions"], printed["passages_known"]) == (1, 1, 1)
    joined = {"last turn", "questions joined", "all turns joined"}
    assert set(printed["ways"]) == {*joined, "product", "product, answers given"}
    assert printed["ways"]["product"]["document@1"] == 1.0
    assert set(printed["ahead"]["product"]) == set(printed["ahead"]["product, answers given"]) == joined
    assert set(printed["ahead"]["product"]["last turn"]["passage@5"]) == {"mean", "low", "high"}
    assert printed["looked_up"][0]["looked_up"].startswith("for how long?")
    assert "product, ahead of last turn" in footnote(small, "--conversations", "--without", "rerank").out


def test_follow_ups_are_not_measured_with_what_is_of_single_questions(footnote, small):
    assert "table of their own" in footnote(small, "--conversations", "--split", "dev", status=2).err
