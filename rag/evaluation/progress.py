"""A bar with the time left on a terminal, nothing elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

# Told of what is being done, how much of it is done, and how much there is.
Watch = Callable[[str, int, int], None]


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Watch]:
    """Give a watcher that shows one bar a step on a terminal."""
    stderr = Console(stderr=True)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=stderr, disable=quiet or not stderr.is_terminal, transient=True) as progress:
        task = progress.add_task("", total=None)
        shown = ""

        def watch(step: str, done: int, total: int) -> None:
            nonlocal task, shown
            if step != shown:
                progress.remove_task(task)
                task, shown = progress.add_task(step, total=total), step
            progress.update(task, completed=done, total=total)

        yield watch


def marked(watch: Watch, mark: str) -> Watch:
    """Return a watcher that tells another one of each step with a mark: which of several runs it is of."""
    return lambda step, done, total: watch(f"{step} ({mark})", done, total)


def silent(_step: str, _done: int, _total: int) -> None:
    """Watch nothing."""
