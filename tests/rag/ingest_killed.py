"""A process that ingests a folder, for tests that kill it: says when it begins and what it found before."""

import json
import sys
from pathlib import Path

from rag.ingest.flow import ingest
from rag.ingest.load import find_files
from rag.settings import load_settings
from rag.types import DEFAULT_SPACE
from rag.wiring import open_workspace


def main() -> None:
    home, folder = Path(sys.argv[1]), Path(sys.argv[2])
    with open_workspace(load_settings(home=home)) as workspace:
        print(json.dumps(workspace.status(DEFAULT_SPACE)), flush=True)
        workspace.embedder.embed(["loaded"])
        print("begin", flush=True)
        summary = ingest(find_files([folder]), workspace)
        print(json.dumps({"chunks": summary.n_chunks}), flush=True)


if __name__ == "__main__":
    main()
