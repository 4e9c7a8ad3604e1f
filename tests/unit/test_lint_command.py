"""The lint command: exit status, what goes where, what it does not import."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "schema-tool.toml").write_text("")
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0001_a.sql").write_text("DROP TABLE a;\n")
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "010_a.sql").write_text("SELECT 1;\n")
    return tmp_path


def run(
    folder: Path, *arguments: str, to: int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    code = "import sys; from schema_tool.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, "lint", *arguments],
        cwd=folder,
        stdout=to,
        stderr=to,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "DATABASE_URL": "postgres://nobody@0",
        },
        text=True,
        check=False,
    )


def test_findings_are_results_and_the_summary_is_talk(folder: Path) -> None:
    done = run(folder)
    assert done.returncode == 1
    assert done.stdout.splitlines()[0].startswith(
        "migrations/0001_a.sql:1:1: warning squawk.ban-drop-table: "
    )
    assert done.stderr == "2 files: 1 warning\n"


def test_clean_files_print_nothing_and_exit_0(folder: Path) -> None:
    done = run(folder, "sql")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "1 file: no findings\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [((), 1), (("nowhere",), 2), (("nowhere", "--format=json"), 2), (("--nosuch",), 2)],
)
def test_the_exit_code_is_the_same_when_nobody_listens(
    folder: Path, arguments: tuple[str, ...], code: int
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        assert run(folder, *arguments, to=writer).returncode == code
    finally:
        os.close(writer)


def test_an_unknown_path_exits_2(folder: Path) -> None:
    done = run(folder, "sql/020_b.sql")
    assert done.returncode == 2
    assert "there is no file or folder sql/020_b.sql" in done.stderr


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_formats_for_programs_are_one_json_document(folder: Path, form: str) -> None:
    done = run(folder, "--format", form)
    assert done.returncode == 1
    assert "ban-drop-table" in json.dumps(json.loads(done.stdout))


@pytest.mark.parametrize("arguments", [("--nosuch",), ("--env",), ("nowhere",)])
def test_a_usage_error_is_json_for_programs(folder: Path, arguments: tuple[str, ...]) -> None:
    done = run(folder, "--format", "json", *arguments)
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["exit_code"]) == (2, 2)
    assert error["message"].strip(".") in done.stderr


def test_paths_are_shown_from_where_one_stands(folder: Path) -> None:
    done = run(folder / "migrations")
    assert "0001_a.sql:1:1: warning" in done.stdout.splitlines()[0]
    assert done.returncode == 1


def test_no_other_command_loads_the_linters() -> None:
    code = (
        "import sys, schema_tool.cli.main, schema_tool.lint;"
        "print([m for m in ('sqlfluff', 'psycopg', 'postgast', 'yoyo') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
