"""Adopting what was done without this tool: by yoyo, or before there was any ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schema_tool.apply.command import BEGIN, COMMIT, Command, run_commands
from schema_tool.apply.ledger import Ledger, Origin, install_ledger, read_ledger
from schema_tool.apply.lock import runner_lock
from schema_tool.apply.pending import unknown_migration
from schema_tool.apply.record import forget_command, record_command
from schema_tool.apply.yoyo_tables import YoyoTables, create_yoyo_tables, read_yoyo_tables
from schema_tool.errors import RefusedError

if TYPE_CHECKING:
    import psycopg

    from schema_tool.source import Migration
    from schema_tool.source.migrations import MigrationFolder


def adopt_yoyo(
    connection: psycopg.Connection[Any],
    folder: MigrationFolder,
    ledger: Ledger,
    yoyo: YoyoTables,
) -> None:
    """Bring the ledger up to what yoyo has done since this tool last looked.

    What yoyo applied is entered; what yoyo's log says it rolled back is taken out.
    Errors: RefusedError when the two disagree and yoyo's log does not say why, or when yoyo has
    applied a migration whose file is gone.
    """
    known = {m.id: m for m in folder.migrations}
    commands: list[Command] = []
    for migration_id in sorted(set(yoyo.applied) - set(ledger.entries)):
        if migration_id not in known:
            raise RefusedError(
                f"yoyo has applied {migration_id}, and its file is gone from the migrations folder",
                hint="restore the file from version control",
            )
    # in the folder's order, so that positions tell the order of application
    commands += [
        record_command(m, origin=Origin.YOYO)
        for m in folder.migrations
        if m.id in yoyo.applied and m.id not in ledger.entries
    ]
    for entry in ledger.entries.values():
        if entry.id in yoyo.applied or entry.state != "applied":
            continue
        if yoyo.undone_since(entry):
            commands.append(forget_command(entry.id, action="adopt", reason="rolled back by yoyo"))
        elif not yoyo.applied and not yoyo.undone:
            # yoyo's tables are new here: tell them what is applied
            commands += yoyo.mark(entry.id, operation="mark")
        else:
            raise RefusedError(
                f"the ledger says that {entry.id} is applied and yoyo's table does not",
                hint=f"look which is right; if it is applied: yoyo mark --revision {entry.id}",
            )
    if commands:
        _run(connection, commands, folder.migrations[0])


def baseline(
    connection: psycopg.Connection[Any],
    folder: MigrationFolder,
    migration_id: str,
    *,
    yoyo_wanted: bool,
    wait_ms: int,
) -> tuple[str, ...]:
    """Enter every migration up to and including `migration_id` as applied, without running it.

    Errors: UsageError when there is no such migration; RefusedError when all are in the ledger.
    """
    ids = [m.id for m in folder.migrations]
    if migration_id not in ids:
        raise unknown_migration(migration_id, folder)
    with runner_lock(connection, wait_ms=wait_ms):
        ledger = read_ledger(connection)
        if not ledger.installed:
            install_ledger(connection)
        yoyo = read_yoyo_tables(connection)
        if yoyo is None and yoyo_wanted:
            create_yoyo_tables(connection)
            yoyo = read_yoyo_tables(connection)
        adopted = [
            m
            for m in folder.migrations[: ids.index(migration_id) + 1]
            if m.id not in ledger.entries
        ]
        if not adopted:
            raise RefusedError(
                f"everything up to {migration_id} is in the ledger already",
                hint="schema-tool status",
            )
        commands: list[Command] = []
        for migration in adopted:
            commands.append(record_command(migration, origin=Origin.BASELINE))
            if yoyo is not None and migration.id not in yoyo.applied:
                commands += yoyo.mark(migration.id, operation="mark")
        _run(connection, commands, adopted[0])
    return tuple(m.id for m in adopted)


def _run(
    connection: psycopg.Connection[Any], commands: list[Command], migration: Migration
) -> None:
    run_commands(connection, (BEGIN, *commands, COMMIT), migration.script, show_data=True)
