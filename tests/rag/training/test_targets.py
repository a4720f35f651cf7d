"""What the writer learns to write, and follow-ups."""

import pytest

from rag import lexis
from rag.sentences import Span
from rag.training.examples import Asked, Paragraph, QuestionSet
from rag.training.follow_ups import follow_ups
from rag.training.targets import Targets
from rag.training.telling import Teller

TEXT = (
    "Chopin was a composer who was born in Poland. He wrote most of his works for the piano. "
    "He moved to Paris in 1830 and gave few concerts. The weather there was mild, and rents were low."
)
OTHER = "Liszt was a pianist. He gave many concerts in Weimar, and people came from far to hear them."


def asked(question, answer, text=TEXT, paragraph=0):
    at = text.index(answer)
    return Asked(question, paragraph, (answer,), Span(at, at + len(answer)))


@pytest.fixture(scope="module")
def questions():
    paragraphs = (Paragraph("Chopin", "Chopin", TEXT), Paragraph("Chopin", "Chopin", OTHER))
    return QuestionSet(
        "toy",
        "CC0",
        paragraphs,
        (
            asked("Where was Chopin born?", "Poland"),
            asked("When did Chopin move to Paris?", "1830"),
            asked("What did Chopin write most of his works for?", "the piano"),
            asked("Where did Liszt give many concerts?", "Weimar", OTHER, 1),
        ),
    )


@pytest.fixture(scope="module")
def made(questions):
    teller = Teller([TEXT, OTHER] * 4)
    return [writing for seed in range(30) for writing in Targets(questions, teller, seed=seed).writings(1.0)]


def test_a_pronoun_is_only_written_as_the_name_that_the_question_gives(made):
    full = [w for w in made if w.task == "answer" and "1830" in w.target]
    assert full
    assert all(w.target.startswith("Chopin ") and "moved to Paris in 1830" in w.target for w in full)
    assert not any(w.target.startswith("He ") for w in made)


def test_the_evidence_holds_every_word_of_a_target(made):
    for writing in made:
        evidence = " ".join(text for each in writing.excerpts for text in (each.title, *each.sentences))
        assert lexis.stems(writing.target) <= lexis.stems(f"{evidence} {writing.question}")


def test_a_refusal_has_no_sentence_with_the_answer(made):
    refused = [w for w in made if w.kind == "refused"]
    assert refused
    answers = {"Where was Chopin born?": "Poland", "When did Chopin move to Paris?": "1830"}
    for writing in refused:
        assert writing.target == ""
        told = " ".join(text for each in writing.excerpts for text in each.sentences)
        assert answers.get(writing.question, "\0") not in told


def test_the_same_seed_makes_the_same_targets(questions):
    teller = Teller([TEXT, OTHER])
    one, two = (Targets(questions, teller, seed=3).writings(1.0) for _ in range(2))
    assert one == two
    assert one != Targets(questions, teller, seed=4).writings(1.0)


def test_a_follow_up_lacks_what_its_target_has(questions):
    found = [w for seed in range(20) for w in follow_ups(questions, share=1.0, seed=seed)]
    kinds = {w.kind for w in found}
    assert "pointed back" in kinds
    for writing in found:
        assert writing.task == "follow-up"
        history = writing.excerpts[0].sentences
        assert history
        known = lexis.stems(" ".join((writing.question, *history)))
        assert lexis.stems(writing.target) <= known
        if writing.kind == "pointed back":
            assert "chopin" not in writing.question.casefold()
            assert "Chopin" in writing.target
