"""What a run is told, and whom it tells."""

from __future__ import annotations

import select
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from schema_tool.apply.attempt import Attempts
from schema_tool.apply.ledger import Direction
from schema_tool.apply.watch import Watch
from schema_tool.errors import InterruptedRunError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import psycopg

    from schema_tool.apply.work import Conditions, Work
    from schema_tool.findings import Finding

# how long a statement may take to heed that it is cancelled
CANCEL_TIMEOUT_S = 5.0
CANCEL_AGAIN_S = 0.2


class Watcher(Protocol):
    """Who is told how a run goes; the command line prints it."""

    def started(self, work: Work) -> None:
        """Tell that a file begins."""

    def finished(self, work: Work, seconds: float) -> None:
        """Tell that a file is done."""

    def warned(self, finding: Finding) -> None:
        """Tell of something that does not stop the run."""

    def noted(self, line: str) -> None:
        """Tell what the run waits for, or is about to do."""

    def progressed(self, line: str) -> None:
        """Tell how far the file under way is; replaces the line before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to run: see the command's options of the same names.

    `connect` opens one more connection to the same database; without it nobody watches and a
    lost connection ends the run.
    `approved` is the plan that must still hold.
    Units: runner_timeout_ms milliseconds to wait for another runner; wait_ms milliseconds to go
    on trying a file that can be tried again, from its first failure on.
    """

    conditions: Conditions
    connect: Callable[[], psycopg.Connection[Any]] | None = None
    approved: dict[str, Any] | None = None
    to: str | None = None
    allow_out_of_order: bool = False
    yoyo: bool = False
    runner_timeout_ms: int = 60_000
    wait_ms: int = 60_000
    show_data: bool = True


@contextmanager
def attempts_for(
    connection: psycopg.Connection[Any], options: Options, watcher: Watcher
) -> Iterator[Attempts]:
    """Watch the connection for the block, and try units of work as long as options say."""
    row = connection.execute("SELECT pg_catalog.pg_backend_pid()").fetchone()
    assert row is not None
    watch = Watch(options.connect, row[0], show_data=options.show_data, progress=watcher.progressed)
    try:
        yield Attempts(watch=watch, wait_s=options.wait_ms / 1000, tell=watcher.noted)
    finally:
        watch.close()


def interrupted(work: Work | None, *, sure: bool, done: int, total: int) -> InterruptedRunError:
    """Say where the run stands; `work` is the first file that is not done.

    `sure` says that the ledger could be asked whether it is.
    """
    if work is None:
        return InterruptedRunError("stopped after the last file, which is done")
    where = "nothing of it is kept" if work.transactional else "its finished statements are kept"
    where = where if sure else "whether it was still committed, schema-tool status tells"
    verb = "applied" if work.direction is Direction.APPLY else "rolled back"
    return InterruptedRunError(
        f"stopped in {work.script.name} ({where}); {done} of {total} migrations were {verb}",
        hint="schema-tool status shows where the database stands; "
        f"schema-tool {work.direction} goes on",
    )


def tell_outages(works: Sequence[Work], watcher: Watcher) -> None:
    """Tell before the start which files may keep others waiting for longer."""
    for work in works:
        if work.limits.outage:
            watcher.noted(
                f"{work.script.name} declares an outage: it may hold its locks for "
                f"{work.limits.stall_ms / 1000:g} s"
            )


def end_transaction(connection: psycopg.Connection[Any]) -> None:
    """Roll back after Ctrl-C; psycopg has mostly cancelled the statement that was running."""
    import psycopg  # noqa: PLC0415

    status = psycopg.pq.TransactionStatus
    with suppress(psycopg.Error):
        if connection.info.transaction_status == status.ACTIVE:
            # the signal came between sending the statement and waiting for it
            _cancel(connection)
        if connection.info.transaction_status in {status.INTRANS, status.INERROR}:
            connection.execute("ROLLBACK")
    if connection.info.transaction_status != status.IDLE:
        # still busy: the server sees that we are gone, ends the statement and rolls back
        connection.close()


def _cancel(connection: psycopg.Connection[Any]) -> None:
    """Cancel the statement and read what it ends with, which may be success."""
    deadline = time.monotonic() + CANCEL_TIMEOUT_S
    server = connection.pgconn
    while True:
        while server.is_busy():
            if time.monotonic() > deadline:
                return
            # one that overtakes its statement is lost
            connection.cancel_safe(timeout=CANCEL_TIMEOUT_S)
            if select.select([server.socket], [], [], CANCEL_AGAIN_S)[0]:
                server.consume_input()
        if server.get_result() is None:
            return
