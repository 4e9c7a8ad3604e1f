"""A database and a folder shared with yoyo: both see the same state, nothing runs twice."""

from __future__ import annotations

import subprocess
import sys

import psycopg
import pytest

from tests.conftest import Project

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def two(project: Project) -> Project:
    project.migration("0001_a", "CREATE TABLE a (id int);", "DROP TABLE a;")
    project.migration("0002_b", "CREATE TABLE b (id int);", "DROP TABLE b;")
    return project


def yoyo(project: Project, *arguments: str) -> str:
    words = psycopg.conninfo.conninfo_to_dict(project.database)
    url = (
        f"postgresql+psycopg://{words['user']}@/{words['dbname']}"
        f"?host={words['host']}&port={words['port']}"
    )
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "yoyo",
            *arguments,
            "--batch",
            "--no-config-file",
            "-d",
            url,
            "migrations",
        ],
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def listed(project: Project) -> dict[str, str]:
    """What `yoyo list` shows: A for applied, U for not."""
    lines = [line.split() for line in yoyo(project, "list").splitlines()]
    return {words[1]: words[0] for words in lines if words and words[0] in {"A", "U"}}


def test_without_yoyo_none_of_its_tables_is_made(two: Project) -> None:
    two.run("apply")
    with psycopg.connect(two.database) as connection:
        found = connection.execute("SELECT relname FROM pg_class WHERE relname ~ 'yoyo'").fetchall()
    assert found == []


def test_what_yoyo_applied_is_adopted_and_yoyo_sees_what_we_apply(two: Project) -> None:
    yoyo(two, "apply", "--revision", "0001_a")
    assert "applied by yoyo" in two.run("status").stdout
    ran = two.run("apply")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("1 migration applied")
    assert listed(two) == {"0001_a": "A", "0002_b": "A"}
    assert two.run("rollback", "--yes").returncode == 0
    assert listed(two) == {"0001_a": "A", "0002_b": "U"}


def test_what_yoyo_rolled_back_is_applied_again(two: Project) -> None:
    two.run("apply", environ={"SCHEMA_TOOL_YOYO": "true"})
    assert listed(two) == {"0001_a": "A", "0002_b": "A"}
    yoyo(two, "rollback", "--revision", "0002_b")
    status = two.run("status", "--exit-code")
    assert status.returncode == 1
    assert "rolled back by yoyo" in status.stdout
    ran = two.run("apply")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("1 migration applied")
    assert listed(two) == {"0001_a": "A", "0002_b": "A"}


def test_tables_made_for_yoyo_are_the_ones_that_yoyo_makes(two: Project) -> None:
    query = """
        SELECT table_name, column_name, data_type, character_maximum_length, is_nullable
        FROM information_schema.columns WHERE table_name ~ '^_yoyo' ORDER BY 1, 2
    """
    two.run("apply", environ={"SCHEMA_TOOL_YOYO": "true"})
    with psycopg.connect(two.database) as connection:
        ours = connection.execute(query).fetchall()
        version = connection.execute("SELECT version FROM _yoyo_version").fetchall()
        connection.execute("DROP TABLE _yoyo_migration, _yoyo_log, _yoyo_version")
    yoyo(two, "list")
    with psycopg.connect(two.database) as connection:
        assert connection.execute(query).fetchall() == ours
        assert connection.execute("SELECT max(version) FROM _yoyo_version").fetchall() == version


def test_a_disagreement_that_yoyos_log_does_not_explain_is_refused(two: Project) -> None:
    two.run("apply", environ={"SCHEMA_TOOL_YOYO": "true"})
    with psycopg.connect(two.database) as connection:
        connection.execute("DELETE FROM _yoyo_migration WHERE migration_id = '0002_b'")
    refused = two.run("apply")
    assert refused.returncode == 4
    assert "the ledger says that 0002_b is applied and yoyo's table does not" in refused.stderr
