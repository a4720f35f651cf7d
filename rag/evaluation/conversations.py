"""Conversations with labelled follow-up questions: ``conversations.jsonl`` beside a labelled set.

A line is a question of a conversation with everything said before it::

    {"_id": "CONVERSATION_N", "turns": ["user:…", "agent:…", …, "user:…"], "answers": ["…"], "document": "…"}

``turns`` are oldest first, the last is the question; ``document`` is the id of the document that answers it and
``answers`` its words that do, to the letter but for white space and punctuation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rag.errors import InputError
from rag.evaluation.dataset import LabelledSet, lines_of
from rag.evaluation.runner import Half, half_of

CONVERSATIONS = "conversations.jsonl"
_PERSON = "user:"
_LAYOUT = 'Write {"_id": "C_3", "turns": ["user:…", "agent:…", "user:…"], "answers": ["…"], "document": "…"} a line.'


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A labelled question of a conversation.

    Args:
        id: Its id.
        text: The question.
        before: Earlier questions, oldest first.
        said: All that was said before by both sides, oldest first.
        answered: What the document said to the labelled questions before, oldest first.
        answers: Words of the document that answer.
        document: Id of the document that answers, in the set.
    """

    id: str
    text: str
    before: tuple[str, ...]
    said: tuple[str, ...]
    answered: tuple[tuple[str, ...], ...]
    answers: tuple[str, ...]
    document: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """The labelled follow-ups of a conversation by their place from 0 among its questions."""

    id: str
    labelled: Mapping[int, FollowUp]

    @property
    def questions(self) -> tuple[str, ...]:
        """All questions up to the last labelled one, oldest first."""
        last = self.labelled[max(self.labelled)]
        return (*last.before, last.text)


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str = Field(alias="_id", min_length=1)
    turns: tuple[str, ...] = Field(min_length=1)
    answers: tuple[str, ...] = ()
    document: str


def read_conversations(folder: Path, labelled: LabelledSet) -> tuple[Conversation, ...]:
    """Return the conversations beside a labelled set, by id.

    Args:
        folder: Folder of the set.
        labelled: The set, whose documents the questions name. The answer to a first question is taken from it.

    Raises:
        InputError: There is no such file, it is not UTF-8, a line is malformed or names a document that is not there,
            or no question follows another.
    """
    path = folder.expanduser() / CONVERSATIONS
    if not path.is_file():
        raise InputError(f"There is no file {str(path)!r}.", hint=_LAYOUT)
    documents = {document.id for document in labelled.corpus} or set(labelled.files)
    lines: dict[str, list[_Line]] = {}
    for number, text in lines_of(path):
        line = _line(text, f"{str(path)!r}, line {number}", documents)
        lines.setdefault(line.id.rpartition("_")[0] or line.id, []).append(line)
    firsts = {_key(query.text): tuple(map(str, query.metadata.get("answers") or ())) for query in labelled.queries}
    conversations = [_conversation(name, lines[name], firsts) for name in sorted(lines)]
    found = tuple(conversation for conversation in conversations if conversation.labelled)
    if not found:
        raise InputError(f"No question in {str(path)!r} follows another.", hint=_LAYOUT)
    return found


def sample(conversations: Sequence[Conversation], *, limit: int, half: Half | None = None) -> tuple[Conversation, ...]:
    """Return whole conversations in the order of the hashes of their ids, the same in every run, up to a limit.

    Args:
        conversations: All.
        limit: Most labelled follow-ups; what the last conversation has beyond them is not counted.
        half: Only those about one half of the documents, see `rag.evaluation.runner.half_of`.

    Raises:
        InputError: None is about that half.
    """
    chosen = [each for each in conversations if half is None or half_of(_document(each)) == half]
    if not chosen:
        raise InputError(f"No conversation is about the {half} half of the documents.", hint="Leave --half out.")
    chosen.sort(key=lambda each: hashlib.sha256(each.id.encode()).digest())
    kept: list[Conversation] = []
    for each in chosen:
        if limit <= 0:
            break
        labelled = dict(sorted(each.labelled.items())[:limit])
        kept.append(Conversation(each.id, labelled))
        limit -= len(labelled)
    return tuple(kept)


def _document(conversation: Conversation) -> str:
    return next(iter(conversation.labelled.values())).document


def _line(text: str, place: str, documents: set[str]) -> _Line:
    try:
        line = _Line.model_validate_json(text)
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InputError(f"{place}: {where or 'the line'}: {first['msg']}.", hint=_LAYOUT) from exc
    if not line.turns[-1].startswith(_PERSON):
        raise InputError(f"{place}: the last turn is not the person's.", hint=_LAYOUT)
    if line.document not in documents:
        raise InputError(f"{place}: there is no document {line.document!r} in the set.", hint="Mend the id.")
    return line


def _conversation(name: str, lines: Sequence[_Line], firsts: Mapping[str, tuple[str, ...]]) -> Conversation:
    questions = {len(asked) - 1: (line, asked) for line in lines if (asked := _asked(line.turns))}
    labelled: dict[int, FollowUp] = {}
    answered: list[tuple[str, ...]] = []
    for place, (line, (*before, text)) in sorted(questions.items()):
        if before:
            first = firsts.get(_key(before[0]), ())
            given = (first, *answered) if first and 0 not in questions else tuple(answered)
            said = tuple(turn.partition(":")[2].strip() for turn in line.turns[:-1])
            labelled[place] = FollowUp(line.id, text, tuple(before), said, given, line.answers, line.document)
        answered.append(line.answers)
    return Conversation(name, labelled)


def _key(question: str) -> str:
    return " ".join(question.split())


def _asked(turns: Sequence[str]) -> tuple[str, ...]:
    return tuple(turn.removeprefix(_PERSON).strip() for turn in turns if turn.startswith(_PERSON))
