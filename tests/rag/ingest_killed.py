"""Ingests that can be killed: each runs in a process of its own, forked from one that has loaded the libraries.

Every line of the standard input names a home and a folder. What the ingest found before is printed when it begins, and
how its process ended when it has.
"""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

# What a workspace loads when it is first used.
import chromadb  # noqa: F401
import safetensors.torch  # noqa: F401
import tokenizers  # noqa: F401
import torch  # noqa: F401

from rag.ingest.find import find_files
from rag.ingest.flow import ingest
from rag.settings import load_settings
from rag.types import DEFAULT_SPACE
from rag.wiring import Workspace, open_workspace


class SmallBatches:
    """The workspace with batches so small that an ingest has several, and a kill falls between them too."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.ingest_choices = replace(workspace.ingest_choices, batch_passages=48)

    def __getattr__(self, name: str) -> object:
        return getattr(self._workspace, name)


def main() -> None:
    for line in sys.stdin:
        if (pid := os.fork()) == 0:
            run(*map(Path, json.loads(line)))
            return
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


def run(home: Path, folder: Path) -> None:
    with open_workspace(load_settings(home=home)) as workspace:
        status = workspace.status(DEFAULT_SPACE)
        workspace.embedder.embed(["loaded"])
        print(json.dumps({"pid": os.getpid(), "agree": status["agree"]}), flush=True)
        ingest(find_files([folder]), SmallBatches(workspace))


if __name__ == "__main__":
    main()
