"""Two sides are read at once: Ctrl-C ends both, and an error says which side it is of."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from schema_tool.catalog import snapshot_of
from schema_tool.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Project, Server

WAITING = """
SELECT datname FROM pg_stat_activity
WHERE application_name = 'schema-tool' AND wait_event_type = 'Lock' AND datname = ANY(%s)
"""
OURS = "SELECT datname FROM pg_stat_activity WHERE application_name = 'schema-tool'"
DEADLINE_S = 20


def until(seen: Callable[[], Any], what: str) -> None:
    end = time.monotonic() + DEADLINE_S
    while not seen():
        assert time.monotonic() < end, what
        time.sleep(0.05)


@pytest.mark.parametrize("held", ["live", "desired"])
def test_ctrl_c_ends_the_reading_of_both_sides(server: Server, project: Project, held: str) -> None:
    other = server.create()
    blocked = {"live": project.database, "desired": other}[held]
    with (
        psycopg.connect(server.dsn(), autocommit=True) as watch,
        psycopg.connect(blocked) as holder,
    ):
        holder.execute("LOCK TABLE pg_catalog.pg_constraint IN ACCESS EXCLUSIVE MODE")
        process = project.start("diff", "--to", other)
        until(
            lambda: watch.execute(WAITING, [[holder.info.dbname]]).fetchall(),
            "it does not wait for the lock",
        )
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=DEADLINE_S)
        until(lambda: not watch.execute(OURS).fetchall(), "its sessions go on")
        assert holder.execute("SELECT 1").fetchall() == [(1,)]
    assert process.returncode == ExitCode.INTERRUPTED, err
    assert out == ""
    assert "interrupted" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("closed", ["live", "desired"])
def test_an_error_names_the_side_that_could_not_be_read(
    server: Server, project: Project, closed: str
) -> None:
    other = server.create()
    lost = {"live": project.database, "desired": other}[closed]
    with psycopg.connect(lost, autocommit=True) as owner:
        owner.execute(
            "DROP ROLE IF EXISTS blind; CREATE ROLE blind LOGIN;"
            "REVOKE SELECT ON pg_catalog.pg_policy FROM PUBLIC"
        )
    as_blind = (
        project.database.replace("user='postgres'", "user='blind'"),
        other.replace("user='postgres'", "user='blind'"),
    )
    result = project.run("diff", "-d", as_blind[0], "--to", as_blind[1], target=False)
    assert result.returncode == ExitCode.FAILED
    assert "permission denied for table pg_policy" in result.stderr
    assert ("cannot read the database" if closed == "live" else "cannot read --to") in result.stderr


def test_an_applications_limits_do_not_end_the_reading(any_server: Server) -> None:
    limits = ["statement_timeout", "idle_in_transaction_session_timeout"]
    with psycopg.connect(any_server.create(), autocommit=True) as connection:
        if connection.info.server_version >= 170000:
            limits.append("transaction_timeout")
        for limit in limits:
            connection.execute(f"SET {limit} = '5s'".encode())
        with snapshot_of(connection):
            shown = [connection.execute(f"SHOW {limit}".encode()).fetchone() for limit in limits]
        assert shown == [("0",)] * len(limits)
        assert connection.execute("SHOW statement_timeout").fetchone() == ("5s",)


LOCK = "BEGIN; LOCK TABLE pg_catalog.pg_attrdef IN ACCESS EXCLUSIVE MODE"
END = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE application_name = 'schema-tool' AND wait_event_type = 'Lock' AND datname = %s
"""


def test_a_connection_that_is_lost_is_told_with_its_reason(
    server: Server, project: Project
) -> None:
    other = server.create()
    name = psycopg.conninfo.conninfo_to_dict(project.database)["dbname"]
    with (
        psycopg.connect(server.dsn(), autocommit=True) as watch,
        psycopg.connect(project.database, autocommit=True) as holder,
    ):
        holder.execute(LOCK)
        running = project.start("diff", "--to", other)
        until(lambda: watch.execute(END, [name]).fetchone(), "it does not wait")
        out, err = running.communicate(timeout=DEADLINE_S)
    assert (running.returncode, out) == (ExitCode.TRY_AGAIN, "")
    assert "the connection to the database was lost: terminating connection" in err


def test_a_lock_in_the_way_of_the_reading_is_try_again(project: Project, server: Server) -> None:
    other = server.create()
    limited = psycopg.conninfo.make_conninfo(project.database, options="-c lock_timeout=200ms")
    with psycopg.connect(project.database, autocommit=True) as holder:
        holder.execute(LOCK)
        result = project.run("diff", "-d", limited, "--to", other, target=False)
    assert (result.returncode, result.stdout) == (ExitCode.TRY_AGAIN, "")
    assert "cannot read the database: another session holds what is to be read" in result.stderr
