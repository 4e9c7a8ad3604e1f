"""A data directory: how it is made, and what its `postmaster.pid` says about its server."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from schema_tool.errors import FailedError
from schema_tool.server.home import STATE_HINT

if TYPE_CHECKING:
    from schema_tool.server.account import Account
    from schema_tool.server.binaries import Binaries

SUPERUSER = "postgres"
BUILTIN_PROVIDER_SINCE = 17
CONNECT_TIMEOUT_S = 1.0
HBA = """\
# Written by schema-tool. The socket lies in a folder that only its owner can enter.
local all all trust
local replication all trust
host all all 127.0.0.1/32 scram-sha-256
host replication all 127.0.0.1/32 scram-sha-256
"""
END_ORPHANS = """
for process in /proc/[0-9]*; do
    read -r name <$process/comm && [ "$name" = postgres ] &&
        [ "$(readlink $process/cwd)" = "$1" ] && kill -QUIT "${process#/proc/}"
done 2>/dev/null
"""
"""Run as the server's account: in a container, root may not look into its processes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postmaster:
    """What a server wrote about itself into `postmaster.pid`.

    Source: src/include/utils/pidfile.h, one line a field.
    """

    pid: int
    port: int
    socket_directory: Path
    listens_on: str
    ready: bool


def major_of(data: Path) -> int | None:
    """Return the major version of an initialised data directory, None when there is none."""
    try:
        return int((data / "PG_VERSION").read_text().strip())
    except (FileNotFoundError, NotADirectoryError):
        return None


def read_postmaster(data: Path) -> Postmaster | None:
    """Return the last state that a server wrote; it may have died since.

    Errors: OSError other than an absent file.
    """
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return None
    lines += [""] * (8 - len(lines))
    pid, _, _, port, socket_directory, address, _, state = (line.strip() for line in lines[:8])
    if not pid.isdigit():
        return None
    return Postmaster(
        pid=int(pid),
        port=int(port or 0),
        socket_directory=Path(socket_directory),
        listens_on=address,
        ready=state == "ready",
    )


def answers(postmaster: Postmaster) -> bool:
    """Tell whether a server listens: a dead or zombie process has no open socket."""
    path = postmaster.socket_directory / f".s.PGSQL.{postmaster.port}"
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(CONNECT_TIMEOUT_S)
        try:
            connection.connect(os.fspath(path))
        except OSError:
            return False
    return True


def is_alive(pid: int, data: Path) -> bool:
    """Tell whether a process is the live postmaster of this data directory.

    A zombie has no arguments, and a stranger that got the number after a reboot has others. Where
    there is no /proc, any process of that number counts.
    """
    if sys.platform == "linux":
        # Not its working directory: root in a container may not look at that of another user.
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return os.fsencode(data.resolve()) in words
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def forget_stranger(data: Path) -> None:
    """Remove a `postmaster.pid` whose number now belongs to a zombie or to a stranger.

    PostgreSQL itself overrules the file of a process that is gone, and takes any process of that
    number for its own otherwise. Only for a caller that holds the directory's lock. It does not
    weaken the check for surviving backends: that goes by the directory's shared memory.
    """
    postmaster = read_postmaster(data)
    if sys.platform != "linux" or postmaster is None:
        return
    if Path(f"/proc/{postmaster.pid}").exists() and not is_alive(postmaster.pid, data):
        (data / "postmaster.pid").unlink(missing_ok=True)


def end_orphans(data: Path, account: Account) -> None:
    """Send away the backends of a killed server, as its postmaster would have done.

    They go by themselves once they wait for something, which a long query need not do for hours;
    until then no other server can start. Only for a caller that holds the directory's lock.
    """
    if sys.platform == "linux":
        account.run(["/bin/sh", "-c", END_ORPHANS, "sh", data.resolve()])


def initialise(
    data: Path,
    binaries: Binaries,
    account: Account,
    *,
    password: str,
    options: tuple[str, ...] = (),
) -> None:
    """Create a data directory as a whole or not at all, with a password for its superuser.

    Errors: FailedError with what initdb said.
    """
    staging = Path(tempfile.mkdtemp(prefix="initdb-", dir=data.parent))
    account.own(staging)
    try:
        password_file = staging / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(password)
        account.own(password_file)
        fresh = staging / "data"
        _initdb(fresh, binaries, account, ("--pwfile", str(password_file), *options))
        hba = fresh / "pg_hba.conf"
        hba.write_text(HBA)
        fresh.rename(data)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def sweep_unfinished(directory: Path) -> None:
    """Remove what a killed `initialise` left; only for the holder of the directory's lock."""
    for left in directory.glob("initdb-*"):
        shutil.rmtree(left, ignore_errors=True)


def _initdb(data: Path, binaries: Binaries, account: Account, options: tuple[str, ...]) -> None:
    command: list[str | Path] = [
        *(binaries.program("initdb"), "--pgdata", data, "--username", SUPERUSER),
        *("--encoding", "UTF8", "--auth-local", "trust", "--auth-host", "scram-sha-256"),
        *("--lc-messages", "C", "--no-instructions", *options),
    ]
    error = ""
    for locale in _locales(binaries.major):
        try:
            done = account.run([*command, *locale])
        except (OSError, subprocess.TimeoutExpired) as failure:
            raise FailedError(f"cannot run {binaries.program('initdb')}: {failure}") from failure
        if done.returncode == 0:
            return
        error = error or done.stderr.strip()
        with suppress(FileNotFoundError):
            shutil.rmtree(data)
    fatal = next((line for line in error.splitlines() if "FATAL:" in line), error)
    raise FailedError(
        f"initdb failed: {re.sub('^.*FATAL: *', '', fatal) or 'without a message'}",
        hint=f"see whether {data.parent.parent} has room; {STATE_HINT}",
    )


def _locales(major: int) -> tuple[tuple[str, ...], ...]:
    """Return initdb's locale options to try: the same order of text everywhere.

    C.UTF-8 is no name that every C library knows; the server's own provider needs none.
    """
    builtin = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    extra = builtin if major >= BUILTIN_PROVIDER_SINCE else ()
    return (("--locale=C.UTF-8", *extra), ("--locale=C", *extra))
