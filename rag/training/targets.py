"""What the writer learns to write: answers in whole sentences, from questions whose answer stands in a passage.

Each target says only what question and evidence say. Where a way of making one is not sure of it, there is none: the
targets decide what the model becomes.

Source: docs/decisions/0026-a-writer.md.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag import lexis
from rag.english import is_english
from rag.protocols import Excerpt
from rag.sentences import Span, sentence_spans
from rag.training.examples import Asked, Paragraph, QuestionSet
from rag.training.retelling import compressed, listed, merged, standing
from rag.training.telling import Teller

Task = Literal["answer", "brief", "follow-up"]
# Shares: of questions that get evidence without the answer, of those told in short, of pairs asked at once, and of
# single sentences that are to be written as they stand: they teach no more than quoting.
_REFUSED, _BRIEF, _TWO, _AS_IT_STANDS = 0.14, 0.4, 0.2, 0.6
_MOST_EXTRA, _MOST_WORDS, _MOST_EVIDENCE = 2, 90, 210
_LEAST_SHARED = 2
# Share of the question's words that a sentence of the source must hold to be its answer; and where nothing else is.
_CLOSE, _BARELY, _COVERS = 0.5, 0.34, 0.75
_MOST_OTHERS, _MOST_BESIDE = 3, 4
_BROKEN = re.compile(r"(?:^|\. )(?:[A-Z][a-z]+: |- )|\[\d|\.\.\.|…|\?|``|''|https?:|\|")


@dataclass(frozen=True, slots=True)
class Writing:
    """One thing to write.

    Args:
        task: An answer, an answer in one short sentence, or a follow-up made to stand alone.
        question: As it is asked.
        excerpts: The evidence; of a follow-up the questions before it.
        target: What is to be written; empty where the evidence does not answer.
        kind: How the target was made.
        origin: The set that it comes from.
        article: What its passage belongs to; what is held out is held out by article.
    """

    task: Task
    question: str
    excerpts: tuple[Excerpt, ...]
    target: str
    kind: str
    origin: str
    article: str


class Targets:
    """Makes targets of a set of questions.

    Args:
        questions: The set.
        teller: Tells question and answer as a sentence.
        seed: Of every choice.
    """

    def __init__(self, questions: QuestionSet, teller: Teller, *, seed: int) -> None:
        self._set = questions
        self._teller = teller
        self._random = random.Random(f"{questions.name} {seed}")  # noqa: S311 - training examples
        self._spans = [_sentences(paragraph.text) for paragraph in questions.paragraphs]
        self._stems: dict[int, list[frozenset[str]]] = {}
        # Where no question has an answer to point at, the whole passage is one.
        self._by_passage = not any(asked.answer for asked in questions.asked)
        self._articles: dict[str, list[int]] = {}
        for place, paragraph in enumerate(questions.paragraphs):
            self._articles.setdefault(paragraph.article, []).append(place)

    def writings(self, share: float) -> list[Writing]:
        """Return the targets of a share of the questions."""
        made: list[Writing] = []
        last: Asked | None = None
        for asked in self._set.asked:
            if self._random.random() >= share or (asked.answer is None and not self._by_passage):
                continue
            if asked.answer is not None and self._random.random() < _REFUSED:
                made += self._refused(asked)
                continue
            made += self._whole(asked) if asked.answer is None else self._answered(asked)
            if last is not None and last.paragraph == asked.paragraph and self._random.random() < _TWO:
                made += self._two(last, asked)
            last = asked
        return [writing for writing in made if _sound(writing.target) and _within_reach(writing)]

    def _answered(self, asked: Asked) -> list[Writing]:
        """Return the writing of a question whose answer is a span: brief, or with what else the passage says of it."""
        used = self._holding(asked)
        if not used or len(used) > 3:
            return []
        told = self._told(asked, used)
        if told is not None and self._random.random() < _BRIEF:
            return [self._writing("brief", asked, told, "told", used)]
        full = self._full(asked, used, told)
        if full is None:
            return [] if told is None else [self._writing("brief", asked, told, "told", used)]
        target, kind, used = full
        if kind == "stood" and self._random.random() > _AS_IT_STANDS:
            return []
        return [self._writing("answer", asked, target, kind, used)]

    def _told(self, asked: Asked, used: Sequence[int]) -> str | None:
        if len(used) != 1 or asked.answer is None:
            return None
        text = self._set.paragraphs[asked.paragraph].text
        return self._teller.tell(asked.question, text, asked.answer, self._spans[asked.paragraph][used[0]])

    def _full(self, asked: Asked, used: Sequence[int], told: str | None) -> tuple[str, str, list[int]] | None:
        """Return the answer's sentences retold, with up to two more that bear on the question."""
        paragraph = self._set.paragraphs[asked.paragraph]
        keep = [*asked.answers[:1], *lexis.terms(asked.question)]
        retold = [self._retold(asked, place, keep) for place in used]
        sure = [each for each in retold if each is not None]
        sentences = [text for text, _ in sure]
        about = _share_said(asked.question, " ".join(sentences))
        if len(sure) == len(used) and (about >= _CLOSE or (told is None and about >= _BARELY)):
            kind = sure[0][1]
        elif told is not None:
            sentences, kind = [told], "told"
        else:
            return None
        places = list(used)
        for place in self._related(asked, used):
            more = self._retold(asked, place, lexis.terms(asked.question))
            if more is None or len(sentences) >= 3 or sum(len(each.split()) for each in sentences) > 60:
                continue
            if not _says_more(more[0], sentences):
                continue
            places.append(place)
            name = _name(paragraph)
            one = merged(sentences[-1], self._text(asked.paragraph, place), name) if place == used[-1] + 1 else None
            if one is not None:
                sentences[-1], kind = one, "merged"
            else:
                sentences.append(more[0])
        more_kind = f"{kind}, {len(sentences)} sentences" if len(sentences) > 1 else kind
        return " ".join(sentences), more_kind, places

    def _retold(self, asked: Asked, place: int, keep: Sequence[str]) -> tuple[str, str] | None:
        sentence = self._text(asked.paragraph, place)
        if not sentence.endswith((".", "!", '."')) or len(sentence.split()) > 60 or not sentence[:1].isupper():
            return None
        shorter = compressed(sentence, keep)
        alone = standing(shorter, "x")
        if alone == shorter:
            return shorter, "compressed" if shorter != sentence else "stood"
        name = self._meant(asked, place)
        alone = standing(shorter, name) if name else None
        return (alone, "renamed") if alone is not None else None

    def _meant(self, asked: Asked, place: int) -> str:
        """Return what the pronoun that opens a sentence stands for; empty where that is not sure.

        Who asked the question has put a name in its place: the one name of the question that the sentence lacks.
        """
        paragraph = self._set.paragraphs[asked.paragraph]
        title, sentence = _name(paragraph), self._text(asked.paragraph, place)
        if self._is_about(asked, place, title) and _is_named(title, paragraph.text):
            return title
        names = [
            *(name.removesuffix("'s") for name in lexis.names(asked.question)),
            *([title] if title.casefold() in asked.question.casefold() else []),
        ]
        lacking = {
            name
            for name in names
            if _is_named(name, paragraph.text) and not set(lexis.words(name)) & set(lexis.words(sentence))
        }
        before = " ".join(self._text(asked.paragraph, n) for n in range(max(0, place - 2), place))
        known = [name for name in lacking if name in f"{title} {before}"]
        return known[0] if len(lacking) == 1 and known else ""

    def _is_about(self, asked: Asked, place: int, name: str) -> bool:
        """Tell whether a pronoun that opens a sentence stands for the name: sentences before it began with that."""
        person = self._text(asked.paragraph, place).startswith(("He ", "She ", "His ", "Her "))
        if not name or not lexis.stems(name) & lexis.stems(asked.question):
            return False
        for before in range(place - 1, -1, -1):
            text = self._text(asked.paragraph, before)
            if _begins_with(text, name):
                return not _another_name(text, name) or not person
            if not re.match(r"^(?:He|She|It|His|Her|Its)\b", text):
                return False
        return False

    def _related(self, asked: Asked, used: Sequence[int]) -> list[int]:
        """Return other sentences of the passage that share words with the question, or go on about the same thing."""
        place = asked.paragraph
        name = lexis.stems(_name(self._set.paragraphs[place]))
        wanted = lexis.stems(asked.question)
        scored = []
        for n, found in enumerate(self._stems_of(place)):
            shared = len(found & (wanted - name))
            follows = n == used[-1] + 1 and bool(re.match(r"^(?:It|He|She)\b", self._text(place, n)))
            near = shared >= _LEAST_SHARED and 2 * shared >= len(wanted - name)
            if n not in used and (shared > _LEAST_SHARED or near or follows):
                scored.append((-shared, n))
        return sorted(n for _, n in sorted(scored)[:_MOST_EXTRA])

    def _whole(self, asked: Asked) -> list[Writing]:
        """Return the writing of a question that a whole passage answers: a list as a sentence, or how it begins."""
        paragraph = self._set.paragraphs[asked.paragraph]
        about = lexis.stems(asked.question) & lexis.stems(paragraph.article)
        if not about:
            return []
        texts = [self._text(asked.paragraph, n) for n in range(len(self._spans[asked.paragraph]))]
        for n, text in enumerate(texts[:6]):
            found = listed(" ".join(texts[n : n + 8])) if text.endswith(":") or ": - " in text else None
            if found is not None and _share_said(asked.question, found[0]) > _CLOSE:
                own = Excerpt(paragraph.title, (*texts[max(0, n - 1) : n], *found[1]))
                return [self._with(asked, "answer", found[0], "listed", own)]
        said: list[str] = []
        for text in texts[:2]:
            shorter = compressed(text, lexis.terms(asked.question))
            alone = standing(shorter, paragraph.article)
            if alone is None or not text.endswith(".") or not (said or _covers(text, asked.question)):
                break
            said.append(alone)
        if not said or "key points" in said[0].lower():
            return []
        own = Excerpt(paragraph.title, tuple(texts[: self._random.randint(len(said), len(said) + _MOST_BESIDE)]))
        return [self._with(asked, "answer", " ".join(said), f"whole, {len(said)} sentences", own)]

    def _two(self, one: Asked, other: Asked) -> list[Writing]:
        """Return two questions about one passage asked at once, and both told."""
        used = [self._holding(one), self._holding(other)]
        told = [self._told(asked, places) for asked, places in zip((one, other), used, strict=True)]
        if told[0] is None or told[1] is None or told[0] == told[1]:
            return []
        second = other.question[:1].lower() + other.question[1:]
        joined = self._random.choice((f"{one.question} {other.question}", f"{one.question.rstrip('?')} and {second}"))
        asked = replace(one, question=joined)
        one_sentence = self._teller.joined(told[0], told[1])
        target = one_sentence or f"{told[0]} {told[1]}"
        return [self._writing("brief", asked, target, "joined" if one_sentence else "two", [*used[0], *used[1]])]

    def _refused(self, asked: Asked) -> list[Writing]:
        """Return a question with evidence that lacks every sentence with an answer."""
        spans = self._spans[asked.paragraph]
        texts = [self._text(asked.paragraph, n) for n in range(len(spans))]
        held = set(self._holding(asked))
        left = [
            text
            for n, text in enumerate(texts)
            if n not in held and not any(answer.casefold() in text.casefold() for answer in asked.answers)
        ]
        own = Excerpt(self._title(asked.paragraph), tuple(left[:5]))
        others = self._others(asked)
        if not left and not others:
            return []
        excerpts = [*([own] if left else []), *others]
        self._random.shuffle(excerpts)
        return [self._made("answer", asked, tuple(excerpts), "", "refused")]

    def _writing(self, task: Task, asked: Asked, target: str, kind: str, used: Sequence[int]) -> Writing:
        n_sentences = len(self._spans[asked.paragraph])
        rest = [n for n in range(n_sentences) if n not in used]
        beside = self._random.sample(rest, min(len(rest), self._random.randint(0, _MOST_BESIDE)))
        places = sorted({*used, *beside})
        own = Excerpt(self._title(asked.paragraph), tuple(self._text(asked.paragraph, n) for n in places))
        return self._with(asked, task, target, kind, own)

    def _with(self, asked: Asked, task: Task, target: str, kind: str, own: Excerpt) -> Writing:
        excerpts = [own, *self._others(asked)]
        if self._random.random() < 0.5:
            self._random.shuffle(excerpts)
        return self._made(task, asked, tuple(excerpts), target, kind)

    def _made(self, task: Task, asked: Asked, excerpts: tuple[Excerpt, ...], target: str, kind: str) -> Writing:
        article = self._set.paragraphs[asked.paragraph].article
        return Writing(task, asked.question, _within(excerpts), target, kind, self._set.name, article)

    def _others(self, asked: Asked) -> list[Excerpt]:
        """Return sentences of other passages of the article that look like an answer and hold none."""
        own = self._set.paragraphs[asked.paragraph]
        pool = [place for place in self._articles[own.article] if place != asked.paragraph]
        if len(pool) < 2:
            pool += [self._random.randrange(len(self._spans)) for _ in range(2)]
        pool = self._random.sample(pool, min(len(pool), 6))
        wanted = lexis.stems(asked.question)
        found = []
        for place in pool:
            shared = [len(stems & wanted) for stems in self._stems_of(place)]
            order = sorted(range(len(shared)), key=lambda n: (-shared[n], n))[: self._random.randint(1, 2)]
            texts = [self._text(place, n) for n in sorted(order)]
            clean = not any(answer.casefold() in " ".join(texts).casefold() for answer in asked.answers)
            if clean and texts and self._set.paragraphs[place].text != own.text:
                found.append((-max(shared, default=0), place, Excerpt(self._title(place), tuple(texts))))
        n_taken = self._random.choice((0, 1, 1, 2, _MOST_OTHERS))
        return [excerpt for _, _, excerpt in sorted(found)[:n_taken]]

    def _holding(self, asked: Asked) -> list[int]:
        if asked.answer is None:
            return []
        begin, end = asked.answer
        return [n for n, span in enumerate(self._spans[asked.paragraph]) if span.start < end and span.end > begin]

    def _text(self, paragraph: int, place: int) -> str:
        span = self._spans[paragraph][place]
        return " ".join(self._set.paragraphs[paragraph].text[span.start : span.end].split())

    def _title(self, paragraph: int) -> str:
        return self._set.paragraphs[paragraph].title if self._random.random() < 0.9 else ""

    def _stems_of(self, paragraph: int) -> list[frozenset[str]]:
        if paragraph not in self._stems:
            self._stems[paragraph] = [lexis.stems(self._text(paragraph, n)) for n in range(len(self._spans[paragraph]))]
        return self._stems[paragraph]


def counted(writings: Sequence[Writing]) -> list[tuple[str, int]]:
    """Return how many writings of each kind there are, the most first."""
    return Counter(writing.kind for writing in writings).most_common()


def _sentences(text: str) -> tuple[Span, ...]:
    return tuple(span for span in sentence_spans(text) if span.end - span.start > 2)


def _says_more(sentence: str, before: Sequence[str]) -> bool:
    """Tell whether at least half of a sentence's words are new."""
    told = lexis.stems(sentence)
    return 2 * len(told - lexis.stems(" ".join(before))) >= len(told)


def _covers(said: str, question: str) -> bool:
    return _share_said(question, said) >= _COVERS


def _share_said(question: str, said: str) -> float:
    """Return the share of the question's words that a text holds."""
    wanted = lexis.stems(question)
    return len(wanted & lexis.stems(said)) / len(wanted) if wanted else 1.0


def _name(paragraph: Paragraph) -> str:
    """Return what a passage is about, as it is spoken of: its title without what stands in brackets."""
    return re.sub(r"\s*\([^)]*\)$", "", paragraph.title).strip()


def _is_named(title: str, text: str) -> bool:
    """Tell whether a title is a name: a word that its text writes small can be said of many things."""
    words = title.split()
    written = all(word[:1].isupper() or word in lexis.STOP_WORDS for word in words)
    common = len(words) == 1 and (title.isupper() or re.search(rf"\b{re.escape(title.lower())}", text) is not None)
    return "%" not in title and written and not common


def _begins_with(sentence: str, name: str) -> bool:
    begin = sentence[: len(name) + 30].casefold()
    words = lexis.words(name)
    return bool(words) and (name.casefold() in begin or (words[-1] in lexis.words(begin)[:3] and len(words) > 1))


def _another_name(sentence: str, name: str) -> bool:
    own = set(lexis.words(name))
    return any(not own & set(lexis.words(other)) for other in lexis.names(sentence))


def _within(excerpts: Sequence[Excerpt]) -> tuple[Excerpt, ...]:
    """Return the excerpts as far as they fit what the model reads; the first stays whole."""
    kept: list[Excerpt] = []
    used = 0
    for excerpt in excerpts:
        used += sum(len(text.split()) for text in excerpt.sentences)
        if kept and used > _MOST_EVIDENCE:
            break
        kept.append(excerpt)
    return tuple(kept)


def _within_reach(writing: Writing) -> bool:
    """Tell whether every word of a target stands in the evidence, or is an English one: no name, no typing error."""
    held = {word for each in writing.excerpts for text in (each.title, *each.sentences) for word in lexis.words(text)}
    return all(word in held or is_english(word.removesuffix("'s")) for word in lexis.words(writing.target))


def _sound(target: str) -> bool:
    if not target:
        return True
    n_words = len(target.split())
    whole = target.count("(") == target.count(")") and target.count('"') % 2 == 0
    return 4 <= n_words <= _MOST_WORDS and target.endswith((".", "!", '."')) and whole and not _BROKEN.search(target)
