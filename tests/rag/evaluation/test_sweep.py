import pytest

from rag.errors import SettingsError
from rag.evaluation.sweep import parse_dial, variants
from rag.settings import Settings


def test_a_dial_has_a_setting_and_its_values():
    dial = parse_dial("chunk.budget_tokens=120, 180,120")
    assert (dial.name, dial.values) == ("chunk.budget_tokens", ("120", "180"))


@pytest.mark.parametrize("text", ["chunk.budget_tokens", "chunk.budget_tokens=", "=1", "chunk.budget_tokens=,"])
def test_a_dial_without_values_is_refused(text):
    with pytest.raises(SettingsError):
        parse_dial(text)


def test_an_unknown_setting_is_answered_with_the_nearest():
    with pytest.raises(SettingsError) as raised:
        parse_dial("chunk.budget=1")
    assert "chunk.budget_tokens" in raised.value.hint


@pytest.mark.parametrize("name", ["home", "serve.port"])
def test_places_are_not_swept(name):
    with pytest.raises(SettingsError):
        parse_dial(f"{name}=1")


def test_several_dials_make_all_combinations():
    dials = [parse_dial("chunk.budget_tokens=120,180"), parse_dial("graph.enabled=true,false")]
    chosen = variants(Settings(), dials)
    assert [(s.chunk.budget_tokens, s.graph.enabled) for _, s in chosen] == [
        (120, True),
        (120, False),
        (180, True),
        (180, False),
    ]


def test_other_settings_stay():
    (_, chosen) = variants(Settings(answer={"passages": 3}), [parse_dial("chunk.budget_tokens=120")])[0]
    assert (chosen.answer.passages, chosen.chunk.context_tokens) == (3, Settings().chunk.context_tokens)


def test_a_value_that_does_not_fit_is_named():
    with pytest.raises(SettingsError, match=r"chunk\.budget_tokens.*'many'"):
        variants(Settings(), [parse_dial("chunk.budget_tokens=many")])


def test_a_setting_that_is_swept_twice_is_refused():
    dials = [parse_dial("chunk.budget_tokens=120"), parse_dial("chunk.budget_tokens=180")]
    with pytest.raises(SettingsError, match=r"'chunk\.budget_tokens' is swept twice"):
        variants(Settings(), dials)
