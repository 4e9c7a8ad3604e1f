"""Scratch databases live in a server of their own, which no end of its process leaves behind."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from schema_tool.errors import FailedError, RefusedError
from schema_tool.server import scratch
from schema_tool.server.binaries import all_binaries
from schema_tool.server.conninfo import without_libpq_variables
from schema_tool.server.scratch import ensure_roles, scratch_on, scratch_server
from tests.integration.server_state import python

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.server.scratch import ScratchServer
    from tests.conftest import Server

HOLD = """
import sys
from pathlib import Path
from schema_tool.server import scratch
scratch.MEMORY = Path("/nonexistent")
with scratch.scratch_server() as server:
    server.create()
    print(server.conninfo, flush=True)
    sys.stdin.read()
"""
HOLD_SHARED = """
import sys
from schema_tool.server.scratch import scratch_on
with scratch_on(sys.argv[1]) as server:
    print(server.create(), flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def throwaway() -> Iterator[ScratchServer]:
    with scratch_server() as server:
        yield server


@pytest.fixture
def base(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this test's scratch servers lie, and nobody else's."""
    folder = Path(os.environ.get("TMPDIR", "/tmp")) / f"schema-tool-tests-{os.getpid()}"
    folder.mkdir(mode=0o711, exist_ok=True)
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def ask(conninfo: str, query: str) -> object:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def wait_until_empty(folder: Path) -> None:
    deadline = time.monotonic() + 20
    while list(folder.iterdir()):
        assert time.monotonic() < deadline, list(folder.iterdir())
        time.sleep(0.01)
    folder.rmdir()


def postmaster(directory: Path) -> int:
    return int((directory / "data" / "postmaster.pid").read_text().split()[0])


def is_gone(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_scratch_database_is_empty_marked_and_cheap_to_lose(throwaway: ScratchServer) -> None:
    made = throwaway.create("My Shop")
    assert str(ask(made, "SELECT current_database()")).startswith("scratch_my_shop_")
    assert (
        ask(made, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == 0
    )
    comment = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = "
    assert str(ask(made, comment + "current_database()")).startswith(scratch.MARK)
    assert ask(made, "SHOW fsync") == "off"
    assert ask(made, "SHOW wal_level") == "logical"


def test_a_copy_holds_what_its_template_holds(throwaway: ScratchServer) -> None:
    first = throwaway.create()
    with psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS x")
    second = throwaway.create(template=first)
    assert ask(second, "SELECT x FROM t") == 1


def test_a_dropped_database_is_gone_although_somebody_is_connected(
    throwaway: ScratchServer,
) -> None:
    made = throwaway.create()
    with psycopg.connect(made):
        throwaway.drop(made)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(made)
    throwaway.drop(made)


def test_a_database_without_the_mark_is_not_dropped(throwaway: ScratchServer) -> None:
    with psycopg.connect(throwaway.conninfo, autocommit=True) as connection:
        connection.execute("CREATE DATABASE precious")
    with pytest.raises(RefusedError, match="precious is no scratch database"):
        throwaway.drop(throwaway.conninfo.replace("'postgres'", "'precious'"))


def test_missing_roles_are_created_unable_to_log_in(throwaway: ScratchServer) -> None:
    made = throwaway.create()
    assert ensure_roles(made, ["b role", "a", "public", "pg_monitor"]) == ("a", "b role")
    assert ensure_roles(made, ["a", "c"]) == ("c",)
    assert (
        ask(made, "SELECT bool_or(rolcanlogin) FROM pg_roles WHERE rolname IN ('a', 'c')") is False
    )


@pytest.mark.parametrize("major", [each.major for each in all_binaries()])
def test_every_major_version_found_can_be_asked_for(major: int, base: Path) -> None:
    with scratch_server(major=major) as server:
        assert server.major == major
        assert str(ask(server.create(), "SHOW server_version")).startswith(str(major))
    base.rmdir()


def test_nothing_is_left_when_the_context_ends_with_an_error(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch, "MEMORY", Path("/nonexistent"))
    monkeypatch.setattr("tempfile.tempdir", str(base))

    def use() -> None:
        with scratch_server() as server:
            server.create()
            raise KeyError

    with pytest.raises(KeyError):
        use()
    assert list(base.iterdir()) == []
    base.rmdir()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_killed_process_leaves_no_server_and_no_folder(number: int, base: Path) -> None:
    owner = python(HOLD)
    assert owner.stdout is not None
    assert owner.stdout.readline()
    (directory,) = base.iterdir()
    pid = postmaster(directory)
    owner.send_signal(number)
    owner.communicate()
    wait_until_empty(base)
    assert is_gone(pid)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_what_a_dead_machine_left_is_swept_and_what_lives_is_not(base: Path) -> None:
    dead, alive = python(HOLD), python(HOLD)
    assert dead.stdout is not None
    assert alive.stdout is not None
    left = Path(dead.stdout.readline().split("'")[1]).parent
    kept = Path(alive.stdout.readline().split("'")[1]).parent
    children = Path(f"/proc/{dead.pid}/task/{dead.pid}/children").read_text().split()
    for watch in children:  # the watching shell first: then nobody cleans up
        os.kill(int(watch), signal.SIGKILL)
    dead.kill()
    dead.communicate()
    pid = postmaster(left)
    assert left.exists()
    scratch.sweep(base)
    assert not left.exists()
    assert is_gone(pid)
    assert kept.exists()
    alive.communicate("")
    wait_until_empty(base)


def test_without_a_cache_folder_there_is_a_server_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_home() -> Path:
        raise FailedError("this user has no home directory")

    with monkeypatch.context() as patched:
        patched.setattr(scratch, "_template", lambda *_: no_home())
        with scratch_server() as server:
            assert ask(server.create(), "SELECT 1") == 1


def test_on_a_shared_server_everything_made_is_dropped(server: Server) -> None:
    with scratch_on(server.dsn()) as shared:
        assert shared.shared
        made = shared.create()
        assert ask(made, "SELECT 1") == 1
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(made)


def test_what_a_killed_process_made_on_a_shared_server_is_dropped_by_the_next(
    server: Server,
) -> None:
    owner = python(HOLD_SHARED, server.dsn())
    assert owner.stdout is not None
    made = owner.stdout.readline().strip()
    with scratch_on(server.dsn()):
        assert ask(made, "SELECT 1") == 1
    owner.kill()
    owner.communicate()
    with (
        scratch_on(server.dsn()),
        pytest.raises(psycopg.OperationalError, match="does not exist"),
    ):
        psycopg.connect(made)


def test_a_shared_server_is_reached_later_without_libpqs_variables(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = psycopg.conninfo.conninfo_to_dict(server.dsn())
    for name, word in (("PGHOST", "host"), ("PGPORT", "port"), ("PGUSER", "user")):
        monkeypatch.setenv(name, str(words[word]))
    with scratch_on("dbname=postgres") as shared:
        made = shared.create()
        with without_libpq_variables():
            assert ask(made, "SELECT 1") == 1


def test_a_missing_server_for_scratch_databases_is_told() -> None:
    with pytest.raises(FailedError, match="cannot reach"), scratch_on("host=/nonexistent"):
        pass


def test_libpqs_variables_do_not_lead_a_scratch_server_astray(
    monkeypatch: pytest.MonkeyPatch, throwaway: ScratchServer
) -> None:
    monkeypatch.setenv("PGHOSTADDR", "192.0.2.1")
    monkeypatch.setenv("PGSERVICE", "nowhere")
    throwaway.drop(throwaway.create())
