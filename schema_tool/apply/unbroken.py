"""A run that outlives its connection: what the ledger says is what was done."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from schema_tool.apply.failure import ConnectionLostError
from schema_tool.apply.ledger import Direction, State
from schema_tool.apply.migrate import run_work
from schema_tool.apply.run import attempts_for, interrupted
from schema_tool.errors import SchemaToolError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import psycopg

    from schema_tool.apply.ledger import Ledger
    from schema_tool.apply.run import Options, Watcher
    from schema_tool.apply.work import Work

RECONNECT_EVERY_S = 1.0


class UnbrokenRun:
    """One command's files, in either direction, over as many connections as it takes.

    `done` are the migrations that this command has finished; `broken` says that a connection was
    lost on the way.
    """

    def __init__(
        self, connection: psycopg.Connection[Any], options: Options, watcher: Watcher
    ) -> None:
        self.connection = connection
        self.done: list[str] = []
        self._first = connection
        self._options = options
        self._watcher = watcher
        self._doubtful: tuple[Work, float] | None = None
        self._lost: set[str] = set()

    @property
    def broken(self) -> bool:
        """Whether a connection was lost on the way."""
        return bool(self._lost)

    def go(self, once: Callable[[], None]) -> None:
        """Call `once`, which does everything that is left to do, until it ends.

        Errors: what `once` raises; ConnectionLostError when the server does not come back.
        """
        try:
            while True:
                try:
                    self._try(once)
                except ConnectionLostError as lost:
                    self._reconnect(lost)
                else:
                    return
        finally:
            # the caller closes its own connection; this one is ours
            if self.connection is not self._first:
                self.connection.close()

    def _try(self, once: Callable[[], None]) -> None:
        import psycopg  # noqa: PLC0415 - the caller has paid for it

        try:
            once()
        except psycopg.OperationalError as error:
            if not self.connection.broken and not self.connection.closed:
                raise
            raise ConnectionLostError(
                f"the connection was lost: {str(error).strip().splitlines()[0]}"
            ) from error

    def run_all(self, works: Sequence[Work]) -> None:
        """Run the files one after the other."""
        options = self._options
        with attempts_for(self.connection, options, self._watcher) as attempts:
            for work in works:
                self._watcher.started(work)
                start = time.monotonic()
                try:
                    run_work(self.connection, work, attempts, show_data=options.show_data)
                except KeyboardInterrupt:
                    done = len(self.done)
                    total = done + len(works) - works.index(work)
                    raise interrupted(self.connection, work, done, total) from None
                except ConnectionLostError:
                    self._doubtful = (work, start)
                    raise
                self._finished(work, start)

    def settle(self, ledger: Ledger) -> None:
        """Read from the ledger whether the COMMIT that nobody saw the end of took place."""
        if self._doubtful is None:
            return
        work, start = self._doubtful
        self._doubtful = None
        entry = ledger.entries.get(work.migration_id)
        if work.direction is Direction.APPLY:
            committed = entry is not None and entry.state is State.APPLIED
        else:
            committed = entry is None
        if committed:
            self._watcher.noted(f"{work.script.name} had been committed, as the ledger shows")
            self._finished(work, start)
        elif work.transactional:
            self._watcher.noted(f"{work.script.name} had not been committed; it runs again")
        else:
            self._watcher.noted(f"{work.script.name} goes on where the ledger says that it stopped")

    def _finished(self, work: Work, start: float) -> None:
        self.done.append(work.migration_id)
        self._watcher.finished(work, time.monotonic() - start)

    def _reconnect(self, lost: ConnectionLostError) -> None:
        """Open a new connection, as long as there is time.

        Errors: the lost connection's, when the server does not come back, and when the same file
        has cost a connection before: somebody ends it, or it brings the server down.
        """
        name = self._doubtful[0].script.name if self._doubtful else ""
        self.connection.close()
        if self._options.connect is None or name in self._lost:
            raise lost
        self._lost.add(name)
        self._watcher.noted(f"{lost.message}; connecting again")
        deadline = time.monotonic() + self._options.wait_ms / 1000
        while True:
            try:
                self.connection = self._options.connect()
            except SchemaToolError as error:
                if time.monotonic() > deadline:
                    lost.add_note(f"and the server does not answer: {error.message}")
                    raise lost from error
                time.sleep(RECONNECT_EVERY_S)
            else:
                return
