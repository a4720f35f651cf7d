"""One setting or several in turn: which value finds most?"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from rag.errors import SettingsError
from rag.evaluation.dataset import LabelledSet
from rag.evaluation.indexing import open_index
from rag.evaluation.progress import Watch, marked
from rag.evaluation.records import EvaluationRun
from rag.evaluation.runner import RunChoices, evaluate
from rag.settings import Settings, setting_names

# Settings that an evaluation chooses itself.
_NOT_SWEPT = ("home", "serve.")


class Dial(NamedTuple):
    """A setting and the values that it takes in turn."""

    name: str
    values: tuple[str, ...]


class SweepRow(NamedTuple):
    """One combination of values and what it gave."""

    values: Mapping[str, str]
    run: EvaluationRun


def parse_dial(text: str) -> Dial:
    """Return the setting and the values of ``chunk.budget_tokens=120,180,240``.

    Raises:
        SettingsError: It is written otherwise, or there is no such setting.
    """
    name, equals, values = (part.strip() for part in text.partition("="))
    listed = tuple(dict.fromkeys(value.strip() for value in values.split(",") if value.strip()))
    if not equals or not listed:
        raise SettingsError(f"The sweep {text!r} has no values.", hint="Write it as SETTING=VALUE,VALUE,…")
    known = [setting for setting in setting_names() if not setting.startswith(_NOT_SWEPT)]
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)[0]
        raise SettingsError(f"There is no setting {name!r} to sweep.", hint=f"Did you mean {near!r}?")
    return Dial(name, listed)


def variants(settings: Settings, dials: Sequence[Dial]) -> list[tuple[dict[str, str], Settings]]:
    """Return every combination of the values with the settings that it makes, the last setting turning fastest.

    Raises:
        SettingsError: A value does not fit its setting, or a setting is given twice.
    """
    names = [dial.name for dial in dials]
    for name in names:
        if names.count(name) > 1:
            raise SettingsError(
                f"The setting {name!r} is swept twice.", hint=f"Give all of its values at once: {name}=VALUE,VALUE,…"
            )
    combinations = (dict(zip(names, values, strict=True)) for values in product(*(dial.values for dial in dials)))
    return [(values, with_settings(settings, values)) for values in combinations]


def with_settings(settings: Settings, values: Mapping[str, str]) -> Settings:
    """Return settings with some values replaced, by dotted name.

    Raises:
        SettingsError: A value does not fit its setting.
    """
    for name, value in values.items():
        group, _, key = name.partition(".")
        part = getattr(settings, group)
        try:
            changed = type(part).model_validate({**part.model_dump(), key: value})
        except ValidationError as exc:
            reason = exc.errors()[0]["msg"].lower()
            raise SettingsError(f"The setting {name!r} cannot be {value!r}: {reason}.", hint="Mend the value.") from exc
        settings = settings.model_copy(update={group: changed})
    return settings


def sweep(
    labelled: LabelledSet,
    chosen: Sequence[tuple[dict[str, str], Settings]],
    choices: RunChoices,
    root: Path,
    *,
    on_progress: Watch,
) -> Iterator[SweepRow]:
    """Yield a run for each variant; an index is shared by all variants with the same recipe.

    Args:
        labelled: The set.
        chosen: Variants, e.g. from `variants`.
        choices: What is asked.
        root: Home to keep the indexes in.
        on_progress: Told of each step.
    """
    for values, settings in chosen:
        watch = marked(on_progress, ", ".join(f"{name}={value}" for name, value in values.items()))
        with open_index(labelled, settings, root, on_progress=watch) as indexed:
            yield SweepRow(values, evaluate(indexed, choices, on_progress=watch))
