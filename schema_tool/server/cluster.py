"""One directory's server: started once, shared by every process that attaches to it.

The directory holds `data/` (PostgreSQL's own), `socket/`, `server.lock`, `server.log` and
`password`. Whoever can enter `socket/` is the superuser, so only the account that runs the
server can: the folder is 0700. Over TCP, on request, the server asks for the password.
"""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote

from schema_tool.errors import FailedError
from schema_tool.server.account import Account, account_for, make_folder, reachable, require_reach
from schema_tool.server.datadir import (
    SUPERUSER,
    Postmaster,
    answers,
    forget_stranger,
    initialise,
    is_alive,
    major_of,
    read_postmaster,
    sweep_unfinished,
)
from schema_tool.server.lock import exclusive
from schema_tool.server.socketdir import make_socket_directory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schema_tool.server.binaries import Binaries

DEFAULT_SETTINGS: Mapping[str, str] = MappingProxyType({"wal_level": "logical"})
SOCKET_PORT = 5432
"""Only a part of the socket's name, unless TCP was asked for."""

START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 60
ORPHANS_TIMEOUT_S = 10
"""How long backends of a killed server may take to notice that it is gone."""

POLL_S = 0.005
LOG_LIMIT_BYTES = 10 * 1024 * 1024
STOP_SIGNALS = {
    "smart": signal.SIGTERM,
    "fast": signal.SIGINT,
    "immediate": signal.SIGQUIT,
}
LAUNCH = '"$@" </dev/null >&2 & echo $!'
"""A shell in between, so that the server is no child of ours: it outlives us, init reaps it."""


class State(StrEnum):
    """What a directory's server is doing."""

    ABSENT = "absent"
    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A server that answers; `password` is set when it listens on TCP."""

    directory: Path
    socket_directory: Path
    port: int
    pid: int
    major: int
    user: str
    password: str | None = field(default=None, repr=False)

    def conninfo(self, dbname: str = "postgres") -> str:
        """Return libpq's connection string, through the socket."""
        words = {
            "host": str(self.socket_directory),
            "port": str(self.port),
            "user": self.user,
            "dbname": dbname,
        }
        return " ".join(f"{name}={_quoted(value)}" for name, value in words.items())

    def url(self, dbname: str = "postgres", *, tcp: bool = False) -> str:
        """Return the URL for other tools; the one for TCP holds the password.

        Errors: FailedError for TCP when the server was started without it.
        """
        database = quote(dbname, safe="")
        if not tcp:
            host = quote(str(self.socket_directory), safe="/")
            return f"postgresql://{self.user}@/{database}?host={host}&port={self.port}"
        if self.password is None:
            raise _without_tcp()
        secret = quote(self.password, safe="")
        return f"postgresql://{self.user}:{secret}@127.0.0.1:{self.port}/{database}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A directory's server and data; `major` is None where there are no data."""

    directory: Path
    state: State
    major: int | None
    running: Running | None


def start(
    directory: Path,
    binaries: Binaries,
    *,
    settings: Mapping[str, str] = MappingProxyType({}),
    tcp: bool = False,
) -> Running:
    """Return the directory's server, started first when none answers.

    A server that already runs keeps the settings that it was started with.
    Errors: FailedError when it cannot be started, runs without the TCP that was asked for, or
    when the data belong to another major version than the programs.
    """
    account = account_for(directory)
    try:
        _prepare(directory, account)
        with exclusive(directory / "server.lock"):
            running = attach(directory) or _wait_for_other(directory)
            if running is None:
                chosen = {**DEFAULT_SETTINGS, **settings}
                running = _start(directory, binaries, account, chosen, tcp=tcp)
    except PermissionError as error:
        raise FailedError(
            f"no permission for the embedded server's data: {error.filename or directory}",
            hint="export SCHEMA_TOOL_STATE=/a/folder/of/yours",
        ) from error
    except OSError as error:
        raise FailedError(f"cannot start the embedded server in {directory}: {error}") from error
    if tcp and running.password is None:
        raise _without_tcp()
    return running


def attach(directory: Path) -> Running | None:
    """Return the directory's server if it is up and answers, without starting a process."""
    data = directory / "data"
    try:
        postmaster = read_postmaster(data)
        if postmaster is None or not postmaster.ready or not answers(postmaster):
            return None
        return _running(directory, postmaster)
    except PermissionError as error:
        raise FailedError(
            f"the server in {directory} belongs to another user",
            hint="export SCHEMA_TOOL_STATE=/a/folder/of/yours",
        ) from error


def status(directory: Path) -> Status:
    """Return what the directory holds and whether its server answers."""
    running = attach(directory)
    data = directory / "data"
    postmaster = None if running else read_postmaster(data)
    major = major_of(data)
    if running:
        state = State.RUNNING
    elif postmaster and is_alive(postmaster.pid, data):
        state = State.STARTING
    else:
        state = State.ABSENT if major is None else State.STOPPED
    return Status(directory=directory, state=state, major=major, running=running)


def stop(directory: Path, *, mode: str = "fast") -> bool:
    """Stop the directory's server and wait for its end; False when none was running.

    Errors: FailedError when it is still there after STOP_TIMEOUT_S, or belongs to another user.
    """
    data = directory / "data"
    try:
        if not data.is_dir():
            return False
        with exclusive(directory / "server.lock"):
            postmaster = read_postmaster(data)
            if postmaster is None or not is_alive(postmaster.pid, data):
                return False
            with suppress(ProcessLookupError):
                os.kill(postmaster.pid, STOP_SIGNALS[mode])
            _wait_for_end(postmaster.pid, data)
            _remove_socket_directory(postmaster.socket_directory, directory)
            return True
    except PermissionError as error:
        raise FailedError(f"the server in {directory} belongs to another user") from error


def _prepare(directory: Path, account: Account) -> None:
    parent_mode = 0o755 if account.switched else 0o700
    make_folder(directory.parent, parent_mode)
    if directory.is_dir():
        return
    # For root the folder is root's own, so that the server's account can replace neither the
    # lock nor the password; entering it is all that the account needs.
    owned = account.switched and directory.parent.stat().st_uid == account.uid
    make_folder(directory, 0o711 if account.switched and not owned else 0o700)
    if owned:
        account.own(directory)


def _start(
    directory: Path, binaries: Binaries, account: Account, settings: Mapping[str, str], *, tcp: bool
) -> Running:
    require_reach(directory, account)
    usable = reachable(binaries, account)
    data = directory / "data"
    major = major_of(data)
    if major is None:
        sweep_unfinished(directory)
        password = initialise(data, usable, account)
        _keep(directory / "password", password)
    elif major != usable.major:
        raise FailedError(
            f"{data} belongs to PostgreSQL {major}, and the programs are {usable.version}",
            hint=f"install PostgreSQL {major}, or set aside {directory}",
        )
    deadline = time.monotonic() + ORPHANS_TIMEOUT_S
    while True:
        forget_stranger(data)
        port = _free_port(directory) if tcp else SOCKET_PORT
        pid, said_from = _launch(directory, usable, account, settings, port=port, tcp=tcp)
        running = _wait_until_ready(directory, pid)
        if running is not None:
            return running
        said = _log_since(directory, said_from)
        if "pre-existing shared memory" not in said or time.monotonic() > deadline:
            raise FailedError(
                f"the embedded server did not start: {_reason(said)}",
                hint=f"see {directory / 'server.log'}",
            )
        time.sleep(0.1)


def _launch(
    directory: Path,
    binaries: Binaries,
    account: Account,
    settings: Mapping[str, str],
    *,
    port: int,
    tcp: bool,
) -> tuple[int, int]:
    """Start the server and return its process number and where its part of the log begins."""
    sockets = make_socket_directory(directory, account)
    fixed = {
        "cluster_name": f"schema-tool {directory.name}"[:63],
        "listen_addresses": "127.0.0.1" if tcp else "",
        "port": str(port),
        "unix_socket_directories": '"' + str(sockets).replace('"', '""') + '"',
        "unix_socket_permissions": "0700",
    }
    words: list[str | Path] = [binaries.program("postgres"), "-D", directory / "data"]
    for name, value in {**settings, **fixed}.items():
        words += ["-c", f"{name}={value}"]
    log = _open_log(directory)
    try:
        said_from = os.fstat(log).st_size
        done = account.run(["/bin/sh", "-c", LAUNCH, "sh", *words], stderr=log)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise FailedError(f"cannot run {shlex.quote(str(words[0]))}: {error}") from error
    finally:
        os.close(log)
    return int(done.stdout), said_from


def _wait_until_ready(directory: Path, pid: int) -> Running | None:
    """Return the server once it answers, None when its process has ended."""
    data = directory / "data"
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        alive = _exists(pid)
        running = attach(directory)
        if running is not None and running.pid == pid:
            return running
        if not alive:
            return None
        time.sleep(POLL_S)
    raise FailedError(
        f"the server in {data} is not ready after {START_TIMEOUT_S} s",
        hint=f"see {directory / 'server.log'}",
    )


def _wait_for_other(directory: Path) -> Running | None:
    """Wait for a server whose starter was killed before it was ready."""
    data = directory / "data"
    postmaster = read_postmaster(data)
    if postmaster is None or not is_alive(postmaster.pid, data):
        return None
    return _wait_until_ready(directory, postmaster.pid)


def _wait_for_end(pid: int, data: Path) -> None:
    deadline = time.monotonic() + STOP_TIMEOUT_S
    while is_alive(pid, data):
        if time.monotonic() > deadline:
            raise FailedError(
                f"the server (process {pid}) has not stopped after {STOP_TIMEOUT_S} s",
                hint="schema-tool server stop --mode immediate",
            )
        time.sleep(POLL_S)


def _exists(pid: int) -> bool:
    """Tell whether a process runs: a zombie does not."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _running(directory: Path, postmaster: Postmaster) -> Running:
    password = None
    if postmaster.listens_on:
        password = (directory / "password").read_text().strip()
    return Running(
        directory=directory,
        socket_directory=postmaster.socket_directory,
        port=postmaster.port,
        pid=postmaster.pid,
        major=major_of(directory / "data") or 0,
        user=SUPERUSER,
        password=password,
    )


def _keep(path: Path, secret: str) -> None:
    """Write a file that only the owner of its folder can read."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w") as file:
        _share(file.fileno(), path.parent)
        file.write(secret)


def _share(descriptor: int, folder: Path) -> None:
    """Give a file that root created to the owner of its folder."""
    if os.geteuid() == 0:
        owner = folder.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


def _open_log(directory: Path) -> int:
    path = directory / "server.log"
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
    log = os.open(path, flags, 0o600)
    if os.fstat(log).st_size > LOG_LIMIT_BYTES:
        os.ftruncate(log, 0)
    return log


def _log_since(directory: Path, start_at: int) -> str:
    with (directory / "server.log").open("rb") as log:
        log.seek(start_at)
        return log.read().decode(errors="replace")


def _reason(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    fatal = [line for line in lines if "FATAL:" in line or "PANIC:" in line]
    return (fatal or lines or ["it said nothing"])[-1]


def _free_port(directory: Path) -> int:
    """Return the port that was used last, or another when somebody else has it now."""
    path = directory / "port"
    with suppress(OSError, ValueError):
        port = int(path.read_text())
        if _can_bind(port):
            return port
    port = _can_bind(0)
    path.write_text(f"{port}\n")
    return port


def _can_bind(port: int) -> int:
    with socket.socket(socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return 0
        return int(probe.getsockname()[1])


def _remove_socket_directory(sockets: Path, directory: Path) -> None:
    if sockets.parent != directory:  # the short one under /tmp
        with suppress(OSError):
            sockets.rmdir()


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _without_tcp() -> FailedError:
    return FailedError(
        "the embedded server listens on its socket only",
        hint="schema-tool server stop && schema-tool server start --tcp",
    )
