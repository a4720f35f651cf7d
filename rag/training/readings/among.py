"""A question asked of the sentence that answers it, among other sentences that seem to.

The product reads single sentences below their title too: to choose what is quoted, and to judge it. In a passage a
reader learns where the answer begins; which of several sentences answers when each stands alone is learnt from these.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from rag import lexis
from rag.sentences import Span, sentence_spans
from rag.training.examples.shapes import Asked, Group, Paragraph, Reading
from rag.training.readings.contrasts import sentence_of

# So many sentences stand against the right one, drawn from so many that share most words with the question.
_AGAINST, _NEAREST = 4, 8
_LEAST_WORDS = 3


def among_sentences(
    name: str, asked: Asked, gold: Paragraph, others: Sequence[Paragraph], chance: random.Random, *, titled: bool
) -> Group | None:
    """Return the question with the sentence of its answer and others like it; ``None`` where there are none.

    Args:
        name: Of the set.
        asked: The question, whose answer stands in ``gold``.
        gold: Its passage; its other sentences are those that are most often taken for the right one.
        others: Passages that do not answer it.
        chance: Of the choice.
        titled: Whether each sentence is read below its title.
    """
    if asked.answer is None:
        return None
    right = sentence_of(gold.text, asked.answer)
    found = [text for text in _wrong(asked, gold, right, others, titled=titled) if len(text.split()) >= _LEAST_WORDS]
    wanted = lexis.stems(asked.question)
    nearest = sorted(dict.fromkeys(found), key=lambda text: (-len(wanted & lexis.stems(text)), text))[:_NEAREST]
    if not nearest:
        return None
    passage = _below(gold, gold.text[right.start : right.end], titled=titled)
    moved = len(passage) - (right.end - right.start) - right.start
    answer = Span(asked.answer.start + moved, asked.answer.end + moved)
    against = chance.sample(nearest, min(_AGAINST, len(nearest)))
    readings = (
        Reading(passage, answer, answers=True, relevant=True, unmet=()),
        *(Reading(text, None, answers=False, relevant=False) for text in against),
    )
    return Group(f"{name}, sentences", asked.question, readings, gold.article)


def _wrong(asked: Asked, gold: Paragraph, right: Span, others: Sequence[Paragraph], *, titled: bool) -> Iterator[str]:
    """Yield the sentences that hold none of the answers, each as it would be read."""
    answers = [answer.casefold() for answer in asked.answers]
    for paragraph in (gold, *others):
        for span in sentence_spans(paragraph.text):
            text = paragraph.text[span.start : span.end]
            holds = any(answer in text.casefold() for answer in answers)
            if not holds and not (paragraph is gold and span.overlaps(right)):
                yield _below(paragraph, text, titled=titled)


def _below(paragraph: Paragraph, text: str, *, titled: bool) -> str:
    return f"{paragraph.title}\n{text}" if titled and paragraph.title else text
