"""Files loaded into a scratch database."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schema_tool.apply.secret import without_secrets
from schema_tool.errors import FailedError, SchemaToolError, UsageError
from schema_tool.server.conninfo import without_libpq_variables
from schema_tool.server.execute import run_script
from schema_tool.verify.scratch import drop_roles_since, read_roles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import psycopg

    from schema_tool.server.scratch import ScratchServer
    from schema_tool.source import Migration, Script

UNDEFINED_OBJECT = "42704"
_NOT_INSTALLED = ("0A000", "58P01")  # what a server says whose files lack an extension
# a SET in one file must not reach the next, as when each is run by itself
_RESET = "RESET SESSION AUTHORIZATION; RESET ALL"
_SUBSCRIPTIONS = """
SELECT s.subname::text FROM pg_catalog.pg_subscription AS s
INNER JOIN pg_catalog.pg_database AS d ON d.oid = s.subdbid
WHERE d.datname = pg_catalog.current_database()
"""
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
            try:
                yield connection
            finally:
                _drop_subscriptions(connection)
    except SchemaToolError as error:
        raise _in_scratch(error, server) from error.__cause__
    finally:
        server.drop(conninfo)
        drop_roles_since(server, roles)


def _drop_subscriptions(connection: psycopg.Connection[Any]) -> None:
    """Drop what would keep the database from being dropped; there is no slot anywhere."""
    from psycopg import Error, sql  # noqa: PLC0415

    # a lost connection is not the error to report
    with suppress(Error):
        stand_aside(connection)
        for row in connection.execute(_SUBSCRIPTIONS).fetchall():
            name = sql.Identifier(row[0])
            connection.execute(sql.SQL("ALTER SUBSCRIPTION {} DISABLE").format(name))
            connection.execute(sql.SQL("ALTER SUBSCRIPTION {} SET (slot_name = NONE)").format(name))
            connection.execute(sql.SQL("DROP SUBSCRIPTION {}").format(name))


def _in_scratch(error: SchemaToolError, server: ScratchServer) -> SchemaToolError:
    """The error with what the reader must know: it did not happen in the target."""
    if error.sqlstate == UNDEFINED_OBJECT and "role" in error.message:
        create = "create the role in sql/cluster/, which is run first on scratch servers"
        error.hint = "\n".join(filter(None, (error.hint, create)))
    if error.sqlstate in _NOT_INSTALLED and error.message.startswith("extension"):
        error.hint = "name a server that has it: --scratch URL, or --scratch target"
    error.add_note(
        f"it was loaded into a scratch database of PostgreSQL {server.major}; "
        "nothing else was touched"
    )
    return error


def load_scripts(
    connection: psycopg.Connection[Any], scripts: Sequence[Script], acting: Acting
) -> None:
    """Run the files in order, each as one transaction.

    Errors: FailedError at the failing statement's place in its file, UsageError at a ROLLBACK.
    """
    for script in scripts:
        _refuse_rollback(script)
        act(connection, acting)
        try:
            run_script(connection, script)
        except FailedError as error:
            error.hint = _HINTS.get(error.sqlstate, error.hint)
            raise
    stand_aside(connection)


# What a migration can do in a file of its own, a desired state need not do.
_HINTS = {
    "25001": "the desired state is made in a transaction that nobody else sees: leave out "
    "CONCURRENTLY, which diff says by itself, and what is no part of a schema",
    "55P04": "name the value in CREATE TYPE … AS ENUM, where it belongs",
    "3F000": "the files are loaded with the search_path of who reads, and none of its schemas is "
    "there: name the schema in the files, or set the search_path there",
    "2D000": "leave out the CALL: sql/ says what the schema is",
}


def _refuse_rollback(script: Script) -> None:
    """BEGIN and COMMIT change nothing of what a file makes; this would undo it in silence."""
    for statement in script.statements():
        words = statement.words
        if words[:1] in {("rollback",), ("abort",)} and "to" not in words[:3]:
            raise UsageError(
                f"{words[0].upper()} would undo what stands before it",
                location=statement.location,
                hint="remove it: each file is loaded in one transaction",
            )


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
        script = without_secrets(migration.script)
        run_script(connection, script, transactional=migration.transactional)
    stand_aside(connection)


def act(connection: psycopg.Connection[Any], acting: Acting) -> None:
    """Put the session to where a file starts.

    Errors: FailedError on a server where the role cannot be taken.
    """
    from psycopg import errors, sql  # noqa: PLC0415

    connection.execute(_RESET)
    if acting.search_path:
        connection.execute(_SEARCH_PATH, [acting.search_path])
    if not acting.role:
        return
    role = sql.Identifier(acting.role)
    try:
        connection.execute(sql.SQL("SET SESSION AUTHORIZATION {}").format(role))
    except errors.InsufficientPrivilege:
        raise FailedError(
            f"the scratch server's user may not act as {acting.role}, who applied the migrations",
            hint="connect to it as a superuser, or leave --scratch away",
        ) from None


def stand_aside(connection: psycopg.Connection[Any]) -> None:
    """Be the scratch server's own user again, who may read everything."""
    connection.execute(_RESET)
