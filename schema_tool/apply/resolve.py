"""A statement whose outcome only a person can tell: done, or not done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schema_tool.apply.command import run_commands
from schema_tool.apply.ledger import read_ledger
from schema_tool.apply.lock import runner_lock
from schema_tool.apply.record import statement_done_command, statement_forget_command
from schema_tool.errors import UsageError

if TYPE_CHECKING:
    import psycopg

    from schema_tool.source.migrations import MigrationFolder


def resolve_statement(
    connection: psycopg.Connection[Any],
    folder: MigrationFolder,
    migration_id: str,
    number: int,
    *,
    done: bool,
    wait_ms: int,
) -> None:
    """Enter the operator's word for a statement that was begun and whose end nobody saw.

    Errors: UsageError when that statement is not in doubt.
    """
    with runner_lock(connection, wait_ms=wait_ms):
        entry = read_ledger(connection).entries.get(migration_id)
        doubtful = [
            s
            for s in (entry.progress if entry else ())
            if s.number == number and s.state == "running"
        ]
        if not doubtful:
            raise UsageError(
                f"statement {number} of {migration_id} is not in doubt",
                hint="schema-tool status names the statement that is",
            )
        make = statement_done_command if done else statement_forget_command
        command = make(migration_id, number, direction=doubtful[0].direction)
        run_commands(connection, (command,), folder[migration_id].script, show_data=True)
