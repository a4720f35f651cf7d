import subprocess
import sys

import numpy as np
import pytest

from rag.errors import ModelError
from rag.models.embedding import load_embedder
from tests.rag.models.conftest import SPECIAL, WORDS, edit_json, save_bert, save_sentence_transformer

TEXTS = ["the light is red", "when does the warranty cover a return ?", "red", "a refund in 2019 . " * 9]


@pytest.fixture(scope="module")
def reference(tiny_sentence_bert):
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(tiny_sentence_bert), device="cpu", local_files_only=True)


def test_the_lean_model_agrees_with_sentence_transformer(reference, tiny_sentence_bert, models_home):
    with load_embedder(str(tiny_sentence_bert), runtime="torch-float32", cache=models_home) as embedder:
        np.testing.assert_allclose(embedder.embed(TEXTS), reference.encode(TEXTS), atol=1e-5)
        states = reference.encode([TEXTS[0]], output_value="token_embeddings")[0][1:-1].numpy()
        tokens = embedder.token_vectors([TEXTS[0]])[0].vectors
    np.testing.assert_allclose(tokens, states / np.linalg.norm(states, axis=1, keepdims=True), atol=1e-5)


def test_first_token_pooling_agrees_with_sentence_transformer(tmp_path, models_home):
    from sentence_transformers import SentenceTransformer

    folder = save_sentence_transformer(tmp_path)
    edit_json(next(folder.glob("*Pooling/config.json")), pooling_mode="cls")
    expected = SentenceTransformer(str(folder), device="cpu", local_files_only=True).encode(
        TEXTS, normalize_embeddings=True
    )

    with load_embedder(str(folder), runtime="torch-float32", cache=models_home) as embedder:
        np.testing.assert_allclose(embedder.embed(TEXTS), expected, atol=1e-5)


def test_a_model_that_is_no_plain_one_runs_through_sentence_transformer(tiny_projected_bert, models_home):
    from sentence_transformers import SentenceTransformer

    expected = SentenceTransformer(str(tiny_projected_bert), device="cpu", local_files_only=True).encode(
        TEXTS, normalize_embeddings=True
    )

    with load_embedder(str(tiny_projected_bert), runtime="torch-float32", cache=models_home) as embedder:
        assert embedder.dimension == 16
        np.testing.assert_allclose(embedder.embed(TEXTS), expected, atol=1e-5)


def test_a_plain_model_with_torch_weights_alone_runs_through_sentence_transformer(tmp_path, models_home):
    import torch
    from safetensors.torch import load_file

    folder = save_sentence_transformer(tmp_path)
    with load_embedder(str(folder), runtime="torch-float32", cache=models_home) as embedder:
        expected = embedder.embed(TEXTS)
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()

    with load_embedder(str(folder), runtime="torch-float32", cache=models_home) as embedder:
        np.testing.assert_allclose(embedder.embed(TEXTS), expected, atol=1e-5)


def test_a_plain_model_without_a_fast_tokenizer_gets_it_from_its_words(tmp_path, models_home):
    folder = save_sentence_transformer(tmp_path)
    with load_embedder(str(folder), runtime="torch-float32", cache=models_home) as embedder:
        expected = embedder.embed(TEXTS)
    (folder / "tokenizer.json").unlink()
    (folder / "vocab.txt").write_text("\n".join([*SPECIAL, *WORDS]), encoding="utf-8")
    edit_json(folder / "tokenizer_config.json", tokenizer_class="BertTokenizer")

    with load_embedder(str(folder), runtime="torch-float32", cache=models_home) as embedder:
        np.testing.assert_allclose(embedder.embed(TEXTS), expected, atol=1e-5)


@pytest.mark.parametrize(("runtime", "least"), [("torch-bfloat16", 0.9995), ("torch-int8", 0.995)])
def test_faster_runtimes_agree_with_the_exact_one(minilm, models_home, runtime, least):
    texts = [
        "How long does the warranty of a router last?",
        "The light blinks red while the firmware is updated. " * 12,
    ]

    with load_embedder("bundled:all-MiniLM-L6-v2", runtime=runtime, cache=models_home) as embedder:
        cosines = (embedder.embed(texts) * minilm.embed(texts)).sum(axis=1)

    assert cosines.min() > least


def test_the_bundled_model_knows_what_is_meant(minilm):
    question, answer, other = minilm.embed(
        ["How do I get my money back?", "Refunds are paid within 14 days.", "The light blinks red."]
    )

    assert question @ answer > question @ other + 0.2


def test_an_unknown_runtime_lists_the_known_ones(models_home):
    with pytest.raises(ModelError, match="'onnx'") as caught:
        load_embedder("bundled:all-MiniLM-L6-v2", runtime="onnx", cache=models_home)

    assert "torch-bfloat16" in caught.value.hint


def test_a_folder_of_another_architecture_is_refused(tmp_path, models_home):
    save_bert(tmp_path, seed=1)
    edit_json(tmp_path / "config.json", model_type="no_such_model")

    with pytest.raises(ModelError, match="'embedding' cannot load"):
        load_embedder(str(tmp_path), runtime="torch-float32", cache=models_home)


def test_weights_that_do_not_fit_the_configuration_are_refused(tmp_path, models_home):
    folder = save_sentence_transformer(tmp_path)
    edit_json(folder / "config.json", num_hidden_layers=3)

    with pytest.raises(ModelError, match=r"encoder\.layer\.2"):
        load_embedder(str(folder), runtime="torch-float32", cache=models_home)


def test_damaged_weights_are_refused(tmp_path, models_home):
    folder = save_sentence_transformer(tmp_path)
    (folder / "model.safetensors").write_bytes(b"not weights")

    with pytest.raises(ModelError, match="damaged"):
        load_embedder(str(folder), runtime="torch-float32", cache=models_home)


def test_a_closed_model_says_so(tiny_sentence_bert, models_home):
    embedder = load_embedder(str(tiny_sentence_bert), runtime="torch-float32", cache=models_home)
    embedder.close()

    with pytest.raises(ModelError, match="closed"):
        embedder.embed(["red"])


OFFLINE = """
import socket, sys
from pathlib import Path

def refuse(*arguments, **choices):
    raise PermissionError("a socket was opened")

socket.socket.__init__ = socket.getaddrinfo = socket.create_connection = refuse
try:
    socket.socket()
except PermissionError:
    pass
else:
    sys.exit("the refusal does not work")

from rag.models.embedding import load_embedder

for ref in ("bundled:all-MiniLM-L6-v2", sys.argv[1]):
    with load_embedder(ref, cache=Path(sys.argv[2])) as embedder:
        assert embedder.embed(["red"]).shape == (1, embedder.dimension)
        assert embedder.token_vectors(["red"])[0].ids
"""


def test_loading_and_embedding_open_no_socket(tiny_projected_bert, tmp_path):
    arguments = [sys.executable, "-c", OFFLINE, str(tiny_projected_bert), str(tmp_path)]

    run = subprocess.run(arguments, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stderr


def test_importing_the_models_loads_no_heavy_library():
    script = (
        "import importlib, pkgutil, sys, rag.models\n"
        "for module in pkgutil.iter_modules(rag.models.__path__):\n"
        "    importlib.import_module(f'rag.models.{module.name}')\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'huggingface_hub', 'httpx'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stderr
