"""Documents and answers as plain JSON for the widgets; pure functions, no stores.

The widgets show every text with ``textContent``: nothing here needs escaping, and nothing here may build markup.
A text with marked stretches is a list of ``[text, marked]`` pairs, cut here by exact spans, because a browser
counts UTF-16 units and a span counts characters.
"""

from __future__ import annotations

import base64
import re
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Final

from app.background import AskMoment
from app.confidence import confidence
from app.copies import copies
from rag import lexis
from rag.ask.answer import statement_record
from rag.ask.texts.rows import cell_spans, is_row
from rag.receipts.columns import Columns, header_before, row_place
from rag.receipts.outcomes import refusal, refused_as
from rag.receipts.page_words import ALL_PAGES
from rag.safety.documents import held_at, held_spans
from rag.safety.policy import Masking
from rag.types import Block, Chunk, Document

Json = dict[str, Any]
Span = tuple[int, int]
_NO_COLUMNS: Final[Columns] = {}
_MASKING: Final = Masking()

REACH: Final = 1200
"""Characters shown on either side of a passage."""
PART_CHARACTERS: Final = 30_000
"""Characters of a document on one screen of the reading view."""
SNIPPET_CHARACTERS: Final = 240
GLIMPSE_BEFORE: Final = 40
"""A word that stands further on in a question is shown with what is around it."""
N_SAMPLES: Final = 4
"""Questions offered where a conversation is empty."""
_MIN_QUESTION_WORDS: Final = 4
_MIN_HEADING_TERMS: Final = 2
_MAX_HEADING_WORDS: Final = 7
_CLAUSE: Final = re.compile(r"[,:;()]|^(how(?! to)|if|not|wh(at|en|ere|ich|o|y))\b", re.IGNORECASE)
_TABLE: Final = ("table_header", "table_row")


def headings_at(document: Document, position: int) -> list[str]:
    """Return the heading path, outermost first, that is in force at a position of the text."""
    path: list[tuple[int, str]] = []
    for block in document.blocks:
        if block.start > position:
            break
        if block.kind == "heading" and block.end <= position:
            path = [entry for entry in path if entry[0] < block.level]
            path.append((block.level, document.text[block.start : block.end]))
    return [text for _, text in path]


def page_at(document: Document, position: int) -> int | None:
    """Return the page of the block that holds a position."""
    pages = [block.page for block in document.blocks if block.start <= position]
    return pages[-1] if pages else None


def surroundings(document: Document, span: Span, mark: Span) -> list[Json]:
    """Return the blocks around a passage, with the marked stretch cut out by its exact span.

    What is held back stands in no passage: it is left out, and a block of the kind "held" says where.

    Args:
        document: One version.
        span: The passage; what lies within `REACH` of it is shown too.
        mark: The cited sentence inside it.
    """
    window = (max(0, span[0] - REACH), min(len(document.text), span[1] + REACH))
    inside = [i for i, block in enumerate(document.blocks) if block.end > window[0] and block.start < window[1]]
    held, shown = held_spans(document), list[Json]()
    for block in (document.blocks[i] for i in inside):
        quoted = block.start < mark[1] and mark[0] < block.end
        if quoted or held_at(held, block.start) is None:
            shown.append(_block(document, block, mark, window))
        elif not (shown and shown[-1]["kind"] == "held"):
            shown.append({"kind": "held"})
    if inside and (header := header_before(document.blocks, inside[0])) is not None:
        shown.insert(0, _block(document, header, mark))
    return shown


def reading(document: Document, chunks: Sequence[Chunk], part: int | None, mark: Span = (0, 0)) -> Json:
    """Return one screen of the document as the system reads it: its blocks, and where each passage begins.

    Args:
        document: One version.
        chunks: Its chunks in order.
        part: Screen from 1; one past the end gives the last, none the one that holds the mark.
        mark: Stretch that stands out.
    """
    n_parts = max(1, -(-len(document.text) // PART_CHARACTERS))
    if part is None:
        # A part ends less than one part before its number says.
        least = mark[0] // PART_CHARACTERS + 1
        part = next((n for n in range(least, n_parts) if mark[0] < _part_end(document, n)), n_parts)
    part = min(max(part, 1), n_parts)
    first, last = (_part_end(document, n) for n in (part - 1, part))
    waiting = deque(chunk for chunk in chunks if first <= chunk.start < last)
    rows: list[Json] = []
    held = held_spans(document)
    for block in (block for block in document.blocks if block.end > first and block.start < last):
        position, end = max(block.start, first), min(block.end, last)
        if held_at(held, position) is not None:
            rows.append({"kind": "held"})
        while waiting and waiting[0].start < end:
            chunk = waiting.popleft()
            if chunk.start > position:
                rows.append(_block(document, block, mark, (position, chunk.start)))
                position = chunk.start
            rows.append(_boundary(chunk))
        rows.append(_block(document, block, mark, (position, end)))
    return {"rows": rows, "part": part, "parts": n_parts}


def _part_end(document: Document, part: int) -> int:
    """Return where a part ends: before a block that it would cut, or inside of one that is longer than a part."""
    end = part * PART_CHARACTERS
    cut = (b.start for b in document.blocks if b.start < end < b.end and b.end - b.start <= PART_CHARACTERS)
    return next(cut, end)


def moment(known: AskMoment) -> Json:
    """Return what the conversation shows of a running question.

    Of a sentence that is being checked only the length is shown, and where it is looked for: its words are not
    verified yet, and no words of an answer.
    """
    checking = known.checking
    return {
        "stage": known.stage,
        "statements": [_spoken(statement_record(value), _NO_COLUMNS) for value in known.statements],
        "checking": checking
        and {"length": len(checking.text), "source": checking.source, "repairing": checking.repairing},
        "fallbacks": [fallback.instead for fallback in known.fallbacks],
    }


def picture(png: bytes, size: tuple[int, int], boxes: Iterable[tuple[float, float, float, float]]) -> Json:
    """Return a picture in base64 with boxes ``[left, top, width, height]`` in per cent of its size."""
    width, height = size
    lines = [
        [100 * x0 / width, 100 * y0 / height, 100 * (x1 - x0) / width, 100 * (y1 - y0) / height]
        for x0, y0, x1, y1 in boxes
    ]
    return {"png": base64.b64encode(png).decode(), "width": width, "height": height, "boxes": lines}


def removed(record: Mapping[str, Any]) -> bool:
    """Return whether all words of the answer went with documents that have been removed since."""
    return bool(record.get("redactions")) and not _said(record)


def read_as(record: Mapping[str, Any]) -> str:
    """Return the question as it was looked up, where that is not how it was asked; else nothing.

    That a code by itself was asked for with "What is …?" goes without saying.
    """
    query = record.get("query") or {}
    text = str(query.get("text", ""))
    asked = " ".join(str(record.get("question", "")).split()).casefold()
    return "" if " ".join(text.split()).casefold() in {asked, f"what is {asked}?"} else text


def _said(record: Mapping[str, Any], columns: Columns = _NO_COLUMNS) -> list[Json]:
    """Return the statements that still have words: those of a removed document have none."""
    return [_spoken(spoken, columns) for spoken in record.get("statements", ()) if str(spoken["text"]).strip()]


def _spoken(spoken: Mapping[str, Any], columns: Columns) -> Json:
    """Return a statement with its words in pieces, those that answer marked; a row in cells, with their columns."""
    text, phrase = str(spoken["text"]), spoken.get("phrase")
    mark = (phrase[0], phrase[1]) if phrase else (0, 0)
    shown = {**spoken, "pieces": _segments(text, (0, len(text)), mark)}
    if is_row(text):
        cited = spoken["citations"][0]
        names = columns.get(row_place(cited), [])
        # Empty cells at the end of a row are not written.
        cells = [_segments(text, cell, mark) for cell in cell_spans(text)]
        cells += [[]] * (len(names) - len(cells))
        shown |= {"cells": cells, "columns": names if len(names) == len(cells) else []}
    return shown


def _others(record: Mapping[str, Any], columns: Columns = _NO_COLUMNS) -> list[Json]:
    """Return the answers that were weighed and not shown, those left out that have lost their words."""
    weighed = list(record.get("candidates", ()))[1:]
    kept = [each for each in weighed if each["answer"] and each.get("statements")]
    return [{**each, "statements": [_spoken(spoken, columns) for spoken in each["statements"]]} for each in kept]


def turn(
    record: Mapping[str, Any],
    masking: Masking = _MASKING,
    columns: Columns = _NO_COLUMNS,
    words: Mapping[str, str] = ALL_PAGES,
) -> Json:
    """Return what the conversation shows of a stored answer.

    Args:
        record: The answer.
        masking: What the policy wants masked in what is copied for a customer.
        columns: Names of the columns of quoted rows, see `rag.receipts.columns`.
        words: What a page of a cited document is called where it is none, see `rag.receipts.page_words`.
    """
    said = _said(record, columns)
    return {
        "id": str(record["receipt"]),
        "state": "done",
        "question": str(record.get("question", "")),
        "read_as": read_as(record),
        "outcome": record["outcome"],
        "reason": record.get("reason"),
        "refused_as": refused_as(record),
        "refusal": refusal(record).heading,
        "message": str(record.get("message", "")),
        "failure": {"message": str(record.get("message", ""))} if record["outcome"] == "failed" else None,
        "mode": record.get("mode"),
        "removed": removed(record) and record["outcome"] in {"answered", "partial"},
        "statements": said,
        "sides": [side for side in record.get("sides", ()) if str(side["text"]).strip()],
        "notes": [str(note) for note in record.get("notes", ()) if note],
        "badges": badges(record),
        "copies": copies(said, record, masking, words, badges(record)),
        "words": dict(words),
        "confidence": confidence(record),
        "missing": list(record.get("missing", ())),
        "readings": [reading for reading in record.get("readings", ()) if reading],
        "others": _others(record, columns),
        "fallbacks": [str(fallback["instead"]) for fallback in record.get("fallbacks", ())],
        "passages": [_passage(passage, badges(record)) for passage in record.get("passages", ())],
        "timings_ms": dict(record.get("timings_ms", {})),
        "asked_at": record.get("asked_at"),
    }


def found_conversation(known: Mapping[str, Any], text: str) -> Json:
    """Return a line of the list of conversations: its title, and where the words looked for stand that this lacks."""
    title, question = str(known["title"]), " ".join(str(known.get("question", "")).split())
    lacking = [word for word in text.casefold().split() if word not in title.casefold()]
    place = min((place for place in map(question.casefold().find, lacking) if place >= 0), default=0)
    start = question.rfind(" ", 0, place - GLIMPSE_BEFORE // 2) + 1 if place > GLIMPSE_BEFORE else 0
    glimpse = question[start : start + SNIPPET_CHARACTERS]
    return {"id": known["id"], "title": title, "question": f"… {glimpse}" if start else glimpse}


def badges(record: Mapping[str, Any]) -> dict[str, str]:
    """Return a word for each document of an answer that was not in force on the day of the question."""
    found = {}
    for each in record.get("standings", ()):
        if each.get("in_force") is False:
            waits = str(each.get("from") or "") > str(record.get("as_of") or "") and each["status"] == "in force"
            found[str(each["document"])] = "not yet in force" if waits else str(each["status"])
    return found


def citations(record: Mapping[str, Any]) -> dict[int, Json]:
    """Return the citations of a record by number, in order, those of the other answers behind."""
    found: dict[int, Json] = {}
    weighed = [spoken for other in _others(record) for spoken in other["statements"]]
    for spoken in (*record.get("statements", ()), *record.get("sides", ()), *weighed):
        for citation in spoken["citations"]:
            found.setdefault(int(citation["n"]), citation)
    return dict(sorted(found.items()))


def origin_of(record: Mapping[str, Any], citation: Mapping[str, Any]) -> Json | None:
    """Return the passage of a record that holds a citation: how it was found."""
    for rank, passage in enumerate(record.get("passages", ()), start=1):
        version, start, end = chunk_span(str(passage["chunk"]))
        same = passage["document"] == citation["document"] and version == citation["version"]
        if same and start <= citation["start"] and citation["end"] <= end:
            return {"rank": rank, "origin": list(passage.get("origin", ())), "path": list(passage.get("path", ()))}
    return None


def chunk_span(chunk_id: str) -> tuple[str, int, int]:
    """Return version, start and end of a chunk id (``DOCUMENT@VERSION:START-END``)."""
    version, _, span = chunk_id.rpartition("@")[2].partition(":")
    start, _, end = span.partition("-")
    return version, int(start), int(end)


def sample_questions(documents: Iterable[Document], limit: int = N_SAMPLES) -> list[str]:
    """Return a few questions from documents far apart; the first half are asked by the documents themselves."""
    ranked = [rated for rated in map(sample_question, documents) if rated is not None]
    asked = [question for rank, question in ranked if rank == 0]
    others = [question for rank, question in ranked if rank > 0]
    chosen = _spread(asked, min(len(asked), max(limit // 2, limit - len(others))))
    return chosen + _spread(others, limit - len(chosen))


def _spread(questions: Sequence[str], limit: int) -> list[str]:
    step = max(1, len(questions) // limit) if limit > 0 else 1
    return list(questions[::step][: max(limit, 0)])


def sample_question(document: Document) -> tuple[int, str] | None:
    """Return a question that a heading of the document answers, with its rank: 0 for one asked by the document.

    A heading that is a question is asked about the document's subject; another one by title and heading. One that is
    held back is not shown.
    """
    held = held_spans(document)
    shown = (block for block in document.blocks if held_at(held, block.start) is None)
    texts = (document.text[b.start : b.end] for b in shown if b.kind == "heading" and b.level > 1)
    headings = [re.sub(r"^[\d.)\s]+", "", text) for text in texts]
    subject = re.split(r"\s*[|:(–—]\s*", document.title)[0] or document.title
    for heading in headings:
        if heading.endswith("?") and len(heading.split()) >= _MIN_QUESTION_WORDS:
            return 0, f"{subject}: {_lower(heading)}"
    named = [text for text in headings if text[:1].isalpha() and len(text.split()) <= _MAX_HEADING_WORDS]
    telling = [text for text in named if _names_topic(text)]
    topic = next((text for text in telling if " " in text), telling[0] if telling else None)
    title = subject if " " in subject else re.split(r"\s*\|\s*", document.title)[0] or subject
    return None if topic is None else (1, f"What does “{title}” say about {_lower(topic)}?")


def _names_topic(heading: str) -> bool:
    """Return whether a heading says what it is about: "In short" and "How long" do only where they stand."""
    n_terms = len(lexis.terms(heading))
    return not _CLAUSE.search(heading) and (n_terms >= _MIN_HEADING_TERMS or n_terms == len(heading.split()))


def _lower(words: str) -> str:
    return words if words[:2].isupper() or words.startswith("I ") else words[:1].lower() + words[1:]


def _passage(passage: Mapping[str, Any], words: Mapping[str, str]) -> Json:
    text = _flat(str(passage["text"])).lstrip("| ")
    for heading in passage.get("headings", ()):
        text = text.removeprefix(f"{' '.join(heading.split())} ")
    if len(text) > SNIPPET_CHARACTERS:
        text = text[:SNIPPET_CHARACTERS].rsplit(" ", 1)[0] + " …"
    headings = [heading for heading in passage.get("headings", ()) if heading != passage["title"]]
    badge = words.get(str(passage.get("document")), "")
    # Its words went with its document: nothing is left to open.
    gone = not passage["title"] and not text
    title = "Removed document" if gone else passage["title"]
    return {"title": title, "gone": gone, "badge": badge, "place": " › ".join(headings), "text": text}


def _flat(text: str) -> str:
    """Return a text in one line, the rows of its tables kept apart."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    rows = zip_longest(lines, lines[1:], fillvalue="")
    return " ".join(line + ";" if is_row(line) and is_row(following) else line for line, following in rows)


def _block(document: Document, block: Block, mark: Span, window: Span | None = None) -> Json:
    start, end = max(block.start, window[0]) if window else block.start, block.end
    end = min(end, window[1]) if window else end
    pieces: list[Span] = [(start, end)]
    if block.kind in _TABLE:
        pieces = [(start + first, start + last) for first, last in cell_spans(document.text[start:end])]
    return {
        "kind": block.kind,
        "level": block.level,
        "page": block.page,
        "cells": [_segments(document.text, piece, mark) for piece in pieces],
        "cut": [start > block.start, end < block.end],
    }


def _segments(text: str, span: Span, mark: Span) -> list[list[object]]:
    start, end = max(span[0], mark[0]), min(span[1], mark[1])
    if start >= end:
        return [[text[span[0] : span[1]], False]]
    parts = ((span[0], start, False), (start, end, True), (end, span[1], False))
    return [[text[a:b], marked] for a, b, marked in parts if a < b]


def _boundary(chunk: Chunk) -> Json:
    return {"kind": "boundary", "n": chunk.ordinal + 1, "context": chunk.context}
