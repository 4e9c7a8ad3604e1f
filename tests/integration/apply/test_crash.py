"""A run that stops at a bad instant: the next one reads what became of it, and goes on."""

from __future__ import annotations

import signal
import subprocess
import time

import psycopg
import pytest

from schema_tool.apply.run import end_transaction
from tests.conftest import Project, Server
from tests.integration.apply.sessions import gone, runs, wait_for

INDEX = "-- transactional: false\nCREATE INDEX CONCURRENTLY t_a_idx ON t (a);\n"


@pytest.fixture
def table(project: Project) -> Project:
    project.migration("0001_t", "CREATE TABLE t (a INT);\nINSERT INTO t VALUES (1);\n")
    assert project.run("apply").returncode == 0
    return project


def kill_while(
    project: Project, words: str, *, holder: str, sent: signal.Signals = signal.SIGKILL
) -> subprocess.Popen[str]:
    """Start apply, and kill it while it runs `words`, which an open transaction holds up."""
    with (
        psycopg.connect(project.database) as other,
        psycopg.connect(project.database, autocommit=True) as eye,
    ):
        other.execute(holder.encode())
        process = project.start("apply")
        wait_for(lambda: runs(eye, words))
        time.sleep(0.1)
        process.send_signal(sent)
        process.communicate(timeout=20)
        wait_for(lambda: gone(eye))
    return process


def test_a_killed_index_build_is_taken_up_again(table: Project) -> None:
    table.migration("0002_i", INDEX)
    kill_while(table, "CREATE INDEX", holder="UPDATE t SET a = a")
    with psycopg.connect(table.database, autocommit=True) as connection:
        row = connection.execute("SELECT indisvalid FROM pg_index WHERE indrelid='t'::regclass")
        assert row.fetchone() == (False,), "the test needs an invalid index"
    said = table.run("status").stdout
    assert "INVALID" in said
    assert "schema-tool apply" in said
    dry = table.run("apply", "--dry-run").stdout
    assert "DROP INDEX CONCURRENTLY public.t_a_idx;" in dry
    done = table.run("apply")
    assert done.returncode == 0, done.stderr
    with psycopg.connect(table.database) as connection:
        rows = connection.execute("SELECT indisvalid FROM pg_index WHERE indrelid='t'::regclass")
        assert rows.fetchall() == [(True,)]


def test_an_index_without_a_name_is_known_again(table: Project) -> None:
    table.migration("0002_i", INDEX.replace("t_a_idx ", ""))
    kill_while(table, "CREATE INDEX", holder="UPDATE t SET a = a")
    assert table.run("apply").returncode == 0
    with psycopg.connect(table.database) as connection:
        rows = connection.execute("SELECT indexrelid::regclass::text, indisvalid FROM pg_index")
        assert [row for row in rows if row[0].startswith("t_")] == [("t_a_idx", True)]


def test_an_invalid_index_of_somebody_else_is_left_alone(table: Project) -> None:
    table.migration("0002_i", INDEX)
    with psycopg.connect(table.database, autocommit=True) as connection:
        connection.execute("CREATE INDEX t_a_idx ON t (a)")
        connection.execute("UPDATE pg_index SET indisvalid=false WHERE indrelid='t'::regclass")
    done = table.run("apply")
    assert done.returncode == 3
    assert "already exists" in done.stderr
    assert "INVALID" in done.stderr
    with psycopg.connect(table.database) as connection:
        rows = connection.execute("SELECT indisvalid FROM pg_index WHERE indrelid='t'::regclass")
        assert rows.fetchall() == [(False,)]


def test_a_failed_index_build_leaves_nothing_behind(table: Project) -> None:
    with psycopg.connect(table.database, autocommit=True) as connection:
        connection.execute("INSERT INTO t VALUES (1)")
    table.migration("0002_i", INDEX.replace("INDEX CON", "UNIQUE INDEX CON", 1))
    done = table.run("apply")
    assert done.returncode == 3
    assert "23505" in done.stderr
    with psycopg.connect(table.database, autocommit=True) as connection:
        rows = connection.execute("SELECT 1 FROM pg_index WHERE indrelid='t'::regclass")
        assert rows.fetchall() == []
        connection.execute("DELETE FROM t WHERE ctid = (SELECT max(ctid) FROM t)")
    table.migration("0002_i", INDEX.replace("INDEX CON", "UNIQUE INDEX CON", 1))
    assert table.run("apply").returncode == 0


def test_a_killed_index_drop_is_taken_up_again(table: Project) -> None:
    table.migration("0002_i", "CREATE INDEX i ON t (a);\n")
    assert table.run("apply").returncode == 0
    table.migration("0003_d", "-- transactional: false\nDROP INDEX CONCURRENTLY i;\n")
    kill_while(table, "DROP INDEX", holder="UPDATE t SET a = a")
    assert table.run("apply").returncode == 0
    with psycopg.connect(table.database) as connection:
        assert connection.execute("SELECT to_regclass('i')").fetchone() == (None,)


def test_a_killed_reindex_leaves_no_second_index(table: Project) -> None:
    table.migration("0002_i", "CREATE INDEX i ON t (a);\n")
    assert table.run("apply").returncode == 0
    table.migration("0003_r", "-- transactional: false\nREINDEX INDEX CONCURRENTLY i;\n")
    kill_while(table, "REINDEX", holder="UPDATE t SET a = a")
    assert table.run("apply").returncode == 0
    with psycopg.connect(table.database) as connection:
        rows = connection.execute(
            "SELECT indexrelid::regclass::text, indisvalid FROM pg_index "
            "WHERE indrelid = 't'::regclass"
        )
        assert rows.fetchall() == [("i", True)]


def test_a_half_detached_partition_is_detached(project: Project) -> None:
    project.migration(
        "0001_p",
        "CREATE TABLE p (a INT) PARTITION BY RANGE (a);\n"
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);\n",
    )
    assert project.run("apply").returncode == 0
    project.migration(
        "0002_d", "-- transactional: false\nALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;\n"
    )
    kill_while(project, "ALTER TABLE", holder="SELECT * FROM p")
    with psycopg.connect(project.database) as connection:
        row = connection.execute("SELECT inhdetachpending FROM pg_inherits").fetchone()
        assert row == (True,), "the test needs a pending detach"
    assert "FINALIZE" in project.run("status").stdout
    done = project.run("apply")
    assert done.returncode == 0, done.stderr
    with psycopg.connect(project.database) as connection:
        assert connection.execute("SELECT count(*) FROM pg_inherits").fetchone() == (0,)


def test_what_no_catalog_shows_waits_for_a_word(table: Project) -> None:
    table.migration(
        "0002_proc",
        "CREATE PROCEDURE slow() LANGUAGE plpgsql AS $$ BEGIN\n"
        "UPDATE t SET a = a + 1; COMMIT; PERFORM pg_sleep(30); END $$;\n",
    )
    assert table.run("apply").returncode == 0
    table.migration("0003_call", "-- transactional: false\nCALL slow();\nSELECT 1;\n")
    kill_while(table, "CALL", holder="SELECT 1")
    again = table.run("apply")
    assert again.returncode == 4
    assert "schema-tool resolve 0003_call:1 --done" in again.stderr
    said = table.run("status").stdout
    assert "schema-tool resolve 0003_call:1" in said
    assert table.run("resolve", "0003_call:1", "--done").returncode == 0
    assert table.run("apply").returncode == 0
    with psycopg.connect(table.database) as connection:
        assert connection.execute("SELECT a FROM t").fetchone() == (2,)


def test_a_set_holds_also_after_the_break(table: Project) -> None:
    table.migration(
        "0002_s",
        "CREATE SCHEMA s;\n",
    )
    assert table.run("apply").returncode == 0
    table.migration(
        "0003_set",
        "-- transactional: false\nSET search_path = s;\nCREATE TABLE inside (a INT);\n"
        "CREATE INDEX CONCURRENTLY inside_a ON inside (a);\nCREATE TABLE after (a INT);\n",
    )
    kill_while(
        table, "CREATE INDEX", holder="SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT 1"
    )
    done = table.run("apply")
    assert done.returncode == 0, done.stderr
    with psycopg.connect(table.database) as connection:
        row = connection.execute("SELECT to_regclass('s.after') IS NOT NULL").fetchone()
        assert row == (True,)


def test_a_killed_client_frees_its_locks_at_once(table: Project) -> None:
    table.migration(
        "0002_slow", "-- schema-tool: outage 30s\nALTER TABLE t ADD b INT;\nSELECT pg_sleep(20);\n"
    )
    process = table.start("apply")
    with psycopg.connect(table.database, autocommit=True) as eye:
        wait_for(lambda: runs(eye, "SELECT pg_sleep"))
        process.kill()
        process.communicate()
        eye.execute("SET lock_timeout = '5s'")
        eye.execute("SELECT * FROM t")


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run_and_says_where_it_stands(
    table: Project, sent: signal.Signals
) -> None:
    table.migration("0002_slow", "CREATE TABLE u (a INT);\nSELECT pg_sleep(20);\n")
    process = table.start("apply")
    with psycopg.connect(table.database, autocommit=True) as eye:
        wait_for(lambda: runs(eye, "SELECT pg_sleep"))
        start = time.monotonic()
        process.send_signal(sent)
        _, said = process.communicate(timeout=20)
        assert time.monotonic() - start < 10
        assert process.returncode == 130, said
        assert "stopped in migrations/0002_slow.sql (nothing of it is kept)" in said
        assert "schema-tool apply" in said
        assert eye.execute("SELECT to_regclass('u')").fetchone() == (None,)
        wait_for(lambda: gone(eye))


def test_a_signal_during_an_index_build_can_be_gone_on_from(table: Project) -> None:
    table.migration("0002_i", INDEX)
    process = kill_while(table, "CREATE INDEX", holder="UPDATE t SET a = a", sent=signal.SIGTERM)
    assert process.returncode == 130
    assert table.run("apply").returncode == 0


def test_a_server_restart_in_the_middle_loses_nothing(table: Project, server: Server) -> None:
    """The connection breaks; the run connects again and reads the ledger."""
    table.migration("0002_slow", "CREATE TABLE u (a INT);\nSELECT pg_sleep(2);\n")
    table.migration("0003_next", "CREATE TABLE v (a INT);\n")
    process = table.start("apply")
    with psycopg.connect(table.database, autocommit=True) as eye:
        wait_for(lambda: runs(eye, "SELECT pg_sleep"))
        row = eye.execute(
            "SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' "
            "AND datname = current_database()"
        ).fetchone()
        assert row is not None
        # a backend that is killed takes every connection with it: the server starts anew
        subprocess.run(["kill", "-9", str(row[0])], check=True)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert "had not been committed; it runs again" in said
    with psycopg.connect(table.database) as connection:
        assert connection.execute("SELECT count(*) FROM schema_tool.migration").fetchone() == (3,)


def test_a_session_that_somebody_ends_comes_back_once(table: Project) -> None:
    table.migration("0002_slow", "CREATE TABLE u (a INT);\nSELECT pg_sleep(20);\n")
    process = table.start("apply")
    with psycopg.connect(table.database, autocommit=True) as eye:
        for _ in range(2):
            wait_for(lambda: runs(eye, "SELECT pg_sleep"))
            eye.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE query LIKE 'SELECT pg_sleep%' AND datname = current_database()"
            )
        _, said = process.communicate(timeout=60)
        assert eye.execute("SELECT to_regclass('u')").fetchone() == (None,)
    assert process.returncode == 75, said
    assert "schema-tool status" in said


def test_a_cancelled_statement_is_told_from_a_timeout(table: Project) -> None:
    table.migration("0002_slow", "CREATE TABLE u (a INT);\nSELECT pg_sleep(20);\n")
    process = table.start("apply")
    with psycopg.connect(table.database, autocommit=True) as eye:
        wait_for(lambda: runs(eye, "SELECT pg_sleep"))
        eye.execute(
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity "
            "WHERE query LIKE 'SELECT pg_sleep%' AND datname = current_database()"
        )
        _, said = process.communicate(timeout=60)
    assert process.returncode == 3, said
    assert "cancelled by another session" in said
    assert "nothing of migrations/0002_slow.sql is applied" in said


def test_a_statement_that_nobody_waits_for_yet_is_cancelled(database: str) -> None:
    # As a signal leaves it that comes between sending a statement and waiting for its end.
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE t (a INT)")
        connection.pgconn.send_query(b"SELECT pg_sleep(600)")
        end_transaction(connection)
        assert not connection.closed
        assert connection.execute("SELECT to_regclass('t')").fetchone() == (None,)
