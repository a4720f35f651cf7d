"""References of models: ``bundled:NAME``, a local folder, ``hf:ORG/NAME@REVISION``, ``openai:URL#MODEL``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from rag.errors import ModelError

Slot = Literal["embedding", "reranker", "generator", "verifier"]
SLOTS: tuple[Slot, ...] = get_args(Slot)
ReferenceKind = Literal["bundled", "folder", "hub", "openai"]

_FORMS = "bundled:NAME, a local folder, hf:ORG/NAME@REVISION or, for the generator, openai:URL#MODEL"
_HUB = re.compile(r"(?P<name>[\w.-]+/[\w.-]+)(?:@(?P<revision>[\w./-]+))?")


@dataclass(frozen=True, slots=True)
class Reference:
    """A model reference, taken apart.

    Args:
        text: As it was written.
        kind: Where the model is.
        name: Bundled name, folder, ``ORG/NAME`` on the hub, or the name that the server knows it by.
        revision: Branch, tag or commit on the hub; empty for the others.
        url: Base address of an OpenAI-compatible server; empty for the others.
    """

    text: str
    kind: ReferenceKind
    name: str
    revision: str = ""
    url: str = ""

    def folder(self, cache: Path) -> Path:
        """Return where a folder or hub model lies on this machine, whether or not it is there.

        Args:
            cache: The home's ``models`` folder, below which pulled models lie.
        """
        if self.kind == "hub":
            return cache / "hub" / f"{self.name.replace('/', '--')}@{self.revision.replace('/', '--')}"
        return Path(self.name).expanduser()


def parse(text: str, *, slot: Slot) -> Reference:
    """Return the parts of a model reference.

    Raises:
        ModelError: It is empty, its parts are malformed, or the slot cannot take its kind.
    """
    scheme, colon, rest = text.partition(":")
    if not text.strip():
        raise _malformed(text, slot)
    if colon and scheme == "bundled":
        if not rest:
            raise _malformed(text, slot)
        return Reference(text, "bundled", rest)
    if colon and scheme == "hf":
        match = _HUB.fullmatch(rest)
        if match is None:
            raise _malformed(text, slot)
        return Reference(text, "hub", match["name"], revision=match["revision"] or "main")
    if colon and scheme == "openai":
        return _parse_server(text, rest, slot)
    return Reference(text, "folder", text)


def _parse_server(text: str, rest: str, slot: Slot) -> Reference:
    url, _, model = rest.partition("#")
    if slot != "generator":
        raise ModelError(
            f"The slot {slot!r} cannot take {text!r}: only the generator may be a server.",
            hint="Use bundled:NAME, a local folder or hf:ORG/NAME@REVISION.",
        )
    try:
        server = urlsplit(url)
    except ValueError as exc:
        # Half of the brackets around an address, e.g. "http://[::1/v1".
        raise _malformed(text, slot) from exc
    if server.username or server.password:
        # Every receipt and its exports, saved runs and lists of models name the server as it is written.
        raise ModelError(
            f"The server of the {slot!r} at {server.hostname!r} is named with a user or a password.",
            hint="Leave them out of the address: a key stands in FOOTNOTE_OPENAI_API_KEY, where nothing shows it.",
        )
    if server.scheme not in {"http", "https"} or not server.netloc or not model:
        raise _malformed(text, slot)
    return Reference(text, "openai", model, url=url.rstrip("/"))


def _malformed(text: str, slot: Slot) -> ModelError:
    return ModelError(f"The slot {slot!r} names no model: {text!r}.", hint=f"Write it as {_FORMS}.")
