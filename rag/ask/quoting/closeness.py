"""How well spans of passages fit a question, as a model says that reads each with its title and headings."""

from __future__ import annotations

from collections.abc import Sequence

from rag.protocols import Highlighter
from rag.sentences import Span
from rag.types import Float32Array, Hit


def closeness(
    question: str, hits: Sequence[Hit], spans: Sequence[Sequence[Span]], highlighter: Highlighter
) -> list[Float32Array]:
    """Return, for each passage, the scores of its spans; higher is better.

    Args:
        question: Its words.
        hits: The passages.
        spans: Of the text of each passage, without the context in front of it.
        highlighter: Scores them.
    """
    chunks = [hit.passage.chunk for hit in hits]
    shifted = [
        [Span(span.start + chunk.text_offset, span.end + chunk.text_offset) for span in own]
        for chunk, own in zip(chunks, spans, strict=True)
    ]
    return highlighter.highlight(question, [chunk.embedded_text for chunk in chunks], shifted)
