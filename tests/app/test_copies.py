"""What is copied of an answer, and what of it is masked."""

from __future__ import annotations

import pytest

from app.copies import copies, for_customer, kinds_in_words
from rag.safety.policy import Masking

COLUMNS = ["Code", "Product", "List price EUR incl. VAT", "Refurbished"]
ROW = "KR-620 | Kestrel 6 Pro | 379 | 299"
CITED = {"n": 1, "document": "d1", "title": "Price list 2026", "page": 1, "quote": ROW}
REACH = "Write to ines@hexmoor.example, help@hexmoor.example or call +353 21 555 0142."


def said(text, *, columns=(), answers=None, cited=()):
    phrase = None if answers is None else [text.index(answers), text.index(answers) + len(answers)]
    return {"text": text, "phrase": phrase, "columns": list(columns), "citations": list(cited)}


def test_sentences_do_not_run_on_and_a_row_has_a_line_of_its_own():
    texts = ("a computer with a cable", "Hold the button.", "Wait.", "Call recordings | 60 days", "| 9.", "Done.")
    assert for_customer(map(said, texts)) == (
        "a computer with a cable\nHold the button. Wait.\nCall recordings – 60 days\n9.\nDone."
    )


def test_each_item_of_a_list_has_a_line_of_its_own():
    items = [{**said(text), "item": True} for text in ("1. Unplug it.", "2. Wait.")]
    assert for_customer([said("Do this."), *items, said("It restarts."), said("Done.")]) == (
        "Do this.\n1. Unplug it.\n2. Wait.\nIt restarts. Done."
    )


def test_a_step_in_a_table_is_told_with_its_number():
    row = {
        "text": "Mill | opening | 2 | Light the oven | | cook",
        "columns": ["house", "when", "step", "what", "", "who"],
    }
    assert for_customer([{**said(row["text"]), **row, "item": True}]) == "2. Light the oven – cook"


@pytest.mark.parametrize(
    ("answers", "copied"),
    [
        ("379", "Product: Kestrel 6 Pro; List price EUR incl. VAT: 379"),
        ("Kestrel 6 Pro", "Code: KR-620; Product: Kestrel 6 Pro"),
        (None, "Code: KR-620; Product: Kestrel 6 Pro; List price EUR incl. VAT: 379; Refurbished: 299"),
    ],
)
def test_a_customer_reads_the_cell_that_answers_with_its_column_and_what_it_is_about(answers, copied):
    assert for_customer([said(ROW, columns=COLUMNS, answers=answers)]) == copied


def test_a_name_that_answers_by_itself_comes_with_its_row():
    row = said("Kestrel 6 | 36 months", columns=["Product", "Warranty"], answers="Kestrel 6")
    assert for_customer([row]) == "Product: Kestrel 6; Warranty: 36 months"


def test_without_names_of_columns_the_cells_stand_side_by_side():
    row = said("Phone | +353 21 555 0142 | Mon–Fri", answers="+353 21 555 0142")
    assert for_customer([row]) == "Phone – +353 21 555 0142"
    assert for_customer([said("Speed | | 7", columns=["", "Basic", "Pro"])]) == "Speed; Pro: 7"


def test_with_sources_a_row_has_all_its_cells_and_what_is_noted_stands_behind():
    row = said(ROW, columns=COLUMNS, answers="379", cited=[CITED])
    record = {"message": "Prices may change.", "caveats": ["Prices may change."]}
    copied = copies([row], record, Masking())
    assert copied["sources"] == (
        "Code: KR-620; Product: Kestrel 6 Pro; List price EUR incl. VAT: 379; Refurbished: 299 [1]\n\n"
        f"Prices may change.\n\nSources\n[1] Price list 2026, page 1: “{ROW}”\n"
    )
    assert copied["customer"] == "Product: Kestrel 6 Pro; List price EUR incl. VAT: 379\n\nPrices may change."


@pytest.mark.parametrize("word", ["sheet", "slide"])
def test_a_sheet_or_a_slide_is_called_so_as_on_the_screen(word):
    copied = copies([said(ROW, cited=[CITED])], {}, Masking(), {"d1": word})
    assert f"[1] Price list 2026, {word} 1: “" in copied["sources"]


def test_what_was_masked_is_counted_by_kind():
    copied = copies([said(REACH)], {}, Masking())
    assert copied["customer"] == "Write to [e-mail], [e-mail] or call [phone number]."
    assert copied["masked"] == "2 e-mail addresses and 1 phone number"
    assert copied["listable"] == "Contacts of your own team are kept once the owner lists them in the policy."
    nothing = copies([said("Nobody.")], {}, Masking())
    assert (nothing["masked"], nothing["listable"]) == ("", "")


def test_what_no_desk_can_list_as_its_own_leads_to_no_policy():
    copied = copies([said("The card is 4111 1111 1111 1111.")], {}, Masking())
    assert (copied["masked"], copied["listable"]) == ("1 card number", "")


def test_kinds_are_told_as_people_call_them():
    assert kinds_in_words({"PHONE_NUMBER", "IBAN_CODE", "EMAIL_ADDRESS", "PERSON"}) == (
        "e-mail addresses, IBANs and phone numbers"
    )
    assert kinds_in_words({"PERSON"}) == ""


def test_the_contacts_of_the_policy_stay():
    masking = Masking(contacts=("help@hexmoor.example", "021 555 0142"))
    copied = copies([said(REACH)], {}, masking)
    assert copied["customer"] == REACH.replace("ines@hexmoor.example", "[e-mail]")
    assert copied["masked"] == "1 e-mail address"


def test_where_nothing_is_said_there_is_nothing_to_copy():
    assert copies([], {"message": "No."}, Masking()) == {
        "sources": "",
        "customer": "",
        "masked": "",
        "listable": "",
        "unsaid": "",
    }


@pytest.mark.parametrize(
    ("badges", "unsaid"),
    [
        ({}, ""),
        ({"d2": "draft"}, ""),
        ({"d1": "draft"}, "The copied text does not say that “Price list 2026” is a draft."),
        ({"d1": "expired"}, "The copied text does not say that “Price list 2026” is not in force."),
    ],
)
def test_whoever_sends_a_copy_reads_what_it_does_not_say_of_its_sources(badges, unsaid):
    copied = copies([said(ROW, columns=COLUMNS, answers="379", cited=[CITED])], {}, Masking(), badges=badges)
    assert copied["unsaid"] == unsaid
    assert "force" not in copied["customer"]
