"""Scratch databases: in a throw-away server of their own, apart from anybody's data.

The server belongs to one process. A watching shell holds the end of a pipe of that process and
removes the server when the pipe closes, so that not even `kill -9` leaves one behind; what a
dead machine or container leaves is swept at the next start.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from schema_tool.errors import FailedError, RefusedError
from schema_tool.server.account import account_for, make_folder
from schema_tool.server.binaries import find_binaries
from schema_tool.server.cluster import start, stop
from schema_tool.server.conninfo import parse, without_libpq_variables
from schema_tool.server.copies import reachable
from schema_tool.server.datadir import initialise, major_of, sweep_unfinished
from schema_tool.server.home import cache_directory, slug
from schema_tool.server.launch import exists
from schema_tool.server.lock import exclusive, try_lock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import psycopg

    from schema_tool.server.account import Account
    from schema_tool.server.binaries import Binaries

SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "autovacuum": "off",  # its locks would be taken for a migration's
        "max_locks_per_transaction": "512",  # a whole schema is loaded in one transaction
        "max_wal_size": "256MB",  # memory, where the folder is
    }
)
IO_METHOD_SINCE = 18
INITDB_OPTIONS = ("--wal-segsize=1",)
"""MB; a smaller folder is copied sooner. Synchronised, because the cached one must be sound."""
MEMORY = Path("/dev/shm")  # noqa: S108 - a private folder below it
MEMORY_NEEDED_BYTES = 1024**3
PREFIX = "schema-tool-scratch"
MARK = "schema-tool scratch database"
"""How the comment of a scratch database begins: the only thing that lets it be dropped."""

FORGOTTEN = re.compile(rf"{MARK} of process (\d+) on {re.escape(socket.gethostname())}")
COMMENTS = "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"

WATCH = Path(__file__).with_name("scratch_watch.sh")
WATCH_TIMEOUT_S = 30


@dataclass(slots=True, kw_only=True)
class ScratchServer:
    """A server on which databases may be made and dropped.

    `shared` when it is not ours alone: statements on cluster-wide objects are then somebody
    else's loss.
    """

    conninfo: str = field(repr=False)
    major: int
    shared: bool = False
    _connection: psycopg.Connection[Any] | None = field(default=None, repr=False)
    _made: list[str] = field(default_factory=list, repr=False)

    def create(self, name_hint: str = "", template: str | None = None) -> str:
        """Return the connection string of a new marked database, empty or a copy of `template`.

        `template` is what an earlier call returned; nobody may be connected to it.
        Errors: FailedError when the server refuses.
        """
        from psycopg import Error, sql  # noqa: PLC0415 - slow to import

        hint = f"{slug(name_hint).replace('-', '_')}_" if name_hint else ""
        name = f"scratch_{hint}{secrets.token_hex(4)}"
        source = self._name(template) if template else "template0"
        made = sql.Identifier(name)
        mark = f"{MARK} of process {os.getpid()} on {socket.gethostname()}"  # see FORGOTTEN
        strategy = "" if self.shared else " STRATEGY file_copy"
        try:
            connection = self._open()
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}" + strategy).format(
                    made, sql.Identifier(source)
                )
            )
            self._made.append(name)
            connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(made, mark))
        except Error as error:
            raise FailedError(f"cannot create a scratch database: {error}") from error
        return self._conninfo_of(name)

    def drop(self, conninfo: str) -> None:
        """Drop a scratch database, with whoever is still connected to it.

        Errors: RefusedError when it does not carry the mark.
        """
        from psycopg import Error, sql  # noqa: PLC0415

        name = self._name(conninfo)
        try:
            connection = self._open()
            comments = dict(connection.execute(COMMENTS).fetchall())
            if name not in comments:
                return
            if not (comments[name] or "").startswith(MARK):
                raise RefusedError(f"{name} is no scratch database of this tool: not dropped")
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )
        except Error as error:
            raise FailedError(f"cannot drop the scratch database {name}: {error}") from error
        with suppress(ValueError):
            self._made.remove(name)

    def drop_forgotten(self) -> None:
        """Drop what processes of this machine made on a shared server before they were killed."""
        for name, mark in self._open().execute(COMMENTS).fetchall():
            match = FORGOTTEN.fullmatch(mark or "")
            if match and not exists(int(match[1])):
                self.drop(self._conninfo_of(name))

    def close(self) -> None:
        """Drop what was created on a shared server, and disconnect."""
        try:
            if self.shared:
                for name in tuple(self._made):
                    self.drop(self._conninfo_of(name))
        finally:
            if self._connection is not None:
                self._connection.close()

    def _open(self) -> psycopg.Connection[Any]:
        import psycopg  # noqa: PLC0415

        if self._connection is None or self._connection.closed:
            with without_libpq_variables():
                self._connection = psycopg.connect(self.conninfo, autocommit=True)
        return self._connection

    def _conninfo_of(self, dbname: str) -> str:
        from psycopg.conninfo import make_conninfo  # noqa: PLC0415

        return make_conninfo(self.conninfo, dbname=dbname)

    def _name(self, conninfo: str) -> str:
        return parse(conninfo, origin="scratch database")["dbname"]


@contextmanager
def scratch_server(
    *, major: int | None = None, configured: Path | None = None
) -> Iterator[ScratchServer]:
    """Run a server for scratch databases as long as the context lasts.

    Errors: FailedError when there are no programs of that major version.
    """
    binaries = find_binaries(major=major, configured=configured)
    account = account_for(cache_directory())
    programs = reachable(binaries, account)
    base = _base()
    sweep(base)
    directory, owner_lock = _make_directory(base, account)
    watch = _watch(directory)
    try:
        _fill(directory / "data", programs, account)
        running = start(directory, programs, settings=_settings(programs.major))
        server = ScratchServer(conninfo=running.conninfo(), major=running.major)
        try:
            yield server
        finally:
            server.close()
    finally:
        with suppress(subprocess.TimeoutExpired):  # it goes on without us
            watch.communicate(timeout=WATCH_TIMEOUT_S)  # closes the pipe
        os.close(owner_lock)


@contextmanager
def scratch_on(conninfo: str) -> Iterator[ScratchServer]:
    """Use a server that somebody else runs; what is created there is dropped at the end.

    Errors: FailedError when it cannot be reached.
    """
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415 - slow to import

    from schema_tool.server.session import connect  # noqa: PLC0415
    from schema_tool.server.target import Target  # noqa: PLC0415

    connection = connect(Target(conninfo=conninfo, origin="--scratch"))
    # Whoever connects to a database made here does so without libpq's variables.
    known: dict[str, Any] = connection.info.get_parameters()
    known["password"] = connection.info.password or None
    server = ScratchServer(
        conninfo=make_conninfo(**known),
        major=connection.info.server_version // 10000,
        shared=True,
        _connection=connection,
    )
    try:
        server.drop_forgotten()
        yield server
    finally:
        server.close()


def ensure_roles(conninfo: str, names: Iterable[str]) -> tuple[str, ...]:
    """Create the roles that are missing, unable to log in, and return those created."""
    import psycopg  # noqa: PLC0415
    from psycopg import sql  # noqa: PLC0415

    wanted = sorted(set(names) - {"public"})
    try:
        with without_libpq_variables(), psycopg.connect(conninfo, autocommit=True) as connection:
            known = connection.execute("SELECT rolname FROM pg_roles").fetchall()
            missing = tuple(name for name in wanted if (name,) not in known)
            for name in missing:
                connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name)))
    except psycopg.Error as error:
        raise FailedError(f"cannot create the roles that the schema names: {error}") from error
    return missing


def sweep(base: Path) -> None:
    """Remove scratch servers in a folder whose owning process is gone."""
    for directory in base.glob(f"{PREFIX}-{os.geteuid()}-*"):
        with suppress(OSError, FailedError):
            if directory.is_symlink() or directory.stat().st_uid != os.geteuid():
                continue
            owner_lock = try_lock(directory / "owner.lock")
            if owner_lock is None:
                continue
            try:
                stop(directory, mode="immediate")
                shutil.rmtree(directory)
            finally:
                os.close(owner_lock)


def _settings(major: int) -> Mapping[str, str]:
    # Workers for reading ahead are no use in memory, and three processes more to start.
    return {**SETTINGS, "io_method": "sync"} if major >= IO_METHOD_SINCE else SETTINGS


def _base() -> Path:
    """Return memory where there is enough of it, else the folder for temporary files."""
    with suppress(OSError):
        if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_NEEDED_BYTES:
            return MEMORY
    return Path(tempfile.gettempdir())


def _make_directory(base: Path, account: Account) -> tuple[Path, int]:
    """Return a new folder that is locked by us before a sweep can see its name."""
    base = base.resolve()  # the watching shell knows the server by its resolved path
    fresh = Path(tempfile.mkdtemp(prefix="schema-tool-new-", dir=base))
    owner_lock = try_lock(fresh / "owner.lock")
    assert owner_lock is not None
    if account.switched:
        fresh.chmod(0o711)  # the server's account must reach its own folder in it
    directory = base / f"{PREFIX}-{os.geteuid()}-{secrets.token_hex(4)}"
    fresh.rename(directory)
    return directory, owner_lock


def _watch(directory: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ["/bin/sh", WATCH, directory],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )


def _fill(data: Path, binaries: Binaries, account: Account) -> None:
    """Make the data directory: a copy of the cached one, or a new one where none can be kept."""
    try:
        template = _template(binaries, account)
    except (OSError, FailedError):
        _initialise(data, binaries, account)
    else:
        _copy(template, data, account)


def _initialise(data: Path, binaries: Binaries, account: Account) -> None:
    # Nobody ever needs the password: a scratch server does not listen on TCP.
    password = secrets.token_urlsafe()
    initialise(data, binaries, account, password=password, options=INITDB_OPTIONS)


def _template(binaries: Binaries, account: Account) -> Path:
    """Return a data directory to copy, made once for each version of the programs."""
    directory = cache_directory() / "scratch" / f"{binaries.version}-{account.name}"
    make_folder(directory, 0o711 if account.switched else 0o700)
    data = directory / "data"
    with exclusive(directory / "server.lock"):
        if major_of(data) is None:
            sweep_unfinished(directory)
            _initialise(data, binaries, account)
    return data


def _copy(template: Path, data: Path, account: Account) -> None:
    data.mkdir(mode=0o700)
    account.own(data)
    done = account.run(["cp", "-R", f"{template}/.", data])
    if done.returncode != 0:
        raise FailedError(f"cannot copy {template} to {data}: {done.stderr.strip()}")
