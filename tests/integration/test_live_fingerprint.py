"""A plan that was made from a database is refused there once the database has changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from tests.conftest import Project, Server

FILE = "migrations/0002_first.sql"


def planned(project: Project) -> None:
    project.write("sql/010.sql", "CREATE TABLE a (id int PRIMARY KEY);\n")
    project.write("migrations/0000_start.sql", "SELECT 1;\n")
    assert project.run("apply").returncode == 0
    result = project.run("diff", "-o", FILE)
    assert result.returncode == 1, result.stderr
    text = (project.root / FILE).read_text()
    assert text.startswith("-- schema-tool: live ")
    back = (project.root / FILE.replace(".sql", ".rollback.sql")).read_text()
    assert "schema-tool: live" not in back


def execute(database: str, text: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(text.encode())


def test_a_changed_database_is_refused_with_what_to_type(project: Project) -> None:
    planned(project)
    execute(project.database, "CREATE TABLE meanwhile (id int)")
    refused = project.run("apply")
    assert refused.returncode == 4
    assert "has changed since" in refused.stderr
    assert "schema-tool diff -o" in refused.stderr
    for command in (("apply", "--dry-run"), ("plan", "-o", "plan.json")):
        assert project.run(*command).returncode == 4
    execute(project.database, "DROP TABLE meanwhile")
    applied = project.run("apply")
    assert applied.returncode == 0, applied.stderr
    assert project.run("diff").returncode == 0
    assert project.run("apply").returncode == 0
    looked = project.run("apply", "--dry-run")
    assert (looked.returncode, looked.stdout) == (0, "")
    assert "nothing pending" in looked.stderr


def test_a_file_that_comes_before_the_plan_makes_it_stale(project: Project) -> None:
    planned(project)
    project.write("migrations/0001_two.sql", "CREATE TABLE two (id int);\n")
    refused = project.run("apply")
    assert refused.returncode == 4
    assert "was planned from this database before 0001_two changed it" in refused.stderr
    assert "schema-tool apply --to 0001_two" in refused.stderr


def test_another_database_takes_the_file_as_any_migration(project: Project, server: Server) -> None:
    planned(project)
    other = replace(project, database=server.create())
    applied = other.run("apply")
    assert applied.returncode == 0, applied.stderr
    assert other.run("diff").returncode == 0
    execute(other.database, "CREATE TABLE more (id int)")
    assert other.run("apply").returncode == 0


def test_a_planned_file_that_stopped_half_way_goes_on(project: Project) -> None:
    planned(project)
    path = project.root / FILE
    header = path.read_text().splitlines()[0]
    text = (
        f"{header}\n-- transactional: false\n\nCREATE TABLE a (id int PRIMARY KEY);\n"
        "CREATE TABLE b (id int);\n"
    )
    path.write_text(text)
    path.write_text(text.replace("CREATE TABLE b (id int);", "SELECT 1 / (SELECT 0);\nSELECT 2;"))
    assert project.run("apply").returncode == 3
    assert "has changed since" not in project.run("apply").stderr
