"""Further questions about passages of the published sets."""

import pytest

from rag.errors import InputError
from rag.training.examples.shapes import Paragraph, QuestionSet
from rag.training.readings.further import further, passage_hash, refused
from rag.training.sets.preparing import shipped_groups
from tests.rag.training.conftest import write_lines
from tests.rag.training.readings.test_negatives import Words
from tests.rag.training.sets.test_preparing import published

TOWER = "The tower was built in 1801. It was sold in 1901 to Anna Li."
KNOWN = [
    QuestionSet("lamps", "none", (Paragraph("lamps", "Lamp", "The lamp turns white."),), ()),
    QuestionSet("towns", "none", (Paragraph("hill", "", "A hill."), Paragraph("town", "Town", TOWER)), ()),
]


def line(question, answer, **more):
    return {"passage": passage_hash(TOWER), "question": question, "answer": answer, **more}


def test_each_question_is_of_the_set_that_holds_its_passage(tmp_path):
    lines = [line("Since when has it stood?", "1801"), line("Who built it?", None, unmet="built")]
    write_lines(tmp_path / "asked.jsonl", lines)
    (found,) = further(tmp_path / "asked.jsonl", KNOWN)
    assert found.about == "towns"
    assert found.questions.paragraphs == KNOWN[1].paragraphs
    (asked,) = found.questions.asked
    assert (asked.paragraph, asked.answers) == (1, ("1801",))
    assert TOWER[asked.answer.start : asked.answer.end] == "1801"
    ((question, place, words),) = found.impossible
    assert (question, place, question[words.start : words.end]) == ("Who built it?", 1, "built")


def test_what_is_impossible_is_refused_by_its_passage_and_says_which_words_lack(tmp_path):
    lines = [line("Who built it?", None, unmet="built"), line("Why was it sold?", None)]
    write_lines(tmp_path / "asked.jsonl", lines)
    first, second = refused(*further(tmp_path / "asked.jsonl", KNOWN), seed=1)
    (reading,) = first.readings
    assert reading.passage.endswith(TOWER)
    assert (reading.answer, reading.answers, reading.relevant) == (None, False, None)
    assert [first.question[span.start : span.end] for span in reading.unmet] == ["built"]
    assert second.readings[0].unmet is None
    assert first.article == "town"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"passage": "0123456789ab", "question": "Who?", "answer": None}, "0123456789ab.*lamps, towns"),
        (line("Who bought it?", "Anna Lee"), "'Anna Lee' of question 2.*does not stand"),
        ({"question": "Who?"}, "Line 2.*passage"),
        ({"text": "A lamp.", "title": "Lamp"}, "Line 2.*passage, question"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, wrong, said):
    write_lines(tmp_path / "asked.jsonl", [line("Why was it sold?", None), wrong])
    with pytest.raises(InputError, match=said):
        further(tmp_path / "asked.jsonl", KNOWN)


def test_they_are_learnt_beside_the_published_sets_and_held_out_with_their_articles(tmp_path):
    folder = published(tmp_path)
    texts = [f"The tower of {n} was built in {1800 + n}. It was sold in {1900 + n} to Anna Li." for n in range(40)]
    lines = [
        each
        for text in texts
        for each in (
            {"passage": passage_hash(text), "question": "Since when?", "answer": text[text.index("18") :][:4]},
            {"passage": passage_hash(text), "question": "Who painted it?", "answer": None, "unmet": "painted"},
        )
    ]
    write_lines(tmp_path / "asked.jsonl", lines)
    with_them = shipped_groups(folder, Words(), seed=1, kept=tmp_path / "kept", asked=[tmp_path / "asked.jsonl"])
    without = shipped_groups(folder, Words(), seed=1, kept=tmp_path / "kept")
    impossible = [group for group in with_them.train if group.question == "Who painted it?"]
    apart = [group for group in with_them.held_out if group.question == "Who painted it?"]
    # Each twice: once with its title and once without, as it may be; what is held out once.
    assert len(impossible) == 2 * (40 - len(apart))
    assert 0 < len(apart) < 40
    assert not {group.article for group in impossible} & {group.article for group in with_them.held_out}
    assert with_them.train[: len(without.train)] == without.train


def brought(n):
    text = f"The lamp of room {n} turns white when the door is open. Ask Team {n} for a key to the cupboard."
    place = passage_hash(text)
    return [
        {"article": f"house {n // 3}", "title": f"Room {n}", "text": text},
        {"passage": place, "question": f"shining while nobody shut it, {n}?", "answer": "turns white"},
        {"passage": place, "question": f"who painted number {n}?", "answer": None},
    ]


def test_a_file_may_bring_passages_of_its_own(tmp_path):
    path = tmp_path / "workplaces.jsonl"
    write_lines(path, [*brought(1), *brought(2), line("Since when has it stood?", "1801")])
    old, own = further(path, KNOWN)
    assert (old.about, own.about) == ("towns", "workplaces")
    assert [paragraph.title for paragraph in own.questions.paragraphs] == ["Room 1", "Room 2"]
    assert [asked.paragraph for asked in own.questions.asked] == [0, 1]
    assert [(question, place) for question, place, _ in own.impossible] == [
        ("who painted number 1?", 0),
        ("who painted number 2?", 1),
    ]


def test_passages_of_its_own_are_learnt_beside_others_of_their_article(tmp_path):
    path = tmp_path / "workplaces.jsonl"
    write_lines(path, [each for n in range(12) for each in brought(n)])
    data = published(tmp_path)
    groups = shipped_groups(data, Words(), seed=1, kept=tmp_path / "kept", asked=[path]).train
    own = [group for group in groups if group.origin.startswith("workplaces")]
    asked = [group for group in own if group.origin == "workplaces, further" and group.readings[0].answers]
    assert {group.article for group in own} == {f"house {n}" for n in range(4)}
    assert {group.question for group in asked} >= {f"shining while nobody shut it, {n}?" for n in range(12)}
    wrong = [reading for group in asked for reading in group.readings[1:] if "room" in reading.passage]
    assert wrong
    assert not any(reading.answers for reading in wrong)
    assert {group.question for group in own if group.origin.endswith("impossible")} == {
        f"who painted number {n}?" for n in range(12)
    }
    at_once = [group for group in own if group.origin == "workplaces, further, together"]
    assert {group.question for group in at_once} >= {f"who painted number {n}?" for n in range(12)}
    assert any(reading.passage.count("Team") > 1 for group in at_once for reading in group.readings)


def test_an_answer_in_whole_sentences_needs_no_short_one(tmp_path):
    lines = [
        line("Since when has it stood?", "1801", told="The tower was built in 1801."),
        {"passage": passage_hash(TOWER), "question": "what happened to it", "told": "It was sold in 1901."},
    ]
    write_lines(tmp_path / "asked.jsonl", lines)
    (found,) = further(tmp_path / "asked.jsonl", KNOWN)
    assert [(each.text, each.answers) for each in found.told] == [
        ("The tower was built in 1801.", ("1801",)),
        ("It was sold in 1901.", ()),
    ]
    assert [asked.question for asked in found.questions.asked] == ["Since when has it stood?"]
    assert found.impossible == ()
