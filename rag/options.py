"""The options that commands share, as typer takes them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def named_path(given: str) -> Path:
    """Return the path that was given; an empty one, as of a variable that is not set, would be the working directory.

    Raises:
        typer.BadParameter: It is empty.
    """
    if not given.strip():
        raise typer.BadParameter("It is empty. Name a file or folder; '.' is the working directory.")
    return Path(given)


Home = Annotated[
    Path | None,
    typer.Option(
        "--home", help="Where everything is stored.", show_default=False, parser=named_path, metavar="DIRECTORY"
    ),
]
Space = Annotated[str, typer.Option("--space", help="The space to work in.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
