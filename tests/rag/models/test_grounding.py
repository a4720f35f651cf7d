"""A grounded text is made of whole units of its evidence: what a hostile model would like to write cannot be."""

import pytest
import torch

from rag.models.bundled import bundled_folder
from rag.models.causal import CausalGenerator
from rag.models.grounding import GroundedLogits, Grounding
from rag.models.units import Unit, passages_of, units
from rag.protocols import ChatMessage
from rag.types import ModelUse

EVIDENCE = (
    "The Kestrel 6 costs $1,499.50 and was opened by Wilhelm Conrad Röntgen on 12 January 1951.",
    "Returns within 14 working days cost 3.5 million yen; the code is HX-2104 and the light blinks 7 times.",
    "Maria visits New York, and the door is never locked.",
)
END = 102


@pytest.fixture(scope="module")
def words():
    """The tokenizer of the embedding model: pieces of words, in small letters."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(bundled_folder("all-MiniLM-L6-v2", slot="embedding") / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return lambda texts: [each.ids for each in tokenizer.encode_batch(list(texts), add_special_tokens=False)]


def letters(texts):
    """A tokenizer with a token for each letter, a space included: anything can be put together from them."""
    return [[ord(letter) for letter in text] for text in texts]


def writable(text, encode, question="When was the Kestrel opened?"):
    grounding = Grounding(question, EVIDENCE, encode, ends=(END,))
    walk = grounding.begin()
    for token in encode([text])[0]:
        if token not in walk.allowed():
            return False
        walk.take(token)
    return END in walk.allowed()


@pytest.mark.parametrize("encode", ["words", "letters"])
@pytest.mark.parametrize(
    "text",
    [
        "The Kestrel 6 costs $1,499.50.",
        "It was opened by Wilhelm Conrad Röntgen in 1951.",
        "Maria visited New York.",
        "The code is HX-2104, and the light blinks 7 times.",
        "Returns cost 3.5 million yen within 14 working days.",
        "The door is never locked.",
    ],
)
def test_what_the_evidence_says_can_be_written(text, encode, words):
    assert writable(text, words if encode == "words" else letters)


@pytest.mark.parametrize("encode", ["words", "letters"])
@pytest.mark.parametrize(
    "text",
    [
        # Numbers cut, put together from pieces of others, or carried to another unit.
        "It costs $1.",
        "It costs 499.50.",
        "It costs 1,951.",
        "It costs 7.14 working days.",
        "It costs 7 14 working days.",
        "Within 14 days.",
        "It costs 3.5.",
        "It costs 3.5 working days.",
        "The code is HX-7.",
        "The code is HX.",
        "On 12 January.",
        "In January 1951.",
        # Names cut, or put together from two.
        "It was opened by Conrad Röntgen.",
        "It was opened by Wilhelm Conrad.",
        "Maria visits York.",
        "Maria visits New Kestrel.",
        "It was opened by Wilhelm York.",
        # Words that nobody said, and words that turn round what was said.
        "The door is blue.",
        "It was not opened.",
        "All returns cost it.",
    ],
)
def test_what_it_does_not_say_cannot(text, encode, words):
    assert not writable(text, words if encode == "words" else letters)


def test_a_word_cannot_be_put_together_from_two_nor_cut():
    assert writable("The door opens.", letters)
    assert not writable("The dooropens.", letters)
    assert not writable("The doorlocked.", letters)
    assert not writable("It cos", letters)


def test_numbers_and_names_of_the_question_that_the_evidence_lacks_are_no_units():
    found = {unit.text for unit in units("Did Siegfried open the gate 99 times, and never on Sunday?", EVIDENCE)}
    assert {"gate", "times"} <= found
    assert not found & {"Siegfried", "siegfried", "99", "Sunday", "sunday"}
    assert "never" in found
    assert "never" not in {unit.text for unit in units("Did he never open it?", EVIDENCE[:2])}


def test_other_forms_of_the_evidences_words_are_units():
    assert {Unit("visited", "word"), Unit("opens", "word")} <= units("", EVIDENCE)


def test_a_logits_processor_leaves_only_what_may_come_next(words):
    grounding = Grounding("When?", EVIDENCE, words, ends=(END,))
    process = GroundedLogits(grounding, n_prompt=2)
    prompt = [5, 6]
    scores = torch.zeros(1, 30522)
    assert torch.isneginf(process(torch.tensor([prompt]), scores)).sum() > 30_000
    begun = [*prompt, *words(["Wilhelm Conrad"])[0]]
    left = process(torch.tensor([begun]), scores)[0]
    assert set(torch.nonzero(~torch.isneginf(left)).flatten().tolist()) == {words(["Röntgen"])[0][0]}


def test_a_beam_that_changes_its_place_is_followed_anew(words):
    process = GroundedLogits(Grounding("When?", EVIDENCE, words, ends=(END,)), n_prompt=0)
    scores = torch.zeros(2, 30522)
    one, two = words(["the door", "New York"])
    first = process(torch.tensor([one, two]), scores)
    swapped = process(torch.tensor([two, one]), scores)
    assert torch.equal(first, swapped.flip(0))


def test_a_token_that_was_not_allowed_leaves_only_the_end(words):
    process = GroundedLogits(Grounding("When?", EVIDENCE, words, ends=(END,)), n_prompt=0)
    left = process(torch.tensor([[29999]]), torch.zeros(1, 30522))[0]
    assert torch.nonzero(~torch.isneginf(left)).flatten().tolist() == [END]


def test_passages_are_read_out_of_their_fences_and_nothing_else():
    chat = '<passage n="9" source="Prices">\nIt costs 5 euros.\n</passage>\n\nQuestion: How much is 77?'
    assert passages_of([chat]) == ("How much is 77?", ["Prices", "It costs 5 euros."])


def test_a_language_model_that_is_kept_to_its_passages_writes_their_words(tiny_llama):
    fence = '<passage n="3" source="Light">\nThe light is red.\n</passage>\n\nQuestion: which light?'
    chat = [ChatMessage("system", "Be brief."), ChatMessage("user", fence)]
    free = "".join(CausalGenerator(tiny_llama, use=ModelUse("t", "")).stream(chat, max_tokens=40, seed=1))
    kept = "".join(
        CausalGenerator(tiny_llama, use=ModelUse("t", ""), grounded=True).stream(chat, max_tokens=40, seed=1)
    )
    allowed = {unit.text.casefold() for unit in units("which light?", ["Light", "The light is red."])} | {"no answer"}
    # The last word may be cut by the limit of tokens.
    said = [word for part in kept.split()[:-1] for word in part.replace("'s", " 's ").split()]
    assert kept
    assert kept != free
    assert all(word.strip(".,:;()\"'!—–").casefold() in allowed | {"", "no", "answer"} for word in said), said


def test_signs_between_words_that_were_taken_apart_join_them_as_in_the_evidence():
    taken_apart = units("what was damaged", ["Areas included Port - au - Prince and a 27 - day month."])
    assert Unit("-", "joint") in taken_apart
    assert Unit("27", "number") in taken_apart
    # Where words are joined as usual they are units of their own, and no sign can join others.
    assert Unit("-", "joint") not in units("what was damaged", ["Areas included Port-au-Prince, pages 4-5."])
