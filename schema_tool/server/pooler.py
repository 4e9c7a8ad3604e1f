"""A pooler between us and the server, which would hand our session to somebody else.

With transaction pooling the runner's advisory lock lands on whichever server session comes first,
and stays there when we are gone.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from schema_tool.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

ROUNDS = 3


def refuse_pooler(
    connection: psycopg.Connection[Any], connect: Callable[[], psycopg.Connection[Any]] | None
) -> None:
    """Refuse a pooler in transaction mode; one in session mode is as good as none.

    A pooler shows by the process number: it gives the client one of its own. In transaction mode
    two clients then meet on one server session, or one client wanders between several.
    Errors: RefusedError.
    """
    if connect is None or connection.info.backend_pid == _pid(connection):
        return
    with closing(connect()) as other:
        seen = [(_pid(connection), _pid(other)) for _ in range(ROUNDS)]
    ours = {pid for pid, _ in seen}
    theirs = {pid for _, pid in seen}
    if len(ours) == 1 and not ours & theirs:
        return
    raise RefusedError(
        "this connection leads through a pooler in transaction mode, where a session's lock and "
        "settings reach other clients",
        hint="connect to the server itself, or to the pooler's port for session mode",
    )


def _pid(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute("SELECT pg_catalog.pg_backend_pid()").fetchone()
    assert row is not None
    return int(row[0])
