"""What else can go wrong on a server, each tried for real: clear, and nothing lost."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from schema_tool.server.cluster import start, stop
from tests.conftest import Project, Server


def has(project: Project, relation: str) -> bool:
    with psycopg.connect(project.database) as connection:
        row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", (relation,)).fetchone()
    assert row is not None
    return bool(row[0])


@pytest.fixture
def started(project: Project) -> Project:
    project.migration("0001_t", "CREATE TABLE t (a INT);\n")
    assert project.run("apply").returncode == 0
    return project


@pytest.fixture
def small_disk(server: Server) -> Iterator[Path]:
    """A file system of 4 MB on which a tablespace can run full."""
    folder = server.running.directory.parent / f"small-{time.monotonic_ns()}"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m,mode=0700", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        folder.rmdir()
        pytest.skip("no right to mount a file system here")
    owner = (server.running.directory / "data").stat()
    os.chown(folder, owner.st_uid, owner.st_gid)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


def test_a_full_disk(started: Project, server: Server, small_disk: Path) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE small LOCATION '{small_disk}'")
    started.migration(
        "0002_full",
        "CREATE TABLE before_full (a INT);\n"
        "CREATE TABLE filled TABLESPACE small AS "
        "SELECT repeat(n::text, 100) FROM generate_series(1, 100000) AS n;\n",
    )
    done = started.run("apply")
    assert done.returncode == 3
    assert "53100" in done.stderr
    assert "make room" in done.stderr
    assert not has(started, "before_full")
    started.migration("0002_full", "CREATE TABLE before_full (a INT);\n")
    assert started.run("apply").returncode == 0


def test_a_rollback_that_fills_the_disk(started: Project, server: Server, small_disk: Path) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE small3 LOCATION '{small_disk}'")
    started.migration(
        "0002_u",
        "CREATE TABLE u (a INT);\n",
        rollback="DROP TABLE u;\nCREATE TABLE filled TABLESPACE small3 AS "
        "SELECT repeat(n::text, 100) FROM generate_series(1, 100000) AS n;\n",
    )
    assert started.run("apply").returncode == 0
    done = started.run("rollback", "--yes", "--max-stall", "30s")
    assert done.returncode == 3, done.stderr
    assert "53100" in done.stderr
    assert "0002_u is applied as before" in done.stderr
    assert has(started, "u")
    started.migration("0002_u", "CREATE TABLE u (a INT);\n", rollback="DROP TABLE u;\n")
    assert started.run("rollback", "--yes").returncode == 0
    assert not has(started, "u")


def test_an_index_build_that_fills_the_disk(
    started: Project, server: Server, small_disk: Path
) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE small2 LOCATION '{small_disk}'")
    started.migration("0002_rows", "INSERT INTO t SELECT n FROM generate_series(1, 400000) AS n;\n")
    started.migration(
        "0003_i",
        "-- transactional: false\nCREATE INDEX CONCURRENTLY t_a ON t (a) TABLESPACE small2;\n",
    )
    done = started.run("apply")
    assert done.returncode == 3
    assert "53100" in done.stderr
    assert not has(started, "t_a"), "the INVALID index is dropped at once"
    started.migration(
        "0003_i", "-- transactional: false\nCREATE INDEX CONCURRENTLY t_a ON t (a);\n"
    )
    assert started.run("apply").returncode == 0


def test_no_memory_for_locks(project: Project, server: Server, tmp_path_factory: object) -> None:
    directory = server.running.directory.parent / "few-locks"
    running = start(
        directory,
        server.binaries,
        settings={"fsync": "off", "max_locks_per_transaction": "10", "max_connections": "5"},
    )
    try:
        few = Project(root=project.root, database=running.conninfo())
        # more than the table for locks has, spare room included
        few.migration("0001_many", "".join(f"CREATE TABLE m{n} (a INT);\n" for n in range(6000)))
        done = few.run("apply")
        assert done.returncode == 3
        assert "53200" in done.stderr
        assert "max_locks_per_transaction" in done.stderr
        assert not has(few, "m0")
        few.migration(
            "0001_many",
            "CREATE TABLE m0 (a INT);\n",
            rollback="".join(f"CREATE TABLE m{n} (a INT);\n" for n in range(1, 6000)),
        )
        assert few.run("apply").returncode == 0
        done = few.run("rollback", "--yes")
        assert done.returncode == 3, done.stderr
        assert "53200" in done.stderr
        assert has(few, "m0")
        assert not has(few, "m1")
    finally:
        stop(directory, mode="immediate")


def test_a_read_only_server(started: Project) -> None:
    started.migration("0002_u", "CREATE TABLE u (a INT);\n")
    with psycopg.connect(started.database, autocommit=True) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(
            sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(name)
        )
    done = started.run("apply")
    assert done.returncode == 3
    assert "25006" in done.stderr
    assert "name the primary" in done.stderr
    assert started.run("status").returncode == 0


def test_a_standby(started: Project, server: Server) -> None:
    """A copy of the server that recovers for ever takes reading commands and refuses apply."""
    directory = server.running.directory.parent / "standby"
    (directory).mkdir()
    source = server.running.directory / "data"
    owner = source.stat()
    os.chown(directory, owner.st_uid, owner.st_gid)
    target = psycopg.conninfo.conninfo_to_dict(server.dsn())
    command = [str(server.bin / "pg_basebackup"), "-D", str(directory / "data"), "-R", "-c", "fast"]
    command += ["-h", str(target["host"]), "-p", str(target["port"]), "-U", str(target["user"])]
    subprocess.run(
        command, check=True, capture_output=True, user=owner.st_uid, group=owner.st_gid, cwd="/"
    )
    running = start(directory, server.binaries, settings={"hot_standby": "on"})
    try:
        database = str(psycopg.conninfo.conninfo_to_dict(started.database)["dbname"])
        standby = Project(root=started.root, database=running.conninfo(database))
        standby.migration("0002_u", "CREATE TABLE u (a INT);\n")
        refused = standby.run("apply")
        assert refused.returncode == 4
        assert "standby" in refused.stderr
        status = standby.run("status")
        assert status.returncode == 0
        assert "pending" in status.stdout
        assert standby.run("apply", "--dry-run").returncode == 0
    finally:
        stop(directory, mode="immediate")


def test_no_permission(started: Project, server: Server) -> None:
    with psycopg.connect(started.database, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS nobody_much")
        connection.execute("CREATE ROLE nobody_much LOGIN")
    started.migration("0002_u", "ALTER TABLE t ADD COLUMN b INT;\n")
    weak = Project(
        root=started.root,
        database=psycopg.conninfo.make_conninfo(started.database, user="nobody_much"),
    )
    for command in ("apply", "status"):
        done = weak.run(command)
        assert done.returncode == 3, done.stderr
        assert "42501" in done.stderr
        assert "Traceback" not in done.stderr
        assert "GRANT" in done.stderr


def test_a_server_that_is_not_there_is_waited_for(started: Project, server: Server) -> None:
    """Too many connections is the server's way to say later."""
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        name = psycopg.conninfo.conninfo_to_dict(started.database)["dbname"]
        connection.execute("DROP ROLE IF EXISTS one_at_a_time")
        connection.execute("CREATE ROLE one_at_a_time LOGIN CONNECTION LIMIT 1")
        connection.execute(f"GRANT CONNECT ON DATABASE {name} TO one_at_a_time")
    limited = Project(
        root=started.root,
        database=psycopg.conninfo.make_conninfo(started.database, user="one_at_a_time"),
    )
    limited.migration("0002_u", "SELECT 1;\n")
    with psycopg.connect(limited.database) as other:
        done = limited.run("apply")
        assert done.returncode == 75, done.stderr
        threading.Timer(2, other.close).start()
        # let in at last, and then stopped by the ledger, which is another's
        waited = limited.run("apply", "--wait", "20s")
    assert "waiting for it" in waited.stderr
    assert "42501" in waited.stderr


def test_a_role_s_own_limits_do_not_end_the_session(started: Project) -> None:
    """They are meant for the application; the runner keeps its own budget."""
    with psycopg.connect(started.database, autocommit=True) as connection:
        name = sql.Identifier(connection.info.dbname)
        limits = {
            "statement_timeout": 0,
            "idle_in_transaction_session_timeout": 0,
            "idle_session_timeout": 140000,
            "transaction_timeout": 170000,
        }
        for setting, since in limits.items():
            if connection.info.server_version >= since:
                # above what reading the ledger takes, below what the file takes
                connection.execute(
                    sql.SQL("ALTER DATABASE {} SET {} = '1500ms'").format(
                        name, sql.Identifier(setting)
                    )
                )
    started.migration("0002_u", "CREATE TABLE u (a INT);\nSELECT pg_sleep(2.5);\n")
    done = started.run("apply")
    assert done.returncode == 0, done.stderr
    assert "lost" not in done.stderr
