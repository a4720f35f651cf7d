"""The writer: a small model of our own that puts sentences of the evidence into an answer.

It can say only what `rag.models.units` lets it: words of the evidence and the question, function words, and numbers,
codes and names whole. Its answers are verified like those of any other generator.

Source: docs/decisions/0026-a-writer.md.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ModelError
from rag.models.grounding import Grounding, Walk
from rag.models.machine import use_threads
from rag.models.pairs import OWN, WEIGHTS, Pair, PairModel, own_config
from rag.models.surface import spelled
from rag.models.tokens import read_tokenizer
from rag.models.writer_decoder import Decoder
from rag.models.writer_input import Task, WriterInput, WriterTokens
from rag.protocols import Excerpt
from rag.sentences import sentence_spans
from rag.types import ModelUse

if TYPE_CHECKING:
    from torch import Tensor

KIND = "writer"
_SLOT = "generator"
_STOPS = frozenset(".!?")
# So many tokens never stand twice in one text: small models go round in circles.
_NO_REPEAT = 5
_QUESTION_TOKENS = 64
# Chance from which it is written that there is no answer.
_REFUSES = 0.5


class WriterModel:
    """A writer on the CPU; safe to call from many threads, one step of one text at a time.

    Args:
        folder: With ``config.json``, ``model.safetensors`` and ``tokenizer.json``, as ``footnote train writer`` writes
            them.
        use: Reference and hash of the weights.
        threads: Threads of the arithmetic; 0 takes the cores that the process may use.
        grounded: Whether only grounded text may be written; for measurements.

    Raises:
        ModelError: The folder holds no writer.
    """

    def __init__(self, folder: Path, *, use: ModelUse, threads: int = 0, grounded: bool = True) -> None:
        from safetensors.torch import load_file
        from tokenizers import Tokenizer

        self._use = use
        self._threads = threads
        self._grounded = grounded
        config = own_config(folder, kind=KIND, slot=_SLOT)
        self._encoder = PairModel(folder, kind=KIND, heads=(), slot=_SLOT)
        tokenizer = Tokenizer.from_str(read_tokenizer(folder))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokens = WriterTokens(tokenizer, max_tokens=self._encoder.max_tokens)
        try:
            self._decoder = Decoder(
                load_file(folder / WEIGHTS),
                n_layers=int(config[OWN]["decoder_layers"]),
                n_heads=int(config["num_attention_heads"]),
                epsilon=float(config["layer_norm_eps"]),
            )
        except KeyError as exc:
            raise ModelError(
                f"The slot {_SLOT!r} needs a {KIND} in {str(folder)!r}, but {exc.args[0]!r} is missing.",
                hint="Train or install it again, weights and configuration together.",
            ) from exc
        self._turn = threading.Lock()

    @property
    def use(self) -> ModelUse:
        """Reference and hash of the weights."""
        return self._use

    def write(
        self, question: str, excerpts: Sequence[Excerpt], *, max_tokens: int, brief: bool = False
    ) -> Iterator[str]:
        """Yield the sentences of an answer as they are written; none where the excerpts do not answer.

        Args:
            question: The question, standing alone.
            excerpts: Sentences of the evidence, the best passage first; what does not fit is left out.
            max_tokens: Longest answer; a sentence that does not come to its end is left out.
            brief: Whether the answer is to be one short sentence.
        """
        task: Task = "brief" if brief else "answer"
        read = self._tokens.read(task, question, excerpts)
        evidence = [text for each in excerpts for text in (each.title, *each.sentences)]
        written: list[int] = []
        n_shown = 0
        for token in self._written(read, question, evidence, max_tokens):
            stopped = bool(written) and self._piece(written[-1]) in _STOPS
            written.append(token)
            if stopped:
                sentences = self._sentences(written, read)
                yield from sentences[n_shown:-1]
                n_shown = max(n_shown, len(sentences) - 1)
        sentences = self._sentences(written, read)
        whole = sentences if not written or self._stops(written) else sentences[:-1]
        yield from whole[n_shown:]

    def stand_alone(self, question: str, history: Sequence[str]) -> str:
        """Return a question with what it leaves out of the questions before it; as it is where nothing was written.

        Args:
            question: A follow-up.
            history: Earlier questions, oldest first.
        """
        read = self._tokens.read("follow-up", question, [Excerpt("", tuple(history))])
        written = list(self._written(read, question, [*history, question], _QUESTION_TOKENS, extra=("?",)))
        return spelled(written, self._tokens.pieces(written), read.sources) or question

    def close(self) -> None:
        """Nothing waits: each text is written by who asks for it."""

    def _written(
        self, read: WriterInput, question: str, evidence: Sequence[str], most: int, *, extra: Sequence[str] = ()
    ) -> Iterator[int]:
        """Yield the likeliest tokens one after the other, until the end or a refusal."""
        import torch

        tokens = self._tokens
        grounding = Grounding(
            question,
            evidence,
            tokens.encode,
            ends=(tokens.end,),
            first=(tokens.refusal,),
            extra=extra,
            spaces=False,
        )
        with self._turn, torch.inference_mode():
            use_threads(self._threads)
            pair = Pair(read.ids, read.n_first, (), (), question)
            source = self._encoder.states([pair])[0]
            writing = self._decoder.begin(read.ids, read.copied, source, (*grounding.tokens, *grounding.ends))
        walk = grounding.begin()
        written: list[int] = []
        token = tokens.begin
        for _ in range(min(most, self._decoder.max_target - 1)):
            with self._turn, torch.inference_mode():
                chances = self._decoder.step(writing, token)
            allowed = self._allowed(walk, written)
            if allowed and not written and not self._refuses(chances, writing.candidates):
                allowed.discard(tokens.refusal)
            token = self._likeliest(chances, writing.candidates, allowed)
            if token in (tokens.end, tokens.refusal):
                return
            yield token
            written.append(token)
            walk.take(token)

    def _refuses(self, chances: Tensor, candidates: Tensor) -> bool:
        """Tell whether a refusal is likelier than all answers together; each of those begins in another way."""
        import torch

        return float(chances[torch.searchsorted(candidates, torch.tensor(self._tokens.refusal))]) > _REFUSES

    def _allowed(self, walk: Walk, written: Sequence[int]) -> set[int] | None:
        """Return what may come next; ``None`` where anything may."""
        repeated = _repeated(written)
        if not self._grounded:
            return None
        allowed = walk.allowed()
        # A sentence comes to its end before the text does.
        if written and not self._stops(written) and len(allowed) > 1:
            allowed -= {self._tokens.end}
        return (allowed - repeated) or {self._tokens.end}

    @staticmethod
    def _likeliest(chances: Tensor, candidates: Tensor, allowed: set[int] | None) -> int:
        import torch

        if allowed is None:
            return int(candidates[chances.argmax()])
        places = torch.searchsorted(candidates, torch.tensor(sorted(allowed)))
        return int(candidates[places[chances[places].argmax()]])

    def _sentences(self, written: Sequence[int], read: WriterInput) -> list[str]:
        text = spelled(written, self._tokens.pieces(written), read.sources)
        return [text[span.start : span.end] for span in sentence_spans(text)]

    def _piece(self, token: int) -> str:
        return self._tokens.pieces([token])[0]

    def _stops(self, written: Sequence[int]) -> bool:
        """Tell whether a text ends like a sentence; a quotation mark or bracket may stand behind the stop."""
        last = [self._piece(token) for token in written[-2:]]
        return last[-1] in _STOPS or (last[-1] in "\"')”" and last[0] in _STOPS)


def _repeated(written: Sequence[int]) -> set[int]:
    """Return the tokens that would repeat what was written."""
    n = _NO_REPEAT - 1
    if len(written) <= n:
        return set()
    last = tuple(written[-n:])
    return {written[at + n] for at in range(len(written) - n) if tuple(written[at : at + n]) == last}
