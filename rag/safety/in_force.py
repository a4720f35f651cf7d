"""The policy in force as it is written: for people, who read it whole, and for what is wrong with it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from rag.errors import SettingsError
from rag.safety.policy import NAME, default_text, parse_policy


@dataclass(frozen=True, slots=True)
class PolicyText:
    """A policy as it is written.

    Args:
        text: The file in the home directory, or the default.
        own: Whether the home directory has one.
        version: What it calls itself; empty where it cannot be used.
        sha256: Hash of its bytes, by which receipts name it.
        mistake: Why it cannot be used; empty where it can.
    """

    text: str
    own: bool
    version: str
    sha256: str
    mistake: str


def policy_text(path: Path) -> PolicyText:
    """Return the policy of a file, or the default where there is none.

    Raises:
        SettingsError: The file cannot be read.
    """
    try:
        content, own = path.read_bytes(), True
    except FileNotFoundError:
        content, own = default_text().encode(), False
    except OSError as exc:
        raise SettingsError(f"The policy {NAME!r} cannot be read: {exc.strerror}.", hint="Check it.") from exc
    version = mistake = ""
    try:
        version = parse_policy(content, NAME).version
    except SettingsError as exc:
        mistake = exc.message
    text = content.decode("utf-8-sig", errors="replace")
    return PolicyText(text, own, version, hashlib.sha256(content).hexdigest(), mistake)
