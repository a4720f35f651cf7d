"""Texts as token ids: labels stand where the words stand, and windows keep the answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.sentences import Span
from rag.training.claims.claim import Claim
from rag.training.examples.shapes import Group, Reading
from rag.training.networks.packing import UNKNOWN, PairEncoder, batches

PASSAGE = "The code word is amber."


@pytest.fixture(scope="module")
def encode(tokenizer):
    def run(reading, *, max_tokens=32, max_first=8, seed=1, question="Which word?"):
        encoder = PairEncoder(tokenizer, max_tokens=max_tokens, max_first=max_first, seed=seed)
        ((encoded,),) = encoder.groups([Group("toy", question, (reading,))])
        return encoded

    return run


def reading(passage=PASSAGE, answer="amber", *, answers=True, relevant=True):
    start = passage.find(answer) if answer else -1
    span = Span(start, start + len(answer)) if answer else None
    return Reading(passage, span, answers, relevant)


def test_the_answer_stands_at_its_tokens(encode, tokenizer):
    encoded = encode(reading())
    assert tokenizer.decode(list(encoded.ids[encoded.start : encoded.end + 1])) == "amber"
    assert (encoded.answers, encoded.relevant) == (1, 1)
    first = tokenizer.encode("Which word?", add_special_tokens=False).ids
    assert encoded.ids[: encoded.n_first] == (101, *first, 102)
    assert encoded.ids[-1] == 102


def test_no_answer_is_the_first_token_and_an_unknown_one_is_unknown(encode):
    assert encode(reading(answer="", answers=False, relevant=False)).start == 0
    assert encode(reading(answer="", answers=None, relevant=None)).start == UNKNOWN
    assert encode(reading(answer="", answers=True)).end == UNKNOWN
    assert encode(reading(answer="", answers=None, relevant=None)).answers == UNKNOWN


def test_words_that_the_passage_lacks_are_marked_at_their_tokens(encode):
    marked = Reading(PASSAGE, None, answers=False, relevant=None, unmet=(Span(6, 10),))
    encoded = encode(marked)
    assert encoded.unmet == (0, 0, 1, 0, 0)
    assert len(encoded.unmet) == encoded.n_first
    assert encode(reading()).unmet == ()
    assert len(encode(marked, question="word " * 50).unmet) == 10


def test_a_long_question_is_cut(encode):
    assert encode(reading(), question="word " * 50).n_first == 10


def test_an_answer_longer_than_the_window_is_not_learnt(encode):
    encoded = encode(reading(passage="amber " * 60, answer="amber " * 50))
    assert encoded.start == encoded.end == UNKNOWN


@settings(deadline=None)
@given(before=st.integers(0, 90), after=st.integers(0, 90), seed=st.integers(0, 1000))
def test_a_window_always_holds_the_answer(tokenizer, before, after, seed):
    passage = f"{'it was so ' * before}amber{' and so on' * after}"
    encoder = PairEncoder(tokenizer, max_tokens=32, max_first=8, seed=seed)
    ((encoded,),) = encoder.groups([Group("toy", "Which word?", (reading(passage),))])
    assert len(encoded.ids) <= 32
    assert encoded.n_first <= encoded.start <= encoded.end < len(encoded.ids) - 1
    assert tokenizer.decode(list(encoded.ids[encoded.start : encoded.end + 1])) == "amber"


def test_a_window_without_answer_stands_anywhere(encode):
    passage = " ".join(map(str, range(10, 90)))
    assert len({encode(reading(passage, answer="", answers=False), seed=seed).ids for seed in range(20)}) > 3


def test_faulty_words_of_a_claim_are_marked(tokenizer):
    encoder = PairEncoder(tokenizer, max_tokens=32, max_first=16, seed=1)
    claim = Claim("The code is cobalt.", PASSAGE, supported=False, faults=(Span(12, 18),), kind="name")
    right = Claim("The code is amber.", PASSAGE, supported=True, faults=(), kind="sentence")
    unknown = Claim("The code.", PASSAGE, supported=False, faults=None, kind="left out")
    wrong, supported, nobody_knows = encoder.claims([claim, right, unknown])
    faulty = [token for token, label in zip(wrong.ids, wrong.faults, strict=True) if label == 1]
    assert tokenizer.decode(faulty) == "cobalt"
    assert (wrong.faults[0], wrong.faults[wrong.n_first :]) == (-1, (-1,) * (len(wrong.ids) - wrong.n_first))
    assert set(supported.faults[1 : supported.n_first - 1]) == {0}
    assert set(nobody_knows.faults) == {UNKNOWN}


def test_a_long_source_is_cut_at_its_end(tokenizer):
    encoder = PairEncoder(tokenizer, max_tokens=32, max_first=16, seed=1)
    (encoded,) = encoder.claims([Claim("It is so.", "word " * 90, supported=True, faults=(), kind="sentence")])
    assert len(encoded.ids) == len(encoded.faults) == 32
    assert encoded.ids[-1] == 102


def test_batches_hold_every_group_once_and_whole(encode):
    groups = [[encode(reading(f"{PASSAGE} {n}"))] * (1 + n % 3) for n in range(20)]
    made = batches(groups, max_tokens=60, seed=1)
    assert sorted(len(group) for batch in made for group in batch) == sorted(map(len, groups))
    assert all(sum(len(row.ids) for group in batch for row in group) <= 60 or len(batch) == 1 for batch in made)
    assert made == batches(groups, max_tokens=60, seed=1) != batches(groups, max_tokens=60, seed=2)
