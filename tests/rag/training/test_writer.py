"""The writer's network learns to write what it is shown, and the model that answers gives what was learnt."""

import gzip
import json
import shutil

import pytest
import torch

from rag.errors import InputError, ModelError
from rag.models.generation import load_generator
from rag.models.pairs import Pair
from rag.models.writer import WriterModel
from rag.models.writer_input import WriterTokens
from rag.protocols import Excerpt
from rag.settings import load_settings
from rag.training import runs
from rag.training.card import CARD
from rag.training.flow import Job, train
from rag.training.further import passage_hash
from rag.training.runs import Choices
from rag.training.scores import scores
from rag.training.targets import Writing
from rag.training.writer import NOTHING, EncodedWriting, WriterNetwork, batches, collate
from rag.training.writings import PreparedWritings, shipped_writings
from rag.types import ModelUse
from tests.rag.training.conftest import CODES, TOWNS, write_lines
from tests.rag.training.test_written import labelled

USE = ModelUse("test:writer", "")


def codes(n):
    """Writings about the code words of stations, one of them without an answer."""
    made = []
    for place in range(n):
        town, code, other = TOWNS[place % 12], CODES[(place * 5) % 12], TOWNS[(place + 3) % 12]
        evidence = (
            Excerpt(town, (f"The station of {town} is old.", f"It has the code word {code} since {1900 + place}.")),
        )
        asked = f"What is the code word of {town}?"
        target = f"The code word of {town} is {code}."
        made.append(Writing("answer", asked, evidence, target, "told", "toy", town))
        wrong = (Excerpt(other, (f"The station of {other} is new.",)),)
        made.append(Writing("answer", asked, wrong, "", "refused", "toy", town))
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


def test_it_writes_what_it_has_learnt_from_other_words_in_their_spelling(learnt):
    folder, some, trained = learnt
    assert trained.along[-1][1] < 0.25 * trained.along[0][1]
    writer = WriterModel(folder, use=USE, threads=1)
    written = [" ".join(writer.write(w.question, w.excerpts, max_tokens=40)) for w in some]
    right = sum(one == w.target for one, w in zip(written, some, strict=True))
    assert right >= 7, written


def test_the_model_that_answers_gives_the_chances_that_were_learnt(tiny, tmp_path, tokenizer):
    network = WriterNetwork(tiny, n_layers=2, max_target=32)
    # As different as trained weights, so that a wrong place shows.
    with torch.no_grad():
        for weight in network.parameters():
            weight.add_(torch.randn(weight.shape, generator=torch.Generator().manual_seed(1)) * 0.02)
    from rag.training.export import export

    export(network, tiny, tmp_path / "m", kind="writer", max_tokens=200, noted={"decoder_layers": 2})
    model = WriterModel(tmp_path / "m", use=USE, threads=1)
    tokens = WriterTokens(tokenizer, max_tokens=200)
    each = codes(1)[0]
    read = tokens.read(each.task, each.question, each.excerpts)
    written = tokens.target(each.target, max_tokens=31)
    row = EncodedWriting(read.ids, read.n_first, read.copied, written)
    padded = EncodedWriting(read.ids[:40], read.n_first, read.copied[:40], (*written, *written)[:30])
    with torch.inference_mode():
        learnt = network(**collate([[padded], [row]]))["chances"][1, : len(written)]
        source = model._encoder.states([Pair(read.ids, read.n_first, (), (), "")])[0]
        writing = model._decoder.begin(read.ids, read.copied, source, written + padded.written)
        token, answered = tokens.begin, []
        for wanted in written:
            chances = model._decoder.step(writing, token)
            answered.append(chances[torch.searchsorted(writing.candidates, torch.tensor(wanted))])
            token = wanted
    torch.testing.assert_close(learnt, torch.stack(answered), rtol=0.08, atol=2e-3)


def test_every_weight_learns(tiny, tokenizer):
    network = WriterNetwork(tiny, n_layers=1, max_target=32)
    tokens = WriterTokens(tokenizer, max_tokens=200)
    rows = [[_encoded(tokens, each)] for each in codes(3)]
    network(**collate(rows))["loss"].backward()
    still = [name for name, weight in network.named_parameters() if weight.grad is None or not weight.grad.any()]
    # A key's bias shifts all scores of a query alike and never learns; neither do the pooled parts that are not used.
    assert [name for name in still if not name.endswith("key.bias")] == []


def test_a_copied_token_needs_no_vocabulary(tiny, tokenizer):
    network = WriterNetwork(tiny, n_layers=1, max_target=32)
    torch.nn.init.constant_(network.gate.bias, -50.0)
    tokens = WriterTokens(tokenizer, max_tokens=200)
    row = _encoded(
        tokens, Writing("answer", "who", (Excerpt("", ("Lisbon is old.",)),), "Lisbon xylophone", "", "", "")
    )
    chances = network(**collate([[row]]))["chances"][0]
    assert chances[0] > 0
    # What stands nowhere in the source cannot be copied.
    assert float(chances[1]) == pytest.approx(0.0, abs=1e-6)


def test_batches_hold_texts_of_about_one_length_and_every_text_once(tokenizer):
    tokens = WriterTokens(tokenizer, max_tokens=200)
    rows = [[_encoded(tokens, each)] for each in codes(40)]
    made = batches(rows, max_tokens=600, seed=2)
    assert sorted(row[0].ids for batch in made for row in batch) == sorted(row[0].ids for row in rows)
    assert made != batches(rows, max_tokens=600, seed=3)
    for batch in made:
        assert sum(len(row[0].ids) + 2 * len(row[0].written) for row in batch) <= 600
        told = [len(row[0].written) for row in batch if len(row[0].written) > 2]
        assert max(told) - min(told) <= 12


def test_refusals_stand_among_answers(tokenizer):
    tokens = WriterTokens(tokenizer, max_tokens=200)
    made = batches([[_encoded(tokens, each)] for each in codes(40)], max_tokens=600, seed=2)
    shares = [sum(len(row[0].written) == 2 for row in batch) / len(batch) for batch in made]
    assert max(shares) > 0
    assert max(shares) < 1.0


def test_a_batch_is_padded_behind_each_text(tokenizer):
    tokens = WriterTokens(tokenizer, max_tokens=200)
    batch = collate([[_encoded(tokens, each)] for each in codes(1)])
    assert batch["written"][1].tolist()[:2] == [tokens.refusal, tokens.end]
    assert set(batch["written"][1].tolist()[2:]) == {NOTHING}
    assert int(batch["lengths"].sum()) == len(batch["ids"]) == len(batch["copied"])


def test_what_does_not_fit_is_left_out_and_marks_are_never_copied(tokenizer):
    tokens = WriterTokens(tokenizer, max_tokens=40)
    read = tokens.read("answer", "who is it", [Excerpt("Old", ("One is here.",)), Excerpt("New", ("Two is " * 30,))])
    assert len(read.ids) <= 40
    assert read.ids[0] == tokens.begin
    assert read.ids[-1] == tokens.end
    assert len(read.copied) == len(read.ids)
    marks = [token for token, may in zip(read.ids, read.copied, strict=True) if not may]
    first = tokens.encode(["One is here."])[0]
    assert any(list(read.ids[at : at + len(first)]) == first for at in range(len(read.ids)))
    assert tokens.encode(["two"])[0][0] not in read.ids
    assert tokens.encode(["here"])[0][0] not in marks


def test_a_stopped_training_goes_on(tiny, tmp_path):
    some = PreparedWritings(tuple(codes(12)), tuple(codes(2)))

    def run(name, steps, checkpoints):
        choices = Choices(tiny, "0", steps, 1e-3, 1, 600, tmp_path / checkpoints)
        told = []
        trained = runs.train(some, choices, tmp_path / name, on_progress=lambda *step: told.append(step))
        return trained, told

    run("first", 4, "one")
    trained, told = run("on", 8, "one")
    assert told[0] == (4, 8)
    assert trained.along[-1][0] == 8
    # Other writings are another training.
    other = PreparedWritings(tuple(codes(11)), tuple(codes(2)))
    choices = Choices(tiny, "0", 4, 1e-3, 1, 600, tmp_path / "one")
    told = []
    runs.train(other, choices, tmp_path / "other", on_progress=lambda *step: told.append(step))
    assert told[0] == (0, 4)


def test_a_training_from_published_sets_ends_with_a_card(tiny, tmp_path):
    data = published(tmp_path / "data")
    prepared = shipped_writings(data, seed=1)
    assert {writing.task for writing in prepared.train} == {"answer", "brief", "follow-up"}
    assert not {w.article for w in prepared.train} & {w.article for w in prepared.held_out}
    settings = load_settings(home=tmp_path / "home")
    job = Job("writer", data, True, tmp_path / "out", str(tiny), 3, 1e-3, 1, tmp_path / "checkpoints", settings)
    outcome = train(job, on_progress=lambda *_: None)
    assert {change.figure for change in outcome.changes} == {"token f1", "rouge-l"}
    assert not outcome.verdict.wins
    card = (outcome.folder / CARD).read_text(encoding="utf-8")
    assert "| refuses rightly |" in card
    assert "squad1-train" in card
    assert load_generator(str(outcome.folder), cache=tmp_path).use.sha256 == outcome.sha256


def test_what_was_written_by_hand_is_learnt_beside_less_of_the_published_sets(tmp_path):
    data = published(tmp_path / "data")
    text = "The gate was opened by Anna Berg in 1950. It is old."
    line = {"passage": passage_hash(text), "question": "Since when can one go through?", "answer": "1950"}
    write_lines(tmp_path / "asked.jsonl", [{**line, "told": "The gate was opened in 1950."}])
    whole = shipped_writings(data, seed=1)
    less = shipped_writings(data, seed=1, portion=0.2, asked=[tmp_path / "asked.jsonl"])
    given = [writing for writing in (*less.train, *less.held_out) if writing.kind == "given"]
    assert [writing.target for writing in given] == 2 * ["The gate was opened in 1950."]
    assert len(less.train) - len(given) < len(whole.train) / 2


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
    del weights["gate.weight"]
    save_file(weights, broken / "model.safetensors")
    with pytest.raises(ModelError, match=r"'generator' needs a writer in .*broken.*'gate.weight'"):
        load_generator(str(broken), cache=tmp_path)


def test_a_writer_without_its_number_of_layers_is_named(learnt, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(learnt[0], broken)
    config = json.loads((broken / "config.json").read_text())
    del config["footnote"]["decoder_layers"]
    (broken / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match="decoder_layers"):
        load_generator(str(broken), cache=tmp_path)


def test_even_a_random_writer_says_only_words_of_its_evidence(tiny, tmp_path):
    from rag.models.units import units
    from rag.training.export import export

    network = WriterNetwork(tiny, n_layers=1, max_target=64)
    export(network, tiny, tmp_path / "m", kind="writer", max_tokens=200, noted={"decoder_layers": 1})
    writer = WriterModel(tmp_path / "m", use=USE, threads=1)
    each = codes(1)[0]
    evidence = [text for excerpt in each.excerpts for text in (excerpt.title, *excerpt.sentences)]
    known = {word.casefold() for unit in units(each.question, evidence) for word in unit.text.split()}
    read = writer._tokens.read("answer", each.question, each.excerpts)
    ids = list(writer._written(read, each.question, evidence, 50))
    from rag.models.surface import spelled

    said = spelled(ids, writer._tokens.pieces(ids), read.sources)
    assert len(said.split()) > 3
    assert all(word.strip(".,:;()\"'!—–").casefold() in known | {""} for word in said.replace("'s", " ").split()), said


def _encoded(tokens, each):
    read = tokens.read(each.task, each.question, each.excerpts)
    return EncodedWriting(read.ids, read.n_first, read.copied, tokens.target(each.target, max_tokens=31))


def published(folder):
    """The published sets that a writer learns from, a few lines of each."""
    articles = []
    for place, town in enumerate(TOWNS):
        year, code = 1900 + place, CODES[place]
        text = (
            f"{town} has a station. The station of {town} was opened in {year}. Its code word is {code}, and nobody "
            f"may enter the station of {town} without it. They want to open it, to begin and to have it."
        )
        asked = [
            (f"When was the station of {town} opened?", str(year)),
            (f"What is the code word of {town}?", code),
            (f"Who may enter the station of {town} without it?", "nobody"),
        ]
        qas = [
            {"question": question, "answers": [{"text": answer, "answer_start": text.index(answer)}]}
            for question, answer in asked
        ]
        articles.append({"title": town, "paragraphs": [{"context": text, "qas": qas}]})
    squad = folder / "squad1-train"
    squad.mkdir(parents=True)
    (squad / "train.json.gz").write_bytes(gzip.compress(json.dumps({"data": articles}).encode()))
    line = {
        "question": "who opened the gate",
        "title": "Gate",
        "passage": "The gate was opened by Anna Berg in 1950. It is old.",
        "answers": ["Anna Berg"],
        "origin": "nq",
    }
    faq = {"question": "What is a cold ?", "focus": "cold", "answer": "A cold is an illness of the nose. " * 3}
    for name, each in (("qa-mix/train.jsonl.gz", line), ("support/medquad_faq.jsonl.gz", faq)):
        path = folder / name
        path.parent.mkdir()
        path.write_bytes(gzip.compress((json.dumps(each) + "\n").encode() * 3))
    return folder


def test_a_writer_is_measured_on_a_labelled_set(learnt, tmp_path):
    folder = labelled(tmp_path / "set", passage="d0")
    settings = load_settings(home=tmp_path / "home")
    told = []
    found = scores("writer", str(learnt[0]), [folder], settings, seed=1, on_progress=lambda *step: told.append(step))
    assert told[-1] == ("set", 2, 2)
    wanted = {"quoted f1", "written f1", "quoted rouge_l", "written rouge_l", "refused, answerable"}
    assert wanted <= found["set"].keys()
    assert found["set"]["quoted f1"] > 0


def test_what_only_quotes_cannot_be_measured_as_a_writer(tmp_path):
    settings = load_settings(home=tmp_path / "home")
    with pytest.raises(InputError, match="is no writer"):
        scores("writer", "bundled:quoted", [tmp_path], settings, seed=1, on_progress=lambda *_: None)
