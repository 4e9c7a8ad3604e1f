"""Each project has one directory, which its path and its user determine."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from schema_tool.errors import UsageError
from schema_tool.server.home import project_directory, slug, state_directory

if TYPE_CHECKING:
    from pathlib import Path


def test_two_projects_of_one_name_have_different_directories(tmp_path: Path) -> None:
    state = {"SCHEMA_TOOL_STATE": "/state"}
    first = project_directory(tmp_path / "a" / "My Shop", state)
    second = project_directory(tmp_path / "b" / "My Shop", state)
    assert first != second
    assert first.name.startswith("my-shop-")
    assert str(first.parent) == "/state"


def test_a_project_has_one_directory_however_its_path_is_written(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert project_directory(tmp_path / "link") == project_directory(tmp_path / "real")


def test_a_relative_state_folder_is_refused() -> None:
    with pytest.raises(UsageError, match="SCHEMA_TOOL_STATE is a relative path"):
        state_directory({"SCHEMA_TOOL_STATE": "state"})


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no XDG folders")
def test_an_ordinary_users_data_follow_the_xdg_rules(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("HOME", str(tmp_path))
    default = tmp_path / ".local" / "state" / "schema-tool"
    assert state_directory({}) == default
    assert str(state_directory({"XDG_STATE_HOME": "/x"})) == "/x/schema-tool"
    assert state_directory({"XDG_STATE_HOME": "relative"}) == default


def test_roots_data_lie_outside_its_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert str(state_directory({"XDG_STATE_HOME": "/root/x"})) == "/var/lib/schema-tool"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Pipeline Editor", "pipeline-editor"),
        ("über_Größe", "ber-gr-e"),
        ("___", "project"),
        ("a" * 99, "a" * 32),
        ("", "project"),
    ],
)
def test_a_slug_is_safe_in_a_path(name: str, expected: str) -> None:
    assert slug(name) == expected
