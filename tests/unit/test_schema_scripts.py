"""What stands in `sql/` and is no file of SQL is named, never waited for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from schema_tool.errors import UsageError
from schema_tool.source import read_cluster_scripts, read_schema_scripts

if TYPE_CHECKING:
    from pathlib import Path


def make(path: Path, what: str) -> None:
    if what == "pipe":
        os.mkfifo(path)
    elif what == "folder":
        path.mkdir()
    else:
        path.symlink_to(what)


@pytest.mark.parametrize("what", ["pipe", "folder", "/dev/zero", "/nowhere"])
def test_what_is_no_file_is_named(tmp_path: Path, what: str) -> None:
    make(tmp_path / "010.sql", what)
    with pytest.raises(UsageError, match=r"^010\.sql is not a file$"):
        read_schema_scripts(tmp_path, shown_from=tmp_path)


def test_a_file_that_would_be_passed_over_is_named(tmp_path: Path) -> None:
    (tmp_path / "cluster").mkdir()
    (tmp_path / "cluster" / "010.SQL").touch()
    with pytest.raises(UsageError, match=r"^cluster/010\.SQL would be passed over"):
        read_cluster_scripts(tmp_path, shown_from=tmp_path)


def test_other_files_may_stand_there(tmp_path: Path) -> None:
    (tmp_path / "README.md").touch()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "020.sql").symlink_to(tmp_path / "README.md")
    assert [s.name for s in read_schema_scripts(tmp_path, shown_from=tmp_path)] == ["020.sql"]
