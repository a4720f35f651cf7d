"""Questions through the product's own way, with the real model and stores."""

import pytest

from rag.errors import InputError, ModelError
from rag.evaluation.dataset import read_dataset
from rag.evaluation.indexing import open_index
from rag.evaluation.progress import silent
from rag.evaluation.records import Part
from rag.evaluation.runner import RunChoices, chosen_queries, evaluate, half_of
from rag.settings import Settings
from tests.rag.evaluation.conftest import CORPUS, QUERIES, write_set

LONG = {
    "_id": "long",
    "title": "Handbook",
    "text": "\n\n".join(f"Chapter {i} of the handbook speaks of tea and coffee in the kitchen." for i in range(60))
    + "\n\nThe Ember component heats the cabinet.",
}
FOLLOW_UP = {"_id": "q4", "text": "and what does it cost?", "metadata": {"history": ["tell me about the yearly plan"]}}
UNASKABLE = {"_id": "q5", "text": "???"}


@pytest.fixture(scope="module")
def indexed(tmp_path_factory):
    place = tmp_path_factory.mktemp("runner")
    folder = write_set(
        place / "small",
        corpus=[*CORPUS, LONG],
        queries=[*QUERIES, FOLLOW_UP, UNASKABLE],
        qrels=[("q1", "reset", 1), ("q2", "owner", 1), ("q2", "radio", 1), ("q4", "price", 1), ("q5", "price", 1)],
    )
    settings = Settings(home=place / "home", models={"runtime": "torch-float32"})
    with open_index(read_dataset(folder), settings, settings.home, on_progress=silent) as opened:
        yield opened


@pytest.fixture(scope="module")
def run(indexed):
    return evaluate(indexed, RunChoices())


def test_labelled_questions_are_run_and_counted(run):
    assert [question.id for question in run.questions] == ["q1", "q2", "q4", "q5"]
    assert (run.summary.queries, run.summary.documents) == (4, 6)


def test_the_right_documents_are_found(run):
    assert run.questions[0].ranked[0] == "reset"
    assert run.questions[1].metrics["all@5"] == 1.0
    assert [question.metrics["recall@5"] for question in run.questions[:3]] == [1.0, 1.0, 1.0]


def test_what_cannot_be_asked_counts_as_not_found(run):
    assert run.questions[3].ranked == ()
    assert run.summary.retrieval["recall@5"] == 0.75


def test_it_is_kept_how_each_question_was_understood(run):
    assert run.questions[0].understood == "single"
    assert run.questions[3].understood == ""


def test_a_document_of_many_passages_counts_once_at_its_best(run):
    for question in run.questions:
        assert len(set(question.ranked)) == len(question.ranked)
    # The passage that names Ember is the last of the handbook.
    best = next(shown.text for shown in run.questions[1].top if shown.document == "long")
    assert best.startswith("Chapter 5")


def test_the_summary_records_models_settings_and_times(run):
    summary = run.summary
    assert summary.models["embedding"].ref == "bundled:all-MiniLM-L6-v2"
    assert summary.settings["without"] == []
    assert summary.settings["chunk.budget_tokens"] == 240
    assert "home" not in summary.settings
    assert set(summary.latency_ms.stages) == {"understand", "retrieve", "enrich", "rerank"}
    assert 0 < summary.latency_ms.retrieve.p50 <= summary.latency_ms.retrieve.p99


def test_wanted_documents_are_told_with_their_rank(run):
    (wanted,) = run.questions[0].wanted
    assert (wanted.document, wanted.rank, wanted.title) == ("reset", 1, "Reset")


@pytest.mark.parametrize(
    ("part", "origin", "stage"),
    [
        (Part.DENSE, "dense", None),
        (Part.LEXICAL, "lexical", None),
        (Part.GRAPH, "graph", "enrich"),
        (Part.RERANK, None, "rerank"),
    ],
)
def test_what_is_left_out_takes_no_part(indexed, part, origin, stage):
    run = evaluate(indexed, RunChoices(without=(part,)))
    assert run.summary.settings["without"] == [part.value]
    assert origin not in {name for question in run.questions for shown in question.top for name in shown.origin}
    assert stage not in run.summary.latency_ms.stages


def test_history_goes_with_a_follow_up(run):
    assert run.questions[2].ranked[0] == "price"


def test_a_limit_takes_the_first_questions(indexed):
    assert [question.id for question in evaluate(indexed, RunChoices(limit=1)).questions] == ["q1"]


def test_a_split_takes_its_questions(indexed):
    assert [question.id for question in evaluate(indexed, RunChoices(split="dev")).questions] == ["q1"]


def test_splits_may_be_numbers(tmp_path):
    queries = [{**QUERIES[0], "metadata": {"split": 1}}, {**QUERIES[1], "metadata": {"split": 2}}]
    labelled = read_dataset(write_set(tmp_path / "s", queries=queries))
    assert [query.id for query in chosen_queries(labelled, RunChoices(split="2"))] == ["q2"]


def test_a_split_that_nothing_has_is_refused(indexed):
    with pytest.raises(InputError, match="held_out"):
        evaluate(indexed, RunChoices(split="held_out"))


def test_the_same_run_finds_the_same(indexed, run):
    again = evaluate(indexed, RunChoices())
    assert [question.ranked for question in again.questions] == [question.ranked for question in run.questions]


def test_progress_reaches_the_last_question(indexed):
    seen = []
    evaluate(indexed, RunChoices(limit=2), on_progress=lambda *moment: seen.append(moment))
    assert seen == [("Asking", 1, 2), ("Asking", 2, 2)]


def test_a_model_that_fails_ends_the_run_instead_of_lending_its_name_to_a_fallback(indexed, monkeypatch):
    def fail(*_):
        raise ModelError("The weights are gone.", hint="Bring them back.")

    monkeypatch.setattr(type(indexed.workspace.reranker), "score", fail)
    with pytest.raises(ModelError, match=r"reranker failed at the question 'q1': The weights are gone\."):
        evaluate(indexed, RunChoices(answers=True))


def test_a_half_without_questions_is_named(tmp_path):
    labelled = read_dataset(write_set(tmp_path / "one", queries=QUERIES[:1], qrels=[("q1", "reset", 1)]))
    empty = "first" if half_of("reset") == "second" else "second"
    with pytest.raises(InputError, match=f"None of the 1 questions of 'one' is in its {empty} half"):
        chosen_queries(labelled, RunChoices(half=empty))
