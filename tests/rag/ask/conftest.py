"""Small real parts for the stages of a question: a bag-of-words embedder, and evidence made of plain texts."""

import re
import zlib
from collections.abc import Sequence

import numpy as np
import pytest

from rag import lexis
from rag.protocols import TokenSpan, TokenVectors
from rag.types import Chunk, Evidence, Hit, LiveChunk, ModelUse, Query

DIMENSION = 512


class WordEmbedder:
    """A text is the sum of its stems, each a fixed direction: texts are close as far as they share words."""

    use = ModelUse("test:words", "0" * 64)
    dimension = DIMENSION
    max_tokens = 512

    def embed(self, texts: Sequence[str], *, urgency: str = "question") -> np.ndarray:
        rows = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in lexis.stems(text) or {"nothing"}:
                row[zlib.crc32(word.encode()) % DIMENSION] += 1.0
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def token_spans(self, text: str) -> list[TokenSpan]:
        return [TokenSpan(m.start(), m.end()) for m in re.finditer(r"\w+|[^\w\s]", text)]

    def token_vectors(self, texts: Sequence[str], *, urgency: str = "question") -> list[TokenVectors]:
        raise NotImplementedError


class WordHighlighter:
    """A span is as close to the question as its own words are."""

    def highlight(self, question, passages, spans):
        embedder = WordEmbedder()
        asked = embedder.embed([question])[0]
        return [
            np.array([embedder.embed([text[s.start : s.end]])[0] @ asked for s in wanted], dtype=np.float32)
            for text, wanted in zip(passages, spans, strict=True)
        ]


@pytest.fixture
def highlighter() -> WordHighlighter:
    return WordHighlighter()


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def query_of(embedder):
    def make(text: str) -> Query:
        return Query(
            text,
            text,
            "question",
            lexis.terms(text),
            lexis.codes(text),
            lexis.phrases(text),
            tuple(sorted(lexis.numbers(text))),
            embedder.embed([text])[0],
        )

    return make


@pytest.fixture
def passage_of():
    def make(text: str, *, title: str = "Manual", document: str = "d1", start: int = 0) -> LiveChunk:
        chunk_id = f"{document}@v1:{start}-{start + len(text)}"
        chunk = Chunk(chunk_id, document, "v1", 0, start, start + len(text), text, title, (), None, len(text.split()))
        return LiveChunk(chunk, title, f"/docs/{document}.md", "text/markdown")

    return make


@pytest.fixture
def evidence_of(query_of, passage_of, embedder):
    def make(question: str, *texts: str) -> Evidence:
        query = query_of(question)
        hits = []
        for n, text in enumerate(texts):
            passage = passage_of(text, document=f"d{n}")
            cosine = float(embedder.embed([text])[0] @ query.vector)
            hits.append(
                Hit(passage, 1.0 / (n + 1), ("dense",), {"dense": n + 1}, (), {"cosine": cosine, "rerank": cosine})
            )
        return Evidence(query, tuple(hits))

    return make
