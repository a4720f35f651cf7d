"""The models that the contracts run against, made in `tests.rag.models.conftest`."""

from tests.rag.models.conftest import (
    models_home,
    tiny_cross_encoder,
    tiny_llama,
    tiny_projected_bert,
    tiny_sentence_bert,
)

__all__ = [
    "models_home",
    "tiny_cross_encoder",
    "tiny_llama",
    "tiny_projected_bert",
    "tiny_sentence_bert",
]
