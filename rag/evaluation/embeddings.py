"""Embedding models side by side on one labelled set: what they find, and what they cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from rag.evaluation.dataset import LabelledSet
from rag.evaluation.indexing import IndexedSet, open_index
from rag.evaluation.progress import Watch, marked
from rag.evaluation.records import EvaluationRun, Part
from rag.evaluation.runner import RunChoices, evaluate
from rag.evaluation.sweep import with_settings
from rag.settings import Settings


class EmbeddingRow(BaseModel):
    """One embedding model.

    Args:
        ref: Its reference.
        sha256: Hash of its weights.
        dimension: Length of a vector.
        recall: Recall at 10 of the nearest vectors alone.
        mrr: MRR at 10 of the nearest vectors alone.
        pipeline_recall: Recall at 10 of the whole way to the reranked evidence.
        pipeline_mrr: MRR at 10 of the whole way.
        index_bytes: Catalog, full text and vectors on disk.
        mean_ms: Mean time of a question, embedding and nearest vectors.
        p99_ms: 99th percentile of that.
        passages_per_s: Passages embedded a second; ``None`` where all vectors were known from before.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    ref: str
    sha256: str
    dimension: int
    recall: float = Field(serialization_alias="recall@10")
    mrr: float = Field(serialization_alias="mrr@10")
    pipeline_recall: float = Field(serialization_alias="pipeline_recall@10")
    pipeline_mrr: float = Field(serialization_alias="pipeline_mrr@10")
    index_bytes: int
    mean_ms: float
    p99_ms: float
    passages_per_s: float | None


def compare_embeddings(
    refs: Sequence[str],
    labelled: LabelledSet,
    settings: Settings,
    choices: RunChoices,
    root: Path,
    *,
    on_progress: Watch,
) -> Iterator[EmbeddingRow]:
    """Yield a row for each embedding model, in order.

    Each gets an index of its own and answers every question twice: alone, where only its own vectors count,
    and inside the whole way, where words, graph and reranker make up for some of what it misses.

    Args:
        refs: References of the models.
        labelled: The set.
        settings: All other settings.
        choices: What is asked.
        root: Home to keep the indexes in.
        on_progress: Told of each step.

    Raises:
        ModelError: A model is missing or cannot embed.
    """
    for ref in dict.fromkeys(refs):
        watch = marked(on_progress, ref)
        chosen = with_settings(settings, {"models.embedding": ref})
        with open_index(labelled, chosen, root, on_progress=watch) as indexed:
            alone = evaluate(
                indexed, replace(choices, without=(Part.LEXICAL, Part.GRAPH, Part.RERANK)), on_progress=watch
            )
            whole = evaluate(indexed, choices, on_progress=watch)
            yield _row(indexed, alone, whole)


def _row(indexed: IndexedSet, alone: EvaluationRun, whole: EvaluationRun) -> EmbeddingRow:
    facts, use = indexed.facts, indexed.workspace.embedder.use
    # Files go through the ingest flow, which does not tell the time of embedding apart.
    embed_s = facts.stage_seconds.get("embed", facts.seconds)
    n_embedded = facts.passages - facts.kept_vectors
    times = [question.retrieve_ms for question in alone.questions]
    return EmbeddingRow(
        ref=use.ref,
        sha256=use.sha256,
        dimension=facts.dimension,
        recall=alone.summary.retrieval["recall@10"],
        mrr=alone.summary.retrieval["mrr@10"],
        pipeline_recall=whole.summary.retrieval["recall@10"],
        pipeline_mrr=whole.summary.retrieval["mrr@10"],
        index_bytes=facts.bytes,
        mean_ms=float(np.mean(times)),
        p99_ms=alone.summary.latency_ms.retrieve.p99,
        passages_per_s=n_embedded / embed_s if n_embedded else None,
    )
