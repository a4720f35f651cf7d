import pytest

from rag.errors import InputError
from rag.evaluation.compare import compare, read_run, save_run
from tests.rag.evaluation.conftest import make_question, make_run
from tests.rag.evaluation.test_figures import answer


def by_metric(comparison):
    return {row.metric: row for row in comparison.differences}


def test_a_difference_has_means_and_counts():
    before = make_run([make_question("a", 0.0), make_question("b", 0.5), make_question("c", 1.0)])
    after = make_run([make_question("a", 1.0), make_question("b", 0.5), make_question("c", 0.5)])
    row = by_metric(compare(before, after))["ndcg@10"]
    assert (row.before, row.after) == (pytest.approx(0.5), pytest.approx(2 / 3))
    assert (row.better, row.worse) == (1, 1)
    assert row.low < row.change < row.high
    assert not row.sure


def test_a_gain_in_nearly_every_question_is_sure():
    before = make_run([make_question(f"q{i}", 0.2) for i in range(30)])
    after = make_run([make_question(f"q{i}", 0.2 if i == 0 else 0.6) for i in range(30)])
    row = by_metric(compare(before, after))["mrr@10"]
    assert row.sure
    assert 0.3 < row.low < row.high <= 0.4 + 1e-9


def test_a_run_does_not_differ_from_itself():
    run = make_run([make_question("a", 0.3), make_question("b", 0.9)])
    comparison = compare(run, run)
    assert comparison.changes == ()
    assert all((row.low, row.high, row.sure) == (0.0, 0.0, False) for row in comparison.differences)


def test_questions_are_paired_by_id_not_by_place():
    before = make_run([make_question("a", 0.0), make_question("b", 1.0)])
    after = make_run([make_question("b", 1.0), make_question("a", 0.0)])
    assert compare(before, after).changes == ()


def test_the_largest_change_comes_first_with_ranks():
    before = make_run([make_question("a", 0.5, rank=2), make_question("b", 0.0, rank=None)])
    after = make_run([make_question("a", 0.4, rank=3), make_question("b", 1.0, rank=1)])
    changes = compare(before, after).changes
    assert [change.id for change in changes] == ["b", "a"]
    assert (changes[0].ranks_before, changes[0].ranks_after) == ({"d0": None}, {"d0": 1})


def test_questions_of_one_run_only_are_counted_and_left_out():
    before = make_run([make_question("a", 0.5), make_question("b", 0.0)])
    after = make_run([make_question("b", 0.0), make_question("c", 1.0)])
    comparison = compare(before, after)
    assert (comparison.n_shared, comparison.n_left_out) == (1, 2)


def test_other_settings_are_named():
    before = make_run([make_question("a", 0.5)], settings={"graph.limit": 20, "without": []})
    after = make_run([make_question("a", 0.5)], settings={"graph.limit": 20, "without": ["graph"]})
    assert compare(before, after).settings == {"without": ([], ["graph"])}


def test_runs_that_share_nothing_are_refused():
    with pytest.raises(InputError, match="share no question"):
        compare(make_run([make_question("a", 0.5)]), make_run([make_question("b", 0.5)]))


def test_a_saved_run_is_read_as_it_was(tmp_path):
    run = make_run([make_question("a", 0.5)])
    save_run(run, tmp_path / "run.json")
    assert read_run(tmp_path / "run.json", "small") == run


def test_a_run_that_cannot_be_saved_whole_leaves_the_one_before(tmp_path):
    resource = pytest.importorskip("resource")
    earlier = make_run([make_question("a", 0.5)])
    save_run(earlier, tmp_path / "run.json")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, hard))
    try:
        with pytest.raises(InputError, match="cannot be saved"):
            save_run(make_run([make_question("a", 0.9)]), tmp_path / "run.json")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert read_run(tmp_path / "run.json") == earlier
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]


def test_a_run_of_another_set_is_refused(tmp_path):
    save_run(make_run([make_question("a", 0.5)]), tmp_path / "run.json")
    with pytest.raises(InputError, match="'small', not of 'other'"):
        read_run(tmp_path / "run.json", "other")


@pytest.mark.parametrize("text", ["", "{}", '{"summary": 1}'])
def test_another_file_is_no_run(tmp_path, text):
    (tmp_path / "run.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="no saved run"):
        read_run(tmp_path / "run.json", "small")


def test_a_missing_run_is_named(tmp_path):
    with pytest.raises(InputError, match=r"run\.json"):
        read_run(tmp_path / "run.json", "small")


def answers(n_right, n):
    return [
        make_question(f"q{i}", 0.5).model_copy(update={"answer": answer(0.9 - i / 100, right=i < n_right)})
        for i in range(n)
    ]


def test_answers_are_compared_by_every_figure_that_both_runs_give():
    rows = by_metric(compare(make_run(answers(4, 20)), make_run(answers(16, 20))))
    row = rows["selective_accuracy"]
    assert (row.before, row.after, row.better, row.worse) == (0.2, 0.8, 12, 0)
    assert row.sure
    assert row.low < 0.6 < row.high
    assert "f1" not in rows


def test_runs_without_answers_are_compared_by_what_is_found():
    rows = by_metric(compare(make_run(answers(4, 20)), make_run([make_question(f"q{i}", 0.5) for i in range(20)])))
    assert "selective_accuracy" not in rows
    assert "ndcg@10" in rows
