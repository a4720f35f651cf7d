from hypothesis import given
from hypothesis import strategies as st

from knowledge_graph.gazetteer import Found, Gazetteer

WORDS = st.sampled_from(["halo", "mesh", "access", "point", "ap"])
NAMES = st.sets(st.lists(WORDS, min_size=1, max_size=3).map(" ".join))


def test_the_longest_of_overlapping_names_is_found():
    found = Gazetteer({"access", "access point", "point"}).find("an access point fails")
    assert found == [Found("access point", 1, 3)]


def test_names_are_found_at_whole_words_only():
    assert Gazetteer({"point"}).find("appointments disappoint") == []


def test_a_name_that_was_forgotten_is_not_found():
    gazetteer = Gazetteer({"halo", "mesh"}).renewed({"mesh"})
    assert gazetteer.find("halo mesh") == [Found("mesh", 1, 2)]


def test_a_name_that_was_forgotten_is_kept_nowhere():
    gazetteer = Gazetteer({"halo", "mesh"}).renewed({"mesh", "point"})
    assert set(gazetteer._base_names) == {"mesh", "point"}
    assert " halo " not in gazetteer._base


@given(NAMES, st.lists(NAMES, max_size=4), st.lists(WORDS, max_size=8).map(" ".join))
def test_renewing_finds_what_building_anew_would(first, later, text):
    gazetteer = Gazetteer(first)
    for names in later:
        gazetteer = gazetteer.renewed(names)
    assert gazetteer.find(text) == Gazetteer([first, *later][-1]).find(text)
