"""Evidence without an answer: the same access rule, the same stages, nothing stored."""

from dataclasses import replace

import pytest

from rag.ask.flow import find_evidence
from rag.errors import AccessError, InputError
from rag.ingest.flow import ingest
from rag.settings import Settings
from rag.types import LOCAL_OWNER, Principal, Question, SourceFile
from rag.wiring import open_workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    place = tmp_path_factory.mktemp("find")
    page = place / "reset.md"
    page.write_text("# Reset\n\nHold the reset button for twelve seconds.", encoding="utf-8")
    with open_workspace(Settings(home=place / "home", models={"runtime": "torch-float32"})) as opened:
        ingest([SourceFile(page, str(page), page.name)], opened)
        yield opened


def test_evidence_comes_with_the_time_of_each_stage(workspace):
    evidence, timings = find_evidence(Question("how do I reset it?"), workspace)
    assert [hit.passage.title for hit in evidence.hits] == ["Reset"]
    assert set(timings) == {"understand", "retrieve", "enrich", "rerank", "total"}


def test_a_limit_of_zero_leaves_a_part_out(workspace):
    choices = replace(workspace.ask_choices, lexical_limit=0, graph_limit=0, rerank_limit=0)
    evidence, timings = find_evidence(Question("reset button"), workspace, choices=choices)
    assert [hit.origin for hit in evidence.hits] == [("dense",)]
    assert set(timings) == {"understand", "retrieve", "total"}


def test_a_stranger_finds_nothing(workspace):
    with pytest.raises(AccessError, match="stranger"):
        find_evidence(Question("reset"), workspace, principal=Principal("stranger"))


def test_what_is_no_question_is_refused(workspace):
    with pytest.raises(InputError):
        find_evidence(Question("???"), workspace)


def test_nothing_is_stored(workspace):
    find_evidence(Question("reset", conversation="c1"), workspace)
    assert workspace.catalog.conversations(LOCAL_OWNER, "default") == ()
