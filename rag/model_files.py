"""The models that settings name, as files: which are there, and how those that are missing get here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from rag.errors import InputError
from rag.models.listing import describe
from rag.models.pull import PullPlan, plan_pull
from rag.models.pull import pull as pull_model
from rag.models.references import SLOTS
from rag.settings import Settings
from rag.stores.home import Home


def describe_models(settings: Settings) -> list[dict[str, Any]]:
    """Return what is known of the model of each slot, loading none."""
    cache = Home(settings.home).models
    return [describe(getattr(settings.models, slot), slot=slot, cache=cache) for slot in SLOTS]


def plan_model(settings: Settings, slot: str) -> PullPlan:
    """Return what pulling the model of a slot would download.

    Raises:
        InputError: There is no such slot.
        ModelError: The slot is not set to a hub model, or the hub cannot be reached.
    """
    for known in SLOTS:
        if slot == known:
            return plan_pull(getattr(settings.models, known), slot=known)
    raise InputError(f"There is no slot {slot!r}.", hint=f"There are: {', '.join(SLOTS)}.")


def fetch_model(settings: Settings, plan: PullPlan, *, on_progress: Callable[[int, int], None]) -> Path:
    """Download what was planned into the home directory and return its folder."""
    return pull_model(plan, into=Home(settings.home).models, on_progress=on_progress)
