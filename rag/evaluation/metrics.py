"""Retrieval metrics per question, computed by trec_eval through ir-measures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ir_measures import Measure

CUTOFFS = (1, 2, 3, 5, 8, 10, 20)


def score(
    rankings: Mapping[str, Sequence[str]], qrels: Mapping[str, Mapping[str, int]], *, cutoffs: Sequence[int] = CUTOFFS
) -> dict[str, dict[str, float]]:
    """Return the metrics of each question.

    For R relevant documents, r of them among the first k: ``recall@k`` = r / R; ``precision@k`` = r / k;
    ``all@k`` = 1 where r = R, else 0; ``mrr@10`` = 1 / rank of the first relevant one within 10, else 0;
    ``ndcg@10`` = the sum of grade / log2(rank + 1) over the first 10 by that of the best possible order.

    Args:
        rankings: Document ids of each question, best first; a question without any scores 0.
        qrels: Grades above 0 of the relevant documents of each question.
        cutoffs: Values of k.

    Returns:
        By question id, in the order of ``qrels``, and metric name.

    Source:
        trec_eval's definitions, see docs/decisions/0012-evaluation.md.
    """
    import ir_measures

    measures = _measures(cutoffs)
    scores = {query: dict.fromkeys(measures, 0.0) for query in qrels}
    by_measure = {measure: name for name, measure in measures.items()}
    graded = {query: dict(grades) for query, grades in qrels.items()}
    for found in ir_measures.iter_calc(list(measures.values()), graded, _run(rankings, qrels)):
        scores[found.query_id][by_measure[found.measure]] = float(found.value)
    for query, row in scores.items():
        for k in cutoffs:
            first = frozenset(rankings.get(query, ())[:k])
            row[f"all@{k}"] = float(all(document in first for document in qrels[query]))
    names = metric_names(cutoffs)
    return {query: {name: row[name] for name in names} for query, row in scores.items()}


def metric_names(cutoffs: Sequence[int]) -> list[str]:
    """Return the names of all metrics, in the order in which they are shown."""
    by_cutoff = [f"{name}@{k}" for name in ("recall", "all", "precision") for k in cutoffs]
    return [*by_cutoff, "mrr@10", "ndcg@10"]


def average(rows: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean of each metric over questions; empty for none."""
    listed = list(rows)
    return {name: float(np.mean([row[name] for row in listed])) for name in listed[0]} if listed else {}


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Return the median, the 95th and the 99th percentile, interpolated linearly."""
    p50, p95, p99 = np.percentile(np.asarray(values, dtype=np.float64), [50, 95, 99])
    return {"p50": float(p50), "p95": float(p95), "p99": float(p99)}


def _measures(cutoffs: Sequence[int]) -> dict[str, Measure]:
    import ir_measures

    recall = {f"recall@{k}": ir_measures.R @ k for k in cutoffs}
    precision = {f"precision@{k}": ir_measures.P @ k for k in cutoffs}
    return {**recall, **precision, "mrr@10": ir_measures.RR @ 10, "ndcg@10": ir_measures.nDCG @ 10}


def _run(rankings: Mapping[str, Sequence[str]], qrels: Mapping[str, object]) -> dict[str, dict[str, float]]:
    """Return the rankings as scores that fall by 1 a rank: trec_eval sorts, and breaks ties by descending id."""
    return {
        query: {document: float(len(ranked) - place) for place, document in enumerate(ranked)}
        for query, ranked in rankings.items()
        if query in qrels and ranked
    }
