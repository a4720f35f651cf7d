import hashlib
import shutil

import pytest

from rag.errors import HashMismatch, ModelError
from rag.models import bundled
from rag.models.bundled import bundled_folder
from rag.models.listing import describe
from rag.models.references import parse
from rag.models.weights import MANIFEST, locate, weights_sha256

MINILM = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def test_the_bundled_weights_are_the_published_ones(tmp_path):
    folder, sha256 = locate(parse("bundled:all-MiniLM-L6-v2", slot="embedding"), slot="embedding", cache=tmp_path)

    assert sha256 == MINILM
    assert hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest() == MINILM


def test_other_weights_under_a_bundled_name_are_refused(tmp_path, monkeypatch, tiny_sentence_bert):
    package = tmp_path / "carried"
    shutil.copytree(tiny_sentence_bert, package / "model")
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    entry = bundled.BundledModel(slot="embedding", package="carried", folder="model", sha256=MINILM)
    monkeypatch.setitem(bundled.BUNDLED, "other", entry)

    with pytest.raises(HashMismatch) as caught:
        locate(parse("bundled:other", slot="embedding"), slot="embedding", cache=tmp_path)

    for part in ("'embedding'", "model.safetensors", MINILM, weights_sha256(package / "model")):
        assert part in str(caught.value)


def test_a_package_that_is_not_installed_is_named(monkeypatch):
    entry = bundled.BundledModel(slot="embedding", package="not_there", sha256=MINILM, hub="hf:org/same")
    monkeypatch.setitem(bundled.BUNDLED, "absent", entry)

    with pytest.raises(ModelError, match="'not-there' is not installed") as caught:
        bundled_folder("absent", slot="embedding")

    assert "models pull embedding" in caught.value.hint


def test_a_bundled_model_without_weights_is_named_with_one_that_has_some():
    with pytest.raises(ModelError, match="bundled:late-interaction has no weights") as caught:
        bundled_folder("late-interaction", slot="reranker")
    assert "bundled:reader" in caught.value.hint


def test_an_unknown_bundled_name_lists_the_known_ones(tmp_path):
    with pytest.raises(ModelError, match="no bundled model 'bge'") as caught:
        locate(parse("bundled:bge", slot="embedding"), slot="embedding", cache=tmp_path)

    assert "bundled:all-MiniLM-L6-v2" in caught.value.hint


@pytest.mark.parametrize("missing", ["model.safetensors", "config.json"])
def test_a_missing_file_is_named(tmp_path, tiny_sentence_bert, missing):
    folder = tmp_path / "model"
    shutil.copytree(tiny_sentence_bert, folder)
    (folder / missing).unlink()
    if missing == "config.json":
        (folder / "modules.json").unlink()

    with pytest.raises(ModelError, match=missing):
        locate(parse(str(folder), slot="embedding"), slot="embedding", cache=tmp_path)


def test_a_hub_model_that_was_not_pulled_says_how(tmp_path):
    with pytest.raises(ModelError, match="there is no folder") as caught:
        locate(parse("hf:org/name@main", slot="reranker"), slot="reranker", cache=tmp_path)

    assert caught.value.hint == "Run 'footnote models pull reranker'."


def test_a_pulled_model_that_changed_is_refused(tmp_path, tiny_sentence_bert):
    reference = parse("hf:org/name@main", slot="embedding")
    folder = reference.folder(tmp_path)
    shutil.copytree(tiny_sentence_bert, folder)
    (folder / MANIFEST).write_text(f'{{"sha256": "{weights_sha256(folder)}"}}')
    assert locate(reference, slot="embedding", cache=tmp_path)[0] == folder

    with (folder / "model.safetensors").open("ab") as file:
        file.write(b"x")

    with pytest.raises(HashMismatch):
        locate(reference, slot="embedding", cache=tmp_path)


def test_the_hash_of_several_files_depends_on_names_and_contents(tmp_path):
    (tmp_path / "a.safetensors").write_bytes(b"1")
    (tmp_path / "b.safetensors").write_bytes(b"2")
    first = weights_sha256(tmp_path)

    (tmp_path / "a.safetensors").write_bytes(b"2")
    (tmp_path / "b.safetensors").write_bytes(b"1")

    assert weights_sha256(tmp_path) != first


def test_the_list_shows_where_a_model_is_and_its_hash(tmp_path):
    shown = describe("bundled:all-MiniLM-L6-v2", slot="embedding", cache=tmp_path)

    assert shown["present"] is True
    assert (shown["kind"], shown["bytes"], shown["sha256"]) == ("bundled", 90868376, MINILM)


@pytest.mark.parametrize(
    ("ref", "slot", "present"),
    [
        ("bundled:quoted", "generator", True),
        ("hf:org/name@main", "generator", False),
        ("/no/such/folder", "reranker", False),
        ("openai:http://127.0.0.1/v1#m", "generator", True),
    ],
)
def test_the_list_shows_models_without_weights_here(tmp_path, ref, slot, present):
    shown = describe(ref, slot=slot, cache=tmp_path)

    assert (shown["present"], shown["bytes"], shown["sha256"], shown["path"]) == (present, None, None, None)
