"""Folder x ledger -> what is to be applied, or why nothing may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema_tool.apply.ledger import State
from schema_tool.apply.limits import OUT_OF_ORDER
from schema_tool.errors import RefusedError, UsageError
from schema_tool.findings import Finding, Severity

if TYPE_CHECKING:
    from schema_tool.apply.ledger import Entry, Ledger
    from schema_tool.source import Migration
    from schema_tool.source.migrations import MigrationFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Migrations to apply in order; `half_done` is the first of them when it was begun before."""

    migrations: tuple[Migration, ...]
    half_done: Entry | None = None
    warnings: tuple[Finding, ...] = ()


def find_pending(
    folder: MigrationFolder,
    ledger: Ledger,
    *,
    to: str | None = None,
    allow_out_of_order: bool = False,
) -> Pending:
    """Compare the folder with the ledger.

    Errors: RefusedError when an applied file was changed or deleted, when an older file appears
    late, when a rollback stopped half-way; UsageError when `to` is no migration.
    """
    if to is not None and to not in {m.id for m in folder.migrations}:
        raise unknown_migration(to, folder)
    warnings = _guard_history(folder, ledger)
    half_done = [e for e in ledger.entries.values() if e.state is not State.APPLIED]
    for entry in half_done:
        if entry.state is State.REVERTING:
            raise RefusedError(
                f"the rollback of {entry.id} stopped half-way",
                hint="finish it first: schema-tool rollback",
            )
    done = {e.id for e in ledger.entries.values() if e.state is State.APPLIED}
    pending = [m for m in folder.migrations if m.id not in done]
    if not allow_out_of_order:
        _refuse_late(folder, pending, done)
    if to is not None:
        pending = _up_to(folder, pending, to)
    return Pending(
        migrations=tuple(pending),
        half_done=half_done[0] if half_done else None,
        warnings=warnings,
    )


def unknown_migration(migration_id: str, folder: MigrationFolder) -> UsageError:
    """The error for an id that is not in the folder, with the nearest one that is."""
    import difflib  # noqa: PLC0415 - only for an error

    ids = [m.id for m in folder.migrations]
    near = difflib.get_close_matches(migration_id, ids, n=1)
    hint = f"did you mean {near[0]}?" if near else "schema-tool status lists the ids"
    return UsageError(f"there is no migration “{migration_id}”", hint=hint)


def _guard_history(folder: MigrationFolder, ledger: Ledger) -> tuple[Finding, ...]:
    known = {m.id: m for m in folder.migrations}
    warnings = []
    for entry in ledger.entries.values():
        migration = known.get(entry.id)
        if migration is None:
            raise RefusedError(
                f"{entry.id} is applied in this database and its file is gone from "
                "the migrations folder",
                hint="restore the file from version control; an applied migration is never "
                "deleted (to undo one: schema-tool rollback, before deleting)",
            )
        # a half-done file may be mended behind the statements that were run; migrate.py looks
        if migration.raw_hash() == entry.raw_hash or entry.state is not State.APPLIED:
            continue
        if migration.semantic_hash() != entry.semantic_hash:
            raise RefusedError(
                f"history rewritten: {migration.script.name} is not what was applied to this "
                f"database on {entry.started_at:%Y-%m-%d}",
                hint="restore the file and write the change as a new migration: "
                "schema-tool new NAME\n"
                "(when the edit is right and changes nothing that this database has: "
                f"schema-tool repair {entry.id} --reason WHY)\n"
                "(a local database may be rebuilt instead: make reset, "
                "or schema-tool reset --local)",
            )
        warnings.append(
            Finding(
                rule="cosmetic-edit",
                severity=Severity.NOTE,
                subject=entry.id,
                message=f"{migration.script.name} was edited after it was applied, "
                "in comments or white space only",
            )
        )
    return tuple(warnings)


def _refuse_late(folder: MigrationFolder, pending: list[Migration], done: set[str]) -> None:
    order = {m.id: n for n, m in enumerate(folder.migrations)}
    last = max((i for i in done if i in order), key=order.__getitem__, default=None)
    if last is None:
        return
    for migration in pending:
        if order[migration.id] < order[last] and OUT_OF_ORDER not in migration.headers:
            raise RefusedError(
                f"{migration.script.name} is not applied, but {last}, which comes after it, is",
                hint=f"give it a number after {last}, or apply it all the same: "
                "schema-tool apply --allow-out-of-order",
            )


def _up_to(folder: MigrationFolder, pending: list[Migration], to: str) -> list[Migration]:
    ids = [m.id for m in folder.migrations]
    wanted = set(ids[: ids.index(to) + 1])
    return [m for m in pending if m.id in wanted]
