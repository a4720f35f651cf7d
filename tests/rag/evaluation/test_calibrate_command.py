"""The command that fits and shows a calibration."""

import json

import pytest

from rag.cli import app
from rag.confidence import read_calibration, shipped
from rag.errors import InputError
from rag.evaluation.compare import save_run
from rag.evaluation.records import ModelRecord
from tests.rag.evaluation.conftest import make_question, make_run
from tests.rag.evaluation.test_calibrate import made
from tests.rag.evaluation.test_figures import answer


@pytest.fixture
def footnote(capsys):
    def run(*arguments):
        app([str(each) for each in arguments], standalone_mode=False)
        return capsys.readouterr().out

    return run


def saved(path, n, *, model="m", name="set"):
    questions = []
    for i, sample in enumerate(made(n)):
        judged = answer(0.5, right=sample.right, answerable=sample.answerable)
        judged = judged.model_copy(update={"signals": dict(sample.signals)})
        questions.append(make_question(f"q{i}", 1.0).model_copy(update={"answer": judged, "group": sample.group}))
    run = make_run(questions, dataset=name)
    models = {"embedding": ModelRecord(ref=model, sha256="ab")}
    save_run(run.model_copy(update={"summary": run.summary.model_copy(update={"models": models})}), path)
    return path


def test_a_saved_run_is_fitted_into_the_home_and_shown(footnote, tmp_path):
    run, home = saved(tmp_path / "run.json", 100), tmp_path / "home"
    home.mkdir()
    assert "Answers like this one were right" in footnote("calibrate", run, "--home", home)
    assert read_calibration(home / "calibration.json").n_questions == 100
    shown = json.loads(footnote("calibrate", "show", "--home", home, "--json"))
    assert shown["ref"].startswith("home:calibration/")
    assert shown["models"] == {"embedding": "m ab"}


def test_a_second_fit_does_not_build_on_the_first(footnote, tmp_path):
    run, home = saved(tmp_path / "run.json", 100), tmp_path / "home"
    home.mkdir()
    footnote("calibrate", run, "--home", home)
    first = read_calibration(home / "calibration.json")
    footnote("calibrate", run, "--home", home)
    again = read_calibration(home / "calibration.json")
    assert again.facts["method"] == f"scale of {shipped().use.ref} refitted"
    assert again.curves == first.curves


def test_a_damaged_calibration_is_made_anew(footnote, tmp_path):
    (tmp_path / "calibration.json").write_text("{", encoding="utf-8")
    footnote("calibrate", saved(tmp_path / "run.json", 100), "--home", tmp_path)
    assert read_calibration(tmp_path / "calibration.json").n_questions == 100


def test_without_one_of_the_home_the_shipped_one_is_shown(footnote, tmp_path):
    shown = json.loads(footnote("calibrate", "show", "--home", tmp_path, "--json"))
    assert shown["sha256"] == shipped().use.sha256


def test_a_calibration_that_names_no_sets_is_shown(footnote, tmp_path):
    facts = {name: value for name, value in shipped().facts.items() if name != "sets"}
    (tmp_path / "calibration.json").write_text(json.dumps(facts), encoding="utf-8")
    assert "Answers like this one were right" in footnote("calibrate", "show", "--home", tmp_path)


def test_too_few_labels_write_nothing(footnote, tmp_path):
    with pytest.raises(InputError, match="nothing was written"):
        footnote("calibrate", saved(tmp_path / "run.json", 20), "--out", tmp_path / "out.json")
    assert not (tmp_path / "out.json").exists()


def test_runs_of_other_models_do_not_mix(footnote, tmp_path):
    runs = saved(tmp_path / "a.json", 80), saved(tmp_path / "b.json", 80, model="other", name="b")
    with pytest.raises(InputError, match="two models"):
        footnote("calibrate", *runs, "--out", tmp_path / "out.json")


def test_the_same_questions_count_once(footnote, tmp_path):
    run = saved(tmp_path / "run.json", 40)
    with pytest.raises(InputError, match="'q0' of 'set' is in 2"):
        footnote("calibrate", run, run, "--out", tmp_path / "out.json")
    assert not (tmp_path / "out.json").exists()


def test_a_set_that_is_not_there_cannot_be_halved(footnote, tmp_path):
    with pytest.raises(InputError, match="'moon'"):
        footnote("calibrate", saved(tmp_path / "a.json", 80), "--halve", "moon", "--out", tmp_path / "out.json")


def test_a_folder_to_write_to_is_refused_before_the_work(footnote, tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        footnote("calibrate", tmp_path / "not-even-a-run.json", "--out", tmp_path)
    assert not list(tmp_path.parent.glob("*.part"))
