"""Models for the tests: tiny ones with random weights that are made and saved here."""

from __future__ import annotations

import json

import pytest

WORDS = (
    "the a router light is red green blue when firmware update fails restart press button hold seconds network cable "
    "who what where how does warranty cover return refund days office in lisbon opened 2019 error code hx ##s ##ing "
    "user assistant system : . , ? ! yes no answer question"
).split()
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
TEMPLATE = (
    "{% for m in messages %}<{{ m['role'] }}> {{ m['content'] }} {% endfor %}"
    "{% if add_generation_prompt %}<assistant> {% endif %}"
)


@pytest.fixture(scope="session")
def models_home(tmp_path_factory):
    """A home's ``models`` folder."""
    return tmp_path_factory.mktemp("home") / "models"


@pytest.fixture(scope="session")
def tiny_sentence_bert(tmp_path_factory):
    """A folder with a tiny BERT sentence encoder, saved by SentenceTransformer."""
    return save_sentence_transformer(tmp_path_factory.mktemp("tiny-bert"), normalized=True)


@pytest.fixture(scope="session")
def tiny_projected_bert(tmp_path_factory):
    """A folder with a sentence encoder that is no plain one: a dense layer follows its pooling."""
    return save_sentence_transformer(tmp_path_factory.mktemp("tiny-dense"), projected=True)


@pytest.fixture(scope="session")
def tiny_cross_encoder(tmp_path_factory):
    """A folder with a tiny cross-encoder, saved by CrossEncoder."""
    return save_cross_encoder(tmp_path_factory.mktemp("tiny-cross"), n_scores=1)


@pytest.fixture(scope="session")
def tiny_llama(tmp_path_factory):
    """A folder with a tiny causal language model whose tokenizer has a chat template."""
    return save_llama(tmp_path_factory.mktemp("tiny-llama"), template=TEMPLATE)


def save_sentence_transformer(folder, *, normalized=False, projected=False, max_tokens=24):
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Normalize, Pooling, Transformer

    save_bert(folder / "backbone", seed=1, positions=max_tokens + 8)
    transformer = Transformer(str(folder / "backbone"), max_seq_length=max_tokens)
    modules = [transformer, Pooling(transformer.get_embedding_dimension(), "mean")]
    torch.manual_seed(2)
    modules += [Dense(32, 16)] if projected else []
    modules += [Normalize()] if normalized else []
    SentenceTransformer(modules=modules, device="cpu").save(str(folder / "model"))
    return folder / "model"


def save_cross_encoder(folder, *, n_scores):
    from sentence_transformers import CrossEncoder
    from transformers import BertForSequenceClassification

    save_bert(folder, seed=3, kind=BertForSequenceClassification, num_labels=n_scores)
    CrossEncoder(str(folder), device="cpu", local_files_only=True).save_pretrained(str(folder / "model"))
    return folder / "model"


def save_bert(folder, *, seed, kind=None, positions=32, **choices):
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    vocabulary = {word: i for i, word in enumerate([*SPECIAL, *WORDS])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        unk_token="[UNK]",
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_max_length=positions,
    ).save_pretrained(folder)
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=48,
        max_position_embeddings=positions,
        # Random weights as spread as trained ones, so that texts differ.
        initializer_range=0.3,
        **choices,
    )
    (kind or BertModel)(config).eval().save_pretrained(folder)


def save_llama(folder, *, template=None, seed=4, **choices):
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: i for i, token in enumerate(["<s>", "</s>", *letters])}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>")
    fast.chat_template = template
    fast.save_pretrained(folder)
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=256,
        bos_token_id=0,
        eos_token_id=1,
        initializer_range=0.3,
        tie_word_embeddings=False,
    )
    model = LlamaForCausalLM(config).eval()
    for name, value in choices.items():
        setattr(model.generation_config, name, value)
    model.save_pretrained(folder)
    return folder


def edit_json(path, **changes):
    """Change keys of a JSON file."""
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
