"""Start one server process, and tell from its log why it ended."""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from schema_tool.errors import FailedError
from schema_tool.server.private import open_private, write_private
from schema_tool.server.running import attach
from schema_tool.server.socketdir import make_socket_directory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schema_tool.server.account import Account
    from schema_tool.server.binaries import Binaries
    from schema_tool.server.running import Running

SOCKET_PORT = 5432
"""Only a part of the socket's name, unless TCP was asked for."""

START_TIMEOUT_S = 60
POLL_S = 0.005
LOG_LIMIT_BYTES = 10 * 1024 * 1024
LAUNCH = '"$@" </dev/null >&2 & echo $!'
"""A shell in between, so that the server is no child of ours: it outlives us, init reaps it."""


def launch(
    directory: Path,
    binaries: Binaries,
    account: Account,
    settings: Mapping[str, str],
    *,
    tcp: bool,
) -> tuple[int, int]:
    """Start the server and return its process number and where its part of the log begins."""
    port = _free_port(directory) if tcp else SOCKET_PORT
    sockets = make_socket_directory(directory, account)
    fixed = {
        "cluster_name": f"schema-tool {directory.name}"[:63],
        "listen_addresses": "127.0.0.1" if tcp else "",
        "port": str(port),
        "unix_socket_directories": '"' + str(sockets).replace('"', '""') + '"',
        "unix_socket_permissions": "0700",
    }
    # `is_alive` knows the server by this word.
    data = (directory / "data").resolve()
    words: list[str | Path] = [binaries.program("postgres"), "-D", data]
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


def wait_until_ready(directory: Path, pid: int) -> Running | None:
    """Return the server once it answers, None when its process has ended."""
    data = directory / "data"
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        alive = exists(pid)
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


def _open_log(directory: Path) -> int:
    path = directory / "server.log"
    log = open_private(path, os.O_WRONLY | os.O_APPEND)
    if os.fstat(log).st_size > LOG_LIMIT_BYTES:
        os.ftruncate(log, 0)
    return log


def log_since(directory: Path, start_at: int) -> str:
    """Return what the server has written to its log after a position."""
    with (directory / "server.log").open("rb") as log:
        log.seek(start_at)
        return log.read().decode(errors="replace")


def reason(said: str) -> str:
    """Return the line of a log that says why the server ended."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    fatal = [line for line in lines if "FATAL:" in line or "PANIC:" in line]
    return re.sub("^.*?(?=FATAL:|PANIC:)", "", (fatal or lines or ["it said nothing"])[-1])


def exists(pid: int) -> bool:
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


def _free_port(directory: Path) -> int:
    """Return the port that was used last, or another when somebody else has it now."""
    path = directory / "port"
    with suppress(OSError, ValueError):
        port = int(path.read_text())
        if _can_bind(port):
            return port
    port = _can_bind(0)
    write_private(path, f"{port}\n")
    return port


def _can_bind(port: int) -> int:
    with socket.socket(socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return 0
        return int(probe.getsockname()[1])
