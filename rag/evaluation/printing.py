"""What ``footnote eval`` prints on a terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from rag import terminal
from rag.evaluation.compare import COMPARED, Comparison
from rag.evaluation.embeddings import EmbeddingRow
from rag.evaluation.figures import FIGURES
from rag.evaluation.follow_ups import JOINED, METRICS, PRODUCT, WAYS, Ahead, Measured, ahead
from rag.evaluation.follow_ups import figures as figures_of_way
from rag.evaluation.records import EvaluationSummary
from rag.evaluation.sweep import SweepRow
from rag.terminal import Console

_MAX_LEFT_OUT = 5
_SWEPT = ("recall@5", "all@8", "mrr@10", "ndcg@10")


def print_run(summary: EvaluationSummary, comparison: Comparison | None, *, as_json: bool) -> None:
    """Print a run, and how it compares with an earlier one."""
    if as_json:
        compared = {} if comparison is None else {"comparison": comparison_json(comparison)}
        terminal.print_json({**summary.model_dump(mode="json"), **compared})
        return
    stdout = terminal.console()
    stdout.print(Text(f"{summary.dataset}: {summary.queries} questions, {summary.documents} documents", style="bold"))
    stdout.print(_metrics_table(summary))
    retrieval, times, index = summary.retrieval, summary.latency_ms.retrieve, summary.index
    if retrieval:
        stdout.print(Text(f"mrr@10 {retrieval['mrr@10']:.3f}   ndcg@10 {retrieval['ndcg@10']:.3f}", style="bold"))
    stdout.print(Text(f"a question: p50 {times.p50:.0f} ms, p95 {times.p95:.0f} ms, p99 {times.p99:.0f} ms"))
    if summary.answers is not None:
        _print_answers(stdout, summary)
    made = "kept from an earlier run, which took" if index.reused else "built in"
    stdout.print(Text(f"index: {index.passages} passages, {index.bytes / 1e6:.1f} MB, {made} {index.seconds:.1f} s"))
    if comparison is not None:
        _print_comparison(stdout, comparison)


def print_embeddings(summary: dict[str, Any], rows: Sequence[EmbeddingRow], *, as_json: bool) -> None:
    """Print embedding models side by side."""
    if as_json:
        terminal.print_json({**summary, "embeddings": [row.model_dump(by_alias=True) for row in rows]})
        return
    table = _table(
        "Embedding", "recall@10", "MRR@10", "with all", "MRR@10", "Dim.", "MB", "ms mean", "p99", "Passages/s"
    )
    for row in rows:
        numbers = (row.recall, row.mrr, row.pipeline_recall, row.pipeline_mrr)
        speed = f"{row.passages_per_s:.0f}" if row.passages_per_s is not None else "–"
        times = (f"{row.mean_ms:.1f}", f"{row.p99_ms:.1f}")
        cost = (str(row.dimension), f"{row.index_bytes / 1e6:.1f}", *times, speed)
        table.add_row(Text(row.ref), *(f"{number:.3f}" for number in numbers), *cost)
    terminal.console().print(table)


def print_sweep(summary: dict[str, Any], rows: Sequence[SweepRow], *, as_json: bool) -> None:
    """Print the runs of a sweep."""
    if as_json:
        listed = [{"values": dict(row.values), **row.run.summary.model_dump(mode="json")} for row in rows]
        terminal.print_json({**summary, "sweep": listed})
        return
    table = _table(*rows[0].values, *_SWEPT, "Passages", "Index s", "ms p50")
    for row in rows:
        own = row.run.summary
        cost = (str(own.index.passages), f"{own.index.seconds:.1f}", f"{own.latency_ms.retrieve.p50:.0f}")
        table.add_row(*row.values.values(), *(f"{own.retrieval[name]:.3f}" for name in _SWEPT), *cost)
    terminal.console().print(table)


def print_follow_ups(dataset: str, n_conversations: int, measured: Sequence[Measured], *, as_json: bool) -> None:
    """Print how each way of looking follow-ups up finds their documents and passages."""
    rows = {way: figures_of_way(measured, way) for way in WAYS}
    apart = {
        way: {other: {metric: ahead(measured, way, other, metric) for metric in METRICS} for other in JOINED}
        for way in PRODUCT
    }
    head = {"dataset": dataset, "conversations": n_conversations, "questions": len(measured)}
    head["passages_known"] = sum(each.placed for each in measured)
    if as_json:
        differences = {
            way: {other: {name: each._asdict() for name, each in metrics.items()} for other, metrics in others.items()}
            for way, others in apart.items()
        }
        terminal.print_json({**head, "ways": rows, "ahead": differences, "looked_up": _looked_up(measured)})
        return
    stdout = terminal.console()
    stdout.print(
        Text("{dataset}: {questions} follow-ups in {conversations} conversations".format(**head), style="bold")
    )
    table = _table("Looked up", *METRICS)
    for way, found in rows.items():
        table.add_row(way, *(f"{found[metric]:.3f}" for metric in METRICS))
    for way, others in apart.items():
        for other, by in others.items():
            table.add_row(f"{way}, ahead of {other}", *(_interval(by[metric]) for metric in METRICS))
    stdout.print(table)
    stdout.print(Text(f"passages of {head['passages_known']} questions are known; 95 % intervals over questions"))


def _interval(apart: Ahead) -> str:
    return f"{apart.mean:+.3f} ({apart.low:+.3f} to {apart.high:+.3f})"


def _looked_up(measured: Sequence[Measured]) -> list[dict[str, Any]]:
    return [
        {
            "id": each.follow_up.id,
            "text": each.follow_up.text,
            "looked_up": each.found["product"].looked_up,
            "ranks": {way: {"document": found.document, "passage": found.passage} for way, found in each.found.items()},
        }
        for each in measured
    ]


def print_left_out(left_out: Sequence[tuple[str, str]], *, what: str = "documents are not in the index") -> None:
    """Say on stderr what was left out, and why; by default documents that are not in the index."""
    stderr = Console(stderr=True, soft_wrap=True)
    if left_out:
        stderr.print(Text(f"{len(left_out)} {what}:", style="yellow"))
    for name, reason in left_out[:_MAX_LEFT_OUT]:
        stderr.print(Text(f"  {name}: {reason}"))


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as it is printed."""
    differences = {
        row.metric: {**row._asdict(), "difference": row.change, "sure": row.sure} for row in comparison.differences
    }
    return {
        "n_shared": comparison.n_shared,
        "n_left_out": comparison.n_left_out,
        "differences": differences,
        "changes": [change._asdict() for change in comparison.changes],
        "settings": {name: {"before": old, "after": new} for name, (old, new) in comparison.settings.items()},
    }


def _metrics_table(summary: EvaluationSummary) -> Table:
    cutoffs = [name.partition("@")[2] for name in summary.retrieval if name.startswith("recall@")]
    table = _table("k", *cutoffs)
    for metric in ("recall", "all", "precision"):
        table.add_row(metric, *(f"{summary.retrieval[f'{metric}@{k}']:.3f}" for k in cutoffs))
    return table


def _print_answers(stdout: Console, summary: EvaluationSummary) -> None:
    told = _table("Answers", "")
    for name, value in (summary.answers or {}).items():
        told.add_row(name.replace("_", " "), "–" if value is None else f"{value:.3f}")
    stdout.print(told)
    if summary.latency_ms.ask is not None:
        times = summary.latency_ms.ask
        stdout.print(Text(f"an answer: p50 {times.p50:.0f} ms, p95 {times.p95:.0f} ms, p99 {times.p99:.0f} ms"))


def _print_comparison(stdout: Console, comparison: Comparison) -> None:
    stdout.print()
    left_out = f"; {comparison.n_left_out} only in one of the runs" if comparison.n_left_out else ""
    stdout.print(Text(f"Compared over {comparison.n_shared} questions{left_out}", style="bold"))
    for name, (before, after) in comparison.settings.items():
        stdout.print(Text(f"  {name}: {before} → {after}"))
    table = _table("Metric", "Before", "After", "Difference", "95 % interval", "Better", "Worse")
    for row in comparison.differences:
        if row.metric in {*COMPARED, *FIGURES}:
            style = ("green" if row.improved else "red") if row.sure else ""
            interval = f"{row.low:+.3f} to {row.high:+.3f}"
            moved = Text(f"{row.change:+.3f}", style=style)
            counts = (str(row.better), str(row.worse))
            table.add_row(row.metric, f"{row.before:.3f}", f"{row.after:.3f}", moved, interval, *counts)
    stdout.print(table)
    for change in comparison.changes:
        ranks = f"{_ranks(change.ranks_before.values())} → {_ranks(change.ranks_after.values())}"
        stdout.print(Text(f"  {change.before:.2f} → {change.after:.2f}  ranks {ranks}  {change.text} ({change.id})"))


def _ranks(ranks: Iterable[int | None]) -> str:
    return ", ".join("–" if rank is None else str(rank) for rank in ranks)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place == 0 else "right", overflow="fold")
    return table
