"""Published sets as questions with passages."""

import csv
import gzip
import json
import tarfile

import pytest

from rag.errors import InputError
from rag.training.examples import sources
from tests.rag.training.conftest import write_lines

SECTION = "Hold the button until the lamp turns white and then let it go. " * 5


def squad_file(path, answers):
    question = {"question": " When? ", "answers": answers}
    paragraph = {"context": "It was in 1889, not in 1890.", "qas": [question]}
    content = json.dumps({"data": [{"title": "A_Tower", "paragraphs": [paragraph]}]})
    path.write_bytes(gzip.compress(content.encode()) if path.suffix == ".gz" else content.encode())
    return path


@pytest.mark.parametrize("name", ["train.json", "train.json.gz"])
def test_squad(tmp_path, name):
    questions = sources.squad(squad_file(tmp_path / name, [{"text": "1889", "answer_start": 10}]))
    (asked,) = questions.asked
    paragraph = questions.paragraphs[asked.paragraph]
    assert (asked.question, asked.answers, paragraph.title) == ("When?", ("1889",), "A Tower")
    assert paragraph.text[asked.answer.start : asked.answer.end] == "1889"


def test_a_wrong_offset_is_mended_and_an_answer_that_is_not_there_has_no_span(tmp_path):
    mended = sources.squad(squad_file(tmp_path / "a.json", [{"text": "1889", "answer_start": 0}]))
    assert mended.asked[0].answer == (10, 14)
    lost = sources.squad(squad_file(tmp_path / "b.json", [{"text": "1999", "answer_start": 0}]))
    assert lost.asked[0].answer is None


def test_unanswerable_questions_are_left_out(tmp_path):
    assert sources.squad(squad_file(tmp_path / "a.json", [])).asked == ()


def test_passages_share_their_place_and_lose_answers_that_do_not_stand_there(tmp_path):
    line = {"question": "Is it red?", "title": "A_Lamp", "passage": "It is red.", "origin": "toy"}
    path = write_lines(
        tmp_path / "mix.jsonl",
        [
            {**line, "answers": ["yes"]},
            {**line, "question": "Which colour?", "answers": ["red", "Red"]},
            {**line, "answers": [], "answerable": False},
            {**line, "answers": [], "passage": "  "},
        ],
    )
    questions = sources.passages(path)
    assert len(questions.paragraphs) == 1
    assert [(each.answers, each.answer) for each in questions.asked] == [((), None), (("red", "Red"), (6, 9))]


def test_frequently_asked_questions_need_an_answer_of_some_length(tmp_path):
    path = write_lines(
        tmp_path / "faq.jsonl",
        [
            {"question": "What is (are) flu ?", "focus": "Flu", "answer": SECTION},
            {"question": "What?", "focus": "Flu", "answer": "Short."},
        ],
    )
    questions = sources.faq(path)
    assert [each.question for each in questions.asked] == ["What is flu?"]
    assert questions.paragraphs[0].article == "Flu"


def test_requests_of_one_intent_are_a_family(tmp_path):
    path = tmp_path / "requests.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(["instruction", "category", "intent", "response"])
        table.writerow(["cancel it", "ORDER", "cancel_order", "We cancel it."])
    (asked,) = sources.requests(path).asked
    assert (asked.question, asked.family) == ("cancel it", "cancel_order")


def test_headings_are_questions_for_their_sections(tmp_path):
    page = f"# Router\n\n## Resetting the device\n\n{SECTION}\n\n## Notes\n\n{SECTION}\n\n## Too short\n\nYes.\n"
    (tmp_path / "a.md").write_text(page, encoding="utf-8")
    (asked,) = sources.headings(tmp_path).asked
    assert asked.question == "Resetting the device Router"


def test_headings_are_read_from_archives_and_equal_sections_count_once(tmp_path):
    (tmp_path / "a.md").write_text(f"# Router\n\n## Resetting the device\n\n{SECTION}", encoding="utf-8")
    with tarfile.open(tmp_path / "docs.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "a.md", "v2/a.md")
    assert len(sources.headings(tmp_path).asked) == 1
    (tmp_path / "a.md").unlink()
    assert len(sources.headings(tmp_path).asked) == 1


def test_a_malformed_line_is_named(tmp_path):
    path = tmp_path / "mix.jsonl"
    path.write_text('{"question": "a"}\n\n{"question": \n', encoding="utf-8")
    with pytest.raises(InputError, match=r"Line 3 of 'mix\.jsonl' is no JSON"):
        list(sources.json_lines(path))


def test_a_line_separator_inside_a_text_ends_no_line(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "one\u2028two\x85"}, ensure_ascii=False) + "\n", encoding="utf-8")
    assert [line["text"] for line in sources.json_lines(path)] == ["one\u2028two\x85"]


def test_what_cannot_be_read_is_an_error_with_its_name(tmp_path):
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    (tmp_path / "bad.jsonl").write_bytes(b"\xff\xfe")
    (tmp_path / "bad.jsonl.gz").write_bytes(b"no gzip")
    for read, name in (
        (sources.squad, "bad.json"),
        (sources.squad, "missing.json"),
        (sources.faq, "bad.jsonl"),
        (sources.faq, "bad.jsonl.gz"),
        (sources.headings, "missing"),
    ):
        with pytest.raises(InputError, match=name.replace(".", r"\.")):
            read(tmp_path / name)


@pytest.mark.parametrize("line", [{"question": "a"}, ["a"], "a", {"question": 1, "answer": 2, "focus": 3}])
def test_a_line_without_its_parts_is_named(tmp_path, line):
    path = write_lines(tmp_path / "faq.jsonl", [{"question": "a", "focus": "b", "answer": "c"}, line])
    with pytest.raises(InputError, match=r"Line 2 of 'faq\.jsonl'"):
        sources.faq(path)


def test_a_table_without_its_columns_is_an_error(tmp_path):
    (tmp_path / "requests.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"'requests\.csv'"):
        sources.requests(tmp_path / "requests.csv")


def test_a_file_in_another_layout_is_an_error(tmp_path):
    (tmp_path / "a.json").write_text('{"data": [{"title": "A"}]}', encoding="utf-8")
    with pytest.raises(InputError, match=r"'a\.json'"):
        sources.squad(tmp_path / "a.json")
