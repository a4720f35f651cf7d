"""The policy: one readable file in the home directory, checked to the last key, with its version and hash.

`read_policy` gives it, `rule_on` says what it asks for one question.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    StrictBool,
    StrictFloat,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from rag import lexis
from rag.errors import SettingsError
from rag.protocols import Embedder
from rag.safety.contacts import with_a_contact
from rag.safety.mistakes import explained, not_readable, not_toml
from rag.safety.personal import MASKED, Kind
from rag.safety.questions import broken_by_question
from rag.safety.wording import speaks_of
from rag.types import Float32Array, ModelUse, Role

NAME = "policy.toml"

# Nobody gives the names of people that could be masked. A policy may still name the kind: the default one once did.
_MASKED: frozenset[Kind] = MASKED - {"PERSON"}

_KEPT: dict[tuple[str, tuple[str, ...]], Float32Array] = {}
"""Vectors of examples by model and words: a policy has few, and each is asked of every question."""


def _with_words(text: str) -> str:
    if not lexis.words(text):
        raise ValueError(f"expected a text with a letter or digit, got {text!r}")
    return text


_Said = Annotated[str, AfterValidator(_with_words)]
"""A text that says something."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Matter(_Part):
    """What a topic or a caveat is about.

    Args:
        name: Short, for people.
        words: Words and phrases; one of them is enough, in the ways in which `speaks_of` finds them.
        examples: Questions of the kind that is meant.
        threshold: Cosine to an example from which a question is of that kind.
    """

    name: _Said
    words: tuple[_Said, ...] = ()
    examples: tuple[_Said, ...] = ()
    threshold: StrictFloat = Field(0.6, gt=0, le=1)

    @model_validator(mode="after")
    def _has_signs(self) -> Matter:
        if not self.words and not self.examples:
            raise ValueError("needs 'words' or 'examples'")
        return self


class Topic(Matter):
    """What is not answered here."""

    action: Literal["refuse", "hand_over"]
    to: str = Field("", validate_default=True)
    message: str = ""

    @field_validator("to")
    @classmethod
    def _fits_the_action(cls, to: str, info: ValidationInfo) -> str:
        action = info.data.get("action")
        if action == "hand_over" and not lexis.words(to):
            raise ValueError(f"expected the person or desk that it is handed over to, got {to!r}")
        if action == "refuse" and to:
            raise ValueError(
                f"expected none beside action = 'refuse', got {to!r}; leave it out, or set action = 'hand_over'"
            )
        return to

    @property
    def told(self) -> str:
        """What the person reads."""
        if self.message.strip():
            return self.message
        if self.action == "hand_over":
            return f"Questions on {self.name} are answered by a person here: {self.to}."
        return f"Questions on {self.name} are not answered here. Ask something else, or ask the owner of the policy."


class Caveat(Matter):
    """What must be said beside an answer."""

    text: _Said


class Answers(_Part):
    """What holds for every answer."""

    min_confidence: StrictFloat | None = Field(None, ge=0, le=1)
    refuse_overrides: StrictBool = True


class Masking(_Part):
    """Which personal data is masked where.

    Args:
        contacts: The desk's own, which copies keep; see `rag.safety.contacts.foreign`.
    """

    logs: frozenset[Kind] = _MASKED
    copies: frozenset[Kind] = _MASKED
    exports: frozenset[Kind] = _MASKED
    contacts: tuple[Annotated[str, AfterValidator(with_a_contact)], ...] = ()


class Visible(_Part):
    """Which roles see what."""

    nearest_passages: frozenset[Role] = frozenset(get_args(Role))


class Policy(_Part):
    """A checked policy."""

    version: _Said
    answers: Answers = Answers()
    masking: Masking = Masking()
    visible: Visible = Visible()
    topics: tuple[Topic, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    _sha256: str = PrivateAttr("")

    @field_validator("topics")
    @classmethod
    def _agree(cls, topics: tuple[Topic, ...]) -> tuple[Topic, ...]:
        first: dict[str, tuple[int, Topic]] = {}
        for n, topic in enumerate(topics):
            earlier, other = first.setdefault(lexis.squeezed(topic.name), (n, topic))
            if (other.action, other.to) != (topic.action, topic.to):
                raise PydanticCustomError(
                    "value_error",
                    "expected what topics.{earlier} of the same name says ({said}), got {got}; make them agree, or "
                    "give one another name",
                    {"at": (n, "action"), "earlier": earlier + 1, "said": _done(other), "got": _done(topic)},
                )
        return topics

    @property
    def use(self) -> ModelUse:
        """Version and hash, as receipts name them."""
        return ModelUse(f"policy:{self.version}", self._sha256)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the policy asks for one question.

    Args:
        refusal: What the person reads instead of an answer; empty where the question may be answered.
        notes: What must stand below the answer.
    """

    refusal: str = ""
    notes: tuple[str, ...] = ()

    def joined(self, other: Ruling) -> Ruling:
        """Return what holds where both do: the refusal of either, and the notes of both, each once."""
        return Ruling(self.refusal or other.refusal, tuple(dict.fromkeys((*self.notes, *other.notes))))


def read_policy(path: Path) -> Policy:
    """Return the policy of a file, or the default where there is none.

    Raises:
        SettingsError: Something in it is wrong; the error says on which line.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return parse_policy(resources.files(__package__).joinpath(NAME).read_bytes(), NAME)
    except OSError as exc:
        raise SettingsError(f"The policy {str(path)!r} cannot be read: {exc.strerror}.", hint="Check it.") from exc
    return parse_policy(content, str(path))


def default_text() -> str:
    """Return the text of the default policy."""
    return resources.files(__package__).joinpath(NAME).read_text(encoding="utf-8")


def rule_on(question: str, policy: Policy, embedder: Embedder) -> Ruling:
    """Return what the policy asks for a question.

    Args:
        question: Its words, without control characters.
        policy: The policy.
        embedder: Gives the vectors of question and examples; not asked where no topic has examples.
    """
    if policy.answers.refuse_overrides and (reason := broken_by_question(question)):
        return Ruling(
            f"The question {reason}, which is not answered here. Ask about what the documents say, in plain words."
        )
    matters: tuple[Matter, ...] = (*policy.topics, *policy.caveats)
    vector = embedder.embed([question])[0] if any(matter.examples for matter in matters) else None
    for topic in policy.topics:
        if _concerns(question, vector, topic, embedder):
            return Ruling(topic.told)
    return Ruling(notes=tuple(c.text for c in policy.caveats if _concerns(question, vector, c, embedder)))


def _concerns(question: str, vector: Float32Array | None, matter: Matter, embedder: Embedder) -> bool:
    if speaks_of(question, matter.words):
        return True
    if vector is None or not matter.examples:
        return False
    return float((_vectors(matter.examples, embedder) @ vector).max()) >= matter.threshold


def _vectors(examples: tuple[str, ...], embedder: Embedder) -> Float32Array:
    key = (embedder.use.sha256, examples)
    if key not in _KEPT:
        _KEPT[key] = embedder.embed(examples)
    return _KEPT[key]


@lru_cache(maxsize=8)
def parse_policy(content: bytes, name: str) -> Policy:
    """Return the policy of the content of a file.

    Args:
        content: UTF-8, with or without a mark at its beginning.
        name: What errors call the file.

    Raises:
        SettingsError: Something in it is wrong; the error says on which line.
    """
    try:
        text = content.decode("utf-8-sig")
        policy = Policy.model_validate(tomllib.loads(text))
    except UnicodeDecodeError as exc:
        raise SettingsError(f"The policy {name!r} is not UTF-8 text.", hint="Save it as UTF-8.") from exc
    except tomllib.TOMLDecodeError as exc:
        why = not_toml(str(exc), content.decode("utf-8-sig"))
        raise SettingsError(f"The policy {name!r} is not TOML: {why}", hint="Mend that line.") from exc
    except ValidationError as exc:
        mistakes = [explained(error, text, keys=_keys()) for error in exc.errors()]
        raise SettingsError(
            f"The policy {name!r} has {len(mistakes)} mistake{'s' * (len(mistakes) > 1)}: {' '.join(mistakes)}",
            hint="Mend it, then run `footnote policy check`.",
        ) from exc
    except (ValueError, RecursionError) as exc:
        why = not_readable(exc, text)
        raise SettingsError(f"The policy {name!r} cannot be read: {why}", hint="Mend that line.") from exc
    policy._sha256 = hashlib.sha256(content).hexdigest()  # noqa: SLF001 - pydantic's way to keep what is no field
    return policy


def _done(topic: Topic) -> str:
    return f"action = {topic.action!r}" + (f", to = {topic.to!r}" if topic.to else "")


def _keys() -> list[str]:
    return sorted({key for part in (Policy, Answers, Masking, Visible, Topic, Caveat) for key in part.model_fields})


def describe(policy: Policy) -> dict[str, Any]:
    """Return a policy as JSON, with its hash."""
    return {**policy.model_dump(mode="json"), "sha256": policy.use.sha256}
