"""The fourth stage: from passages to vectors, of each as a whole and of its sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

import numpy as np

from rag import lexis
from rag.protocols import Embedder
from rag.sentences import sentence_spans
from rag.types import Chunk, Document, EmbeddedChunks, Float32Array

# Passages handed to the embedder at once: enough that batches of one length are full, few enough that progress moves
# every second and the texts' token ids stay small.
_SLICE = 64
# A sentence of fewer words says nothing that its passage does not.
_MIN_WORDS = 3


def embed(
    batch: Sequence[tuple[Document, tuple[Chunk, ...]]],
    embedder: Embedder,
    *,
    on_progress: Callable[[int], None] | None = None,
) -> tuple[EmbeddedChunks, ...]:
    """Return the passages of documents with their vectors.

    The passages of all documents are embedded longest first, in slices, so that batches of the model hold texts of
    nearly one length and small documents fill them together; what is kept besides the vectors does not grow. So are
    their sentences, each below its heading: a passage about several things is near to none of them as a whole
    (docs/decisions/0046-sentences-have-vectors.md).

    Args:
        batch: Documents with their passages in order of their spans.
        embedder: The embedding model.
        on_progress: Called after each slice with the number of passages done, of all documents.

    Returns:
        The same passages in the same order; the vectors of each document have the shape
        ``(len(chunks), dimension)`` and rows of unit length.
    """
    chunks = [each for _, own in batch for each in own]
    titles = [document.title for document, own in batch for _ in own]
    sentences: list[Float32Array] = [np.zeros((0, embedder.dimension), dtype=np.float32)] * len(chunks)
    vectors = np.zeros((len(chunks), embedder.dimension), dtype=np.float32)
    order = sorted(range(len(chunks)), key=lambda i: (-chunks[i].n_tokens, i))
    for begin in range(0, len(order), _SLICE):
        rows = order[begin : begin + _SLICE]
        vectors[rows] = embedder.embed([chunks[i].embedded_text for i in rows], urgency="ingest")
        texts = [headed_sentences(chunks[i], titles[i]) for i in rows]
        for row, own_sentences in zip(rows, _embedded(texts, embedder), strict=True):
            sentences[row] = own_sentences
        if on_progress is not None:
            on_progress(begin + len(rows))
    rest = iter(sentences)
    return tuple(
        EmbeddedChunks(document, own, of_its_chunks, tuple(islice(rest, len(own))))
        for (document, own), of_its_chunks in zip(batch, _parted(vectors, [own for _, own in batch]), strict=True)
    )


def headed_sentences(chunk: Chunk, title: str) -> tuple[str, ...]:
    """Return the sentences of a passage, each below its innermost heading; none where one is all of it.

    Args:
        chunk: The passage.
        title: Of its document; what stands below no heading is told by it.
    """
    found = []
    for span in sentence_spans(chunk.text):
        text = chunk.text[span.start : span.end]
        if lexis.n_words(text) >= _MIN_WORDS:
            _, headings = chunk.place(chunk.start + span.start)
            found.append(f"{headings[-1] if headings else title}\n{text}")
    return tuple(dict.fromkeys(found)) if len(found) > 1 else ()


def _embedded(texts: Sequence[Sequence[str]], embedder: Embedder) -> list[Float32Array]:
    """Return the vectors of each group of texts, those of all embedded longest first."""
    flat = [text for own in texts for text in own]
    vectors = np.zeros((len(flat), embedder.dimension), dtype=np.float32)
    if flat:
        order = sorted(range(len(flat)), key=lambda i: (-len(flat[i]), i))
        vectors[order] = embedder.embed([flat[i] for i in order], urgency="ingest")
    return _parted(vectors, texts)


def _parted(vectors: Float32Array, groups: Sequence[Sequence[object]]) -> list[Float32Array]:
    """Return vectors, which stand in the order of what they are of, group by group."""
    # Behind the last end nothing is left.
    return np.split(vectors, np.cumsum([len(group) for group in groups], dtype=int))[:-1]
