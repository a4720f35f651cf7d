"""Make document versions live everywhere at once, or make a document be gone everywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

import numpy as np

from knowledge_graph.types import Extraction
from rag.protocols import Catalog, Graphs, Originals, Vectors
from rag.types import DocumentInfo, EmbeddedChunks, IndexReceipt, RemovalCheck, document_of


def index_all(
    batch: Sequence[tuple[EmbeddedChunks, Sequence[Extraction]]],
    catalog: Catalog,
    vectors: Vectors,
    graphs: Graphs,
    *,
    index_id: str,
) -> tuple[IndexReceipt, ...]:
    """Make versions of several documents of one space live, in one transaction of the catalog.

    A transaction costs as much for one small document as for hundreds. The vectors are written before it, under a
    note in the catalog's journal, and those of the versions it replaces are deleted after it; a process killed in
    between leaves notes that the next start settles. Until the transaction commits, no question sees any of them.

    Args:
        batch: Each document once, with what its passages give to the graph.
        catalog: The truth.
        vectors: Nearest neighbours.
        graphs: The knowledge graphs.
        index_id: Index version to write.

    Returns:
        A receipt for each document, in their order.

    Raises:
        StoreError: A store fails; of all documents the earlier versions, if any, stay live.
    """
    if not batch:
        return ()
    space = batch[0][0].document.space
    chunk_ids = [chunk.id for embedded, _ in batch for chunk in embedded.chunks]
    catalog.stage([embedded for embedded, _ in batch], index_id)
    vectors.add(space, index_id, chunk_ids, np.concatenate([embedded.vectors for embedded, _ in batch]))
    replaced = catalog.publish(batch, index_id)
    places = _replaced({embedded.document.id for embedded, _ in batch}, frozenset(chunk_ids), catalog)
    retired = [chunk_id for _, _, ids in places for chunk_id in ids]
    # First: where a delete fails, the catalog has changed all the same, and so must the graph in memory.
    graphs.apply(space, index_id, [extraction for _, extractions in batch for extraction in extractions], retired)
    for space_of, index_of, ids in places:
        vectors.delete(space_of, index_of, ids)
    catalog.settle([*chunk_ids, *retired])
    return tuple(
        IndexReceipt(embedded.document.id, embedded.document.version, before, len(embedded.chunks))
        for (embedded, _), before in zip(batch, replaced, strict=True)
    )


def forget(
    documents: Mapping[str, DocumentInfo | None],
    catalog: Catalog,
    vectors: Vectors,
    originals: Originals,
    graphs: Graphs,
) -> tuple[RemovalCheck, ...]:
    """Remove documents from every store, and count what is left of each.

    Their bytes leave the vectors' files too, which takes seconds in a large space, once for all of them
    (docs/decisions/0005-deleting.md). Answers that cite them lose their words. The original files go unless another
    document came from the same bytes. Killed in between, the journal makes the next start finish it.

    Args:
        documents: By id what is known of each; ``None`` where a removal that failed half-way has taken it out of the
            catalog.
        catalog: The truth.
        vectors: Nearest neighbours.
        originals: The files.
        graphs: The knowledge graphs.

    Returns:
        A check for each document, in their order.

    Raises:
        NotFound: One of them is not there, and nothing of it is left to remove; then none is removed.
        StoreError: A trace is left; the removal can be repeated.
    """
    n_versions = {document_id: len(catalog.versions(document_id)) for document_id in documents}
    chunk_ids = catalog.retire(tuple(documents))
    places = catalog.unfinished(set(documents))
    for space, index_id, ids in places:
        vectors.delete(space, index_id, ids)
        vectors.compact(space, index_id)
        graphs.apply(space, index_id, (), ids)
    originals.sweep(catalog.originals())
    catalog.settle(chunk_ids)
    present = [name for space, index_id, ids in places for name in vectors.present(space, index_id, ids)]
    n_left, n_taken = Counter(map(document_of, present)), Counter(map(document_of, chunk_ids))
    return catalog.check_removed(
        [
            RemovalCheck(
                document_id,
                info.title if info else document_id,
                n_versions[document_id],
                info.n_chunks if info else n_taken[document_id],
                {"vectors": n_left[document_id]},
                info.source if info else "",
            )
            for document_id, info in documents.items()
        ]
    )


def _replaced(
    document_ids: AbstractSet[str], keep: AbstractSet[str], catalog: Catalog
) -> list[tuple[str, str, list[str]]]:
    """Return (space, index, chunk ids) of the vectors that the catalog's journal names for documents."""
    places = [
        (space, index_id, [chunk_id for chunk_id in chunk_ids if chunk_id not in keep])
        for space, index_id, chunk_ids in catalog.unfinished(document_ids)
    ]
    return [place for place in places if place[2]]
