"""A pooler between us and the server, which would hand our session to somebody else.

With transaction pooling a session's lock, role and settings land on whichever server session comes
first, and stay there for other clients when we are gone.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from schema_tool.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

ROUNDS = 3


def is_lent(
    connection: psycopg.Connection[Any], connect: Callable[[], psycopg.Connection[Any]]
) -> bool:
    """Whether a pooler in transaction mode lends the session; session mode is as good as none.

    A pooler shows by the process number: it gives the client one of its own. In transaction mode
    two clients then meet on one server session, or one client wanders between several. Nothing
    may be set in the session before this is known. `connect` opens one more connection.
    """
    if connection.info.backend_pid == _pid(connection):
        return False
    with closing(connect()) as other:
        seen = [(_pid(connection), _pid(other)) for _ in range(ROUNDS)]
    ours = {pid for pid, _ in seen}
    theirs = {pid for _, pid in seen}
    return len(ours) > 1 or bool(ours & theirs)


def lent() -> RefusedError:
    """The error for what needs a session of its own."""
    return RefusedError(
        "this connection leads through a pooler in transaction mode, where a session's lock and "
        "settings reach other clients",
        hint="connect to the server itself, or to the pooler's port for session mode",
    )


def _pid(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute("SELECT pg_catalog.pg_backend_pid()", prepare=False).fetchone()
    assert row is not None
    return int(row[0])
