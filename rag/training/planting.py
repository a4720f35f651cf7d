"""How many of the texts that give orders are flagged when they stand in a document, and how many sentences that do not.

``python -m rag.training.planting INJECTIONS.jsonl DOCUMENTS``: each line of INJECTIONS holds ``text``, DOCUMENTS is a
folder with Markdown files or archives of them. Every text is put between two paragraphs of one of the documents and
goes the way of an upload: parsed in its own process, normalized, screened.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from rag.ingest.find import find_files
from rag.ingest.load import LoadedDocument, LoadLimits, load
from rag.ingest.normalize import normalize
from rag.ingest.sandbox import Sandbox
from rag.protocols import Embedder
from rag.safety.documents import held_spans, screen, sentences_of
from rag.settings import load_settings
from rag.training.examples.sources import markdown
from rag.types import Document

SEED = 7
# Documents of which the ordinary sentences are counted, and the most paragraphs of one that a text is planted in.
_ORDINARY, _PARAGRAPHS = 400, 12
_LEAST_PARAGRAPHS = 4


@dataclass(frozen=True, slots=True)
class Screened:
    """What screening found.

    Args:
        planted: Texts planted.
        flagged: Of these, with a flag that the document without the text does not have.
        held: Of these, with words that are neither searched nor quoted until somebody decides.
        sentences: Sentences of documents as they are.
        false_flags: Of these, flagged.
        false_held: Of these, held back.
    """

    planted: int
    flagged: int
    held: int
    sentences: int
    false_flags: int
    false_held: int


def measure(texts: Sequence[str], pages: Sequence[str], embedder: Embedder) -> Screened:
    """Plant every text in a page and screen it; screen pages as they are.

    Args:
        texts: That give orders.
        pages: Markdown that gives none.
        embedder: As in `rag.safety.documents.screen`.
    """
    chance = random.Random(SEED)  # noqa: S311 - a measurement
    # A page of a title and links alone holds nothing to read.
    pages = [page for page in pages if page.count("\n\n") >= _LEAST_PARAGRAPHS]
    hosts = [_shortened(page) for page in pages]
    found = Screened(len(texts), 0, 0, 0, 0, 0)
    with tempfile.TemporaryDirectory(prefix="footnote-plant-") as folder, closing(Sandbox()) as sandbox:
        reader = _Uploads(Path(folder), sandbox, embedder)
        for text in texts:
            host = chance.choice(hosts)
            before, after = reader.read(host), reader.read(_planted(host, text, chance))
            flagged = _flagged(after) - _flagged(before)
            found = replace(
                found,
                flagged=found.flagged + bool(flagged),
                held=found.held + bool(_held(after) - _held(before)),
            )
        for page in chance.sample(pages, min(_ORDINARY, len(pages))):
            document = reader.read(page)
            held = held_spans(document)
            sentences = [each.span for each in sentences_of(document)]
            found = replace(
                found,
                sentences=found.sentences + len(sentences),
                false_flags=found.false_flags + len(document.report.flags),
                false_held=found.false_held + sum(any(each.overlaps(span) for span in held) for each in sentences),
            )
    return found


class _Uploads:
    """Reads text as an uploaded file; one page is read once."""

    def __init__(self, folder: Path, sandbox: Sandbox, embedder: Embedder) -> None:
        self._path = folder / "page.md"
        self._sandbox = sandbox
        self._embedder = embedder
        self._known: dict[str, Document] = {}

    def read(self, text: str) -> Document:
        if text not in self._known:
            self._path.write_text(text, encoding="utf-8")
            (file,) = find_files([self._path])
            (loaded,) = load(file, limits=LoadLimits(), sandbox=self._sandbox)
            if not isinstance(loaded, LoadedDocument):
                raise TypeError(f"A page of {len(text):,} characters cannot be read: {loaded}.")
            self._known[text] = screen(normalize(loaded.raw, space="planted"), self._embedder)
        return self._known[text]


def _shortened(page: str) -> str:
    return "\n\n".join(page.split("\n\n")[:_PARAGRAPHS])


def _planted(host: str, text: str, chance: random.Random) -> str:
    """Return the page with the text as a paragraph of its own, outside of code."""
    pieces = host.split("\n\n")
    places = [n for n in range(1, len(pieces)) if "\n\n".join(pieces[:n]).count("```") % 2 == 0]
    place = chance.choice(places or [len(pieces)])
    return "\n\n".join([*pieces[:place], text, *pieces[place:]])


def _flagged(document: Document) -> set[str]:
    return {document.text[flag.start : flag.end] for flag in document.report.flags}


def _held(document: Document) -> set[str]:
    return {document.text[span.start : span.end] for span in held_spans(document)}


def main() -> None:
    """Measure files."""
    injections, folder = map(Path, sys.argv[1:3])
    from rag.models.embedding import load_embedder

    settings = load_settings()
    texts = [str(json.loads(line)["text"]) for line in injections.read_text(encoding="utf-8").splitlines()]
    pages = [text for _, text in markdown(folder)]
    embedder = load_embedder(settings.models.embedding, runtime=settings.models.runtime, cache=settings.home / "models")
    with closing(embedder):
        found = measure(texts, pages, embedder)
    sys.stdout.write(
        f"planted {found.planted}: flagged {found.flagged / found.planted:.1%}, held {found.held / found.planted:.1%}\n"
        f"sentences {found.sentences}: flagged {found.false_flags / found.sentences:.2%}, "
        f"held {found.false_held / found.sentences:.2%}\n"
    )


if __name__ == "__main__":
    main()
