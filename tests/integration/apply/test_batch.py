"""Small files that are sent together are still each a file of its own, whatever happens."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tests.conftest import Project, Server
from tests.integration.apply.sessions import gone, runs, wait_for

PATIENT = ("--lock-timeout", "30s", "--max-stall", "40s")


@pytest.fixture
def three(project: Project) -> Project:
    """Three pending files; the second one waits for whoever locks `t`."""
    project.migration("0001_t", "CREATE TABLE t (a INT);\n")
    assert project.run("apply").returncode == 0
    project.migration("0002_a", "CREATE TABLE a (a INT);\n")
    project.migration("0003_b", "\nCOMMENT ON TABLE t IS 'seen';\n")
    project.migration("0004_c", "CREATE TABLE c (a INT);\n")
    return project


@contextmanager
def waiting(project: Project) -> Iterator[psycopg.Connection]:
    """Hold the lock that 0003_b needs for the block."""
    with psycopg.connect(project.database) as holder:
        holder.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        yield holder


def events(project: Project) -> list[str]:
    """The files that were ever applied, in order: one that ran twice is there twice."""
    with psycopg.connect(project.database) as connection:
        rows = connection.execute(
            "SELECT migration_id FROM schema_tool.event WHERE action = 'apply' ORDER BY id"
        ).fetchall()
        held = connection.execute(
            "SELECT id FROM schema_tool.migration WHERE state = 'applied' ORDER BY position"
        ).fetchall()
    assert rows == held
    return [row[0] for row in rows]


def test_the_file_that_fails_is_named_and_those_before_it_stay(three: Project) -> None:
    three.migration("0003_b", "\n  CREATE TABLE t (a INT);\n")
    done = three.run("apply")
    assert done.returncode == 3
    assert "migrations/0003_b.sql:2:3" in done.stderr
    assert "nothing of migrations/0003_b.sql is applied" in done.stderr
    assert "0002_a" in done.stderr + done.stdout
    assert events(three) == ["0001_t", "0002_a"]
    three.migration("0003_b", "SELECT 1;\n")
    assert three.run("apply").returncode == 0
    assert events(three) == ["0001_t", "0002_a", "0003_b", "0004_c"]


def test_only_what_is_left_is_tried_again(three: Project) -> None:
    with waiting(three):
        done = three.run("apply", "--wait", "1s")
    assert done.returncode == 75
    assert "nothing of migrations/0003_b.sql is applied" in done.stderr
    assert events(three) == ["0001_t", "0002_a"]
    with waiting(three) as holder:
        threading.Timer(3, holder.rollback).start()
        done = three.run("apply", "--wait", "30s")
    assert done.returncode == 0, done.stderr
    assert "attempt 1" in done.stderr
    assert events(three) == ["0001_t", "0002_a", "0003_b", "0004_c"]


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_a_runner_that_is_stopped_between_two_files(three: Project, sent: signal.Signals) -> None:
    with waiting(three), psycopg.connect(three.database, autocommit=True) as eye:
        process = three.start("apply", *PATIENT)
        wait_for(lambda: runs(eye, "COMMENT ON TABLE t"))
        process.send_signal(sent)
        _, said = process.communicate(timeout=20)
        wait_for(lambda: gone(eye))
    if sent is signal.SIGINT:
        assert process.returncode == 130
        assert "stopped in migrations/0003_b.sql (nothing of it is kept); 1 of 3" in said
    assert events(three) == ["0001_t", "0002_a"]
    assert three.run("apply").returncode == 0
    assert events(three) == ["0001_t", "0002_a", "0003_b", "0004_c"]


def test_a_connection_that_is_lost_between_two_files(three: Project) -> None:
    with psycopg.connect(three.database, autocommit=True) as eye:
        with waiting(three):
            process = three.start("apply", *PATIENT)
            wait_for(lambda: runs(eye, "COMMENT ON TABLE t"))
            eye.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE query LIKE 'COMMENT ON%' AND datname = current_database()"
            )
        _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert "0002_a.sql had been committed" in said
    assert "0003_b.sql had not been committed; it runs again" in said
    assert events(three) == ["0001_t", "0002_a", "0003_b", "0004_c"]


def test_ctrl_c_after_the_commit_does_not_deny_it(three: Project) -> None:
    """The runner is stopped until its COMMIT is through, and hears of Ctrl-C before the answer."""
    three.migration("0003_b", "COMMENT ON TABLE t IS 'seen';\nSELECT 1;\n")
    with psycopg.connect(three.database, autocommit=True) as eye:
        with waiting(three):
            process = three.start("apply", *PATIENT)
            wait_for(lambda: runs(eye, "COMMENT ON TABLE t"))
            process.send_signal(signal.SIGSTOP)
        wait_for(
            lambda: eye.execute(
                "SELECT 1 FROM schema_tool.migration WHERE id = '0003_b'"
            ).fetchone()
        )
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGCONT)
        _, said = process.communicate(timeout=20)
    assert process.returncode in {0, 130}, said
    assert "stopped in migrations/0003_b" not in said


def test_a_file_of_many_statements_is_sent_in_parts_and_stays_one_transaction(
    project: Project,
) -> None:
    rows = "".join(f"INSERT INTO t VALUES ({number});\n" for number in range(2500))
    project.migration(
        "0001_t", f"CREATE TABLE t (a INT UNIQUE);\n{rows}INSERT INTO t VALUES (7);\n"
    )
    done = project.run("apply")
    assert done.returncode == 3
    assert "migrations/0001_t.sql:2502:1" in done.stderr
    with psycopg.connect(project.database) as connection:
        row = connection.execute("SELECT to_regclass('t')").fetchone()
    assert row == (None,)
    project.migration("0001_t", f"CREATE TABLE t (a INT UNIQUE);\n{rows}")
    assert project.run("apply").returncode == 0
    assert events(project) == ["0001_t"]


def test_a_runner_that_hangs_between_two_parts_keeps_nobody_waiting(
    three: Project, server: Server
) -> None:
    if server.major < 17:
        pytest.skip("there is no transaction_timeout: it may be frozen while it sends")
    rows = "INSERT INTO t VALUES (1);\n" * 3000
    three.migration("0002_a", f"ALTER TABLE t ADD COLUMN b INT;\n{rows}")
    with psycopg.connect(three.database, autocommit=True) as eye:
        process = three.start("apply", "--max-stall", "3s")
        wait_for(lambda: runs(eye, "INSERT INTO t"))
        process.send_signal(signal.SIGSTOP)
        start = time.monotonic()
        eye.execute("SELECT count(*) FROM t")
        assert time.monotonic() - start < 6
        process.send_signal(signal.SIGCONT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert events(three) == ["0001_t", "0002_a", "0003_b", "0004_c"]
