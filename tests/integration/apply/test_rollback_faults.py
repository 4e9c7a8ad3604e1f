"""A rollback meets the same faults as an apply, and is as safe and as clear."""

from __future__ import annotations

import signal

import psycopg
import pytest

from tests.conftest import Project, Server
from tests.integration.apply.sessions import gone, runs, wait_for

SLEEP = "SELECT pg_sleep(20)"


@pytest.fixture
def applied(project: Project) -> Project:
    project.migration("0001_t", "CREATE TABLE t (a INT);\nINSERT INTO t VALUES (1);\n")
    project.migration(
        "0002_i",
        "-- transactional: false\nCREATE INDEX CONCURRENTLY i ON t (a);\n",
        "UPDATE t SET a = a + 1;\nDROP INDEX CONCURRENTLY i;\nUPDATE t SET a = a + 10;\n",
    )
    assert project.run("apply").returncode == 0
    return project


def value(project: Project) -> tuple[object, ...]:
    """The row that the rollback adds to, whether its index is there, and the ledger's length."""
    with psycopg.connect(project.database) as connection:
        row = connection.execute(
            "SELECT (SELECT a FROM t), to_regclass('i') IS NOT NULL, "
            "(SELECT count(*) FROM schema_tool.migration)"
        ).fetchone()
    assert row is not None
    return row


def end_session(eye: psycopg.Connection, words: str) -> None:
    wait_for(lambda: runs(eye, words))
    eye.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        f"WHERE query LIKE '{words}%' AND pid <> pg_backend_pid() "
        "AND datname = current_database()"
    )


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM])
def test_a_stopped_rollback_goes_on_where_it_stood(applied: Project, sent: signal.Signals) -> None:
    with (
        psycopg.connect(applied.database) as other,
        psycopg.connect(applied.database, autocommit=True) as eye,
    ):
        other.execute("SELECT * FROM t")
        process = applied.start("rollback", "--yes")
        wait_for(lambda: runs(eye, "DROP INDEX"))
        process.send_signal(sent)
        _, said = process.communicate(timeout=60)
        wait_for(lambda: gone(eye))
    if sent is signal.SIGTERM:
        assert process.returncode == 130
        assert "its finished statements are kept" in said
        assert "schema-tool rollback goes on" in said
    standing = applied.run("status").stdout
    assert "DROP INDEX CONCURRENTLY i" in standing
    assert "next: schema-tool rollback -d " in standing
    refused = applied.run("apply")
    assert refused.returncode == 4
    assert "schema-tool rollback" in refused.stderr
    done = applied.run("rollback", "--yes")
    assert done.returncode == 0, done.stderr
    assert value(applied) == (12, False, 1)


def test_a_rollback_outlives_its_connection(applied: Project) -> None:
    with (
        psycopg.connect(applied.database) as other,
        psycopg.connect(applied.database, autocommit=True) as eye,
    ):
        other.execute("SELECT * FROM t")
        process = applied.start("rollback", "--yes", "--format", "json")
        end_session(eye, "DROP INDEX")
        other.rollback()
        told, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert "connecting again" in said
    assert '"id": "0002_i"' in told
    assert value(applied) == (12, False, 1)


def test_a_rollback_that_is_cancelled_leaves_what_was(applied: Project) -> None:
    applied.migration("0003_u", "CREATE TABLE u (a INT);\n", f"DROP TABLE u;\n{SLEEP};\n")
    assert applied.run("apply").returncode == 0
    # DROP TABLE starts the clock of two seconds
    process = applied.start("rollback", "--yes", "--max-stall", "60s")
    with psycopg.connect(applied.database, autocommit=True) as eye:
        wait_for(lambda: runs(eye, SLEEP))
        eye.execute(
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity "
            "WHERE query LIKE 'SELECT pg_sleep%' AND datname = current_database()"
        )
        _, said = process.communicate(timeout=60)
        assert eye.execute("SELECT to_regclass('u')").fetchone() == ("u",)
    assert process.returncode == 3, said
    assert "cancelled by another session" in said
    assert "0003_u is applied as before" in said


def test_a_rollback_that_lacks_a_right_or_takes_no_writes_says_so(applied: Project) -> None:
    with psycopg.connect(applied.database, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS undoer")
        connection.execute("CREATE ROLE undoer LOGIN")
        connection.execute("GRANT USAGE ON SCHEMA schema_tool TO undoer")
        connection.execute("GRANT ALL ON ALL TABLES IN SCHEMA schema_tool TO undoer")
    weak = Project(
        root=applied.root, database=psycopg.conninfo.make_conninfo(applied.database, user="undoer")
    )
    done = weak.run("rollback", "--yes")
    assert done.returncode == 3
    assert "42501" in done.stderr
    assert "--role OWNER" in done.stderr
    assert "schema-tool rollback goes on from 1" in done.stderr
    with psycopg.connect(applied.database, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    still = applied.run("rollback", "--yes")
    assert still.returncode == 3
    assert "25006" in still.stderr
    assert "name the primary" in still.stderr
    assert value(applied) == (1, True, 2)


def test_a_blocked_rollback_gives_way(applied: Project) -> None:
    applied.migration("0003_c", "ALTER TABLE t ADD b INT;\n", "ALTER TABLE t DROP b;\n")
    assert applied.run("apply").returncode == 0
    with psycopg.connect(applied.database) as other:
        other.execute("SELECT * FROM t")
        done = applied.run("rollback", "--yes", "--wait", "1s", "--lock-timeout", "100ms")
    assert done.returncode == 75
    assert "in the way: pid" in done.stderr or "another session holds" in done.stderr
    assert applied.run("rollback", "--yes").returncode == 0


def test_another_runner_between_the_question_and_the_rollback_is_noticed(applied: Project) -> None:
    """The ledger is read again under the lock; what the operator agreed to must still be last."""
    applied.migration("0003_u", "CREATE TABLE u (a INT);\n", "DROP TABLE u;\n")
    with psycopg.connect(applied.database, autocommit=True) as holder:
        holder.execute("SELECT pg_advisory_lock(%s)", (0x736368656D61,))
        process = applied.start("rollback", "--yes")
        with psycopg.connect(applied.database, autocommit=True) as eye:
            wait_for(lambda: runs_at_all(eye))
            eye.execute(
                "INSERT INTO schema_tool.migration SELECT '0003_u', 3, origin, state, true, "
                "depends, raw_hash, semantic_hash, NULL, NULL, NULL, 'x', 'x', 'x', '1', now(), "
                "NULL FROM schema_tool.migration WHERE id = '0001_t'"
            )
    _, said = process.communicate(timeout=60)
    assert process.returncode == 4, said
    assert "another runner has changed what is applied" in said
    assert value(applied)[:2] == (1, True)


def test_what_a_killed_runner_has_undone_meanwhile_is_not_asked_for_again(applied: Project) -> None:
    """Its session ends what it was at; what is left of the agreed files is undone, and no more."""
    for number, table in ((3, "u"), (4, "v")):
        create, drop = f"CREATE TABLE {table} (a INT);\n", f"DROP TABLE {table};\n"
        applied.migration(f"000{number}_{table}", create, drop)
    assert applied.run("apply").returncode == 0
    with psycopg.connect(applied.database, autocommit=True) as holder:
        holder.execute("SELECT pg_advisory_lock(%s)", (0x736368656D61,))
        process = applied.start("rollback", "--yes", "--steps", "2")
        with psycopg.connect(applied.database, autocommit=True) as eye:
            wait_for(lambda: runs_at_all(eye))
            eye.execute("DROP TABLE v; DELETE FROM schema_tool.migration WHERE id = '0004_v'")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert value(applied) == (1, True, 2)
    with psycopg.connect(applied.database) as connection:
        assert connection.execute("SELECT to_regclass('u')").fetchone() == (None,)


def runs_at_all(eye: psycopg.Connection) -> bool:
    """Whether a runner has come as far as to ask for the lock."""
    row = eye.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'schema-tool' "
        "AND datname = current_database() AND query LIKE '%pg_try_advisory_lock%'"
    ).fetchone()
    assert row is not None
    return bool(row[0])


def test_a_rollback_file_may_declare_its_own_outage(project: Project) -> None:
    project.migration(
        "0001_t",
        "CREATE TABLE t (a INT);\n",
        "-- schema-tool: outage 30s\n"
        "ALTER TABLE t SET (fillfactor = 90);\nSELECT pg_sleep(3);\nDROP TABLE t;\n",
    )
    assert project.run("apply").returncode == 0
    done = project.run("rollback", "--yes", "--wait", "500ms")
    assert done.returncode == 0, done.stderr
    assert "0001_t.rollback.sql declares an outage" in done.stderr


def test_a_database_that_is_dropped_meanwhile_is_not_waited_for(
    project: Project, server: Server
) -> None:
    project.migration("0001_t", "SELECT pg_sleep(30);\n")
    process = project.start("apply")
    with psycopg.connect(server.dsn(), autocommit=True) as eye:
        name = psycopg.conninfo.conninfo_to_dict(project.database)["dbname"]
        wait_for(
            lambda: eye.execute(
                "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%%' "
                "AND datname = %s",
                (name,),
            ).fetchone()
        )
        eye.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
        _, said = process.communicate(timeout=30)
        eye.execute(f"CREATE DATABASE {name}".encode())
    assert process.returncode == 3, said
    assert "does not exist" in said
