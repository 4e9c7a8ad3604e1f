"""verify on a standby: it can be read and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from schema_tool.server.account import account_for
from schema_tool.server.cluster import start, stop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Project, Server


@pytest.fixture
def standby(project: Project, server: Server) -> Iterator[str]:
    """The project's database on a copy of the test server that replays for ever."""
    program = server.bin / "pg_basebackup"
    if not program.exists():
        pytest.skip("no pg_basebackup here")
    sql = "CREATE TABLE users (id bigint NOT NULL);"
    project.migration("0001_users", sql)
    project.write("sql/010_users.sql", sql)
    assert project.run("apply").returncode == 0
    directory = server.running.directory.parent / f"{project.root.name}-standby"
    directory.mkdir(mode=0o755)
    account = account_for(directory)
    data = directory / "data"
    data.mkdir(mode=0o700)
    account.own(data)
    # fsync is off and nothing of it has to last
    copied = account.run(
        [
            program,
            "-D",
            data,
            "-d",
            server.dsn(),
            "--checkpoint=fast",
            "--no-sync",
            "--wal-method=fetch",
        ]
    )
    assert copied.returncode == 0, copied.stderr
    (data / "standby.signal").touch()
    account.own(data / "standby.signal")
    running = start(directory, server.binaries, settings={"fsync": "off"})
    dbname = str(psycopg.conninfo.conninfo_to_dict(project.database)["dbname"])
    yield running.conninfo(dbname)
    stop(directory, mode="immediate")


def test_verify_reads_a_standby(project: Project, standby: str) -> None:
    done = project.run("verify", "-d", standby, target=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr.rstrip().endswith("standby")
