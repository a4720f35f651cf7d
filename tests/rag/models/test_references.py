from pathlib import Path

import pytest

from rag.errors import ModelError
from rag.models.references import parse


@pytest.mark.parametrize(
    ("text", "slot", "kind", "name", "revision", "url"),
    [
        ("bundled:all-MiniLM-L6-v2", "embedding", "bundled", "all-MiniLM-L6-v2", "", ""),
        ("hf:org/name.v2@abc123", "reranker", "hub", "org/name.v2", "abc123", ""),
        ("hf:org/name", "reranker", "hub", "org/name", "main", ""),
        ("/models/mine", "embedding", "folder", "/models/mine", "", ""),
        ("C:/models/mine", "embedding", "folder", "C:/models/mine", "", ""),
        ("openai:http://127.0.0.1:8000/v1/#a/b:7b", "generator", "openai", "a/b:7b", "", "http://127.0.0.1:8000/v1"),
    ],
)
def test_a_reference_is_taken_apart(text, slot, kind, name, revision, url):
    reference = parse(text, slot=slot)

    assert (reference.text, reference.kind, reference.name) == (text, kind, name)
    assert (reference.revision, reference.url) == (revision, url)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "bundled:", "hf:", "hf:name", "hf:a/b/c", "hf:../b@x y"),
        *("openai:", "openai:http://h", "openai:h#m", "openai:http://[::1/v1#m"),
    ],
)
def test_a_malformed_reference_names_the_slot_and_the_forms(text):
    with pytest.raises(ModelError, match="'generator'") as caught:
        parse(text, slot="generator")

    assert "hf:ORG/NAME@REVISION" in caught.value.hint


@pytest.mark.parametrize("who", ["ann:secret", ":secret", "secret"])
def test_a_server_is_not_named_with_a_password_which_receipts_would_hold(who):
    with pytest.raises(ModelError, match=r"'models\.example' is named with a user or a password") as caught:
        parse(f"openai:https://{who}@models.example/v1#m", slot="generator")

    assert "secret" not in str(caught.value)


def test_only_the_generator_may_be_a_server():
    with pytest.raises(ModelError, match="only the generator"):
        parse("openai:http://127.0.0.1/v1#m", slot="embedding")


def test_a_pulled_model_lies_below_the_cache():
    folder = parse("hf:org/name@refs/pr/1", slot="embedding").folder(Path("/home/models"))

    assert folder == Path("/home/models/hub/org--name@refs--pr--1")
