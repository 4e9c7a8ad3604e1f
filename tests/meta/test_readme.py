"""README is true: its reference is the commands' own, its examples print what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from schema_tool.config import Settings
from schema_tool.errors import ExitCode
from tests.integration.test_cases import all_cases
from tests.meta.kinds import results
from tests.meta.readme import README, tour_steps, with_generated

TEXT = README.read_text(encoding="utf-8")


def test_the_generated_parts_are_as_generated() -> None:
    assert with_generated(TEXT) == TEXT, "run: make docs"


def test_every_case_has_passed_on_each_server_that_knows_it() -> None:
    passed = results()
    assert len(passed) > 1
    for major, folders in passed.items():
        known = {case.name: case.folder for case in all_cases((major,))}
        assert sorted(set(folders) - set(known)) == [], f"on {major}; run: make cases"
        missing = {name for name, folder in known.items() if name not in folders}
        # a server need not have the extension that a case is about
        extensions = {n for n in missing if "CREATE EXTENSION" in text_of(known[n])}
        assert sorted(missing - extensions) == [], f"on {major}; run: make cases"


def text_of(case: Path) -> str:
    return "".join(path.read_text("utf-8") for path in case.glob("*.sql"))


def test_every_exit_code_is_listed() -> None:
    listed = {int(n) for n in re.findall(r"^\| (\d+) \| ", TEXT, re.MULTILINE)}
    assert listed == {int(code) for code in ExitCode}


def test_every_setting_is_listed() -> None:
    configuration = TEXT.split("## Configuration")[1].split("## Exit codes")[0]
    listed = set(re.findall(r"`([a-z_]+)`", configuration))
    assert set(Settings.__dataclass_fields__) <= listed


def normal(line: str) -> str:
    """A line without what differs from run to run: times and dates."""
    line = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "DATE", line)
    line = re.sub(r" +\d+(\.\d+)? (ms|s)\b", " TIME", line)
    return re.sub(r"PostgreSQL \d+\.\d+", "PostgreSQL N", line)


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder that the embedded server's account can reach, as it can a real one."""
    with tempfile.TemporaryDirectory(prefix="schema-tool-tour-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_the_tour_prints_what_it_says(folder: Path) -> None:
    environ = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "SCHEMA_TOOL_STATE": str(folder / "state"),
    }
    try:
        for command, expected in tour_steps(TEXT):
            ran = subprocess.run(
                ["bash", "-c", f"{command} 2>&1"],
                cwd=folder,
                env=environ,
                capture_output=True,
                text=True,
                stdin=subprocess.DEVNULL,
                check=False,
            )
            shown = [normal(line) for line in ran.stdout.splitlines()]
            if ran.returncode:
                shown.append(f"[exit {ran.returncode}]")
            assert shown == [normal(line) for line in expected], command
    finally:
        subprocess.run(["schema-tool", "server", "stop"], cwd=folder, env=environ, check=False)
