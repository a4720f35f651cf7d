"""Cut a document into passages that follow its structure, measured in the embedder's own tokens."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.protocols import TokenSpan
from rag.sentences import BAR, Span, sentence_spans
from rag.types import Block, Chunk, Document, Turn
from rag.validity import said_by_heading, said_by_sentence

# 6: what leads to a list, or names it, is not cut from it.
CHUNKER_VERSION = "6"

CHARACTERS_PER_TOKEN = 10
"""Ordinary text has three to six; more of them for each token of the budget and a passage is cut, whatever the tokens.

A tokenizer gives up on a word of half a million characters after a few tokens.
"""

_MAX_NAME = 80
# "If it has not arrived after that:" leads to what follows, "Getting it back" may name it.
_MOST_LEADS = 2
_LEADS = re.compile(r".*[:：]\**\s*|(?:\S+\s+){0,7}\S*[^\W\d_]\s*", re.DOTALL)

Tokenize = Callable[[str], Sequence[TokenSpan]]


@dataclass(frozen=True, slots=True)
class _Unit:
    """The smallest piece that the chunker moves: a block, or a part of one that is too long.

    ``apart`` is alike for the pieces that may stand in one chunk: held spans before it, its sheet, the section
    that says of itself when it holds, and the rest of a row of a table, be it the header. ``n_header`` counts
    the tokens of a header that is too long for the context and stands beside it. ``leads`` tells whether it is a
    paragraph that says nothing without what follows.
    """

    kind: str
    start: int
    end: int
    n_tokens: int
    page: int | None
    headings: tuple[str, ...]
    section: int
    header: str
    n_header: int
    row: str
    apart: tuple[int, int, int, int]
    leads: bool

    @property
    def n_characters(self) -> int:
        return self.end - self.start


def chunk(
    document: Document,
    tokenize: Tokenize,
    *,
    budget_tokens: int,
    context_tokens: int,
    held: Sequence[Span] = (),
) -> tuple[Chunk, ...]:
    """Return the passages of a document in order.

    Paragraphs, list items and table rows stay whole where they fit; a longer one is cut between
    sentences, only a longer sentence between words, and only a word that is longer than a passage may be
    (`CHARACTERS_PER_TOKEN`) inside. A section begins a new chunk unless the one
    before is still short; a heading never ends a chunk, nor does what leads to something or may name it. A sheet, and
    a section that says when it holds, shares a chunk with nothing else. A chunk that continues a table carries the
    header row in its context; one that continues a row, what the row is about, and the names of the columns from the
    one on that it begins in. A header that is longer than a context takes room from the text; a row with which it
    is longer than a passage is cut, and each part has the names of its own columns.

    Args:
        document: The version to cut.
        tokenize: Tokens of a text as spans, e.g. `Embedder.token_spans`.
        budget_tokens: Most tokens of context and text together.
        context_tokens: Most tokens of the context.
        held: Spans that belong to no chunk, in order; a chunk never reaches over one.

    Returns:
        Chunks in order of their spans, which do not overlap; every character of a block that is not held is
        in exactly one chunk.
    """
    budget = budget_tokens - context_tokens
    units = list(_units(document, tokenize, budget, context_tokens, held))
    return tuple(
        _chunk(document, group, tokenize, ordinal, context_tokens)
        for ordinal, group in enumerate(_groups(units, budget))
    )


def recipe(*, budget_tokens: int, context_tokens: int) -> str:
    """Return the chunker's part of an index recipe."""
    return f"budget_tokens={budget_tokens} context_tokens={context_tokens} version={CHUNKER_VERSION}"


def _units(
    document: Document, tokenize: Tokenize, budget: int, context_tokens: int, held: Sequence[Span]
) -> Iterator[_Unit]:
    path: list[tuple[int, str]] = []
    section = 0
    header = _Header("", tokenize, context_tokens)
    paged = document.media_type.endswith("sheet")
    dated = _dated(document)
    for block, part in _free(document.blocks, held, document.text):
        text = document.text[block.start : block.end]
        if block.kind == "heading":
            path = [(level, name) for level, name in path if level < block.level]
            path.append((block.level, " ".join(text.split())))
            section += 1
        if block.kind != "table_row":
            header = _Header(text if block.kind == "table_header" else "", tokenize, context_tokens)
        headings = tuple(name for _, name in path)
        is_row = block.kind == "table_row"
        in_table = is_row or block.kind == "table_header"
        leads = block.kind == "paragraph" and _LEADS.fullmatch(text) is not None
        bars = [bar.start() for bar in BAR.finditer(text)] if is_row else []
        tokens = tokenize(text)
        for n, piece in enumerate(_pieces(text, tokens, header.room(len(tokens), budget) if is_row else budget)):
            names, n_names = "", 0
            if is_row:
                first, last = (bisect_left(bars, place) for place in (piece.start, piece.end))
                names, n_names = header.names(first, last + 1, budget - piece.n_tokens)
            yield _Unit(
                block.kind,
                block.start + piece.start,
                block.start + piece.end,
                piece.n_tokens,
                block.page,
                headings,
                section,
                names,
                n_names,
                _row_name(text) if is_row and n else "",
                (part, (block.page or 0) if paged else 0, section if section in dated else 0, n if in_table else 0),
                leads,
            )


class _Header:
    """The names of the columns of a table."""

    def __init__(self, text: str, tokenize: Tokenize, context_tokens: int) -> None:
        self._text = " ".join(text.split())
        self._each = [name.strip() for name in BAR.split(self._text)]
        self._tokenize = tokenize
        n_tokens = len(tokenize(self._text)) if text else 0
        # What the context has no room for.
        self._n_beside = n_tokens if n_tokens > context_tokens else 0

    def room(self, n_tokens: int, budget: int) -> int:
        """Return how many tokens of a row of this length stand in one piece, so that its names fit beside it."""
        both = self._n_beside + n_tokens
        # A quarter is left over, since names and cells are not all of one length.
        return max(1, 3 * budget * n_tokens // (4 * both)) if self._n_beside and both > budget else budget

    def names(self, first: int, end: int, room: int) -> tuple[str, int]:
        """Return the names of columns, counted from 0, and their tokens where they stand beside the context.

        Args:
            first: From this one on.
            end: Before this one, where they stand beside the context; else all of them.
            room: Most tokens beside the context; the last names go where there are more.
        """
        if not self._n_beside:
            return (" | ".join(self._each[first:]) if first else self._text), 0
        if not first and end >= len(self._each) and self._n_beside <= room:
            return self._text, self._n_beside
        names = " | ".join(self._each[first:end])
        tokens = self._tokenize(names)
        if not _fits(len(tokens), len(names), room):
            cut = min(room * CHARACTERS_PER_TOKEN, tokens[room].start if len(tokens) > room else len(names))
            bar = names.rfind(" | ", 0, cut + 1)
            names = names[: bar if bar > 0 else cut]
            tokens = self._tokenize(names)
        return names, len(tokens)


def _row_name(row: str) -> str:
    """Return the first cell of a row, which says what it is about; empty where that is long."""
    name = BAR.split(row, maxsplit=1)[0].strip()
    return name if len(name) <= _MAX_NAME else ""


def _dated(document: Document) -> set[int]:
    """Return the numbers of the sections, but the first, whose heading or first words say when they hold.

    What is said there is said of no section beside it, so that none shares a chunk with it.
    """
    found, section, opens = set(), 0, False
    for block in document.blocks:
        text = document.text[block.start : block.end]
        if block.kind == "heading":
            section += 1
            sayings: Iterable[object] = said_by_heading(" ".join(text.split()))
        elif opens and block.kind == "paragraph":
            spans = sentence_spans(text)[:1]
            sayings = (each for s in spans for each in said_by_sentence(text[s.start : s.end], first=True))
        else:
            sayings = ()
        opens = block.kind == "heading"
        if section > 1 and any(True for _ in sayings):
            found.add(section)
    return found


def _free(blocks: Sequence[Block], held: Sequence[Span], text: str) -> Iterator[tuple[Block, int]]:
    """Yield the blocks without what is held: the rest of one that is held in part comes as blocks of its kind.

    With each comes how many held spans end before it.
    """
    n_before = 0
    for block in blocks:
        start = block.start
        while n_before < len(held) and held[n_before].end <= start:
            n_before += 1
        part = n_before
        while part < len(held) and held[part].start < block.end:
            yield from ((rest, part) for rest in _stripped(block, start, held[part].start, text))
            start = held[part].end
            part += 1
        yield from ((rest, part) for rest in _stripped(block, start, block.end, text))


def _stripped(block: Block, start: int, end: int, text: str) -> Iterator[Block]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield replace(block, start=start, end=end)


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    n_tokens: int


def _pieces(text: str, tokens: Sequence[TokenSpan], budget: int) -> list[_Piece]:
    """Return the text as one piece where it fits, else as runs of sentences, else of words."""
    if _fits(len(tokens), len(text), budget):
        return [_Piece(0, len(text), len(tokens))]
    atoms: list[_Piece] = []
    position = 0
    for span in _sentences(text):
        inside = []
        while position < len(tokens) and tokens[position].start < span.end:
            inside.append(tokens[position])
            position += 1
        if _fits(len(inside), span.end - span.start, budget):
            atoms.append(_Piece(span.start, span.end, len(inside)))
        else:
            atoms.extend(_cut(span, inside, budget, text))
    return _pack(atoms, budget, len(text))


def _sentences(text: str) -> Iterator[Span]:
    """Yield the sentences of a text that is too long, those of each cell of a row apart."""
    edges = [0, *(bar.start() for bar in BAR.finditer(text)), len(text)]
    for start, end in pairwise(edges):
        yield from (Span(start + a, start + b) for a, b in sentence_spans(text[start:end]))


def _cut(span: Span, tokens: Sequence[TokenSpan], budget: int, text: str) -> Iterator[_Piece]:
    """Cut an overlong sentence, between words where it has any within the budget; what is blank is left out."""
    start, first = span.start, 0
    while not _fits(len(tokens) - first, span.end - start, budget):
        furthest = start + budget * CHARACTERS_PER_TOKEN
        last = min(first + budget, len(tokens) - 1)
        within = [i for i in range(last, first, -1) if start < tokens[i].start <= furthest]
        if within:
            split = next((i for i in within if text[tokens[i].start - 1].isspace()), within[0])
            end, n_tokens = tokens[split].start, split - first
        else:
            split, end, n_tokens = first, furthest, min(1, len(tokens) - first)
        if text[start:end].strip():
            yield _Piece(start, end, n_tokens)
        start, first = end, split
    if text[start : span.end].strip():
        yield _Piece(start, span.end, len(tokens) - first)


def _fits(n_tokens: int, n_characters: int, budget: int) -> bool:
    return n_tokens <= budget and n_characters <= budget * CHARACTERS_PER_TOKEN


def _pack(atoms: Sequence[_Piece], budget: int, length: int) -> list[_Piece]:
    """Join neighbouring atoms up to the budget, and stretch them so that nothing lies between."""
    packed: list[_Piece] = []
    for atom in atoms:
        if packed and _fits(packed[-1].n_tokens + atom.n_tokens, atom.end - packed[-1].start, budget):
            packed[-1] = _Piece(packed[-1].start, atom.end, packed[-1].n_tokens + atom.n_tokens)
        else:
            packed.append(atom)
    starts = [0, *(piece.start for piece in packed[1:]), length]
    return [_Piece(starts[i], starts[i + 1], piece.n_tokens) for i, piece in enumerate(packed)]


def _groups(units: Sequence[_Unit], budget: int) -> Iterator[list[_Unit]]:
    """Yield runs of units that become one chunk each."""
    group: list[_Unit] = []
    used = length = 0
    for unit in units:
        if group and unit.apart != group[-1].apart:
            yield group
            group, used, length = [], 0, 0
        room = budget - (group or [unit])[0].n_header
        full = not _fits(used + unit.n_tokens, length + unit.n_characters, room)
        turn = bool(group) and unit.section != group[-1].section and used >= budget // 4
        if group and (full or turn):
            carried = _trailing(group, leads=not turn)
            used, length = sum(c.n_tokens for c in carried), sum(c.n_characters for c in carried)
            if len(carried) < len(group) and _fits(used + unit.n_tokens, length + unit.n_characters, budget):
                yield group[: len(group) - len(carried)]
                group = carried
            else:
                yield group
                group, used, length = [], 0, 0
        group.append(unit)
        used += unit.n_tokens
        length += unit.n_characters
    if group:
        yield group


def _trailing(group: Sequence[_Unit], *, leads: bool) -> list[_Unit]:
    """Return the last units that belong to what follows: headings, and what leads there within a section."""
    count, left = 0, _MOST_LEADS if leads else 0
    while count < len(group) and (group[-1 - count].kind == "heading" or (left and group[-1 - count].leads)):
        left -= group[-1 - count].kind != "heading"
        count += 1
    return list(group[len(group) - count :])


def _chunk(document: Document, group: Sequence[_Unit], tokenize: Tokenize, ordinal: int, context_tokens: int) -> Chunk:
    start = group[0].start
    end = group[-1].end
    while end > start and document.text[end - 1].isspace():
        end -= 1
    first = group[0]
    above = first.headings[:-1] if first.kind == "heading" else first.headings
    names = (*above, first.row)
    if first.n_header:
        title = _context(document.title, names, "", tokenize, context_tokens)
        context = "\n".join(filter(None, (title, first.header)))
    else:
        context = _context(document.title, names, first.header, tokenize, context_tokens)
    text = document.text[start:end]
    return Chunk(
        id=f"{document.id}@{document.version}:{start}-{end}",
        document_id=document.id,
        version=document.version,
        ordinal=ordinal,
        start=start,
        end=end,
        text=text,
        context=context,
        headings=first.headings,
        page=first.page,
        n_tokens=sum(unit.n_tokens for unit in group) + len(tokenize(context)),
        turns=tuple(
            Turn(unit.start, unit.page, unit.headings)
            for before, unit in pairwise(group)
            if (before.page, before.headings) != (unit.page, unit.headings)
        ),
    )


def _context(title: str, headings: Sequence[str], header: str, tokenize: Tokenize, limit: int) -> str:
    """Return title, headings and table header on one line each.

    Where the limit cuts, the table header goes first, then the title, then the innermost headings.
    """
    parts = [title, *(name for name in headings if name.casefold() != title.casefold()), header]
    last = len(parts) - 1
    kept: dict[int, str] = {}
    left = limit
    for position in [last, 0, *range(last - 1, 0, -1)]:
        tokens = tokenize(parts[position])
        if tokens and left > 0:
            part = parts[position] if len(tokens) <= left else parts[position][: tokens[left - 1].end]
            kept[position] = part[: limit * CHARACTERS_PER_TOKEN]
            left -= min(len(tokens), left)
    return "\n".join(kept[position] for position in sorted(kept))
