"""A run that outlives its connection: what the ledger says is what was done."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from schema_tool.apply.batch import batches
from schema_tool.apply.failure import ConnectionLostError
from schema_tool.apply.ledger import Direction, State, read_ledger
from schema_tool.apply.migrate import run_batch, run_work
from schema_tool.apply.run import attempts_for, end_transaction, interrupted
from schema_tool.errors import SchemaToolError, TryAgainError
from schema_tool.server.refusal import UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import psycopg

    from schema_tool.apply.ledger import Ledger
    from schema_tool.apply.run import Options, Watcher
    from schema_tool.apply.work import Work
    from schema_tool.errors import InterruptedRunError

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
        self._under_way: list[Work] = []
        self._since = 0.0
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
        """Run the files one after the other, small ones together."""
        options = self._options
        total = len(self.done) + len(works)
        with attempts_for(self.connection, options, self._watcher) as attempts:
            # what brings a server down must be known by name
            for batch in batches(works, alone=self.broken):
                self._begin(batch)
                try:
                    if len(batch) == 1:
                        run_work(self.connection, batch[0], attempts, show_data=options.show_data)
                    else:
                        run_batch(
                            self.connection,
                            batch,
                            attempts,
                            show_data=options.show_data,
                            left=self._left,
                        )
                except KeyboardInterrupt:
                    raise self._interrupted(works, total) from None
                self._finished(self._under_way)

    def settle(self, ledger: Ledger) -> None:
        """Read from the ledger whether the COMMIT that nobody saw the end of took place."""
        doubtful = self._under_way
        committed = [work for work in doubtful if _is_carried_out(work, ledger)]
        for work in committed:
            self._watcher.noted(f"{work.script.name} had been committed, as the ledger shows")
        self._finished(committed)
        self._under_way = []
        left = [work for work in doubtful if work not in committed]
        # the others had not begun
        self._lost -= {work.script.name for work in left[1:]}
        for work in left[:1]:
            if work.transactional:
                self._watcher.noted(f"{work.script.name} had not been committed; it runs again")
            else:
                self._watcher.noted(
                    f"{work.script.name} goes on where the ledger says that it stopped"
                )

    def _begin(self, batch: Sequence[Work]) -> None:
        self._under_way = list(batch)
        self._since = time.monotonic()
        for work in batch:
            self._watcher.started(work)

    def _finished(self, works: Sequence[Work]) -> None:
        """Files that were sent together share their time; the ledger has each one's own."""
        now = time.monotonic()
        share = (now - self._since) / max(1, len(works))
        for work in tuple(works):
            self._under_way.remove(work)
            self.done.append(work.migration_id)
            self._watcher.finished(work, share)
        self._since = now

    def _left(self) -> tuple[Work, ...]:
        """What is under way and not done, as the ledger shows."""
        ledger = read_ledger(self.connection)
        self._finished([work for work in self._under_way if _is_carried_out(work, ledger)])
        return tuple(self._under_way)

    def _interrupted(self, works: Sequence[Work], total: int) -> InterruptedRunError:
        """Say where the run stands, which the ledger knows better than we do."""
        import psycopg  # noqa: PLC0415 - the caller has paid for it

        end_transaction(self.connection)
        try:
            self._left()
            sure = True
        except psycopg.Error:
            sure = False
        first = next((work for work in works if work.migration_id not in self.done), None)
        return interrupted(first, sure=sure, done=len(self.done), total=total)

    def _reconnect(self, lost: ConnectionLostError) -> None:
        """Open a new connection, as long as there is time.

        Errors: the lost connection's, when the server does not come back, and when the same file
        has cost a connection before: somebody ends it, or it brings the server down. Whatever
        else the server says, such as that the database is gone.
        """
        names = {work.script.name for work in self._under_way} or {""}
        self.connection.close()
        if self._options.connect is None or names & self._lost:
            raise lost
        self._lost |= names
        self._watcher.noted(f"{lost.message}; connecting again")
        deadline = time.monotonic() + self._options.wait_ms / 1000
        while True:
            try:
                self.connection = self._options.connect()
            except (TryAgainError, UnreachableError) as error:
                if time.monotonic() > deadline:
                    lost.add_note(f"and the server does not answer: {error.message}")
                    raise lost from error
                time.sleep(RECONNECT_EVERY_S)
            except SchemaToolError as error:
                error.add_note(lost.message)
                raise error from lost
            else:
                return


def _is_carried_out(work: Work, ledger: Ledger) -> bool:
    entry = ledger.entries.get(work.migration_id)
    if work.direction is Direction.APPLY:
        return entry is not None and entry.state is State.APPLIED
    return entry is None
