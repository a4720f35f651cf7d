"""The writer: a small model of our own that edits sentences of the evidence into an answer.

It reads question and evidence in one pass and says of each sentence whether it belongs into the answer, and of each
word whether it is worth keeping. The best sentences are taken over, without the parts that they can do without
(`rag.models.shortening`) and with a name for a pronoun that nothing before it explains (`rag.models.naming`). So it
says nothing that the evidence does not; its answers are verified like those of any other generator.

Source: docs/decisions/0035-a-writer-that-edits.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag import lexis
from rag.models.model_thread import shared_thread
from rag.models.naming import leans, meant, standing
from rag.models.pairs import Pair, PairModel
from rag.models.queue import BatchingQueue
from rag.models.shortening import shortened
from rag.models.tokens import read_tokenizer
from rag.models.writer_input import ReadSentence, WriterTokens
from rag.protocols import Excerpt
from rag.sentences import Span
from rag.types import ModelUse

if TYPE_CHECKING:
    from torch import Tensor

KIND = "writer"
HEADS = ("used", "kept")
# Tokens of one batch: two questions at once, at their longest.
_BATCH_TOKENS = 1024
# From what the model says of a sentence, and how far it is behind the one that answers best, to its chance to belong
# into the answer: weights of both logits and a constant, with and without the second (docs/decisions/0035).
_BOTH, _ALONE = (0.53, 0.36, 1.02), (0.86, 0.0, -0.3)
_LEAST_CHANCE = 1e-3
# A part of a sentence goes where its words are kept with less than this chance.
_LEAST_WORTH = 0.4
# Where no sentence has this chance, the evidence does not answer.
_ANSWERS = 0.15
# Of the sentences that lie no further behind the best quote, two are told of: which of them is meant is not known.
_AS_GOOD = 2.0
# Sources that were cut into words are set as people write.
_SPACED = (
    (re.compile(r"``\s*|\s*''"), '"'),
    (re.compile(r" +(?=[,;:.!?)\]%](?:[\s\"”’]|$)|'s\b)|(?<=[(\[$€£]) +"), ""),
)


# Number of an excerpt, and of a sentence in it.
_Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A sentence with what the model says of it.

    Args:
        read: Where it was read.
        text: As it stands.
        used: Chance that it belongs into the answer.
        behind: How far its score as a quote is behind the best; minus infinity where that is not known.
        kept: For each of its tokens the chance that an answer keeps it.
        phrases: Where the answer may stand in it.
    """

    read: ReadSentence
    text: str
    used: float
    behind: float
    kept: tuple[float, ...]
    phrases: tuple[Span, ...]

    @property
    def place(self) -> _Place:
        """Its excerpt, and its number in it."""
        return self.read.excerpt, self.read.number

    @property
    def size(self) -> int:
        """Words in it."""
        return max(1, lexis.n_words(self.text))

    def worth(self, start: int, end: int) -> float:
        """Return the mean chance that the words between two places are kept; 1 where there is none, or the answer."""
        if any(start < phrase.end and end > phrase.start for phrase in self.phrases):
            return 1.0
        chances = [
            chance
            for (begin, stop), chance in zip(self.read.offsets, self.kept, strict=True)
            if begin >= start and stop <= end and self.text[begin:stop].isalnum()
        ]
        return sum(chances) / len(chances) if chances else 1.0


class WriterModel:
    """A writer on the CPU; safe to call from many threads.

    Args:
        folder: With ``config.json``, ``model.safetensors`` and ``tokenizer.json``, as ``footnote train writer`` writes
            them.
        use: Reference and hash of the weights.
        threads: Threads of the arithmetic; 0 takes the cores that the process may use.

    Raises:
        ModelError: The folder holds no writer.
    """

    def __init__(self, folder: Path, *, use: ModelUse, threads: int = 0) -> None:
        from tokenizers import Tokenizer

        self._use = use
        self._model = PairModel(folder, kind=KIND, heads=HEADS, slot="generator")
        tokenizer = Tokenizer.from_str(read_tokenizer(folder))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokens = WriterTokens(tokenizer, max_tokens=self._model.max_tokens)
        self._queue = BatchingQueue[Pair, tuple[list[float], list[float]]](
            self._run, max_size=_BATCH_TOKENS, thread=shared_thread(threads)
        )

    @property
    def use(self) -> ModelUse:
        """Reference and hash of the weights."""
        return self._use

    def write(self, question: str, excerpts: Sequence[Excerpt], *, max_tokens: int) -> Iterator[str]:
        """Yield the sentences of an answer; none where the excerpts do not answer.

        Args:
            question: The question, standing alone.
            excerpts: Sentences of the evidence, the best passage first; what does not fit is left out.
            max_tokens: Longest answer, in words.
        """
        weighed = self._weighed(question, excerpts)
        if max((each.used for each in weighed), default=0.0) < _ANSWERS:
            return
        n_words, shown = 0, set[_Place]()
        names = {each.place: _meant(each, question, excerpts) for each in weighed}
        for each in _with_what_explains(_chosen(weighed), weighed, names):
            text = _told(each, names, shown)
            shown.add(each.place)
            n_words += lexis.n_words(text)
            if n_words > max_tokens and len(shown) > 1:
                return
            yield text

    def close(self) -> None:
        """Close the model; requests that still wait fail with `ModelError`."""
        self._queue.close()

    def _weighed(self, question: str, excerpts: Sequence[Excerpt]) -> list[_Weighed]:
        """Return the sentences that found room with what the model says of them."""
        read = self._tokens.read(question, excerpts)
        if not read.sentences:
            return []
        pair = Pair(read.ids, read.n_first, (), (), question)
        used, kept = self._queue.submit(KIND, [pair], [len(pair.ids)], urgency="question")[0]
        weighed = []
        for each in read.sentences:
            excerpt = excerpts[each.excerpt]
            behind = excerpt.behind[each.number : each.number + 1]
            weighed.append(
                _Weighed(
                    each,
                    excerpt.sentences[each.number],
                    _belongs(used[each.mark], behind),
                    sum(behind) if behind else -math.inf,
                    tuple(kept[each.mark + 1 : each.mark + 1 + len(each.offsets)]),
                    next(iter(excerpt.phrases[each.number : each.number + 1]), ()),
                )
            )
        return weighed

    def _run(self, _kind: str, pairs: list[Pair]) -> list[tuple[list[float], list[float]]]:
        """Return the chances of each token of each pair that `HEADS` gives."""
        import torch

        with torch.inference_mode():
            states = self._model.states(pairs)
            return [(self._chances("used", each), self._chances("kept", each)) for each in states]

    def _chances(self, head: str, states: Tensor) -> list[float]:
        import torch

        chances: list[float] = torch.sigmoid(self._model.head(head, states)[:, 0]).tolist()
        return chances


def _belongs(chance: float, behind: Sequence[float]) -> float:
    """Return the chance that a sentence belongs into the answer, of what the model and the choice of quotes say."""
    chance = min(max(chance, _LEAST_CHANCE), 1 - _LEAST_CHANCE)
    own, other, constant = _BOTH if behind else _ALONE
    logit = own * math.log(chance / (1 - chance)) + other * sum(behind) + constant
    return 1 / (1 + math.exp(-logit))


def _chosen(weighed: Sequence[_Weighed]) -> list[_Weighed]:
    """Return the sentences that make the expected overlap with a good answer largest, in reading order.

    The overlap is the F1 of words: twice what is right in what is said, by what is said and what should have been. The
    best quote is among them, and the next where it is as good.
    """
    worth = [each.used * each.size for each in weighed]
    wanted = sum(worth)
    order = sorted(range(len(weighed)), key=lambda n: (-weighed[n].used, n))
    best, n_best, right, said = 0.0, 1, 0.0, 0
    for n_taken, n in enumerate(order, 1):
        right += worth[n]
        said += weighed[n].size
        overlap = 2 * right / (said + wanted)
        if overlap > best:
            best, n_best = overlap, n_taken
    quotes = sorted(range(len(weighed)), key=lambda n: (-weighed[n].behind, n))[:2]
    as_good = {n for n in quotes if weighed[n].behind >= -_AS_GOOD}
    return [weighed[n] for n in sorted({*order[:n_best], *as_good})]


def _meant(each: _Weighed, question: str, excerpts: Sequence[Excerpt]) -> str:
    excerpt = excerpts[each.read.excerpt]
    return meant(question, excerpt.title, excerpt.sentences, each.read.number)


def _with_what_explains(
    chosen: Sequence[_Weighed], weighed: Sequence[_Weighed], names: Mapping[_Place, str]
) -> list[_Weighed]:
    """Return the chosen sentences, each with the one before it where nothing else says what it speaks of."""
    by_place = {each.place: each for each in weighed}
    taken = {each.place for each in chosen}
    for each in chosen:
        before = (each.place[0], each.place[1] - 1)
        if leans(each.text) and standing(each.text, names[each.place]) == each.text and before in by_place:
            taken.add(before)
    return [by_place[place] for place in sorted(taken)]


def _told(each: _Weighed, names: Mapping[_Place, str], shown: Container[_Place]) -> str:
    """Return a sentence as the answer says it."""
    text = shortened(each.text, each.worth, least=_LEAST_WORTH)
    if (each.place[0], each.place[1] - 1) not in shown:
        text = standing(text, names[each.place])
    for pattern, replaced in _SPACED:
        text = pattern.sub(replaced, text)
    return text
