"""A hash of the code that an index comes from, so that an index is kept only while it would come out the same."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules

# What reads files and writes the index; all else that matters is imported by these.
_ROOTS = ("rag.ingest.flow", "rag.stores.publishing", "rag.stores.vectors")
# Parsers are named in a table, not imported.
_PARSERS = "rag.ingest.parsers"
_PACKAGES = ("rag", "knowledge_graph")
# Contracts change often and do nothing by themselves.
_LEFT_OUT = frozenset({"rag.types", "rag.protocols", "rag.errors", "knowledge_graph.types", "knowledge_graph.errors"})


@cache
def index_code() -> str:
    """Return the hash of the modules that make an index, hexadecimal; read once, as this process read them once.

    Question-time code, such as the walk over the graph, is not among them.
    """
    waiting = [*_ROOTS, *(module.name for module in iter_modules(_folders(_PARSERS), f"{_PARSERS}."))]
    seen = set(_LEFT_OUT)
    modules: dict[str, bytes] = {}
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if (path := _path(name)) is not None:
            modules[name] = path.read_bytes()
            waiting += _imports(modules[name])
    digest = hashlib.sha256()
    for name in sorted(modules):
        digest.update(f"{name}\n{hashlib.sha256(modules[name]).hexdigest()}\n".encode())
    return digest.hexdigest()


def _imports(source: bytes) -> Iterator[str]:
    """Yield what may be modules of this project: ``from a.b import c`` may name ``a.b`` or ``a.b.c``."""
    for node in _statements(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements in a node: an import is one, and most of a module is what stands inside of them."""
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.stmt | ast.excepthandler | ast.match_case):
            yield inner
            yield from _statements(inner)


def _folders(package: str) -> list[str]:
    spec = find_spec(package)
    return list(spec.submodule_search_locations or ()) if spec is not None else []


def _path(name: str) -> Path | None:
    """Return where a module lies; to ask for its specification would import the package around it."""
    top, *inner = name.split(".")
    if top not in _PACKAGES or not inner:
        return None
    place = Path(_folders(top)[0], *inner)
    # Neither is there for the name of a function or a class.
    return next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()), None)
