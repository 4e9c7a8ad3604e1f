"""One runner at a time, whatever the number that is started."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

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


@pytest.fixture
def through(project: Project, server: Server) -> Iterator[Project]:
    """The project, its database behind a pooler in transaction mode."""
    project.migration("0001_t", "CREATE TABLE t (a INT);\n")
    database = str(psycopg.conninfo.conninfo_to_dict(project.database)["dbname"])
    folder = Path(tempfile.mkdtemp(prefix="pool-"))
    pooler = Pooler(
        server.running.socket_directory, folder, user=server.running.user, database=database
    )
    place = f"host={folder} port=5432 user={server.running.user} dbname={database}"
    yield Project(root=project.root, database=place)
    pooler.close()
    shutil.rmtree(folder)


SETTINGS = """
SELECT current_setting('role'), current_setting('default_transaction_read_only'),
    current_setting('client_connection_check_interval')
"""


@pytest.mark.parametrize(
    "command", [("apply",), ("apply", "--role", "pg_monitor"), ("rollback", "--yes"), ("status",)]
)
def test_nothing_is_set_in_a_session_that_a_pooler_lends(
    through: Project, project: Project, command: tuple[str, ...]
) -> None:
    """The next client would have it: a read-only session, or another role."""
    done = through.run(*command)
    if command == ("status",):
        assert done.returncode == 0, done.stderr
        assert "0001_t" in done.stdout
    else:
        assert done.returncode == 4, done.stderr
        assert "pooler in transaction mode" in done.stderr
        assert "session mode" in done.stderr
    with psycopg.connect(through.database, autocommit=True, prepare_threshold=None) as other:
        assert other.execute(SETTINGS).fetchone() == ("none", "off", "0")
    with psycopg.connect(project.database) as connection:
        assert connection.execute("SELECT to_regclass('t')").fetchone() == (None,)


def test_a_role_is_refused_behind_a_pooler_even_to_read(through: Project) -> None:
    assert through.run("status", "--role", "pg_monitor").returncode == 4
