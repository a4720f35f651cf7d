"""The error tree of ``rag``; every error says what, which, expected and got, and carries a hint.

RagError
├── SettingsError          a setting, variable or configuration file is wrong
├── InputError             a question, name or path from outside is unusable
├── AccessError            the principal may not do this in that space
├── LoadError              a file could not be read as a document
│   ├── UnsupportedFormat  not a document that Footnote reads
│   ├── EncryptedFile      a password is needed
│   ├── EmptyFile          nothing in it that could be read
│   ├── DamagedFile        the parser rejects it, or died of it
│   └── LimitExceeded      too large, too deep, too many pages, too slow
├── StoreError             a store is unreadable, inconsistent or gone
│   ├── HomeInUse          another process owns the home directory
│   └── NotFound           no such document, version, answer or space
└── ModelError             a model is missing, of another architecture, or fails
    └── HashMismatch       weights are not the ones that were expected
"""

from __future__ import annotations


class RagError(Exception):
    """Base of every error that Footnote raises on purpose.

    Args:
        message: What went wrong, which thing, what was expected and what was found.
        hint: One sentence on what the person can do about it.
    """

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the hint when an error crosses a process border."""
        return (_rebuild, (type(self), self.message, self.hint))

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


def _rebuild(kind: type[RagError], message: str, hint: str) -> RagError:
    return kind(message, hint=hint)


class SettingsError(RagError):
    """A setting, an environment variable or a configuration file is wrong."""


class InputError(RagError):
    """A question, a name or a path from outside cannot be used."""


class AccessError(RagError):
    """The principal may not do this in that space."""


class LoadError(RagError):
    """A file could not be read as a document."""


class UnsupportedFormat(LoadError):
    """The file is not of a kind that Footnote reads."""


class EncryptedFile(LoadError):
    """The file needs a password."""


class EmptyFile(LoadError):
    """The file holds nothing that could be read."""


class DamagedFile(LoadError):
    """The parser rejects the file, or died of it."""


class LimitExceeded(LoadError):
    """The file is larger, deeper, longer or slower than the settings allow."""


class StoreError(RagError):
    """A store is unreadable, inconsistent or gone."""


class HomeInUse(StoreError):
    """Another process owns the home directory."""


class NotFound(StoreError):
    """There is no such document, version, answer or space."""


class ModelError(RagError):
    """A model is missing, has another architecture than its slot needs, or fails."""


class HashMismatch(ModelError):
    """The weights are not the ones that were expected."""
