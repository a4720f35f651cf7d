"""An answer is stale when a document that it cites has changed or gone, and only then."""

from __future__ import annotations

import pytest

from rag.errors import AccessError
from rag.ingest.flow import remove
from rag.receipts.staleness import change_in_words, changes, stale_answers
from rag.types import Principal

MORE = "# Kestrel 4 warranty\n\nThe Kestrel 4 has a warranty of 24 months. Batteries are covered for 6 months.\n"
OTHER = "# Kestrel 4 warranty\n\nThe Kestrel 4 has a warranty of 36 months.\n"


def happened(library, record):
    """Return what a conversation would be told, after a check that the list of stale answers says the same."""
    found = changes([record], library.workspace.catalog).get(record["receipt"], ())
    listed = {answer.receipt: answer.changes for answer in stale_answers("default", library.workspace)}
    assert listed.get(record["receipt"], ()) == found
    return found


def test_an_answer_of_today_is_not_stale(library):
    assert happened(library, library.ask()) == ()


def test_a_changed_document_tells_whether_what_is_quoted_still_stands(library):
    record = library.ask()

    document = library.put("warranty.md", MORE)
    (change,) = happened(library, record)
    assert (change.document_id, change.change, change.numbers, change.quotes_stand) == (document, "changed", (1,), True)
    assert change.live == library.workspace.catalog.document(document).version != change.version
    assert change.at > record["asked_at"]
    assert change_in_words(change) == "“Kestrel 4 warranty” has changed since; what is quoted still stands in it."

    library.put("warranty.md", OTHER)
    (change,) = happened(library, record)
    assert not change.quotes_stand
    assert "no longer stands" in change_in_words(change)


@pytest.mark.parametrize(
    ("before", "after", "stands"),
    [("Keys are at the desk.\n", "", True), ("", "- Deposit\n", False), ("- Deposit\n", "", False)],
)
def test_a_list_that_an_item_has_come_to_is_another_one(library, before, after, stands):
    heading, items = (
        "# Tool hire\n\n## What you need to hire a tool\n\n",
        "- Passport\n- Driving licence\n- Bank card\n",
    )
    library.put("hire.md", heading + items)
    record = library.ask("What do I need to hire a tool?")
    assert [each["text"] for each in record["statements"] if each["item"]] == [
        "Passport",
        "Driving licence",
        "Bank card",
    ]
    library.put("hire.md", f"{heading}{before}{items}{after}")
    (change,) = happened(library, record)
    assert change.quotes_stand is stands


def test_a_document_that_went_back_makes_its_answers_good_again(library):
    record = library.ask()
    before = (library.folder / "warranty.md").read_text(encoding="utf-8")
    library.put("warranty.md", OTHER)
    library.put("warranty.md", before)

    assert happened(library, record) == ()


def test_a_removed_document_is_told_without_its_name(library):
    record = library.ask()
    remove(record["statements"][0]["citations"][0]["document"], library.workspace)

    (change,) = happened(library, library.workspace.catalog.answer(record["receipt"]))

    assert (change.change, change.title, change.live) == ("removed", "", "")
    assert change.at > record["asked_at"]
    assert change_in_words(change) == "A cited document has been removed since."


@pytest.mark.parametrize("back", ["the same", "another"])
def test_what_was_removed_is_told_so_also_where_a_file_of_its_name_came_back(library, back):
    record = library.ask()
    text = (library.folder / "warranty.md").read_text(encoding="utf-8")
    remove(record["statements"][0]["citations"][0]["document"], library.workspace)
    document = library.put("warranty.md", text if back == "the same" else OTHER)

    (change,) = happened(library, library.workspace.catalog.answer(record["receipt"]))

    assert (change.document_id, change.change, change.quotes_stand) == (document, "removed", False)
    assert change.live == library.workspace.catalog.document(document).version
    assert record["asked_at"] < change.at < library.workspace.catalog.document(document).updated_at
    told = "A cited document has been removed since; a file of the same name has come in its place."
    assert change_in_words(change) == told


def test_a_quote_without_words_stands_nowhere(library):
    document = library.put("warranty.md", OTHER)
    assert library.workspace.catalog.stands(document, {"36 months"})
    assert not library.workspace.catalog.stands(document, {"36 months", ""})


def test_a_document_that_was_read_and_not_cited_makes_nothing_stale(library):
    record = library.ask()
    assert any("14 days" in passage["text"] for passage in record["passages"])

    library.put("returns.md", "# Returns\n\nDevices can be returned within 30 days of delivery.\n")

    assert happened(library, record) == ()


def test_readers_do_not_see_the_list(library):
    library.workspace.catalog.grant("default", "ada", "reader")
    with pytest.raises(AccessError):
        stale_answers("default", library.workspace, principal=Principal("ada"))
