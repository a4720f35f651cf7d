"""Measure what is written, or quoted, against what a person or a target says."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from rag import lexis
from rag.ask.quoting.excerpts import excerpts_of
from rag.ask.quoting.quotable import quotable
from rag.errors import InputError
from rag.evaluation.dataset import LabelledSet
from rag.evaluation.squad import f1
from rag.models.writer import WriterModel
from rag.protocols import Excerpt, Highlighter, Verifier
from rag.sentences import Span, sentence_spans
from rag.training.measuring.gate import Measured
from rag.training.measuring.measures import rouge_l
from rag.training.writings.given import Writing
from rag.types import Chunk, Hit, LiveChunk

Told = Callable[[int, int], None]
# As the settings have it: most sentences of a quoted answer, and tokens of a written one.
_MOST_QUOTED, _MOST_TOKENS = 3, 120
# A further sentence must come this near to the best one: as `rag.ask.generate` quotes.
_NEAR_BEST = 0.88
_PART_WORDS = 110
# From this support on a sentence passes the guard.
_SUPPORTED = 0.5
_OVERLAP, _ROUGE = "token f1", "rouge-l"
REFUSED, SUPPORTED, FAITHFUL = "refuses rightly", "supported sentences", "words of the source"


def measure_quotes(
    highlighter: Highlighter, writings: Sequence[Writing], *, on_progress: Told = lambda *_: None
) -> Measured:
    """Return how near the quoted sentences come to the targets of held-out writings."""
    overlap, rouge = list[float](), list[float]()
    for n, writing in enumerate(writings, 1):
        if writing.target:
            told = quoted(highlighter, writing.question, writing.excerpts)
            overlap.append(f1(told, [writing.target]))
            rouge.append(rouge_l(told, [writing.target]))
        on_progress(n, len(writings))
    return Measured(_arrays({_OVERLAP: overlap, _ROUGE: rouge}), {}, {})


def measure_writer(
    writer: WriterModel, verifier: Verifier, writings: Sequence[Writing], *, on_progress: Told = lambda *_: None
) -> Measured:
    """Return how near a writer comes to the targets, and whether sources bear it out.

    Args:
        writer: The model.
        verifier: Judges each sentence by the whole evidence.
        writings: Held out.
        on_progress: Told how many are done, of how many.
    """
    found: dict[str, list[float]] = {}

    def note(name: str, value: float) -> None:
        found.setdefault(name, []).append(value)

    for n, writing in enumerate(writings, 1):
        on_progress(n, len(writings))
        sentences = list(writer.write(writing.question, writing.excerpts, max_tokens=_MOST_TOKENS))
        note(REFUSED, float(bool(sentences) == bool(writing.target)))
        if writing.target:
            note(_OVERLAP, f1(" ".join(sentences), [writing.target]))
            note(_ROUGE, rouge_l(" ".join(sentences), [writing.target]))
        # By case, so that two writers can be compared case by case; who writes nothing says nothing wrong.
        supported = [value >= _SUPPORTED for value in _support(verifier, sentences, writing.excerpts)]
        note(SUPPORTED, float(np.mean(supported)) if sentences else 1.0)
        note(FAITHFUL, float(np.mean([_faithful(each, writing) for each in sentences])) if sentences else 1.0)
    return Measured(_arrays(found), {}, {})


def measure_answers(
    writer: WriterModel,
    highlighter: Highlighter,
    verifier: Verifier,
    labelled: LabelledSet,
    *,
    on_progress: Told = lambda *_: None,
) -> dict[str, float]:
    """Return quoted and written answers to a set's questions side by side, each from the question's own passage.

    The writer gets sentences of it as the product chooses them.

    Args:
        writer: The model.
        highlighter: Chooses what is quoted.
        verifier: Judges each written sentence by the passage, before any guard.
        labelled: Questions whose metadata name their ``passage`` and its ``answers``.
        on_progress: Told how many questions are done, of how many.

    Raises:
        InputError: A question names no passage of the set, or none can be answered.
    """
    passages = {line.id: _excerpt(line.title, line.text) for line in labelled.corpus}
    hits = {line.id: _hit(line.title, " ".join(passages[line.id].sentences)) for line in labelled.corpus}
    asked = [query for query in labelled.queries if query.metadata.get("answerable", True)]
    figures: dict[str, list[float]] = {}
    for n, query in enumerate(labelled.queries, 1):
        on_progress(n, len(labelled.queries))
        place = str(query.metadata.get("passage", ""))
        if place not in passages:
            raise InputError(
                f"The question {query.id!r} of {labelled.name!r} names no passage of the set, got {place!r}.",
                hint="Write the id of the passage that it was asked about into metadata.passage.",
            )
        excerpts = [passages[place]]
        found = [hits[place]]
        read = excerpts_of(quotable(query.text, found, highlighter), found) or excerpts
        sentences = list(writer.write(query.text, read, max_tokens=_MOST_TOKENS))
        if query not in asked:
            figures.setdefault("refused, unanswerable", []).append(float(not sentences))
            continue
        answers = query.metadata.get("answers", ())
        both = {"quoted": quoted(highlighter, query.text, excerpts), "written": " ".join(sentences)}
        for name, told in both.items():
            figures.setdefault(f"{name} f1", []).append(f1(told, answers))
            figures.setdefault(f"{name} rouge_l", []).append(rouge_l(told, answers))
            figures.setdefault(f"{name} words", []).append(len(told.split()))
        figures.setdefault("refused, answerable", []).append(float(not sentences))
        support = _support(verifier, sentences, excerpts)
        figures.setdefault("written support", []).extend(support)
        figures.setdefault("written supported", []).extend(float(value >= _SUPPORTED) for value in support)
    if not asked:
        raise InputError(
            f"No question of {labelled.name!r} can be answered.", hint="Name a set with answers in its metadata."
        )
    return {name: float(np.mean(values)) for name, values in figures.items() if values} | {
        "answerable": float(len(asked))
    }


def quoted(highlighter: Highlighter, question: str, excerpts: Sequence[Excerpt]) -> str:
    """Return the sentences that would be quoted: the best, and up to two that come near to it, as they stand."""
    texts = [" ".join(each.sentences) for each in excerpts]
    spans = [_spans(each.sentences) for each in excerpts]
    scores = highlighter.highlight(question, texts, spans)
    scored = [
        (float(score), -place, -number, text[span.start : span.end])
        for place, (text, inside, values) in enumerate(zip(texts, spans, scores, strict=True))
        for number, (span, score) in enumerate(zip(inside, values, strict=True))
    ]
    best = sorted(scored, reverse=True)[:_MOST_QUOTED]
    near = [each for each in best if each[0] >= _NEAR_BEST * best[0][0]]
    return " ".join(text for *_, text in sorted(near, key=lambda each: (-each[1], -each[2])))


def _excerpt(title: str, text: str) -> Excerpt:
    return Excerpt(title, tuple(text[span.start : span.end] for span in sentence_spans(text)))


def _hit(title: str, text: str) -> Hit:
    """Return a passage as the only one that was found."""
    chunk = Chunk("passage@1:0", "passage", "1", 0, 0, len(text), text, title, (), None, 0)
    return Hit(LiveChunk(chunk, title, "", "text/plain"), 1.0, ("dense",))


def _spans(sentences: Sequence[str]) -> list[Span]:
    spans, at = [], 0
    for sentence in sentences:
        spans.append(Span(at, at + len(sentence)))
        at += len(sentence) + 1
    return spans


def _support(verifier: Verifier, sentences: Sequence[str], excerpts: Sequence[Excerpt]) -> list[float]:
    """Return the support of each sentence by the part of the evidence that supports it most.

    A verifier reads some 200 words of a source: a longer passage is shown to it part by part.
    """
    texts = ["\n".join(filter(None, (each.title, part))) for each in excerpts for part in _parts(each.sentences)]
    if not sentences or not texts:
        return [0.0] * len(sentences)
    claims = [sentence for sentence in sentences for _ in texts]
    support = np.asarray(verifier.support(claims, texts * len(sentences))).reshape(len(sentences), len(texts))
    return [float(value) for value in support.max(axis=1)]


def _parts(sentences: Sequence[str]) -> list[str]:
    """Return runs of neighbouring sentences that a verifier reads whole, each beginning in the middle of the last."""
    parts, first = list[str](), 0
    while first < len(sentences):
        end = first + 1
        while end < len(sentences) and sum(len(text.split()) for text in sentences[first : end + 1]) <= _PART_WORDS:
            end += 1
        parts.append(" ".join(sentences[first:end]))
        if end == len(sentences):
            break
        first = max(first + 1, (first + end) // 2)
    return parts


def _faithful(sentence: str, writing: Writing) -> float:
    """Return the share of a sentence's content words that stand in the evidence or the question, in any form."""
    told = lexis.stems(sentence)
    known = lexis.stems(writing.question).union(
        *(lexis.stems(text) for each in writing.excerpts for text in (each.title, *each.sentences))
    )
    return len(told & known) / len(told) if told else 1.0


def _arrays(found: dict[str, list[float]]) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float32]]]:
    return {name: np.array(values, dtype=np.float32) for name, values in found.items() if values}
