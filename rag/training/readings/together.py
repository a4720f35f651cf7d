"""A question asked of several sentences at once, one of which answers it or none.

In a passage the sentences around an answer lead to it; here they are rivals, from wherever a search went. A reader that
learns this tells better whether a passage or a single sentence answers too (docs/decisions/0048-sentences-at-once.md).
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from rag import lexis
from rag.ask.texts.rows import header_of, is_header, is_row
from rag.sentences import Span, sentence_spans
from rag.training.examples.shapes import Asked, Group, Paragraph, Reading
from rag.training.readings.contrasts import sentence_of

# So many sentences are read at once, of so many passages; the right one is left out of a share of the answerable.
_FEWEST, _MOST = 4, 7
PASSAGES = 8
_LEFT_OUT = 0.2
# A sentence of fewer words says nothing, one of more leaves no room for others; and so many words are read.
_LEAST_WORDS, _LONGEST, _ROOM = 3, 80, 165
# How much a word shared with a sentence itself counts beside one shared with its title, and how much chance does.
_ITSELF, _LATER, _LUCK = 0.5, 0.15, 1.2


def together(
    name: str, question: str, asked: Asked | None, passages: Sequence[Paragraph], chance: random.Random, *, titled: bool
) -> Group | None:
    """Return a question with the sentences that seem to answer it as one reading.

    ``None`` where there are none, or where the answer of an answered question stands nowhere to the letter.

    Args:
        name: Of the set.
        question: As it is read.
        asked: The question with its answer, which stands in the first passage; ``None`` where no passage answers.
        passages: Where the sentences come from, the nearest first; of eight at most.
        chance: Of the choice.
        titled: Whether sentences are read below their titles.
    """
    stands = asked.answer if asked else None
    if asked and not stands:
        # It is answered, and nobody knows by which sentence.
        return None
    passages = passages[:PASSAGES]
    right = (0, sentence_of(passages[0].text, stands)) if stands else None
    n = chance.randint(_FEWEST, _MOST)
    picked = _rivals(question, passages, right, asked.answers if asked else (), chance)[:n]
    kept = right if right and chance.random() >= _LEFT_OUT else None
    if kept:
        picked = [*picked[: n - 1], kept]
    if not picked or (kept and _n_words(passages, kept) > _LONGEST):
        return None
    while sum(_n_words(passages, each) for each in picked) > _ROOM and len(picked) > 1:
        picked.remove(chance.choice([each for each in picked if each != kept]))
    text, begin = _text(passages, picked, kept, chance, titled=titled)
    answer = None
    if kept and stands:
        moved = begin - kept[1].start
        answer = Span(stands.start + moved, stands.end + moved)
    reading = Reading(text, answer, answers=answer is not None, relevant=None)
    return Group(f"{name}, together", question, (reading,), passages[0].article)


def _rivals(
    question: str,
    passages: Sequence[Paragraph],
    right: tuple[int, Span] | None,
    answers: Sequence[str],
    chance: random.Random,
) -> list[tuple[int, Span]]:
    """Return the sentences that hold none of the answers, those that share most words with the question first."""
    wanted, held = lexis.stems(question), [answer.casefold() for answer in answers]
    scored = []
    for place, passage in enumerate(passages):
        for span in sentence_spans(passage.text):
            text = passage.text[span.start : span.end]
            if not _LEAST_WORDS <= len(text.split()) <= _LONGEST or any(answer in text.casefold() for answer in held):
                continue
            if is_header(passage.text, span, passage.title) or (
                right and place == right[0] and span.overlaps(right[1])
            ):
                continue
            below, itself = (len(wanted & lexis.stems(each)) for each in (f"{passage.title} {text}", text))
            scored.append((_LATER * place - below - _ITSELF * itself - _LUCK * chance.random(), place, span))
    return [(place, span) for _, place, span in sorted(scored)]


def _n_words(passages: Sequence[Paragraph], picked: tuple[int, Span]) -> int:
    place, span = picked
    return len(passages[place].text[span.start : span.end].split())


def _text(
    passages: Sequence[Paragraph],
    picked: Sequence[tuple[int, Span]],
    kept: tuple[int, Span] | None,
    chance: random.Random,
    *,
    titled: bool,
) -> tuple[str, int]:
    """Return the sentences as one text, passage by passage in random order, and where the right one begins in it."""
    text, begin = "", 0
    places = sorted({place for place, _ in picked})
    for place in chance.sample(places, len(places)):
        passage, header = passages[place], ""
        text += f"{passage.title}\n" if titled and passage.title else ""
        for span in sorted(span for other, span in picked if other == place):
            above = _header(passage.text, span.start)
            text += f"{above}\n" if above and above != header else ""
            header = above
            begin = len(text) if (place, span) == kept else begin
            text += f"{passage.text[span.start : span.end]}\n"
    return text.rstrip("\n"), begin


def _header(text: str, start: int) -> str:
    """Return the first row of the table whose later row begins at a place of a text; empty elsewhere."""
    return header_of(text, start) if is_row(text[start:].split("\n", 1)[0]) else ""
