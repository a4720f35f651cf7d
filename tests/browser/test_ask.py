"""Asking in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

QUESTION = "How long is the Larkspur kettle guaranteed?"


def test_a_question_gets_a_cited_answer_and_the_citation_its_highlighted_sentence(visitor):
    turn = visitor.go().ask(QUESTION)
    expect(turn.locator(".answer")).to_contain_text("30 months")
    expect(turn.locator(".confidence")).to_contain_text("confidence")
    expect(turn.locator(".footnotes .place").first).to_have_text("Guarantee")
    turn.locator(".answer .marker").first.click()
    panel = visitor.page.locator(".panel")
    expect(panel.locator("mark").first).to_contain_text("30 months")
    expect(panel.locator(".place")).to_contain_text("Guarantee")
    expect(panel.locator(".scroll")).to_contain_text("citric acid")


def test_source_and_answer_stand_side_by_side_on_a_wide_screen(visitor):
    turn = visitor.go().ask(QUESTION)
    turn.locator(".answer .marker").first.click()
    panel, answer = visitor.page.locator(".panel"), turn.locator(".answer")
    expect(panel).to_be_visible()
    visitor.page.wait_for_function(
        "() => getComputedStyle(document.querySelector('[data-testid=stMain]')).paddingRight !== '0px'"
    )
    beside, read = panel.bounding_box(), answer.bounding_box()
    assert read["x"] + read["width"] <= beside["x"]


def test_sources_are_opened_walked_and_closed_from_the_keyboard(visitor):
    turn = visitor.go().ask(QUESTION)
    which = visitor.page.locator(".panel .which")
    turn.locator(".question").click()
    visitor.page.keyboard.press("1")
    expect(which).to_have_text("Source 1")
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.locator(".panel")).to_have_count(0)
    turn.get_by_text("How this was found").click()
    turn.locator(".passage").nth(1).click()
    expect(which).to_have_text("Passage 2")
    visitor.page.keyboard.press("[")
    expect(which).to_have_text("Passage 1")
    visitor.page.keyboard.press("]")
    expect(which).to_have_text("Passage 2")
    visitor.page.get_by_role("button", name="Previous source").click()
    expect(which).to_have_text("Passage 1")


def test_a_closed_source_gives_the_focus_back_to_its_number(visitor):
    turn = visitor.go().ask(QUESTION)
    turn.locator(".answer .marker").first.click()
    visitor.page.get_by_role("button", name="Close source").click()
    expect(visitor.page.locator(".panel")).to_have_count(0)
    expect(turn.locator(".answer .marker").first).to_be_focused()


def test_a_number_stands_on_the_line_of_the_word_before_it(visitor):
    turn = visitor.go().ask(QUESTION)
    end = turn.locator(".answer .end")
    expect(end.locator(".marker")).to_have_text("1")
    expect(end).to_contain_text("purchase.")
    for width in range(320, 480, 8):
        visitor.page.set_viewport_size({"width": width, "height": 800})
        assert end.evaluate("(node) => node.getClientRects().length") == 1


def test_a_digit_in_the_question_field_opens_nothing(visitor):
    visitor.go().ask(QUESTION)
    field = visitor.page.get_by_test_id("stChatInputTextArea")
    field.press_sequentially("1[")
    expect(field).to_have_value("1[")
    expect(visitor.page.locator(".panel")).to_have_count(0)


def test_a_misspelled_question_says_how_it_was_looked_up(visitor):
    turn = visitor.go().ask("How long is the Larkspurr kettel guaranteed?")
    line = turn.locator(".read-as")
    expect(line).to_contain_text("Looked up as “How long is the Larkspur kettle guaranteed?”")
    expect(line.locator("em")).to_have_text(["Larkspur", "kettle"])


def test_what_is_looked_up_can_be_changed(visitor):
    line = visitor.go().ask("How long is the Larkspurr kettel guaranteed?").locator(".read-as")
    line.get_by_role("button", name="Change what is looked up").click()
    field = line.get_by_role("textbox", name="What to look up")
    expect(field).to_have_value("How long is the Larkspur kettle guaranteed?")
    field.press("Escape")
    expect(line).to_contain_text("Looked up as")
    line.get_by_role("button", name="Change what is looked up").click()
    field.fill("Where is the Larkspur kettle made?")
    field.press("Enter")
    expect(visitor.page.locator(".turn .question").last).to_have_text("Where is the Larkspur kettle made?")


def test_what_the_conversation_added_is_taken_out_again(visitor):
    visitor.go().ask("How long is the Larkspur kettle guaranteed?")
    typed = "How often is it cleaned?"
    visitor.ask(typed)
    turns = visitor.page.locator(".turn.done")
    line = turns.nth(1).locator(".read-as")
    expect(line).to_contain_text(f"Looked up as “{typed} (Larkspur")
    line.get_by_role("button", name="Ask only what I typed").click()
    expect(turns).to_have_count(3)
    expect(turns.last.locator(".question")).to_have_text(typed)
    expect(turns.last.locator(".read-as")).to_have_count(0)
    line.get_by_role("button", name="Change what is looked up").click()
    line.get_by_role("textbox", name="What to look up").fill("What about the lid?")
    line.get_by_role("button", name="Ask", exact=True).click()
    expect(turns).to_have_count(4)
    expect(turns.last.locator(".read-as")).to_have_count(0)


def test_a_question_that_comes_while_another_is_answered_waits_for_it(visitor):
    page = visitor.go().page
    field = page.get_by_test_id("stChatInputTextArea")
    asked = [QUESTION, "Who painted the ceiling of the chapel?", "Where is the Larkspur kettle made?"]
    for text in asked:
        field.fill(text)
        field.press("Enter")
        expect(page.locator(".turn .question", has_text=text)).to_have_count(1)
    expect(page.locator(".turn.done")).to_have_count(3)
    expect(page.locator(".turn .question")).to_have_text(asked)


def test_only_the_tab_key_frames_the_page(visitor):
    page = visitor.go().page
    frame = "(told) => getComputedStyle(document.querySelector('.stMain:focus-visible'), '::before').display === told"
    page.locator(".stMain").click(position={"x": 300, "y": 560})
    page.keyboard.press("x")
    page.wait_for_function(frame, arg="none")
    visitor.go()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.matches('.stMain')"):
            break
    page.wait_for_function(frame, arg="block")


def test_a_refusal_says_why_and_opens_its_nearest_passage(visitor):
    turn = visitor.go().ask("Who painted the ceiling of the Sistine Chapel in Rome?")
    refusal = turn.locator(".refusal")
    expect(refusal.locator("h3")).not_to_be_empty()
    expect(refusal.locator("p").first).not_to_be_empty()
    if refusal.locator(".passage").count():
        refusal.locator(".passage").first.click()
        expect(visitor.page.locator(".panel .which")).to_have_text("Passage 1")


def test_the_field_stays_in_view_and_a_new_question_comes_to_the_top(visitor):
    visitor.go().ask(QUESTION)
    visitor.ask("How often is the Larkspur kettle descaled?")
    turn = visitor.ask("What does the lid of the Larkspur kettle cost?")
    visitor.page.wait_for_function(
        "(wanted) => { const top = wanted.getBoundingClientRect().top; return top >= 0 && top < 120; }",
        arg=turn.locator(".question").element_handle(),
    )
    expect(visitor.page.get_by_test_id("stChatInputTextArea")).to_be_in_viewport()
    visitor.page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    expect(visitor.page.locator(".question").first).to_be_in_viewport()
    expect(visitor.page.get_by_test_id("stChatInputTextArea")).to_be_in_viewport()


def test_an_answer_is_copied_with_its_sources(visitor):
    visitor.go().ask(QUESTION).get_by_role("button", name="Copy with sources").click()
    expect(visitor.page.get_by_role("button", name="Copied")).to_be_visible()
    copied = visitor.page.evaluate("() => navigator.clipboard.readText()")
    assert "30 months" in copied
    assert "[1] Larkspur kettle" in copied


def test_a_conversation_survives_a_reload(visitor):
    visitor.go().ask(QUESTION)
    visitor.page.reload()
    expect(visitor.page.locator(".turn .question")).to_have_text(QUESTION)
    expect(visitor.page.locator(".turn .answer")).to_contain_text("30 months")


def test_a_conversation_is_renamed_and_deleted_in_the_sidebar(visitor):
    visitor.go().ask(QUESTION)
    listed = visitor.page.locator(".list li.current")
    for begun in ("Rename", "Delete"):
        listed.locator(".more").click()
        listed.get_by_role("button", name=begun, exact=True).click()
        visitor.page.keyboard.press("Escape")
        expect(listed.locator(".edit")).to_have_count(0)
        expect(listed.locator(".more")).to_be_focused()
    listed.locator(".more").click()
    listed.get_by_role("button", name="Rename", exact=True).click()
    listed.locator(".field").fill("Guarantee of *the* kettle")
    listed.get_by_role("button", name="Save").click()
    expect(visitor.page.locator(".list li.current .title")).to_have_text("Guarantee of *the* kettle")
    listed.locator(".more").click()
    listed.get_by_role("button", name="Delete", exact=True).click()
    listed.get_by_role("button", name="Delete", exact=True).click()
    expect(visitor.page.locator(".empty")).to_be_visible()
    expect(visitor.page.locator(".list .title", has_text="Guarantee of *the* kettle")).to_have_count(0)


def test_an_earlier_conversation_is_found_by_the_words_of_its_questions(visitor):
    page = visitor.page
    visitor.go()
    for question in ("price of the lid?", "crumbs?", "slices?", "heating plate?", "descale?", "guarantee?"):
        visitor.ask(f"Bracken and Larkspur: {question}")
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator(".empty")).to_be_visible()
    search, entries = page.locator(".search"), page.locator(".list li")
    search.press_sequentially("bracken CRUMBS")
    expect(entries).to_have_count(1)
    expect(search).to_be_focused()
    entries.locator(".open").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".turn .question")).to_have_text("Bracken and Larkspur: crumbs?")
    expect(entries).to_have_count(1)
    expect(entries.locator(".open")).to_be_focused()
    search.fill("xylophone")
    expect(page.locator(".none")).to_have_text("No conversation holds “xylophone”.")
    page.get_by_role("button", name="Show all").click()
    expect(page.locator(".list li.current")).to_contain_text("crumbs?")
    expect(search).to_be_focused()
    expect(search).to_have_value("")


def test_a_sample_question_is_asked_by_a_click(visitor):
    visitor.go().page.locator(".sample").first.click()
    expect(visitor.page.locator(".turn.done")).to_have_count(1)


def test_a_question_that_cannot_be_used_gets_a_message(visitor):
    visitor.go()
    visitor.page.get_by_test_id("stChatInputTextArea").fill("\u200b\u0007")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(".failure, .refusal, .empty").first).to_be_visible()


@pytest.mark.parametrize("size", [(390, 844)], indirect=True)
def test_a_narrow_screen_shows_the_source_over_the_answer_and_never_scrolls_sideways(visitor, size):
    assert not visitor.go().scrolls_sideways()
    turn = visitor.ask(QUESTION)
    assert not visitor.scrolls_sideways()
    turn.locator(".answer .marker").first.click()
    panel = visitor.page.locator(".panel")
    expect(panel).to_be_visible()
    assert panel.bounding_box()["width"] == size[0]
    assert not visitor.scrolls_sideways()
    panel.get_by_role("button", name="Close source").click()
    expect(panel).to_have_count(0)
    expect(turn.locator(".answer")).to_be_visible()


PARTS = """# Vole drill parts

| Part | Price | Weight of the part in its box | Place in the storehouse | Delivered within |
| --- | --- | --- | --- | --- |
| Vole chuck | 14 euros | 310 g with its key and paper | Hall 4, shelf 17, on the left | 3 working days |
"""


@pytest.mark.parametrize("size", [(390, 844)], indirect=True)
def test_a_wide_row_is_a_list_on_a_narrow_screen_and_a_wide_table_fades_where_it_goes_on(visitor, tmp_path):
    (tmp_path / "vole.md").write_text(PARTS, encoding="utf-8")
    visitor.upload(tmp_path / "vole.md")
    visitor.dismiss()
    turn = visitor.turn_to("Ask").ask("What is the price of the Vole chuck?")
    last = turn.locator(".answer td", has_text="3 working days")
    expect(last).to_be_in_viewport(ratio=1)
    assert last.evaluate("(node) => getComputedStyle(node, '::before').content") == '"Delivered within"'
    number = turn.locator(".answer .marker").first.bounding_box()
    assert min(number["width"], number["height"]) >= 24
    visitor.open_document("vole.md")
    table = visitor.page.locator(".reading .table.goes-on")
    expect(table).to_have_count(1)
    table.evaluate("(node) => node.scrollTo(9999, 0)")
    expect(table).to_have_count(0)
    visitor.remove("vole.md")


def test_a_quoted_row_stands_under_the_names_of_its_columns(visitor):
    turn = visitor.go().ask("What is the price of the Lid?")
    expect(turn.locator(".answer th")).to_have_text(["Part", "Price", ""])
    expect(turn.locator(".answer td").first).to_have_text("Lid")
    expect(turn.locator(".answer td strong")).to_have_text("4 euros")


MAIL = """Hello,

my kettle from March does not get warm any more, and I have tried another socket.

1. Is the Larkspur kettle repaired at home?
2. What do I have to send?

Kind regards
Anna"""


@pytest.mark.parametrize("size", [(390, 844)], indirect=True)
def test_of_a_pasted_mail_the_first_lines_are_shown_above_the_answer(visitor):
    page = visitor.go().page
    turn = visitor.ask(MAIL)
    question, more = turn.locator(".question"), turn.get_by_role("button", name="Show the whole question")
    folded = question.bounding_box()["height"]
    assert folded < 120
    assert turn.locator(".body").bounding_box()["y"] < 400
    more.click()
    expect(turn.get_by_role("button", name="Show less")).to_have_attribute("aria-expanded", "true")
    assert question.bounding_box()["height"] > 2 * folded
    expect(question).to_contain_text("Kind regards")
    page.get_by_role("button", name="Show less").click()
    expect(more).to_have_attribute("aria-expanded", "false")


def test_the_questions_of_a_refused_mail_are_asked_one_by_one(visitor):
    visitor.go()
    inside_asked = "How many slices does the Bracken toaster take?"
    mail = f"Hello,\n\nI paint chapels and ceilings.\n\nDo chapels bite?\n> 2. {inside_asked}\n\nYours\nAnna\nGraz"
    turn = visitor.ask(mail)
    inside = turn.locator(".refusal .ask")
    expect(inside).to_have_text(["Do chapels bite?", inside_asked])
    inside.last.click()
    expect(visitor.page.locator(".turn.done")).to_have_count(2)
    expect(visitor.page.locator(".turn .answer").last).to_contain_text("4 slices")


def test_who_comes_back_to_a_page_sees_what_was_asked_elsewhere_meanwhile(visitor):
    visitor.go().ask(QUESTION)
    other = visitor.page.context.new_page()
    other.goto(visitor.page.url)
    expect(other.locator(".turn.done")).to_have_count(1)
    visitor.ask("How many slices does the Bracken toaster take?")
    expect(other.locator(".turn.done")).to_have_count(1)
    other.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(other.locator(".turn.done")).to_have_count(2)
