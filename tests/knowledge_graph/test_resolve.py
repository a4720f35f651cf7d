import pytest

from knowledge_graph.resolve import Resolution, entity_key, singular


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Halo Mesh", "HALO MESH"),
        ("the Halo Mesh", "Halo Mesh's"),
        ("HX-2104", "HX2104"),
        ("J. K. Rowling", "J.K. Rowling"),
        ("U.S.", "US"),
        ("AT&T", "AT & T"),
        ("Pál Gábor", "Pal Gabor"),
        ("APs", "AP"),
        ("Wi-Fi", "Wi Fi"),
        ("O’Brien", "O'Brien"),
    ],
)
def test_spellings_of_one_name_share_a_key(one, other):
    assert entity_key(one) == entity_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("v2.4.1", "v2.41"), ("C++", "C"), ("HX-2104", "HX-2105"), ("Peters", "Peter"), ("3.5", "35")]
)
def test_different_names_have_different_keys(one, other):
    assert entity_key(one) != entity_key(other)


@pytest.mark.parametrize("surface", ["the", "", "…", "'s", " - "])
def test_what_names_nothing_has_no_key(surface):
    assert entity_key(surface) == ""


@pytest.mark.parametrize(
    ("plural", "expected"),
    [("routers", "router"), ("policies", "policy"), ("boxes", "box"), ("bus", "bus"), ("glass", "glass")],
)
def test_singular(plural, expected):
    assert singular(plural) == expected


def resolution_of(*mentions, expansions=()):
    resolution = Resolution()
    for surface in mentions:
        resolution.count(surface, "name", entity_key(surface), 1)
    for acronym, expansion in expansions:
        resolution.count_expansion(acronym, expansion, 1)
    return resolution


def test_a_plural_joins_its_singular_where_one_is_written_small():
    assert resolution_of("Access Points", "access point").entity("access points") == "access point"


def test_a_family_name_is_no_plural():
    assert resolution_of("Anna Peters", "Anna Peter").entity("anna peters") == "anna peters"


def test_an_acronym_joins_its_only_expansion():
    assert resolution_of(expansions=[("ap", "access point")]).entity("ap") == "access point"


def test_an_acronym_with_two_expansions_stays_apart():
    assert resolution_of(expansions=[("ap", "access point"), ("ap", "associated press")]).entity("ap") == "ap"


def test_two_spellings_of_one_expansion_are_one():
    both = resolution_of("access points", expansions=[("ap", "access point"), ("ap", "access points")])
    assert both.entity("ap") == "access point"


def test_an_initial_joins_the_only_name_that_it_can_stand_for():
    assert resolution_of("J. Smith", "John Smith").entity("j smith") == "john smith"
    assert resolution_of("J. Smith", "John Smith", "Jane Smith").entity("j smith") == "j smith"


def test_forgetting_undoes_joining():
    resolution = resolution_of("J. Smith", "John Smith", "access points", expansions=[("ap", "access point")])
    resolution.count("John Smith", "name", "john smith", -1)
    resolution.count("access points", "name", "access points", -1)
    resolution.count_expansion("ap", "access point", -1)
    assert resolution.moved(["j smith", "access points", "ap"]) == {}
