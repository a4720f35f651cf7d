"""What is written about Footnote is so: commands, options, settings, paths and links that the documentation names."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from rag.cli import app
from rag.settings import Settings

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "corpus/README.md")]
PAGES += sorted(ROOT.glob("docs/*.md"))
DECISIONS = sorted(ROOT.glob("docs/decisions/*.md"))
# Decisions say what was so when they were made: what they name may have moved, but no page that they link to.
EVERY = [*PAGES, *DECISIONS]

CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
# A call goes on behind a backslash, and ends before what is said of it.
CALL = re.compile(r"\bfootnote((?: [a-z][a-z|-]*)+)((?:\\\n *|(?! {3})[^`;#\n])*)")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)[^)]*\)")
SETTING = re.compile(r"`([a-z]+\.[a-z_]+)(?: = [^`]+)?`|\bFOOTNOTE_([A-Z]+__[A-Z_]+)")
FILE = re.compile(r"`((?:rag|app|corpus|docs|knowledge_graph|tests)/[\w./-]+)`")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], set[str]]]:
    """Yield every command and group with the options that it takes, those of a group's commands included."""
    own = {option for each in command.params for option in (*each.opts, *each.secondary_opts)} | {"--help"}
    for name, inner in getattr(command, "commands", {}).items():
        for below, options in commands(inner, (*path, name)):
            own |= options
            yield below, options
    yield path, own


OPTIONS = dict(commands(typer.main.get_command(app)))


def misnamed(call: re.Match[str]) -> list[str]:
    """Return what a call of the command line names that is no command, or no option of its command."""
    paths = [()]
    for word in call[1].split():
        longer = [(*paths[0], name) for name in word.split("|")]
        if not any(len(known) > len(paths[0]) and known[: len(paths[0])] == paths[0] for known in OPTIONS):
            break  # What follows are arguments.
        if unknown := [each for each in longer if each not in OPTIONS]:
            return [" ".join(each) for each in unknown]
        paths = longer
    return [option for option in OPTION.findall(call[2]) if not any(option in OPTIONS[path] for path in paths)]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_and_option_exists(page):
    calls = [call for code in CODE.findall(page.read_text(encoding="utf-8")) for call in CALL.finditer(code)]
    assert [(call[0], wrong) for call in calls if (wrong := misnamed(call))] == []


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("footnote receipt list|show ID --json", []),
        ("footnote eval FOLDER --sweeps", ["--sweeps"]),
        ("footnote documents list|drop", ["documents drop"]),
        ("footnote asks", ["asks"]),
    ],
)
def test_a_command_that_is_none_is_found(said, wrong):
    assert misnamed(CALL.search(said)) == wrong


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_setting_exists(page):
    sections = {name: field.annotation for name, field in Settings.model_fields.items()}
    named = [
        (a or b.lower().replace("__", ".")).split(".") for a, b in SETTING.findall(page.read_text(encoding="utf-8"))
    ]
    fields = {section: getattr(sections.get(section), "model_fields", None) for section, _ in named}
    assert [f"{a}.{b}" for a, b in named if fields[a] is not None and b not in fields[a]] == []


@pytest.mark.parametrize("page", EVERY, ids=name_of)
def test_every_link_leads_somewhere(page):
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_file_that_is_named_is_there(page):
    assert [name for name in FILE.findall(page.read_text(encoding="utf-8")) if not (ROOT / name).exists()] == []


def test_every_default_of_a_limit_is_the_one_of_the_settings():
    limits = re.findall(r"\| `ingest\.(\w+)` \| ([\d,]+) \|", (ROOT / "docs/formats.md").read_text(encoding="utf-8"))
    defaults = Settings.model_fields["ingest"].annotation.model_fields
    assert len(limits) >= 8
    assert {name: float(value.replace(",", "")) for name, value in limits} == {
        name: float(defaults[name].default) for name, _ in limits
    }


def test_the_rooms_of_the_architecture_are_those_there_are():
    told = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    for room, heading in (("ask", "## The rooms of a question"), ("training", "## The rooms of a training")):
        rows = re.findall(r"^\| `(\w+)/` \|", told.split(heading)[1].split("\n## ")[0], re.MULTILINE)
        folders = [path.name for path in (ROOT / "rag" / room).iterdir() if (path / "__init__.py").exists()]
        assert sorted(rows) == sorted(folders)


@pytest.mark.parametrize("decision", DECISIONS, ids=name_of)
def test_a_decision_is_a_page_of_forty_lines(decision):
    assert len(decision.read_text(encoding="utf-8").splitlines()) <= 40


@pytest.mark.parametrize("decision", DECISIONS, ids=name_of)
def test_a_decision_has_the_number_of_its_file(decision):
    assert decision.read_text(encoding="utf-8").startswith(f"# {int(decision.name[:4])}. ")
