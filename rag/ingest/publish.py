"""From documents to live passages, many documents at a time: chunk, embed, link, index."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial

from rag.ingest.chunk import chunk
from rag.ingest.embed import embed
from rag.ingest.index import index_all
from rag.ingest.link import link
from rag.ingest.parts import PublishParts
from rag.protocols import Catalog
from rag.safety.documents import held_spans
from rag.types import Chunk, Document, IndexReceipt, ParseReport

Admit = Callable[[Document], bool]
Embedded = Callable[[Sequence[Document], int, int], None]
Stage = Callable[[str], AbstractContextManager[object]]

_Chunked = tuple[Document, tuple[Chunk, ...]]


def publish(
    documents: Iterable[Document],
    parts: PublishParts,
    *,
    index_id: str | None = None,
    admit: Admit = lambda _: True,
    on_progress: Embedded = lambda *_: None,
    stage: Stage = nullcontext,
) -> Iterator[tuple[Document, IndexReceipt | None]]:
    """Make documents live, those of one batch in one transaction, and yield each in the order in which it came.

    Documents are taken from the iterable until their passages fill a batch, so that small ones are embedded together
    and cost a fraction of a transaction each. Killed at any point, a document is either in or not.

    Args:
        documents: Normalized; of one that comes twice the last is live in the end.
        parts: Stores and models.
        index_id: Index version to write; by default the active one.
        admit: Asked for each document while `writing` is held, right before it goes live; one that is refused is
            left out of its batch.
        on_progress: Told of the documents of a batch, how many passages they have, and how many are embedded.
        stage: Entered with the name of each stage around its work, to take its time.

    Yields:
        The document and the receipt of its going live; ``None`` for one that was refused.

    Raises:
        StoreError: A store fails; what was yielded before is live, the rest of the batch is not.
    """
    for batch in _batches(documents, parts, stage):
        # Asked before the embedding, since an index that this process cannot write would make that useless.
        index = index_id or parts.index
        listed = [document for document, _ in batch]
        n_passages = sum(len(chunks) for _, chunks in batch)
        with stage("embed"):
            embedded = embed(batch, parts.embedder, on_progress=partial(on_progress, listed, n_passages))
        with stage("link"):
            linked = [(each, link(each.document, each.chunks)) for each in embedded]
        with stage("write"), parts.writing:
            admitted = [each for each in linked if admit(each[0].document)]
            receipts = index_all(admitted, parts.catalog, parts.vectors, parts.graphs, index_id=index)
        receipt_of = {receipt.document_id: receipt for receipt in receipts}
        yield from ((document, receipt_of.get(document.id)) for document in listed)


def still_live(catalog: Catalog, *, report: ParseReport | None = None) -> Admit:
    """Return a check that a version is live still: one that was removed meanwhile must not come back.

    Args:
        catalog: The truth.
        report: Its report must be this one still, with its flags and decisions; ``None`` where any will do.
    """

    def check(document: Document) -> bool:
        live = catalog.find(document.space, document.source)
        return live is not None and live.version == document.version and (report is None or live.report == report)

    return check


def _batches(documents: Iterable[Document], parts: PublishParts, stage: Stage) -> Iterator[list[_Chunked]]:
    """Collect documents of one space, each once, until they fill a batch; one that is too large is one by itself."""
    choices = parts.ingest_choices
    batch: list[_Chunked] = []
    n_passages, began = 0, 0.0
    for document in documents:
        with stage("chunk"):
            chunks = _chunks(document, parts)
        if batch and (n_passages + len(chunks) > choices.batch_passages or not _fits(document, batch)):
            yield batch
            batch, n_passages = [], 0
        began = began if batch else time.monotonic()
        batch.append((document, chunks))
        n_passages += len(chunks)
        if n_passages >= choices.batch_passages or time.monotonic() - began >= choices.max_wait_s:
            yield batch
            batch, n_passages = [], 0
    if batch:
        yield batch


def _chunks(document: Document, parts: PublishParts) -> tuple[Chunk, ...]:
    choices = parts.ingest_choices
    return chunk(
        document,
        parts.embedder.token_spans,
        budget_tokens=choices.budget_tokens,
        context_tokens=choices.context_tokens,
        held=held_spans(document),
    )


def _fits(document: Document, batch: Sequence[_Chunked]) -> bool:
    return batch[0][0].space == document.space and all(other.id != document.id for other, _ in batch)
