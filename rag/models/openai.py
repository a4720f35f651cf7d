"""Any server that speaks OpenAI's chat completions: vLLM, Ollama, llama.cpp, ``transformers serve``."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rag.errors import ModelError
from rag.models.references import Reference
from rag.protocols import ChatMessage
from rag.types import ModelUse

if TYPE_CHECKING:
    from httpx import Client, Response

KEY_VARIABLES = ("FOOTNOTE_OPENAI_API_KEY", "OPENAI_API_KEY")
_CONNECT_S = 10.0
# A server that works on a long prompt may be silent for long before the first word.
_SILENCE_S = 120.0
_SHOWN_CHARACTERS = 300


def api_key(environment: Mapping[str, str] | None = None) -> str:
    """Return the key for the server from the environment, without blanks around it; empty where none is set.

    Raises:
        ModelError: It has characters that no header can carry; they are not told.
    """
    variables = os.environ if environment is None else environment
    name = next((name for name in KEY_VARIABLES if variables.get(name, "").strip()), "")
    key = variables[name].strip() if name else ""
    if not (key.isascii() and key.isprintable()):
        raise ModelError(
            f"The key in {name!r} has characters other than letters, digits and signs of ASCII.",
            hint="Set it again, as the server gave it.",
        )
    return key


class OpenAIGenerator:
    """A language model behind a server's ``/chat/completions``.

    Args:
        reference: Address of the server and the name that it knows the model by.
        key: Sent as bearer token; none is sent when empty.
        connect_s: Longest time to connect, in seconds.
        silence_s: Longest silence of the server before an answer is given up, in seconds.
    """

    def __init__(
        self, reference: Reference, *, key: str = "", connect_s: float = _CONNECT_S, silence_s: float = _SILENCE_S
    ) -> None:
        import httpx

        self._reference = reference
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        timeout = httpx.Timeout(silence_s, connect=connect_s)
        self._client: Client = httpx.Client(base_url=reference.url, headers=headers, timeout=timeout)

    @property
    def use(self) -> ModelUse:
        """The reference; the weights of a remote model are not known."""
        return ModelUse(self._reference.text, "")

    def stream(self, messages: Sequence[ChatMessage], *, max_tokens: int, seed: int) -> Iterator[str]:
        """Yield pieces of text as the server sends them; the connection closes when the reader stops.

        Raises:
            ModelError: The server cannot be reached, refuses, falls silent, or sends something else than a complete
                stream of a chat completion.
        """
        import httpx

        body = {
            "model": self._reference.name,
            "messages": [{"role": message.role, "content": message.text} for message in messages],
            "max_tokens": max_tokens,
            "seed": seed,
            "temperature": 0,
            "stream": True,
        }
        try:
            with self._client.stream("POST", "/chat/completions", json=body) as response:
                self._check(response)
                yield from self._pieces(response)
        except httpx.TimeoutException as exc:
            raise self._error(
                "did not answer in time", "Look whether it is overloaded, or choose a smaller model."
            ) from exc
        except httpx.HTTPError as exc:
            raise self._error(
                f"cannot be reached or broke off: {exc}", "Look whether the server runs at that address."
            ) from exc

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _check(self, response: Response) -> None:
        if response.is_success:
            return
        response.read()
        said = " ".join(response.text[:_SHOWN_CHARACTERS].split())
        hints = {
            401: f"Set {KEY_VARIABLES[0]} to a key that the server takes.",
            403: f"Set {KEY_VARIABLES[0]} to a key that may use this model.",
            404: "Check address and model name; the address usually ends in /v1.",
            429: "Wait, or raise the limit at the server.",
        }
        hint = hints.get(response.status_code, "See the log of the server.")
        raise self._error(f"refused with status {response.status_code}: {said or response.reason_phrase}", hint)

    def _pieces(self, response: Response) -> Iterator[str]:
        complete = False
        for line in _lines(response):
            field, _, value = line.partition(":")
            if field != "data":
                continue
            if value.strip() == "[DONE]":
                return
            text, ended = self._read(value)
            complete = complete or ended
            if text:
                yield text
        if not complete:
            raise self._error("ended its stream before the answer was complete", "Ask again.")

    def _read(self, value: str) -> tuple[str, bool]:
        """Return the text of one event of the stream, and whether it is the last with any."""
        try:
            event: Any = json.loads(value)
            if error := event.get("error"):
                raise self._error(f"reports an error: {error}", "See the log of the server.")
            if not event["choices"]:
                return "", False
            choice = event["choices"][0]
            return str((choice.get("delta") or {}).get("content") or ""), choice.get("finish_reason") is not None
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as exc:
            raise self._error(
                f"sent something else than a chat completion: {value[:_SHOWN_CHARACTERS]!r}",
                "Check that the address is that of an OpenAI-compatible server.",
            ) from exc

    def _error(self, what: str, hint: str) -> ModelError:
        return ModelError(f"The server of the generator {self._reference.text!r} {what}.", hint=hint)


def _lines(response: Response) -> Iterator[str]:
    """Yield the lines of a stream: other signs than a line feed that may end a line stand within what is written."""
    rest = ""
    for text in response.iter_text():
        *whole, rest = (rest + text).split("\n")
        yield from whole
    yield rest
