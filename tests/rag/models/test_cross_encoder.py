import numpy as np
import pytest

from rag.errors import ModelError
from rag.models.reranking import load_reranker
from tests.rag.models.conftest import edit_json, save_bert, save_cross_encoder

QUESTION = "when is the light red ?"
PASSAGES = ["the firmware update fails .", "a refund", "red " * 40]


def test_scores_are_those_of_the_model(tiny_cross_encoder, minilm, models_home):
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(str(tiny_cross_encoder), device="cpu", local_files_only=True)
    expected = model.predict([(QUESTION, passage) for passage in PASSAGES])
    reranker = load_reranker(str(tiny_cross_encoder), embedder=minilm, cache=models_home)

    # The reranker may compute in bfloat16, whose numbers have three digits.
    np.testing.assert_allclose(reranker.score(QUESTION, PASSAGES), expected, atol=0.02)
    reranker.close()


def test_scores_lie_between_zero_and_one_whatever_function_the_model_brings(tmp_path, minilm, models_home):
    import torch
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(str(save_cross_encoder(tmp_path, n_scores=1)), device="cpu", local_files_only=True)
    pairs = [(QUESTION, passage) for passage in PASSAGES]
    expected = model.predict(pairs)
    model.activation_fn = torch.nn.Identity()
    model.save_pretrained(str(tmp_path / "logits"))
    assert not ((model.predict(pairs) > 0) & (model.predict(pairs) < 1)).all()
    reranker = load_reranker(str(tmp_path / "logits"), embedder=minilm, cache=models_home)

    scores = reranker.score(QUESTION, PASSAGES)

    reranker.close()
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores, expected, atol=0.02)


def test_a_classifier_is_no_reranker(tmp_path, minilm, models_home):
    folder = save_cross_encoder(tmp_path, n_scores=3)

    with pytest.raises(ModelError, match="gives 3"):
        load_reranker(str(folder), embedder=minilm, cache=models_home)


def test_another_architecture_is_refused(tmp_path, minilm, models_home):
    save_bert(tmp_path, seed=1)
    edit_json(tmp_path / "config.json", model_type="no_such_model")

    with pytest.raises(ModelError, match="'reranker' cannot load"):
        load_reranker(str(tmp_path), embedder=minilm, cache=models_home)
