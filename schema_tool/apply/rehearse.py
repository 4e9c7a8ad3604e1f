"""A rehearsal: the pending files run on a scratch copy of the live schema, as no superuser.

What a file does to rows is not rehearsed: the copy has none but the ledger's.
"""

from __future__ import annotations

import os
import subprocess
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from schema_tool.apply.limits import session_commands
from schema_tool.apply.runner import apply_pending
from schema_tool.errors import FailedError, SchemaToolError
from schema_tool.server.binaries import find_binaries
from schema_tool.server.conninfo import without_libpq_variables
from schema_tool.server.scratch import ensure_roles, scratch_server

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg

    from schema_tool.apply.run import Options, Watcher
    from schema_tool.source.migrations import MigrationFolder

ROLE = "schema_tool_rehearsal"
LOCK_WAIT = "--lock-wait-timeout=2s"
_KNOWN = {"hostaddr", "sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "channel_binding"}
_ROLES = "SELECT r.rolname FROM pg_catalog.pg_roles AS r WHERE r.rolname NOT LIKE 'pg\\_%'"


def rehearse(
    connection: psycopg.Connection[Any],
    folder: MigrationFolder,
    options: Options,
    watcher: Watcher,
    *,
    configured: Path | None = None,
) -> int:
    """Apply what is pending to a copy of the schema; the database itself is only read.

    Errors: as `apply_pending`; FailedError when the schema cannot be copied.
    """
    import psycopg  # noqa: PLC0415 - the caller has paid for it

    major = connection.info.server_version // 10_000
    programs = find_binaries(major=major, configured=configured).bin
    roles = [str(row[0]) for row in connection.execute(_ROLES)]
    with scratch_server(major=major, configured=configured) as scratch:
        copy = scratch.create("rehearsal")
        ensure_roles(copy, roles)
        with without_libpq_variables():
            opened = psycopg.connect(copy, autocommit=True)
        with opened as owner:
            _let_in(owner, roles)
            for only in (["--schema-only"], ["--data-only", "--schema=schema_tool"]):
                if only[0] == "--schema-only" or _has_ledger(connection):
                    _copy(
                        connection, programs, only, psycopg.conninfo.make_conninfo(copy, user=ROLE)
                    )
            owner.execute(f"ALTER ROLE {ROLE} NOSUPERUSER".encode())
        mine = psycopg.conninfo.make_conninfo(copy, user=ROLE)
        rehearsed = replace(
            options,
            conditions=replace(
                options.conditions,
                session=session_commands(role=None, limits=options.conditions.limits),
            ),
            connect=None,
            approved=None,
        )
        with without_libpq_variables():
            actor = psycopg.connect(mine, autocommit=True)
        try:
            with closing(actor):
                return apply_pending(actor, folder, rehearsed, watcher)
        except SchemaToolError as error:
            error.add_note("this was the rehearsal on a scratch copy: the database is untouched")
            raise


def _let_in(owner: psycopg.Connection[Any], roles: list[str]) -> None:
    """Make the role that acts: the owner of everything, and a member of every role."""
    from psycopg import sql  # noqa: PLC0415

    # a superuser while the copy is made only
    owner.execute(f"CREATE ROLE {ROLE} LOGIN SUPERUSER".encode())
    name = sql.Identifier(owner.info.dbname)
    owner.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(name, sql.Identifier(ROLE)))
    superusers = {
        row[0] for row in owner.execute("SELECT rolname FROM pg_catalog.pg_roles WHERE rolsuper")
    }
    for role in roles:
        if role not in superusers:
            owner.execute(
                sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(ROLE))
            )


def _has_ledger(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute("SELECT to_regnamespace('schema_tool') IS NOT NULL").fetchone()
    return row is not None and bool(row[0])


def _copy(
    connection: psycopg.Connection[Any], programs: Path, only: list[str], target: str
) -> None:
    """Pipe pg_dump into psql; the password travels in the environment, not among the arguments."""
    info = connection.info
    environ = {**os.environ, "PGPASSWORD": info.password} if info.password else dict(os.environ)
    dump = subprocess.run(
        [programs / "pg_dump", "--no-owner", LOCK_WAIT, *only, "-d", _plain(connection)],
        env=environ,
        capture_output=True,
        check=False,
    )
    if dump.returncode != 0:
        raise FailedError(f"the schema cannot be copied: {_last(dump.stderr)}")
    load = subprocess.run(
        [programs / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", target],
        input=dump.stdout,
        env={name: value for name, value in os.environ.items() if not name.startswith("PG")},
        capture_output=True,
        check=False,
    )
    if load.returncode != 0:
        raise FailedError(f"the copy of the schema cannot be loaded: {_last(load.stderr)}")


def _plain(connection: psycopg.Connection[Any]) -> str:
    """Where the connection leads, in words that an older pg_dump knows; no password."""
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415

    info = connection.info
    known = {name: value for name, value in info.get_parameters().items() if name in _KNOWN}
    where: dict[str, Any] = {
        "host": info.host,
        "port": info.port,
        "user": info.user,
        "dbname": info.dbname,
    }
    return make_conninfo(**{**known, **where})


def _last(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return next((line for line in lines if "error" in line.lower()), " ".join(lines[-1:]))
