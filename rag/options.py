"""The options that commands share, as typer takes them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Home = Annotated[Path | None, typer.Option("--home", help="Where everything is stored.", show_default=False)]
Space = Annotated[str, typer.Option("--space", help="The space to work in.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
