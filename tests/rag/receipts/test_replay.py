"""A replay says whether the answer is the same, and if not, what changed first."""

from __future__ import annotations

import copy
from dataclasses import replace as replaced

import pytest

from rag.errors import AccessError, ModelError
from rag.ingest.flow import remove
from rag.models.bundled import BUNDLED
from rag.receipts.replay import replay
from rag.types import ModelUse, Principal


class Verifier:
    """The real verifier under another name."""

    use = ModelUse("test:other", "1" * 64)

    def __init__(self, verifier):
        self.support = verifier.support


class Broken:
    """A reranker that fails."""

    use = ModelUse("test:broken", "")

    def score(self, question, passages):
        raise ModelError("The reranker fails.", hint="Set another one.")


class Recorded:
    """The catalog, with another record for one receipt."""

    def __init__(self, catalog, record):
        self._catalog, self._record = catalog, record

    def __getattr__(self, name):
        return getattr(self._catalog, name)

    def answer(self, receipt):
        return self._record


def parts_named(again):
    return [each.part for each in (*again.circumstances, *again.differences)]


def test_the_same_question_on_the_same_versions_is_the_same_and_leaves_no_receipt(library):
    record = library.ask()
    entries = library.workspace.catalog.ledger_head().sequence

    again = replay(record["receipt"], library.workspace)

    assert (again.same, again.exact, again.first) == (True, True, None)
    assert again.record["answer"] == record["answer"] != ""
    assert library.workspace.catalog.ledger_head().sequence == entries


def test_a_replay_is_kept_when_that_is_asked_for(library):
    record = library.ask()

    again = replay(record["receipt"], library.workspace, keep=True)

    kept = library.workspace.catalog.answer(again.record["receipt"])
    assert (kept["replay_of"], kept["answer"]) == (record["receipt"], record["answer"])
    assert library.workspace.catalog.check_ledger().faults == ()


def test_settings_of_the_receipt_are_used_and_those_of_today_are_named(library, parts_of):
    record = library.ask()
    today = replaced(library.workspace.ask_choices, passages=1, min_confidence=1.0)

    again = replay(record["receipt"], parts_of(library.workspace, ask_choices=today))

    assert again.same
    assert (again.first.part, again.first.recorded["passages"], again.first.now["passages"]) == ("settings", 8, 1)


def test_another_model_is_named_with_both_hashes(library, parts_of):
    record = library.ask()
    other = Verifier(library.workspace.verifier)

    again = replay(record["receipt"], parts_of(library.workspace, verifier=other))

    assert again.first.part == "models"
    assert again.first.recorded == {"ref": "bundled:verifier", "sha256": BUNDLED["verifier"].sha256}
    assert again.first.now == {"ref": "test:other", "sha256": "1" * 64}


def test_a_document_that_changed_is_the_first_thing_that_differs(library):
    record = library.ask()
    document = library.put("warranty.md", "# Kestrel 4 warranty\n\nThe Kestrel 4 has a warranty of 36 months.\n")

    again = replay(record["receipt"], library.workspace)

    today = library.workspace.catalog.document(document).version
    cited = record["statements"][0]["citations"][0]
    assert not again.same
    assert (again.first.part, again.first.recorded, again.first.now) == ("documents", cited["version"], today)
    assert {"passages", "statements"} <= set(parts_named(again))
    assert "36 months" in again.record["answer"]


def test_a_document_that_is_gone_is_said_so(library):
    record = library.ask()
    remove(record["statements"][0]["citations"][0]["document"], library.workspace)

    again = replay(record["receipt"], library.workspace)

    assert (again.first.part, again.first.now) == ("documents", None)
    assert "has been removed" in again.first.what
    assert not again.same


def test_a_new_document_is_named(library):
    record = library.ask()
    library.put("news.md", "# Canteen\n\nThere is soup on Thursday.\n")

    again = replay(record["receipt"], library.workspace)

    assert again.first.part == "documents"
    assert "new: Canteen" in again.first.what


def test_a_replay_whose_reranker_fails_says_why(library, parts_of):
    record = library.ask()

    again = replay(record["receipt"], parts_of(library.workspace, reranker=Broken()))

    assert (again.first.part, again.first.what) == ("models", "another reranker model")
    assert "The reranker fails." in again.first.now["ref"]


def spell(record):
    record["query"]["text"] = "How long is the warrant of the Kestrel 4?"


def reorder(record):
    record["passages"].reverse()


def rescore(record):
    record["passages"][0]["score"] += 0.1


def resay(record):
    record["statements"][0]["text"] = "99 years."


def disagree(record):
    record["sides"] = [{**record["statements"][0], "text": "99 years."}]


def resupport(record):
    record["statements"][0]["support"] -= 0.1


def redoubt(record):
    record["confidence"]["probability"] -= 0.1


def refuse(record):
    record["outcome"], record["reason"] = "refused", "weak_evidence"


def age(record):
    del record["settings"]


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (spell, "understanding"),
        (reorder, "passages"),
        (rescore, "passages"),
        (refuse, "outcome"),
        (resay, "statements"),
        (disagree, "statements"),
        (resupport, "statements"),
        (redoubt, "confidence"),
        (age, "settings"),
    ],
)
def test_what_differs_is_named_by_its_part(library, parts_of, change, part):
    record = copy.deepcopy(library.ask())
    change(record)
    parts = parts_of(library.workspace, catalog=Recorded(library.workspace.catalog, record))

    assert parts_named(replay(record["receipt"], parts)) == [part]


def test_nobody_replays_the_questions_of_others(library):
    record = library.ask()
    library.workspace.catalog.grant("default", "ada", "reader")
    with pytest.raises(AccessError, match="'ada' may not read"):
        replay(record["receipt"], library.workspace, principal=Principal("ada"))

    own = library.ask(principal=Principal("ada"))
    assert replay(own["receipt"], library.workspace, principal=Principal("ada")).exact
