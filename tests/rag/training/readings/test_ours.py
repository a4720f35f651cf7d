"""Who-questions whose answer a team tells of itself."""

from rag.sentences import Span
from rag.training.examples.shapes import Asked, Paragraph, QuestionSet
from rag.training.readings.ours import told_by_us

TEXTS = (
    "The shop opens at nine. Marlow Tools pays for shipping of faulty devices. Gift cards are not refunded.",
    "The Northern Bank financed the bridge in 1932. It was paid back by 1950.",
    "In 1932 the bridge was financed by the Northern Bank.",
)


def asked(question, place, answer):
    start = TEXTS[place].index(answer)
    return Asked(question, place, (answer,), Span(start, start + len(answer)))


QUESTIONS = QuestionSet(
    "toy",
    "none",
    tuple(Paragraph("town", "Town", text) for text in TEXTS),
    (
        asked("Who pays for shipping of faulty devices?", 0, "Marlow Tools"),
        asked("Which company financed the bridge?", 1, "Northern Bank"),
        asked("Who financed it?", 2, "Northern Bank"),
        asked("When does the shop open?", 0, "nine"),
    ),
)


def test_an_answer_at_the_head_of_its_sentence_is_told_as_we():
    groups = [group for seed in range(20) for group in told_by_us(QUESTIONS, seed=seed)]
    answered = [group for group in groups if group.readings[0].answers]
    assert {group.question for group in answered} == {asked.question for asked in QUESTIONS.asked[:2]}
    for group in answered:
        reading = group.readings[0]
        assert reading.passage[reading.answer.start : reading.answer.end] == "We"
        assert "We pays for shipping" in reading.passage or "We financed the bridge" in reading.passage
        assert "Marlow Tools" not in reading.passage
        assert "The We" not in reading.passage


def test_others_of_the_article_are_not_answered_by_what_we_say_of_ourselves():
    wrong = [group for seed in range(20) for group in told_by_us(QUESTIONS, seed=seed) if not group.readings[0].answers]
    # The bank financed it, whichever passage says so: that is no question about somebody else.
    found = {(group.question, "We pays" in group.readings[0].passage) for group in wrong}
    assert found == {
        ("Which company financed the bridge?", True),
        ("Who financed it?", True),
        ("Who pays for shipping of faulty devices?", False),
    }


def test_the_same_seed_tells_the_same():
    assert list(told_by_us(QUESTIONS, seed=1)) == list(told_by_us(QUESTIONS, seed=1))
