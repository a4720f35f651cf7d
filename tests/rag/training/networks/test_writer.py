"""The writer's network learns which sentences and words an answer is made of, and the model gives what was learnt."""

import shutil

import pytest
import torch

from rag.errors import InputError, ModelError
from rag.models.generation import load_generator
from rag.models.pairs import Pair
from rag.models.writer import WriterModel
from rag.models.writer_input import WriterTokens
from rag.protocols import Excerpt
from rag.sentences import Span
from rag.settings import load_settings
from rag.training import runs
from rag.training.card import CARD
from rag.training.flow import train
from rag.training.job import Job
from rag.training.measuring.scores import scores
from rag.training.networks.export import export
from rag.training.networks.packing import UNKNOWN, encoded_writing
from rag.training.networks.writer import WriterNetwork, collate
from rag.training.readings.further import passage_hash
from rag.training.runs import Choices
from rag.training.sets.writings import PreparedWritings, shipped_writings
from rag.training.writings.given import Writing
from rag.types import ModelUse
from tests.rag.training.conftest import CODES, TOWNS, write_lines
from tests.rag.training.measuring.test_written import labelled
from tests.rag.training.sets.test_preparing import published

USE = ModelUse("test:writer", "")


def codes(n):
    """Writings about the code words of stations, every other one without an answer."""
    made = []
    for place in range(n):
        town, code, other = TOWNS[place % 12], CODES[(place * 5) % 12], TOWNS[(place + 3) % 12]
        told = f"The station of {town} has the code word {code} (since {1900 + place}), which nobody knows."
        asked = f"What is the code word of {town}?"
        target = f"The station of {town} has the code word {code}."
        made.append(Writing(asked, (Excerpt(town, (f"The roof of {town} is old.", told)),), target, "toy", town))
        made.append(Writing(asked, (Excerpt(other, (f"The roof of {other} is new.",)),), "", "toy", town))
    return made


@pytest.fixture(scope="module")
def learnt(tiny, tmp_path_factory):
    """A tiny writer that was trained on a handful of writings until it knew them."""
    root = tmp_path_factory.mktemp("learnt")
    some = codes(4)
    choices = Choices(tiny, "0", 110, 4e-3, 1, 2000, root / "checkpoints")
    trained = runs.train(
        PreparedWritings(tuple(some), tuple(some)), choices, root / "model", on_progress=lambda *_: None
    )
    return root / "model", some, trained


def test_it_chooses_and_shortens_as_it_has_learnt(learnt):
    folder, some, trained = learnt
    assert trained.along[-1][1] < 0.25 * trained.along[0][1]
    writer = WriterModel(folder, use=USE, threads=1)
    written = [" ".join(writer.write(w.question, w.excerpts, max_tokens=40)) for w in some]
    right = sum(one == w.target for one, w in zip(written, some, strict=True))
    assert right >= 7, written


def test_what_may_be_the_answer_is_never_left_out(learnt):
    folder, some, _ = learnt
    writer = WriterModel(folder, use=USE, threads=1)
    asked = next(each for each in some if each.target)
    told = asked.excerpts[0].sentences[1]
    year = told.index("19")
    marked = asked.excerpts[0]._replace(phrases=((), (Span(year, year + 4),)))
    written = {
        name: " ".join(writer.write(asked.question, [excerpt], max_tokens=40))
        for name, excerpt in (("plain", asked.excerpts[0]), ("marked", marked))
    }
    assert "(since" not in written["plain"]
    assert told[year : year + 4] in written["marked"]
    assert "nobody" not in written["marked"]


def test_the_model_that_answers_says_what_the_network_says(tiny, tmp_path, tokenizer):
    network = WriterNetwork(tiny)
    # As different as trained weights, so that a wrong place shows.
    with torch.no_grad():
        for weight in network.parameters():
            weight.add_(torch.randn(weight.shape, generator=torch.Generator().manual_seed(1)) * 0.02)
    export(network, tiny, tmp_path / "m", kind="writer", max_tokens=200)
    model = WriterModel(tmp_path / "m", use=USE, threads=1)
    rows = [encoded_writing(each, WriterTokens(tokenizer, max_tokens=200)) for each in codes(2)]
    with torch.inference_mode():
        learnt = network(**collate([[row] for row in rows]))
        states = model._model.states([Pair(row.ids, row.n_first, (), (), "") for row in rows])
        for name in ("used", "kept"):
            answered = torch.cat([model._model.head(name, each)[:, 0] for each in states])
            torch.testing.assert_close(learnt[name], answered, rtol=0.08, atol=3e-2)


def test_every_weight_learns(tiny, tokenizer):
    network = WriterNetwork(tiny)
    tokens = WriterTokens(tokenizer, max_tokens=200)
    network(**collate([[encoded_writing(each, tokens)] for each in codes(3)]))["loss"].backward()
    still = [name for name, weight in network.named_parameters() if weight.grad is None or not weight.grad.any()]
    # A key's bias shifts all scores of a query alike and never learns.
    assert [name for name in still if not name.endswith("key.bias")] == []


def test_the_words_that_an_answer_keeps_are_marked_and_no_others(tokenizer):
    (writing, refused) = codes(1)
    tokens = WriterTokens(tokenizer, max_tokens=200)
    read, row = tokens.read(writing.question, writing.excerpts), encoded_writing(writing, tokens)
    first, second = read.sentences
    assert (row.used[first.mark], row.used[second.mark]) == (0, 1)
    assert set(row.kept[first.mark : second.mark]) == {UNKNOWN}
    text = writing.excerpts[0].sentences[1]
    labels = row.kept[second.mark + 1 :]
    told = {
        text[start:end]: label for (start, end), label in zip(second.offsets, labels, strict=False) if label != UNKNOWN
    }
    assert all(told[word] == 1 for word in told if word in "The station of has the code word")
    assert any(label == 0 for word, label in told.items() if word in "which nobody knows since")
    # Without an answer no sentence is used.
    assert {label for label in encoded_writing(refused, tokens).used if label != UNKNOWN} == {0}


def test_sentences_that_do_not_fit_are_left_out(tokenizer):
    tokens = WriterTokens(tokenizer, max_tokens=40)
    read = tokens.read("who is it", [Excerpt("Old", ("One is here.",)), Excerpt("New", ("Two is " * 30, "It is."))])
    assert len(read.ids) <= 40
    assert [(each.excerpt, each.number) for each in read.sentences] == [(0, 0), (1, 1)]
    assert all(each.mark + len(each.offsets) < len(read.ids) for each in read.sentences)


def test_a_stopped_training_goes_on(tiny, tmp_path):
    some = PreparedWritings(tuple(codes(12)), tuple(codes(2)))

    def run(name, steps, prepared=some):
        choices = Choices(tiny, "0", steps, 1e-3, 1, 600, tmp_path / "one")
        told = []
        trained = runs.train(prepared, choices, tmp_path / name, on_progress=lambda *step: told.append(step))
        return trained, told

    run("first", 4)
    trained, told = run("on", 8)
    assert told[0] == (4, 8)
    assert trained.along[-1][0] == 8
    # Other writings are another training.
    assert run("other", 4, PreparedWritings(tuple(codes(11)), tuple(codes(2))))[1][0] == (0, 4)


def test_a_training_from_written_answers_ends_with_a_card(tiny, tmp_path):
    data = published(tmp_path / "data")
    texts = [f"The tower of {n} was built in {1800 + n}. It was sold in {1900 + n} to Anna Li." for n in range(40)]
    lines = [
        {"passage": passage_hash(text), "question": "Since when?", "told": f"The tower was built in {1800 + n}."}
        for n, text in enumerate(texts)
    ]
    write_lines(tmp_path / "asked.jsonl", lines)
    prepared = shipped_writings(data, seed=1, asked=[tmp_path / "asked.jsonl"])
    assert len(prepared.train) + len(prepared.held_out) == 2 * len(lines)
    assert not {w.article for w in prepared.train} & {w.article for w in prepared.held_out}
    settings = load_settings(home=tmp_path / "home")
    job = Job(
        "writer",
        data,
        True,
        tmp_path / "out",
        str(tiny),
        3,
        1e-3,
        1,
        tmp_path / "checkpoints",
        settings,
        beside=(tmp_path / "asked.jsonl",),
    )
    outcome = train(job, on_progress=lambda *_: None)
    assert {"token f1", "rouge-l", "supported sentences"} <= {change.figure for change in outcome.changes}
    card = (outcome.folder / CARD).read_text(encoding="utf-8")
    assert "supported sentences" in card
    assert "squad1-train" in card
    assert load_generator(str(outcome.folder), cache=tmp_path).use.sha256 == outcome.sha256


def test_without_a_written_answer_there_is_nothing_to_learn(tiny, tmp_path):
    settings = load_settings(home=tmp_path / "home")
    data = published(tmp_path / "data")
    job = Job("writer", data, True, tmp_path / "out", str(tiny), 3, 0.0, 1, tmp_path / "c", settings)
    with pytest.raises(InputError, match=r"No answer in whole sentences.*--with"):
        train(job, on_progress=lambda *_: None)


def test_a_team_s_questions_are_too_few_for_a_writer(tiny, tmp_path):
    settings = load_settings(home=tmp_path / "home")
    job = Job("writer", tmp_path, False, tmp_path / "out", str(tiny), 3, 0.0, 1, tmp_path / "c", settings)
    with pytest.raises(InputError, match="more questions than a team has"):
        train(job, on_progress=lambda *_: None)


def test_a_folder_that_lacks_a_weight_is_named(learnt, tmp_path):
    from safetensors.torch import load_file, save_file

    broken = tmp_path / "broken"
    shutil.copytree(learnt[0], broken)
    weights = load_file(broken / "model.safetensors")
    del weights["kept.weight"]
    save_file(weights, broken / "model.safetensors")
    with pytest.raises(ModelError, match=r"'generator' needs a writer in .*broken.*'kept.weight'"):
        load_generator(str(broken), cache=tmp_path)


def test_a_set_is_measured_with_a_writer(learnt, tmp_path):
    folder = labelled(tmp_path / "set", passage="d0")
    found = scores(
        "writer", str(learnt[0]), [folder], load_settings(home=tmp_path / "home"), seed=1, on_progress=lambda *_: None
    )
    assert found["set"]["answerable"] == 1.0
