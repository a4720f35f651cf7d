"""Any causal language model through transformers, on the CPU or a graphics processor."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from rag.errors import ModelError
from rag.models.grounding import GroundedLogits, Grounding
from rag.models.machine import fast_bfloat16
from rag.models.units import passages_of
from rag.protocols import ChatMessage
from rag.types import ModelUse

if TYPE_CHECKING:
    from torch import Generator as Randomness
    from torch import LongTensor, Tensor
    from transformers import LogitsProcessorList, PreTrainedModel, PreTrainedTokenizerBase

# What a tokenizer decodes a character to whose last bytes are still to come.
_UNFINISHED = "\ufffd"
# What the prompts ask for where the passages do not answer.
_NO_ANSWER = "NO ANSWER"


class CausalGenerator:
    """A causal language model that writes one token at a time.

    The loop is here, not in the library's `generate`, so that a reader who stops reading stops the work: there is no
    thread behind it that would have to be ended. One forward pass runs at a time; several readers take turns.

    Args:
        folder: Folder of the model, as `save_pretrained` writes it.
        use: Reference and hash of the weights.
        grounded: Whether only words of the passages in a chat may be written, see `rag.models.units`.

    Raises:
        ModelError: The folder holds no causal language model with its tokenizer.
    """

    def __init__(self, folder: Path, *, use: ModelUse, grounded: bool = False) -> None:
        self._use = use
        self._grounded = grounded
        self._model, self._tokenizer = _load(folder)
        self._turn = threading.Lock()

    @property
    def use(self) -> ModelUse:
        """Reference and hash of the weights."""
        return self._use

    def stream(self, messages: Sequence[ChatMessage], *, max_tokens: int, seed: int) -> Iterator[str]:
        """Yield pieces of text as they are written, until the model ends its turn.

        The likeliest token is taken at each step, unless the model's own generation settings ask for sampling; then
        ``seed`` makes it repeatable.

        Args:
            messages: The chat so far.
            max_tokens: Longest answer.
            seed: Seed of sampling.

        Raises:
            ModelError: The chat is longer than the model can read, or the model fails.
        """
        import torch

        prompt: list[int] = self._tokenizer(self._prompt(messages), add_special_tokens=False)["input_ids"]
        limit = self._limit(len(prompt), max_tokens)
        chance = torch.Generator(device=self._model.device).manual_seed(seed)
        written: list[int] = []
        shown = ""
        grounded = self._grounding(messages, len(prompt)) if self._grounded else None
        for token in self._tokens(prompt, limit, chance, grounded):
            written.append(token)
            text = str(self._tokenizer.decode(written, skip_special_tokens=True))
            if not text.endswith(_UNFINISHED) and len(text) > len(shown):
                yield text[len(shown) :]
                shown = text

    def _tokens(
        self, prompt: list[int], limit: int, chance: Randomness, grounded: GroundedLogits | None
    ) -> Iterator[int]:
        import torch

        ends = self._ends()
        shape = self._sampling()
        ids = torch.tensor([prompt], device=self._model.device)
        past: Any = None
        for _ in range(limit):
            token, past = self._step(ids, past, shape, chance, grounded)
            if token in ends:
                return
            yield token
            ids = torch.cat([ids, torch.tensor([[token]], device=ids.device)], dim=1)

    def _step(
        self,
        ids: Tensor,
        past: object,
        shape: LogitsProcessorList | None,
        chance: Randomness,
        grounded: GroundedLogits | None,
    ) -> tuple[int, object]:
        import torch

        with self._turn, torch.inference_mode():
            try:
                output = self._model(
                    input_ids=ids if past is None else ids[:, -1:], past_key_values=past, use_cache=True
                )
            except RuntimeError as exc:
                raise ModelError(
                    f"The generator {self._use.ref!r} failed: {exc}.", hint="Choose a smaller model, or see the log."
                ) from exc
            logits = output.logits[:, -1].float()
            if grounded is not None:
                logits = grounded(ids, logits)
            if shape is None:
                return int(logits.argmax()), output.past_key_values
            chances = torch.softmax(shape(cast("LongTensor", ids), logits), dim=-1)
            return int(torch.multinomial(chances, 1, generator=chance)), output.past_key_values

    def _grounding(self, messages: Sequence[ChatMessage], n_prompt: int) -> GroundedLogits:
        """Return what lets only words of the passages of a chat through, and that there is no answer in them."""

        def encode(texts: Sequence[str]) -> Sequence[Sequence[int]]:
            ids: list[list[int]] = self._tokenizer(list(texts), add_special_tokens=False)["input_ids"]
            return ids

        question, evidence = passages_of([message.text for message in messages if message.role == "user"])
        return GroundedLogits(Grounding(question, evidence, encode, ends=self._ends(), extra=(_NO_ANSWER,)), n_prompt)

    def _sampling(self) -> LogitsProcessorList | None:
        """Return how the model's own settings shape sampling; ``None`` where the likeliest token is taken."""
        from transformers import LogitsProcessorList, TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

        settings = self._model.generation_config
        if settings is None or not settings.do_sample:
            return None
        shape = LogitsProcessorList()
        if settings.temperature:
            shape.append(TemperatureLogitsWarper(float(settings.temperature)))
        if settings.top_k:
            shape.append(TopKLogitsWarper(settings.top_k))
        if settings.top_p and settings.top_p < 1:
            shape.append(TopPLogitsWarper(settings.top_p))
        return shape

    def _ends(self) -> set[int]:
        settings = self._model.generation_config
        ends = settings.eos_token_id if settings is not None else None
        known = ends if isinstance(ends, list) else [ends]
        return {token for token in (*known, self._tokenizer.eos_token_id) if isinstance(token, int)}

    def _limit(self, n_prompt: int, max_tokens: int) -> int:
        window = getattr(self._model.config, "max_position_embeddings", None) or n_prompt + max_tokens
        if n_prompt >= window:
            raise ModelError(
                f"The prompt is too long for the generator {self._use.ref!r}: {n_prompt} tokens of at most {window}.",
                hint="Lower 'answer.passages', or choose a model with a longer window.",
            )
        return min(max_tokens, window - n_prompt)

    def _prompt(self, messages: Sequence[ChatMessage]) -> str:
        if not self._tokenizer.chat_template:
            return _plain(messages)
        from jinja2 import TemplateError

        try:
            return self._templated(messages)
        except TemplateError:
            # Some templates refuse a system message; its words then precede the first message of the person.
            try:
                return self._templated(_merged(messages))
            except TemplateError as exc:
                raise ModelError(
                    f"The chat template of {self._use.ref!r} refuses the messages: {exc}.",
                    hint="Choose a model with an ordinary chat template.",
                ) from exc

    def _templated(self, messages: Sequence[ChatMessage]) -> str:
        chat = [{"role": message.role, "content": message.text} for message in messages]
        # Models that would think aloud first are told not to; other templates ignore the flag.
        return str(
            self._tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True, enable_thinking=False)
        )


def _plain(messages: Sequence[ChatMessage]) -> str:
    """Return the chat in a form that a model without a chat template continues sensibly."""
    names = {"system": "", "user": "User: ", "assistant": "Assistant: "}
    return "\n\n".join([*(f"{names[message.role]}{message.text}" for message in messages), "Assistant:"])


def _merged(messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    system = "\n\n".join(message.text for message in messages if message.role == "system")
    others = [message for message in messages if message.role != "system"]
    if system and others:
        others[0] = ChatMessage(others[0].role, f"{system}\n\n{others[0].text}")
    return others


def _load(folder: Path) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    graphics = torch.cuda.is_available()
    kind = torch.bfloat16 if graphics or fast_bfloat16() else torch.float32
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model: Any = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True, dtype=kind)
    except (OSError, ValueError, KeyError, ImportError, RuntimeError, AttributeError, TypeError) as exc:
        # The library has no error of its own: a foreign architecture shows as any of these.
        raise ModelError(
            f"The slot 'generator' cannot load {str(folder)!r} as a causal language model: {exc}",
            hint="Check that the folder holds a causal language model and its tokenizer.",
        ) from exc
    model.requires_grad_(requires_grad=False).train(mode=False)
    return model.cuda() if graphics else model, tokenizer
