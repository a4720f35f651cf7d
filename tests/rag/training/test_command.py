"""``footnote train`` as it is typed, on toy data."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from rag.errors import InputError
from rag.models.weights import file_sha256
from rag.settings import load_settings
from rag.training import command
from rag.training.card import CARD, Source, Subject
from rag.training.ending import commands, decided, fresh
from rag.training.flow import _choices
from rag.training.job import Job, check
from rag.training.measuring.gate import Change
from rag.training.origins import Origin
from rag.training.runs import Choices, begin
from tests.rag.models.conftest import save_sentence_transformer
from tests.rag.training.conftest import save_reader, write_lines
from tests.rag.training.sets.test_preparing import published


def train(footnote, kind, toys, out, *more, status=1):
    arguments = (kind, "--data", toys / "codes", "--out", out, "--steps", 3, *more)
    return footnote(*arguments, status=status)


def test_a_reader_that_is_not_better_is_kept_as_lost_with_its_card_and_measured(footnote, toys, tiny, tmp_path):
    said = json.loads(train(footnote, "reader", toys, tmp_path / "new", "--from", tiny, "--json").out)
    lost = tmp_path / "new-lost"
    assert (said["wins"], said["folder"]) == (False, str(lost))
    assert not (tmp_path / "new").exists()
    assert said["figures"]["reciprocal rank"]["before"] > 0.5
    assert said["held_out"] > 0
    card = (lost / CARD).read_text(encoding="utf-8")
    assert said["sha256"] in card
    assert "It lost." in card
    assert "--steps 3" in card
    assert str(tmp_path) not in card

    # The same once more goes on from its checkpoint, which is complete, and makes the same weights.
    again = json.loads(train(footnote, "reader", toys, tmp_path / "new", "--from", tiny, "--json").out)
    assert again["sha256"] == said["sha256"]

    queries = [{"_id": "q", "text": "Which code?", "metadata": {"passage": "d0", "answers": ["amber"]}}]
    shutil.copytree(toys / "codes", tmp_path / "asked")
    write_lines(tmp_path / "asked" / "queries.jsonl", queries)
    (tmp_path / "asked" / "qrels" / "test.tsv").write_text("q\td0\t1\n")
    measured = json.loads(footnote("measure", "reader", lost, "--data", tmp_path / "asked", "--json").out)
    assert measured["sets"]["asked"]["answerable"] == 1
    assert "exact_match" in footnote("measure", "reader", lost, "--data", tmp_path / "asked").out


def test_people_are_told_why_a_verifier_lost(footnote, toys, tiny, tmp_path):
    printed = train(footnote, "verifier", toys, tmp_path / "new", "--from", tiny).out
    assert "auroc" in printed
    assert "The new verifier loses." in printed
    pairs = [
        {"source": "It is red.", "claim": claim, "label": label, "origin": "toy"}
        for claim, label in (("It is red.", "entailment"), ("A whale eats krill.", "neutral"))
    ]
    path = write_lines(tmp_path / "pairs.jsonl", pairs)
    arguments = ("--data", path, "--data", toys / "codes", "--json")
    for model in (tmp_path / "new-lost", "bundled:agreement"):
        sets = json.loads(footnote("measure", "verifier", model, *arguments).out)["sets"]
        assert sets["pairs.jsonl"]["claims"] == 2
        assert sets["codes"]["probes"] > 4
        assert ("model alone: auroc" in sets["codes"]) == (model != "bundled:agreement")
    assert sets["pairs.jsonl"]["auroc"] == 1.0


def test_an_embedding_must_find_more_than_the_one_before(footnote, toys, tmp_path, monkeypatch):
    # The reader puts what either of the toys finds in the right order.
    monkeypatch.setenv("FOOTNOTE_MODELS__RERANKER", "bundled:late-interaction")
    base = save_sentence_transformer(tmp_path / "base", normalized=True, max_tokens=256)
    said = json.loads(train(footnote, "embedding", toys, tmp_path / "new", "--from", base, "--json").out)
    assert said["wins"] is False
    # It is measured against the one that it began with, as if the settings had it.
    monkeypatch.setenv("FOOTNOTE_MODELS__EMBEDDING", str(base))
    own = json.loads(train(footnote, "embedding", toys, tmp_path / "own", "--json").out)
    assert own["figures"] == said["figures"]
    assert (tmp_path / "new-lost" / "modules.json").is_file()
    assert "| codes | the team's own |" in (tmp_path / "new-lost" / CARD).read_text(encoding="utf-8")


def test_a_labelled_set_is_learnt_beside_a_portion_of_the_published_ones(footnote, toys, tiny, tmp_path):
    arguments = ("--data", published(tmp_path / "published"), "--shipped", "--portion", 0.9, "--with", toys / "codes")
    out = ("--out", tmp_path / "new", "--steps", 2, "--from", tiny, "--checkpoints", tmp_path / "checkpoints")
    footnote("reader", *arguments, *out, status=None)
    card = next(tmp_path.glob("new*/MODEL_CARD.md")).read_text(encoding="utf-8")
    assert "codes" in card
    assert "squad1-train" in card
    assert "--shipped --portion 0.9 --with codes" in card


@pytest.mark.parametrize("kind", ["writer", "verifier"])
def test_what_learns_from_all_of_the_published_sets_refuses_a_portion_of_them(footnote, tmp_path, kind):
    given = ("--data", published(tmp_path / "published"), "--shipped", "--portion", 0.5, "--out", tmp_path / "new")
    said = footnote(kind, *given, status=2).err
    assert "0.5" in said
    assert "Leave --portion out" in " ".join(said.split())
    assert not list(tmp_path.glob("new*"))


def test_a_model_must_beat_the_one_in_use(footnote, toys, tiny, tmp_path, monkeypatch):
    save_reader(tiny, tmp_path / "mine")
    monkeypatch.setenv("FOOTNOTE_MODELS__RERANKER", str(tmp_path / "mine"))
    # Small batches: the shipped reader is large, and how much it learns here is not asked.
    arguments = (tmp_path / "new", "--batch-tokens", 400, "--json")
    said = json.loads(train(footnote, "reader", toys, *arguments, status=None).out)
    assert said["figures"]["f1"]["before"] < 0.3 < said["figures"]["f1"]["after"]
    card = (Path(said["folder"]) / CARD).read_text(encoding="utf-8")
    assert "`bundled:reader`" in card
    assert "| compared with | mine |" in card


def test_a_model_that_is_read_is_not_overwritten(footnote, toys, tiny, tmp_path, monkeypatch):
    lost = fresh(tmp_path / "new-lost")
    save_reader(tiny, lost)
    assert "would be overwritten" in train(footnote, "reader", toys, tmp_path / "new", "--from", lost, status=2).err
    monkeypatch.setenv("FOOTNOTE_MODELS__RERANKER", str(lost))
    assert "would be overwritten" in train(footnote, "verifier", toys, tmp_path / "new", status=2).err
    assert (lost / "model.safetensors").is_file()


def test_a_folder_is_named_from_where_one_stands(footnote, toys, tiny, tmp_path, monkeypatch):
    (tmp_path / "new").mkdir()
    monkeypatch.chdir(tmp_path / "new")
    said = json.loads(train(footnote, "reader", toys, ".", "--from", tiny, "--json").out)
    assert said["folder"] == str(tmp_path / "new-lost")


def test_sets_of_one_name_are_told_apart(footnote, tmp_path):
    pairs = [{"source": "It is red.", "claim": "It is red.", "label": "entailment", "origin": "toy"}] * 2
    pairs[1] = {**pairs[1], "claim": "A whale eats krill.", "label": "neutral"}
    paths = [write_lines(tmp_path / name, pairs) for name in ("a/pairs.jsonl", "b/pairs.jsonl", "other.jsonl")]
    options = [option for path in paths for option in ("--data", path)]
    sets = json.loads(footnote("measure", "verifier", "bundled:agreement", *options, "--json").out)["sets"]
    assert list(sets) == [str(paths[0]), str(paths[1]), "other.jsonl"]


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("embedding", ["--shipped"]),
        ("reader", ["--from", "bundled:nothing"]),
        ("reader", ["--with", "codes"]),
        ("verifier", ["--shipped", "--with", "codes"]),
    ],
)
def test_what_cannot_be_trained_is_said_before_any_work(footnote, toys, tmp_path, kind, more):
    status = 1 if "bundled:nothing" in more else 2
    assert "Error: " in train(footnote, kind, toys, tmp_path / "new", *more, status=status).err
    assert not (tmp_path / "new-lost").exists()


def test_a_folder_with_something_in_it_is_not_written_to(footnote, toys, tmp_path):
    for name, hint in (("new", "already"), ("new-lost", "in the way")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine.txt").write_text("mine")
        assert hint in train(footnote, "reader", toys, tmp_path / "new", status=2).err
        shutil.rmtree(tmp_path / name)


def test_the_built_in_reranker_is_no_reader(footnote, toys):
    printed = footnote("measure", "reader", "bundled:late-interaction", "--data", toys / "codes", status=2)
    assert "is no reader" in printed.err


def test_missing_packages_are_named(monkeypatch):
    monkeypatch.setattr(command, "_PACKAGES", ("json", "no_such_package_here"))
    with pytest.raises(InputError, match="no_such_package_here, which is not installed") as caught:
        command._require_packages()
    assert "footnote[train]" in caught.value.hint


BASE = Origin("base", "ab", Path("base"))


def job(tmp_path):
    settings = load_settings(home=tmp_path / "home", env={})
    return Job("reader", tmp_path / "codes", False, tmp_path / "new", None, 3, 0.1, 7, tmp_path / "c", settings)


def subject():
    sources = (Source("codes", "own", 3),)
    return Subject("reader", (BASE,), sources, {"steps": 3, "learning rate": 0.1}, (), "cd")


def test_batch_and_dropout_are_chosen_and_stand_on_the_card(tmp_path):
    plain = job(tmp_path)
    assert (_choices(plain, BASE, (), begun=False).batch_tokens, plain.dropout) == (2500, 0.0)
    assert _choices(replace(plain, shipped=True), BASE, (), begun=False).batch_tokens == 5000
    asked = replace(plain, batch_tokens=64000, dropout=0.1)
    chosen = _choices(asked, BASE, (), begun=False)
    assert (chosen.batch_tokens, chosen.dropout) == (64000, 0.1)
    assert "--batch-tokens 64000 --dropout 0.1 --seed" in commands(asked, subject())[0]
    assert "dropout" not in commands(plain, subject())[0]
    for refused in (replace(asked, batch_tokens=0), replace(asked, dropout=0.0)):
        with pytest.raises(InputError, match="the embedding is trained by its library"):
            check(replace(refused, kind="embedding"))


def test_the_share_of_the_beginning_is_chosen_and_stands_on_the_card(footnote, toys, tiny, tmp_path):
    save_reader(tiny, tmp_path / "mine")
    out = ("--from", tmp_path / "mine", "--base-share", 0.25)
    train(footnote, "reader", toys, tmp_path / "new", *out, status=None)
    card = next(tmp_path.glob("new*/MODEL_CARD.md")).read_text(encoding="utf-8")
    assert "| weights | the mean, 0.25 to 0.75, of those begun with and those trained |" in card
    assert " --from mine --steps 3 " in card
    assert " --base-share 0.25 --seed" in card
    said = train(footnote, "reader", toys, tmp_path / "other", "--from", tiny, "--base-share", 0.25, status=2).err
    assert "is no model of our own" in " ".join(said.split())
    with pytest.raises(InputError, match="the embedding is trained by its library"):
        check(replace(job(tmp_path), kind="embedding", base_share=0.0))


def test_teachers_stand_on_the_card(footnote, toys, tiny, tmp_path):
    for seed, name in enumerate(("first", "second")):
        save_reader(tiny, tmp_path / name, seed=seed)
    teachers = ("--teacher", tmp_path / "first", "--teacher", tmp_path / "second")
    said = []
    for out, more in (("alone", ()), ("taught", teachers)):
        arguments = (tmp_path / out, "--from", tiny, "--json", *more)
        said.append(json.loads(train(footnote, "reader", toys, *arguments, status=None).out))
    assert said[0]["sha256"] != said[1]["sha256"]
    card = (Path(said[1]["folder"]) / CARD).read_text(encoding="utf-8")
    for name in ("first", "second"):
        assert f"| `{name}` | `{file_sha256(tmp_path / name / 'model.safetensors')}` |" in card
    assert "| share of the teachers | 0.7 |" in card
    assert " --teacher first --teacher second --teacher-share 0.7 --steps 3" in card
    assert "Taught by" not in (Path(said[0]["folder"]) / CARD).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "more", "why"),
    [
        ("verifier", ("--teacher", "bundled:verifier"), "Only a reader has teachers; 'bundled:verifier'"),
        ("reader", ("--teacher-share", "0.5"), "none is named"),
        ("reader", ("--teacher", "bundled:verifier"), "expected a model of the kind 'reader'"),
        ("reader", ("--teacher", "bundled:late-interaction"), "has no weights"),
    ],
)
def test_who_cannot_teach_is_said_before_any_work(footnote, toys, tmp_path, kind, more, why):
    said = train(footnote, kind, toys, tmp_path / "new", *more, status=None).err
    assert why in " ".join(said.split())
    assert not list(tmp_path.glob("new*"))


def test_a_teacher_must_read_what_its_pupil_reads(footnote, toys, tiny, tmp_path):
    save_reader(tiny, tmp_path / "other")
    tokenizer = json.loads((tmp_path / "other" / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer["normalizer"]["lowercase"] = False
    (tmp_path / "other" / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    said = train(footnote, "reader", toys, tmp_path / "new", "--from", tiny, "--teacher", tmp_path / "other").err
    assert f"tokenizer of 'other' is not that of '{tiny.name}'" in " ".join(said.split())


def test_only_the_shipped_reader_learns_thoroughly(tmp_path):
    asked = replace(job(tmp_path), thorough=True)
    assert "--shipped --thorough --steps 3" in commands(replace(asked, shipped=True), subject())[0]
    for refused in (asked, replace(asked, shipped=True, kind="verifier")):
        with pytest.raises(InputError, match="Only the reader learns thoroughly"):
            check(refused)


@pytest.mark.parametrize("exists", [False, True])
def test_a_winner_takes_its_place(tmp_path, exists):
    if exists:
        (tmp_path / "new").mkdir()
    fresh(tmp_path / "new-lost")
    outcome = decided(job(tmp_path), subject(), (Change("f1", 0.5, 0.6, 0.05, 0.15, 90),), 3, 4)
    assert outcome.verdict.wins
    assert outcome.folder == tmp_path / "new"
    assert "It wins." in (tmp_path / "new" / CARD).read_text(encoding="utf-8")
    assert not (tmp_path / "new-lost").exists()


def test_an_earlier_loser_makes_way(tmp_path):
    folder = fresh(tmp_path / "new-lost")
    (folder / "old.txt").write_text("old")
    assert [path.name for path in fresh(folder).iterdir()] == [CARD]


def test_a_training_begins_with_the_heads_of_its_base(tiny, tmp_path):
    network = save_reader(tiny, tmp_path / "reader")
    choices = Choices(tmp_path / "reader", "ab", 3, 0.1, 7, 100, tmp_path)
    begun = begin("reader", choices).state_dict()
    for name, tensor in network.state_dict().items():
        assert torch.allclose(begun[name], tensor, atol=2e-3), name
    # From an encoder alone the heads are random, the same for a seed.
    one, other = (begin("reader", replace(choices, base=tiny)).state_dict()["judge.weight"] for _ in range(2))
    assert torch.equal(one, other)
    assert not torch.allclose(one, begun["judge.weight"], atol=1e-3)
