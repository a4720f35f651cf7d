"""Of several editions the one in force on the day of the question comes first; the others are kept and told of."""

from dataclasses import replace

import pytest

from rag.ask.standing.preferred import borne, caveats, edition_of, last_day_of_numbered, prefer, set_back
from rag.confidence import NO_CONFIDENCE
from rag.types import Citation, DocumentStanding, Evidence, Hit, Standing, Statement, Verdict

TODAY = "2026-06-08"
OLD = Standing("superseded", "2023-04-01", successor="new.md", family="returns", edition="2023")
NEW = Standing("in force", "2025-09-01", family="returns", edition="2025")


@pytest.fixture
def weigh(query_of, passage_of):
    def make(*documents, on=TODAY, today=TODAY):
        hits = tuple(
            Hit(passage_of(f"Passage of {name}.", title=name.title(), document=name), 1.0 / place, ("dense",))
            for place, (name, _) in enumerate(documents, 1)
        )
        standings = [DocumentStanding(name, name.title(), name, each, {}) for name, each in documents]
        return prefer(Evidence(query_of("What holds?"), hits), standings, on=on, today=today)

    return make


def order(preferred):
    return [hit.passage.chunk.document_id for hit in preferred.evidence.hits]


def cites(document):
    cited = Citation(1, document, document.title(), "v1", f"{document}@v1:0-3", None, (), 0, 3, "Pas")
    return Verdict("answered", None, "quoted", (Statement("Pas", 1.0, (cited,)),), (), NO_CONFIDENCE)


def test_what_is_in_force_goes_before_what_it_replaced(weigh):
    preferred = weigh(("old", OLD), ("other", Standing()), ("new", NEW))
    assert order(preferred) == ["other", "new", "old"]
    assert [hit.features.get("in_force") for hit in preferred.evidence.hits] == [None, 1.0, 0.0]
    assert preferred.bearing("old").set_back == "superseded since 1 September 2025; “New” is in force"


def test_nothing_is_dropped_and_what_is_set_back_is_known_where_it_was_found(weigh):
    preferred = weigh(("other", Standing()), ("old", OLD), ("new", NEW))
    assert [hit.passage.chunk.document_id for hit in preferred.in_front.hits] == ["other", "new"]
    assert [hit.passage.chunk.document_id for hit in preferred.as_found.hits] == ["other", "old", "new"]


def test_on_an_earlier_day_the_earlier_edition_goes_first(weigh):
    assert order(weigh(("new", NEW), ("old", OLD), on="2024-12-31")) == ["old", "new"]


def test_of_another_day_the_edition_of_that_day_takes_the_place_that_its_text_was_found_at(weigh):
    found = (("new", NEW), ("other", Standing()), ("more", Standing()), ("old", OLD))
    assert order(weigh(*found, on="2024-12-31")) == ["old", "other", "more", "new"]
    # Today's is looked for by its own words.
    assert order(weigh(("old", OLD), ("other", Standing()), ("new", NEW))) == ["other", "new", "old"]


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("edition 6 - how long could you pause for", "2025-08-31"),
        ("what does edition 7 say?", TODAY),
        ("edition 16?", TODAY),
        ("how long can I pause?", TODAY),
    ],
)
def test_an_edition_is_known_by_its_number(weigh, question, day):
    old = replace(OLD, effective_to="2025-08-31")
    preferred = weigh(("terms (edition 7)", NEW), ("terms (edition 6)", old))
    assert last_day_of_numbered(preferred, question) == day


def test_a_refusal_names_the_edition_that_was_in_force(weigh):
    then = weigh(("new", NEW), ("old", OLD), on="2024-12-31")
    assert edition_of(then) == ("On 31 December 2024 “Old” was in force.",)
    assert edition_of(weigh(("new", NEW), ("old", OLD))) == ()
    assert edition_of(weigh(("old", OLD), on="2024-12-31")) == ()
    behind = [(f"other {n}", Standing()) for n in range(3)]
    assert edition_of(weigh(*behind, ("new", NEW), ("old", OLD), on="2024-12-31")) == ()


def test_a_day_before_all_editions_means_today(weigh):
    assert order(weigh(("old", OLD), ("new", NEW), on="2020-01-01")) == ["new", "old"]


@pytest.mark.parametrize(
    "standing",
    [
        Standing("superseded", "2023-04-01"),
        Standing("expired", effective_to="2025-12-31"),
        Standing("superseded", successor="new.md", reports=True),
    ],
)
def test_what_nothing_replaces_stays_where_it_is(weigh, standing):
    assert order(weigh(("old", standing), ("new", NEW))) == ["old", "new"]


def test_a_draft_goes_behind_the_edition_in_force(weigh):
    draft = Standing("draft", family="returns", edition="2027")
    assert order(weigh(("draft", draft), ("new", NEW))) == ["new", "draft"]


def test_without_standings_nothing_changes(weigh):
    preferred = weigh(("a", Standing()), ("b", Standing()))
    assert (order(preferred), preferred.bearings) == (["a", "b"], ())


def test_one_more_document_can_be_set_back(weigh):
    preferred = set_back(weigh(("a", Standing("in force")), ("b", Standing("in force"))), "a", "it gives way")
    assert (order(preferred), preferred.bearing("a").set_back) == (["b", "a"], "it gives way")


def test_an_answer_from_what_is_not_in_force_says_so(weigh):
    preferred = weigh(("old", OLD), ("new", NEW))
    assert caveats(cites("old"), preferred) == ("“Old” is not in force: superseded since 1 September 2025.",)
    assert caveats(cites("new"), preferred) == ()
    later = weigh(("new", Standing("in force", effective_from="2027-01-01")))
    assert caveats(cites("new"), later) == ("“New” is not in force before 1 January 2027.",)


def test_an_answer_as_of_an_earlier_day_says_what_has_become_of_it(weigh):
    preferred = weigh(("old", OLD), ("new", NEW), on="2024-12-31")
    assert caveats(cites("old"), preferred) == (
        "This is as of 31 December 2024; “Old” is superseded since 1 September 2025.",
    )


def test_an_answer_keeps_what_it_cites_and_what_was_set_back(weigh):
    preferred = weigh(("old", OLD), ("new", NEW), ("far", Standing("in force")))
    kept = borne(preferred, cites("new"), preferred.evidence.hits[:1])
    assert ([each.document_id for each in kept["bearings"]], kept["as_of"]) == (["old", "new"], TODAY)
