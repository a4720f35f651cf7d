"""A workspace joins models and stores, refuses settings that do not fit each other, and lets go of all it opened."""

from __future__ import annotations

import threading

import pytest

from rag.errors import ModelError
from rag.settings import Settings
from rag.wiring import open_workspace

SERVER = "openai:http://127.0.0.1:9/v1#small"


def settings(tmp_path, **groups):
    models = {"runtime": "torch-float32", "threads": 1, **groups.pop("models", {})}
    return Settings(home=tmp_path / "home", models=models, **groups)


def test_closing_ends_every_model(tmp_path):
    before = set(threading.enumerate())
    with open_workspace(settings(tmp_path, models={"generator": SERVER})) as workspace:
        loaded = [workspace.embedder, workspace.reranker, workspace.verifier, workspace.generator]
        begun = {thread.name for thread in threading.enumerate() if thread not in before}
        assert {"embedding", "reader", "verifier"} <= begun
    left = {thread.name for thread in threading.enumerate() if thread not in before}
    assert not {"embedding", "reader", "verifier"} & left
    assert loaded[-1]._client.is_closed
    with pytest.raises(ModelError, match="closed"):
        loaded[0].embed(["red"])
