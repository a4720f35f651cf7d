"""The embedding model fine-tuned on triples."""

import pytest
import torch
from sentence_transformers import SentenceTransformer

from rag.training.examples.shapes import Triple
from rag.training.networks.embedding import train_embedding
from tests.rag.models.conftest import WORDS, save_sentence_transformer

# Each question with the passage of quite other words that answers it.
TRIPLES = [
    Triple(f"what {WORDS[n]} {WORDS[n + 1]}", f"{WORDS[-n - 2]} {WORDS[-n - 3]}", f"{WORDS[n]} {WORDS[n + 1]} the")
    for n in range(12)
]


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    torch.set_num_threads(1)
    return save_sentence_transformer(tmp_path_factory.mktemp("base"), normalized=True)


def preferred(folder):
    """Return how many questions are nearer to their passage than to what only seems to answer."""
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    asked, right, wrong = (
        model.encode([getattr(each, part) for each in TRIPLES], show_progress_bar=False)
        for part in ("question", "right", "wrong")
    )
    return int(((asked * right).sum(1) > (asked * wrong).sum(1)).sum())


def run(base, folder, checkpoints, *, steps=40, told=None):
    return train_embedding(
        TRIPLES,
        base,
        folder,
        steps=steps,
        learning_rate=5e-3,
        seed=1,
        checkpoints=checkpoints,
        on_progress=lambda *step: told.append(step) if told is not None else None,
    )


def test_questions_move_to_their_passages_and_away_from_what_seems_to_answer(base, tmp_path):
    told = []
    assert run(base, tmp_path / "model", tmp_path / "checkpoints", told=told) == 40
    assert preferred(base) < 8
    assert preferred(tmp_path / "model") == len(TRIPLES)
    assert told[-1] == (40, 40)


def test_a_finished_training_is_only_loaded(base, tmp_path):
    run(base, tmp_path / "one", tmp_path / "checkpoints", steps=4)
    told = []
    run(base, tmp_path / "two", tmp_path / "checkpoints", steps=4, told=told)
    one, two = (
        SentenceTransformer(str(tmp_path / name), device="cpu", local_files_only=True) for name in ("one", "two")
    )
    text = TRIPLES[0].question
    assert one.encode(text, show_progress_bar=False) == pytest.approx(
        two.encode(text, show_progress_bar=False), abs=1e-6
    )
    assert told == []


def test_two_passes_are_made_where_no_steps_are_given(base, tmp_path):
    assert run(base, tmp_path / "model", tmp_path / "checkpoints", steps=0) == 2
