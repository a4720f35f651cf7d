"""Download of a model from the hub: the one place that touches the network, and only when asked."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from socket import gaierror
from typing import TYPE_CHECKING

from rag.errors import HashMismatch, ModelError
from rag.models.references import Reference, Slot, parse
from rag.models.weights import MANIFEST, file_sha256, weights_sha256

if TYPE_CHECKING:
    from collections.abc import Iterator

    from huggingface_hub import HfApi
    from huggingface_hub.hf_api import ModelInfo

# Configuration, tokenizer and chat template; never code, and none of the other formats of the same weights.
_CONFIGURATION = ("*.json", "*.txt", "*.model", "*.jinja")
_ELSEWHERE = ("onnx/*", "openvino/*", "*/onnx/*", "*.onnx*", "original/*")


@dataclass(frozen=True, slots=True)
class PullFile:
    """A file to download; ``sha256`` is empty where the hub names none, as for small ones."""

    name: str
    n_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PullPlan:
    """What would be downloaded.

    Args:
        reference: The hub model.
        slot: Slot that it is for.
        commit: Commit that the revision stands for now.
        files: In the order of their names.
        endpoint: Address of the hub.
    """

    reference: Reference
    slot: Slot
    commit: str
    files: tuple[PullFile, ...]
    endpoint: str | None

    @property
    def n_bytes(self) -> int:
        """Size of all files."""
        return sum(file.n_bytes for file in self.files)

    @property
    def statement(self) -> str:
        """What and how large, in one sentence for the person who is asked."""
        return (
            f"{self.reference.name} at commit {self.commit[:12]}: "
            f"{len(self.files)} files, {self.n_bytes / 1e6:,.1f} MB, for the slot {self.slot!r}."
        )


def plan_pull(ref: str, *, slot: Slot, endpoint: str | None = None) -> PullPlan:
    """Return what pulling a model would download; asks the hub, downloads nothing.

    Args:
        ref: ``hf:ORG/NAME@REVISION``.
        slot: Slot that it is for.
        endpoint: Address of the hub, where it is a mirror.

    Raises:
        ModelError: The reference is no hub model, the hub cannot be reached or does not have it, or it has no weights.
    """
    reference = parse(ref, slot=slot)
    if reference.kind != "hub":
        raise ModelError(
            f"There is nothing to pull for the slot {slot!r}: {ref!r} is no model of the hub.",
            hint=f"Set 'models.{slot}' to hf:ORG/NAME@REVISION first.",
        )
    with _translated(reference):
        info = _api(endpoint).model_info(reference.name, revision=reference.revision, files_metadata=True)
    files = _files(info)
    if not any(file.name.endswith((".safetensors", ".bin")) for file in files):
        raise ModelError(
            f"The hub's {ref!r} holds no weights that can be loaded here.",
            hint="Choose a model with safetensors weights.",
        )
    return PullPlan(reference, slot, info.sha or reference.revision, files, endpoint)


def pull(plan: PullPlan, *, into: Path, on_progress: Callable[[int, int], None] | None = None) -> Path:
    """Download a model and return its folder; what is there already is not downloaded again.

    It is complete or absent: files gather in a folder of their own, which takes its name when all are there and
    their hashes are right. A model that was there before stays until then.

    Args:
        plan: From `plan_pull`.
        into: The home's ``models`` folder.
        on_progress: Called after each file with the bytes done and the bytes in all.

    Raises:
        ModelError: The hub cannot be reached, or the folder cannot be written.
        HashMismatch: A file is not the one that the hub names.
    """
    folder = plan.reference.folder(into)
    gathering = folder.with_name(f"{folder.name}.part")
    told = on_progress or (lambda _done, _total: None)
    with _translated(plan.reference):
        complete = _is_complete(folder, plan)
    if complete:
        told(plan.n_bytes, plan.n_bytes)
        return folder
    done = 0
    for file in plan.files:
        with _translated(plan.reference):
            _api(plan.endpoint).hf_hub_download(
                plan.reference.name, file.name, revision=plan.commit, local_dir=gathering
            )
            _check(gathering / file.name, file)
        done += file.n_bytes
        told(done, plan.n_bytes)
    with _translated(plan.reference):
        shutil.rmtree(gathering / ".cache", ignore_errors=True)
        note = {"ref": plan.reference.text, "commit": plan.commit, "sha256": weights_sha256(gathering)}
        (gathering / MANIFEST).write_text(json.dumps(note, indent=2) + "\n", encoding="utf-8")
        _replace(folder, gathering)
    return folder


def _is_complete(folder: Path, plan: PullPlan) -> bool:
    """Tell whether a folder holds what would be downloaded, as it was pulled."""
    try:
        note = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        there = all((folder / file.name).stat().st_size == file.n_bytes for file in plan.files)
    except (FileNotFoundError, ValueError):
        return False
    known = (note.get("commit"), note.get("sha256")) if isinstance(note, dict) else ()
    return there and known == (plan.commit, weights_sha256(folder))


def _replace(folder: Path, gathering: Path) -> None:
    """Give a gathered model its name; what had it before is whole until the new one can take its place."""
    before = folder.with_name(f"{folder.name}.old")
    shutil.rmtree(before, ignore_errors=True)
    if folder.exists():
        folder.rename(before)
    gathering.rename(folder)
    shutil.rmtree(before, ignore_errors=True)


def _api(endpoint: str | None) -> HfApi:
    from huggingface_hub import HfApi

    return HfApi(endpoint=endpoint, library_name="footnote")


def _files(info: ModelInfo) -> tuple[PullFile, ...]:
    found = [
        PullFile(entry.rfilename, entry.size or 0, entry.lfs.sha256 if entry.lfs else "")
        for entry in info.siblings or []
        if not any(fnmatch(entry.rfilename, pattern) for pattern in _ELSEWHERE)
    ]
    weights = [file for file in found if file.name.endswith(".safetensors")]
    weights = weights or [file for file in found if fnmatch(Path(file.name).name, "pytorch_model*.bin")]
    configuration = [file for file in found if any(fnmatch(file.name, pattern) for pattern in _CONFIGURATION)]
    return tuple(sorted({*weights, *configuration}, key=lambda file: file.name))


def _check(path: Path, file: PullFile) -> None:
    found = file_sha256(path) if file.sha256 else ""
    if found != file.sha256:
        path.unlink()
        raise HashMismatch(
            f"The download of {file.name!r} is damaged: expected SHA-256 {file.sha256}, got {found}.",
            hint="Pull again.",
        )


@contextmanager
def _translated(reference: Reference) -> Iterator[None]:
    # HTTPError is that of the hub's own HTTP library, whichever it is.
    from huggingface_hub.errors import (  # type: ignore[attr-defined]
        GatedRepoError,
        HFValidationError,
        HTTPError,
        LocalEntryNotFoundError,
        OfflineModeIsEnabled,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    what = f"{reference.text!r} cannot be pulled"
    try:
        yield
    except GatedRepoError as exc:
        raise ModelError(f"{what}: its owner wants you to agree to terms first.", hint="Set HF_TOKEN.") from exc
    except (RepositoryNotFoundError, RevisionNotFoundError) as exc:
        raise ModelError(f"{what}: the hub has no such model or revision.", hint="Check name and revision.") from exc
    except HFValidationError as exc:
        raise ModelError(f"{what}: the hub has no such names ({exc}).", hint="Check name and revision.") from exc
    except (OfflineModeIsEnabled, LocalEntryNotFoundError, HTTPError, OSError) as exc:
        if _is_local(exc):
            raise ModelError(
                f"{what}: {exc}.", hint="Check that there is room in the home directory, and that you may write there."
            ) from exc
        raise ModelError(
            f"{what}: the hub cannot be reached ({exc}).",
            hint="Pull on a machine with a connection and set the slot to the folder, or use the bundled model.",
        ) from exc


def _is_local(error: Exception) -> bool:
    """Tell whether an error is of this machine's files, not of the connection."""
    connection = isinstance(error, ConnectionError | TimeoutError | gaierror)
    return isinstance(error, OSError) and error.errno is not None and not connection
