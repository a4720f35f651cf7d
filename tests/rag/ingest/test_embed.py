import numpy as np

from rag.ingest.embed import embed, headed_sentences
from rag.types import Chunk, Document, ModelUse, ParseReport, Turn


class Lengths:
    """The vector of a text is its length; remembers what it was asked."""

    use = ModelUse("test:lengths", "0" * 64)
    dimension = 1

    def __init__(self):
        self.asked = []

    def embed(self, texts, *, urgency="question"):
        self.asked.append((urgency, [len(text) for text in texts]))
        return np.array([[len(text)] for text in texts], dtype=np.float32)


def make(lengths):
    text = "".join("x" * length for length in lengths)
    report = ParseReport(None, len(text), 0)
    document = Document("d1", "v1", "default", "s", "n", "T", "text/plain", "0", 1, text, (), (), report)
    chunks, start = [], 0
    for ordinal, length in enumerate(lengths):
        chunks.append(
            Chunk(f"d1@v1:{start}", "d1", "v1", ordinal, start, start + length, "x" * length, "T", (), None, length)
        )
        start += length
    return document, tuple(chunks)


def test_vectors_stand_at_their_chunks():
    document, chunks = make([5, 300, 2, 40])

    (embedded,) = embed([(document, chunks)], Lengths())

    assert embedded.document is document
    assert embedded.chunks == chunks
    # Context, a line feed, and the text.
    np.testing.assert_array_equal(embedded.vectors[:, 0], [7, 302, 4, 42])


def test_long_documents_go_in_slices_of_one_length():
    embedder = Lengths()
    document, chunks = make([n % 7 + 1 for n in range(150)])

    embed([(document, chunks)], embedder)

    assert [len(lengths) for _, lengths in embedder.asked] == [64, 64, 22]
    assert {urgency for urgency, _ in embedder.asked} == {"ingest"}
    asked = [length for _, lengths in embedder.asked for length in lengths]
    assert asked == sorted(asked, reverse=True)


def test_progress_grows_to_the_number_of_chunks():
    document, chunks = make([3] * 100)
    seen = []

    embed([(document, chunks)], Lengths(), on_progress=seen.append)

    assert seen == [64, 100]


def test_a_document_without_chunks_needs_no_model():
    embedder = Lengths()
    document, chunks = make([])

    assert embed([(document, chunks)], embedder)[0].vectors.shape == (0, 1)
    assert embedder.asked == []


def test_a_document_has_the_same_vectors_whatever_else_is_embedded(minilm):
    document, chunks = make([30, 4, 12])
    (alone,) = embed([(document, chunks)], minilm)

    _, among_others = embed([make([9] * 10), (document, chunks)], minilm)

    np.testing.assert_allclose(among_others.vectors, alone.vectors, atol=1e-3)


def test_small_documents_fill_a_slice_together_and_keep_their_own_vectors():
    embedder = Lengths()
    batch = [make([n + 1, 2 * n + 1]) for n in range(40)]

    embedded = embed(batch, embedder)

    assert [len(lengths) for _, lengths in embedder.asked] == [64, 16]
    assert [each.document for each in embedded] == [document for document, _ in batch]
    for n, each in enumerate(embedded):
        np.testing.assert_array_equal(each.vectors[:, 0], [n + 3, 2 * n + 3])


def test_a_document_without_chunks_moves_no_other():
    empty, full = make([]), make([5])

    vectors = [each.vectors[:, 0].tolist() for each in embed([empty, full, empty], Lengths())]

    assert vectors == [[], [7], []]


def passage(text, *turns, start=10):
    return Chunk("d1@v1:x", "d1", "v1", 0, start, start + len(text), text, "T", ("T", "Fees"), None, 9, tuple(turns))


def test_sentences_stand_below_their_heading_and_scraps_are_left_out():
    text = "A key costs nine euro. Yes!\nKey | 9.00 | lost once | lift\nA card costs two euro."
    later = Turn(10 + text.index("A card"), None, ("T", "Cards"))
    assert headed_sentences(passage(text, later), "T") == (
        "Fees\nA key costs nine euro.",
        "Fees\nKey | 9.00 | lost once | lift",
        "Cards\nA card costs two euro.",
    )


def test_below_no_heading_the_title_tells():
    document, (chunk,) = make([9])
    told = Chunk(*(getattr(chunk, name) for name in ("id", "document_id", "version", "ordinal", "start", "end")),
                 "One is enough. Two are too many.", "T", (), None, 9)  # fmt: skip
    assert headed_sentences(told, document.title) == ("T\nOne is enough.", "T\nTwo are too many.")


def test_one_sentence_is_its_passage():
    assert headed_sentences(passage("A key costs nine euro."), "T") == ()
    assert headed_sentences(passage("A key costs nine euro.\nA key costs nine euro."), "T") == (
        "Fees\nA key costs nine euro.",
    )


def test_the_vectors_of_sentences_stand_at_their_chunks():
    document, _ = make([9])
    several, one = passage("A key costs nine euro. A card is free."), passage("A key costs nine euro.")
    (embedded,) = embed([(document, (several, one))], Lengths())
    assert [vectors[:, 0].tolist() for vectors in embedded.sentences] == [[27, 20], []]
