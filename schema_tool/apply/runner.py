"""The runner: pending migrations, one after the other, under the runner's lock."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from schema_tool.apply.adopt import adopt_yoyo
from schema_tool.apply.approved import make_plan, refuse_other_plan, write_plan
from schema_tool.apply.command import render_commands
from schema_tool.apply.database import refuse_foreign_database
from schema_tool.apply.doubt import in_doubt, read_verdict, settling_commands
from schema_tool.apply.ledger import Ledger, install_ledger, read_ledger
from schema_tool.apply.live import refuse_changed
from schema_tool.apply.lock import runner_lock
from schema_tool.apply.outcome import Answer
from schema_tool.apply.pending import Pending, find_pending
from schema_tool.apply.post_apply import check_post_apply, post_apply_due, run_post_apply
from schema_tool.apply.run import tell_outages
from schema_tool.apply.unbroken import UnbrokenRun
from schema_tool.apply.work import apply_work
from schema_tool.apply.yoyo_tables import YoyoTables, create_yoyo_tables, read_yoyo_tables
from schema_tool.server.execute import run_script

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import psycopg

    from schema_tool.apply.run import Options, Watcher
    from schema_tool.apply.work import Work
    from schema_tool.source import Script
    from schema_tool.source.migrations import MigrationFolder


def apply_pending(
    connection: psycopg.Connection[Any],
    folder: MigrationFolder,
    options: Options,
    watcher: Watcher,
    *,
    cluster_scripts: Sequence[Script] = (),
) -> int:
    """Apply what is pending and return how many files that were.

    Every file is split and checked before the first one runs. After a lost connection the run
    starts over on a new one: what the ledger says is what was done.
    Errors: see `find_pending`, `run_work`; TryAgainError when another runner is at work.
    """
    for script in cluster_scripts:
        run_script(connection, script, show_data=options.show_data)
    if options.approved is None and _nothing_to_do(connection, folder, options):
        _warn(find_pending(folder, read_ledger(connection), to=options.to), watcher)
        return 0
    run = UnbrokenRun(connection, options, watcher)
    run.go(lambda: _apply_all(run, folder, options, watcher))
    return len(run.done)


def _apply_all(
    run: UnbrokenRun, folder: MigrationFolder, options: Options, watcher: Watcher
) -> None:
    """Apply everything that the ledger does not have."""
    connection = run.connection
    with runner_lock(connection, wait_ms=options.runner_timeout_ms):
        ledger, yoyo = _prepare_database(connection, folder, options)
        run.settle(ledger)
        pending = _find(folder, ledger, options)
        if options.approved is not None and not run.broken:
            refuse_other_plan(options.approved, make_plan(connection, ledger, pending, options))
        if not run.broken:
            refuse_changed(connection, pending)
        _warn(pending, watcher)
        works = _works(pending, yoyo, options)
        check_post_apply(folder)
        _announce(works, watcher)
        run.run_all(works)
        if post_apply_due(connection, folder):
            run_post_apply(connection, folder, options, watcher)


def _announce(works: Sequence[Work], watcher: Watcher) -> None:
    for work in works:
        if not work.statements:
            watcher.noted(
                f"{work.script.name} holds no statement and counts as applied from now on: "
                "SQL that is written into it later is refused"
            )
    tell_outages(works, watcher)


def render_pending(
    connection: psycopg.Connection[Any], folder: MigrationFolder, options: Options
) -> Iterator[tuple[Work, tuple[str, ...]]]:
    """Each pending file with the SQL that `apply` would send; nothing is written or locked."""
    ledger = read_ledger(connection)
    yoyo = read_yoyo_tables(connection)
    if not ledger.installed and yoyo is None:
        refuse_foreign_database(connection)
    pending = _find(folder, ledger, options)
    refuse_changed(connection, pending)
    for work in _works(pending, yoyo, options):
        yield work, tuple(render_commands(connection, _settled(connection, work).commands()))


def render_plan(
    connection: psycopg.Connection[Any], folder: MigrationFolder, options: Options
) -> str:
    """The plan of what `apply` would do now, for somebody to approve; writes nothing."""
    sql: list[str] = []
    for work, commands in render_pending(connection, folder, options):
        sql += [f"-- {work.script.name}", *commands]
    ledger = read_ledger(connection)
    pending = _find(folder, ledger, options)
    return write_plan(make_plan(connection, ledger, pending, options), sql)


def _settled(connection: psycopg.Connection[Any], work: Work) -> Work:
    """The work with what the clean-up after a stopped statement will send."""
    for statement in work.statements:
        doubt = in_doubt(work, statement)
        if doubt is not None:
            verdict = read_verdict(connection, statement, doubt.before)
            done = (statement.number,) if verdict.answer is Answer.DONE else ()
            return replace(
                work,
                before=(*work.before, *settling_commands(work, statement, verdict)),
                done=(*work.done, *done),
            )
    return work


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
    return not _find(folder, ledger, options).migrations and not post_apply_due(connection, folder)


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
        apply_work(m, options.conditions, half_done=pending.half_done, yoyo=yoyo)
        for m in pending.migrations
    ]


def _warn(pending: Pending, watcher: Watcher) -> None:
    for finding in pending.warnings:
        watcher.warned(finding)
