"""Questions whose words tell whether they have an answer are left out."""

from dataclasses import replace

import numpy as np

from rag.evaluation.figures import auroc
from rag.sentences import Span
from rag.training.examples.shapes import Asked, Paragraph, QuestionSet
from rag.training.readings.balanced import balanced, foretold
from rag.training.readings.further import Further

THINGS = ("gate", "kiln", "boat", "lamp", "desk", "oven", "pump", "rope", "tent", "door")
PASSAGE = Paragraph("things", "Things", "Things are here.")


def asked(question):
    return Asked(question, 0, ("here",), Span(11, 15))


def told_apart(n):
    """Questions of which all but one in ten with "how long" have no answer, and all but one in ten others have one."""
    with_answer, without = [], []
    for number in range(n):
        thing = f"{THINGS[number % 10]} {number}"
        mine, others = (with_answer, without) if number // 10 % 10 == 0 else (without, with_answer)
        mine.append(f"how long does the {thing} take")
        others.append(f"my {thing} is stuck, what now")
    questions = QuestionSet("things", "none", (PASSAGE,), tuple(map(asked, with_answer)))
    return Further("things", questions, (), tuple((question, 0, None) for question in without))


def foreseen(found):
    texts = [each.question for each in found.questions.asked] + [question for question, _, _ in found.impossible]
    answered = np.arange(len(texts)) < len(found.questions.asked)
    return auroc(foretold(texts, answered), answered)


def test_what_is_kept_is_not_told_apart_by_its_words():
    found = told_apart(1000)
    (kept,) = balanced([found], seed=1)
    assert foreseen(found) > 0.85
    assert abs(foreseen(kept) - 0.5) < 0.1
    takes = [question for question, _, _ in kept.impossible if question.startswith("how long")]
    answered = [each for each in kept.questions.asked if each.question.startswith("how long")]
    # Rare ones all stay, of those that are many about as many as of the rare ones.
    assert len(answered) >= 95
    assert 0.6 < len(takes) / len(answered) < 1.5


def test_each_set_keeps_its_own_questions():
    one, other = told_apart(400), told_apart(500)
    other = replace(other, about="others", questions=replace(other.questions, name="others"))
    first, second = balanced([one, other], seed=1)
    assert (first.about, second.about) == ("things", "others")
    assert set(first.questions.asked) <= set(one.questions.asked)
    assert set(second.impossible) <= set(other.impossible)
    assert balanced([one, other], seed=1) == [first, second]


def test_of_few_questions_all_are_kept():
    found = told_apart(100)
    assert balanced([found], seed=1) == [found]
