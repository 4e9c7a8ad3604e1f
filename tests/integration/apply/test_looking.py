"""What is asked most often: what would run, and is anything to do at all."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.conftest import Project


@pytest.fixture
def two(project: Project) -> Project:
    project.migration("0001_a", "CREATE TABLE a (id int);", "DROP TABLE a;")
    project.migration("0002_b", "-- depends: 0001_a\nCREATE TABLE b (id int);", "DROP TABLE b;")
    return project


def test_a_dry_run_is_one_json_document_when_asked(two: Project) -> None:
    done = two.run("apply", "--dry-run", "--format", "json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [each["file"] for each in found["pending"]] == [
        f"migrations/{each['id']}.sql" for each in found["pending"]
    ]
    text = two.run("apply", "--dry-run").stdout
    for each in found["pending"]:
        for statement in each["sql"]:
            assert statement in text
    assert two.run("apply", "--format", "json").returncode == 0
    again = two.run("apply", "--format", "json")
    assert json.loads(again.stdout)["applied"] == []


def test_nothing_pending_loads_neither_the_parser_nor_yoyo(two: Project) -> None:
    assert two.run("apply").returncode == 0
    heavy = "{'yoyo', 'sqlparse', 'postgast', 'sqlfluff'}"
    code = (
        "import sys\n"
        "from schema_tool.cli.main import run\n"
        f"code = run(['apply', '-d', {two.database!r}])\n"
        f"sys.exit(code or repr(sorted({heavy} & set(sys.modules))))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=two.root,
        env=two.environ(None),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "nothing pending" in ran.stdout, ran.stderr
    assert ran.stderr.splitlines()[-1] == "[]"


@pytest.mark.parametrize("flag", ["--max-stall", "--lock-timeout", "--runner-timeout", "--wait"])
def test_a_flag_that_makes_no_sense_is_refused_also_with_nothing_to_do(
    two: Project, flag: str
) -> None:
    assert two.run("apply").returncode == 0
    done = two.run("apply", flag, "soon")
    assert done.returncode == 2
    assert "is not a duration" in done.stderr


def test_a_file_that_is_still_empty_is_told(project: Project) -> None:
    assert project.run("new", "soon", target=False).returncode == 0
    done = project.run("apply")
    assert done.returncode == 0, done.stderr
    assert "migrations/0001_soon.sql holds no statement" in done.stderr
