"""Pairs of texts as one input, and folders that hold no model of the kind that is wanted."""

import pytest
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, models

import rag.models.dense
from rag.errors import ModelError
from rag.models.dense import activations, dense, fused_bfloat16
from rag.models.pairs import Pair, PairModel, PairTokens, chosen_words, measure_inputs, special_ids
from rag.models.reader import HEADS, Reader
from rag.models.tokens import read_tokenizer
from rag.models.verifier import PairVerifier
from rag.types import ModelUse
from tests.rag.models.conftest import edit_json, save_bert


@pytest.fixture
def folder(tmp_path):
    """A folder that holds a tiny reader."""
    return save_pair_model(tmp_path / "reader", kind="reader")


def save_pair_model(folder, *, kind, max_tokens=24, seed=5):
    """Save a tiny encoder with random heads, as a training would."""
    save_bert(folder, seed=seed)
    weights = {f"bert.{name}": tensor for name, tensor in load_file(folder / "model.safetensors").items()}
    generator = torch.Generator().manual_seed(seed)
    sizes = {
        "reader": {"span": 2, "pool": 32, "judge": 2, "unmet": 1, "early": 2},
        "verifier": {"pool": 32, "support": 1, "fault": 1},
    }
    for head, width in sizes[kind].items():
        weights[f"{head}.weight"] = torch.randn(width, 32, generator=generator)
        weights[f"{head}.bias"] = torch.randn(width, generator=generator)
    save_file(weights, folder / "model.safetensors")
    edit_json(folder / "config.json", footnote={"kind": kind, "version": 1, "max_tokens": max_tokens})
    return folder


def change_weights(folder, **changes):
    weights = load_file(folder / "model.safetensors")
    for name, tensor in changes.items():
        if tensor is None:
            del weights[name]
        else:
            weights[name] = tensor
    save_file(weights, folder / "model.safetensors")


def load(folder):
    return PairModel(folder, kind="reader", heads=HEADS, slot="reranker", precision="float32")


def test_a_pair_is_two_texts_with_their_places(folder):
    tokens = PairTokens(read_tokenizer(folder), max_tokens=24, max_first=4)
    (pair,) = tokens.pairs(["who is the user"], ["the router is red"])
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    assert tokenizer.decode(list(pair.ids), skip_special_tokens=False) == (
        "[CLS] who is the user [SEP] the router is red [SEP]"
    )
    assert pair.n_first == 6
    assert [("the router is red")[start:end] for start, end in pair.offsets] == ["the", "router", "is", "red"]
    assert [("who is the user")[start:end] for start, end in pair.first_offsets] == ["who", "is", "the", "user"]


def test_long_texts_are_cut_each_by_its_own_measure(folder):
    tokens = PairTokens(read_tokenizer(folder), max_tokens=12, max_first=4)
    (pair,) = tokens.pairs(["the " * 9], ["red " * 30])
    assert (len(pair.ids), pair.n_first, len(pair.offsets), len(pair.first_offsets)) == (12, 6, 5, 4)
    assert pair.ids[-1] == 3


def test_pairs_of_one_question_are_those_of_each(folder):
    tokens = PairTokens(read_tokenizer(folder), max_tokens=24, max_first=4)
    passages = ["the router is red", "green", ""]
    together = tokens.pairs(["who is the user"] * 3, passages)
    assert together == [tokens.pairs(["who is the user"], [passage])[0] for passage in passages]


def test_the_encoder_is_that_of_the_library_with_both_kinds_of_token(folder):
    from transformers import BertModel

    tokens = PairTokens(read_tokenizer(folder), max_tokens=24, max_first=4)
    pairs = tokens.pairs(["who is the user", "yes"], ["the router is red", "green"])
    library = BertModel.from_pretrained(folder, add_pooling_layer=False).eval()
    for pair, states in zip(pairs, load(folder).states(pairs), strict=True):
        kinds = [[int(place >= pair.n_first) for place in range(len(pair.ids))]]
        with torch.inference_mode():
            wanted = library(torch.tensor([pair.ids]), token_type_ids=torch.tensor(kinds)).last_hidden_state[0]
        assert torch.allclose(states, wanted, atol=1e-4)


def test_a_head_is_a_linear_layer(folder):
    states = torch.randn(3, 32)
    weights = load_file(folder / "model.safetensors")
    wanted = states @ weights["judge.weight"].T + weights["judge.bias"]
    assert torch.allclose(load(folder).head("judge", states), wanted, atol=1e-6)


@pytest.mark.parametrize(
    ("own", "got"),
    [
        ({"kind": "verifier", "version": 1, "max_tokens": 24}, "'verifier' version 1"),
        ({"kind": "reader", "version": 2, "max_tokens": 24}, "'reader' version 2"),
        (None, "none of ours"),
        ("reader", "none of ours"),
    ],
)
def test_another_kind_or_version_is_refused(folder, own, got):
    edit_json(folder / "config.json", footnote=own)
    with pytest.raises(ModelError, match=f"'reranker'.*'reader' version 1.*got {got}") as caught:
        load(folder)
    assert "footnote train reader" in caught.value.hint


@pytest.mark.parametrize("longest", [None, "24"])
def test_the_longest_pair_must_be_a_number(folder, longest):
    edit_json(folder / "config.json", footnote={"kind": "reader", "version": 1, "max_tokens": longest})
    with pytest.raises(ModelError, match=rf"'reranker'.*footnote.max_tokens.*got {longest!r}"):
        load(folder)


@pytest.mark.parametrize("content", ["", "[]", "{"])
def test_a_configuration_that_is_none_is_refused(folder, content):
    (folder / "config.json").write_text(content)
    with pytest.raises(ModelError, match="'reranker'"):
        load(folder)


def test_a_missing_configuration_is_refused(folder):
    (folder / "config.json").unlink()
    with pytest.raises(ModelError, match=r"'reranker' cannot read .*config.json"):
        load(folder)


def test_a_missing_head_is_named(folder):
    change_weights(folder, **{"judge.weight": None})
    with pytest.raises(ModelError, match=r"lacks 'judge.weight'"):
        load(folder)


def test_a_missing_layer_is_named(folder):
    change_weights(folder, **{"bert.encoder.layer.1.output.dense.weight": None})
    with pytest.raises(ModelError, match=r"encoder.layer.1.output.dense.weight"):
        load(folder)


def test_an_encoder_of_another_architecture_is_refused(folder):
    edit_json(folder / "config.json", model_type="roberta")
    with pytest.raises(ModelError, match="'roberta' is no BERT"):
        load(folder)


def test_a_missing_tokenizer_is_refused(folder):
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"tokenizer.json"):
        Reader(folder, use=ModelUse("reader", ""))


def test_a_tokenizer_of_another_kind_is_refused():
    with pytest.raises(ModelError, match=r"no \[CLS\] or \[SEP\]"):
        special_ids(Tokenizer(models.WordPiece({"[UNK]": 0}, unk_token="[UNK]")))


def test_missing_weights_are_refused(folder):
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelError, match=r"model.safetensors|is missing"):
        load(folder)


def test_damaged_weights_are_refused(folder):
    (folder / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(ModelError, match="damaged"):
        load(folder)


def test_a_reader_is_no_verifier(folder):
    with pytest.raises(ModelError, match="'verifier' expected a model of the kind 'verifier'"):
        PairVerifier(folder, use=ModelUse("verifier", ""))


def states(folder, precision, pairs):
    model = PairModel(folder, kind="reader", heads=HEADS, slot="reranker", precision=precision)
    return torch.cat(model.states(pairs))


def between():
    """The format of what goes from one 8-bit product to the next, as a precision of its own."""
    return "bfloat16" if activations("measured-int8") == torch.bfloat16 else "float32"


@pytest.fixture
def pairs(folder):
    tokens = PairTokens(read_tokenizer(folder), max_tokens=24, max_first=8)
    texts = ["the router is red", "reset the user", "who is the router", "is it the red user"]
    return tokens.pairs(texts, texts[::-1])


def test_eight_bits_stay_near_the_exact_states(folder, pairs):
    exact = states(folder, "float32", pairs)
    measure_inputs(folder, [(pair.ids, pair.n_first) for pair in pairs])
    near = torch.cosine_similarity(states(folder, "measured-int8", pairs), exact, dim=1)
    assert near.min() > 0.99
    # It is another arithmetic, not the same one by another name.
    assert not torch.equal(states(folder, "measured-int8", pairs), states(folder, between(), pairs))


@pytest.mark.parametrize("bfloat16", [True, False])
def test_eight_bits_stand_between_either_format(folder, pairs, monkeypatch, bfloat16):
    monkeypatch.setattr(rag.models.dense, "fast_bfloat16", lambda: bfloat16)
    exact = states(folder, "float32", pairs)
    measure_inputs(folder, [(pair.ids, pair.n_first) for pair in pairs])
    assert activations("measured-int8") == (torch.bfloat16 if bfloat16 else torch.float32)
    assert torch.cosine_similarity(states(folder, "measured-int8", pairs), exact, dim=1).min() > 0.99


def test_eight_bits_do_not_depend_on_what_else_is_in_the_batch(folder, pairs):
    measure_inputs(folder, [(pair.ids, pair.n_first) for pair in pairs])
    alone = states(folder, "measured-int8", pairs[:1])
    together = states(folder, "measured-int8", pairs)[: len(alone)]
    torch.testing.assert_close(alone, together, atol=0.02, rtol=0.02)


@pytest.mark.parametrize("gelu", [True, False])
@pytest.mark.parametrize("fused", [True, False])
def test_a_product_of_bfloat16_is_the_exact_one_rounded(monkeypatch, gelu, fused):
    monkeypatch.setattr(rag.models.dense, "fused_bfloat16", lambda: fused and fused_bfloat16())
    generator = torch.Generator().manual_seed(3)
    weight, bias = torch.randn(24, 16, generator=generator).bfloat16(), torch.randn(24, generator=generator).bfloat16()
    x = torch.randn(40, 16, generator=generator).bfloat16()
    exact = torch.nn.functional.linear(x.float(), weight.float(), bias.float())
    exact = torch.nn.functional.gelu(exact) if gelu else exact
    product = dense(weight.float(), bias.float(), precision="bfloat16", gelu=gelu)(x)
    assert product.dtype == torch.bfloat16
    torch.testing.assert_close(product.float(), exact, atol=0.02, rtol=0.02)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_what_a_text_becomes_does_not_depend_on_what_else_is_in_the_batch(folder, pairs, precision):
    alone = states(folder, precision, pairs[:1])
    assert torch.equal(alone, states(folder, precision, pairs)[: len(alone)])


def test_without_a_measurement_eight_bits_are_what_stands_between_them(folder, pairs):
    assert torch.equal(states(folder, "measured-int8", pairs), states(folder, between(), pairs))


def test_large_inputs_do_not_take_the_digits_of_the_others():
    generator = torch.Generator().manual_seed(3)
    x = torch.randn(64, 32, generator=generator)
    # One input a hundred times as large as the others, as in trained encoders.
    x[:, 5] *= 100
    weight, bias = torch.randn(16, 32, generator=generator), torch.zeros(16)
    weight[:, 5] /= 100
    exact = x @ weight.T
    kind = activations("measured-int8")
    product = dense(weight, bias, precision="measured-int8", largest=x.abs().amax(0))(x.to(kind)).float()
    assert (product - exact).abs().mean() < 0.02 * exact.abs().mean()


def test_gelu_follows_where_it_is_asked_for():
    x = torch.linspace(-3, 3, 32)[:, None]
    weight, bias = torch.ones(4, 1), torch.zeros(4)
    for precision in ("bfloat16", "measured-int8"):
        into = x.to(activations(precision))
        product = dense(weight, bias, precision=precision, largest=torch.tensor([3.0]), gelu=True)(into).float()
        torch.testing.assert_close(product[:, 0], torch.nn.functional.gelu(x.float()[:, 0]), atol=0.03, rtol=0.03)


@pytest.mark.parametrize(
    ("chances", "words"),
    [
        ((0.1, 0.2, 0.9, 0.1, 0.1), ["kestrel"]),
        ((0.1, 0.9, 0.1, 0.8, 0.1), ["kestrel 9"]),
        ((0.9, 0.1, 0.1, 0.9, 0.2), ["the", "9"]),
        ((0.0, 0.0, 0.0, 0.0, 0.0), []),
    ],
)
def test_words_are_named_whole_and_neighbours_as_one(chances, words):
    text = "the kestrel 9?"
    pair = Pair((), 0, (), ((0, 3), (4, 6), (6, 11), (12, 13), (13, 14)), text)
    assert [text[start:end] for start, end in chosen_words(pair, chances)] == words
