"""Which database a command works on, and who said so."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from schema_tool.errors import FailedError, UsageError
from schema_tool.server.conninfo import LIBPQ_TARGET_VARIABLES, normalise, place
from schema_tool.server.session import connect

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import psycopg

    from schema_tool.server.cluster import Running

EMBEDDED = "embedded server"
FLAG = "--database"
DATABASE_VARIABLES = ("SCHEMA_TOOL_DATABASE", "DATABASE_URL")
MARK = "Created by schema-tool; `schema-tool reset` may drop it."
"""The database's comment: the only thing that lets `reset` drop it."""

IS_MARKED = "SELECT shobj_description(oid, 'pg_database') = %s FROM pg_database WHERE datname = %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One database; an empty connection string leaves everything to libpq's variables."""

    conninfo: str = field(repr=False)
    origin: str
    embedded: bool = False

    def __str__(self) -> str:
        """Say where it leads, without the password."""
        return place(self.conninfo)


def resolve_target(
    *,
    database: str | None,
    local: bool,
    environ: Mapping[str, str],
    interactive: bool,
    project_root: Path,
    binaries: Path | None = None,
    dbname: str = "app",
    settings: Mapping[str, str] | None = None,
) -> Target:
    """Return the target: the flag, the environment, else on a terminal the embedded server.

    The embedded server is started, and its database created, when they are not there.
    `local` asks for it whatever else is set.
    Errors: UsageError when nothing is given off a terminal, so that a missing secret in CI does
    not turn green on an empty database.
    """
    if database is not None and local:
        raise UsageError("--database and --local contradict each other", hint="give one of them")
    if not local:
        named = _named_target(database, environ)
        if named is not None:
            return named
        if not interactive:
            raise UsageError(
                "no database given, and this is not a terminal",
                hint="-d service=NAME, export DATABASE_URL, or --local for the embedded server",
            )
    # a tenth of all that a command loads, and of no use with a server named
    from schema_tool.server.binaries import find_binaries  # noqa: PLC0415
    from schema_tool.server.cluster import attach, start  # noqa: PLC0415
    from schema_tool.server.datadir import major_of  # noqa: PLC0415
    from schema_tool.server.home import project_directory  # noqa: PLC0415

    directory = project_directory(project_root, environ)
    running = attach(directory) or start(
        directory,
        find_binaries(major=major_of(directory / "data"), configured=binaries),
        settings=settings or {},
    )
    return embedded_target(running, dbname)


def embedded_target(running: Running, dbname: str) -> Target:
    """Return a database of a running embedded server, created and marked when it is absent."""
    create_marked_database(running.conninfo(), dbname)
    return Target(conninfo=running.conninfo(dbname), origin=EMBEDDED, embedded=True)


def create_marked_database(conninfo: str, dbname: str) -> bool:
    """Create a database that says that this tool made it; False when it was there before.

    `conninfo` leads to another database of the same embedded server.
    Errors: FailedError when the server refuses.
    """
    from psycopg import Error  # noqa: PLC0415 - slow to import

    maintenance = Target(conninfo=conninfo, origin=EMBEDDED, embedded=True)
    try:
        with closing(connect(maintenance)) as connection:
            # Ends with the connection; of several processes at once, one creates.
            connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [MARK])
            known = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [dbname]
            ).fetchone()
            if known is None:
                _create_marked(connection, dbname)
    except Error as error:
        raise FailedError(f"cannot create the database {dbname}: {error}") from error
    return known is None


def _create_marked(connection: psycopg.Connection[Any], dbname: str) -> None:
    from psycopg import sql  # noqa: PLC0415

    # Marked before it has its name: a kill in between must not leave one that `reset` refuses.
    names = {"fresh": sql.Identifier(f"{dbname[:50]} (unfinished)"), "name": sql.Identifier(dbname)}
    for statement in (
        "DROP DATABASE IF EXISTS {fresh}",
        "CREATE DATABASE {fresh}",
        "COMMENT ON DATABASE {fresh} IS {mark}",
        "ALTER DATABASE {fresh} RENAME TO {name}",
    ):
        connection.execute(sql.SQL(statement).format(**names, mark=sql.Literal(MARK)))


def is_marked(connection: psycopg.Connection[Any]) -> bool:
    """Tell whether this tool created the database that the connection is in."""
    with connection.cursor(row_factory=_tuple_row()) as cursor:
        row = cursor.execute(IS_MARKED, [MARK, connection.info.dbname]).fetchone()
    return bool(row and row[0])


def _tuple_row() -> Any:
    from psycopg.rows import tuple_row  # noqa: PLC0415

    return tuple_row


def _named_target(database: str | None, environ: Mapping[str, str]) -> Target | None:
    """Return the target that the flag or the environment names, None when neither does."""
    if database is not None:
        return Target(conninfo=normalise(database, origin=FLAG), origin=FLAG)
    for variable in DATABASE_VARIABLES:
        if given := environ.get(variable, "").strip():
            return Target(conninfo=normalise(given, origin=variable), origin=variable)
    if any(environ.get(variable) for variable in LIBPQ_TARGET_VARIABLES):
        return Target(conninfo="", origin="libpq environment")
    return None
