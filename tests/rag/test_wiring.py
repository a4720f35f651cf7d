"""A workspace joins models and stores, refuses settings that do not fit each other, and lets go of all it opened."""

from __future__ import annotations

import pytest

from rag.errors import ModelError, SettingsError
from rag.settings import Settings
from rag.wiring import open_workspace

SERVER = "openai:http://127.0.0.1:9/v1#small"


def settings(tmp_path, **groups):
    models = {"runtime": "torch-float32", "threads": 1, **groups.pop("models", {})}
    return Settings(home=tmp_path / "home", models=models, **groups)


@pytest.mark.usefixtures("own_models")
def test_closing_ends_every_model(tmp_path):
    with open_workspace(settings(tmp_path, models={"generator": SERVER})) as workspace:
        embedder, reranker, verifier = workspace.embedder, workspace.reranker, workspace.verifier
        server = workspace.generator
        assert reranker.score("who is red", ["red"]).shape == (1,)
    assert server._client.is_closed
    for use in (
        lambda: embedder.embed(["red"]),
        lambda: reranker.score("who is blue", ["blue"]),
        lambda: reranker._reader.read("who is blue", ["blue"]),
        lambda: verifier.support(["It is red."], ["The light is blue today."]),
    ):
        with pytest.raises(ModelError, match="closed"):
            use()


def test_passages_longer_than_the_embedding_model_reads_are_refused(tmp_path):
    with open_workspace(settings(tmp_path, chunk={"budget_tokens": 255})) as workspace:
        for read in (lambda: workspace.recipe, lambda: workspace.index):
            with pytest.raises(SettingsError, match=r"'chunk\.budget_tokens' is 255.*at most 254"):
                read()


def test_passages_as_long_as_the_embedding_model_reads_are_taken(tmp_path):
    with open_workspace(settings(tmp_path, chunk={"budget_tokens": 254})) as workspace:
        assert "budget_tokens=254" in workspace.recipe.chunker
