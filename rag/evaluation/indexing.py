"""The index of a labelled set: kept beside a stamp that says what it was made from, built where it does not fit."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.confidence import NAME as CALIBRATION
from rag.errors import HomeInUse, StoreError
from rag.evaluation.building import Build, build, source_of
from rag.evaluation.dataset import MEMBER, LabelledSet
from rag.evaluation.fingerprint import index_code
from rag.evaluation.progress import Watch
from rag.evaluation.records import IndexFacts
from rag.safety.policy import NAME as POLICY
from rag.settings import Settings
from rag.types import DEFAULT_SPACE, DocumentInfo, Float32Array
from rag.wiring import Workspace, open_workspace

_STAMP = "evaluation.json"
_FOLDER = "evaluation"


class _Stamp(BaseModel):
    """What an index was made from; written when it is whole."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    documents_sha256: str
    code_sha256: str
    recipe: Mapping[str, str | int]
    runtime: str
    facts: IndexFacts
    left_out: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class IndexedSet:
    """A labelled set whose documents are live in a workspace.

    Args:
        labelled: The set.
        workspace: Open.
        name_of: Id in the set of each catalog document; those inside an archive have the id of their file,
            unless the set judges them themselves.
        documents: What the catalog knows, by id in the set.
        facts: What building took.
        left_out: Documents that are not in it, with the reason.
    """

    labelled: LabelledSet
    workspace: Workspace
    name_of: Mapping[str, str]
    documents: Mapping[str, DocumentInfo]
    facts: IndexFacts
    left_out: tuple[tuple[str, str], ...]


@contextmanager
def open_index(labelled: LabelledSet, settings: Settings, root: Path, *, on_progress: Watch) -> Iterator[IndexedSet]:
    """Give the index of a set, from the home where it fits, else built.

    It lies in a folder of its own below the home, one for each set and recipe, and is built again when the
    documents, the recipe or the code that makes an index changed; vectors of the same texts by the same model
    are taken over then.

    Args:
        labelled: The set.
        settings: Recipe and choices; models that were pulled are taken from their home.
        root: Home to keep it in.
        on_progress: Told of documents done.

    Raises:
        HomeInUse: Another process is evaluating there.
        InputError: No document could be read.
        StoreError: A store fails.
        ModelError: A model cannot be loaded.
    """
    folder = root / _FOLDER / f"{_slug(labelled.name)}-{_key(labelled, settings)}"
    inside = settings.model_copy(update={"home": folder})
    models = settings.home / "models"
    stamp = _read_stamp(folder)
    known: Mapping[str, Float32Array] = {}
    # Opening also makes sure that no other process is at work in the folder that may be deleted below.
    if folder.exists() and (earlier := _try_open(inside, models)) is not None:
        with earlier:
            if stamp is not None and _fits(stamp, labelled, earlier):
                _bring(settings.home, folder)
                yield _indexed(labelled, earlier, stamp.facts.model_copy(update={"reused": True}), stamp.left_out)
                return
            if stamp is not None and _same_model(stamp, earlier):
                known = _vectors(earlier)
    if folder.exists():
        # Only the folder that this function makes below the home is ever deleted.
        shutil.rmtree(folder)
    with open_workspace(inside, models=models) as workspace:
        run = build(labelled, workspace, known=known, on_progress=on_progress)
        facts = _facts(labelled, workspace, run)
        stamp = _Stamp(
            documents_sha256=labelled.sha256,
            code_sha256=index_code(),
            recipe=asdict(workspace.recipe),
            runtime=workspace.embedder.runtime,
            facts=facts,
            left_out=tuple(run.left_out),
        )
        (folder / _STAMP).write_text(stamp.model_dump_json(indent=2), encoding="utf-8")
        _bring(settings.home, folder)
        yield _indexed(labelled, workspace, facts, stamp.left_out)


def _bring(home: Path, folder: Path) -> None:
    """Put calibration and policy of the home beside the index, so that answers are those that the home gives."""
    for name in (CALIBRATION, POLICY):
        (folder / name).unlink(missing_ok=True)
        if (home / name).is_file():
            shutil.copyfile(home / name, folder / name)


def _key(labelled: LabelledSet, settings: Settings) -> str:
    chosen = {
        "files": bool(labelled.files),
        "embedding": settings.models.embedding,
        "chunk": settings.chunk.model_dump(),
        "ingest": settings.ingest.model_dump(),
    }
    return hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()[:10]


def _slug(name: str) -> str:
    return "".join(char if char.isascii() and (char.isalnum() or char in "-_") else "-" for char in name)[:60]


def _read_stamp(folder: Path) -> _Stamp | None:
    try:
        return _Stamp.model_validate_json((folder / _STAMP).read_bytes())
    except (OSError, ValidationError):
        # Never built, killed before it was whole, or written by another version.
        return None


def _try_open(settings: Settings, models: Path) -> Workspace | None:
    try:
        return open_workspace(settings, models=models)
    except HomeInUse:
        raise
    except StoreError:
        # Whatever is wrong with an index that can be built again is mended by building it again.
        return None


def _fits(stamp: _Stamp, labelled: LabelledSet, workspace: Workspace) -> bool:
    return (
        stamp.documents_sha256 == labelled.sha256
        and stamp.code_sha256 == index_code()
        and dict(stamp.recipe) == asdict(workspace.recipe)
        and stamp.runtime == workspace.embedder.runtime
        and _lies_where_it_was(labelled, workspace)
    )


def _lies_where_it_was(labelled: LabelledSet, workspace: Workspace) -> bool:
    """Tell whether what was indexed came from the files of this set, not from a copy of it that lies elsewhere."""
    if not labelled.files:
        return True
    files = {file.source for file in labelled.files.values()}
    return all(info.source.partition(MEMBER)[0] in files for info in workspace.catalog.documents(DEFAULT_SPACE))


def _same_model(stamp: _Stamp, workspace: Workspace) -> bool:
    use = workspace.embedder.use
    return stamp.recipe.get("embedding_sha256") == use.sha256 and stamp.runtime == workspace.embedder.runtime


def _vectors(workspace: Workspace) -> dict[str, Float32Array]:
    """Return the vector of each text of an index."""
    index_id = workspace.catalog.active_index() or ""
    ids, vectors = workspace.catalog.chunk_vectors(DEFAULT_SPACE, index_id)
    passages = workspace.catalog.live(DEFAULT_SPACE, index_id, ids)
    return {passages[name].chunk.embedded_text: row for name, row in zip(ids, vectors, strict=True)}


def _facts(labelled: LabelledSet, workspace: Workspace, run: Build) -> IndexFacts:
    workspace.catalog.checkpoint()
    seconds = sum(run.seconds.values())
    stored = [workspace.home.path / "catalog.db", *workspace.home.chroma.rglob("*")]
    # What lies inside a file is left out without it.
    n_left_out = sum(MEMBER not in name for name, _ in run.left_out)
    return IndexFacts(
        seconds=round(seconds, 3),
        documents_per_s=round((labelled.n_documents - n_left_out) / seconds, 3),
        bytes=sum(path.stat().st_size for path in stored if path.is_file()),
        passages=sum(info.n_chunks for info in workspace.catalog.documents(DEFAULT_SPACE)),
        dimension=workspace.embedder.dimension,
        kept_vectors=run.kept_vectors,
        stage_seconds={name: round(spent, 3) for name, spent in run.seconds.items()},
    )


def _indexed(
    labelled: LabelledSet, workspace: Workspace, facts: IndexFacts, left_out: tuple[tuple[str, str], ...]
) -> IndexedSet:
    infos = workspace.catalog.documents(DEFAULT_SPACE)
    names = {source_of(line): line.id for line in labelled.corpus}
    names |= {file.source: name for name, file in labelled.files.items()}
    judged = {document for query in labelled.queries for document in query.relevant}
    name_of: dict[str, str] = {}
    documents: dict[str, DocumentInfo] = {}
    for info in infos:
        name = names.get(info.source)
        if name is None:
            file, _, inner = info.source.partition(MEMBER)
            whole = f"{names[file]}{MEMBER}{inner}"
            name = whole if whole in judged else names[file]
        name_of[info.id] = name
        documents.setdefault(name, info)
    return IndexedSet(labelled, workspace, name_of, documents, facts, left_out)
