"""Drop and rebuild a database that this tool created and marked."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from schema_tool.errors import RefusedError
from schema_tool.server.target import MARK, is_marked

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg


def reset_database(
    connection: psycopg.Connection[Any], maintenance: Callable[[], psycopg.Connection[Any]]
) -> str:
    """Drop the connection's database and create it anew, empty and marked; return its name.

    `maintenance` opens a connection to another database of the same server. Sessions in the
    dropped database are ended: it is a developer's own, made by this tool.
    Errors: RefusedError when the database does not carry the mark; nothing overrides that.
    """
    from psycopg import sql  # noqa: PLC0415 - the caller has paid for it

    name = connection.info.dbname
    if not is_marked(connection):
        raise RefusedError(
            f"the database {name} was not created by schema-tool",
            hint="reset is for local databases only; drop this one yourself if you must",
        )
    connection.close()
    # the new one first: whoever may not create a database must not lose the old one
    names = {"fresh": sql.Identifier(f"{name[:50]} (rebuilt)"), "name": sql.Identifier(name)}
    with closing(maintenance()) as other:
        for statement in (
            "DROP DATABASE IF EXISTS {fresh}",
            "CREATE DATABASE {fresh}",
            "COMMENT ON DATABASE {fresh} IS {mark}",
            "DROP DATABASE {name} WITH (FORCE)",
            "ALTER DATABASE {fresh} RENAME TO {name}",
        ):
            other.execute(sql.SQL(statement).format(**names, mark=MARK))
    return name
