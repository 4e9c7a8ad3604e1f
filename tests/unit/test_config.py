"""Configuration: where it is found, what wins, what is refused."""

from pathlib import Path

import pytest

from schema_tool.config import duration_ms, load_config
from schema_tool.errors import UsageError


def project(folder: Path, text: str, name: str = "schema-tool.toml") -> Path:
    (folder / name).write_text(text)
    return folder


def test_a_project_is_found_from_a_folder_below_it(tmp_path: Path) -> None:
    project(tmp_path, "[tool.schema-tool]\nsql = 'db'\n", "pyproject.toml")
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    config = load_config(start=below, environ={})
    assert config.root == tmp_path
    assert config.sql_folder == tmp_path / "db"


def test_a_variable_wins_over_the_file_and_a_flag_over_both(tmp_path: Path) -> None:
    project(tmp_path, "lock_timeout = '5s'\nrole = 'of_file'\nyoyo = false\n")
    environ = {
        "SCHEMA_TOOL_LOCK_TIMEOUT": "1s",
        "SCHEMA_TOOL_ROLE": "of_variable",
        "SCHEMA_TOOL_YOYO": "true",
    }
    config = load_config(start=tmp_path, environ=environ, role="of_flag")
    assert config.settings.lock_timeout == "1s"
    assert config.settings.yoyo is True
    assert config.role == "of_flag"
    assert load_config(start=tmp_path, environ=environ).role == "of_variable"


def test_a_named_environment_is_laid_over_the_file(tmp_path: Path) -> None:
    project(tmp_path, "role = 'a'\n[env.production]\nrole = 'b'\nprotected = true\n")
    config = load_config(start=tmp_path, environ={}, environment="production")
    assert (config.role, config.settings.protected) == ("b", True)
    with pytest.raises(UsageError, match="no environment “prod”") as caught:
        load_config(start=tmp_path, environ={}, environment="prod")
    assert "production" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("lock_timout = '2s'", "unknown key “lock_timout”", "did you mean lock_timeout?"),
        ("yoyo = 'yes'", "takes true or false", ""),
        ("sql = 3", "takes a string", ""),
        ("squawk_exclude = 'a'", "takes a list of strings", ""),
        ("sql = ", "is not TOML", ""),
    ],
)
def test_a_mistake_is_refused_with_a_sentence(
    tmp_path: Path, text: str, message: str, hint: str
) -> None:
    project(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        load_config(start=tmp_path, environ={})
    assert message in caught.value.message
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [("500ms", 500), ("2s", 2000), ("1.5s", 1500), ("1min", 60_000), (" 2 s ", 2000), ("0s", 0)],
)
def test_durations_are_read_as_postgresql_writes_them(text: str, milliseconds: int) -> None:
    assert duration_ms(text, name="x") == milliseconds


@pytest.mark.parametrize("text", ["", "2", "s", "-1s", "2 seconds", "nans"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        duration_ms(text, name="x")


def test_a_variable_that_is_neither_true_nor_false_is_refused(tmp_path: Path) -> None:
    for text, protected in (("on", True), ("FALSE", False), ("", False)):
        config = load_config(start=tmp_path, environ={"SCHEMA_TOOL_PROTECTED": text})
        assert config.settings.protected is protected
    with pytest.raises(UsageError, match="SCHEMA_TOOL_PROTECTED"):
        load_config(start=tmp_path, environ={"SCHEMA_TOOL_PROTECTED": "ture"})
