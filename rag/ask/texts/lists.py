"""Lists of a passage: steps, items, and instructions that are written as a paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag import lexis
from rag.ask.texts.list_parts import divided, joined
from rag.ask.texts.rows import cell_texts, is_row
from rag.ask.texts.step_rows import numbered, steps_of
from rag.ask.texts.steps import ORDERS, PURPOSE, Line, blocks_of, is_called_step, is_order, names_step
from rag.sentences import Span, sentence_spans
from rag.types import Chunk

# Lines below the end of a mail, and those above a forwarded one.
_CLOSES = re.compile(
    r"--+$|(?:with )?(?:(?:kind|best|kindest|warm|warmest|many) )?(?:regards|wishes|greetings|thanks)\b"
    r"|yours\b(?: \w+)?,?$|(?:all the best|cheers|sincerely|see you)\b",
    re.IGNORECASE,
)
_FIELD = re.compile(r"(?:from|to|cc|date|sent|subject|reply-to): ", re.IGNORECASE)
# An instruction in a paragraph has so many sentences.
_FEWEST = 3
# What leads to a list in so many words may say how it is called.
_MOST_OPENING = 30


@dataclass(frozen=True, slots=True)
class Listing:
    """Lines of a passage that belong together.

    Args:
        above: The line or paragraph right before them; empty for none.
        asked: The question of the document that they answer; empty for none.
        headings: Those above them, from the outermost.
        lines: Its items, and what stands between steps; the sentences of an instruction that is a paragraph.
        is_last: Whether the passage ends with it, so that it may go on in the next one.
        prose: Whether it is a paragraph.
        key: What stands in front of the number of each step in a table of several; empty for none.
        things: Whether they are numbered rows that are nothing to do.
        tail: A paragraph behind the last step, which is part of the list where it goes on in the next passage.
    """

    above: str
    headings: tuple[str, ...]
    lines: tuple[Line, ...]
    is_last: bool
    prose: bool = False
    asked: str = ""
    key: str = ""
    things: bool = False
    tail: tuple[Line, ...] = ()

    @property
    def lead(self) -> str:
        """The sentence right before them; empty for none."""
        return _last_sentence(self.above)

    @property
    def opening(self) -> str:
        """What leads to them: the paragraph before, "Paper jam. The screen shows where.", or the end of a long one."""
        return self.above if lexis.n_words(self.above) <= _MOST_OPENING else self.lead

    @property
    def own_name(self) -> str:
        """The heading above, the question that it answers, and what leads to it."""
        return "\n".join((*self.headings[-1:], self.asked, self.opening))

    @property
    def numbers(self) -> list[int]:
        """The numbers of its steps."""
        return [line.number for line in self.lines if line.number]


def listings(chunk: Chunk) -> list[Listing]:
    """Return the lists of a passage in their order.

    In normalized text items stand on lines without a blank one between them. Steps go by their numbers, also over blank
    lines and one paragraph between two of them, and may be headings. An instruction is a paragraph most of whose
    sentences are orders.
    """
    found: list[Listing] = []
    blocks = [part for block in joined(blocks_of(chunk.text)) for part in divided(block)]
    above, asked, n = "", "", 0
    while n < len(blocks):
        last = _last_of_steps(chunk, blocks, n)
        lines = [line for each in blocks[n : last + 1] for line in each]
        headings = _headings(chunk, lines[0])
        if is_heading(lines[0].text, headings):
            above, asked = "", ""
            # Of steps that are headings, the one above is their name.
            headings = headings[:-1] if lines[0].number else headings
        elif lines[0].text.endswith("?"):
            above, asked = "", lines[0].text
            # A line that only says words of the question again is none of its answer.
            lines = [line for line in lines[1:] if not lexis.stems(line.text) <= lexis.stems(asked)]
        elif not lines[0].number and len(lines) > 2 and lines[1].number == 1 and not is_row(lines[1].text):
            above, lines = lines[0].text, lines[1:]
        is_last = last + 1 == len(blocks)
        # A table may stand below a step.
        if any(is_row(line.text) for line in [line for line in lines if line.number] or lines):
            tables = steps_of(lines, chunk.context)
            for n_told, rows in enumerate(tables, 1):
                ends, key = is_last and n_told == len(tables), rows.key
                listing = Listing(key or above, headings, rows.lines, ends, asked=asked, key=key, things=rows.things)
                found.append(listing)
            above = "" if tables else lines[-1].text
        elif len(lines) > 1:
            tail = _tail(chunk, lines, blocks[last + 1 :])
            listing = Listing(above, headings, tuple(lines), is_last or bool(tail), asked=asked, tail=tail)
            found += [] if _is_around_mail(lines) else [listing]
            above = ""
        elif lines and (prose := _instruction(lines[0], below=[each for each in found if each.headings == headings])):
            purpose = PURPOSE.match(prose[0].text)
            named = asked or (purpose["what"] if purpose else "")
            found.append(Listing(above, headings, prose, is_last=False, prose=True, asked=named))
            above = ""
        elif lines and not is_heading(lines[0].text, headings):
            above = lines[-1].text
        n = last + 1
    return found


def _tail(chunk: Chunk, lines: Sequence[Line], behind: Sequence[Sequence[Line]]) -> tuple[Line, ...]:
    """Return the one paragraph with which a passage ends behind steps; none for a heading."""
    is_one = len(behind) == 1 and len(behind[0]) == 1 and any(line.number for line in lines)
    paragraph = behind[0][0] if is_one else None
    if paragraph is None or is_row(paragraph.text) or is_heading(paragraph.text, _headings(chunk, paragraph)):
        return ()
    return (paragraph,)


def _is_around_mail(lines: Sequence[Line]) -> bool:
    """Tell whether lines are the signature of a mail, or what stands above one that was forwarded."""
    return bool(_CLOSES.match(lines[0].text)) or sum(bool(_FIELD.match(line.text)) for line in lines) > 1


def is_heading(text: str, path: Sequence[str]) -> bool:
    """Tell whether a text is the innermost heading of a path."""
    return bool(path) and text.casefold() == path[-1].casefold()


def rest_of(listing: Listing, chunk: Chunk, behind: Chunk) -> Listing | None:
    """Return what of a list stands at the beginning of the next passage; ``None`` where it does not go on there.

    Args:
        listing: The last list of a passage.
        chunk: That passage.
        behind: The next one of the document.
    """
    if not listing.is_last or behind.ordinal != chunk.ordinal + 1 or behind.document_id != chunk.document_id:
        return None
    blocks = blocks_of(behind.text)
    # Passages are cut between lines: one line break between two of them is within a list.
    within = behind.start == chunk.end + 1 and not listing.tail
    if is_row(listing.lines[0].text):
        return _more_rows(listing, blocks) if within else None
    goes_on = bool(listing.numbers) and _first_number(blocks[0]) == listing.numbers[-1] + 1
    if not (within or goes_on):
        return None
    last = _last_of_steps(behind, blocks, 0)
    lines = tuple(line for each in blocks[: last + 1] for line in each)
    tail = _tail(behind, lines, blocks[last + 1 :])
    return Listing("", listing.headings, lines, last + 1 == len(blocks) or bool(tail), tail=tail)


def _more_rows(listing: Listing, blocks: Sequence[Sequence[Line]]) -> Listing | None:
    """Return the rows that go on with the steps of a table, as far as they are told of the same."""
    column, rows = len(cell_texts(listing.key)) if listing.key else 0, list[Line]()
    number = len(listing.lines) if listing.key else listing.lines[-1].number
    for line in blocks[0]:
        key, n = numbered(line.text, column)
        if (key, n) != (listing.key, number + len(rows) + 1):
            break
        rows.append(line)
    is_last = len(blocks) == 1 and len(rows) == len(blocks[0])
    return replace(listing, lines=tuple(rows), is_last=is_last) if rows else None


def texts_of(chunk: Chunk, spans: Sequence[Span]) -> list[str]:
    """Return the lists of a passage that hold any of some spans, each from its heading on, and from what leads to it.

    Args:
        chunk: The passage.
        spans: Places in its text.
    """
    return [
        chunk.text[begin : each.lines[-1].end]
        for each in listings(chunk)
        if any(span.overlaps(Span(line.start, line.end)) for line in each.lines for span in spans)
        for begin in _begins(chunk.text, each)
    ]


def _begins(text: str, listing: Listing) -> list[int]:
    """Return where a list begins with its heading and with what leads to it, as far as these stand in its passage."""
    first = listing.lines[0].start
    names = (*listing.headings[-1:], "\n".join(filter(None, (listing.asked, listing.opening))), listing.opening)
    places = [text.rfind(name, 0, first) for name in names if name]
    return sorted({place for place in places if place >= 0} or {first})


def _instruction(paragraph: Line, *, below: Sequence[Listing]) -> tuple[Line, ...]:
    """Return the sentences of a paragraph that says what to do, or those within it that do.

    None of a remark below steps; below items all sentences must be orders.
    """
    spans = sentence_spans(paragraph.text)
    lines = [Line(paragraph.start + s, paragraph.start + e, paragraph.text[s:e]) for s, e in spans]
    orders = [n for n, line in enumerate(lines) if is_order(line.text)]
    if len(lines) < _FEWEST or any(each.numbers for each in below) or (below and len(orders) < len(lines)):
        return ()
    if len(orders) >= ORDERS * len(lines):
        return tuple(lines)
    runs = [
        (last + 1 - first, first)
        for n, first in enumerate(orders)
        for n_orders, last in enumerate(orders[n:], start=1)
        if n_orders >= max(_FEWEST, ORDERS * (last + 1 - first))
    ]
    length, first = max(runs, key=lambda run: (run[0], -run[1]), default=(0, 0))
    return tuple(lines[first : first + length])


def _headings(chunk: Chunk, line: Line) -> tuple[str, ...]:
    return chunk.place(chunk.start + line.start)[1]


def _last_of_steps(chunk: Chunk, blocks: Sequence[Sequence[Line]], first: int) -> int:
    """Return the place of the last block of the steps that begin in a block.

    One without a number may lie between two; below the last one that is a heading stands what it says.
    """
    last, number = first, max(line.number for line in blocks[first])
    begin = blocks[first][0]
    if is_heading(begin.text, _headings(chunk, begin)) and not names_step(begin.text):
        return first
    while number:
        for behind in (last + 1, last + 2):
            # Items below a step may stand before the next one.
            if behind < len(blocks) and _first_number(blocks[behind]) == number + 1:
                last, number = behind, max(line.number for line in blocks[behind])
                break
        else:
            break
    step = blocks[last][0]
    # "2. First set-up" by itself is a section.
    is_step = last > first or is_called_step(step.text)
    has_text = step.number and is_heading(step.text, _headings(chunk, step)) and last + 1 < len(blocks)
    return last + 1 if is_step and has_text else last


def _first_number(lines: Sequence[Line]) -> int:
    """Return the first number that any of some lines has; 0 where none has one."""
    return next((line.number for line in lines if line.number), 0)


def _last_sentence(text: str) -> str:
    spans = sentence_spans(text)
    return text[slice(*spans[-1])] if spans else ""
