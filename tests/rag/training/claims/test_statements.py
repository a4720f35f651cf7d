"""Question and answer as one statement."""

import pytest

from rag.training.claims.statements import statement


@pytest.mark.parametrize(
    ("question", "answer", "told"),
    [
        ("Who wrote Hamlet?", "Shakespeare", "Shakespeare wrote Hamlet."),
        ("Who was the king of Spain?", "Philip", "Philip was the king of Spain."),
        ("What is the capital of Norway?", "Oslo", "Oslo is the capital of Norway."),
        ("When was the tower built?", "1889", "The tower was built in 1889."),
        ("When was the treaty signed?", "3 May 1791", "The treaty was signed on 3 May 1791."),
        ("Where was the treaty signed?", "in Paris", "The treaty was signed in Paris."),
        ("In what year was the bridge opened?", "1932.", "The bridge was opened in 1932."),
        ("Which two rivers are in the north?", "Ob and Lena", "Ob and Lena are in the north."),
        ("What caused the fire?", "a candle", "A candle caused the fire."),
        ("Who  led the   expedition?", " Amundsen ", "Amundsen led the expedition."),
    ],
)
def test_words_move_and_nothing_is_added(question, answer, told):
    assert statement(question, answer) == told


@pytest.mark.parametrize(
    "question",
    [
        "How many people live there?",
        "Why did the engine stop?",
        "What did the council decide?",
        "Who did the king marry?",
        "What is the tower made of?",
        "Is the tower open?",
        "Name the river.",
        "",
    ],
)
def test_other_forms_are_left_alone(question):
    assert statement(question, "three") is None
