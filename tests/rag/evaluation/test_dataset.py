import os
from pathlib import Path

import pytest

from rag.errors import InputError
from rag.evaluation.dataset import read_dataset
from rag.evaluation.metrics import score
from tests.rag.evaluation.conftest import CORPUS, QRELS, QUERIES, write_lines, write_qrels, write_set


def test_a_set_has_documents_questions_and_judgements(small_set):
    labelled = read_dataset(small_set)
    assert labelled.name == "small"
    assert labelled.n_documents == 5
    assert [query.id for query in labelled.queries] == ["q1", "q2", "q3"]
    assert labelled.queries[1].relevant == {"owner": 1, "radio": 1}
    assert labelled.queries[0].type == "how-to"


def test_only_questions_with_a_relevant_document_count(small_set):
    assert [query.id for query in read_dataset(small_set).labelled] == ["q1", "q2"]


def test_a_grade_of_zero_is_not_relevant(small_set):
    assert "whale" not in read_dataset(small_set).queries[1].relevant


def test_files_have_their_paths_as_ids(tmp_path):
    folder = write_set(tmp_path / "s", corpus=None, qrels=[("q1", "guide/reset.md", 1)])
    (folder / "documents" / "guide").mkdir(parents=True)
    (folder / "documents" / "guide" / "reset.md").write_text("# Reset", encoding="utf-8")
    labelled = read_dataset(folder)
    assert list(labelled.files) == ["guide/reset.md"]
    assert labelled.queries[0].relevant == {"guide/reset.md": 1}


def test_a_file_whose_name_is_no_utf8_has_an_id_that_can_be_written(tmp_path):
    folder = write_set(tmp_path / "s", corpus=None, qrels=[("q1", "caf\\xe9.md", 1)])
    (folder / "documents").mkdir()
    (folder / "documents" / os.fsdecode(b"caf\xe9.md")).write_text("# Reset", encoding="utf-8")
    labelled = read_dataset(folder)
    (name,) = labelled.files
    assert (name, labelled.queries[0].relevant) == ("caf\\xe9.md", {name: 1})
    assert score({"q1": [name]}, {"q1": {name: 1}})["q1"]["recall@1"] == 1.0


def test_a_judgement_may_name_a_member_of_an_archive(tmp_path):
    folder = write_set(tmp_path / "s", corpus=None, qrels=[("q1", "all.zip!/reset.md", 1)])
    (folder / "documents").mkdir()
    (folder / "documents" / "all.zip").write_bytes(b"PK")
    assert read_dataset(folder).queries[0].relevant == {"all.zip!/reset.md": 1}


def test_the_hash_follows_the_documents_and_not_the_labels(small_set):
    before = read_dataset(small_set).sha256
    write_qrels(small_set / "qrels" / "test.tsv", QRELS[:1])
    assert read_dataset(small_set).sha256 == before
    write_lines(small_set / "corpus.jsonl", CORPUS[:-1])
    assert read_dataset(small_set).sha256 != before


def test_judgements_need_no_header(small_set):
    (small_set / "qrels" / "test.tsv").write_text("q1\treset\t1\n", encoding="utf-8")
    assert read_dataset(small_set).queries[0].relevant == {"reset": 1}


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("corpus.jsonl", '{"_id": "a", "text": "x"}\nnot json\n', "corpus.jsonl', line 2: no JSON"),
        ("corpus.jsonl", "[" * 100_000, "corpus.jsonl', line 1: no JSON"),
        ("corpus.jsonl", '["a"]\n', "line 1: a list, not an object"),
        ("corpus.jsonl", '{"text": "x"}\n', "line 1: '_id' is missing"),
        ("corpus.jsonl", '{"_id": "", "text": "x"}\n', "line 1: '_id' is empty"),
        ("corpus.jsonl", '{"_id": "a", "text": "x"}\n{"_id": "a", "text": "y"}\n', "line 2: the id 'a' stands in an"),
        ("corpus.jsonl", '{"_id": "a", "text": 7}\n', "line 1: 'text' is a number, not text"),
        ("corpus.jsonl", '{"_id": "a"}\n', "line 1: 'text' is missing"),
        ("corpus.jsonl", "\n", "holds no document"),
        ("queries.jsonl", '{"_id": "q1", "text": " "}\n', "line 1: the question 'q1' is empty"),
        ("queries.jsonl", '{"_id": "q1", "text": "x", "metadata": [1]}\n', "line 1: 'metadata' is a list"),
        (
            "queries.jsonl",
            '{"_id": "q1", "text": "x", "metadata": {"answers": "y"}}\n',
            "'answers' is no list of texts",
        ),
        ("queries.jsonl", '{"_id": "q1", "text": "x", "metadata": {"answerable": 1}}\n', "'answerable' is a number"),
        (
            "queries.jsonl",
            '{"_id": "q1", "text": "x", "metadata": {"answers": ["y"], "answerable": false}}\n',
            "has answers, but is not answerable",
        ),
        ("queries.jsonl", '{"_id": "q1", "text": "x", "metadata": {"history": 5}}\n', "line 1: 'history' is no list"),
        ("queries.jsonl", '{"_id": "q1", "text": "x", "metadata": {"history": "y"}}\n', "line 1: 'history' is no list"),
        (
            "queries.jsonl",
            '{"_id": "q1", "text": "x", "metadata": {"as_of": "yesterday"}}\n',
            "line 1: 'as_of' is 'yesterday', not a day",
        ),
        ("queries.jsonl", '{"_id": "q1", "text": "x", "metadata": {"as_of": 2026}}\n', "line 1: 'as_of' is 2026"),
        ("qrels/test.tsv", "q1 reset 1\n", "test.tsv', line 1: 1 columns, not 3"),
        ("qrels/test.tsv", "q1\treset\tyes\n", "line 1: the grade is 'yes'"),
        ("qrels/test.tsv", "q1\treset\t1\nq9\treset\t1\n", "line 2: there is no question 'q9'"),
        ("qrels/test.tsv", "q1\tnowhere\t1\n", "line 1: there is no document 'nowhere'"),
        ("qrels/test.tsv", "q1\treset\t1\nq1\treset\t0\n", "line 2: 'reset' has two grades for 'q1'"),
        ("qrels/test.tsv", "q1\treset\t0\n", "holds no relevant document"),
    ],
)
def test_a_wrong_line_is_named(small_set, file, text, expected):
    (small_set / file).write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_dataset(small_set)
    assert expected in raised.value.message


def test_a_file_that_is_not_utf8_is_named(small_set):
    (small_set / "queries.jsonl").write_bytes(b'{"_id": "q1", "text": "\xff"}\n')
    with pytest.raises(InputError, match="not UTF-8"):
        read_dataset(small_set)


def test_half_of_a_character_is_replaced(small_set):
    queries = [{"_id": "q1", "text": "cut \ud83d", "metadata": {"answers": ["\ud83d\ude00", "\ude00"]}}, QUERIES[1]]
    write_lines(small_set / "queries.jsonl", queries)
    query = read_dataset(small_set).queries[0]
    assert (query.text, query.metadata["answers"]) == ("cut \ufffd", ["\U0001f600", "\ufffd"])


@pytest.mark.parametrize("items", ['"y"', '["y"]', "[[]]", '[["y"], ["y", ""]]', '[["y", 7]]', '[["the"]]', "{}"])
def test_items_that_nothing_can_hold_are_named_with_their_line(small_set, items):
    line = f'{{"_id": "q1", "text": "x", "metadata": {{"items": {items}}}}}\n'
    (small_set / "queries.jsonl").write_text("\n" + line, encoding="utf-8")
    with pytest.raises(InputError, match=r"queries.jsonl', line 2: 'items' is no list of lists"):
        read_dataset(small_set)


def test_what_is_null_is_not_given(small_set):
    given = {"answers": None, "answerable": None, "split": None, "type": "fact"}
    write_lines(small_set / "queries.jsonl", [{**QUERIES[0], "metadata": given}, *QUERIES[1:]])
    query = read_dataset(small_set).queries[0]
    assert (dict(query.metadata), query.type) == ({"type": "fact"}, "fact")


def test_items_label_a_question_that_can_be_answered(small_set):
    queries = [{**QUERIES[0], "metadata": {"items": [["y", "z"], ["w"]]}}, *QUERIES[1:]]
    write_lines(small_set / "queries.jsonl", queries)
    assert read_dataset(small_set).queries[0].has_words
    write_lines(small_set / "queries.jsonl", [{**QUERIES[0], "metadata": {"items": [["y"]], "answerable": False}}])
    with pytest.raises(InputError, match="has answers, but is not answerable"):
        read_dataset(small_set)


@pytest.mark.parametrize("missing", ["queries.jsonl", "qrels/test.tsv"])
def test_a_missing_part_is_named(small_set, missing):
    (small_set / missing).unlink()
    with pytest.raises(InputError, match=missing):
        read_dataset(small_set)


def test_a_set_needs_documents(small_set):
    (small_set / "corpus.jsonl").unlink()
    with pytest.raises(InputError, match="neither"):
        read_dataset(small_set)


def test_two_kinds_of_documents_are_refused(small_set):
    (small_set / "documents").mkdir()
    with pytest.raises(InputError, match="both"):
        read_dataset(small_set)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(InputError, match="nowhere"):
        read_dataset(tmp_path / "nowhere")
    with pytest.raises(InputError, match="~nobody-here/set"):
        read_dataset(Path("~nobody-here/set"))


def test_ids_may_be_numbers(tmp_path):
    folder = write_set(
        tmp_path / "s", corpus=[{"_id": 7, "text": "x"}], queries=[{**QUERIES[0], "_id": 1}], qrels=[("1", "7", 2)]
    )
    assert read_dataset(folder).queries[0].relevant == {"7": 2}


@pytest.mark.parametrize(
    ("given", "hops"),
    [(None, None), ("2hop", 2), ("4hop1", 4), (3, 3), ([["a"], ["b", "c"]], 2), ([], None), ("many", None)],
)
def test_hops_are_read_however_a_set_writes_them(tmp_path, given, hops):
    queries = [{**QUERIES[0], "metadata": {"hops": given}}]
    folder = write_set(tmp_path / "s", queries=queries, qrels=[("q1", "reset", 1)])
    assert read_dataset(folder).queries[0].hops == hops
