"""Train a network over prepared batches, with checkpoints to go on from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.utils.data import Dataset
from transformers import PrinterCallback, Trainer, TrainerCallback, TrainerState, TrainingArguments
from transformers.trainer import TRAINER_STATE_NAME
from transformers.trainer_utils import PREFIX_CHECKPOINT_DIR
from transformers.utils import SAFE_WEIGHTS_NAME

Collate = Callable[[Any], dict[str, Tensor]]
Measure = Callable[[nn.Module], Mapping[str, float]]
Told = Callable[[int, int], None]
_MEASURED = "eval_"
# Processes that make batches for a graphics card.
_WORKERS = 8


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast.

    The learning rate rises, stays, and falls at the end, so that a training that goes on need not have known at its
    beginning how long it would be.

    Args:
        steps: Batches in all, those before a checkpoint counted.
        learning_rate: At its height.
        warmup: Steps of the rise.
        decay: Steps of the fall to nothing, the last ones.
        every: Steps between checkpoints, each with its measurement.
        seed: Of the order of the batches.

    Source:
        Hu et al. 2024, MiniCPM, https://arxiv.org/abs/2404.06395 (warmup, stable, decay).
    """

    steps: int
    learning_rate: float
    warmup: int
    decay: int
    every: int
    seed: int


class _Prepared(Dataset[dict[str, Tensor]]):
    def __init__(self, batches: Sequence[Any], collate: Collate) -> None:
        self._batches = batches
        self._collate = collate

    def __len__(self) -> int:
        return len(self._batches)

    def __getitem__(self, place: int) -> dict[str, Tensor]:
        return self._collate(self._batches[place])


class _Measured(TrainerCallback):
    """Measures at every checkpoint and logs what it found."""

    def __init__(self, network: nn.Module, measure: Measure, every: int) -> None:
        self._network = network
        self._measure = measure
        self._every = every
        self.trainer: Trainer | None = None

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ANN401, ARG002 - the library's
        if (state.global_step % self._every == 0 or state.global_step == state.max_steps) and self.trainer is not None:
            self._network.eval()
            with torch.inference_mode():
                found = self._measure(self._network)
            self._network.train()
            # Logging here would count as the log of this step, and its training loss would be left out.
            wanted = control.should_log
            self.trainer.log({f"{_MEASURED}{name}": round(value, 4) for name, value in found.items()})
            control.should_log = wanted


class Watched(TrainerCallback):
    """Tells of steps done, of how many."""

    def __init__(self, on_progress: Told) -> None:
        self._on_progress = on_progress

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ANN401, ARG002 - the library's
        """Tell where a training that goes on begins."""
        self._on_progress(state.global_step, state.max_steps)

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ANN401, ARG002 - the library's
        """Tell of a step."""
        self._on_progress(state.global_step, state.max_steps)


def fit(
    network: nn.Module,
    batches: Sequence[Any],
    collate: Collate,
    schedule: Schedule,
    *,
    folder: Path,
    measure: Measure,
    on_progress: Told | None = None,
) -> list[dict[str, float]]:
    """Train a network in place; a run that was stopped goes on from its last checkpoint.

    Args:
        network: Its forward pass takes what ``collate`` makes and returns ``loss``.
        batches: Read in random order, again and again until the steps are done.
        collate: Makes tensors of a batch.
        schedule: How long and how fast.
        folder: Of the checkpoints; the last two stay.
        measure: Called at every checkpoint with the network.
        on_progress: Told of steps done, of how many, in place of the library's own bar and lines.

    Returns:
        What was measured, by checkpoint: ``step`` and the figures; those before a stop included.
    """
    graphics = torch.cuda.is_available()
    arguments = TrainingArguments(
        output_dir=str(folder),
        max_steps=schedule.steps,
        learning_rate=schedule.learning_rate,
        warmup_steps=schedule.warmup,
        lr_scheduler_type="warmup_stable_decay",
        lr_scheduler_kwargs={"num_decay_steps": schedule.decay},
        per_device_train_batch_size=1,
        weight_decay=0.01,
        max_grad_norm=1.0,
        optim="adamw_torch_fused",
        save_steps=schedule.every,
        save_total_limit=2,
        logging_steps=25,
        seed=schedule.seed,
        use_cpu=not graphics,
        dataloader_pin_memory=graphics,
        # A card is done with a batch before one process has made the next, and waits where its numbers are looked at.
        dataloader_num_workers=_WORKERS if graphics else 0,
        logging_nan_inf_filter=not graphics,
        remove_unused_columns=False,
        report_to=[],
        disable_tqdm=on_progress is not None,
    )
    watch = _Measured(network, measure, schedule.every)
    trainer = Trainer(
        model=network,
        args=arguments,
        train_dataset=_Prepared(batches, collate),
        data_collator=lambda rows: rows[0],
        callbacks=[watch],
    )
    watch.trainer = trainer
    last = last_checkpoint(folder)
    if on_progress is not None:
        trainer.remove_callback(PrinterCallback)
        trainer.add_callback(Watched(on_progress))
    if last and steps_of(last) >= schedule.steps:
        # The library would take one step more.
        network.load_state_dict(load_file(last / SAFE_WEIGHTS_NAME))
        state = _state(last)
    else:
        trainer.train(resume_from_checkpoint=str(last) if last else None)
        state = trainer.state
    return [_figures(line) for line in state.log_history if any(name.startswith(_MEASURED) for name in line)]


def last_checkpoint(folder: Path) -> Path | None:
    """Return the last checkpoint of a training that is whole; ``None`` where there is none.

    One that was being written when the training was killed lacks its state, which is written last.
    """
    whole = [each for each in folder.glob(f"{PREFIX_CHECKPOINT_DIR}-*") if _is_whole(each)]
    return max(whole, key=steps_of, default=None)


def _is_whole(checkpoint: Path) -> bool:
    try:
        steps_of(checkpoint)
    except (OSError, ValueError):
        return False
    return True


def steps_of(checkpoint: Path) -> int:
    """Return how many steps were done at a checkpoint."""
    return int(_state(checkpoint).global_step)


def _state(checkpoint: Path) -> TrainerState:
    state: TrainerState = TrainerState.load_from_json(str(checkpoint / TRAINER_STATE_NAME))
    return state


def _figures(line: Mapping[str, Any]) -> dict[str, float]:
    return {
        name.removeprefix(_MEASURED): float(value)
        for name, value in line.items()
        if name == "step" or name.startswith(_MEASURED)
    }
