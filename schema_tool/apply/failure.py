"""What went wrong at a command, sorted by what to do about it: mend, try again, look first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schema_tool.errors import FailedError, SchemaToolError, TryAgainError
from schema_tool.server.execute import statement_error

if TYPE_CHECKING:
    import psycopg

    from schema_tool.apply.command import Command
    from schema_tool.source import Script

LOCK_NOT_AVAILABLE = "55P03"
DEADLOCK = "40P01"
SERIALIZATION_FAILURE = "40001"
QUERY_CANCELED = "57014"
# shut down, crashed, cannot connect now, database dropped; class 08 is the connection itself
_LOST = ("08", "57P")


class LockTroubleError(TryAgainError):
    """Another session was in the way; the unit of work was rolled back and can be tried again."""


class ConnectionLostError(TryAgainError):
    """The connection broke: what was being committed is read from the ledger afterwards."""

    def __init__(self, message: str, *, sqlstate: str = "") -> None:
        super().__init__(
            message,
            sqlstate=sqlstate,
            hint="schema-tool status reads from the ledger what was carried out; "
            "the same command goes on",
        )


def command_error(
    error: psycopg.Error, command: Command, script: Script, *, lost: bool, show_data: bool
) -> SchemaToolError:
    """The error to raise for the server's error at a command."""
    state = error.sqlstate or ""
    if lost or state.startswith(_LOST):
        return _lost(error, script, state)
    if state == QUERY_CANCELED:
        return _cancelled(error, command, script)
    if state in {LOCK_NOT_AVAILABLE, DEADLOCK, SERIALIZATION_FAILURE}:
        return _in_the_way(error, command, script)
    if command.statement is None:
        return FailedError(
            f"{script.name}: {_said(error)} (while running “{command.text.split(maxsplit=1)[0]}”)",
            sqlstate=state,
            detail=(error.diag.message_detail or "") if show_data else "",
            hint=_own_hint(state) or error.diag.message_hint or "",
        )
    if command.filled is not None:
        return command.filled.error(error, command.statement, script)
    failed = statement_error(error, command.statement, show_data=show_data)
    failed.hint = _own_hint(state) or failed.hint
    return failed


def server_error(error: Any) -> SchemaToolError:
    """The error to show for a server's error that nobody expected at its place."""
    state = error.sqlstate or ""
    if state.startswith(_LOST) or not state:
        return TryAgainError(
            f"the connection was lost: {_said(error).splitlines()[0]}",
            sqlstate=state,
            hint="schema-tool status shows where the database stands",
        )
    if state in {LOCK_NOT_AVAILABLE, DEADLOCK, SERIALIZATION_FAILURE}:
        return TryAgainError(
            f"another session was in the way: {_said(error)}",
            sqlstate=state,
            hint="try again when it has ended: pg_blocking_pids() and pg_locks tell which it is",
        )
    hint = _own_hint(state) or error.diag.message_hint or ""
    return FailedError(_said(error), sqlstate=state, hint=hint)


def _said(error: psycopg.Error) -> str:
    return error.diag.message_primary or str(error).strip() or type(error).__name__


def _lost(error: psycopg.Error, script: Script, state: str) -> ConnectionLostError:
    lines = _said(error).splitlines() or [""]
    return ConnectionLostError(
        f"the connection was lost while {script.name} ran: {lines[0]}",
        sqlstate=state,
    )


def _cancelled(error: psycopg.Error, command: Command, script: Script) -> SchemaToolError:
    location = command.statement.location if command.statement else None
    # the server's words are the only thing that tells the two apart; in another language both
    # count as the timeout, which is tried again and ends at --wait
    if "user request" in _said(error):
        return FailedError(
            f"{script.name}: the statement was cancelled by another session (an operator)",
            location=location,
            sqlstate=QUERY_CANCELED,
            hint="ask who runs the database; then the same command goes on",
        )
    return LockTroubleError(
        f"{script.name}: its time was up before it was done",
        location=location,
        sqlstate=QUERY_CANCELED,
        hint="when it must hold its locks for longer, say so in the file's first lines:\n"
        "-- schema-tool: outage 30s\n"
        "(or -- schema-tool: long 12h for a statement that stalls nobody)",
    )


def _in_the_way(error: psycopg.Error, command: Command, script: Script) -> LockTroubleError:
    location = command.statement.location if command.statement else None
    if error.sqlstate == DEADLOCK:
        message = f"{script.name}: it was the victim of a deadlock"
    elif error.sqlstate == SERIALIZATION_FAILURE:
        message = f"{script.name}: another transaction changed at the same time what it read"
    else:
        message = f"{script.name}: another session holds a lock that it needs"
    return LockTroubleError(message, location=location, sqlstate=error.sqlstate or "")


_HINTS = {
    "53100": "the server's disk is full: make room, then the same command goes on",
    "53200": "the server is out of memory: later the same command goes on; if it is the lock "
    "table, raise max_locks_per_transaction or cut the file into several",
    "25006": "this server takes no writes: name the primary with -d",
    "42501": "run as the owner: --role OWNER\n"
    "or let this role do it: README's table “Rights” has the GRANT for each command",
}


def _own_hint(state: str) -> str:
    return _HINTS.get(state, "")
