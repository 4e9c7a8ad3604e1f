"""Undo applied migrations by their rollback files, the last one first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from schema_tool.apply.adopt import adopt_yoyo
from schema_tool.apply.ledger import Entry, Ledger, read_ledger
from schema_tool.apply.lock import runner_lock
from schema_tool.apply.loss import losses
from schema_tool.apply.run import tell_outages
from schema_tool.apply.unbroken import UnbrokenRun
from schema_tool.apply.work import Conditions, Work, rollback_work
from schema_tool.apply.yoyo_tables import YoyoTables, read_yoyo_tables
from schema_tool.errors import RefusedError, UsageError
from schema_tool.source import Script
from schema_tool.sqltext import raw_hash

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from schema_tool.apply.run import Options, Watcher
    from schema_tool.source.migrations import MigrationFolder


def choose_entries(ledger: Ledger, *, to: str | None, steps: int) -> tuple[Entry, ...]:
    """The entries to undo, in the order to undo them; `to` itself stays applied.

    Errors: UsageError when `to` is not applied.
    """
    last_first = sorted(ledger.entries.values(), key=lambda e: e.position, reverse=True)
    if to is None:
        return tuple(last_first[:steps])
    if to not in ledger.entries:
        raise UsageError(
            f"{to} is not applied here, so there is no way back to it",
            hint="schema-tool status lists what is applied",
        )
    return tuple(e for e in last_first if e.position > ledger.entries[to].position)


def lost_by(
    connection: psycopg.Connection[Any],
    folder: MigrationFolder,
    entries: Sequence[Entry],
    options: Options,
) -> tuple[str, ...]:
    """What rolling the entries back would lose, in words; writes nothing.

    Errors: as `roll_back`, for a file that is missing or cannot run.
    """
    works = tuple(_work(folder, entry, None, options.conditions) for entry in entries)
    return losses(connection, works)


def roll_back(
    connection: psycopg.Connection[Any],
    folder: MigrationFolder,
    options: Options,
    watcher: Watcher,
    *,
    expected: tuple[str, ...],
) -> tuple[str, ...]:
    """Undo `expected`, which are the last migrations, the last one first.

    Every rollback file is found and checked before the first one runs. After a lost connection
    the run starts over on a new one: what the ledger says is what was undone.
    Errors: RefusedError when a rollback file is missing, or the ledger has changed since the
    operator agreed.
    """
    run = UnbrokenRun(connection, options, watcher)
    run.go(lambda: _undo_all(run, folder, options, watcher, expected))
    return tuple(run.done)


def _undo_all(
    run: UnbrokenRun,
    folder: MigrationFolder,
    options: Options,
    watcher: Watcher,
    expected: tuple[str, ...],
) -> None:
    """Undo what the ledger still has of the expected migrations, which must be its last ones."""
    connection = run.connection
    with runner_lock(connection, wait_ms=options.runner_timeout_ms):
        ledger = read_ledger(connection)
        yoyo = read_yoyo_tables(connection)
        if yoyo is not None and ledger.installed:
            adopt_yoyo(connection, folder, ledger, yoyo)
            ledger, yoyo = read_ledger(connection), read_yoyo_tables(connection)
        run.settle(ledger)
        # A killed runner's session may have ended what it was at while we waited for its lock.
        left = tuple(i for i in expected if i not in run.done and i in ledger.entries)
        entries = choose_entries(ledger, to=None, steps=len(left))
        if tuple(entry.id for entry in entries) != left:
            raise RefusedError(
                "another runner has changed what is applied since you were asked",
                hint="schema-tool status",
            )
        works = [_work(folder, entry, yoyo, options.conditions) for entry in entries]
        tell_outages(works, watcher)
        run.run_all(works)


def _work(
    folder: MigrationFolder, entry: Entry, yoyo: YoyoTables | None, conditions: Conditions
) -> Work:
    try:
        migration = folder[entry.id]
    except KeyError:
        return rollback_work(
            entry, _kept(entry), conditions, transactional=entry.transactional, yoyo=yoyo
        )
    if migration.rollback is None:
        wanted = migration.script.name.removesuffix(".sql") + ".rollback.sql"
        raise RefusedError(
            f"{entry.id} has no rollback file, and nothing was rolled back",
            hint=f"write {wanted}",
        )
    return rollback_work(
        entry,
        migration.rollback,
        conditions,
        # yoyo reads the directive from the apply file only; so do we
        transactional=migration.transactional,
        yoyo=yoyo,
    )


def _kept(entry: Entry) -> Script:
    """The rollback text that the ledger has kept of a file that is gone.

    Errors: RefusedError when it has none, or the text is not what was kept.
    """
    if entry.rollback_text is None:
        raise RefusedError(
            f"the file of {entry.id} is gone from the migrations folder, and the ledger has no "
            "rollback text of it",
            hint="restore it from version control, then roll back",
        )
    if raw_hash(entry.rollback_text) != entry.rollback_hash:
        raise RefusedError(
            f"the rollback text of {entry.id} in the ledger was changed after it was written",
            hint="restore the file from version control, then roll back",
        )
    name = f"{entry.id}.rollback.sql (from the ledger)"
    return Script(path=Path(name), name=name, text=entry.rollback_text)
