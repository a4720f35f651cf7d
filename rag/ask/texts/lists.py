"""Lists of a passage: steps, items, and instructions that are written as a paragraph."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from rag import lexis
from rag.ask.texts.rows import CELLS, cell_texts, continued_header, is_row
from rag.english import is_listed
from rag.sentences import Span, sentence_spans
from rag.types import Chunk
from rag.verbs import past

# A table of steps has the number in its first cell; "Step 1" alone may be a heading.
_STEP = re.compile(
    r"(?:step\s+)?(?P<n>\d{1,2})(?:(?:\s?[.):]\s+|\s\|\s)\S|(?<=step\s\d)$|(?<=step\s\d\d)$)", re.IGNORECASE
)
# What a column of such numbers is called; one of the latter may count anything, rooms or prices. In so many columns
# before it stands whose steps they are.
_STEPS, _NUMBERS = frozenset(("step", "steps", "step no")), frozenset(("no", "nr", "number", "order", "#"))
_MOST_KEYS = 2
_WORD = re.compile(r"[^\W\d_]{3}")
# "Then open the cover": an order begins with the base of a verb, and "Support is open" with a noun.
_BEGINS = re.compile(
    r"^\W*(?:(?:then|first|next|now|finally|afterwards|always|never|please|do not|don['’]t)\b,?\s+)*+"
    r"(?P<verb>[a-z]{2,})\b(?!:|\s+(?:is|are|was|were|has|have|can|will|must|may|costs?)\b)",
    re.IGNORECASE,
)
# Lines below the end of a mail, and those above a forwarded one.
_CLOSES = re.compile(
    r"--+$|(?:with )?(?:(?:kind|best|kindest|warm|warmest|many) )?(?:regards|wishes|greetings|thanks)\b"
    r"|yours\b(?: \w+)?,?$|(?:all the best|cheers|sincerely|see you)\b",
    re.IGNORECASE,
)
_FIELD = re.compile(r"(?:from|to|cc|date|sent|subject|reply-to): ", re.IGNORECASE)
# An instruction in a paragraph has so many sentences; so great a share of its sentences, or of steps, are orders.
_FEWEST, _ORDERS = 3, 0.6
# What leads to a list in so many words may say how it is called.
_MOST_OPENING = 30


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list, or a sentence of an instruction; ``start`` and ``end`` are its place in the passage."""

    start: int
    end: int
    text: str

    @property
    def number(self) -> int:
        """The number of a step; 0 for none."""
        step = _STEP.match(self.text)
        return int(step["n"]) if step else 0


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
    """

    above: str
    headings: tuple[str, ...]
    lines: tuple[Line, ...]
    is_last: bool
    prose: bool = False
    asked: str = ""
    key: str = ""

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
    blocks = _blocks(chunk.text)
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
            tables = _steps_of(lines, chunk.context)
            for n_told, (key, rows) in enumerate(tables, 1):
                ends = is_last and n_told == len(tables)
                found.append(Listing(key or above, headings, rows, ends, asked=asked, key=key))
            above = "" if tables else lines[-1].text
        elif len(lines) > 1:
            listing = Listing(above, headings, tuple(lines), is_last, asked=asked)
            found += [] if _is_around_mail(lines) else [listing]
            above = ""
        elif lines and (prose := _instruction(lines[0], below=[each for each in found if each.headings == headings])):
            found.append(Listing(above, headings, prose, is_last=False, prose=True, asked=asked))
            above = ""
        elif lines and not is_heading(lines[0].text, headings):
            above = lines[-1].text
        n = last + 1
    return found


def _is_around_mail(lines: Sequence[Line]) -> bool:
    """Tell whether lines are the signature of a mail, or what stands above one that was forwarded."""
    return bool(_CLOSES.match(lines[0].text)) or sum(bool(_FIELD.match(line.text)) for line in lines) > 1


def _steps_of(lines: Sequence[Line], context: str) -> list[tuple[str, tuple[Line, ...]]]:
    """Return the steps that rows of a table are: those that count from one, each group with what stands before them.

    The column of the numbers says so, "Step | What to do | How long", or most of what stands behind them are orders. In
    front of it may stand whose steps they are, and at what: "Saltmarket | closing | 1 | Lock the copy room".
    """
    headers = (row for row in (lines[0].text, continued_header(context)) if is_row(row))
    names = (
        (n, name.casefold().rstrip(".")) for row in headers for n, name in enumerate(cell_texts(row)[: _MOST_KEYS + 1])
    )
    column, called = next(((n, name) for n, name in names if name in _STEPS | _NUMBERS), (None, ""))
    if column is None:
        rows = lines[1:] if len(lines) > 2 and lines[1].number == 1 else lines
        return [("", tuple(rows))] if _are_steps(rows) else []
    groups: list[tuple[str, list[Line]]] = []
    for line in lines:
        key, number = _numbered(line.text, column)
        if number == 1:
            groups.append((key, [line]))
        elif groups and number == len(groups[-1][1]) + 1 and key == groups[-1][0]:
            groups[-1][1].append(line)
    if called in _NUMBERS:
        groups = [(key, rows) for key, rows in groups if _are_orders([_behind(row.text, column) for row in rows])]
    return [(key, tuple(rows)) for key, rows in groups]


def _behind(row: str, column: int) -> str:
    """Return what stands in a row behind its number, but for a time or another number."""
    return next((cell for cell in cell_texts(row)[column + 1 :] if _WORD.search(cell)), "")


def _numbered(row: str, column: int) -> tuple[str, int]:
    """Return what stands in a row in front of its number, and that; 0 for none."""
    cells = [*cell_texts(row), *[""] * (_MOST_KEYS + 1)]
    return CELLS.join(cells[:column]), int(cells[column]) if cells[column].isdecimal() else 0


def _are_steps(rows: Sequence[Line]) -> bool:
    """Tell whether rows of a table are steps: a number and what to do, most of them orders."""
    told = [line.text.split(CELLS, 1)[-1] for line in rows]
    whole = all(line.number == n for n, line in enumerate(rows, rows[0].number)) and rows[0].number > 0
    return whole and len(rows) > 1 and not any(CELLS in text for text in told) and _are_orders(told)


def is_named(question: str, key: str, keys: Collection[str]) -> bool:
    """Tell whether a question may mean the steps of one thing among those of several in a table.

    It does not where it names others in a column: of "H7 | start", "H7 | stop" and "U2 | detergent", none tells how to
    change the detergent of the H7.

    Args:
        question: Its words.
        key: What stands in front of the steps.
        keys: What stands in front of any.
    """
    said = lexis.stems(question)
    for n, cell in enumerate(cell_texts(key)):
        column = {each[n] for each in map(cell_texts, keys) if n < len(each)}
        named = {each for each in column if lexis.stems(each) and lexis.stems(each) <= said}
        if named and cell not in named:
            return False
    return True


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
    blocks = _blocks(behind.text)
    # Passages are cut between lines: one line break between two of them is within a list.
    within = behind.start == chunk.end + 1
    if is_row(listing.lines[0].text):
        return _more_rows(listing, blocks) if within else None
    goes_on = bool(listing.numbers) and _first_number(blocks[0]) == listing.numbers[-1] + 1
    if not (within or goes_on):
        return None
    last = _last_of_steps(behind, blocks, 0)
    lines = tuple(line for each in blocks[: last + 1] for line in each)
    return Listing("", listing.headings, lines, last + 1 == len(blocks))


def _more_rows(listing: Listing, blocks: Sequence[Sequence[Line]]) -> Listing | None:
    """Return the rows that go on with the steps of a table, as far as they are told of the same."""
    column, rows = len(cell_texts(listing.key)) if listing.key else 0, list[Line]()
    number = len(listing.lines) if listing.key else listing.lines[-1].number
    for line in blocks[0]:
        key, n = _numbered(line.text, column)
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
    """Return the sentences of a paragraph that says what to do; none of another one, as a remark below steps."""
    if any(each.numbers for each in below):
        return ()
    spans = sentence_spans(paragraph.text)
    lines = tuple(Line(paragraph.start + s, paragraph.start + e, paragraph.text[s:e]) for s, e in spans)
    return lines if len(lines) >= _FEWEST and _are_orders([line.text for line in lines]) else ()


def _are_orders(texts: Sequence[str]) -> bool:
    return sum(map(_is_order, texts)) >= _ORDERS * len(texts)


def _is_order(text: str) -> bool:
    begun = _BEGINS.match(text)
    verb = begun["verb"].casefold() if begun else ""
    return verb not in {"", "we"} and is_listed(past(verb))


def _names_step(heading: str) -> bool:
    """Tell whether a heading with a number is a step, "Step 1", "2. Plug it in", rather than a section, "2. Fees"."""
    bare = lexis.unnumbered(heading)
    return _is_called_step(heading) or (bare != heading and _is_order(bare))


def _is_called_step(heading: str) -> bool:
    return heading[:4].casefold() == "step"


def _headings(chunk: Chunk, line: Line) -> tuple[str, ...]:
    return chunk.place(chunk.start + line.start)[1]


def _last_of_steps(chunk: Chunk, blocks: Sequence[Sequence[Line]], first: int) -> int:
    """Return the place of the last block of the steps that begin in a block.

    One without a number may lie between two; below the last one that is a heading stands what it says.
    """
    last, number = first, max(line.number for line in blocks[first])
    begin = blocks[first][0]
    if is_heading(begin.text, _headings(chunk, begin)) and not _names_step(begin.text):
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
    is_step = last > first or _is_called_step(step.text)
    has_text = step.number and is_heading(step.text, _headings(chunk, step)) and last + 1 < len(blocks)
    return last + 1 if is_step and has_text else last


def _first_number(lines: Sequence[Line]) -> int:
    """Return the first number that any of some lines has; 0 where none has one."""
    return next((line.number for line in lines if line.number), 0)


def _blocks(text: str) -> list[list[Line]]:
    """Return the lines of a text, those between blank ones together."""
    blocks: list[list[Line]] = [[]]
    start = 0
    for raw in text.splitlines(keepends=True):
        line = raw.strip()
        if line:
            at = start + raw.index(line)
            blocks[-1].append(Line(at, at + len(line), line))
        elif blocks[-1]:
            blocks.append([])
        start += len(raw)
    return [block for block in blocks if block]


def _last_sentence(text: str) -> str:
    spans = sentence_spans(text)
    return text[slice(*spans[-1])] if spans else ""
