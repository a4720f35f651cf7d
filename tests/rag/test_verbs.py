"""Forms of English verbs."""

import pytest

from rag import verbs


@pytest.mark.parametrize(
    ("verb", "past", "participle", "third", "gerund"),
    [
        ("open", "opened", "opened", "opens", "opening"),
        ("stop", "stopped", "stopped", "stops", "stopping"),
        ("carry", "carried", "carried", "carries", "carrying"),
        ("play", "played", "played", "plays", "playing"),
        ("write", "wrote", "written", "writes", "writing"),
        ("begin", "began", "begun", "begins", "beginning"),
        ("have", "had", "had", "has", "having"),
        ("die", "died", "died", "dies", "dying"),
    ],
)
def test_forms_of_a_verb(verb, past, participle, third, gerund):
    made = (verbs.past(verb), verbs.participle(verb), verbs.third_person(verb), verbs.gerund(verb))
    assert made == (past, participle, third, gerund)


def test_inflections_are_english_words_of_the_same_base():
    assert verbs.inflections("opened") == {"open", "opens", "opening"}
    assert verbs.inflections("wrote") >= {"write", "writes", "written"}
    assert verbs.inflections("cities") == {"city"}
    assert "uss" not in verbs.inflections("us")


def test_a_word_that_only_looks_like_a_form_has_no_base():
    assert verbs.bases("bus") == set()
    assert verbs.bases("bed") == set()
