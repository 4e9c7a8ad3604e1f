"""One directory's server: started once, shared by every process that attaches to it.

The directory holds `data/` (PostgreSQL's own), `socket/`, `server.lock`, `server.log` and
`password`. Whoever can enter `socket/` is the superuser, so only the account that runs the
server can: the folder is 0700. Over TCP, on request, the server asks for the password.
"""

from __future__ import annotations

import os
import secrets
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from schema_tool.errors import FailedError
from schema_tool.server.account import Account, account_for, make_folder, require_reach
from schema_tool.server.copies import reachable
from schema_tool.server.datadir import (
    end_orphans,
    forget_stranger,
    initialise,
    is_alive,
    major_of,
    read_postmaster,
    sweep_unfinished,
)
from schema_tool.server.home import STATE_HINT
from schema_tool.server.launch import POLL_S, launch, log_since, reason, wait_until_ready
from schema_tool.server.lock import exclusive
from schema_tool.server.private import write_private
from schema_tool.server.running import Running, attach, without_tcp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from schema_tool.server.binaries import Binaries

DEFAULT_SETTINGS: Mapping[str, str] = MappingProxyType({"wal_level": "logical"})
__all__ = ["Running", "State", "Status", "attach", "start", "status", "stop"]

STOP_TIMEOUT_S = 60
PASSWORD_BYTES = 24
ORPHANS_TIMEOUT_S = 10
"""How long backends of a killed server may take to go."""

ORPHANS_POLL_S = 0.1

STOP_SIGNALS = {
    "smart": signal.SIGTERM,
    "fast": signal.SIGINT,
    "immediate": signal.SIGQUIT,
}


class State(StrEnum):
    """What a directory's server is doing."""

    ABSENT = "absent"
    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"


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
            hint=STATE_HINT,
        ) from error
    except OSError as error:
        raise FailedError(
            f"cannot start the embedded server in {directory}: {error}", hint=STATE_HINT
        ) from error
    if tcp and running.password is None:
        raise without_tcp()
    return running


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
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        write_private(directory / "password", password)
        initialise(data, usable, account, password=password)
    elif major != usable.major:
        raise FailedError(
            f"{data} belongs to PostgreSQL {major}, and the programs are {usable.version}",
            hint=f"install PostgreSQL {major}, or set aside {directory}",
        )
    deadline = time.monotonic() + ORPHANS_TIMEOUT_S
    while True:
        forget_stranger(data)
        pid, said_from = launch(directory, usable, account, settings, tcp=tcp)
        running = wait_until_ready(directory, pid)
        if running is not None:
            return running
        said = log_since(directory, said_from)
        if "pre-existing shared memory" not in said or time.monotonic() > deadline:
            raise FailedError(
                f"the embedded server did not start: {reason(said)}",
                hint=f"see {directory / 'server.log'}",
            )
        end_orphans(data, account)
        time.sleep(ORPHANS_POLL_S)


def _wait_for_other(directory: Path) -> Running | None:
    """Wait for a server whose starter was killed before it was ready."""
    data = directory / "data"
    postmaster = read_postmaster(data)
    if postmaster is None or not is_alive(postmaster.pid, data):
        return None
    return wait_until_ready(directory, postmaster.pid)


def _wait_for_end(pid: int, data: Path) -> None:
    deadline = time.monotonic() + STOP_TIMEOUT_S
    while is_alive(pid, data):
        if time.monotonic() > deadline:
            raise FailedError(
                f"the server (process {pid}) has not stopped after {STOP_TIMEOUT_S} s",
                hint="schema-tool server stop --mode immediate",
            )
        time.sleep(POLL_S)


def _remove_socket_directory(sockets: Path, directory: Path) -> None:
    if sockets.parent != directory:  # the short one under /tmp
        with suppress(OSError):
            sockets.rmdir()
