"""Writings whose targets were written by hand."""

import pytest

from rag.sentences import Span
from rag.training.examples import Asked, Paragraph, QuestionSet
from rag.training.given import given

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
    (
        Asked("how long are clips there", 0, ("ninety days",), Span(*[TEXT.index("ninety days")] * 2)),
        Asked("what does it cost", 0, ("40 euros",), Span(TEXT.index("40 euros"), TEXT.index("40 euros") + 8)),
    ),
)
TOLD = ["The Vault plan keeps clips of cameras for ninety days, in Norway.", ""]
IMPOSSIBLE = [("how long are clips shared", 0), ("what does a lamp cost", 2), ("who shares clips", 0)]


def made(seed=1, told=TOLD):
    return list(given(KNOWN, told, IMPOSSIBLE, seed=seed))


def test_only_questions_with_an_answer_in_whole_sentences_are_written():
    (one, *_) = made()
    assert (one.question, one.target, one.article) == (KNOWN.asked[0].question, TOLD[0], "plans")
    assert not any(writing.question == KNOWN.asked[1].question for writing in made())


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
    told = [TOLD[0], "It costs 40 euros."]
    refused = [writing for writing in made(told=told) if not writing.target]
    # Three for ten that have an answer.
    assert len(refused) == 1
    assert refused[0].question in {question for question, _ in IMPOSSIBLE}
    assert refused[0].excerpts


def test_another_number_of_targets_is_an_error():
    with pytest.raises(ValueError, match="argument"):
        made(told=TOLD[:1])
