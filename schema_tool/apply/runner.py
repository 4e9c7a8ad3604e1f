"""The runner: pending migrations, one after the other, under the runner's lock."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from schema_tool.apply.adopt import adopt_yoyo
from schema_tool.apply.approved import make_plan, refuse_other_plan, write_plan
from schema_tool.apply.command import render_commands
from schema_tool.apply.database import refuse_foreign_database
from schema_tool.apply.doubt import in_doubt, read_verdict, settling_commands
from schema_tool.apply.failure import ConnectionLostError
from schema_tool.apply.ledger import Ledger, State, install_ledger, read_ledger
from schema_tool.apply.lock import runner_lock
from schema_tool.apply.migrate import run_work
from schema_tool.apply.outcome import Answer
from schema_tool.apply.pending import Pending, find_pending
from schema_tool.apply.pooler import refuse_pooler
from schema_tool.apply.post_apply import post_apply_due, run_post_apply
from schema_tool.apply.run import attempts_for, interrupted
from schema_tool.apply.work import Work, apply_work
from schema_tool.apply.yoyo_tables import YoyoTables, create_yoyo_tables, read_yoyo_tables
from schema_tool.errors import SchemaToolError
from schema_tool.server.execute import run_script

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import psycopg

    from schema_tool.apply.attempt import Attempts
    from schema_tool.apply.run import Options, Watcher
    from schema_tool.source import Script
    from schema_tool.source.migrations import MigrationFolder

RECONNECT_EVERY_S = 1.0


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
    deadline = time.monotonic() + options.wait_ms / 1000
    for script in cluster_scripts:
        run_script(connection, script, show_data=options.show_data)
    if options.approved is None and _nothing_to_do(connection, folder, options):
        _warn(find_pending(folder, read_ledger(connection), to=options.to), watcher)
        return 0
    run = _Run(connection, folder, options, watcher, deadline)
    while True:
        try:
            return run.once()
        except ConnectionLostError as lost:
            run.reconnect(lost)


class _Run:
    """One `apply`, over as many connections as it takes."""

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        folder: MigrationFolder,
        options: Options,
        watcher: Watcher,
        deadline: float,
    ) -> None:
        self._connection = connection
        self._folder = folder
        self._options = options
        self._watcher = watcher
        self._deadline = deadline
        self._done: list[str] = []
        self._doubtful: tuple[Work, float] | None = None
        self._lost: set[str] = set()

    def once(self) -> int:
        """Apply what is pending on this connection; return how many files are done in all.

        Errors: ConnectionLostError wherever the connection breaks.
        """
        import psycopg  # noqa: PLC0415 - the caller has paid for it

        try:
            return self._once()
        except psycopg.OperationalError as error:
            if not self._connection.broken and not self._connection.closed:
                raise
            raise ConnectionLostError(
                f"the connection was lost: {str(error).strip().splitlines()[0]}"
            ) from error

    def _once(self) -> int:
        options, connection = self._options, self._connection
        with runner_lock(connection, wait_ms=options.runner_timeout_ms):
            refuse_pooler(connection, options.connect)
            ledger, yoyo = _prepare_database(connection, self._folder, options)
            self._resolve(ledger)
            pending = _find(self._folder, ledger, options)
            if options.approved is not None and not self._lost:
                now = make_plan(connection, ledger, pending, options)
                refuse_other_plan(options.approved, now)
            _warn(pending, self._watcher)
            works = _works(pending, yoyo, options)
            self._announce(works)
            with attempts_for(connection, options, self._watcher, self._deadline) as attempts:
                self._all(works, attempts)
            if post_apply_due(connection, self._folder):
                run_post_apply(connection, self._folder, options)
        return len(self._done)

    def _all(self, works: Sequence[Work], attempts: Attempts) -> None:
        for number, work in enumerate(works):
            self._watcher.started(work)
            start = time.monotonic()
            try:
                run_work(self._connection, work, attempts, show_data=self._options.show_data)
            except KeyboardInterrupt:
                raise interrupted(self._connection, work, number, len(works)) from None
            except ConnectionLostError:
                self._doubtful = (work, start)
                raise
            self._finished(work, start)

    def _finished(self, work: Work, start: float) -> None:
        self._done.append(work.migration_id)
        self._watcher.finished(work, time.monotonic() - start)

    def _resolve(self, ledger: Ledger) -> None:
        """Read from the ledger whether the COMMIT that nobody saw the end of took place."""
        if self._doubtful is None:
            return
        work, start = self._doubtful
        self._doubtful = None
        entry = ledger.entries.get(work.migration_id)
        if entry is not None and entry.state is State.APPLIED:
            self._watcher.noted(f"{work.script.name} had been committed, as the ledger shows")
            self._finished(work, start)
        else:
            self._watcher.noted(f"{work.script.name} had not been committed; it runs again")

    def _announce(self, works: Sequence[Work]) -> None:
        for work in works:
            if work.limits.outage:
                self._watcher.noted(
                    f"{work.script.name} declares an outage: it may hold its locks for "
                    f"{work.limits.stall_ms / 1000:g} s"
                )

    def reconnect(self, lost: ConnectionLostError) -> None:
        """Open a new connection, as long as there is time.

        Errors: the lost connection's, when the server does not come back, and when the same file
        has cost a connection before: somebody ends it, or it brings the server down.
        """
        name = self._doubtful[0].script.name if self._doubtful else ""
        if self._options.connect is None or name in self._lost:
            raise lost
        self._lost.add(name)
        self._watcher.noted(f"{lost.message}; connecting again")
        self._connection.close()
        while True:
            try:
                self._connection = self._options.connect()
            except SchemaToolError as error:
                if time.monotonic() > self._deadline:
                    lost.add_note(f"and the server does not answer: {error.message}")
                    raise lost from error
                time.sleep(RECONNECT_EVERY_S)
            else:
                return


def render_pending(
    connection: psycopg.Connection[Any], folder: MigrationFolder, options: Options
) -> Iterator[tuple[Work, tuple[str, ...]]]:
    """Each pending file with the SQL that `apply` would send; nothing is written or locked."""
    ledger = read_ledger(connection)
    yoyo = read_yoyo_tables(connection)
    if not ledger.installed and yoyo is None:
        refuse_foreign_database(connection)
    pending = _find(folder, ledger, options)
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
