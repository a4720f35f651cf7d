"""A question goes through real stores and the real embedding model to a stored answer, whatever fails on the way."""

import json
from dataclasses import replace

import pytest

from rag.ask.flow import ask, find_evidence
from rag.errors import AccessError, InputError, ModelError, NotFound, StoreError
from rag.ingest.find import find_files
from rag.ingest.flow import ingest, remove
from rag.settings import load_settings
from rag.types import ModelUse, Principal, Question
from rag.wiring import open_workspace
from tests.rag.ingest.doubles import Parts

WARRANTY = "# Kestrel 4 warranty\n\nThe Kestrel 4 has a warranty of 24 months. Batteries are not covered.\n"
RETURNS = "# Returns\n\nDevices can be returned within 14 days of delivery.\n"
SECRET = "# Salaries\n\nThe warranty team lead earns 61,000 euros a year.\n"
QUESTION = "How long is the warranty of the Kestrel 4?"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    folder = tmp_path_factory.mktemp("documents")
    for name, text in {"warranty.md": WARRANTY, "copy.md": WARRANTY, "returns.md": RETURNS}.items():
        (folder / name).write_text(text, encoding="utf-8")
    secret = tmp_path_factory.mktemp("secret") / "salaries.md"
    secret.write_text(SECRET, encoding="utf-8")
    with open_workspace(load_settings(home=tmp_path_factory.mktemp("home"), env={})) as opened:
        ingest(find_files([folder]), opened)
        opened.catalog.create_space("board")
        ingest(find_files([secret]), opened, space="board")
        yield opened


class Writer:
    """A generator that writes fixed pieces, and raises after them if it was given an error."""

    use = ModelUse("test:writer", "")

    def __init__(self, *pieces, error=None):
        self.pieces, self.error = pieces, error

    def stream(self, messages, *, max_tokens, seed):
        yield from self.pieces
        if self.error:
            raise self.error


def test_an_answer_cites_the_stored_text_and_is_stored_before_it_is_returned(workspace):
    answer = ask(Question(QUESTION), workspace)
    assert answer.verdict.outcome == "answered"
    assert "24 months" in answer.text
    citation = answer.verdict.statements[0].citations[0]
    assert workspace.catalog.text(citation.document_id, citation.version).text[citation.start : citation.end] == (
        citation.quote
    )
    stored = workspace.catalog.answer(answer.receipt)
    assert stored["answer"] == answer.text
    assert stored["models"]["embedding"]["sha256"].startswith("53aa5117")


def test_progress_tells_each_stage_and_each_statement(workspace):
    told = []
    answer = ask(Question(QUESTION), workspace, on_progress=told.append)
    stages = list(dict.fromkeys(moment.stage for moment in told))
    assert stages == ["understand", "retrieve", "enrich", "rerank", "generate", "guard"]
    assert tuple(moment.statement for moment in told if moment.statement) == answer.verdict.statements


def test_a_copy_of_a_passage_follows_all_that_differ_and_is_not_quoted_again(workspace):
    answer = ask(Question(QUESTION), workspace)
    texts = [hit.passage.chunk.text for hit in answer.passages]
    n_different = len(set(texts))
    assert len(set(texts[:n_different])) == n_different < len(texts)
    statements = [statement.text for statement in answer.verdict.statements]
    assert len(statements) == len(set(statements))


@pytest.mark.parametrize("asked", [("5",), ("7",), ("5", "7")])
def test_what_two_manuals_say_alike_is_cited_in_those_that_were_asked_about(workspace, tmp_path, asked):
    for n in "57":
        (tmp_path / f"{n}.md").write_text(
            f"# Lapwing {n} manual\n\n## Warranty\n\nThe warranty lasts two years.\n", encoding="utf-8"
        )
    space = f"lapwing-{'-'.join(asked)}"
    workspace.catalog.create_space(space)
    ingest(find_files([tmp_path]), workspace, space=space)
    named = " and the ".join(f"Lapwing {n}" for n in asked)
    answer = ask(Question(f"How long is the warranty of the {named}?", space), workspace)
    assert (answer.verdict.outcome, answer.text) == ("answered", "The warranty lasts two years.")
    cited = {citation.title for statement in answer.verdict.statements for citation in statement.citations}
    assert cited == {f"Lapwing {n} manual" for n in asked}


def test_the_same_question_gives_the_same_answer_and_ranking(workspace):
    first, second = ask(Question(QUESTION), workspace), ask(Question(QUESTION), workspace)
    assert first.verdict == second.verdict
    assert [h.passage.chunk.id for h in first.passages] == [h.passage.chunk.id for h in second.passages]


def test_what_the_documents_do_not_say_is_refused_with_the_nearest_passages(workspace):
    answer = ask(Question("Who painted the ceiling of the Sistine Chapel?"), workspace)
    assert (answer.verdict.outcome, answer.verdict.reason) == ("refused", "weak_evidence")
    assert answer.message
    assert answer.passages


def test_nobody_reads_a_space_without_a_role(workspace):
    answer = ask(Question("What does the team lead earn?", space="board"), workspace, principal=Principal("guest"))
    assert (answer.verdict.outcome, answer.verdict.reason) == ("refused", "not_permitted")
    assert answer.passages == ()
    with pytest.raises(AccessError):
        find_evidence(Question("What?", space="board"), workspace, principal=Principal("guest"))


def test_a_member_reads_the_space_and_a_reader_may_not_write(workspace):
    workspace.catalog.grant("board", "ada", "reader")
    answer = ask(
        Question("What does the warranty team lead earn?", space="board"), workspace, principal=Principal("ada")
    )
    assert "61,000" in answer.text
    with pytest.raises(AccessError, match="may not change"):
        ingest([], workspace, space="board", principal=Principal("ada"))


def test_one_space_never_answers_from_another(workspace):
    answer = ask(Question("What does the warranty team lead earn?"), workspace)
    assert all("61,000" not in hit.passage.chunk.text for hit in answer.passages)


def test_an_unknown_space_is_an_error(workspace):
    with pytest.raises(NotFound, match="nowhere"):
        ask(Question(QUESTION, space="nowhere"), workspace)


def test_a_question_without_words_is_an_error_and_stores_nothing(workspace):
    with pytest.raises(InputError):
        ask(Question(" ", conversation="c-empty"), workspace)
    assert workspace.catalog.answers("c-empty") == ()


def test_a_models_sentences_are_shown_only_as_far_as_the_documents_support_them(workspace):
    writer = Writer("The Kestrel 4 has a 24 months war", "ranty. It has a warranty of 99 years.")
    answer = ask(Question(QUESTION), Parts(workspace, generator=writer))
    assert answer.verdict.mode == "generated"
    assert answer.text == "The Kestrel 4 has a 24 months warranty."
    assert [cut.text for cut in answer.verdict.cut] == ["It has a warranty of 99 years."]
    assert answer.prompt == "answer/1 repair/1"


@pytest.mark.parametrize(
    "writer",
    [
        Writer(error=ModelError("The generator is gone.", hint="Bring it back.")),
        Writer("The Kestrel 4 has a 24 ", error=ModelError("The generator died.", hint="Start it again.")),
    ],
)
def test_a_generator_that_fails_is_replaced_by_quotes_and_the_receipt_says_so(workspace, writer):
    answer = ask(Question(QUESTION), Parts(workspace, generator=writer))
    assert answer.verdict.mode == "quoted"
    assert "24 months" in answer.text
    assert "instead of test:writer" in answer.models["generator"].ref


@pytest.mark.parametrize("writing", ["asdf qwer yxcv.", "<passage>1</passage>", "It lasts 99 years."])
def test_what_a_generator_writes_without_support_gives_way_to_the_documents_own_words(workspace, writing):
    answer = ask(Question(QUESTION), Parts(workspace, generator=Writer(writing)))
    assert answer.verdict.mode == "quoted"
    assert "24 months" in answer.text
    assert [cut.text for cut in answer.verdict.cut] == [writing]


def test_a_generator_that_finds_no_answer_ends_in_a_refusal(workspace):
    answer = ask(Question(QUESTION), Parts(workspace, generator=Writer("NO ANSWER")))
    assert (answer.verdict.outcome, answer.verdict.reason) == ("refused", "weak_evidence")
    assert answer.text == ""


def test_a_store_that_fails_ends_in_an_answer_that_says_so(workspace):
    class Unreadable:
        def vocabulary(self, space, index):
            raise StoreError("The full text is damaged.", hint="Restore it.")

    answer = ask(Question(QUESTION), Parts(workspace, lexical=Unreadable()))
    assert answer.verdict.outcome == "failed"
    assert "The full text is damaged." in answer.message
    assert workspace.catalog.answer(answer.receipt)["outcome"] == "failed"


def test_a_document_that_is_removed_while_it_is_read_gives_no_answer_and_leaves_no_words(workspace, tmp_path):
    path = tmp_path / "lamp.md"
    path.write_text("# Gorse lamp\n\nThe Gorse lamp draws 4 watts.\n", encoding="utf-8")
    (report,) = ingest(find_files([path]), workspace).files
    removed = []

    def watch(moment):
        if moment.statement is not None and not removed:
            removed.append(remove(report.document_id, workspace))

    answer = ask(Question("How many watts does the Gorse lamp draw?"), workspace, on_progress=watch)
    assert removed
    assert (answer.verdict.outcome, answer.text, answer.passages) == ("failed", "", ())
    assert "was removed" in answer.message
    stored = workspace.catalog.answer(answer.receipt)
    assert [note["document"] for note in stored["redactions"]] == [report.document_id]
    assert "4 watts" not in json.dumps(stored)
    assert workspace.catalog.check_ledger().faults == ()


def test_an_empty_space_refuses_for_lack_of_evidence(workspace):
    workspace.catalog.create_space("empty")
    answer = ask(Question(QUESTION, space="empty"), workspace)
    assert (answer.verdict.outcome, answer.verdict.reason) == ("refused", "no_evidence")


def test_a_misspelled_question_is_answered_and_the_receipt_shows_how_it_was_read(workspace):
    answer = ask(Question("How long is the warrenty of the kestral 4?"), workspace)
    assert "24 months" in answer.text
    read = workspace.catalog.answer(answer.receipt)["query"]
    assert read["original"] == "How long is the warrenty of the kestral 4?"
    assert read["text"] == "How long is the warranty of the Kestrel 4?"
    assert read["spelling"] == [
        {"written": "warrenty", "read": "warranty"},
        {"written": "kestral", "read": "Kestrel"},
    ]


def test_all_that_was_understood_is_in_the_receipt(workspace):
    asked = "Can the Kestrel 4 and the Kestrel 6 not be returned after 15 June 2026?"
    read = workspace.catalog.answer(ask(Question(asked), workspace).receipt)["query"]
    assert {name: read[name] for name in ("language", "dates", "negated", "shape", "subqueries", "choices")} == {
        "language": "en",
        "dates": ["2026-06-15"],
        "negated": ["returned"],
        "shape": "several",
        "subqueries": [
            "Can the Kestrel 4 not be returned after 15 June 2026?",
            "Can the Kestrel 6 not be returned after 15 June 2026?",
        ],
        "choices": [],
    }


def test_a_general_word_that_cannot_be_answered_is_refused_with_what_there_is(workspace, tmp_path):
    for name in ("Kestrel", "Otter"):
        (tmp_path / f"{name}.md").write_text(f"# {name} lights\n\nGreen is fine.\n", encoding="utf-8")
    workspace.catalog.create_space("lights")
    ingest(find_files([tmp_path]), workspace, space="lights")
    sure = replace(workspace.ask_choices, min_confidence=1.0)
    answer = ask(Question("lights?", space="lights"), Parts(workspace, ask_choices=sure))
    assert answer.verdict.reason == "ambiguous_question"
    assert answer.message.endswith("The documents have: Kestrel lights; Otter lights.")


@pytest.mark.parametrize("question", ["Zephyr", "Zephyr 3", "zephyr?"])
def test_a_name_alone_asks_what_is_wanted_about_it(workspace, tmp_path, question):
    for name in ("user manual", "price list"):
        (tmp_path / f"{name}.md").write_text(f"# Zephyr 3 {name}\n\nThe Zephyr 3 weighs 310 g.\n", encoding="utf-8")
    space = f"zephyr-{len(question)}-{question[0]}"
    workspace.catalog.create_space(space)
    ingest(find_files([tmp_path]), workspace, space=space)
    answer = ask(Question(question, space=space), workspace)
    assert (answer.verdict.outcome, answer.verdict.reason) == ("refused", "ambiguous_question")
    assert set(answer.verdict.readings) == {
        "What does “Zephyr 3 user manual” say?",
        "What does “Zephyr 3 price list” say?",
    }


def test_a_general_word_is_answered_where_there_is_an_answer(workspace):
    bold = replace(workspace.ask_choices, min_confidence=0.0)
    assert "24 months" in ask(Question("warranty"), Parts(workspace, ask_choices=bold)).text
