"""The server on which the folders are loaded, with the roles that they need."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from schema_tool.errors import FailedError
from schema_tool.server.conninfo import normalise, without_libpq_variables
from schema_tool.server.execute import run_script

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import psycopg

    from schema_tool.server.scratch import ScratchServer
    from schema_tool.source import Script

_ROLES = "SELECT rolname::text FROM pg_catalog.pg_roles"


@contextmanager
def open_scratch(
    *, given: str, major: int | None, binaries: Path | None
) -> Iterator[ScratchServer]:
    """Open the server that was `given` as a connection string, else a throw-away one.

    Errors: FailedError when it is not of the target's major version: another one prints
    definitions differently, which would be taken for differences.
    """
    # Most comparisons find what files make in the cache, or compare two databases.
    from schema_tool.server.scratch import scratch_on, scratch_server  # noqa: PLC0415

    if not given:
        with scratch_server(major=major, configured=binaries) as server:
            yield server
        return
    with scratch_on(normalise(given, origin="--scratch")) as server:
        if major is not None and server.major != major:
            raise FailedError(
                f"the scratch server is PostgreSQL {server.major}, the target {major}",
                hint=f"name a PostgreSQL {major} server: --scratch URL",
            )
        yield server


def prepare_roles(
    server: ScratchServer,
    cluster_scripts: Sequence[Script],
    named: Iterable[str],
    acting: Iterable[str],
) -> None:
    """Run the cluster-wide scripts and create the roles that are still missing.

    `named` are the roles that the schema speaks of, `acting` those as whom it is loaded: they
    may do everything here, so that only the schema's own mistakes stop it.
    Errors: FailedError when a script fails, or when a server that others use lacks a role.
    """
    from schema_tool.server.scratch import ensure_roles  # noqa: PLC0415

    wanted = {*named, *acting}
    with _maintenance(server) as connection:
        if server.shared:
            missing = sorted(wanted - {row[0] for row in connection.execute(_ROLES)})
            if missing:
                raise FailedError(
                    f"the scratch server lacks the roles {', '.join(missing)}",
                    hint="create them there, or leave --scratch away for a throw-away server",
                )
            return
        for script in cluster_scripts:
            run_script(connection, script)
        ensure_roles(server.conninfo, wanted)
        _let_act(connection, acting)


def _let_act(connection: psycopg.Connection[Any], acting: Iterable[str]) -> None:
    from psycopg import sql  # noqa: PLC0415

    for role in sorted(set(acting)):
        connection.execute(sql.SQL("ALTER ROLE {} SUPERUSER").format(sql.Identifier(role)))


def read_roles(server: ScratchServer) -> frozenset[str]:
    """The roles of the scratch server."""
    with _maintenance(server) as connection:
        return frozenset(row[0] for row in connection.execute(_ROLES))


def drop_roles_since(server: ScratchServer, before: frozenset[str]) -> None:
    """Drop the roles that a folder created, so that the other folder can create them too."""
    from psycopg import Error, sql  # noqa: PLC0415

    if server.shared:
        return
    with _maintenance(server) as connection:
        for row in connection.execute(_ROLES).fetchall():
            if row[0] not in before:
                # one that owns something elsewhere stays; creating it again then says so
                with suppress(Error):
                    connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(row[0])))


@contextmanager
def _maintenance(server: ScratchServer) -> Iterator[psycopg.Connection[Any]]:
    import psycopg  # noqa: PLC0415

    with without_libpq_variables():
        connection = psycopg.connect(server.conninfo, autocommit=True)
    with connection:
        yield connection
