"""An applied file that was edited on purpose: the ledger takes the new text for the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schema_tool.apply.command import run_commands
from schema_tool.apply.ledger import State, read_ledger
from schema_tool.apply.lock import runner_lock
from schema_tool.apply.pending import unknown_migration
from schema_tool.apply.record import repair_command
from schema_tool.errors import RefusedError, UsageError

if TYPE_CHECKING:
    import psycopg

    from schema_tool.source.migrations import MigrationFolder


def repair(
    connection: psycopg.Connection[Any],
    folder: MigrationFolder,
    migration_id: str,
    *,
    reason: str,
    full_text: bool,
    wait_ms: int,
) -> None:
    """Record one file as it is now, with the reason; no other file and no SQL of it is touched.

    Errors: UsageError when the file is not applied, or is what was applied; RefusedError when it
    is half applied.
    """
    migration = next((m for m in folder.migrations if m.id == migration_id), None)
    if migration is None:
        raise unknown_migration(migration_id, folder)
    with runner_lock(connection, wait_ms=wait_ms):
        entry = read_ledger(connection).entries.get(migration_id)
        if entry is None:
            raise UsageError(
                f"{migration_id} is not applied here: there is nothing to repair",
                hint="schema-tool apply",
            )
        if entry.state is not State.APPLIED:
            raise RefusedError(f"{migration_id} is half applied", hint="schema-tool status")
        if entry.raw_hash == migration.raw_hash():
            raise UsageError(
                f"{migration.script.name} is what was applied", hint="schema-tool status"
            )
        command = repair_command(migration, reason=reason, full_text=full_text)
        run_commands(connection, (command,), migration.script, show_data=True)
