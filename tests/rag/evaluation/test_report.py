import re

import pytest

from rag.errors import InputError
from rag.evaluation.compare import compare
from rag.evaluation.report import failures, groups, render_report, write_report
from tests.rag.evaluation.conftest import make_question, make_run
from tests.rag.evaluation.test_figures import answer

HOSTILE = '<script>alert("x")</script><img src=http://evil.example/a.png>'


def test_questions_are_grouped_by_number_of_relevant_documents():
    questions = [make_question(f"q{i}", 0.5, n_relevant=n) for i, n in enumerate((2, 10, 2))]
    counted = groups(questions, lambda question: str(len(question.relevant)))
    assert [(group.name, group.n) for group in counted] == [("2", 2), ("10", 1)]


def test_a_group_may_be_called_by_a_sign_that_is_no_number():
    questions = [make_question(name, 0.5, type_=name) for name in ("²", "1")]
    assert [group.name for group in groups(questions, lambda question: question.type)] == ["²", "1"]


def test_a_group_has_the_means_of_its_questions():
    questions = [make_question("a", 1.0, type_="x"), make_question("b", 0.0, type_="x"), make_question("c", 1.0)]
    means = {group.name: group.metrics["ndcg@10"] for group in groups(questions, lambda question: question.type)}
    assert means == {"": 1.0, "x": 0.5}


def test_failures_are_those_that_miss_a_document_worst_first():
    questions = [
        make_question("found", 0.2),
        make_question("half", 0.5, rank=None),
        make_question("none", 0.0, rank=None),
    ]
    assert [question.id for question in failures(questions)] == ["none", "half"]


def test_a_group_counts_its_failures():
    questions = [make_question("a", 0.0, rank=None), make_question("b", 1.0), make_question("c", 0.0, rank=None)]
    assert [(group.n, group.missed) for group in groups(questions, lambda question: question.type)] == [(3, 2)]


def test_questions_are_counted_by_hops_and_by_how_they_were_understood():
    known = [("a", 2, "chain"), ("b", 3, "single"), ("c", None, "")]
    questions = [
        make_question(name, 1.0).model_copy(update={"hops": hops, "understood": understood})
        for name, hops, understood in known
    ]
    html = render_report(make_run(questions))
    assert "By number of hops" in html
    assert [html.count(f"<td>{name}</td>") for name in ("2", "3", "not given")] == [1, 1, 1]
    assert "a thing described by another" in html
    assert "could not be asked" in html


def test_what_no_question_says_has_no_table():
    html = render_report(make_run([make_question("a", 1.0)]))
    assert "By number of relevant documents" in html
    assert "By number of hops" not in html
    assert "understood" not in html
    assert "By type of question" not in html


def test_hops_that_are_the_relevant_documents_stand_once():
    questions = [make_question(f"q{n}", 1.0, n_relevant=n).model_copy(update={"hops": n}) for n in (2, 3)]
    html = render_report(make_run(questions))
    assert "By number of hops" in html
    assert "By number of relevant documents" not in html


def test_a_mean_has_its_interval():
    html = render_report(make_run([make_question(f"q{n}", float(n % 2)) for n in range(100)]))
    assert "± 0.10" in html
    assert "±" not in render_report(make_run([make_question("a", 1.0)]))


def test_every_text_is_escaped():
    question = make_question("a", 0.0, rank=None, text=HOSTILE, type_=HOSTILE)
    before = make_run(
        [make_question("a", 1.0, text=HOSTILE)], dataset=HOSTILE, settings={HOSTILE: HOSTILE, "without": []}
    )
    run = make_run([question], dataset=HOSTILE, settings={HOSTILE: 1, "without": []})
    html = render_report(run, comparison=compare(before, run))
    assert "<script" not in html
    assert "<img" not in html
    assert html.count("&lt;script&gt;") >= 5


def test_nothing_is_loaded_from_anywhere():
    html = render_report(make_run([make_question("a", 0.0, rank=None)]))
    assert "default-src 'none'" in html
    assert not re.search(r"(?:src|href|url|@import)\s*[=(]", html)
    assert "//" not in html


def test_a_failure_shows_what_was_wanted_and_what_was_found():
    html = render_report(make_run([make_question("a", 0.0, rank=None), make_question("b", 1.0)]))
    assert "1 of 2 questions that have a relevant document miss one" in html
    assert "not found" in html
    assert "Wanted" in html


def test_the_comparison_stands_in_the_report_where_there_is_one():
    run = make_run([make_question("a", 1.0)])
    assert "Compared with the earlier run" not in render_report(run)
    assert "Compared with the earlier run" in render_report(run, comparison=compare(run, run))


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(InputError, match="nowhere"):
        write_report(make_run([make_question("a", 1.0)]), tmp_path / "nowhere" / "report.html")


def answered(name, probability, *, type_="", **facts):
    judged = answer(probability, **facts)
    return make_question(name, 1.0, text=f"question {name}", type_=type_).model_copy(update={"answer": judged})


def test_the_report_of_answers_has_the_plots_and_the_confident_mistakes_first():
    questions = [
        answered("sure", 0.9, type_="x"),
        answered("unsure", 0.6),
        answered("right", 0.8, right=True, type_="x"),
        answered("refused", 0.1, shown=False, answerable=False),
    ]
    html = render_report(make_run(questions, settings={"without": [], "answer.min_confidence": 0.5}))
    assert "Answers on small" in html
    assert html.count("<svg") == 3
    assert "Answers by type of question" in html
    mistakes = html[html.index("Wrong, and sure of it") : html.index("What was missed")]
    assert mistakes.index("question sure") < mistakes.index("question unsure")
    assert "question right" not in mistakes
    assert "2 answers are shown and wrong" in mistakes


def test_a_larger_distance_of_confidence_and_share_right_is_a_loss():
    settings = {"without": [], "answer.min_confidence": 0.5}
    before, after = (
        make_run([answered(f"q{n}", 0.9, right=right) for n in range(20)], settings=settings) for right in (True, False)
    )
    for first, second, shown in ((before, after, "bad"), (after, before, "good")):
        html = render_report(second, comparison=compare(first, second))
        assert re.search(rf'<td>ece</td>(?:<td class="number">[0-9.]+</td>){{2}}<td class="number {shown}">', html)


def test_questions_without_a_relevant_document_count_for_answers_only():
    unanswerable = answered("none", 0.7, answerable=False).model_copy(update={"metrics": {}, "relevant": {}})
    settings = {"without": [], "answer.min_confidence": 0.5}
    html = render_report(make_run([answered("a", 0.9, right=True), unanswerable], settings=settings))
    assert "0 of 1 questions that have a relevant document miss one" in html


def test_without_answers_there_is_no_part_about_them():
    assert "How well it is answered" not in render_report(make_run([make_question("a", 1.0)]))
