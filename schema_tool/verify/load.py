"""Files loaded into a scratch database."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schema_tool.server.conninfo import without_libpq_variables
from schema_tool.server.execute import run_script
from schema_tool.verify.scratch import drop_roles_since, read_roles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import psycopg

    from schema_tool.server.scratch import ScratchServer
    from schema_tool.source import Migration, Script

# a SET in one file must not reach the next, as when each is run by itself
_RESET = "RESET SESSION AUTHORIZATION; RESET ALL"
_SEARCH_PATH = "SELECT pg_catalog.set_config('search_path', %s, false)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """As whom files are run and where unqualified names lead, so that they mean what they do live.

    `role` is empty for the scratch server's own user, `search_path` for the server's default.
    """

    role: str = ""
    search_path: str = ""


@contextmanager
def scratch_database(server: ScratchServer, name_hint: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection to a new scratch database, which is dropped at the end with its roles."""
    import psycopg  # noqa: PLC0415

    roles = read_roles(server)
    conninfo = server.create(name_hint)
    try:
        with without_libpq_variables():
            connection = psycopg.connect(conninfo, autocommit=True)
        with connection:
            yield connection
            stand_aside(connection)
    finally:
        server.drop(conninfo)
        drop_roles_since(server, roles)


def load_scripts(
    connection: psycopg.Connection[Any], scripts: Sequence[Script], acting: Acting
) -> None:
    """Run the files in order, each as one transaction.

    Errors: FailedError at the failing statement's place in its file.
    """
    for script in scripts:
        act(connection, acting)
        run_script(connection, script)
    stand_aside(connection)


def load_migrations(
    connection: psycopg.Connection[Any],
    migrations: Sequence[Migration],
    acting: Acting,
    *,
    roles: Mapping[str, str] | None = None,
) -> None:
    """Run the migrations in order; `roles` says as whom, where it is another role.

    Errors: FailedError at the failing statement's place in its file.
    """
    for migration in migrations:
        role = (roles or {}).get(migration.id, acting.role)
        act(connection, Acting(role=role, search_path=acting.search_path))
        run_script(connection, migration.script, transactional=migration.transactional)
    stand_aside(connection)


def act(connection: psycopg.Connection[Any], acting: Acting) -> None:
    """Put the session to where a file starts."""
    from psycopg import sql  # noqa: PLC0415

    connection.execute(_RESET)
    if acting.search_path:
        connection.execute(_SEARCH_PATH, [acting.search_path])
    if acting.role:
        role = sql.Identifier(acting.role)
        connection.execute(sql.SQL("SET SESSION AUTHORIZATION {}").format(role))


def stand_aside(connection: psycopg.Connection[Any]) -> None:
    """Be the scratch server's own user again, who may read everything."""
    connection.execute(_RESET)
