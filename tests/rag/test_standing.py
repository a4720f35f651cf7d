"""Later editions take the place of earlier ones, from their first day on."""

import pytest

from rag.standing import in_words, key_of, lines, resolve, told
from rag.types import DocumentStanding, Standing

TODAY = "2026-06-08"


def document(name, standing, edited=None):
    return DocumentStanding(name, name.title(), name, standing, edited or {})


def edition(year, **fields):
    return Standing(
        **{"status": "in force", "effective_from": f"{year}-01-15", "family": "warranty", "edition": str(year)} | fields
    )


def test_the_later_edition_supersedes_from_its_first_day_on():
    found = resolve([document("w24", edition(2024)), document("w26", edition(2026))], on=TODAY)
    assert (found["w24"].status, found["w24"].effective_to) == ("superseded", "2026-01-14")
    assert found["w26"].status == "in force"
    assert dict(found["w24"].learnt) == {"status": "editions", "effective_to": "editions"}


def test_only_documents_of_which_there_is_something_to_tell_are_told_of():
    found = in_words([document("w24", edition(2024)), document("w26", edition(2026))], on=TODAY)
    assert found == {"w24": "superseded since 15 January 2026"}


def test_an_edition_that_is_not_in_force_yet_supersedes_nothing_today():
    found = resolve([document("w24", edition(2024)), document("w27", edition(2027))], on=TODAY)
    assert (found["w24"].status, found["w24"].effective_to) == ("in force", "2027-01-14")


def test_an_edition_called_by_its_year_begins_with_it():
    years = [document(f"t{year}", Standing(family="travel", edition=str(year))) for year in (2023, 2025)]
    found = resolve(years, on=TODAY)
    assert (found["t2023"].status, found["t2023"].effective_to) == ("superseded", "2024-12-31")
    assert [found[name].in_force("2024-06-30") for name in ("t2023", "t2025")] == [True, False]
    assert [found[name].in_force(TODAY) for name in ("t2023", "t2025")] == [False, None]


def test_one_that_has_no_other_edition_says_nothing_of_its_first_day():
    assert (
        resolve([document("t2025", Standing(family="travel", edition="2025"))], on=TODAY)["t2025"].effective_from
        is None
    )


def test_a_draft_supersedes_nothing():
    found = resolve([document("w24", edition(2024)), document("w26", edition(2026, status="draft"))], on=TODAY)
    assert (found["w24"].status, found["w24"].effective_to) == ("in force", None)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "draft", "learnt": (("status", "person"),)},
        {"effective_from": "2027-01-01", "learnt": (("effective_from", "person"),)},
    ],
)
def test_where_a_person_puts_off_the_successor_what_it_would_replace_holds_on(fields):
    old = edition(2024, status="superseded", learnt=(("status", "metadata"),))
    found = resolve([document("w24", old), document("w26", edition(2026, **fields))], on=TODAY)
    assert found["w24"].status == "in force"
    assert found["w24"].in_force(TODAY)
    # What no person said of the successor leaves what the text says of itself.
    read = {name: value for name, value in fields.items() if name != "learnt"}
    found = resolve([document("w24", old), document("w26", edition(2026, **read))], on=TODAY)
    assert found["w24"].status == "superseded"


def test_a_named_successor_needs_no_family():
    old = Standing("superseded", "2023-04-01", successor="policies/new-rules.md")
    found = resolve([document("old", old), document("new-rules", Standing("in force", "2025-09-01"))], on=TODAY)
    assert found["old"].effective_to == "2025-08-31"


def test_versions_count_as_numbers():
    first = Standing(family="handbook", edition="9")
    second = Standing(family="handbook", edition="10")
    found = resolve([document("a", first), document("b", second)], on=TODAY)
    assert (found["a"].status, found["b"].status) == ("superseded", "unknown")


def test_a_person_is_not_contradicted():
    said = edition(2024, learnt=(("status", "person"),))
    assert resolve([document("w24", said), document("w26", edition(2026))], on=TODAY)["w24"] == said


def test_a_text_whose_last_day_is_over_is_expired():
    found = resolve([document("offer", Standing("in force", effective_to="2026-06-07"))], on=TODAY)
    assert found["offer"].status == "expired"


def test_other_texts_are_other_lines():
    number = lines([document("w24", edition(2024)), document("w26", edition(2026)), document("x", Standing())])
    assert number["w24"] == number["w26"] != number["x"]


@pytest.mark.parametrize(
    ("standing", "on", "expected"),
    [
        (edition(2024), "2024-01-14", False),
        (edition(2024), "2024-01-15", True),
        (edition(2024, status="superseded"), TODAY, False),
        (edition(2024, status="superseded", effective_to="2026-01-14"), "2025-05-05", True),
        (edition(2024, status="superseded", effective_to="2026-01-14"), "2026-01-15", False),
        (edition(2024, status="draft"), TODAY, False),
        (Standing(), TODAY, None),
        (Standing(effective_from="2027-01-01"), TODAY, False),
    ],
)
def test_in_force_on_a_day(standing, on, expected):
    assert standing.in_force(on) is expected


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (edition(2024), ""),
        (edition(2027), "in force from 15 January 2027"),
        (edition(2024, status="superseded", effective_to="2026-01-31"), "superseded since 1 February 2026"),
        (edition(2024, status="superseded"), "superseded"),
        (edition(2024, status="expired", effective_to="2026-01-31"), "expired on 31 January 2026"),
        (Standing("draft"), "draft"),
    ],
)
def test_it_is_told_in_words(standing, words):
    assert told(standing, on=TODAY) == words


def test_a_document_is_called_by_its_file_name():
    assert key_of("/docs/Policies/Returns-2025.md") == key_of("policies/returns-2025.md") == "returns-2025"
    assert key_of("Travel policy 2026") == "travel policy 2026"


def test_a_file_from_the_browser_is_called_as_it_was_there():
    assert key_of("upload:returns-2025.md") == key_of("upload:policies/returns-2025.md") == "returns-2025"
