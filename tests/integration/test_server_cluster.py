"""One directory, one server: shared by its processes, found without one, restarted when dead."""

from __future__ import annotations

import ctypes
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from schema_tool.errors import FailedError
from schema_tool.server import copies
from schema_tool.server.account import account_for
from schema_tool.server.binaries import all_binaries, find_binaries
from schema_tool.server.cluster import State, attach, start, status, stop
from tests.integration.server_state import SETTINGS, python, state_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.server.running import Running

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down")
START = """
import sys
from pathlib import Path
from schema_tool.server.binaries import find_binaries
from schema_tool.server.cluster import start
print(start(Path(sys.argv[1]), find_binaries(), settings={"fsync": "off"}).pid)
"""
PR_SET_CHILD_SUBREAPER = 36


@pytest.fixture(scope="module")
def state() -> Iterator[Path]:
    with state_folder() as folder:
        yield folder


@pytest.fixture
def home(state: Path) -> Path:
    """A directory whose data many tests share; each starts the server if it needs one."""
    return state / "shared"


def up(home: Path) -> Running:
    return start(home, find_binaries(), settings=SETTINGS)


def down(home: Path) -> None:
    stop(home, mode="immediate")


def ask(running: Running, query: str) -> object:
    with psycopg.connect(running.conninfo(), autocommit=True) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def wait_until_dead(home: Path) -> None:
    deadline = time.monotonic() + 10
    while attach(home) is not None:
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_server_answers_with_the_same_text_order_everywhere(home: Path) -> None:
    running = up(home)
    assert ask(running, "SHOW server_encoding") == "UTF8"
    assert ask(running, "SHOW timezone") == "UTC"
    assert ask(running, "SHOW lc_messages") == "C"
    assert ask(running, "SELECT 'a' < 'B'") is False
    assert ask(running, "SELECT upper('é')") == "É"


def test_it_is_ready_for_logical_replication_and_deaf_on_tcp(home: Path) -> None:
    running = up(home)
    assert ask(running, "SHOW wal_level") == "logical"
    assert ask(running, "SHOW listen_addresses") == ""
    assert running.password is None
    with pytest.raises(FailedError, match="socket only") as caught:
        start(home, find_binaries(), tcp=True)
    assert "server start --tcp" in caught.value.hint


def test_settings_come_by_argument(home: Path) -> None:
    down(home)
    running = start(home, find_binaries(), settings={"wal_level": "replica", "work_mem": "5MB"})
    assert ask(running, "SHOW wal_level") == "replica"
    assert ask(running, "SHOW work_mem") == "5MB"
    down(home)


def test_a_wrong_setting_is_told_in_the_servers_words(home: Path) -> None:
    down(home)
    with pytest.raises(FailedError, match=r'did not start: FATAL: .* "work_mem": "banana"'):
        start(home, find_binaries(), settings={"work_mem": "banana"})


def test_attaching_starts_no_process(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running = up(home)

    def no_process(*_: object, **__: object) -> None:
        pytest.fail("a process was started")

    monkeypatch.setattr(subprocess, "Popen", no_process)
    assert attach(home) == running
    assert status(home).state is State.RUNNING


def test_starting_twice_finds_the_first(home: Path) -> None:
    assert up(home) == up(home)


def test_stopping_keeps_the_data(home: Path) -> None:
    with psycopg.connect(up(home).conninfo()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    assert stop(home) is True
    assert attach(home) is None
    assert status(home).state is State.STOPPED
    assert stop(home) is False
    assert ask(up(home), "SELECT answer FROM kept") == 42


def test_tcp_asks_for_the_password_that_only_the_owner_can_read(home: Path) -> None:
    down(home)
    running = start(home, find_binaries(), settings=SETTINGS, tcp=True)
    assert running.password
    assert running.password not in repr(running)
    assert stat.S_IMODE((home / "password").stat().st_mode) == 0o600
    assert ask(running, "SHOW listen_addresses") == "127.0.0.1"
    url = running.url(tcp=True)
    with psycopg.connect(url) as connection:
        assert connection.info.host == "127.0.0.1"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.replace(running.password, "wrong"))
    down(home)
    again = start(home, find_binaries(), settings=SETTINGS, tcp=True)
    assert again.url(tcp=True) == url
    down(home)


def test_a_killed_server_is_noticed_and_restarted_with_its_data(home: Path) -> None:
    running = up(home)
    with psycopg.connect(running.conninfo()) as connection:
        connection.execute("CREATE TABLE survived ()")
    os.kill(running.pid, signal.SIGKILL)
    wait_until_dead(home)
    again = up(home)
    assert again.pid != running.pid
    assert ask(again, "SELECT count(*) FROM survived") == 0


@linux_only
def test_a_zombie_is_no_server(home: Path) -> None:
    down(home)
    libc = ctypes.CDLL(None)
    # Orphans become children of this process, which does not ask after them.
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1)
    try:
        running = up(home)
        os.kill(running.pid, signal.SIGKILL)
        wait_until_dead(home)
        assert Path(f"/proc/{running.pid}").exists()
        assert status(home).state is State.STOPPED
        assert up(home).pid != running.pid
        down(home)
    finally:
        libc.prctl(PR_SET_CHILD_SUBREAPER, 0)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


@linux_only
def test_a_stranger_with_the_old_number_is_no_server(home: Path) -> None:
    running = up(home)
    os.kill(running.pid, signal.SIGKILL)
    wait_until_dead(home)
    runner = account_for(home)
    with subprocess.Popen(["sleep", "60"], user=runner.uid if runner.switched else None) as other:
        path = home / "data" / "postmaster.pid"
        _, _, rest = path.read_text().partition("\n")
        path.write_text(f"{other.pid}\n{rest}")
        assert stop(home) is False
        assert attach(home) is None
        assert up(home).pid != other.pid
        assert other.poll() is None
        other.kill()


@linux_only
def test_a_backend_that_outlives_its_server_does_not_keep_it_from_starting(home: Path) -> None:
    running = up(home)
    begun = threading.Event()

    def work() -> None:
        with suppress(psycopg.Error), psycopg.connect(running.conninfo()) as busy:
            begun.set()
            busy.execute("SELECT count(*) FROM generate_series(1, 1000000000)")

    worker = threading.Thread(target=work)
    worker.start()
    assert begun.wait(timeout=10)
    while not ask(
        running, "SELECT count(*) FROM pg_stat_activity WHERE query ~ '^SELECT count.*g'"
    ):
        time.sleep(0.005)
    os.kill(running.pid, signal.SIGKILL)
    wait_until_dead(home)
    assert ask(up(home), "SELECT 1") == 1
    worker.join()


def test_processes_that_start_at_once_share_one_server(state: Path) -> None:
    home = state / "six"
    starters = [python(START, home) for _ in range(6)]
    pids = {starter.communicate(timeout=120)[0].strip() for starter in starters}
    running = attach(home)
    assert running is not None
    assert pids == {str(running.pid)}
    # they have all ended, and the server is still there
    assert ask(running, "SELECT 1") == 1


def test_what_a_killed_initdb_left_is_swept(state: Path) -> None:
    home = state / "swept"
    (home / "initdb-left" / "data").mkdir(parents=True)
    home.chmod(0o711)
    up(home)
    assert not list(home.glob("initdb-*"))


def test_a_long_path_gets_a_short_private_socket_folder(state: Path) -> None:
    home = state / ("long-" * 20)
    running = up(home)
    assert ask(running, "SELECT 1") == 1
    assert len(str(running.socket_directory)) < 60
    assert stat.S_IMODE(running.socket_directory.stat().st_mode) == 0o700
    stop(home)
    assert not running.socket_directory.exists()


def test_a_taken_short_name_is_not_trusted(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = state / ("long-" * 20)
    expected = up(home).socket_directory
    stop(home)
    expected.symlink_to(tmp_path)
    try:
        running = up(home)
        assert running.socket_directory != expected
        assert ask(running, "SELECT 1") == 1
        stop(home)
    finally:
        expected.unlink()


def test_who_cannot_enter_the_socket_folder_cannot_connect(home: Path) -> None:
    running = up(home)
    sockets = running.socket_directory.stat()
    assert stat.S_IMODE(sockets.st_mode) == 0o700
    assert sockets.st_uid == account_for(home).uid
    assert stat.S_IMODE((home / "data").stat().st_mode) == 0o700


@pytest.mark.skipif(len(all_binaries()) < 2, reason="one major version only")
def test_data_of_another_major_version_are_left_alone(home: Path) -> None:
    down(home)
    other = all_binaries()[-1]
    with pytest.raises(FailedError, match="belongs to PostgreSQL"):
        start(home, other)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_state_folder_is_told_with_a_way_out(state: Path) -> None:
    closed = state / "closed"
    closed.mkdir(mode=0o500)
    with pytest.raises(FailedError, match="no permission") as caught:
        up(closed / "project")
    assert "SCHEMA_TOOL_STATE" in caught.value.hint


def test_a_stop_that_finds_nothing_says_so(state: Path) -> None:
    assert stop(state / "nothing") is False
    assert status(state / "nothing").state is State.ABSENT
    assert attach(state / "nothing") is None


def test_an_impossible_state_folder_is_told_with_a_way_out() -> None:
    with pytest.raises(FailedError, match="Not a directory") as caught:
        up(Path("/dev/null/project"))
    assert "SCHEMA_TOOL_STATE" in caught.value.hint


@root_only
def test_root_opens_no_folder_and_copies_what_its_server_cannot_reach(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = find_binaries()
    package = original.bin.parent.parent
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    for folder in (package, package.with_name(f"{package.name}.libs")):
        subprocess.run(["cp", "-r", folder, private], check=True)
    monkeypatch.setattr(copies, "ROOT_CACHE", state / "cache")
    hidden = private / original.bin.relative_to(package.parent)
    running = start(state / "stepped-down", find_binaries(configured=hidden), settings=SETTINGS)
    process = Path(f"/proc/{running.pid}")
    program = (process / "cmdline").read_bytes().split(b"\0")[0].decode()
    assert Path(program).is_relative_to(state / "cache")
    assert process.stat().st_uid != 0
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert stat.S_IMODE(tmp_path.stat().st_mode) & 0o077 == 0


@root_only
def test_root_is_told_of_a_state_folder_that_its_server_cannot_reach(tmp_path: Path) -> None:
    with pytest.raises(FailedError, match="cannot reach") as caught:
        up(tmp_path / "project")
    assert "SCHEMA_TOOL_STATE" in caught.value.hint
