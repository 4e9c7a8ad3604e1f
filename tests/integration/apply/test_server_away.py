"""A server that is stopped, stopping or starting: try again later, or be waited for."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest

from schema_tool.errors import FailedError
from schema_tool.server.cluster import Running, start, stop
from tests.conftest import Project, Server
from tests.integration.apply.sessions import wait_for

COMMANDS = (("apply",), ("rollback", "--yes"), ("status",), ("plan", "-o", "plan.json"))


@pytest.fixture
def own(server: Server) -> Iterator[Running]:
    """A server that may be stopped."""
    directory = server.running.directory.parent / "away"
    yield start(directory, server.binaries, settings={"fsync": "off"})
    stop(directory, mode="immediate")
    shutil.rmtree(directory)


@pytest.fixture
def away(project: Project, own: Running) -> Project:
    """A project with one migration applied there."""
    found = Project(root=project.root, database=own.conninfo())
    found.migration("0001_t", "CREATE TABLE t (a INT);\n", rollback="DROP TABLE t;\n")
    assert found.run("apply").returncode == 0
    return found


def begin_again(own: Running, server: Server, *, after: float) -> threading.Timer:
    """Start the stopped server after a while, in a thread."""

    def begin() -> None:
        # where it is never ready, that is what the test is about
        with suppress(FailedError):
            start(own.directory, server.binaries)

    timer = threading.Timer(after, begin)
    timer.start()
    return timer


@pytest.mark.parametrize("command", COMMANDS)
def test_a_server_that_is_down(
    away: Project, own: Running, server: Server, command: tuple[str, ...]
) -> None:
    """Nobody answers: the place may be wrong, but not for who says --wait."""
    stop(own.directory)
    done = away.run(*command)
    assert done.returncode == 3, done.stderr
    assert "--wait 60s" in done.stderr
    in_vain = away.run(*command, "--wait", "500ms")
    assert in_vain.returncode == 75, in_vain.stderr
    timer = begin_again(own, server, after=1)
    waited = away.run(*command, "--wait", "30s")
    timer.join()
    assert waited.returncode in {0, 1}, waited.stderr
    assert waited.stderr.count("waiting for it") >= 1


@pytest.mark.parametrize("command", COMMANDS)
def test_a_server_that_is_stopping(away: Project, own: Running, command: tuple[str, ...]) -> None:
    """It takes no new session while it waits for the old ones to end."""
    with psycopg.connect(away.database):
        postmaster = (own.directory / "data" / "postmaster.pid").read_text().split()[0]
        os.kill(int(postmaster), signal.SIGTERM)

        def refused() -> bool:
            with suppress(psycopg.OperationalError), psycopg.connect(away.database):
                return False
            return True

        wait_for(refused)
        done = away.run(*command)
        assert done.returncode == 75, done.stderr
        assert "shutting down" in done.stderr
        assert "--wait 60s" in done.stderr


def test_a_server_that_recovers(away: Project, own: Running, server: Server) -> None:
    """A standby that takes no queries answers as one that is starting does."""
    stop(own.directory)
    signal_file = own.directory / "data" / "standby.signal"
    signal_file.touch()
    (own.directory / "data" / "postgresql.auto.conf").write_text("hot_standby = off\n")
    starting = begin_again(own, server, after=0)

    def recovers() -> bool:
        try:
            psycopg.connect(away.database).close()
        except psycopg.OperationalError as error:
            return "not accepting" in str(error) or "starting up" in str(error)
        return False

    wait_for(recovers)
    done = away.run("apply")
    assert done.returncode == 75, done.stderr
    assert away.run("status", "--wait", "500ms").returncode == 75
    postmaster = (own.directory / "data" / "postmaster.pid").read_text().split()[0]
    os.kill(int(postmaster), signal.SIGQUIT)
    starting.join()


@pytest.mark.parametrize("wrong", [{"user": "nosuch"}, {"dbname": "nosuch"}])
def test_what_is_wrong_is_not_waited_for(away: Project, wrong: dict[str, str]) -> None:
    place = psycopg.conninfo.make_conninfo(away.database, **wrong)
    done = Project(root=away.root, database=place).run("status", "--wait", "60s")
    assert done.returncode == 3
    assert "waiting" not in done.stderr


def test_a_server_that_is_stopped_during_the_run_and_stays_away(
    away: Project, own: Running
) -> None:
    away.migration("0002_slow", "SELECT pg_sleep(30);\n")
    process = away.start("apply", "--wait", "1s")
    with psycopg.connect(away.database, autocommit=True) as eye:
        wait_for(
            lambda: eye.execute(
                "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"
            ).fetchone()
        )
    stop(own.directory)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 75, said
    assert "the same command goes on" in said
