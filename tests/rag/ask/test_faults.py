"""A fault in any slot ends in a typed outcome or a named fallback: never a blank, never an unverified word."""

import itertools
import threading
from dataclasses import replace

import numpy as np
import pytest

from rag import lexis
from rag.ask.flow import ask
from rag.errors import ModelError, SettingsError, StoreError
from rag.ingest.find import find_files
from rag.ingest.flow import ingest
from rag.safety.policy import Policy
from rag.settings import load_settings
from rag.types import LOCAL_OWNER, ModelUse, Principal, Question
from rag.wiring import open_workspace

WARRANTY = "# Kestrel 4 warranty\n\nThe Kestrel 4 has a warranty of 24 months. Batteries are not covered.\n"
RETURNS = "# Returns\n\nDevices can be returned within 14 days of delivery.\n"
QUESTION = "How long is the warranty of the Kestrel 4?"
TRUE = "The Kestrel 4 comes with a 24 months warranty."
FALSE = "The Kestrel 4 comes with a 99 years warranty."
# Long enough for a model that works on a busy machine; waited for only where one hangs.
TIMEOUT_S = 2.0


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    folder = tmp_path_factory.mktemp("documents")
    for name, text in {"warranty.md": WARRANTY, "returns.md": RETURNS}.items():
        (folder / name).write_text(text, encoding="utf-8")
    with open_workspace(load_settings(home=tmp_path_factory.mktemp("home"), env={})) as opened:
        ingest(find_files([folder]), opened)
        # Models load when first used; that is no fault.
        ask(Question(QUESTION), opened)
        yield opened


class Faulty:
    """Any model, answering every call as it was told to."""

    use = ModelUse("test:faulty", "")
    dimension, max_tokens = 384, 256

    def __init__(self, answer):
        self.score = self.support = self.highlight = self.embed = self.stream = self.token_vectors = answer


class Parts:
    """A workspace with some parts replaced; one that is an error is missing."""

    def __init__(self, workspace, **parts):
        self._workspace, self._parts = workspace, parts

    def __getattr__(self, name):
        part = self._parts.get(name, self._workspace if name not in self._parts else None)
        if isinstance(part, Exception):
            raise part
        return part if name in self._parts else getattr(self._workspace, name)


def raising(*_, **__):
    raise RuntimeError("out of memory")


def refusing(*_, **__):
    raise ModelError("It is gone.", hint="Pull it.")


def hanging(*_, **__):
    threading.Event().wait(20)


def not_numbers(*inputs, **_):
    return np.full(len(inputs[-1]), np.nan)


def too_many(*inputs, **_):
    return np.ones(len(inputs[-1]) + 3)


def nothing(*_, **__):
    return None


def words(*_, **__):
    return ["high"] * 3


def endless(*_, **__):
    return itertools.repeat("lorem ipsum ")


def huge(*_, **__):
    return iter(["x" * 10_000_000])


def hanging_between(*_, **__):
    yield "The "
    threading.Event().wait(20)


def bytes_instead(*_, **__):
    return iter([b"The Kestrel 4"])


def unsupported(*_, **__):
    return iter([FALSE])


def with_control_characters(*_, **__):
    return iter(["\x00\x1b[31m", "\u202e", TRUE])


def silent(*_, **__):
    return iter([])


BROKEN = {
    "missing": ModelError("There is no such folder.", hint="Name another."),
    "raising": Faulty(raising),
    "refusing": Faulty(refusing),
    "slow": Faulty(hanging),
    "not numbers": Faulty(not_numbers),
    "too many": Faulty(too_many),
    "nothing": Faulty(nothing),
    "words": Faulty(words),
}
SLOTS = {"embedder": "embedding", "reranker": "reranker", "highlighter": "highlighter", "verifier": "verifier"}
BROKEN_STREAMS = {
    "missing": ModelError("There is no such folder.", hint="Name another."),
    "raising": Faulty(raising),
    "refusing": Faulty(refusing),
    "slow": Faulty(hanging),
    "slow between pieces": Faulty(hanging_between),
    "endless": Faulty(endless),
    "10 MB": Faulty(huge),
    "bytes": Faulty(bytes_instead),
    "nothing": Faulty(nothing),
    "silent": Faulty(silent),
}


def asked(workspace, question=QUESTION, principal=None, **parts):
    """Ask with some parts replaced; every sentence that is shown stands in a document, whatever fails."""
    choices = replace(workspace.ask_choices, model_timeout_s=TIMEOUT_S, generator_timeout_s=TIMEOUT_S)
    shown = []
    answer = ask(
        Question(question),
        Parts(workspace, **({"ask_choices": choices} | parts)),
        on_progress=lambda moment: shown.append(moment.statement) if moment.statement else None,
        **({"principal": principal} if principal else {}),
    )
    stored = workspace.catalog.answer(answer.receipt)
    assert stored["answer"] or stored["message"]
    assert tuple(shown) == answer.verdict.statements
    for statement in answer.verdict.statements:
        assert statement.citations
        for citation in statement.citations:
            text = workspace.catalog.text(citation.document_id, citation.version).text
            assert text[citation.start : citation.end] == citation.quote
    assert "99" not in answer.text
    return answer, stored


@pytest.mark.parametrize("fault", BROKEN)
@pytest.mark.parametrize("part", SLOTS)
def test_a_fault_of_a_model_is_named_and_the_answer_is_typed(workspace, part, fault):
    # What is quoted stands to the letter and asks no verifier; what a generator writes does.
    written = {"generator": Faulty(lambda *_, **__: iter([TRUE]))} if part == "verifier" else {}
    answer, stored = asked(workspace, **{part: BROKEN[fault]}, **written)
    assert answer.verdict.outcome in {"answered", "refused"}
    assert [each["slot"] for each in stored["fallbacks"]] == [SLOTS[part]]
    if part != "highlighter":
        assert stored["models"][SLOTS[part]]["ref"] != "test:faulty"


@pytest.mark.parametrize("fault", BROKEN_STREAMS)
def test_a_generator_that_fails_is_replaced_by_quotes(workspace, fault):
    answer, stored = asked(workspace, generator=BROKEN_STREAMS[fault])
    assert answer.verdict.mode == "quoted"
    assert "24 months" in answer.text
    assert [each["slot"] for each in stored["fallbacks"]] == ["generator"]
    assert stored["models"]["generator"]["ref"].startswith("bundled:quoted (")


@pytest.mark.parametrize("verifier", ["raising", "slow", "not numbers", "words"])
def test_without_a_verifier_only_what_stands_to_the_letter_is_shown(workspace, verifier):
    written = Faulty(lambda *_, **__: iter([TRUE, " Batteries are not covered."]))
    answer, _ = asked(workspace, generator=written, verifier=BROKEN[verifier])
    for statement in answer.verdict.statements:
        assert lexis.squeezed(statement.text) == lexis.squeezed(statement.citations[0].quote)
    assert TRUE in [cut.text for cut in answer.verdict.cut]
    assert TRUE not in answer.text


def test_without_a_verifier_a_verbatim_sentence_is_shown(workspace):
    written = Faulty(lambda *_, **__: iter(["The Kestrel 4 has a warranty of 24 months."]))
    answer, _ = asked(workspace, generator=written, verifier=BROKEN["raising"])
    assert answer.text == "The Kestrel 4 has a warranty of 24 months."


def test_without_a_reranker_the_answer_stands_and_the_person_is_told(workspace):
    bold = replace(workspace.ask_choices, min_confidence=0.0)
    answer, stored = asked(workspace, reranker=BROKEN["raising"], ask_choices=bold)
    assert "24 months" in answer.text
    assert stored["models"]["reranker"]["ref"].startswith("none (instead of test:faulty: The reranker failed")
    assert stored["fallbacks"][0]["instead"].startswith("The reranker failed: the passages stand in the order")


def test_without_an_embedder_words_alone_find_the_passage(workspace):
    answer, _ = asked(workspace, embedder=BROKEN["missing"])
    assert "24 months" in answer.passages[0].passage.chunk.text
    assert answer.passages[0].origin[0] == "lexical"


def test_a_graph_that_fails_is_left_out(workspace):
    class Lost:
        def graph(self, space, index):
            raise StoreError("The graph is damaged.", hint="Make it anew.")

    answer, stored = asked(workspace, graphs=Lost())
    assert "24 months" in answer.text
    assert [each["slot"] for each in stored["fallbacks"]] == ["graph"]


def test_all_models_may_fail_at_once(workspace):
    answer, stored = asked(
        workspace,
        **dict.fromkeys(SLOTS, BROKEN["raising"]),
        generator=BROKEN_STREAMS["raising"],
    )
    # Words alone found it: what is shown, if anything, is the sentence that answers, and no more than likely.
    assert answer.verdict.outcome == "refused" or "24 months" in answer.text
    assert answer.verdict.confidence.level != "high"
    assert answer.passages
    assert {each["slot"] for each in stored["fallbacks"]} >= {"embedding", "highlighter", "generator"}


def test_control_characters_never_reach_the_answer(workspace):
    answer, _ = asked(workspace, generator=Faulty(with_control_characters))
    assert all(char.isprintable() for char in answer.text)


def test_an_unsupported_sentence_is_never_shown_and_says_why(workspace):
    _, stored = asked(workspace, generator=Faulty(unsupported))
    assert "“99 years” is not in the sources" in stored["cut"][0]["reason"]


def test_what_a_generator_said_before_it_broke_off_stays(workspace):
    def breaks_off(*_, **__):
        yield f"{TRUE} And "
        yield "then"
        raise RuntimeError("connection lost")

    answer, stored = asked(workspace, generator=Faulty(breaks_off))
    assert answer.verdict.mode == "generated"
    assert answer.text == TRUE
    assert stored["fallbacks"][0]["instead"].startswith("The language model broke off")


def test_progress_tells_of_a_fallback_when_it_happens(workspace):
    told = []
    ask(Question(QUESTION), Parts(workspace, reranker=BROKEN["raising"]), on_progress=told.append)
    (moment,) = [each for each in told if each.fallback]
    assert (moment.stage, moment.fallback.slot) == ("rerank", "reranker")


class Mistaken(Parts):
    """A workspace whose policy has a mistake."""

    @property
    def policy(self):
        raise SettingsError("The policy has 1 mistake: line 3, 'min': there is no such key.", hint="Mend it.")

    @property
    def ask_choices(self):
        return self.policy


@pytest.mark.parametrize("principal", [LOCAL_OWNER, Principal("ada")], ids=lambda who: who.id)
def test_a_broken_policy_refuses_and_tells_its_mistake_to_the_log_alone(workspace, caplog, principal):
    workspace.catalog.grant("default", "ada", "reader")
    answer = ask(Question(QUESTION), Mistaken(workspace), principal=principal)
    assert (answer.verdict.outcome, answer.verdict.reason) == ("refused", "policy")
    assert "line 3" not in answer.message
    assert "Tell the owner" in answer.message
    assert "footnote policy check" in answer.message
    assert answer.passages == ()
    assert "line 3" in caplog.text


def test_a_policy_that_goes_by_meaning_refuses_where_meaning_cannot_be_told(workspace):
    topic = {"name": "salaries", "examples": ["What does she earn?"], "action": "refuse"}
    policy = Policy.model_validate({"version": "1", "topics": [topic]})
    answer, _ = asked(workspace, embedder=BROKEN["raising"], policy=policy)
    assert (answer.verdict.outcome, answer.verdict.reason) == ("refused", "policy")


def test_a_damaged_calibration_is_replaced_by_the_shipped_one(workspace):
    answer, stored = asked(workspace, calibration=SettingsError("The calibration is damaged.", hint="Make it anew."))
    assert "24 months" in answer.text
    assert stored["fallbacks"][0]["slot"] == "calibration"
    assert stored["models"]["calibration"]["ref"].startswith("bundled:")


def test_a_reranker_that_cannot_be_loaded_leaves_the_choice_of_sentences(workspace, monkeypatch, tmp_path):
    models = workspace.settings.models.model_copy(update={"reranker": str(tmp_path / "nowhere")})
    monkeypatch.setattr(workspace, "settings", workspace.settings.model_copy(update={"models": models}))
    monkeypatch.delitem(workspace._models, "reranker")
    answer = ask(Question(QUESTION), workspace)
    assert [fallback.slot for fallback in answer.fallbacks] == ["reranker"]
    assert "24 months" in answer.text
