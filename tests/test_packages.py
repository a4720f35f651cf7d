"""What is installed is what lies here: a package that the list leaves out is missed only where it is not installed."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_package_is_listed():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found = [
        ".".join(path.parent.relative_to(ROOT).parts)
        for package in ("app", "knowledge_graph", "rag")
        for path in (ROOT / package).rglob("__init__.py")
    ]
    assert project["tool"]["setuptools"]["packages"] == sorted(found)
