"""What is asked and shown at the terminal."""

import io
import json
import sys

import pytest
from rich.text import Text

from rag import terminal
from rag.types import FileReport, IngestProgress, IngestSummary, ParseReport


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


ORDER = "\x1b]0;owned\x07\x9b31m"


@pytest.mark.usefixtures("at_terminal")
def test_what_others_wrote_gives_no_orders_to_the_terminal(capsys):
    terminal.print_line(Text(f"How{ORDER} long?\tThis\nlong", style="bold"))
    terminal.print_table(("Name",), [(f"a{ORDER}.md",)])
    terminal.note(f"a{ORDER}.md")
    with terminal.ingest_progress(quiet=False) as watch:
        watch(IngestProgress("reading", f"a{ORDER}.md", 0, 3, 0, 0.0, None))
    out, err = capsys.readouterr()
    assert "How]0;owned31m long?" in out
    for told in (out, err):
        assert ".md" in told
        assert not {"\x07", "\x9b", "\x1b]"} & {told[n : n + size] for n in range(len(told)) for size in (1, 2)}


def test_json_gives_no_orders_to_the_terminal_and_says_the_same(capsys):
    terminal.print_json({"question": f"{ORDER}\n\x7f →"})
    out = capsys.readouterr().out
    assert json.loads(out) == {"question": f"{ORDER}\n\x7f →"}
    assert not {"\x1b", "\x9b", "\x7f"} & set(out)


def test_signs_that_the_encoding_of_stdout_lacks_end_nothing(monkeypatch):
    written = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written, encoding="cp1252"))
    terminal.print_whatever_fits()
    terminal.print_line(Text("Reset → done"))
    terminal.print_json({"text": "Reset → done"})
    sys.stdout.flush()
    line, _, printed = written.getvalue().decode("cp1252").partition("\n")
    assert line.strip() == "Reset ? done"
    assert json.loads(printed) == {"text": "Reset → done"}


def test_a_document_that_waits_is_named_with_its_space():
    assert terminal.held_line("a.md", "d1").plain.endswith("see `footnote documents flags d1`")
    assert terminal.held_line("a.md", "d1", space="sales").plain.endswith("flags d1 --space sales`")


@pytest.fixture
def at_terminal(monkeypatch):
    """Standard error as a terminal that shows bars, whatever the tests run in."""
    for name, value in {"FORCE_COLOR": "1", "TERM": "xterm", "COLUMNS": "120"}.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("at_terminal")
def test_a_bar_is_shown_from_before_the_number_of_files_is_known(capsys):
    with terminal.ingest_progress(quiet=False) as watch:
        watch(IngestProgress("reading", "a.md", 0, 3, 0, 0.0, None))
        watch(IngestProgress("embedding", "c.md", 2, 3, 7, 3.5, 12.0))
    shown = capsys.readouterr().err
    assert "0/0 files" in shown or "0/3 files" in shown
    assert "2/3 files" in shown
    assert "7 passages, 4/s" in shown


@pytest.mark.usefixtures("at_terminal")
def test_a_count_is_shown_from_before_its_end_is_known(capsys):
    with terminal.count_progress("bytes") as watch:
        watch(5, 10)
    assert "5/10 bytes" in capsys.readouterr().err


def test_of_many_failed_files_it_says_how_many_are_left_out(capsys):
    failed = tuple(FileReport(f"/{n}.md", f"{n}.md", "failed", reason="It is empty.") for n in range(43))
    terminal.show_ingest(IngestSummary(files=failed, n_chunks=0, elapsed_s=1.0), as_json=False)
    said = capsys.readouterr().out
    assert said.count("It is empty.") == 40
    assert "3 more; `--json` lists every file" in said


def test_what_the_parsers_warned_of_is_one_short_line_a_file(capsys):
    noted = ParseReport(pages=3, characters=9, tables=0, pages_without_text=(2, 3), warnings=("One.", "Two. " * 90))
    files = (
        FileReport("/in/a.pdf", "a.pdf", "added", report=noted),
        FileReport("/in/b.pdf", "b.pdf", "unchanged", report=noted),
        FileReport("/in/c.pdf", "c.pdf", "added", report=ParseReport(pages=1, characters=9, tables=0)),
    )
    terminal.show_ingest(IngestSummary(files=files, n_chunks=0, elapsed_s=1.0), as_json=False)
    first, second, *rest = capsys.readouterr().out.splitlines()
    assert first.startswith("note    /in/a.pdf: No text on pages 2-3. One. Two. Two. ")
    assert len(first) < 330
    assert second == "note    /in/b.pdf: No text on pages 2-3."
    assert len(rest) == 1
