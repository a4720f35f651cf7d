"""Choose the sentences of the evidence that a writer reads."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.ask.quoting.choice import Sentence
from rag.ask.texts.rows import is_row
from rag.protocols import Excerpt
from rag.safety.orders import gives_orders
from rag.types import Hit

# A sentence that is less near than this share of the best one is noise; a writer reads some 300 tokens.
_NEAR_BEST = 0.5
_MOST_SENTENCES, _MOST_WORDS = 10, 190
# What opens with one of these cannot be understood without the sentence before it.
_LEANS = re.compile(r"^(?:He|She|It|They|This|These|Those|His|Her|Its|Their|Such)\b")


def excerpts_of(scored: Sequence[Sentence], hits: Sequence[Hit]) -> list[Excerpt]:
    """Return the best sentences of passages, passages in the order of their best one, sentences as they stand.

    There are none where a row of a table answers best: its cells are no sentence, and are shown as they stand.

    Args:
        scored: Sentences of the passages that could be quoted, see `rag.ask.quoting.quotable`.
        hits: Passages, best first.
    """
    order = sorted(scored, key=lambda s: (-s.score, s.hit, s.position))
    if order and is_row(order[0].text):
        return []
    order = [sentence for sentence in order if not is_row(sentence.text)]
    places = {(s.hit, s.position): s for s in scored}
    chosen: dict[tuple[int, int], Sentence] = {}
    n_words = 0
    for sentence in order:
        if len(chosen) >= _MOST_SENTENCES:
            break
        if sentence.near < _NEAR_BEST * order[0].near:
            continue
        with_before = [sentence]
        before = places.get((sentence.hit, sentence.position - 1))
        if before is not None and _LEANS.match(sentence.text):
            with_before.insert(0, before)
        fresh = [each for each in with_before if (each.hit, each.position) not in chosen]
        size = sum(len(each.text.split()) for each in fresh)
        if chosen and n_words + size > _MOST_WORDS:
            continue
        n_words += size
        chosen |= {(each.hit, each.position): each for each in fresh}
    best: dict[int, list[Sentence]] = {}
    for sentence in chosen.values():
        best.setdefault(sentence.hit, []).append(sentence)
    most = order[0].score if order else 0.0
    excerpts = []
    for hit, sentences in best.items():
        sentences.sort(key=lambda s: s.position)
        behind = tuple(s.score - most for s in sentences)
        phrases = tuple(s.phrases for s in sentences)
        excerpts.append(Excerpt(_title(hits[hit]), tuple(s.text for s in sentences), behind, phrases))
    return excerpts


def _title(hit: Hit) -> str:
    lines = (hit.passage.title, *hit.passage.chunk.headings)
    return " › ".join(dict.fromkeys(line for line in lines if line and not gives_orders(line)))
