"""Hold one drafted sentence after the other against the evidence: a statement with its spans, or why it was cut."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from rag import lexis, prompts
from rag.ask.support.attribute import (
    MAX_CLAIM_CHARACTERS,
    Attribution,
    Source,
    attribute,
    in_place,
    nearest,
    sources_of,
    span_of,
    to_the_letter,
    verbatim,
)
from rag.ask.support.contested import contested
from rag.ask.watched.models import judgements
from rag.clauses.against import Why
from rag.errors import ModelError
from rag.protocols import Verifier
from rag.sentences import sentence_spans
from rag.types import Checking, Citation, CutSentence, Hit, Quote, Statement

Repair = Callable[[str, Sequence[tuple[str, str]]], str]
"""Writes a sentence anew from passages, each a title and a text; empty where they do not bear it out."""

# Each repair asks the generator once more.
_MOST_REPAIRS = 3
_MOST_NAMED = 3
_SAID = "it says what was said before"
_AGAINST: Mapping[Why, str] = {
    "contrary": "a source says otherwise",
    "narrower": "the source says so in some cases only",
    "mixed": "the source says so of something else",
}
_UNCHECKED = "the verifier failed, so only what stands to the letter in a document is shown"


class SentenceCheck:
    """Checks the sentences of the drafts of one question.

    Args:
        hits: The passages that they may rest on.
        verifier: Scores support.
        min_support: Support below which a sentence is repaired or cut.
        repair: Writes a sentence anew; ``None`` where nothing does.
        on_check: Told of each sentence before it is checked.
    """

    def __init__(
        self,
        hits: Sequence[Hit],
        verifier: Verifier,
        *,
        min_support: float,
        repair: Repair | None = None,
        on_check: Callable[[Checking], None] = lambda _: None,
    ) -> None:
        self._hits = hits
        self._sources = sources_of(hits)
        self._wordings = to_the_letter(self._sources)
        self._judge = partial(judgements, verifier)
        self._min_support = min_support
        self._repair = repair
        self._repairs_left = _MOST_REPAIRS
        self._on_check = on_check

    def each(self, sentences: Iterable[str | Quote]) -> Iterator[Statement | CutSentence]:
        """Yield what becomes of each sentence, in order, until the draft says that there is no answer.

        Raises:
            ModelError: The draft breaks off; a verifier that fails only cuts.
        """
        said: set[str] = set()
        for sentence in sentences:
            quote = sentence if isinstance(sentence, Quote) else Quote(sentence, ())
            text = " ".join(quote.text.split())
            if text.rstrip(".!").upper() == prompts.NO_ANSWER:
                return
            # Of a list that is told as a whole a step may come twice.
            item = quote.start is not None
            again = lexis.squeezed(text) in said and not item
            checked = CutSentence(text, 0.0, _SAID) if again else self._checked(text, said, quote)
            said.add(lexis.squeezed(checked.text))
            yield replace(checked, item=True) if item and isinstance(checked, Statement) else checked

    def _checked(self, text: str, said: Collection[str], quote: Quote) -> Statement | CutSentence:
        exact = in_place(quote, self._hits) or verbatim(text, self._wordings, quote.chunk_ids)
        near = [] if exact else nearest(text, self._sources)
        shown = (exact.spans if exact else near)[:1]
        self._on_check(Checking(text, shown[0].hit.passage.title if shown else ""))
        found = exact or self._attributed(text, near)
        if found is None:
            return CutSentence(text, 0.0, _UNCHECKED)
        if found.supported(self._min_support):
            return _statement(text, found)
        return self._repaired(text, found, near, said) or CutSentence(
            text, round(found.support, 4), self._why(text, found)
        )

    def _attributed(self, text: str, near: Sequence[Source]) -> Attribution | None:
        try:
            found = attribute(text, near, self._judge, min_support=self._min_support)
        except ModelError:
            # The slot notes what is wrong with it.
            return None
        return contested(text, found, self._sources) if found.supported(self._min_support) else found

    def _repaired(
        self, text: str, found: Attribution, near: Sequence[Source], said: Collection[str]
    ) -> Statement | None:
        if self._repair is None or not near or not self._repairs_left:
            return None
        self._repairs_left -= 1
        sources = dict.fromkeys((*found.spans, *near))
        self._on_check(Checking(text, next(iter(sources)).hit.passage.title, repairing=True))
        try:
            written = self._repair(text, [(source.context, source.text) for source in sources])
        except ModelError:
            return None
        anew = _first_sentence(written)
        if not anew or lexis.squeezed(anew) in {lexis.squeezed(text), *said}:
            return None
        again = verbatim(anew, self._wordings) or self._attributed(anew, nearest(anew, self._sources))
        if again is None or not again.supported(self._min_support):
            return None
        return replace(_statement(anew, again), repaired_from=text)

    def _why(self, text: str, found: Attribution) -> str:
        tried = "" if self._repair is None else ", and it could not be repaired"
        if len(text) > MAX_CLAIM_CHARACTERS:
            return f"it is too long to be checked as one statement{tried}"
        if found.missing:
            return f"{_quoted(found.missing)} is not in the sources{tried}"
        if found.against:
            return f"{_AGAINST[found.against.why]}: {_quoted([found.against.sentence])}{tried}"
        if found.faults:
            return f"the sources do not say {_quoted(found.faults)}{tried}"
        return f"no passage supports it{tried}"


def cite(source: Source) -> Citation:
    """Return the citation of a source, without its number."""
    chunk = source.hit.passage.chunk
    span = span_of(source)
    page, headings = chunk.place(span.start)
    return Citation(
        0,
        chunk.document_id,
        source.hit.passage.title,
        chunk.version,
        chunk.id,
        page,
        headings,
        span.start,
        span.end,
        source.text,
    )


def numbered(statement: Statement, numbers: dict[tuple[str, int, int], int]) -> Statement:
    """Return a statement whose citations have their numbers on the screen; a span that is new gets the next one."""
    citations = tuple(
        replace(c, n=numbers.setdefault((c.document_id, c.start, c.end), len(numbers) + 1)) for c in statement.citations
    )
    return replace(statement, citations=citations)


def _statement(text: str, found: Attribution) -> Statement:
    citations = tuple(map(cite, found.spans))
    same = all(lexis.squeezed(citation.quote) == lexis.squeezed(text) for citation in citations)
    return Statement(citations[0].quote if same else text, round(found.support, 4), citations)


def _first_sentence(written: str) -> str:
    text = " ".join(written.split())
    spans = sentence_spans(text)
    first = text[spans[0].start : spans[0].end] if spans else ""
    return "" if first.rstrip(".!").upper() == prompts.NO_ANSWER else first


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"“{each.strip()}”" for each in words[:_MOST_NAMED])
