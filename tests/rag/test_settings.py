"""Settings come from file, environment and command line, and every mistake names the key and the nearest valid one."""

from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.settings import load_settings, setting_names


def config(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "footnote.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_file_sets_a_value(tmp_path):
    settings = load_settings(config=config(tmp_path, "[chunk]\nbudget_tokens = 180\n"), env={})
    assert settings.chunk.budget_tokens == 180
    assert settings.chunk.context_tokens == 48


def test_a_variable_wins_over_the_file(tmp_path, monkeypatch):
    monkeypatch.setenv("FOOTNOTE_CHUNK__BUDGET_TOKENS", "200")
    assert load_settings(config=config(tmp_path, "[chunk]\nbudget_tokens = 180\n")).chunk.budget_tokens == 200


def test_home_of_the_command_line_wins_over_all(tmp_path, monkeypatch):
    monkeypatch.setenv("FOOTNOTE_HOME", "/elsewhere")
    assert load_settings(home=tmp_path).home == tmp_path
    assert load_settings().home == Path("/elsewhere")


def test_an_empty_variable_is_none(monkeypatch):
    usual = load_settings().home
    monkeypatch.setenv("FOOTNOTE_HOME", "")
    assert load_settings().home == usual != Path.cwd()


def test_an_empty_home_of_the_file_is_refused(tmp_path):
    with pytest.raises(SettingsError, match=r"'home' cannot be '': .*path of a directory"):
        load_settings(config=config(tmp_path, 'home = ""\n'), env={})


def test_an_unknown_key_of_the_file_names_the_nearest(tmp_path):
    with pytest.raises(SettingsError, match=r"'chunk.budget_token'.*'chunk.budget_tokens'"):
        load_settings(config=config(tmp_path, "[chunk]\nbudget_token = 180\n"), env={})


def test_an_unknown_variable_names_the_nearest():
    with pytest.raises(SettingsError, match=r"FOOTNOTE_CHUNK__BUDGET.*FOOTNOTE_CHUNK__BUDGET_TOKENS"):
        load_settings(env={"FOOTNOTE_CHUNK__BUDGET": "1"})


def test_a_value_out_of_range_names_the_setting_and_the_value(tmp_path):
    with pytest.raises(SettingsError, match=r"'chunk.budget_tokens' cannot be 5"):
        load_settings(config=config(tmp_path, "[chunk]\nbudget_tokens = 5\n"), env={})


@pytest.mark.parametrize("value", ["inf", "nan", "1e12"])
def test_a_time_that_no_clock_counts_is_refused(tmp_path, value):
    for name in ("answer.model_timeout_s", "answer.generator_timeout_s", "ingest.parse_timeout_s"):
        group, _, key = name.partition(".")
        with pytest.raises(SettingsError, match=f"'{name}' cannot be"):
            load_settings(config=config(tmp_path, f"[{group}]\n{key} = {value}\n"), env={})


def test_a_home_of_nobody_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="'~nobody-here/data'"):
        load_settings(home=Path("~nobody-here/data"), env={})
    with pytest.raises(SettingsError, match="'~nobody-here'"):
        load_settings(config=config(tmp_path, 'home = "~nobody-here"\n'), env={})


def test_a_file_that_is_no_toml_says_where(tmp_path):
    with pytest.raises(SettingsError, match="line 2"):
        load_settings(config=config(tmp_path, "[chunk]\nbudget_tokens = ten\n"), env={})


@pytest.mark.parametrize("value", ["[" * 5000, "9" * 5000], ids=["nested", "long number"])
def test_a_file_with_more_than_can_be_read_is_named(tmp_path, value):
    with pytest.raises(SettingsError, match=r"footnote\.toml"):
        load_settings(config=config(tmp_path, f"[chunk]\nbudget_tokens = {value}\n"), env={})


def test_a_byte_order_mark_is_no_mistake(tmp_path):
    path = tmp_path / "footnote.toml"
    path.write_bytes(b"\xef\xbb\xbf[chunk]\nbudget_tokens = 180\n")
    assert load_settings(config=path, env={}).chunk.budget_tokens == 180


@pytest.mark.parametrize(("name", "reason"), [("a" * 300, "too long"), ("", "directory"), ("no", "No such file")])
def test_a_file_that_cannot_be_opened_says_why(tmp_path, name, reason):
    with pytest.raises(SettingsError, match=f"cannot be opened: .*{reason}"):
        load_settings(config=tmp_path / name, env={})


def test_the_file_of_the_working_directory_that_cannot_be_opened_says_why(tmp_path, monkeypatch):
    def refuse(path, **_):
        raise PermissionError(13, "Permission denied", str(path))

    config(tmp_path, "")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(SettingsError, match=r"'footnote\.toml' cannot be opened: Permission denied"):
        load_settings(env={})


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"nowhere\.toml"):
        load_settings(config=tmp_path / "nowhere.toml", env={})


def test_every_setting_has_a_dotted_name():
    assert {"home", "ingest.max_file_mb", "models.embedding", "serve.port"} <= set(setting_names())


def test_a_key_of_a_language_model_server_is_no_setting_and_no_mistake():
    assert load_settings(env={"FOOTNOTE_OPENAI_API_KEY": "secret"}).models.generator == "bundled:writer"


def test_a_variable_of_a_whole_group_that_is_no_json_is_named(monkeypatch):
    monkeypatch.setenv("FOOTNOTE_MODELS", "/models")
    with pytest.raises(SettingsError, match=r"FOOTNOTE_MODELS='/models'.*FOOTNOTE_MODELS__EMBEDDING"):
        load_settings()
