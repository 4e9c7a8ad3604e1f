"""The runner: pending migrations, one after the other, under the runner's lock."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from schema_tool.apply.adopt import adopt_yoyo
from schema_tool.apply.command import Command, render_commands, run_commands
from schema_tool.apply.database import refuse_foreign_database
from schema_tool.apply.ledger import Ledger, install_ledger, read_ledger
from schema_tool.apply.lock import runner_lock
from schema_tool.apply.migrate import Work, apply_work, run_work
from schema_tool.apply.pending import Pending, find_pending
from schema_tool.apply.yoyo_tables import YoyoTables, create_yoyo_tables, read_yoyo_tables
from schema_tool.errors import InterruptedRunError
from schema_tool.server.execute import run_script

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import psycopg

    from schema_tool.findings import Finding
    from schema_tool.source import Script
    from schema_tool.source.migrations import MigrationFolder


class Watcher(Protocol):
    """Who is told how a run goes; the command line prints it."""

    def started(self, work: Work) -> None:
        """Tell that a file begins."""

    def finished(self, work: Work, seconds: float) -> None:
        """Tell that a file is done."""

    def warned(self, finding: Finding) -> None:
        """Tell of something that does not stop the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to run: see the command's options of the same names.

    `session` are the settings that every file starts with.
    Units: runner_timeout_ms milliseconds to wait for another runner.
    """

    session: tuple[Command, ...]
    to: str | None = None
    allow_out_of_order: bool = False
    yoyo: bool = False
    runner_timeout_ms: int = 60_000
    show_data: bool = True


def apply_pending(
    connection: psycopg.Connection[Any],
    folder: MigrationFolder,
    options: Options,
    watcher: Watcher,
    *,
    cluster_scripts: Sequence[Script] = (),
) -> int:
    """Apply what is pending and return how many files that were.

    Every file is split and checked before the first one runs.
    Errors: see `find_pending`, `run_work`; TryAgainError when another runner is at work.
    """
    for script in cluster_scripts:
        run_script(connection, script, show_data=options.show_data)
    if _nothing_to_do(connection, folder, options):
        _warn(find_pending(folder, read_ledger(connection), to=options.to), watcher)
        return 0
    with runner_lock(connection, wait_ms=options.runner_timeout_ms):
        ledger, yoyo = _prepare_database(connection, folder, options)
        pending = _find(folder, ledger, options)
        _warn(pending, watcher)
        _run_all(connection, _works(pending, yoyo, options), options, watcher)
        if pending.migrations:
            _run_post_apply(connection, folder, options)
    return len(pending.migrations)


def render_pending(
    connection: psycopg.Connection[Any], folder: MigrationFolder, options: Options
) -> Iterator[str]:
    """What `apply` would send, as SQL text; nothing is written and no lock is taken."""
    ledger = read_ledger(connection)
    if not ledger.installed and read_yoyo_tables(connection) is None:
        refuse_foreign_database(connection)
    pending = _find(folder, ledger, options)
    for work in _works(pending, read_yoyo_tables(connection), options):
        yield f"-- {work.script.name}"
        yield from render_commands(connection, work.commands())


def _nothing_to_do(
    connection: psycopg.Connection[Any], folder: MigrationFolder, options: Options
) -> bool:
    """Whether a look without the lock shows nothing pending: the common case costs no wait."""
    ledger = read_ledger(connection)
    if not ledger.installed or (options.yoyo and read_yoyo_tables(connection) is None):
        return False
    if any(e for e in ledger.entries.values() if e.state != "applied"):
        return False
    yoyo = read_yoyo_tables(connection)
    if yoyo is not None and set(yoyo.applied) != set(ledger.entries):
        return False
    return not _find(folder, ledger, options).migrations


def _prepare_database(
    connection: psycopg.Connection[Any], folder: MigrationFolder, options: Options
) -> tuple[Ledger, YoyoTables | None]:
    ledger = read_ledger(connection)
    yoyo = read_yoyo_tables(connection)
    if not ledger.installed:
        if yoyo is None or not yoyo.applied:
            refuse_foreign_database(connection)
        install_ledger(connection)
    if yoyo is None and options.yoyo:
        create_yoyo_tables(connection)
        yoyo = read_yoyo_tables(connection)
    if yoyo is not None:
        adopt_yoyo(connection, folder, read_ledger(connection), yoyo)
        yoyo = read_yoyo_tables(connection)
    return read_ledger(connection), yoyo


def _find(folder: MigrationFolder, ledger: Ledger, options: Options) -> Pending:
    return find_pending(
        folder, ledger, to=options.to, allow_out_of_order=options.allow_out_of_order
    )


def _works(pending: Pending, yoyo: YoyoTables | None, options: Options) -> list[Work]:
    return [
        apply_work(m, half_done=pending.half_done, yoyo=yoyo, session=options.session)
        for m in pending.migrations
    ]


def _warn(pending: Pending, watcher: Watcher) -> None:
    for finding in pending.warnings:
        watcher.warned(finding)


def _run_all(
    connection: psycopg.Connection[Any],
    works: Sequence[Work],
    options: Options,
    watcher: Watcher,
) -> None:
    for number, work in enumerate(works):
        watcher.started(work)
        start = time.monotonic()
        try:
            run_work(connection, work, show_data=options.show_data)
        except KeyboardInterrupt:
            raise _interrupted(connection, work, number, len(works)) from None
        watcher.finished(work, time.monotonic() - start)


def _interrupted(
    connection: psycopg.Connection[Any], work: Work, done: int, total: int
) -> InterruptedRunError:
    """Say where the run stands; psycopg has cancelled the statement that was running."""
    if not connection.closed and connection.info.transaction_status:
        connection.execute("ROLLBACK")
    where = "nothing of it is applied" if work.transactional else "its finished statements are kept"
    return InterruptedRunError(
        f"stopped in {work.script.name} ({where}); {done} of {total} migrations were applied",
        hint="schema-tool status shows where the database stands; schema-tool apply goes on",
    )


def _run_post_apply(
    connection: psycopg.Connection[Any], folder: MigrationFolder, options: Options
) -> None:
    for migration in folder.post_apply:
        run_commands(connection, options.session, migration.script, show_data=options.show_data)
        run_script(
            connection,
            migration.script,
            transactional=migration.transactional,
            show_data=options.show_data,
        )
