"""The packed encoder against the library's, forward and backward."""

import pytest
import torch
from transformers import BertModel

from rag.training.networks.encoder import PackedBert, _Attention, _buckets

LENGTHS = [7, 1, 12, 5]


def packed_batch():
    generator = torch.Generator().manual_seed(3)
    return {
        "ids": torch.randint(1000, 20000, (sum(LENGTHS),), generator=generator),
        "places": torch.cat([torch.arange(n) for n in LENGTHS]),
        "kinds": torch.cat([(torch.arange(n) >= n // 2).long() for n in LENGTHS]),
    }


def padded(rows):
    return torch.nn.utils.rnn.pad_sequence(list(torch.split(rows, LENGTHS)), batch_first=True)


def library_states(model, batch, *, layer=-1):
    mask = padded(torch.ones(sum(LENGTHS), dtype=torch.long))
    states = model(
        input_ids=padded(batch["ids"]),
        token_type_ids=padded(batch["kinds"]),
        attention_mask=mask,
        output_hidden_states=True,
    ).hidden_states[layer]
    return states[mask.bool()]


@pytest.fixture
def both(tiny):
    torch.set_num_threads(1)
    library = BertModel.from_pretrained(tiny, add_pooling_layer=False).eval()
    return PackedBert(tiny), library


def test_the_gradient_of_the_attention_is_exact():
    qkv = torch.randn(9, 24, dtype=torch.float64, generator=torch.Generator().manual_seed(1), requires_grad=True)
    assert torch.autograd.gradcheck(lambda rows: _Attention.apply(rows, _buckets([4, 1, 4]), 2), (qkv,))


def test_every_token_is_in_one_bucket_and_little_is_padded():
    lengths = [3, 200, 40, 41, 38, 7, 199, 1]
    found = _buckets(lengths)
    places = torch.cat([bucket.rows[bucket.known] for bucket in found])
    assert sorted(places.tolist()) == list(range(sum(lengths)))
    assert len(found) < len(lengths)
    assert sum(bucket.rows.numel() for bucket in found) < 1.1 * sum(lengths)


def test_a_text_does_not_see_the_others():
    qkv = torch.randn(9, 24, generator=torch.Generator().manual_seed(1))
    together = _Attention.apply(qkv, _buckets([4, 5]), 2)
    alone = torch.cat([_Attention.apply(qkv[:4], _buckets([4]), 2), _Attention.apply(qkv[4:], _buckets([5]), 2)])
    assert torch.allclose(together, alone, atol=1e-6)


def test_states_are_those_of_the_library(both):
    packed, library = both
    batch = packed_batch()
    with torch.inference_mode():
        states, wanted = packed(**batch, lengths=torch.tensor(LENGTHS)), library_states(library, batch)
    assert states.dtype == torch.float32
    assert torch.nn.functional.cosine_similarity(states, wanted).min() > 0.999
    assert (states - wanted).abs().max() < 0.1


def test_the_kind_of_a_token_counts(both):
    packed, _ = both
    batch = packed_batch()
    with torch.inference_mode():
        changed = packed(**{**batch, "kinds": 1 - batch["kinds"]}, lengths=torch.tensor(LENGTHS))
        assert (packed(**batch, lengths=torch.tensor(LENGTHS)) - changed).abs().max() > 0.1


def test_gradients_are_those_of_the_library(both):
    packed, library = both
    batch = packed_batch()
    towards = torch.randn(sum(LENGTHS), packed.dimension, generator=torch.Generator().manual_seed(2))
    (packed(**batch, lengths=torch.tensor(LENGTHS)) * towards).sum().backward()
    (library_states(library, batch) * towards).sum().backward()
    wanted = dict(library.named_parameters())
    compared = 0
    for name, parameter in packed.named_parameters():
        gradient = wanted[name].grad
        # The bias of a key moves all scores of a row alike, so its gradient is 0 up to rounding.
        if gradient is None or gradient.norm() < 1e-2 * wanted["encoder.layer.0.attention.self.query.bias"].grad.norm():
            continue
        cosine = torch.nn.functional.cosine_similarity(parameter.grad.flatten(), gradient.flatten(), dim=0)
        assert cosine > 0.99, name
        assert 0.95 < parameter.grad.norm() / gradient.norm() < 1.05, name
        compared += 1
    assert compared > 25


def test_dropout_leaves_parts_out_while_training_and_nothing_otherwise(both):
    packed, _ = both
    batch, lengths = packed_batch(), torch.tensor(LENGTHS)
    with torch.inference_mode():
        whole = packed.eval()(**batch, lengths=lengths)[0]
        packed.dropout = 0.3
        assert torch.equal(packed(**batch, lengths=lengths)[0], whole)
        packed.train()
        one, other = (packed(**batch, lengths=lengths)[0] for _ in range(2))
        packed.dropout = 0.0
        assert torch.equal(packed(**batch, lengths=lengths)[0], whole)
    assert (one - other).abs().max() > 0.1
    assert (one - whole).abs().max() > 0.1
