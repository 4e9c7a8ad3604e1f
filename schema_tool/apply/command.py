"""Command: one thing to send to the server. The printer and the runner take the same ones."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schema_tool.errors import FailedError
from schema_tool.server.execute import statement_error
from schema_tool.server.session import CLIENT_CHECK_MS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import psycopg

    from schema_tool.source import Script
    from schema_tool.sqltext import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """SQL text with its parameters.

    `statement` is the file's statement that it is, or nothing where the runner adds its own.
    """

    text: str
    parameters: Mapping[str, Any] | None = None
    statement: Statement | None = None


BEGIN = Command(text="BEGIN")
COMMIT = Command(text="COMMIT")


def session_commands(*, role: str | None, lock_timeout: str) -> tuple[Command, ...]:
    """Put the session back to where it started: a SET in one file must not reach the next.

    Units: lock_timeout as PostgreSQL writes durations.
    """
    settings = {"role": role or "none", "lock_timeout": lock_timeout}
    return (
        Command(text="RESET ALL"),
        Command(
            text=_SESSION,
            parameters={**settings, "check": f"{CLIENT_CHECK_MS}ms"},
        ),
    )


# RESET ALL leaves the role alone and takes away what the connection was opened with
_SESSION = """
SELECT pg_catalog.set_config('role', %(role)s, false),
    pg_catalog.set_config('lock_timeout', %(lock_timeout)s, false),
    pg_catalog.set_config('client_connection_check_interval', %(check)s, false),
    pg_catalog.set_config('synchronous_commit', 'on', false)
"""


def file_commands(statements: Sequence[Statement]) -> tuple[Command, ...]:
    """The file's own statements as commands."""
    return tuple(Command(text=statement.text, statement=statement) for statement in statements)


def run_commands(
    connection: psycopg.Connection[Any],
    commands: Sequence[Command],
    script: Script,
    *,
    show_data: bool,
) -> None:
    """Send all commands in one go, then read the answers; the server stops at the first error.

    A failed transaction is rolled back before the error is raised.
    Errors: FailedError at the failing statement's place in the file.
    """
    import psycopg  # noqa: PLC0415 - the caller has paid for it

    cursors: list[psycopg.Cursor[Any]] = []
    # a pipeline would put a statement that must run alone into a transaction with its neighbours
    together = connection.pipeline() if len(commands) > 1 else nullcontext()
    try:
        with together:
            for command in commands:
                cursor = connection.cursor()
                cursors.append(cursor)
                cursor.execute(command.text.encode(), command.parameters)
    except psycopg.Error as error:
        failed = next((n for n, c in enumerate(cursors) if c.statusmessage is None), 0)
        raised = _error(error, commands[failed], script, show_data=show_data)
        _roll_back(connection, raised)
        raise raised from error


def _error(error: psycopg.Error, command: Command, script: Script, *, show_data: bool) -> Exception:
    if command.statement is not None:
        return statement_error(error, command.statement, script, show_data=show_data)
    message = error.diag.message_primary or str(error).strip()
    return FailedError(
        f"{script.name}: {message} (while running “{command.text.split(maxsplit=1)[0]}”)",
        sqlstate=error.sqlstate or "",
        detail=(error.diag.message_detail or "") if show_data else "",
        hint=error.diag.message_hint or "",
    )


def _roll_back(connection: psycopg.Connection[Any], raised: Exception) -> None:
    import psycopg  # noqa: PLC0415

    try:
        if connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            connection.execute("ROLLBACK")
    except psycopg.Error as error:
        raised.add_note(f"the connection was lost before ROLLBACK: {str(error).strip()}")


def render_commands(
    connection: psycopg.Connection[Any], commands: Sequence[Command]
) -> Iterator[str]:
    """The commands as SQL text, parameters filled in: what --dry-run prints."""
    import psycopg  # noqa: PLC0415

    cursor = psycopg.ClientCursor(connection)
    for command in commands:
        if command.parameters is None:
            yield f"{command.text};"
        else:
            yield f"{cursor.mogrify(command.text.encode(), command.parameters).strip()};"
