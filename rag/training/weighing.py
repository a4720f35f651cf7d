"""What a model of our own does on held-out cases, through the code that answers questions; and what is in use now."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path

from rag.models.reader import Reader
from rag.models.verifier import PairVerifier
from rag.models.writer import WriterModel
from rag.training.card import Source, licence_of
from rag.training.claims.claim import Claim
from rag.training.examples.shapes import Group
from rag.training.measuring.gate import Measured, Told, measure_groups, measure_held_out
from rag.training.measuring.written import measure_quotes, measure_writer
from rag.training.sets.preparing import Prepared, PreparedClaims
from rag.training.sets.writings import AnyPrepared, PreparedWritings
from rag.training.writings.given import Writing
from rag.types import ModelUse
from rag.wiring import Workspace

# What measures: enough for intervals of a few hundredths.
_MOST_GROUPS, _MOST_CLAIMS, _MOST_WRITINGS = 900, 2000, 400


def measure_in_use(workspace: Workspace, prepared: AnyPrepared, told: Told) -> Measured:
    """Return what the models of a workspace do; beside a writer it is quoting that is measured."""
    if isinstance(prepared, Prepared):
        return measure_groups(workspace.reranker, _groups(prepared), on_progress=told)
    if isinstance(prepared, PreparedClaims):
        return measure_held_out(workspace.verifier, _claims(prepared), on_progress=told)
    return measure_quotes(workspace.highlighter, _writings(prepared), on_progress=told)


def measure_folder(
    folder: Path, use: ModelUse, prepared: AnyPrepared, workspace: Workspace, *, threads: int, told: Told
) -> Measured:
    """Return what a model of our own in a folder does.

    Args:
        folder: Of the model.
        use: Its reference and hash.
        prepared: With the cases that measure.
        workspace: With the verifier that judges what a writer writes.
        threads: Of the arithmetic.
        told: Of cases done, of how many.
    """
    if isinstance(prepared, Prepared):
        with closing(Reader(folder, use=use, threads=threads)) as reader:
            return measure_groups(reader, _groups(prepared), on_progress=told)
    if isinstance(prepared, PreparedClaims):
        with closing(PairVerifier(folder, use=use, threads=threads)) as verifier:
            return measure_held_out(verifier, _claims(prepared), on_progress=told)
    with closing(WriterModel(folder, use=use, threads=threads)) as writer:
        return measure_writer(writer, workspace.verifier, _writings(prepared), on_progress=told)


def sources_of(prepared: AnyPrepared) -> tuple[Source, ...]:
    """Return the sets that a model learnt from, the largest first."""
    if isinstance(prepared, PreparedClaims):
        counted = Counter(claim.kind for claim in prepared.train)
    else:
        counted = Counter(each.origin for each in prepared.train)
    return tuple(Source(name, licence_of(name), n) for name, n in counted.most_common())


def _groups(prepared: Prepared) -> tuple[Group, ...]:
    return prepared.held_out[:_MOST_GROUPS]


def _claims(prepared: PreparedClaims) -> tuple[Claim, ...]:
    return prepared.held_out[:_MOST_CLAIMS]


def _writings(prepared: PreparedWritings) -> tuple[Writing, ...]:
    return prepared.held_out[:_MOST_WRITINGS]
