"""Writings whose targets were written by hand."""

from rag.training.examples.shapes import Paragraph, QuestionSet
from rag.training.writings.given import Told, given

TEXT = (
    "The Vault plan costs 40 euros. It can be ended each month. Cameras keep clips for ninety days. "
    "Clips are kept in Norway. A clip can be shared with the police. Sharing needs a code."
)
KNOWN = QuestionSet(
    "plans",
    "none",
    (
        Paragraph("plans", "Vault", TEXT),
        Paragraph("plans", "Attic", "The Attic plan costs 20 euros. It keeps clips for ten days."),
        Paragraph("other", "Lamp", "The lamp turns white. Hold the button."),
    ),
    (),
)
SAID = "Cameras of the Vault plan keep clips for ninety days, in Norway."
TOLD = [Told("how long are clips there", 0, SAID, ("ninety days",))]
IMPOSSIBLE = [("how long are clips shared", 0), ("what does a lamp cost", 2), ("who shares clips", 0)]


def made(seed=1, told=TOLD):
    return list(given(KNOWN, told, IMPOSSIBLE, seed=seed))


def test_an_answer_in_whole_sentences_is_what_is_written():
    (one,) = made()
    assert (one.question, one.target, one.article) == ("how long are clips there", SAID, "plans")


def test_what_is_behind_a_target_is_in_its_evidence_whatever_is_drawn():
    for seed in range(30):
        (one, *_) = made(seed)
        own = next(each for each in one.excerpts if "Cameras keep clips for ninety days." in each.sentences)
        assert own.title in {"Vault", ""}
        texts = [text for each in one.excerpts for text in each.sentences]
        assert len(texts) <= 10
        assert len(texts) == len(set(texts))


def test_what_stands_beside_it_varies_and_holds_no_answer():
    drawn = {tuple(text for each in made(seed)[0].excerpts for text in each.sentences) for seed in range(30)}
    assert len(drawn) > 10
    others = {text for texts in drawn for text in texts} - {
        text.strip() for text in TEXT.replace(". ", ".|").split("|")
    }
    assert others <= {
        "The Attic plan costs 20 euros.",
        "It keeps clips for ten days.",
        "The lamp turns white.",
        "Hold the button.",
    }
    assert others


def test_some_questions_without_an_answer_are_refused():
    told = [*TOLD, Told("what does it cost", 0, "It costs 40 euros.")]
    refused = [writing for writing in made(told=told) if not writing.target]
    # Three for ten that have an answer.
    assert len(refused) == 1
    assert refused[0].question in {question for question, _ in IMPOSSIBLE}
    assert refused[0].excerpts
