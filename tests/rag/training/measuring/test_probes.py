"""Wrong sentences to measure with, made in other ways than those to learn from."""

import ast
import inspect
import re

from rag.training.measuring import probes as module
from rag.training.measuring.probes import probes

ARTICLES = {
    "Bridges": [
        "The bridge over the river was opened in 1932 and is 503 metres long, says Anna Petrova. It has 4 lanes.",
        "In winter the bridge was closed on 12 days of January, as Anna Petrova had told the council.",
    ],
    "Towers": ["The tower is 324.5 metres high and was built by Gustave Eiffel within 1,200 days until March."],
}


def made(*, per_kind=50, seed=1, articles=ARTICLES):
    return probes(articles, per_kind=per_kind, seed=seed)


def test_a_wrong_sentence_is_not_in_its_source_and_a_right_one_is():
    asked = [each for seed in range(40) for each in made(seed=seed)]
    assert {each.kind for each in asked} == {"right", "number", "date", "name", "negation"}
    for each in asked:
        assert (each.claim.casefold() in each.source.casefold()) == (each.kind == "right")


def test_for_each_wrong_one_there_is_a_right_one():
    asked = made()
    assert sum(each.kind == "right" for each in asked) == len(asked) / 2


def test_there_are_not_more_of_a_kind_than_asked_for():
    asked = made(per_kind=1)
    assert all(sum(each.kind == kind for each in asked) <= 1 for kind in ("number", "date", "name", "negation"))


def test_years_count_as_dates_and_numbers_keep_their_form():
    numbers = [each.claim for seed in range(20) for each in made(seed=seed) if each.kind == "number"]
    assert all("1932" in claim for claim in numbers if "opened" in claim)
    grouped = [claim for claim in numbers if "Eiffel" in claim and "1,200" not in claim]
    assert all(re.search(r"\d{1,2},\d{3} days|324\.5", claim) for claim in grouped)


def test_names_come_from_articles_about_something_else():
    names = {each.claim for seed in range(20) for each in made(seed=seed) if each.kind == "name"}
    assert any("Gustave Eiffel" in claim and "bridge" in claim for claim in names)


def test_one_article_offers_no_other_names():
    alone = {"Bridges": ARTICLES["Bridges"]}
    assert all(each.kind != "name" for seed in range(8) for each in made(seed=seed, articles=alone))


def test_a_seed_gives_the_same():
    assert made(seed=4) == made(seed=4)


def test_they_share_no_code_with_what_is_learnt_from():
    tree = ast.parse(inspect.getsource(module))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {name for name in imported if name and name.startswith("rag.training")}
