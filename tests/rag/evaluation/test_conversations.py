"""Conversations are read with what was said before each question, and drawn alike in every run."""

import json

import pytest

from rag.errors import InputError
from rag.evaluation.conversations import read_conversations, sample
from rag.evaluation.dataset import read_dataset
from tests.rag.evaluation.conftest import write_lines

LINES = (
    {"_id": "a_1", "turns": ["user:How do I reset it?"], "answers": ["Hold it."], "document": "reset"},
    {
        "_id": "a_3",
        "turns": ["user:How do I reset it?", "agent: Hold the button. ", "user: how long? "],
        "answers": ["for twelve seconds"],
        "document": "reset",
    },
    {
        "_id": "b_4",
        "turns": ["user:tell me about plans", "agent:Which one?", "user:the yearly one", "user:what is its price?"],
        "answers": ["costs 25 euros"],
        "document": "price",
    },
)


@pytest.fixture
def read(small_set):
    def _read(*lines):
        write_lines(small_set / "conversations.jsonl", lines)
        return read_conversations(small_set, read_dataset(small_set))

    return _read


def test_a_question_has_what_was_said_before_it(read):
    first, second = read(*LINES)
    (follow_up,) = first.labelled.values()
    assert (follow_up.text, follow_up.before) == ("how long?", ("How do I reset it?",))
    assert follow_up.said == ("How do I reset it?", "Hold the button.")
    assert second.labelled[2].before == ("tell me about plans", "the yearly one")


def test_a_question_has_the_labelled_answers_to_those_before_it(read, small_set):
    fifth = {
        "_id": "a_5",
        "turns": [*LINES[1]["turns"], "agent: Twelve seconds.", "user: and then?"],
        "answers": ["it restarts"],
        "document": "reset",
    }
    (conversation,) = read(*LINES[:2], fifth)
    assert conversation.questions == ("How do I reset it?", "how long?", "and then?")
    assert [each.answered for each in conversation.labelled.values()] == [
        (("Hold it.",),),
        (("Hold it.",), ("for twelve seconds",)),
    ]
    # A first question that has no line here may be one of the set.
    queries = [{"_id": "q", "text": "How do I  reset it?", "metadata": {"answers": ["Hold the button."]}}]
    write_lines(small_set / "queries.jsonl", queries)
    (small_set / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq\treset\t1\n", encoding="utf-8")
    (conversation,) = read(LINES[1])
    assert conversation.labelled[1].answered == (("Hold the button.",),)


def test_first_questions_follow_nothing(read):
    with pytest.raises(InputError, match="follows another"):
        read(LINES[0])


def test_whole_conversations_are_drawn_in_an_order_that_the_lines_do_not_change(read):
    lines = [line | {"_id": f"{name}{line['_id'][1:]}"} for line in LINES[1:] for name in "abcdef"]
    drawn = sample(read(*lines), limit=3)
    assert [each.id for each in drawn] == [each.id for each in sample(read(*reversed(lines)), limit=3)]
    assert sum(len(each.labelled) for each in drawn) == 3
    assert {each.id for each in drawn} != {"a", "b", "c"}


def test_halves_share_no_document(read):
    conversations = read(*LINES)
    halves = {}
    for half in ("first", "second"):
        try:
            halves[half] = {f.document for c in sample(conversations, limit=9, half=half) for f in c.labelled.values()}
        except InputError:
            halves[half] = set()
    assert halves["first"] | halves["second"] == {"reset", "price"}
    assert not halves["first"] & halves["second"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (LINES[1] | {"document": "nowhere"}, "no document 'nowhere'"),
        (LINES[1] | {"turns": ["user:How?", "agent:So."]}, "last turn is not the person's"),
        (LINES[1] | {"turns": []}, "line 1: turns"),
        ({"turns": ["user:How?"], "document": "reset"}, "line 1: _id"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(read, line, told):
    with pytest.raises(InputError, match=told):
        read(line)


def test_a_set_without_conversations_says_what_to_write(small_set):
    with pytest.raises(InputError, match=r"conversations\.jsonl") as raised:
        read_conversations(small_set, read_dataset(small_set))
    assert "turns" in raised.value.hint


def test_a_file_in_another_encoding_is_named(small_set):
    (small_set / "conversations.jsonl").write_bytes('{"_id": "é"}'.encode("latin-1"))
    with pytest.raises(InputError, match=r"conversations\.jsonl' is not UTF-8"):
        read_conversations(small_set, read_dataset(small_set))


def test_a_line_separator_inside_a_text_ends_no_line(small_set):
    line = json.dumps(LINES[1], ensure_ascii=False).replace("how long?", "how\u2028long?")
    (small_set / "conversations.jsonl").write_text(f"{line}\n", encoding="utf-8")
    (conversation,) = read_conversations(small_set, read_dataset(small_set))
    assert [each.text for each in conversation.labelled.values()] == ["how\u2028long?"]
