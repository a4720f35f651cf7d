"""The page beside the weights."""

from pathlib import Path

from rag.training.card import CARD, Card, Source, Subject, licence_of, render, write_card
from rag.training.measuring.gate import Change, Verdict
from rag.training.origins import Origin


def card(*, wins=True, along=((5, 1.25),)):
    return Card(
        Subject(
            "reader",
            (Origin("bundled:all-MiniLM-L6-v2", "ab" * 32, Path("base")),),
            (Source("squad1-train", licence_of("squad1-train"), 87433), Source("a|b", "the team's own", 3)),
            {"steps": 10, "seed": 7},
            along,
            "cd" * 32,
        ),
        (Change("f1", 0.5, 0.625, 0.1, 0.15, 900),),
        Verdict(wins, "It is surely better in f1."),
        ("footnote train reader --data sets --shipped", "footnote train measure reader out --data SET"),
    )


def test_it_says_what_from_what_how_good_and_how_to_repeat_it(tmp_path):
    path = write_card(tmp_path, card())
    assert path == tmp_path / CARD
    text = path.read_text(encoding="utf-8")
    for wanted in (
        "# Reader",
        "cd" * 32,
        "ab" * 32,
        "| squad1-train | CC BY-SA 4.0 | 87,433 |",
        "| steps | 10 |",
        "| f1 | 0.500 | 0.625 | +0.100 to +0.150 | 900 |",
        "It wins. It is surely better in f1.",
        "| 5 | 1.2500 |",
        "footnote train measure reader out --data SET",
        "## Limits",
    ):
        assert wanted in text


def test_a_bar_in_a_name_does_not_break_the_table():
    assert "| a\\|b |" in render(card())


def test_one_that_lost_says_so_and_no_losses_along_the_way_are_no_section():
    text = render(card(wins=False, along=()))
    assert "It lost." in text
    assert "Held-out loss" not in text


def test_licences_follow_the_source_of_an_example():
    assert licence_of("squad1-train, changed") == "CC BY-SA 4.0"
    assert licence_of("snli") == "CC BY-SA 4.0"
    assert licence_of("number") == "as its text"
    assert licence_of("our own set") == "the team's own"
