"""A removed document takes its words out of every receipt that was made from it, shown in it or not."""

import functools
import gc
import json
from dataclasses import replace

import pytest

from rag.ask.answer import record
from rag.ask.flow import ask
from rag.ingest.find import find_files
from rag.ingest.flow import ingest, remove
from rag.safety.policy import parse_policy
from rag.settings import load_settings
from rag.types import Question
from rag.wiring import open_workspace
from tests.rag.ingest.doubles import Parts

KESTREL = "# Kestrel lights\n\nThe Kestrel shows a green light for nine seconds.\n"
OTTER = "# Otter lights\n\nThe Otter shows a violet light for seven seconds.\n"
HIDDEN = parse_policy(b'version = "t/3"\n[visible]\nnearest_passages = ["editor"]\n', "policy.toml")


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    with open_workspace(load_settings(home=tmp_path_factory.mktemp("home"), env={})) as workspace:
        yield workspace


@pytest.fixture
def space(opened, tmp_path):
    """A space of its own for each case, with two documents."""
    for name, text in {"kestrel.md": KESTREL, "otter.md": OTTER}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    opened.catalog.create_space(tmp_path.name)
    ingest(find_files([tmp_path]), opened, space=tmp_path.name)
    return tmp_path.name


def asked(workspace, space, text, *, policy=None, **numbers):
    choices = replace(workspace.ask_choices, **({"min_confidence": 1.0} | numbers))
    return ask(Question(text, space), Parts(workspace, ask_choices=choices, policy=policy or workspace.policy))


def forgotten(workspace, space, answer, title):
    """Remove a document; return the receipt as it is then."""
    (gone,) = (info.id for info in workspace.catalog.documents(space) if info.title == title)
    remove(gone, workspace)
    stored = workspace.catalog.answer(answer.receipt)
    assert [note["document"] for note in stored["redactions"]] == [gone]
    assert workspace.catalog.check_ledger().faults == ()
    return json.dumps(stored, ensure_ascii=False)


def test_who_may_not_see_passages_sees_no_sentence_of_them_either(opened, space):
    answer = asked(opened, space, "How long does the Otter show a violet light?", policy=HIDDEN)
    assert (answer.verdict.reason, answer.passages) == ("weak_evidence", ())
    assert answer.verdict.cut
    assert "seven seconds" not in json.dumps(record(answer))
    forgotten(opened, space, answer, "Otter lights")


def test_who_may_see_passages_sees_what_was_cut_until_its_document_is_removed(opened, space):
    answer = asked(opened, space, "How long does the Otter show a violet light?")
    assert "seven seconds" in answer.verdict.cut[0].text
    assert "seven seconds" not in forgotten(opened, space, answer, "Otter lights")


def test_titles_that_were_offered_go_though_no_passage_below_them_was_shown(opened, space):
    answer = asked(opened, space, "lights?", passages=1)
    (shown,) = {hit.passage.title for hit in answer.passages}
    (other,) = {"Kestrel lights", "Otter lights"} - {shown}
    assert other in answer.message
    assert other.split()[0] not in forgotten(opened, space, answer, other)


def test_titles_that_were_offered_go_though_no_passage_below_them_was_found(opened, space):
    one = {"dense_limit": 1, "lexical_limit": 1, "limit": 1, "graph_limit": 0}
    answer = asked(opened, space, "lights?", **one)
    (found,) = {hit.passage.title for hit in answer.passages}
    (other,) = {"Kestrel lights", "Otter lights"} - {found}
    assert other in answer.message
    assert other.split()[0] not in forgotten(opened, space, answer, other)


def remembered():
    """Return all strings that functions of the package were asked with and remember, in one."""
    # What was imported for the tests is kept from the collection of garbage, and is not listed while it is.
    gc.unfreeze()
    caches = [each for each in gc.get_objects() if type(each) is functools._lru_cache_wrapper]
    gc.freeze()
    keys = [key for cache in caches if cache.__module__.startswith("rag.") for key in gc.get_referents(cache)]
    parts = [part for key in keys for part in (key if type(key) is tuple else (key,))]
    return "\n".join(part for part in parts if isinstance(part, str))


def test_no_function_remembers_a_removed_document(opened, tmp_path):
    (tmp_path / "heron.md").write_text(
        "# Heron lamps\n\n| Lamp | Violet pulses a minute | Maker |\n|--|--|--|\n| Heron 3 | 77 pulses | Fennec |\n\n"
        "The Heron 3 is 91 cm tall beside ponds.\n",
        encoding="utf-8",
    )
    opened.catalog.create_space(tmp_path.name)
    (report,) = ingest(find_files([tmp_path]), opened, space=tmp_path.name).files
    asked(opened, tmp_path.name, "How many violet pulses a minute has the Heron 3?", min_confidence=0.0)
    asked(opened, tmp_path.name, "How tall is the Heron 3?", min_confidence=0.0)
    words = ("Violet pulses a minute", "beside ponds")
    assert all(each in remembered() for each in words)
    remove(report.document_id, opened)
    assert not any(each in remembered() for each in words)
