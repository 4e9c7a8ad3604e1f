"""Command: one thing to send to the server. The printer and the runner take the same ones."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from schema_tool.apply.failure import command_error
from schema_tool.apply.secret import Filled, fill

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import psycopg

    from schema_tool.source import Script
    from schema_tool.sqltext import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """SQL text with its parameters.

    `statement` is the file's statement that it is, or nothing where the runner adds its own.
    `filled` is the text with its secrets, where it has any: sent, and never printed.
    """

    text: str
    parameters: Mapping[str, Any] | None = None
    statement: Statement | None = None
    filled: Filled | None = field(default=None, repr=False)

    @classmethod
    def of(cls, statement: Statement, environ: Mapping[str, str]) -> Command:
        """A statement of the file.

        Errors: UsageError when it names a secret that the environment does not have.
        """
        return cls(text=statement.text, statement=statement, filled=fill(statement, environ))


MOST_COMMANDS = 1000
MOST_CHARACTERS = 1_000_000
"""Sent together at most: a group more costs a round trip."""

BEGIN = Command(text="BEGIN")
COMMIT = Command(text="COMMIT")


def run_commands(
    connection: psycopg.Connection[Any],
    commands: Sequence[Command],
    script: Script,
    *,
    show_data: bool,
) -> None:
    """Send all commands in one go, then read the answers; the server stops at the first error.

    A failed transaction is rolled back before the error is raised.
    Errors: FailedError at the failing statement's place in the file; LockTroubleError where
    another session was in the way; ConnectionLostError.
    """
    run_files(connection, ((script, commands),), show_data=show_data)


def run_files(
    connection: psycopg.Connection[Any],
    files: Sequence[tuple[Script, Sequence[Command]]],
    *,
    show_data: bool,
) -> None:
    """Send the commands of several files in one go; what a file has committed by then stays.

    Errors: as `run_commands`, for the file that failed; the server has run none after it.
    """
    for together in _windows(files):
        _send(connection, together, show_data=show_data)


def _windows(
    files: Sequence[tuple[Script, Sequence[Command]]],
) -> Iterator[list[tuple[Script, Command]]]:
    """All commands in groups: what is on its way at once takes memory here and in the server."""
    window: list[tuple[Script, Command]] = []
    characters = 0
    for script, commands in files:
        for command in commands:
            characters += len(command.text)
            if window and (len(window) == MOST_COMMANDS or characters > MOST_CHARACTERS):
                yield window
                window, characters = [], len(command.text)
            window.append((script, command))
    if window:
        yield window


def _send(
    connection: psycopg.Connection[Any], sent: list[tuple[Script, Command]], *, show_data: bool
) -> None:
    import psycopg  # noqa: PLC0415 - the caller has paid for it

    cursors: list[psycopg.Cursor[Any]] = []
    # a pipeline would put a statement that must run alone into a transaction with its neighbours
    together = connection.pipeline() if len(sent) > 1 else nullcontext()
    try:
        with together:
            for _, command in sent:
                cursor = connection.cursor()
                cursors.append(cursor)
                text = command.filled.text if command.filled else command.text
                cursor.execute(text.encode(), command.parameters)
    except psycopg.Error as error:
        # psycopg prepares what is sent often, and loses count when a pipeline fails midway
        connection.prepare_threshold = None
        failed = next((n for n, c in enumerate(cursors) if c.statusmessage is None), 0)
        script, command = sent[min(failed, len(sent) - 1)]
        lost = connection.broken or connection.closed
        raised = command_error(error, command, script, lost=lost, show_data=show_data)
        _roll_back(connection, raised)
        raise raised from error


def _roll_back(connection: psycopg.Connection[Any], raised: Exception) -> None:
    import psycopg  # noqa: PLC0415

    try:
        # a lost connection needs none: the server rolls back by itself
        if connection.info.transaction_status not in {
            psycopg.pq.TransactionStatus.IDLE,
            psycopg.pq.TransactionStatus.UNKNOWN,
        }:
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
