"""The embedding model fine-tuned on a team's own questions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset, disable_progress_bars  # type: ignore[import-untyped]
from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from sentence_transformers.sentence_transformer.model_card import SentenceTransformerModelCardData
from sentence_transformers.sentence_transformer.training_args import SentenceTransformerTrainingArguments
from transformers import PrinterCallback
from transformers.utils import logging

from rag.training.examples.shapes import Triple
from rag.training.networks.fit import Told, Watched, last_checkpoint, steps_of

_BATCH = 32
_MOST_EVERY = 200


def train_embedding(
    triples: Sequence[Triple],
    base: Path,
    folder: Path,
    *,
    steps: int,
    learning_rate: float,
    seed: int,
    checkpoints: Path,
    on_progress: Told,
) -> int:
    """Train an embedding model and write it to a folder; return its steps.

    Each question is drawn towards its passage and away from its wrong one and those of the other questions of a batch.

    Args:
        triples: To learn from.
        base: Folder of the model to begin with.
        folder: Where to write the model.
        steps: Batches in all; 0 takes two passes over the triples.
        learning_rate: At its height.
        seed: Of every choice.
        checkpoints: Of this very training; it goes on from the last one.
        on_progress: Told of steps done, of how many.

    Source:
        Henderson et al. 2017, https://arxiv.org/abs/1705.00652 (multiple negatives ranking).
    """
    disable_progress_bars()
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.manual_seed(seed)
    graphics = torch.cuda.is_available()
    # The library's card is not written, so nothing need be gathered for it.
    card = SentenceTransformerModelCardData(generate_widget_examples=False)
    device = None if graphics else "cpu"
    model = SentenceTransformer(str(base), device=device, local_files_only=True, model_card_data=card)
    batch = min(_BATCH, len(triples))
    steps = steps or max(1, 2 * len(triples) // batch)
    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(checkpoints),
        max_steps=steps,
        learning_rate=learning_rate,
        warmup_steps=max(1, steps // 10),
        per_device_train_batch_size=batch,
        # A passage that is another question's right one in the same batch would count as wrong.
        batch_sampler="no_duplicates",
        save_steps=min(_MOST_EVERY, max(1, steps // 5)),
        save_total_limit=2,
        seed=seed,
        use_cpu=not graphics,
        bf16=graphics,
        dataloader_pin_memory=graphics,
        report_to=[],
        disable_tqdm=True,
    )
    trainer: Any = SentenceTransformerTrainer(
        model=model, args=arguments, train_dataset=_rows(triples), loss=MultipleNegativesRankingLoss(model)
    )
    trainer.remove_callback(PrinterCallback)
    trainer.add_callback(Watched(on_progress))
    last = last_checkpoint(checkpoints)
    if last and steps_of(last) >= steps:
        # The library would take one step more.
        model = SentenceTransformer(str(last), device="cpu", local_files_only=True)
    else:
        trainer.train(resume_from_checkpoint=str(last) if last else None)
    model.save(str(folder), create_model_card=False)
    return steps


def _rows(triples: Sequence[Triple]) -> Dataset:
    return Dataset.from_dict(
        {
            "anchor": [each.question for each in triples],
            "positive": [each.right for each in triples],
            "negative": [each.wrong for each in triples],
        }
    )
