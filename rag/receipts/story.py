"""A receipt in words, for a terminal and for a page; nothing is left out that explains the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.ask.signals import signal_in_words
from rag.confidence import in_words
from rag.receipts.outcomes import outcome_in_words
from rag.receipts.page_words import on_page
from rag.receipts.staleness import change_in_words
from rag.types import Receipt

Record = Mapping[str, Any]
_ORIGINS = {"dense": "its meaning", "lexical": "its words", "graph": "connections between documents"}
_REMOVED = "(removed with its document)"
_KINDS = {
    "answer": "stored",
    "redaction": "words removed with a document",
    "adopted": "taken into the ledger as it was",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is about, what it says, and smaller lines below it."""

    label: str
    text: str
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A titled list of lines."""

    title: str
    lines: tuple[Line, ...]


def tell(receipt: Receipt) -> tuple[Section, ...]:
    """Return a receipt in words; sections without a line are left out."""
    record = receipt.record
    sections = (
        Section("Question", tuple(_question(record))),
        Section("Answer", tuple(_answer(record))),
        Section("Documents that disagree", tuple(_sides(receipt))),
        Section("In force", tuple(_standings(record))),
        Section("Since then", tuple(_since(receipt))),
        Section("Sources", tuple(_sources(receipt))),
        Section("Cut from the draft", tuple(_cut(record))),
        Section("Done otherwise", tuple(_fallbacks(record))),
        Section("Confidence", tuple(_confidence(record))),
        Section("Passages", tuple(_passages(receipt))),
        Section("Made with", tuple(_made_with(record))),
        Section("Time", tuple(Line(stage, f"{ms:g} ms") for stage, ms in record.get("timings_ms", {}).items())),
        Section("Ledger", tuple(_ledger(receipt))),
    )
    return tuple(section for section in sections if section.lines)


def _question(record: Record) -> Iterator[Line]:
    query = record.get("query") or {}
    yield Line("asked", str(record["question"]))
    for n, earlier in enumerate(record.get("history", ()), 1):
        yield Line(f"after {n}", str(earlier))
    if query:
        spelled = tuple(f"“{each['written']}” read as “{each['read']}”" for each in query.get("spelling", ()))
        carried = tuple(
            f"{_quoted(each['text'])} was said before ({each['chunk']})" for each in query.get("carried", ())
        )
        yield Line("looked up as", str(query["text"]), (*spelled, *carried))
        names = ("kind", "shape", "language", "terms", "codes", "phrases", "numbers", "dates", "negated", "subqueries")
        understood = [f"{name}: {_spoken(query[name])}" for name in names if query.get(name)]
        yield Line("understood", "; ".join(understood))
    by = f" by {record['asked_by']}" if record.get("asked_by") else ""
    yield Line("when", f"{_time(record.get('asked_at', ''))}{by}, in the space {record['space']!r}")
    if record.get("replay_of"):
        yield Line("replay of", str(record["replay_of"]))


def _answer(record: Record) -> Iterator[Line]:
    yield Line("outcome", outcome_in_words(record))
    if record.get("message"):
        yield Line("message", str(record["message"]))
    for statement in record.get("statements", ()):
        marks = "".join(f"[{cited['n']}]" for cited in statement["citations"])
        text = statement["text"] or _REMOVED
        drafted = statement.get("repaired_from")
        below = (f"written anew, since its sources did not bear out “{drafted}”",) if drafted else ()
        yield Line(f"support {statement['support']:.2f}", f"{text} {marks}".strip(), below)
    for part in record.get("missing", ()):
        yield Line("not covered", str(part))
    for reading in record.get("readings", ()):
        yield Line("could mean", str(reading))
    for each in list(record.get("candidates", ()))[1:]:
        why = (str(each["why"]),) if each.get("why") else ()
        yield Line(f"candidate {each['probability']:.2f}", str(each["answer"]), why)


def _sides(receipt: Receipt) -> Iterator[Line]:
    for side in receipt.record.get("sides", ()):
        place = tuple(_place(citation, receipt.words) for citation in side["citations"])
        marks = "".join(f"[{cited['n']}]" for cited in side["citations"])
        yield Line(marks, side["text"] or _REMOVED, place)


def _standings(record: Record) -> Iterator[Line]:
    """Yield the day that the question is about, and each document of which it is known whether it was in force."""
    standings = record.get("standings", ())
    if standings and record.get("as_of"):
        yield Line("as of", str(record["as_of"]))
    for each in standings:
        days = " ".join(f"{word} {each[word]}" for word in ("from", "until") if each.get(word))
        below = (f"set back: {each['set_back']}",) if each.get("set_back") else ()
        yield Line(str(each["status"]), f"{each['title'] or '(removed)'} {days}".strip(), below)


def _since(receipt: Receipt) -> Iterator[Line]:
    for change in receipt.changes:
        marks = "".join(f"[{n}]" for n in change.numbers)
        yield Line(marks, change_in_words(change), (f"version {change.version}, now {change.live or 'none'}",))


def _sources(receipt: Receipt) -> Iterator[Line]:
    record = receipt.record
    said = (*record.get("statements", ()), *record.get("sides", ()))
    cited = {c["n"]: c for statement in said for c in statement["citations"]}
    for n, citation in sorted(cited.items()):
        span = (
            f"{citation['document']}, version {citation['version']}, characters {citation['start']}-{citation['end']}"
        )
        yield Line(f"[{n}]", _quoted(citation["quote"]), (_place(citation, receipt.words), span))


def _cut(record: Record) -> Iterator[Line]:
    for sentence in record.get("cut", ()):
        yield Line(f"support {sentence['support']:.2f}", sentence["text"], (sentence["reason"],))


def _fallbacks(record: Record) -> Iterator[Line]:
    for each in record.get("fallbacks", ()):
        yield Line(str(each["slot"]), str(each["instead"]), (str(each["reason"]),))


def _confidence(record: Record) -> Iterator[Line]:
    confidence = record["confidence"]
    alike = confidence.get("alike")
    words = f". {in_words(alike['n'], alike['right'])}" if alike else ""
    yield Line(confidence["level"], f"{confidence['probability']:.2f}{words}")
    for name, number in confidence["signals"].items():
        yield Line(signal_in_words(name), f"{number:g}")


def _passages(receipt: Receipt) -> Iterator[Line]:
    for rank, passage in enumerate(receipt.record.get("passages", ()), 1):
        found = _join([_ORIGINS.get(name, name) for name in passage["origin"]])
        ranks = ", ".join(f"{name} {n}" for name, n in passage.get("ranks", {}).items())
        scores = ", ".join(f"{name} {number:g}" for name, number in passage.get("features", {}).items())
        below = [
            f"{_place(passage, receipt.words)} ({passage['chunk']})",
            f"found by {found}" + (f"; ranks: {ranks}" if ranks else ""),
        ]
        if passage["path"]:
            below.append(f"by way of {' → '.join(passage['path'])}")
        if scores:
            below.append(scores)
        yield Line(f"{rank}. {passage['score']:.3f}", " ".join(str(passage["text"]).split()), tuple(below))


def _made_with(record: Record) -> Iterator[Line]:
    if record.get("software"):
        yield Line("software", str(record["software"]))
    for slot, model in sorted(record.get("models", {}).items()):
        yield Line(slot, model["ref"], (f"SHA-256 {model['sha256']}",) if model["sha256"] else ())
    revision = f", revision {record['revision']} of its passages" if record.get("revision") else ""
    yield Line("index", f"{record.get('index', '')}{revision}")
    if record.get("prompt"):
        yield Line("prompt", str(record["prompt"]))
    settings = record.get("settings") or {}
    told = ", ".join(f"{name.replace('_', ' ')} {number:g}" for name, number in settings.items())
    yield Line("settings", told or "not recorded")


def _ledger(receipt: Receipt) -> Iterator[Line]:
    yield Line("receipt", str(receipt.record["receipt"]))
    for entry in receipt.entries:
        below = (f"record {entry.record_sha256}", f"entry  {entry.hash}", f"before {entry.previous}")
        yield Line(f"entry {entry.sequence}", f"{_KINDS.get(entry.kind, entry.kind)}, {_time(entry.at)}", below)
    if receipt.head is not None:
        yield Line("head", f"{receipt.head.sequence}:{receipt.head.hash}")


def _quoted(words: str) -> str:
    return f"“{words}”" if words else _REMOVED


def _place(cited: Record, words: Mapping[str, str]) -> str:
    headings = [heading for heading in cited.get("headings", ()) if heading and heading != cited["title"]]
    return f"{' › '.join((cited['title'] or '(removed)', *headings))}{on_page(cited, words)}"


def _time(at: str) -> str:
    """Return a time that is stored in UTC as it is read, to the second."""
    return f"{at[:19].replace('T', ' ')} UTC" if at.endswith("+00:00") else at


def _spoken(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _join(words: Sequence[str]) -> str:
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)
