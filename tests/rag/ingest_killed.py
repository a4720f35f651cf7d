"""A process that ingests a folder, for tests that kill it: says when it begins and what it found before."""

import json
import sys
from dataclasses import replace
from pathlib import Path

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
    home, folder = Path(sys.argv[1]), Path(sys.argv[2])
    with open_workspace(load_settings(home=home)) as workspace:
        print(json.dumps(workspace.status(DEFAULT_SPACE)), flush=True)
        workspace.embedder.embed(["loaded"])
        print("begin", flush=True)
        summary = ingest(find_files([folder]), SmallBatches(workspace))
        print(json.dumps({"chunks": summary.n_chunks}), flush=True)


if __name__ == "__main__":
    main()
