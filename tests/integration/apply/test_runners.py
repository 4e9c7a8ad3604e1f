"""One runner at a time, whatever the number that is started."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import psycopg

from tests.conftest import Project, Server
from tests.integration.apply.pooler import Pooler
from tests.integration.apply.sessions import runs, wait_for

RUNNERS = 50


def test_fifty_runners_apply_everything_once_and_all_end_well(project: Project) -> None:
    project.migration("0001_t", "CREATE TABLE t (a INT);\nINSERT INTO t VALUES (1);\n")
    project.migration(
        "0002_i",
        "-- transactional: false\nINSERT INTO t VALUES (2);\n"
        "CREATE INDEX CONCURRENTLY i ON t (a);\nINSERT INTO t VALUES (3);\n",
    )
    project.migration("0003_u", "CREATE TABLE u (a INT);\nINSERT INTO t VALUES (4);\n")
    processes = [project.start("apply", "--runner-timeout", "5min") for _ in range(RUNNERS)]
    said = [process.communicate(timeout=300)[1] for process in processes]
    codes = {process.returncode for process in processes}
    assert codes == {0}, said
    with psycopg.connect(project.database) as connection:
        rows = connection.execute("SELECT a FROM t ORDER BY a").fetchall()
        assert rows == [(1,), (2,), (3,), (4,)]
        ids = connection.execute("SELECT id FROM schema_tool.migration ORDER BY id").fetchall()
        assert ids == [("0001_t",), ("0002_i",), ("0003_u",)]


def test_the_second_runner_says_who_is_at_work(project: Project) -> None:
    project.migration("0001_t", "SELECT pg_sleep(10);\n")
    first = project.start("apply")
    with psycopg.connect(project.database, autocommit=True) as eye:
        wait_for(lambda: runs(eye, "SELECT pg_sleep"))
        second = project.run("apply", "--runner-timeout", "1s")
    first.terminate()
    first.communicate(timeout=30)
    assert second.returncode == 75
    assert "another runner is at work" in second.stderr
    assert "pid" in second.stderr
    assert "--runner-timeout" in second.stderr


def test_a_pooler_in_transaction_mode_is_named_and_refused(
    project: Project, server: Server
) -> None:
    project.migration("0001_t", "CREATE TABLE t (a INT);\n")
    database = str(psycopg.conninfo.conninfo_to_dict(project.database)["dbname"])
    folder = Path(tempfile.mkdtemp(prefix="pool-"))
    pooler = Pooler(
        server.running.socket_directory, folder, user=server.running.user, database=database
    )
    try:
        through = Project(
            root=project.root,
            database=f"host={folder} port=5432 user={server.running.user} dbname={database}",
        )
        done = through.run("apply")
    finally:
        pooler.close()
        shutil.rmtree(folder)
    assert done.returncode == 4, done.stderr
    assert "pooler in transaction mode" in done.stderr
    assert "session mode" in done.stderr
    with psycopg.connect(project.database) as connection:
        assert connection.execute("SELECT to_regclass('t')").fetchone() == (None,)
