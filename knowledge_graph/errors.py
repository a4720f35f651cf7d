"""The error tree of ``knowledge_graph``; every error says what, which, expected and got, and carries a hint.

KnowledgeGraphError
└── ExtractionError        an extraction cannot stand in a graph
"""

from __future__ import annotations


class KnowledgeGraphError(Exception):
    """Base of every error that the knowledge graph raises on purpose.

    Args:
        message: What went wrong, which thing, what was expected and what was found.
        hint: One sentence on what the caller can do about it.
    """

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class ExtractionError(KnowledgeGraphError):
    """An extraction names no source, so that it could never be removed again."""
