"""What is asked at the terminal."""

import pytest

from rag import terminal


class Lines:
    """Standard input, a terminal or not."""

    def __init__(self, said, *, terminal):
        self._said, self._terminal = said, terminal

    def isatty(self):
        return self._terminal

    def readline(self):
        return self._said


@pytest.mark.parametrize(
    ("said", "at_terminal", "agrees"), [("y\n", True, True), ("n\n", True, False), ("y\n", False, False)]
)
def test_only_a_person_at_a_terminal_agrees(monkeypatch, said, at_terminal, agrees):
    monkeypatch.setattr("sys.stdin", Lines(said, terminal=at_terminal))
    assert terminal.agrees("Remove it?") is agrees


def test_a_document_that_waits_is_named_with_its_space():
    assert terminal.held_line("a.md", "d1").plain.endswith("see `footnote documents flags d1`")
    assert terminal.held_line("a.md", "d1", space="sales").plain.endswith("flags d1 --space sales`")
