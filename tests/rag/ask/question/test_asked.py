"""A question may ask for several things; what statements leave open is told."""

from dataclasses import replace

import pytest

from rag.ask.question.asked import beside_the_point, left_open, parts_of, readings
from rag.types import Citation, Statement


def statement(text, title="Manual"):
    return Statement(text, 1.0, (Citation(1, "d", title, "v", "d@v:0-1", None, (), 0, len(text), text),))


def opened(parts, *statements, is_answer=lambda _: True):
    return [part.text for part in left_open(parts, statements, weight=lambda _: 1.0, is_answer=is_answer)]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "How long is the warranty and who pays shipping?",
            ["How long is the warranty?", "who pays shipping?"],
        ),
        (
            "How do I reset the router, and where is the serial label?",
            ["How do I reset the router?", "where is the serial label?"],
        ),
        (
            "What does the Kestrel 4 weigh? Does it come with a cable?",
            ["What does the Kestrel 4 weigh?", "Does it come with a cable?"],
        ),
        ("How long is the warranty?", []),
        ("When and where was it built?", []),
        ("Which router is faster and which is cheaper?", []),
        ("What happens if I open it and do repairs?", []),
    ],
)
def test_a_question_is_divided_where_it_asks_anew(query_of, question, parts):
    assert [part.text for part in parts_of(query_of(question))] == parts


@pytest.mark.parametrize(("n", "n_parts"), [(6, 6), (7, 0), (500, 0)])
def test_a_long_list_is_asked_as_one(query_of, n, n_parts):
    things = tuple(f"What does thing{i} cost?" for i in range(n))
    query = replace(query_of("What do they cost?"), shape="several", subqueries=things)
    assert len(parts_of(query)) == n_parts
    assert len(parts_of(query_of(" ".join(f"How heavy are {'x' * (i + 3)}?" for i in range(n))))) == n_parts


def test_a_part_that_points_back_is_looked_up_with_what_it_points_to(query_of):
    _, second = parts_of(query_of("What does the Kestrel 4 weigh? Does it come with a cable?"))
    assert second.query.text == "Does it come with a cable? (Kestrel 4)"


def test_a_number_in_a_row_covers_what_the_column_is_called(query_of):
    parts = parts_of(query_of("Who runs the bridge club and what's the phone number?"))
    assert opened(parts, statement("Bridge club | Tues | Mia Holt | 020 7946 0117")) == []
    assert opened(parts, statement("Bridge club | Tues | Mia Holt")) == ["what's the phone number?"]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who runs the bridge club and what's the phone number?", "what's the phone number of the bridge club?"),
        ("How much is the main hall and what is the damage deposit?", "what is the damage deposit of the main hall?"),
        (
            "How long is the warranty on the Kestrel 4 and how much is the damage deposit?",
            "how much is the damage deposit? (Kestrel 4)",
        ),
        ("How do I book a room and when does it close?", "when does it close? (room)"),
        # It says of what, or the first says nothing at its end.
        ("Who runs the bridge club and what is the price of a locker?", "what is the price of a locker?"),
        ("Who runs the bridge club and who pays shipping?", "who pays shipping?"),
        ("How do I pay by invoice and what is the phone number?", "what is the phone number?"),
    ],
)
def test_a_part_that_leaves_out_of_what_is_looked_up_with_what_the_first_is_about(query_of, question, expected):
    _, second = parts_of(query_of(question))
    assert second.query.text == expected


def test_what_is_carried_into_another_part_is_still_what_the_first_is_about(query_of):
    parts = parts_of(query_of("How much is the main hall and what is the damage deposit?"))
    hall, deposit = statement("The main hall is 28 an hour."), statement("A damage deposit of 50 is paid.")
    assert opened(parts, hall) == ["what is the damage deposit?"]
    assert opened(parts, hall, deposit) == []
    assert opened(parts, deposit) == ["How much is the main hall?"]


def several(query_of):
    query = query_of("How long is the warranty of the Kestrel 4 and the Kestrel 6?")
    asked = tuple(f"How long is the warranty of the Kestrel {n}?" for n in (4, 6))
    return parts_of(replace(query, shape="several", subqueries=asked))


def test_each_thing_of_several_must_be_named(query_of):
    parts = several(query_of)
    four, both = statement("The Kestrel 4 has 24 months."), statement("All routers have 24 months.", "Kestrel 4 and 6")
    assert opened(parts, four) == ["How long is the warranty of the Kestrel 6?"]
    assert opened(parts, both) == []


def test_a_weekday_is_named_by_those_around_it(query_of):
    query = query_of("When are you open on Monday and Wednesday?")
    asked = ("When are you open on Monday?", "When are you open on Wednesday?")
    parts = parts_of(replace(query, shape="several", subqueries=asked))
    assert opened(parts, statement("Open Monday to Friday from 9:00.")) == []
    assert opened(parts, statement("Open on Monday and Friday from 9:00.")) == [asked[1]]


def test_a_part_that_is_named_and_not_answered_stays_open(query_of):
    parts = parts_of(query_of("How long is the warranty and who pays shipping?"))
    said = [statement("The warranty is long."), statement("Someone pays the shipping.")]
    assert opened(parts, *said) == []
    assert opened(parts, *said[:1]) == ["who pays shipping?"]
    assert opened(parts, *said, is_answer=lambda part: "warranty" in part.text) == ["who pays shipping?"]


def test_a_statement_on_an_open_part_alone_is_beside_the_point(query_of):
    parts = several(query_of)
    six = parts[1:]
    assert beside_the_point(statement("The Kestrel 6 is grey."), parts, six)
    assert not beside_the_point(statement("The Kestrel 4 and the Kestrel 6 are grey."), parts, six)
    assert not beside_the_point(statement("Routers are grey."), parts, six)


def test_the_links_of_a_chain_are_no_parts(query_of):
    query = query_of("Who leads the team that owns Vault?")
    assert parts_of(replace(query, shape="chain", subqueries=("the team that owns Vault",))) == ()


def test_titles_and_headings_become_questions(query_of):
    query = replace(query_of("lights?"), choices=("Kestrel › Lights", "Otter lights"))
    assert readings(query, ()) == ("What does “Kestrel” say about “Lights”?", "What does “Otter lights” say?")
    assert readings(replace(query, choices=("Kestrel › Lights",)), ()) == ()


def test_headings_of_what_was_found_become_questions(evidence_of):
    def headed(hit, title, heading):
        chunk = replace(hit.passage.chunk, headings=(heading,))
        return replace(hit, passage=replace(hit.passage, title=title, chunk=chunk))

    evidence = evidence_of("reset?", "Hold it.", "Press it.", "Pull it.")
    hits = [
        headed(hit, *path)
        for hit, path in zip(
            evidence.hits, [("Hub", "3. Reset"), ("Switch", "Resetting"), ("Price list", "Services")], strict=True
        )
    ]
    assert readings(evidence.query, hits) == (
        "What does “Hub” say about “Reset”?",
        "What does “Switch” say about “Resetting”?",
    )
    named = evidence_of("reset the Hub 3?", "Hold it.").query
    assert readings(named, hits) == ()
