"""What is asked of how to do something is answered with every step, through the whole path and over two passages."""

import json
from dataclasses import replace

import docx
import pytest

from rag.ask.answer import record
from rag.ask.flow import preview
from rag.ingest.find import find_files
from rag.ingest.flow import ingest
from rag.settings import load_settings
from rag.types import Question
from rag.wiring import open_workspace

ROUTER = """# FiberBox 200 setup guide

## How to reset the router to factory settings

1. Make sure the router is switched on and the power light is green.
2. Unplug all network cables from the back of the router.
3. Take a paper clip and push it into the hole marked RESET. It clicks.
4. Hold it there for 12 seconds until the power light blinks red.
5. Sign in at http://192.168.1.1 with the password on the label.

If the light stays red, call support.

## Changing the Wi-Fi password

To change your Wi-Fi password:

- Open the FiberBox app and sign in.
- Tap Network, then Wi-Fi.
- Tap Save.

## Waking the router from sleep

- Press the round button.
- Wait for the green light.
- Press the round button.
"""
FIRST_AID = """# Emergencies

## Burns and scalds

Cool under running water for 20 minutes. Take off rings and watches before it swells. Cover with cling film. No cream,
no butter, no ice. Bigger than a hand, or on the face: call 999.

## Power cut

Keep the cold store shut. Note the time. Take a torch from the first-aid box.
"""
RETURNS = """# Faulty on arrival

## What we owe the customer

- A brand-new replacement, never a refurbished one.
- A prepaid label; we bear all shipping.
- The warranty starts again.

## In special cases

| Case | What to do |
|---|---|
| Delivered to a neighbour | Ask for the slip |
| Second box of one order | Full refund offered without being asked |
"""
STEPS = [
    f"{verb} part {n} of the boat in the green shed beside the slipway and write its number into the book by the door."
    for n, verb in enumerate(("Wash", "Dry", "Grease", "Wrap", "Weigh", "Label", "Stack", "Count", "Cover"), 1)
]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    folder = tmp_path_factory.mktemp("documents")
    (folder / "router.md").write_text(ROUTER, encoding="utf-8")
    (folder / "emergencies.md").write_text(FIRST_AID, encoding="utf-8")
    (folder / "returns.md").write_text(RETURNS, encoding="utf-8")
    winter = docx.Document()
    winter.add_heading("Storing a boat for the winter", 1)
    for step in STEPS:
        winter.add_paragraph(step, style="List Number")
    winter.save(folder / "winter.docx")
    with open_workspace(load_settings(home=tmp_path_factory.mktemp("home"), env={})) as opened:
        ingest(find_files([folder]), opened)
        yield opened


def test_every_step_is_told_with_its_number_and_its_exact_place(workspace):
    answer = preview(Question("How do I reset the router?"), workspace)
    assert answer.verdict.outcome == "answered"
    said = [statement.text for statement in answer.verdict.statements]
    assert [text[:2] for text in said] == ["1.", "2.", "3.", "4.", "5."]
    assert said[2] == "3. Take a paper clip and push it into the hole marked RESET. It clicks."
    assert all(statement.item and statement.support == 1.0 for statement in answer.verdict.statements)
    assert [statement.citations[0].quote for statement in answer.verdict.statements] == said
    assert answer.text.splitlines() == said
    assert [each["item"] for each in json.loads(json.dumps(record(answer)))["statements"]] == [True] * 5


def test_words_without_a_form_get_the_list_that_answers_as_a_whole(workspace):
    choices = replace(workspace.ask_choices, min_confidence=0.0)
    answer = preview(Question("somebody scalded their arm first aid"), workspace, choices=choices)
    assert answer.text.startswith("Cool under running water for 20 minutes. Take off rings and watches")
    assert answer.text.endswith("Bigger than a hand, or on the face: call 999.")


def test_what_leads_to_a_list_stands_before_it(workspace):
    answer = preview(Question("How do I change my wifi password?"), workspace)
    assert answer.text.splitlines() == [
        "To change your Wi-Fi password:", "Open the FiberBox app and sign in.", "Tap Network, then Wi-Fi.", "Tap Save."
    ]  # fmt: skip


def test_a_step_that_comes_twice_is_told_twice_each_at_its_place(workspace):
    answer = preview(Question("How do I wake the router from sleep?"), workspace)
    assert answer.text.splitlines() == [
        "Press the round button.", "Wait for the green light.", "Press the round button."
    ]  # fmt: skip
    first, _, again = (statement.citations[0] for statement in answer.verdict.statements)
    assert first.quote == again.quote
    assert first.end < again.start


def test_a_number_is_answered_with_its_sentence(workspace):
    answer = preview(Question("For how many seconds is the paper clip held when resetting the router?"), workspace)
    assert "12 seconds" in answer.text
    assert len(answer.verdict.statements) < 5


def test_steps_in_two_passages_are_one_answer(workspace):
    answer = preview(Question("How do I store a boat for the winter?"), workspace)
    said = [statement.text for statement in answer.verdict.statements]
    assert said == [f"{n}. {step}" for n, step in enumerate(STEPS, 1)]
    assert len({statement.citations[0].chunk_id for statement in answer.verdict.statements}) > 1


def test_what_answers_beside_a_list_is_an_answer_too(workspace):
    answer = preview(Question("second box from the same order also arrived faulty, what should I offer"), workspace)
    told = [answer.text, *(other.statements[0].text for other in answer.verdict.candidates)]
    assert any(text.startswith("Second box of one order") for text in told), told
