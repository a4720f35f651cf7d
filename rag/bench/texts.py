"""Natural text that is on every machine with Footnote: the docstrings of the libraries that it is installed with."""

from __future__ import annotations

import ast
import sysconfig
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rag.errors import InputError

_LIBRARIES = ("numpy", "scipy", "sympy", "networkx", "sklearn", "torch")
_MIN_WORDS, _MAX_WORDS = 60, 80


class Passage(NamedTuple):
    """A passage of about a chunk's length.

    Args:
        title: Name of the documented thing.
        text: The docstring, or the first part of a long one.
        summary: Its first sentence, which says what the thing does.
    """

    title: str
    text: str
    summary: str


def passages(limit: int) -> list[Passage]:
    """Return the first ``limit`` docstrings of 60 words and more, cut to a chunk, in a fixed order, each text once.

    Raises:
        InputError: The installed libraries do not hold so many.
    """
    found: dict[str, Passage] = {}
    for passage in _docstrings():
        found.setdefault(passage.text, passage)
        if len(found) == limit:
            return list(found.values())
    raise InputError(
        f"The installed libraries hold {len(found)} passages; {limit} were asked for.", hint="Ask for less."
    )


def question(passage: Passage) -> str:
    """Return a question that the passage answers: its summary, asked."""
    summary = passage.summary.rstrip(".")
    return f"How do I {summary[0].lower()}{summary[1:]}?"


def _docstrings() -> Iterator[Passage]:
    root = Path(sysconfig.get_paths()["platlib"])
    for library in _LIBRARIES:
        for path in sorted((root / library).rglob("*.py")):
            try:
                with warnings.catch_warnings(action="ignore"):
                    tree = ast.parse(path.read_text(encoding="utf-8"))
            except (SyntaxError, UnicodeDecodeError, ValueError):
                continue
            yield from _of(tree, path.stem)


def _of(tree: ast.Module, module: str) -> Iterator[Passage]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
            text = ast.get_docstring(node) or ""
            words = text.split()
            if len(words) >= _MIN_WORDS:
                summary = " ".join(text.split("\n\n")[0].split())
                yield Passage(getattr(node, "name", module), " ".join(words[:_MAX_WORDS]), summary)
