"""What a file does to its session ends with the file: the same files in two runs do the same."""

from __future__ import annotations

import psycopg
import pytest

from tests.conftest import Project

NEXT = "CREATE TABLE next_one (a INT);\n"

LEFT = {
    "temporary table": ("CREATE TEMP TABLE x (a INT);\n",) * 2,
    "temporary table by SELECT": ("SELECT 1 AS a INTO TEMP x;\n",) * 2,
    "temporary function": ("CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1';\n",)
    * 2,
    "prepared statement": ("PREPARE x AS SELECT 1;\n",) * 2,
    "open cursor": ("DECLARE x CURSOR WITH HOLD FOR SELECT 1;\n",) * 2,
    "read only": ("SET default_transaction_read_only = on;\n", NEXT),
    "isolation": (
        "SET default_transaction_isolation = 'serializable';\n",
        "CREATE TABLE next_one AS SELECT 1/(current_setting('transaction_isolation') "
        "= 'read committed')::INT AS a;\n",
    ),
    "search path": ("CREATE SCHEMA s;\nSET search_path = s;\nCREATE TABLE t (a INT);\n", NEXT),
    "role in a block": ("DO $$ BEGIN SET ROLE pg_monitor; END $$;\n", NEXT),
    "authorization": ("SET SESSION AUTHORIZATION pg_monitor;\n", NEXT),
}


@pytest.mark.parametrize("left", LEFT)
def test_the_next_file_meets_a_clean_session(project: Project, left: str) -> None:
    first, second = LEFT[left]
    project.migration("0001_a", f"CREATE TABLE a (a INT);\n{first}")
    project.migration("0002_b", second)
    done = project.run("apply")
    assert done.returncode == 0, done.stderr
    if second == NEXT:
        with psycopg.connect(project.database) as connection:
            assert connection.execute("SELECT a FROM public.next_one").fetchall() == []


def test_a_channel_that_a_file_listens_to_is_left(project: Project) -> None:
    project.migration("0001_a", "LISTEN news;\n")
    project.migration("0002_b", "CREATE TABLE b AS SELECT pg_listening_channels() AS channel;\n")
    assert project.run("apply").returncode == 0
    with psycopg.connect(project.database) as connection:
        assert connection.execute("SELECT channel FROM b").fetchall() == []


def test_a_file_may_reset_all_between_two_locks(project: Project) -> None:
    project.migration("0001_t", "CREATE TABLE t (a INT);\n")
    assert project.run("apply").returncode == 0
    change = "ALTER TABLE t ADD COLUMN {} INT;\n"
    project.migration("0002_r", f"{change.format('b')}RESET ALL;\n{change.format('c')}")
    done = project.run("apply")
    assert done.returncode == 0, done.stderr


def test_a_file_may_choose_its_isolation(project: Project) -> None:
    project.migration(
        "0001_i",
        "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\n"
        "CREATE TABLE i AS SELECT current_setting('transaction_isolation') AS level;\n",
    )
    done = project.run("apply")
    assert done.returncode == 0, done.stderr
    with psycopg.connect(project.database) as connection:
        assert connection.execute("SELECT level FROM i").fetchall() == [("serializable",)]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT pg_advisory_unlock_all()",
        "DO $$ BEGIN PERFORM PG_ADVISORY_UNLOCK_ALL(); END $$",
        "DISCARD ALL",
    ],
)
def test_what_would_give_the_runner_s_lock_away_is_refused(
    project: Project, statement: str
) -> None:
    project.migration("0001_u", f"-- transactional: false\nSELECT 1;\n{statement};\n")
    done = project.run("apply")
    assert done.returncode == 2, done.stderr
    assert "migrations/0001_u.sql:3:1" in done.stderr
    assert "lock" in done.stderr


def test_a_procedure_that_commits_is_told_what_it_needs(project: Project) -> None:
    project.migration(
        "0001_p", "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;\n"
    )
    project.migration("0002_c", "CALL p();\n")
    done = project.run("apply")
    assert done.returncode == 3
    assert "-- transactional: false" in done.stderr


def test_a_file_goes_on_without_what_an_earlier_session_had_prepared(project: Project) -> None:
    project.migration("0001_t", "CREATE TABLE t (a INT);\nINSERT INTO t VALUES (1), (1);\n")
    assert project.run("apply").returncode == 0
    project.migration(
        "0002_i",
        "-- transactional: false\nPREPARE p AS SELECT 1;\n"
        "CREATE UNIQUE INDEX CONCURRENTLY ti ON t (a);\n",
    )
    assert project.run("apply").returncode == 3
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute("DELETE FROM t WHERE ctid = (SELECT min(ctid) FROM t)")
    again = project.run("apply")
    assert again.returncode == 0, again.stderr
