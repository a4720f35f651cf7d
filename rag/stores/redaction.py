"""How stored answers and judgements forget a document: what they quote of it goes, ids, spans and hashes stay.

A record is JSON of any shape. A mapping belongs to the document when it names it (``document``,
``document_id``, ``chunk`` or ``chunk_id``); a statement belongs to it when one of its citations does, and so does a
question that was completed with its words.
The words of such mappings are blanked. So are the answer as a whole and each that was weighed, where they rest on the
document, the texts that may be made of any that was read (cut sentences, messages, readings, choices), and any longer
string that stands to the letter in the document.
The salt is drawn anew: nobody can try out words until the digest of the record of before comes out.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from sqlalchemy import Connection, select, update

from rag.stores import chain
from rag.stores.chunk_rows import batches
from rag.stores.judgement_entries import enter_judgement
from rag.stores.schema import answer_sources, answers, conversations, documents, feedback, versions
from rag.types import document_of

_NAMES = ("document", "document_id", "chunk", "chunk_id", "source_id")
_WORDS = frozenset(
    {"text", "quote", "title", "headings", "context", "name", "source", "answer", "snippet", "repaired_from"}
)
# The way to a passage of another document may lead through entities of this one, and its headings may be a choice.
_TRAILS = frozenset({"path", "choices", "set_back"})
_COMPOSED = frozenset({"answer", "readings", "cut", "message", "notes", "draft", "sentences"})
# What was read off a question, beside the words that a person typed.
_READ = frozenset({"terms", "codes", "phrases", "numbers", "dates", "negated", "subqueries", "choices", "spelling"})
_MIN_QUOTE = 12


def sources(record: object) -> set[str]:
    """Return the ids of all documents that a record names anywhere."""
    return {document_of(name) for mapping in _mappings(record) for name in _named(mapping)}


def redact_answers(connection: Connection, document_id: str, *, at: str) -> None:
    """Take what stored answers hold of a document out of them, note when, and add each change to the ledger.

    Args:
        connection: Open transaction, in which the document's versions are still there.
        document_id: The document that is being removed.
        at: Time of the removal.
    """
    texts = connection.scalars(select(versions.c.text).where(versions.c.document_id == document_id)).all()
    titles = connection.scalars(select(versions.c.title).where(versions.c.document_id == document_id)).all()
    query = (
        select(answers.c.receipt, answers.c.record, answers.c.question, answers.c.conversation)
        .join(answer_sources, answer_sources.c.receipt == answers.c.receipt)
        .where(answer_sources.c.document_id == document_id)
        .distinct()
        .order_by(answers.c.key)
    )
    for receipt, record, question, conversation in connection.execute(query).all():
        redacted = redact(json.loads(record), document_id, texts=[*texts, *titles], at=at)
        redacted["salt"] = secrets.token_hex(16)
        connection.execute(
            update(answers)
            .where(answers.c.receipt == receipt)
            .values(record=json.dumps(redacted), question=redacted.get("question", question), redacted_at=at)
        )
        # A conversation is called as its first question.
        called = (conversations.c.id == conversation) & (conversations.c.title == question)
        connection.execute(update(conversations).where(called).values(title=redacted.get("question", question)))
        chain.append(connection, "redaction", receipt, redacted)


def forget_gone(
    connection: Connection, record: Mapping[str, object], named: Iterable[tuple[str, str]], *, at: str
) -> tuple[dict[str, object], tuple[str, ...]]:
    """Return a record that is about to be stored without the words of documents that were removed since they were read.

    Their text is gone already: a string without an id beside it is compared with what the record quotes of them.

    Args:
        connection: Open transaction for writing, in which the record will be stored.
        record: JSON form of an answer.
        named: Document and version of everything in it; the version is empty where only the document is known.
        at: Time of the note.

    Returns:
        The record, and the ids of the documents that are gone.
    """
    gone = _gone(connection, set(named))
    kept = dict(record)
    for document_id in gone:
        kept = redact(kept, document_id, texts=list(_words(record, document_id)), at=at)
    return kept, gone


def redact_feedback(connection: Connection, document_id: str, *, at: str) -> None:
    """Take what people wrote of a document out of their judgements, note when, and add each change to the ledger.

    They may have copied the expected answer from the passage that they chose or, where they chose none, from any that
    the answer showed; a longer text that stands in the document to the letter goes in any case, and so does a
    question that was written anew. Judgements of answers in other spaces stay as they are.

    Args:
        connection: Open transaction, in which the document's versions and the answers' sources are still there.
        document_id: The document that is being removed.
        at: Time of the removal.
    """
    texts = connection.execute(
        select(versions.c.text, versions.c.title).where(versions.c.document_id == document_id)
    ).all()
    words = [text for version in texts for text in version]
    read = (
        select(answers.c.receipt, answers.c.record, answers.c.question, answers.c.conversation)
        .join(answer_sources, answer_sources.c.receipt == answers.c.receipt)
        .where(answer_sources.c.document_id == document_id)
    )
    # What was read and not shown cannot have been copied; the note of its removal does not show it.
    records = ((row.receipt, {**json.loads(row.record), "redactions": []}) for row in connection.execute(read))
    shown = {receipt for receipt, record in records if document_id in sources(record)}
    space = connection.scalar(select(documents.c.space).where(documents.c.id == document_id))
    # Who judges an answer of another space has not seen the document; the same words there are their own.
    with_words = (
        select(feedback)
        .join(answers, answers.c.receipt == feedback.c.receipt)
        .where((feedback.c.expected != "") | (feedback.c.question != ""))
        .where((answers.c.space == space) | (feedback.c.document_id == document_id))
    )
    for row in connection.execute(with_words.order_by(feedback.c.key)).all():
        chosen = row.document_id == document_id or (row.document_id is None and row.receipt in shown)
        kept = {
            "expected": "" if chosen or _stands(row.expected, words) else row.expected,
            "question": "" if _stands(row.question, words) else row.question,
        }
        if (kept["expected"], kept["question"]) != (row.expected, row.question):
            changed = {**kept, "redacted_at": at, "salt": secrets.token_hex(16)}
            connection.execute(update(feedback).where(feedback.c.key == row.key).values(changed))
            enter_judgement(connection, "judgement_redaction", row.key)


def redact(record: Mapping[str, object], document_id: str, *, texts: Sequence[str], at: str) -> dict[str, object]:
    """Return the record without the words of a document.

    Args:
        record: JSON form of an answer.
        document_id: The document whose words go.
        texts: Its texts and titles, to find its words where no id stands beside them.
        at: Time of the removal, for the note.
    """
    kept = {
        key: _blanked(value) if key in _COMPOSED else _redact(value, document_id, texts)
        for key, value in record.items()
    }
    if record.get("statements") and kept["statements"] == record["statements"]:
        # What was read and not cited takes no word of the answer along.
        kept["answer"] = _redact(record.get("answer"), document_id, texts)
    if isinstance(candidates := record.get("candidates"), list):
        kept["candidates"] = [_weighed(each, document_id, texts) for each in candidates]
    if _completed(record.get("query"), document_id):
        kept |= {"query": _as_asked(kept["query"]), "missing": []}
    earlier = record.get("redactions", [])
    notes = [*(earlier if isinstance(earlier, list) else []), {"document": document_id, "at": at}]
    return kept | {"redactions": notes}


def _gone(connection: Connection, named: AbstractSet[tuple[str, str]]) -> tuple[str, ...]:
    """Return the documents that are not there, or not in the version: one came back under the same name since."""
    query = select(versions.c.document_id, versions.c.version)
    there: set[tuple[str, str]] = set()
    for some in batches(sorted({document for document, _ in named})):
        there |= {tuple(row) for row in connection.execute(query.where(versions.c.document_id.in_(some)))}
    there |= {(document, "") for document, _ in there}
    return tuple(sorted({document for document, _ in named - there}))


def _words(record: Mapping[str, object], document_id: str) -> Iterator[str]:
    """Yield the strings of a record that are blanked because they stand beside a document's id."""
    for mapping in _mappings(record):
        if _belongs(mapping, document_id):
            yield from (value for key, value in mapping.items() if key in _WORDS and isinstance(value, str))


def _redact(value: object, document_id: str, texts: Sequence[str]) -> object:
    if isinstance(value, Mapping):
        belongs = _belongs(value, document_id)
        return {
            key: _blanked(inner)
            if key in _TRAILS or (belongs and key in _WORDS)
            else _redact(inner, document_id, texts)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_redact(inner, document_id, texts) for inner in value]
    if isinstance(value, str) and _stands(value, texts):
        return ""
    return value


def _weighed(candidate: object, document_id: str, texts: Sequence[str]) -> object:
    """Return an answer that was weighed, without a word where it rests on the document or does not say on what."""
    told = isinstance(candidate, Mapping) and candidate.get("statements")
    if not told or any(_belongs(mapping, document_id) for mapping in _mappings(candidate)):
        return _blanked(candidate)
    return _redact(candidate, document_id, texts)


def _completed(query: object, document_id: str) -> bool:
    """Tell whether a question was completed with words of the document."""
    carried = query.get("carried", ()) if isinstance(query, Mapping) else ()
    return document_id in {document_of(name) for each in _mappings(carried) for name in _named(each)}


def _as_asked(query: object) -> object:
    """Return what was understood of a question without what it was completed with, nor what was read off that."""
    if not isinstance(query, Mapping):
        return query
    return {**query, "text": query.get("original", ""), **{name: [] for name in _READ if name in query}}


def _stands(words: str, texts: Sequence[str]) -> bool:
    """Tell whether words long enough to be a quote stand in one of the texts to the letter."""
    return len(words) >= _MIN_QUOTE and any(words in text for text in texts)


def _belongs(mapping: Mapping[str, object], document_id: str) -> bool:
    cited = mapping.get("citations", ())
    return document_id in {document_of(name) for inner in (mapping, *_mappings(cited)) for name in _named(inner)}


def _blanked(value: object) -> object:
    """Return a value of the same shape without its strings; numbers stay."""
    if isinstance(value, str):
        return ""
    if isinstance(value, list):
        return [] if all(isinstance(inner, str) for inner in value) else [_blanked(inner) for inner in value]
    if isinstance(value, Mapping):
        return {key: _blanked(inner) for key, inner in value.items()}
    return value


def _mappings(value: object) -> Iterator[Mapping[str, object]]:
    if isinstance(value, Mapping):
        yield value
        for inner in value.values():
            yield from _mappings(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _mappings(inner)


def _named(mapping: Mapping[str, object]) -> Iterator[str]:
    for name in _NAMES:
        named = mapping.get(name)
        if isinstance(named, str) and named:
            yield named
