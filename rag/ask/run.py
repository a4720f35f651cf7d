"""One running question: what it has so far, its models, each watched, and what is done instead of one that fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from rag.ask.conversation.earlier import Said
from rag.ask.parts import AskChoices, AskParts
from rag.ask.standing.preferred import Preferred
from rag.ask.watched.models import WatchedEmbedder, WatchedHighlighter, WatchedReranker, WatchedVerifier
from rag.ask.watched.slots import Slot, Watch
from rag.ask.watched.streams import WatchedGenerator, WatchedWriter
from rag.confidence import Calibration, shipped
from rag.errors import ModelError, SettingsError
from rag.protocols import is_writer
from rag.types import AskProgress, AskStage, Evidence, Fallback, Mode, ModelUse, Query

_INSTEAD: Mapping[Slot, str] = {
    "embedding": "The embedding model failed: the documents were searched for words alone, not for meaning.",
    "reranker": "The reranker failed: the passages stand in the order of the searches.",
    "highlighter": "Sentences could not be read in their context: they were chosen by the words of the question.",
    "reader": "The reader failed: sentences were chosen without it.",
    "verifier": "The verifier failed: only sentences that stand to the letter in a document are shown.",
    "generator": "The language model failed: the documents are quoted instead.",
    "graph": "The connections between documents could not be followed: passages were found without them.",
}
_BROKE_OFF = "The language model broke off: what is shown was written and checked before."
_CALIBRATION = "The confidence is that of the calibration that comes with Footnote: the one set here cannot be read."
# What stands in the receipt in place of a model.
_REPLACED: Mapping[Slot, str] = {"generator": "bundled:quoted", "verifier": "to the letter"}


class Models:
    """The models of one question, each got when first used and watched.

    Args:
        parts: Gives them; a part that is missing raises.
        choices: With the time limits.
        on_fault: Told of each model that fails.
    """

    def __init__(self, parts: AskParts, choices: AskChoices, on_fault: Callable[[Slot], None]) -> None:
        self.watch = Watch(choices.model_timeout_s, on_fault)
        self.embedder = WatchedEmbedder(lambda: parts.embedder, self.watch)
        self.reranker = WatchedReranker(lambda: parts.reranker, self.watch)
        self.highlighter = WatchedHighlighter(lambda: parts.highlighter, self.watch)
        self.verifier = WatchedVerifier(lambda: parts.verifier, self.watch)
        self._parts = parts
        self._writing_s = choices.generator_timeout_s
        self._generator: WatchedGenerator | WatchedWriter | None = None

    def generator(self) -> WatchedGenerator | WatchedWriter | None:
        """Return the generator; ``None`` where the documents are quoted, on purpose or because it cannot be got."""
        try:
            got = self.watch.call("generator", lambda: self._parts.generator, timeout_s=self._writing_s)
        except ModelError:
            return None
        if got is None:
            return None
        if is_writer(got):
            writer = got
            self._generator = WatchedWriter(lambda: writer, self.watch, timeout_s=self._writing_s)
        else:
            generator = got
            self._generator = WatchedGenerator(lambda: generator, self.watch, timeout_s=self._writing_s)
        return self._generator

    def uses(self, *, with_reranker: bool) -> dict[str, ModelUse]:
        """Return what stands in the receipt for each slot."""
        used = {"embedding": self._use(self.embedder), "verifier": self._use(self.verifier)}
        if with_reranker:
            used["reranker"] = self._use(self.reranker)
        if self._generator is not None or "generator" in self.watch.faults:
            used["generator"] = self._use(self._generator)
        else:
            used["generator"] = ModelUse(_REPLACED["generator"], "")
        return used

    def _use(
        self, model: WatchedEmbedder | WatchedReranker | WatchedVerifier | WatchedGenerator | WatchedWriter | None
    ) -> ModelUse:
        slot: Slot = "generator" if model is None else model.slot
        known = None if model is None else model.known_use
        try:
            if slot not in self.watch.faults and model is not None:
                return known or model.use
        except ModelError:
            # Noted with the others.
            known = None
        of = f"instead of {known.ref}: " if known else ""
        return ModelUse(f"{_REPLACED.get(slot, 'none')} ({of}{self.watch.faults[slot]})", "")


@dataclass(slots=True)
class Run:
    """What a run has so far, so that a failure can still be told with it."""

    parts: AskParts
    choices: AskChoices
    on_progress: Callable[[AskProgress], None]
    index: str = ""
    revision: int = 0
    said: tuple[Said, ...] = ()
    query: Query | None = None
    evidence: Evidence | None = None
    preferred: Preferred | None = None
    prompt: str | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)
    models: Models = field(init=False)
    _at: AskStage = "understand"
    _calibration: Calibration | None = None
    _damaged: str = ""

    def __post_init__(self) -> None:
        """Watch the models."""
        self.models = Models(self.parts, self.choices, self._told)

    @contextmanager
    def stage(self, name: AskStage | Literal["total"]) -> Iterator[None]:
        """Tell of a stage and take its time."""
        if name != "total":
            self._at = name
            self.on_progress(AskProgress(name))
        began = time.perf_counter()
        try:
            yield
        finally:
            elapsed_ms = (time.perf_counter() - began) * 1000
            self.timings_ms[name] = self.timings_ms.get(name, 0.0) + elapsed_ms

    @property
    def calibration(self) -> Calibration:
        """The calibration; the shipped one where the other is damaged."""
        if self._calibration is None:
            try:
                self._calibration = self.parts.calibration
            except SettingsError as exc:
                self._calibration, self._damaged = shipped(), str(exc)
        return self._calibration

    def fallbacks(self, mode: Mode) -> tuple[Fallback, ...]:
        """Return what failed, and what was done instead."""
        failed = tuple(
            Fallback(slot, _BROKE_OFF if slot == "generator" and mode == "generated" else _INSTEAD[slot], str(error))
            for slot, error in self.models.watch.faults.items()
        )
        return (*failed, *((Fallback("calibration", _CALIBRATION, self._damaged),) if self._damaged else ()))

    def _told(self, slot: Slot) -> None:
        error = self.models.watch.faults[slot]
        self.on_progress(AskProgress(self._at, fallback=Fallback(slot, _INSTEAD[slot], str(error))))
