"""Answers against accepted ones, by their words."""

import pytest

from rag.evaluation.squad import exact_match, f1, normalized, token_f1


def test_answers_are_compared_without_articles_case_and_punctuation():
    assert normalized("The  Eiffel-Tower!") == ["eiffeltower"]
    assert normalized("The  Kestrel-4, an AP!") == ["kestrel4", "ap"]
    assert exact_match("the 12 days.", ["12 days"]) == 1
    assert exact_match("12 day", ["12 days", "a week"]) == 0


def test_letters_are_lowered_and_not_folded_as_in_the_official_script():
    assert normalized("STRASSE") == ["strasse"]
    assert normalized("Straße") == ["straße"]


def test_f1_of_two_texts_counts_their_tokens():
    assert token_f1("the 24 months", "24 months.") == 1.0
    assert token_f1("24 months of it", "24 months") == pytest.approx(2 * 2 / (4 + 2))
    assert token_f1("", "x") == 0.0


@pytest.mark.parametrize(
    ("answer", "wanted", "score"),
    [("in red", ["red"], 2 / 3), ("red", ["blue", "dark red"], 2 / 3), ("", [""], 1), ("red", [], 0), ("x", ["y"], 0)],
)
def test_f1_is_the_best_with_an_accepted_answer(answer, wanted, score):
    assert f1(answer, wanted) == pytest.approx(score)
