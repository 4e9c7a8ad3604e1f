"""Taking the ledger out of a database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schema_tool.apply.ledger import read_ledger
from schema_tool.apply.lock import runner_lock
from schema_tool.errors import FailedError, RefusedError

if TYPE_CHECKING:
    import psycopg

# without CASCADE: what somebody has built on the ledger is theirs
_DROP = """
DROP TABLE schema_tool.statement, schema_tool.migration, schema_tool.event, schema_tool.layout;
DROP SCHEMA schema_tool;
"""


def uninstall_ledger(connection: psycopg.Connection[Any], *, wait_ms: int) -> int:
    """Drop the ledger and return how many migrations it had; what they made stays.

    Errors: RefusedError when there is none, or a file is half applied; FailedError when
    something depends on it.
    """
    import psycopg  # noqa: PLC0415 - the caller has paid for it

    with runner_lock(connection, wait_ms=wait_ms):
        ledger = read_ledger(connection)
        if not ledger.installed:
            raise RefusedError("this database has no ledger")
        half = [e.id for e in ledger.entries.values() if e.state != "applied"]
        if half:
            raise RefusedError(
                f"{half[0]} is half applied, which only the ledger knows",
                hint="schema-tool status",
            )
        try:
            with connection.transaction():
                connection.execute(_DROP)
        except psycopg.Error as error:
            raise FailedError(
                f"the ledger cannot be dropped: {error.diag.message_primary or error}",
                sqlstate=error.sqlstate or "",
                detail=error.diag.message_detail or "",
            ) from error
    return len(ledger.entries)
