"""A connection to the target, and the one line that says what it is connected to."""

from __future__ import annotations

import logging
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schema_tool.errors import FailedError, SchemaToolError, TryAgainError
from schema_tool.server.conninfo import parse, scrub, without_libpq_variables
from schema_tool.server.pooler import is_lent, lent
from schema_tool.server.refusal import explain

if TYPE_CHECKING:
    import psycopg

    from schema_tool.server.target import Target

CONNECT_TIMEOUT_S = 10
KEEPALIVES = {
    "keepalives": 1,
    "keepalives_idle": 30,  # seconds
    "keepalives_interval": 10,  # seconds
    "keepalives_count": 3,
}
CLIENT_CHECK_MS = 500
"""How soon the server notices that we were killed: it then ends our statement and frees our
locks within 0.5 s, not after the statement. Linux servers from PostgreSQL 14 on."""

# the connection itself; shut down, crashed, cannot connect now
_LOST = ("08", "57P")

LOCK_TIMEOUT_S = 10
"""Whoever only looks, at the ledger or at the catalog, does not wait for ever either."""

# a role's limit is meant for the application; we may wait for an answer at the terminal
_LIMITS = """
SELECT pg_catalog.set_config('idle_session_timeout', '0', false),
    CASE WHEN pg_catalog.current_setting('lock_timeout') = '0'
        THEN pg_catalog.set_config('lock_timeout', %(lock)s, false) END
"""
SERVER_QUERY = Path(__file__).with_name("describe.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerInfo:
    """What a connection leads to, as the server says.

    `version_number` is the server's own: 180004 for 18.4.
    """

    host: str
    database: str
    user: str
    role: str
    version: str
    version_number: int
    standby: bool
    embedded: bool = False


def connect(
    target: Target,
    *,
    role: str | None = None,
    read_only: bool = False,
    application_name: str = "schema-tool",
) -> psycopg.Connection[Any]:
    """Return a connection in autocommit mode, with the role set for the whole session.

    Behind a pooler in transaction mode nothing is set, and only reading is possible.
    Errors: FailedError with the reason in words, TryAgainError when the server is busy; never
    with a password. RefusedError behind such a pooler.
    """
    import psycopg  # noqa: PLC0415 - slow to import

    # When a statement fails, psycopg also warns that the rest of the pipeline was skipped; the
    # error itself is raised and shown.
    logging.getLogger("psycopg").addHandler(logging.NullHandler())
    connection = _open(target, application_name)
    try:
        if not target.embedded and is_lent(connection, lambda: _open(target, application_name)):
            if role is not None or not read_only:
                raise lent()
            # the pooler knows no statement that was prepared in another session
            connection.prepare_threshold = None
        else:
            _prepare(connection, role, read_only=read_only, limited=not target.embedded)
    except SchemaToolError:
        connection.close()
        raise
    except psycopg.Error as error:
        connection.close()
        said = scrub(str(error).strip(), target.conninfo)
        if role and error.sqlstate in {"22023", "42501"}:
            raise FailedError(
                f"cannot act as role {role}: {said}",
                hint="name a role that exists"
                if error.sqlstate == "22023"
                else f"GRANT {psycopg.sql.Identifier(role).as_string()} TO the user that connects",
                sqlstate=error.sqlstate,
            ) from None
        kind = TryAgainError if (error.sqlstate or _LOST[0]).startswith(_LOST) else FailedError
        raise kind(f"the connection broke: {said}", sqlstate=error.sqlstate or "") from None
    return connection


def _open(target: Target, application_name: str) -> psycopg.Connection[Any]:
    """Connect and leave the session as it is."""
    import psycopg  # noqa: PLC0415

    words = parse(target.conninfo, origin=target.origin)
    added: dict[str, Any] = {"connect_timeout": CONNECT_TIMEOUT_S, **KEEPALIVES}
    added = {name: value for name, value in added.items() if name not in words}
    hidden = without_libpq_variables() if target.embedded else nullcontext()
    try:
        with hidden:
            return psycopg.connect(
                target.conninfo, autocommit=True, application_name=application_name, **added
            )
    except psycopg.Error as error:
        raise explain(str(error), target) from None


def describe(connection: psycopg.Connection[Any], target: Target | None = None) -> ServerInfo:
    """Return what the connection leads to; `target` gives the embedded server its name."""
    from psycopg.rows import tuple_row  # noqa: PLC0415

    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(SERVER_QUERY).fetchone()
    if row is None:
        raise FailedError("the server did not say what it is")
    info = connection.info
    host = info.host if info.host.startswith("/") else f"{info.host or info.hostaddr}:{info.port}"
    return ServerInfo(
        host=target.origin if target and target.embedded else host,
        database=row[0],
        user=row[1],
        role=row[2],
        version=row[3].split()[0],
        version_number=info.server_version,
        standby=row[4],
        embedded=target is not None and target.embedded,
    )


def banner(info: ServerInfo) -> str:
    """Return the line that every writing command begins with."""
    who = info.user if info.user == info.role else f"{info.user} → {info.role}"
    kind = "standby" if info.standby else "primary"
    return f"{info.host}, database {info.database}, {who}, PostgreSQL {info.version}, {kind}"


def _prepare(
    connection: psycopg.Connection[Any], role: str | None, *, read_only: bool, limited: bool
) -> None:
    from psycopg import errors, sql  # noqa: PLC0415

    # processes that start the embedded server together wait for each other as long as it takes
    if limited:
        connection.execute(_LIMITS, {"lock": f"{LOCK_TIMEOUT_S}s"})
    # Where the server's platform cannot look, keepalives remain.
    with suppress(errors.InvalidParameterValue, errors.UndefinedObject, errors.FeatureNotSupported):
        connection.execute(f"SET client_connection_check_interval = {CLIENT_CHECK_MS}")
    if role is not None:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
    if read_only:
        connection.execute("SET default_transaction_read_only = on")
