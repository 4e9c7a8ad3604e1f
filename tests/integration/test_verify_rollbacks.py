"""verify --rollbacks: every rollback file restores what was there before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

    from tests.conftest import Project


def verify(project: Project) -> subprocess.CompletedProcess[str]:
    (project.root / "sql").mkdir(exist_ok=True)
    return project.run("verify", "--files", "--rollbacks", target=False)


def test_rollbacks_that_restore_are_said_to(project: Project) -> None:
    project.migration("0001_a", "CREATE TABLE a (id int);", "DROP TABLE a;")
    project.migration(
        "0002_i",
        "-- transactional: false\n-- depends: 0001_a\nCREATE INDEX CONCURRENTLY a_idx ON a (id);",
        "DROP INDEX CONCURRENTLY a_idx;",
    )
    project.write("sql/010_a.sql", "CREATE TABLE a (id int);\nCREATE INDEX a_idx ON a (id);")
    done = verify(project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "yes: every rollback restores what was there before" in done.stdout


def test_each_fault_is_reported_once_and_the_rest_is_still_looked_at(project: Project) -> None:
    project.migration("0001_a", "CREATE TABLE a (id int);", "DROP TABLE a;")
    project.migration(
        "0002_two", "CREATE TABLE b (id int);\nCREATE VIEW v AS SELECT 1 AS x;", "DROP TABLE b;"
    )
    project.migration("0003_fails", "ALTER TABLE a ADD COLUMN n int;", "SELECT nothing;\n")
    project.migration("0004_none", "CREATE TABLE d (id int);")
    project.migration("0005_again", "CREATE TABLE e (id int);", "DROP TABLE e;\n")
    done = verify(project)
    assert done.returncode == 1
    found = [line.strip() for line in done.stdout.splitlines() if "rollback-" in line]
    assert found == [
        "error rollback-restores: 0002_two: view public.v: "
        "in what migrations/0002_two.rollback.sql leaves, missing in what was there before",
        "migrations/0003_fails.rollback.sql:1:8: error rollback-restores: "
        "migrations/0003_fails.rollback.sql fails: "
        'column "nothing" does not exist (SQLSTATE 42703)',
    ]
    assert "note no-rollback: migrations/0004_none.sql has no rollback file" in done.stdout
    assert "NO: every rollback restores" in done.stdout
