"""Speed on this machine: ``make bench``, or ``python -m rag.bench``.

Every ratio is measured in one run, the two sides taking turns, so that what else the machine does meets both. The
table goes to stdout as Markdown; docs/performance.md keeps one.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from rag.bench.models import MODEL, Figure, Workload, embedding, reading, reranking
from rag.bench.serving import measure
from rag.bench.texts import passages, question
from rag.errors import InputError, RagError
from rag.evaluation.progress import progress_bar
from rag.models.embedding import load_embedder
from rag.models.machine import n_cores, processor

_QUESTIONS = 50
_SERVED = 200


def main() -> int:
    """Measure, print the table, and return the exit status."""
    arguments = _arguments()
    try:
        found = passages(arguments.limit)
        texts = _read(arguments.texts)[: arguments.limit] if arguments.texts else [passage.text for passage in found]
        workload = Workload(tuple(texts), tuple(map(question, found[:_QUESTIONS])), rounds=arguments.rounds)
        with tempfile.TemporaryDirectory() as home:
            begin = time.perf_counter()
            embedder = load_embedder(f"bundled:{MODEL}", cache=Path(home))
            first_start = time.perf_counter() - begin
            with embedder:
                sections = {
                    "Embedding": [
                        Figure(
                            "first start of the embedding model, choice of runtime included", f"{first_start:.1f} s"
                        ),
                        *embedding(embedder, workload),
                    ],
                    "Reranking": reranking(embedder, workload),
                    "Reading": reading(workload),
                }
        if arguments.passages:
            sections["Serving"] = _serving(arguments.passages, arguments.home)
    except RagError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(_table(sections, workload))
    return 0


def _serving(n_passages: int, home: Path | None) -> list[Figure]:
    """Return the figures of a process that answers over so many passages, in a home that is kept where one is named."""
    with tempfile.TemporaryDirectory() as folder, progress_bar(quiet=False) as watch:
        found = measure(home or Path(folder), n_passages=n_passages, n_questions=_SERVED, on_progress=watch)
    bars = {
        "understand to enrich": "60 ms",
        "understand to rerank": "350 ms",
        "total": "1500 ms",
        "first statement": "1000 ms",
    }
    timed = [
        Figure(f"{name}, p50 (p95)", f"{ms['p50']} ms ({ms['p95']} ms)", bars.get(name, ""))
        for name, ms in found["ms"].items()
    ]
    return [
        Figure("passages; questions, each asked once", f"{found['passages']:,}; {found['questions']}"),
        *timed,
        Figure("start of the process to its first answer", f"{found['first_answer_s']} s", "15 s"),
        Figure("largest resident memory", f"{found['memory_mb']:,} MB", "1,500 MB"),
    ]


def _read(path: Path) -> list[str]:
    """Return the texts of a JSON-lines file."""
    try:
        return [str(json.loads(line)["text"]) for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise InputError(
            f"{str(path)!r} cannot be read as JSON lines with 'text': {exc!r}.", hint="Check the file."
        ) from exc


def _table(sections: dict[str, list[Figure]], workload: Workload) -> str:
    head = f"{processor().split(':')[0]}, {n_cores()} cores; {workload.rounds} rounds.\n"
    lines = [head, "| | measured | bar |", "|--|--:|--:|"]
    for section, figures in sections.items():
        lines.append(f"| **{section}** | | |")
        lines += [f"| {figure.what} | {figure.value} | {figure.bar} |" for figure in figures]
    return "\n".join(lines) + "\n"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m rag.bench", description=__doc__)
    parser.add_argument(
        "--texts", type=Path, help="JSON lines with 'text' to embed instead of the installed libraries' documentation"
    )
    parser.add_argument("--limit", type=int, default=200, help="most passages (default 200)")
    parser.add_argument(
        "--passages", type=int, default=10_000, help="passages to answer over (default 10000; 0 leaves that part out)"
    )
    parser.add_argument("--home", type=Path, help="where these are indexed and found again; otherwise made anew")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each side (default 5)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
