"""Turn a question into one that its passage seems to answer and does not.

The ways are those that people took when they wrote such questions for SQuAD 2.0: another name, number or thing, an
opposite, a negation, a condition that does not hold. Only the question changes, so that a reader must compare the two
rather than judge either.

Source: Rajpurkar, Jia and Liang 2018, https://arxiv.org/abs/1806.03822 (table 1).
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from rag.training.examples.changes import NAME, NEGATIVE, NUMBER, WORD, opposites, other_name, other_number

_AUXILIARY = re.compile(
    r"\b(is|are|was|were|did|does|do|has|have|had|can|could|will|would|should|may|might|must)\b", re.IGNORECASE
)
_CONDITION = re.compile(r"\b(?:in|at|by|from|during|after|before) (?:the )?(?:[A-Z][\w'-]*|\d{4})(?: [A-Z][\w'-]*)*")
# Rarely: a reader that saw "not" in impossible questions only would refuse "what is not covered?".
_NEGATED = 0.5


class Unanswerable:
    """Changes questions.

    Args:
        seed: Of the choices.
    """

    def __init__(self, *, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - training examples
        self._opposites = opposites()

    def change(self, question: str, passage: str, others: Sequence[str]) -> str | None:
        """Return a question that the passage does not answer, or ``None`` where no change fits.

        Args:
            question: One that the passage answers.
            passage: Its text.
            others: Other questions about the same article, whose names may take the place of one.
        """
        ways = [
            self._name,
            self._name,
            self._number,
            self._opposite,
            self._opposite,
            self._condition,
            self._negation,
        ]
        self._random.shuffle(ways)
        for way in ways:
            changed = way(question, (passage, *others))
            if changed is not None and changed.casefold() != question.casefold():
                return changed
        return None

    def _name(self, question: str, texts: Sequence[str]) -> str | None:
        found = [match for match in NAME.finditer(question) if match.start() > 0 and not match[0][0].isdigit()]
        if not found:
            return None
        name = self._random.choice(found)
        other = other_name(name[0], texts, question, self._random)
        return other and question[: name.start()] + other + question[name.end() :]

    def _number(self, question: str, texts: Sequence[str]) -> str | None:
        found = list(NUMBER.finditer(question))
        if not found:
            return None
        number = self._random.choice(found)
        other = other_number(number[0], texts, question, self._random)
        return question[: number.start()] + other + question[number.end() :]

    def _opposite(self, question: str, _: Sequence[str]) -> str | None:
        words = [match for match in WORD.finditer(question) if match[0].casefold() in self._opposites]
        if not words:
            return None
        word = self._random.choice(words)
        other = self._random.choice(self._opposites[word[0].casefold()])
        return question[: word.start()] + other + question[word.end() :]

    def _condition(self, question: str, texts: Sequence[str]) -> str | None:
        """Add a place or a time that another question of the article names."""
        known = question.casefold()
        pool = [match for text in texts[1:] for match in _CONDITION.findall(text)]
        new = sorted({each for each in pool if each.casefold() not in known and each not in texts[0]})
        if not new or not question.endswith("?"):
            return None
        return f"{question[:-1].rstrip()} {self._random.choice(new)}?"

    def _negation(self, question: str, _: Sequence[str]) -> str | None:
        verb = _AUXILIARY.search(question)
        if verb is None or NEGATIVE.search(question) or self._random.random() > _NEGATED:
            return None
        # "What did X not do" wants the negation behind the subject, "Who was not king" behind the verb.
        inverted = verb[0].casefold() in {"did", "do", "does"} or verb.start() == 0
        subject = WORD.search(question, verb.end()) if inverted else None
        place = subject.end() if subject is not None else verb.end()
        word = self._random.choice(["not", "not", "never"])
        return f"{question[:place]} {word}{question[place:]}"
