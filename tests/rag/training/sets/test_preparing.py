"""Parts of a training: what is learnt from and what measures."""

import gzip
import json
import tarfile

import pytest

from rag.errors import InputError
from rag.training.examples.shapes import Asked, Paragraph, QuestionSet
from rag.training.readings.further import passage_hash
from rag.training.readings.groups import Mixture
from rag.training.sets.preparing import Part, prepare, shipped_claims, shipped_groups, shipped_parts, some
from tests.rag.training.conftest import write_lines
from tests.rag.training.readings.test_negatives import Words

SECTION = "Hold the button until the lamp turns white and then let it go after 30 seconds. " * 4


def part(*, held_out, finding="mined"):
    paragraphs = tuple(Paragraph(f"article {n // 2}", f"Title {n // 2}", f"Text {n} about it.") for n in range(40))
    asked = tuple(Asked(f"What is in text {n}?", n) for n in range(40))
    return Part(QuestionSet("toy", "none", paragraphs, asked), Mixture(), finding, share=1.0, held_out=held_out)


def article(group):
    return int(group.readings[0].passage.rpartition("Text ")[2].split()[0]) // 2


@pytest.mark.parametrize("finding", ["mined", "neighbours"])
def test_whole_articles_are_held_out(finding):
    prepared = prepare([part(held_out=0.25, finding=finding)], Words(), seed=1)
    apart, learnt = ({article(group) for group in side} for side in (prepared.held_out, prepared.train))
    assert len(apart) == 5
    assert not apart & learnt
    assert len(apart | learnt) == 20


def test_nothing_is_held_out_where_nothing_should_be():
    assert prepare([part(held_out=0.0)], Words(), seed=1).held_out == ()


def test_mined_negatives_are_kept_for_a_training_that_goes_on(tmp_path):
    class Counting(Words):
        calls = 0

        def embed(self, texts, *, urgency="question"):
            type(self).calls += 1
            return super().embed(texts, urgency=urgency)

    first = prepare([part(held_out=0.25)], Counting(), seed=1, kept=tmp_path / "negatives")
    calls = Counting.calls
    assert calls > 0
    assert prepare([part(held_out=0.25)], Counting(), seed=1, kept=tmp_path / "negatives") == first
    assert Counting.calls == calls


def published(folder):
    """Write tiny files where the published sets lie."""
    squad = {
        "data": [
            {
                "title": f"Town_{n}",
                "paragraphs": [
                    {
                        "context": f"The tower of {n} was built in {1800 + n}. It was sold in {1900 + n} to Anna Li.",
                        "qas": [
                            {
                                "question": "When was the tower built?",
                                "answers": [{"text": f"{1800 + n}", "answer_start": 0}],
                            },
                            {"question": "When was it sold?", "answers": [{"text": f"{1900 + n}", "answer_start": 0}]},
                        ],
                    }
                ],
            }
            for n in range(40)
        ]
    }
    for name in ("squad1-train", "qa-mix", "support", "docs", "grounding"):
        (folder / name).mkdir(parents=True)
    (folder / "squad1-train" / "train.json.gz").write_bytes(gzip.compress(json.dumps(squad).encode()))
    line = {"question": "Which colour?", "title": "Lamp", "passage": SECTION, "answers": ["white"], "origin": "toy"}
    (folder / "qa-mix" / "train.jsonl.gz").write_bytes(gzip.compress(json.dumps(line).encode()))
    faq = {"question": "What is it?", "focus": "Lamp", "answer": SECTION}
    (folder / "support" / "medquad_faq.jsonl.gz").write_bytes(gzip.compress(json.dumps(faq).encode()))
    table = "instruction,category,intent,response\ncancel it,ORDER,cancel,We cancel it.\nbuy it,ORDER,buy,We sell it.\n"
    (folder / "support" / "bitext_customer_support.csv").write_text(table, encoding="utf-8")
    (folder / "docs" / "page.md").write_text(f"# Router\n\n## Resetting the device\n\n{SECTION}", encoding="utf-8")
    with tarfile.open(folder / "docs" / "more.tar.gz", "w:gz"):
        pass
    pairs = [{"source": SECTION, "claim": "It is red.", "label": "neutral", "origin": "toy"}] * 3
    write_lines(folder / "grounding" / "train.jsonl", pairs)
    return folder


def test_the_shipped_reader_learns_from_the_published_sets_and_from_judgements(tmp_path):
    prepared = shipped_groups(published(tmp_path), Words(), seed=1, kept=tmp_path / "negatives")
    assert {group.origin for group in prepared.train} >= {"squad1-train", "qa-mix", "bitext", "toy"}
    assert {group.origin.partition(",")[0] for group in prepared.held_out} == {"squad1-train"}
    judged = [group for group in prepared.train if group.question == "It is red."]
    assert len(judged) == 6
    assert {reading.answers for group in judged for reading in group.readings} == {False}


def test_a_portion_of_the_published_sets_is_whole_articles_with_their_questions():
    (whole,) = [part(held_out=0.0)]
    taken = some(whole.questions, 0.25, seed=1)
    assert some(whole.questions, 1.0, seed=1) is whole.questions
    assert some(whole.questions, 0.25, seed=1) == taken
    assert len({paragraph.article for paragraph in taken.paragraphs}) == 5
    assert len(taken.paragraphs) == len(taken.asked) == 10
    for asked in taken.asked:
        assert taken.paragraphs[asked.paragraph].text.removesuffix(" about it.") in asked.question.replace(
            "What is in text", "Text"
        ).replace("?", "")


def test_a_thorough_training_makes_groups_twice_and_measures_the_same_articles(tmp_path):
    folder = published(tmp_path)
    made = [
        shipped_groups(folder, Words(), seed=1, kept=tmp_path / f"negatives {thorough}", thorough=thorough)
        for thorough in (False, True)
    ]
    plain, thorough = ([group for group in each.train if group.origin == "squad1-train"] for each in made)
    assert len(thorough) > 1.5 * len(plain)
    most = max(len(group.readings) for group in thorough)
    assert most > max(len(group.readings) for group in plain)
    apart = [{group.article for group in each.held_out} for each in made]
    assert apart[0] == apart[1]
    assert not apart[1] & {group.article for group in made[1].train}


def test_a_smaller_portion_learns_from_fewer_judgements(tmp_path):
    prepared = shipped_groups(published(tmp_path), Words(), seed=1, kept=tmp_path / "negatives", portion=0.4)
    assert len([group for group in prepared.train if group.question == "It is red."]) == 2


def test_a_changed_passage_of_an_article_that_is_held_out_is_not_learnt_from(tmp_path):
    prepared = prepare(shipped_parts(published(tmp_path)), Words(), seed=1)
    apart = {group.article for group in prepared.held_out}
    assert any("contrasted" in group.origin for group in prepared.train)
    assert apart
    assert not apart & {group.article for group in prepared.train}


def test_the_shipped_verifier_learns_from_pairs_answers_and_sentences(tmp_path):
    prepared = shipped_claims(published(tmp_path), seed=1)
    everything = (*prepared.train, *prepared.held_out)
    assert len(prepared.held_out) == len(everything) // 10
    assert {claim.kind for claim in everything} >= {"toy", "answer", "other answer", "sentence", "number"}
    assert shipped_claims(tmp_path, seed=1) == prepared


@pytest.mark.parametrize("missing", ["squad1-train/train.json.gz", "support/bitext_customer_support.csv"])
def test_a_missing_part_is_named(tmp_path, missing):
    (published(tmp_path) / missing).unlink()
    with pytest.raises(InputError, match=missing.rpartition("/")[2].replace(".", r"\.")):
        shipped_parts(tmp_path)


def test_questions_about_documentation_are_read_where_its_headings_teach_the_order_alone(tmp_path):
    data = published(tmp_path)
    place = passage_hash(shipped_parts(data)[-1].questions.paragraphs[0].text)
    asked = [
        {"passage": place, "question": "Which colour says that it is done?", "answer": "white"},
        {"passage": place, "question": "Who made the lamp?", "answer": None},
    ]
    write_lines(tmp_path / "asked.jsonl", asked)
    prepared = shipped_groups(data, Words(), seed=1, kept=tmp_path / "negatives", asked=[tmp_path / "asked.jsonl"])
    found = {group.question: group.readings[0] for group in prepared.train if "headings, further" in group.origin}
    right, wrong = (found[each["question"]] for each in asked)
    assert right.answers
    assert right.passage[right.answer.start : right.answer.end] == "white"
    assert wrong.answers is False
