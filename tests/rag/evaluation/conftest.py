"""Small labelled sets on disk."""

import json

import pytest

from rag.evaluation.records import (
    EvaluationRun,
    EvaluationSummary,
    IndexFacts,
    Latency,
    Percentiles,
    QuestionRecord,
    Shown,
)

CORPUS = (
    {"_id": "reset", "title": "Reset", "text": "Hold the reset button for twelve seconds.\n\nThe lamp turns white."},
    {"_id": "price", "title": "Prices", "text": "The yearly plan costs 25 euros."},
    {"_id": "owner", "title": "Component owners", "text": "Ember is owned by the Radio team."},
    {"_id": "radio", "title": "Teams", "text": "The Radio team sits in Tampere."},
    {"_id": "whale", "title": "Whales", "text": "A blue whale eats krill."},
)
QUERIES = (
    {"_id": "q1", "text": "how long do I hold the reset button?", "metadata": {"type": "how-to", "split": "dev"}},
    {"_id": "q2", "text": "where does the team that owns Ember sit?", "metadata": {"type": "two-hop"}},
    {"_id": "q3", "text": "who won the cup?", "metadata": {"answerable": False}},
)
QRELS = (("q1", "reset", 1), ("q2", "owner", 1), ("q2", "radio", 1), ("q2", "whale", 0))


def write_lines(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def write_qrels(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["query-id\tcorpus-id\tscore", *("\t".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_set(folder, *, corpus=CORPUS, queries=QUERIES, qrels=QRELS):
    folder.mkdir(parents=True, exist_ok=True)
    if corpus is not None:
        write_lines(folder / "corpus.jsonl", corpus)
    write_lines(folder / "queries.jsonl", queries)
    write_qrels(folder / "qrels" / "test.tsv", qrels)
    return folder


@pytest.fixture
def small_set(tmp_path):
    return write_set(tmp_path / "small")


def make_question(name, ndcg, *, rank=1, text="a question", type_="", n_relevant=1):
    """Return a question whose every metric is one number."""
    found = rank is not None
    wanted = tuple(Shown(document=f"d{i}", rank=rank, title="Wanted", text="") for i in range(n_relevant))
    metrics = {"recall@1": ndcg, "recall@5": ndcg, "recall@10": ndcg, "all@5": ndcg, "all@8": ndcg}
    metrics |= {"precision@1": ndcg, "precision@5": ndcg, "precision@10": ndcg, "mrr@10": ndcg, "ndcg@10": ndcg}
    return QuestionRecord(
        id=name,
        text=text,
        type=type_,
        relevant=dict.fromkeys((f"d{i}" for i in range(n_relevant)), 1),
        ranked=("d0",) if found else (),
        metrics={**metrics, "all@1": ndcg, "all@10": float(found)},
        retrieve_ms=1.0,
        top=(Shown(document="d0", rank=1, title="Top", text="", origin=("dense",)),) if found else (),
        wanted=wanted,
    )


def make_run(questions, *, dataset="small", settings=None):
    found = [each.metrics for each in questions if each.metrics]
    means = {name: sum(each[name] for each in found) / len(found) for name in found[0]}
    return EvaluationRun(
        summary=EvaluationSummary(
            dataset=dataset,
            documents=3,
            queries=len(questions),
            retrieval=means,
            answers=None,
            latency_ms=Latency(retrieve=Percentiles(p50=1, p95=2, p99=3)),
            index=IndexFacts(seconds=1, documents_per_s=3, bytes=10, passages=3, dimension=4),
            models={},
            settings=settings or {"without": []},
        ),
        questions=tuple(questions),
    )
