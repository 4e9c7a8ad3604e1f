"""What was approved is what is applied; and what is rehearsed has run once before."""

from __future__ import annotations

import json

import psycopg
import pytest

from tests.conftest import Project


@pytest.fixture
def planned(project: Project) -> Project:
    project.migration("0001_t", "CREATE TABLE t (a INT);\n")
    assert project.run("apply").returncode == 0
    project.migration("0002_u", "CREATE TABLE u (a INT);\n")
    project.migration("0003_v", "CREATE TABLE v (a INT);\n")
    assert project.run("plan", "-o", "plan.json").returncode == 0
    return project


def test_a_plan_holds_the_sql_and_is_applied(planned: Project) -> None:
    plan = json.loads((planned.root / "plan.json").read_text())
    assert [file["id"] for file in plan["files"]] == ["0002_u", "0003_v"]
    assert any("CREATE TABLE u" in text for text in plan["sql"])
    done = planned.run("apply", "plan.json")
    assert done.returncode == 0, done.stderr
    again = planned.run("apply", "plan.json")
    assert again.returncode == 4
    assert "what is applied to the database" in again.stderr


def test_an_edited_file_is_not_what_was_approved(planned: Project) -> None:
    planned.migration("0003_v", "CREATE TABLE v (a INT, b INT);\n")
    done = planned.run("apply", "plan.json")
    assert done.returncode == 4
    assert "0003_v" in done.stderr
    with psycopg.connect(planned.database) as connection:
        assert connection.execute("SELECT to_regclass('u')").fetchone() == (None,)


def test_another_database_is_not_what_was_approved(planned: Project) -> None:
    with psycopg.connect(planned.database, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS not_approved WITH (FORCE)")
        connection.execute("CREATE DATABASE not_approved")
    other = Project(
        root=planned.root,
        database=psycopg.conninfo.make_conninfo(planned.database, dbname="not_approved"),
    )
    done = other.run("apply", "plan.json")
    assert done.returncode == 4
    assert "the database" in done.stderr


def test_a_later_file_is_not_applied_with_the_plan(planned: Project) -> None:
    planned.migration("0004_w", "CREATE TABLE w (a INT);\n")
    assert planned.run("apply", "plan.json").returncode == 0
    with psycopg.connect(planned.database) as connection:
        row = connection.execute("SELECT to_regclass('v'), to_regclass('w')").fetchone()
    assert row == ("v", None)


def test_something_else_is_no_plan(planned: Project) -> None:
    planned.write("other.json", "{}")
    assert planned.run("apply", "other.json").returncode == 2
    assert planned.run("apply", "missing.json").returncode == 2


def test_a_rehearsal_fails_before_the_database_is_touched(planned: Project) -> None:
    """As a superuser it would pass; on a managed server it would not."""
    planned.migration("0004_super", "COPY t TO PROGRAM 'cat';\n")
    done = planned.run("apply", "--rehearse")
    assert done.returncode == 3, done.stderr
    assert "42501" in done.stderr
    assert "the database is untouched" in done.stderr
    with psycopg.connect(planned.database) as connection:
        assert connection.execute("SELECT to_regclass('u')").fetchone() == (None,)


def test_what_passes_the_rehearsal_is_applied(planned: Project) -> None:
    planned.migration("0004_more", "ALTER TABLE t ADD COLUMN b INT;\nCREATE INDEX ON t (b);\n")
    done = planned.run("apply", "--rehearse")
    assert done.returncode == 0, done.stderr
    assert "3 migrations rehearsed" in done.stderr
    with psycopg.connect(planned.database) as connection:
        row = connection.execute("SELECT count(*) FROM schema_tool.migration").fetchone()
    assert row == (4,)


def test_a_late_file_is_planned_and_applied_when_that_is_said(planned: Project) -> None:
    assert planned.run("apply").returncode == 0
    planned.migration("0000_late", "CREATE TABLE late (a INT);\n")
    refused = planned.run("plan", "-o", "late.json")
    assert refused.returncode == 4
    assert "--allow-out-of-order" in refused.stderr
    assert planned.run("plan", "-o", "late.json", "--allow-out-of-order").returncode == 0
    done = planned.run("apply", "late.json")
    assert done.returncode == 0, done.stderr
    assert "0000_late" in done.stderr


def test_a_plan_that_cannot_be_written_is_an_error_in_words(planned: Project) -> None:
    done = planned.run("plan", "-o", "no/such/folder/plan.json")
    assert done.returncode == 3
    assert "cannot write no/such/folder/plan.json" in done.stderr
