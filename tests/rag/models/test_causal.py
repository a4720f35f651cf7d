import pytest

from rag.errors import ModelError
from rag.models.causal import _merged, _plain
from rag.models.generation import load_generator
from rag.protocols import ChatMessage
from tests.rag.models.conftest import edit_json, save_bert, save_llama

CHAT = [ChatMessage("system", "Be brief."), ChatMessage("user", "Café?")]


def library_answer(folder, prompt, *, max_tokens):
    """The likeliest continuation, by the library's own loop."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from rag.models.machine import fast_bfloat16

    kind = torch.bfloat16 if torch.cuda.is_available() or fast_bfloat16() else torch.float32
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True, dtype=kind)
    ids = torch.tensor([tokenizer(prompt, add_special_tokens=False)["input_ids"]])
    written = model.generate(
        ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=max_tokens, pad_token_id=1
    )[0, ids.shape[1] :]
    return tokenizer.decode(written, skip_special_tokens=True)


def test_the_text_is_the_likeliest_one(tiny_llama, models_home):
    written = "".join(load_generator(str(tiny_llama), cache=models_home).stream(CHAT, max_tokens=20, seed=1))

    expected = library_answer(tiny_llama, "<system> Be brief. <user> Café? <assistant> ", max_tokens=20)
    # A last character may still lack its bytes, and is then not shown.
    assert written == expected.rstrip("\ufffd")
    assert written


def test_without_sampling_the_seed_changes_nothing(tiny_llama, models_home):
    generator = load_generator(str(tiny_llama), cache=models_home)

    assert list(generator.stream(CHAT, max_tokens=8, seed=1)) == list(generator.stream(CHAT, max_tokens=8, seed=2))


def test_a_model_that_asks_for_sampling_is_repeatable_by_seed(tmp_path, models_home):
    folder = save_llama(tmp_path, do_sample=True, temperature=1.5, top_k=200, top_p=0.99)
    generator = load_generator(str(folder), cache=models_home)

    def write(seed):
        return "".join(generator.stream(CHAT, max_tokens=20, seed=seed))

    assert write(3) == write(3)
    assert len({write(seed) for seed in range(5)}) > 1


def test_the_end_token_ends_the_text(tmp_path, models_home):
    whole = "".join(
        load_generator(str(save_llama(tmp_path / "a")), cache=models_home).stream(CHAT, max_tokens=6, seed=1)
    )
    # Every token is an end token for this one.
    ended = load_generator(str(save_llama(tmp_path / "b", eos_token_id=list(range(258)))), cache=models_home)

    assert whole
    assert list(ended.stream(CHAT, max_tokens=6, seed=1)) == []


def test_characters_of_several_bytes_come_whole(tmp_path, models_home):
    generator = load_generator(str(save_llama(tmp_path, do_sample=True, temperature=5.0)), cache=models_home)

    pieces = [piece for seed in range(5) for piece in generator.stream(CHAT, max_tokens=40, seed=seed)]

    assert all(pieces)
    assert not any(piece.endswith("\ufffd") for piece in pieces)


def test_a_prompt_longer_than_the_window_is_refused(tiny_llama, models_home):
    generator = load_generator(str(tiny_llama), cache=models_home)

    with pytest.raises(ModelError, match="of at most 256") as caught:
        next(generator.stream([ChatMessage("user", "x" * 300)], max_tokens=5, seed=1))

    assert "answer.passages" in caught.value.hint


def test_the_text_ends_with_the_window(tiny_llama, models_home):
    generator = load_generator(str(tiny_llama), cache=models_home)
    prompt = len("<user>  <assistant> ")

    pieces = list(generator.stream([ChatMessage("user", "x" * (254 - prompt))], max_tokens=50, seed=1))

    assert len(pieces) <= 2


def test_a_template_that_refuses_system_messages_gets_them_with_the_question(tmp_path, models_home):
    strict = (
        "{% for m in messages %}{% if m['role'] == 'system' %}{{ raise_exception('no system') }}{% endif %}"
        "<{{ m['role'] }}>{{ m['content'] }}{% endfor %}"
    )
    generator = load_generator(str(save_llama(tmp_path, template=strict)), cache=models_home)

    assert generator._prompt(CHAT) == "<user>Be brief.\n\nCafé?"


def test_a_template_that_refuses_everything_is_named(tmp_path, models_home):
    folder = save_llama(tmp_path, template="{{ raise_exception('never') }}")

    with pytest.raises(ModelError, match="refuses the messages"):
        next(load_generator(str(folder), cache=models_home).stream(CHAT, max_tokens=5, seed=1))


def test_a_model_without_a_template_gets_a_plain_form(tmp_path, models_home):
    generator = load_generator(str(save_llama(tmp_path)), cache=models_home)

    assert generator._prompt(CHAT) == _plain(CHAT) == "Be brief.\n\nUser: Café?\n\nAssistant:"
    assert "".join(generator.stream(CHAT, max_tokens=8, seed=1))


def test_merging_keeps_the_order_of_the_messages():
    chat = [*CHAT, ChatMessage("assistant", "Yes."), ChatMessage("user", "Why?")]

    assert [message.role for message in _merged(chat)] == ["user", "assistant", "user"]


def test_a_model_that_writes_nothing_is_refused(tmp_path, models_home):
    save_bert(tmp_path, seed=1)
    edit_json(tmp_path / "config.json", model_type="no_such_model")

    with pytest.raises(ModelError, match="'generator' cannot load"):
        load_generator(str(tmp_path), cache=models_home)


def test_quoting_needs_no_generator(models_home):
    assert load_generator("bundled:quoted", cache=models_home) is None
    with pytest.raises(ModelError, match="no bundled model 'other'"):
        load_generator("bundled:other", cache=models_home)
