import json

import pytest

from rag.models import runtimes
from rag.models.machine import fast_bfloat16, fast_int8
from rag.models.runtimes import EXACT, RUNTIMES, choose, measure

SHA = "0" * 64


def test_the_choice_is_measured_once_and_remembered(tiny_sentence_bert, tmp_path):
    encoder, _ = choose(tiny_sentence_bert, runtime="auto", sha256=SHA, cache=tmp_path)
    (key,) = json.loads((tmp_path / "runtimes.json").read_text())
    other = next(name for name in RUNTIMES if name != encoder.name)
    (tmp_path / "runtimes.json").write_text(json.dumps({key: other}))

    again, _ = choose(tiny_sentence_bert, runtime="auto", sha256=SHA, cache=tmp_path)

    assert again.name == other


def test_other_weights_are_measured_anew(tiny_sentence_bert, tmp_path):
    choose(tiny_sentence_bert, runtime="auto", sha256=SHA, cache=tmp_path)
    choose(tiny_sentence_bert, runtime="auto", sha256="1" * 64, cache=tmp_path)

    assert len(json.loads((tmp_path / "runtimes.json").read_text())) == 2


def test_a_damaged_note_costs_a_measurement_only(tiny_sentence_bert, tmp_path):
    (tmp_path / "runtimes.json").write_text("{")

    encoder, _ = choose(tiny_sentence_bert, runtime="auto", sha256=SHA, cache=tmp_path)

    assert json.loads((tmp_path / "runtimes.json").read_text()).popitem()[1] == encoder.name


def test_a_named_runtime_is_not_measured(tiny_sentence_bert, tmp_path):
    encoder, _ = choose(tiny_sentence_bert, runtime="torch-int8", sha256=SHA, cache=tmp_path)

    assert encoder.name == "torch-int8"
    assert not (tmp_path / "runtimes.json").exists()


def test_only_what_the_processor_has_is_tried(tiny_sentence_bert):
    possible = {EXACT}
    possible |= {"torch-bfloat16"} if fast_bfloat16() else {"torch-int8"} if fast_int8() else set()

    assert measure(tiny_sentence_bert) in possible


def test_an_inexact_runtime_is_never_chosen(tiny_sentence_bert, monkeypatch):
    monkeypatch.setattr(runtimes, "_LEAST_COSINE", 1.1)

    assert measure(tiny_sentence_bert) == EXACT


@pytest.mark.parametrize(("gain", "chosen"), [(1.1, EXACT), (1.5, "torch-int8")])
def test_an_inexact_runtime_must_be_clearly_faster(tiny_sentence_bert, monkeypatch, gain, chosen):
    monkeypatch.setattr(runtimes, "_candidate", lambda _: "torch-int8")
    monkeypatch.setattr(runtimes, "_LEAST_COSINE", -1.0)
    monkeypatch.setattr(runtimes, "_seconds", lambda encoder, _: gain if encoder.name == EXACT else 1.0)

    assert measure(tiny_sentence_bert) == chosen


def test_measuring_leaves_the_threads_as_they_were(tiny_sentence_bert):
    import torch

    before = torch.get_num_threads()

    measure(tiny_sentence_bert)

    assert torch.get_num_threads() == before
