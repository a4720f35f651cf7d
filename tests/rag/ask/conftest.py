"""Small real parts for the stages of a question: a bag-of-words embedder, and evidence made of plain texts."""

import re
import zlib
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from rapidfuzz.distance import OSA

from rag import lexis
from rag.ask.case import Case
from rag.ask.conflicts.settle import settle
from rag.ask.guard import guard
from rag.ask.standing.preferred import prefer
from rag.ask.support.verify import SentenceCheck
from rag.confidence import shipped
from rag.ingest.find import find_files
from rag.ingest.flow import ingest
from rag.models.agreement import AgreementVerifier
from rag.protocols import Heading, Similar, TokenSpan, TokenVectors
from rag.settings import load_settings
from rag.types import Chunk, DocumentStanding, Evidence, Hit, LiveChunk, ModelUse, Query, Standing
from rag.wiring import open_workspace

DIMENSION = 512
TODAY = "2026-06-08"


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


class PlainVocabulary:
    """The words of a few passages, each ``(title, heading, text)``, compared one by one."""

    def __init__(self, *passages: tuple[str, str, str]) -> None:
        self.passages = passages

    def known(self, terms):
        read = [lexis.stems(" ".join(passage)) for passage in self.passages]
        return frozenset(term for term in terms if any(lexis.stems(term) <= stems for stems in read))

    def together(self, terms):
        wanted = lexis.stems(" ".join(terms))
        return bool(wanted) and any(wanted <= lexis.stems(" ".join(passage)) for passage in self.passages)

    def similar(self, word, *, max_distance):
        forms = [set(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", " ".join(passage))) for passage in self.passages]
        held = Counter(
            form.casefold() for found in forms for form in {form.casefold(): form for form in found}.values()
        )
        written = {form.casefold(): form for form in sorted(set().union(*forms))}
        distances = {form: OSA.distance(word.casefold(), form) for form in held}
        near = [Similar(written[form], distances[form], held[form]) for form in held if distances[form] <= max_distance]
        return sorted(near, key=lambda other: (other.distance, -other.n_passages, other.word))

    def spelled(self, code):
        tokens = [token for passage in self.passages for token in " ".join(passage).split() if "-" in token]
        return next((token for token in tokens if token.replace("-", "").casefold() == code.casefold()), None)

    def headings(self, terms, *, limit):
        wanted = {lexis.stem(term) for term in terms}
        paths = [
            Heading((title, heading), ((f"d{n}", "v1"),))
            for n, (title, heading, _) in enumerate(self.passages)
            if wanted <= lexis.stems(f"{title} {heading}")
        ]
        return paths[:limit]


class WordHighlighter:
    """A span is as close to the question as its own words are."""

    def highlight(self, question, passages, spans):
        embedder = WordEmbedder()
        asked = embedder.embed([question])[0]
        return [
            np.array([embedder.embed([text[s.start : s.end]])[0] @ asked for s in wanted], dtype=np.float32)
            for text, wanted in zip(passages, spans, strict=True)
        ]

    def find(self, question, passages):
        return [None] * len(passages)


@pytest.fixture
def highlighter() -> WordHighlighter:
    return WordHighlighter()


@pytest.fixture
def vocabulary_of() -> type[PlainVocabulary]:
    return PlainVocabulary


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


@pytest.fixture
def conflict_of(query_of, passage_of, highlighter):
    def find(question, *documents):
        """Each document is (title, text) or (title, text, standing)."""
        hits, standings = [], []
        for n, (title, text, *standing) in enumerate(documents):
            hits.append(Hit(passage_of(text, title=title, document=f"d{n}"), 1.0, ("dense",)))
            standings.append(DocumentStanding(f"d{n}", title, f"d{n}", standing[0] if standing else Standing(), {}))
        preferred = prefer(Evidence(query_of(question), tuple(hits)), standings, on=TODAY, today=TODAY)
        return settle(preferred, highlighter, passages=8)

    return find


@pytest.fixture
def guarded(embedder, highlighter):
    """Return the verdict on a draft; every statement of it was shown as it stands there."""

    def run(draft, evidence, *, reader=highlighter, min_confidence=0.0, calibration=None):
        shown = []
        rarity = dict.fromkeys(evidence.query.terms, 1.0)
        case = Case(evidence, evidence.hits, reader, rarity, calibration or shipped())
        check = SentenceCheck(case.hits, AgreementVerifier(embedder), min_support=0.5)
        verdict = guard(draft, case, check, min_confidence=min_confidence, on_statement=shown.append)
        assert tuple(shown) == verdict.statements
        return verdict

    return run


@pytest.fixture(scope="module")
def workspace(request, tmp_path_factory):
    """Open a workspace with the texts that a module of tests calls its DOCUMENTS, by their file names."""
    folder = tmp_path_factory.mktemp("documents")
    for name, text in request.module.DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    with open_workspace(load_settings(home=tmp_path_factory.mktemp("home"), env={})) as opened:
        ingest(find_files([folder]), opened)
        yield opened
