"""The right PostgreSQL programs are found, without importing the package that brings them."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from schema_tool.errors import FailedError, UsageError
from schema_tool.server import binaries
from schema_tool.server.binaries import WHEELS, Binaries, all_binaries, find_binaries

if TYPE_CHECKING:
    from pathlib import Path


def fake(folder: Path, version: str) -> Path:
    folder.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        program = folder / name
        program.write_text(f'#!/bin/sh\necho "{name} (PostgreSQL) {version}"\n')
        program.chmod(0o755)
    return folder


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "WHEELS", {})
    monkeypatch.setattr(binaries, "SYSTEM_PATTERNS", ())
    monkeypatch.setenv("PATH", "/nonexistent")


def test_a_wheels_newest_server_is_the_default() -> None:
    found = find_binaries()
    assert found.source in WHEELS.values()
    assert found.major == max(each.major for each in all_binaries() if each.source == found.source)
    assert found.program("postgres").is_file()


def test_there_is_one_installation_for_each_major_version_newest_first() -> None:
    majors = [each.major for each in all_binaries()]
    assert majors == sorted(set(majors), reverse=True)


def test_a_configured_folder_wins_over_a_wheel(tmp_path: Path) -> None:
    folder = fake(tmp_path / "bin", "18.9 (Debian 18.9-1)")
    assert find_binaries(configured=folder) == Binaries(
        bin=folder, major=18, version="18.9", source="configured"
    )


def test_a_configured_folder_does_not_hide_other_major_versions(tmp_path: Path) -> None:
    folder = fake(tmp_path / "bin", "15.1")
    newest = find_binaries()
    assert find_binaries(major=newest.major, configured=folder) == newest


def test_only_those_before_the_one_that_fits_are_asked_for_their_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other = fake(tmp_path / "a", "17.1"), fake(tmp_path / "b", "16.1")
    later = fake(tmp_path / "c", "15.1")
    (later / "postgres").write_text(f"#!/bin/sh\ntouch {tmp_path}/asked\n")
    monkeypatch.setattr(binaries, "WHEELS", {})
    places = tuple(str(folder) for folder in (other, later))
    monkeypatch.setattr(binaries, "SYSTEM_PATTERNS", places)
    assert find_binaries(major=16, configured=first).bin == other
    assert not (tmp_path / "asked").exists()
    find_binaries(configured=first)
    assert (tmp_path / "asked").exists()


def test_a_development_version_has_a_major_version(tmp_path: Path) -> None:
    assert find_binaries(configured=fake(tmp_path / "bin", "19beta1")).major == 19


def test_a_folder_without_a_server_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no PostgreSQL server"):
        find_binaries(configured=tmp_path)


@pytest.mark.usefixtures("nothing_installed")
def test_without_any_server_the_extra_to_install_is_named() -> None:
    with pytest.raises(FailedError, match="no PostgreSQL server program") as caught:
        find_binaries()
    assert "schema-tool[local]" in caught.value.hint


@pytest.mark.usefixtures("nothing_installed")
def test_a_missing_major_version_is_named_with_what_there_is(tmp_path: Path) -> None:
    folder = fake(tmp_path / "bin", "16.2")
    with pytest.raises(FailedError, match=r"no PostgreSQL 17 .*16\.2 \(configured\)") as caught:
        find_binaries(major=17, configured=folder)
    assert "--binaries" in caught.value.hint


def test_no_wheel_is_imported_and_no_driver_before_it_is_needed() -> None:
    script = (
        "import sys\n"
        "from schema_tool.server import cluster, scratch, session, target\n"
        "from schema_tool.server.binaries import WHEELS, all_binaries\n"
        "all_binaries()\n"
        "print([name for name in (*WHEELS, 'psycopg', 'psutil') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
