"""Tiny encoders with random weights, and toy sets: everything here trains in seconds."""

from __future__ import annotations

import json
import shutil
import sys

import pytest

from rag.cli import main
from rag.models.bundled import bundled_folder

TOWNS = "Lisbon Porto Faro Braga Evora Lagos Sintra Tavira Beja Leiria Aveiro Viseu".split()
CODES = "amber cobalt silver violet crimson indigo scarlet emerald ivory copper bronze olive".split()


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """A folder with a BERT of two layers of 32, and the real tokenizer."""
    return save_tiny(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def tokenizer(tiny):
    from tokenizers import Tokenizer

    loaded = Tokenizer.from_file(str(tiny / "tokenizer.json"))
    loaded.no_padding()
    loaded.no_truncation()
    return loaded


@pytest.fixture
def codes(tmp_path):
    """A labelled set of a team: 24 documents, each with the code word of its station."""
    return write_codes(tmp_path / "codes")


@pytest.fixture(scope="module")
def toys(tmp_path_factory):
    """A labelled set, and a home that keeps its index."""
    folder = tmp_path_factory.mktemp("toys")
    write_codes(folder / "codes")
    return folder


@pytest.fixture
def footnote(monkeypatch, capsys, toys):
    monkeypatch.setenv("FOOTNOTE_MODELS__RUNTIME", "torch-float32")
    monkeypatch.setenv("FOOTNOTE_MODELS__THREADS", "1")

    def run(*arguments, status=0):
        monkeypatch.setattr(sys, "argv", ["footnote", "train", *map(str, arguments), "--home", str(toys / "home")])
        try:
            main()
        except SystemExit as ended:
            code = ended.code
        printed = capsys.readouterr()
        assert status is None or code == status, printed.err
        return printed

    return run


def save_tiny(folder, *, seed=1, layers=2):
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(seed)
    config = BertConfig(
        hidden_size=32,
        num_hidden_layers=layers,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=256,
        # As spread as trained weights, so that texts differ.
        initializer_range=0.2,
    )
    BertModel(config, add_pooling_layer=False).eval().save_pretrained(folder)
    shutil.copyfile(bundled_folder("all-MiniLM-L6-v2", slot="embedding") / "tokenizer.json", folder / "tokenizer.json")
    return folder


def write_codes(folder, *, n=24):
    stations = [
        (f"{town} station {n}", CODES[(place + 5 * n) % 12]) for n in (1, 2) for place, town in enumerate(TOWNS)
    ]
    corpus = [
        {
            "_id": f"d{place}",
            "title": name,
            "text": f"The station was opened in {1900 + place}. The code word of {name} is {code}. "
            f"Nobody may enter without it after {place % 12 + 1} in the evening.",
        }
        for place, (name, code) in enumerate(stations[:n])
    ]
    queries = [
        {"_id": f"q{place}", "text": f"What is the code word of {name}?", "metadata": {"answers": [code]}}
        for place, (name, code) in enumerate(stations[:n])
    ]
    queries.append({"_id": "none", "text": "Who owns the harbour?", "metadata": {"answerable": False}})
    write_lines(folder / "corpus.jsonl", corpus)
    write_lines(folder / "queries.jsonl", queries)
    lines = ["query-id\tcorpus-id\tscore", *(f"q{place}\td{place}\t1" for place in range(n))]
    (folder / "qrels").mkdir()
    (folder / "qrels" / "test.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def write_lines(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def save_reader(tiny, folder, *, seed=9, max_tokens=64):
    """Write a reader with random heads, and with what the 8-bit arithmetic needs, which is no part of the network."""
    import torch

    from rag.training.networks.export import export
    from rag.training.networks.reader import ReaderNetwork

    torch.manual_seed(seed)
    network, pairs = ReaderNetwork(tiny), [((101, 2054, 102, 2023, 102), 3)]
    export(network, tiny, folder, kind="reader", max_tokens=max_tokens, examples=pairs)
    return network
