"""Draft an answer from the evidence: in a model's words, or in the documents' own sentences."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from rag import lexis, prompts
from rag.ask.question.asked import Part, mentions, parts_of
from rag.ask.question.kinds import asks_one_thing
from rag.ask.quoting.asks_for_list import says_list
from rag.ask.quoting.choice import Sentence
from rag.ask.quoting.excerpts import excerpts_of
from rag.ask.quoting.quotable import quotable
from rag.ask.quoting.wanted import Wanted
from rag.ask.quoting.whole import in_full, whole_list
from rag.ask.texts.lists import listings
from rag.ask.texts.rows import is_row, name_in, stands_in, words_of
from rag.errors import ModelError
from rag.protocols import ChatMessage, Excerpt, Generator, Highlighter, Writer, is_writer
from rag.safety.orders import gives_orders
from rag.sentences import sentence_spans
from rag.types import Draft, Evidence, Hit, Query, Quote

# So far below the best sentence's score a further one may lie; where the reader is this sure of the best one, or a few
# words answer the question, only so far (docs/decisions/0050).
_BESIDE, _SURE, _AS_GOOD = 4.0, 0.8, 1.5
# Drafts of other documents beside the quoted one.
_MOST_OTHERS = 3


def generate(
    evidence: Evidence,
    generator: Generator | Writer | None,
    highlighter: Highlighter,
    *,
    passages: int,
    max_sentences: int,
    max_tokens: int,
    drafts: int = 1,
    seed: int,
) -> Draft:
    """Return a draft of the answer, with other drafts beside it.

    Args:
        evidence: Passages, best first.
        generator: Writes the draft, from a chat or from sentences of the evidence; ``None`` quotes the documents
            instead.
        highlighter: Scores sentences when quoting.
        passages: How many of the best passages the draft may rest on.
        max_sentences: Most sentences of a quoted draft.
        max_tokens: Longest generated draft.
        drafts: How many a generator writes, each from other documents than those before it put first.
        seed: Seed of the generator's sampling; each draft has its own.

    Returns:
        A draft whose sentences may still be arriving; a `ModelError` of the generator is raised while they are read.
        A quoted one has drafts from other documents beside it, a generated one the quoted one. Where tables lead to the
        answer, their rows are what is quoted.
    """
    hits = evidence.hits[:passages]
    if generator is None:
        return _quoted(evidence, hits, highlighter, max_sentences)
    if is_writer(generator):
        return _from_excerpts(evidence, hits, generator, highlighter, max_sentences, max_tokens)
    written = [
        Draft(
            "generated",
            _written(generator, prompts.answer_messages(evidence.query.text, _sources(read)), max_tokens, seed + n),
            f"{prompts.ANSWER_VERSION} {prompts.REPAIR_VERSION}",
        )
        for n, read in enumerate(_evidence_sets(hits, drafts))
    ]
    quoted = Draft("quoted", _best_quotes(evidence.query, hits, highlighter, max_sentences))
    return _with_others((*written, quoted))


def _quoted(evidence: Evidence, hits: Sequence[Hit], highlighter: Highlighter, max_sentences: int) -> Draft:
    quotes = _quotes(evidence.query, hits, highlighter, max_sentences)
    drafts = [Draft("quoted", sentences) for sentences in quotes]
    is_list = says_list(evidence.query.text) and sum(quote.start is not None for quote in quotes[0]) > 1
    if (trail := evidence.trail) and not is_list:
        drafts.insert(0, Draft("quoted", _joined((row.text, row.chunk_id) for row in trail.rows), trail=trail))
    return _with_others(drafts)


def _with_others(drafts: Sequence[Draft]) -> Draft:
    """Return the first of some drafts with the rest beside it."""
    return replace(drafts[0], others=tuple(drafts[1:]))


def _from_excerpts(
    evidence: Evidence,
    hits: Sequence[Hit],
    writer: Writer,
    highlighter: Highlighter,
    max_sentences: int,
    max_tokens: int,
) -> Draft:
    """Return what a writer makes of the best sentences; where it finds no answer in them, the documents are quoted.

    A small model that gives up knows less than the confidence of what is quoted. Where tables lead to the answer,
    several things are asked for, a list as a whole, or a code alone, the documents are quoted too.
    """
    question = evidence.query.text
    if evidence.trail is not None or parts_of(evidence.query) or lexis.only_codes(question):
        return _quoted(evidence, hits, highlighter, max_sentences)
    scored = quotable(question, hits, highlighter)
    listed = _listed(question, scored, hits, highlighter, max_sentences)
    quoted = [Draft("quoted", sentences) for sentences in _of_one_thing(question, scored, hits, max_sentences, listed)]
    excerpts = [] if listed else excerpts_of(scored, hits)
    sentences = writer.write(question, excerpts, max_tokens=max_tokens) if excerpts else iter(())
    first = next(sentences, None)
    if first is None:
        return _with_others(quoted)
    return Draft("generated", chain((first,), sentences), prompts.EXCERPTS_VERSION, (quoted[0],))


def repaired(
    sentence: str,
    question: str,
    sources: Sequence[tuple[str, str]],
    generator: Generator | Writer,
    *,
    max_tokens: int,
    seed: int,
) -> str:
    """Return a sentence that failed, written anew from its sources.

    Args:
        sentence: As it was drafted.
        question: The question, standing alone.
        sources: Title with headings, and sentence, of each source, best first.
        generator: Writes it.
        max_tokens: Longest sentence.
        seed: Seed of the generator's sampling.

    Raises:
        ModelError: The generator fails.
    """
    if is_writer(generator):
        excerpts = [Excerpt(" › ".join(title.splitlines()), (text,)) for title, text in sources]
        return next(generator.write(question, excerpts, max_tokens=max_tokens), "")
    fenced = [(" › ".join(title.splitlines()), text) for title, text in sources]
    messages = prompts.repair_messages(question, sentence, fenced)
    return _plain("".join(generator.stream(messages, max_tokens=max_tokens, seed=seed)))


def _evidence_sets(hits: Sequence[Hit], drafts: int) -> list[Sequence[Hit]]:
    """Return the passages that each draft reads: all, then those without the document that came first, and so on."""
    sets: list[Sequence[Hit]] = [hits]
    while len(sets) < drafts and sets[-1]:
        first = sets[-1][0].passage.chunk.document_id
        rest = [hit for hit in sets[-1] if hit.passage.chunk.document_id != first]
        if not rest:
            break
        sets.append(rest)
    return sets


def _sources(hits: Sequence[Hit]) -> list[tuple[str, str]]:
    """Return title and text of each passage, without what gives orders to an assistant."""
    return [(_title(hit), _harmless(hit.passage.chunk.text)) for hit in hits]


def _title(hit: Hit) -> str:
    return " › ".join(line for line in (hit.passage.title, *hit.passage.chunk.headings) if not gives_orders(line))


def _harmless(text: str) -> str:
    """Return a text with a mark in place of each sentence that gives orders: none of them could be cited anyway."""
    for span in reversed(sentence_spans(text)):
        if gives_orders(text[span.start : span.end]):
            text = f"{text[: span.start]}[…]{text[span.end :]}"
    return text


def _written(generator: Generator, messages: Sequence[ChatMessage], max_tokens: int, seed: int) -> Iterator[str]:
    """Yield whole sentences as soon as the next one has begun.

    Raises:
        ModelError: The generator fails, or writes no word.
    """
    n_sentences = 0
    for sentence in _sentences(generator.stream(messages, max_tokens=max_tokens, seed=seed)):
        if any(map(str.isalnum, sentence)):
            n_sentences += 1
            yield sentence
    if not n_sentences:
        raise ModelError("The generator wrote no word.", hint="Choose another model.")


def _sentences(pieces: Iterable[str]) -> Iterator[str]:
    text = ""
    for piece in pieces:
        text += _plain(piece)
        spans = sentence_spans(text)
        for span in spans[:-1]:
            yield text[span.start : span.end]
        if len(spans) > 1:
            text = text[spans[-1].start :]
    for span in sentence_spans(text):
        yield text[span.start : span.end]


def _plain(text: str) -> str:
    """Return a text without characters that show nothing, or turn round how others are shown; lines stay."""
    return "".join(char if char == "\n" or unicodedata.category(char)[0] != "C" else " " for char in text)


def _best_quotes(query: Query, hits: Sequence[Hit], highlighter: Highlighter, max_sentences: int) -> Iterator[Quote]:
    """Yield the sentences that answer best; none is looked for before the first is asked for."""
    yield from _quotes(query, hits, highlighter, max_sentences)[0]


def _quotes(query: Query, hits: Sequence[Hit], highlighter: Highlighter, max_sentences: int) -> list[tuple[Quote, ...]]:
    """Return the sentences that answer best, then those of other documents; each list in reading order.

    Where the question asks for several things, the sentences for each are chosen apart, and there is one list.
    """
    if parts := parts_of(query):
        each = -(-max_sentences // len(parts))
        scored_for = [quotable(part.query.text, hits, highlighter) for part in parts]
        about = [_about(part, hits, scored) for part, scored in zip(parts, scored_for, strict=True)]
        # Nothing is quoted for a thing that no passage names, unless that holds for all: they may go by other names.
        chosen = [
            _best(part.query.text, scored, each)
            for part, scored in zip(parts, about if any(about) else scored_for, strict=True)
        ]
        return [_quoting(chain.from_iterable(chosen), hits)]
    scored = quotable(query.text, hits, highlighter)
    listed = _listed(query.text, scored, hits, highlighter, max_sentences)
    return _of_one_thing(query.text, scored, hits, max_sentences, listed)


def _listed(
    question: str, scored: Sequence[Sentence], hits: Sequence[Hit], highlighter: Highlighter, max_sentences: int
) -> tuple[Quote, ...]:
    """Return the list that is asked for, or several steps of which answer; none where there is none."""
    listed = whole_list(question, hits, scored, highlighter)
    return listed or in_full(question, _best(question, scored, max_sentences), hits)


def _of_one_thing(
    question: str, scored: Sequence[Sentence], hits: Sequence[Hit], max_sentences: int, listed: tuple[Quote, ...]
) -> list[tuple[Quote, ...]]:
    """Return the list that is asked for, else the best of the scored sentences, then those of other documents.

    Beside a list stands the sentence that answers better than any of a list: the list may be what is not asked for.
    """
    first = listed or _quoting(_best(question, scored, max_sentences), hits)
    quotes, seen = [first], {lexis.squeezed(quote.text) for quote in first}
    documents = [hit.passage.chunk.document_id for hit in hits]
    quoted = {chunk_id for quote in first for chunk_id in quote.chunk_ids}
    said = {quote.text for quote in first}
    read = {documents[s.hit] for s in scored if s.text in said}
    read |= {hit.passage.chunk.document_id for hit in hits if hit.passage.chunk.id in quoted}
    if listed and (other := _best(question, _in_no_list(scored, hits), max_sentences)):
        quotes.append(_quoting(other, hits))
        read |= {documents[s.hit] for s in other}
    for document in dict.fromkeys(documents):
        if document not in read and len(quotes) <= _MOST_OTHERS:
            fresh = [s for s in scored if documents[s.hit] == document and lexis.squeezed(s.text) not in seen]
            if other := _best(question, fresh, max_sentences):
                quotes.append(in_full(question, other, hits) or _quoting(other, hits))
    return quotes


def _in_no_list(scored: Sequence[Sentence], hits: Sequence[Hit]) -> list[Sentence]:
    """Return the sentences of the best one's document that stand in no list; none where the best one stands in one."""
    best = max(scored, key=lambda s: s.score)
    chunks = [hit.passage.chunk for hit in hits]
    own = [s for s in scored if chunks[s.hit].document_id == chunks[best.hit].document_id]
    items = {n: [line.text for each in listings(chunks[n]) for line in each.lines] for n in {s.hit for s in own}}
    found = [s for s in own if not any(s.text in text for text in items[s.hit])]
    return found if best in found else []


def _quoting(sentences: Iterable[Sentence], hits: Sequence[Hit]) -> tuple[Quote, ...]:
    return _joined((sentence.text, hits[sentence.hit].passage.chunk.id) for sentence in sentences)


def _joined(chosen: Iterable[tuple[str, str]]) -> tuple[Quote, ...]:
    """Return each text once, with all passages that it was chosen in: what is said of two things is said of both."""
    joined: dict[str, Quote] = {}
    for text, chunk_id in chosen:
        quote = joined.setdefault(lexis.squeezed(text), Quote(text, ()))
        if chunk_id not in quote.chunk_ids:
            joined[lexis.squeezed(text)] = replace(quote, chunk_ids=(*quote.chunk_ids, chunk_id))
    return tuple(joined.values())


def _about(part: Part, hits: Sequence[Hit], scored: Sequence[Sentence]) -> Sequence[Sentence]:
    """Return the sentences that hold, or stand under, the name of what a part is about; all where it has no name."""
    if not part.every:
        return scored
    titles = ["\n".join((hit.passage.title, *hit.passage.chunk.headings)) for hit in hits]
    return [s for s in scored if mentions(part, s.text, titles[s.hit])]


def _best(question: str, scored: Sequence[Sentence], max_sentences: int) -> list[Sentence]:
    """Return the best sentence and those that come near to it, in reading order.

    Where two are as good, which of them is meant is not known, and both are told. A fuller answer needs more, unless
    the one is surely all of it. Who names the Kestrel 6 means no row of the Kestrel 6 Pro beside it.

    Args:
        question: Its words.
        scored: Sentences that could be quoted.
        max_sentences: Most of them.
    """
    alone = asks_one_thing(question) and not Wanted(question).somebody_beside
    order = sorted(scored, key=lambda s: (-s.score, s.hit, s.position))
    chosen: list[Sentence] = []
    for sentence in order:
        fresh = all(sentence.text.casefold() != other.text.casefold() for other in chosen)
        if len(chosen) < max_sentences and fresh and _comes_near(sentence, order[0], alone=alone):
            chosen.append(sentence)
    chosen = [each for each in chosen if not any(_is_of_another(each, other, question) for other in chosen)]
    # The passage of the best sentence first, each passage's sentences in its own order.
    first = {sentence.hit: place for place, sentence in reversed(list(enumerate(chosen)))}
    return sorted(chosen, key=lambda s: (first[s.hit], s.position))


def _is_of_another(sentence: Sentence, other: Sentence, question: str) -> bool:
    """Tell whether a row is about a variant of what another row beside it is about, and what the question names."""
    if sentence.hit != other.hit or not (is_row(sentence.text) and is_row(other.text)):
        return False
    asked, own, named = (words_of(text) for text in (question, name_in(sentence.text), name_in(other.text)))
    return own != named == own[: len(named)] and stands_in(named, asked) and not stands_in(own, asked)


def _comes_near(sentence: Sentence, best: Sentence, *, alone: bool) -> bool:
    return sentence.score >= best.score - (_AS_GOOD if alone or best.answers >= _SURE else _BESIDE)
