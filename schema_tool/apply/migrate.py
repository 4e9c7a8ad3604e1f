"""Files run, in one direction, on a connection whose session holds the runner's lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schema_tool.apply.alone import must_run_alone
from schema_tool.apply.command import run_commands, run_files
from schema_tool.apply.doubt import in_doubt, settle
from schema_tool.apply.failure import ConnectionLostError
from schema_tool.apply.ledger import Direction, Progress
from schema_tool.apply.outcome import invalid_namesake
from schema_tool.apply.record import statement_forget_command
from schema_tool.apply.watch import SHOWN_CHARACTERS
from schema_tool.errors import SchemaToolError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import psycopg

    from schema_tool.apply.attempt import Attempts
    from schema_tool.apply.command import Command
    from schema_tool.apply.work import Work
    from schema_tool.sqltext import Statement


def run_work(
    connection: psycopg.Connection[Any], work: Work, attempts: Attempts, *, show_data: bool
) -> None:
    """Run one file.

    A transactional file and its ledger row commit together. A non-transactional one commits
    statement by statement: each that can run in a transaction does, with its ledger row; the
    others are noted before and after.
    Errors: FailedError at the statement's place, with what state the database is in now;
    ConnectionLostError, after which the ledger tells; LockTroubleError when every attempt failed.
    """
    run = _Run(connection, work, show_data=show_data)
    if work.transactional:
        texts = tuple(statement.text[:SHOWN_CHARACTERS] for statement in work.statements)
        attempts.run(work.script.name, work.limits, run.transaction, texts=texts)
        return
    run.send((*work.conditions.session, *work.before))
    last = len(work.statements)
    for statement in work.statements:
        if work.is_due(statement):
            label = f"{work.script.name}, statement {statement.number} of {last}"
            attempts.run(label, work.limits, run.step(statement))
    run.send(work.ending())


def run_batch(
    connection: psycopg.Connection[Any],
    works: Sequence[Work],
    attempts: Attempts,
    *,
    show_data: bool,
    left: Callable[[], tuple[Work, ...]],
) -> None:
    """Run several transactional files that are sent together.

    `left` asks the ledger which of them are still to run: those before a failed one are committed.
    Errors: as `run_work`, for the first one that failed.
    """

    def send() -> None:
        nonlocal works
        try:
            files = [(work.script, work.transaction()) for work in works]
            run_files(connection, files, show_data=show_data)
        except ConnectionLostError:
            raise
        except SchemaToolError as error:
            works = left()
            error.add_note(_undone(works[0]))
            raise

    label = f"{works[0].script.name} to {works[-1].script.name}"
    attempts.run(label, works[0].limits, send)


class _Run:
    """The sending of one file's parts."""

    def __init__(self, connection: psycopg.Connection[Any], work: Work, *, show_data: bool) -> None:
        self._connection = connection
        self._work = work
        self._show_data = show_data

    def send(self, commands: Sequence[Command]) -> None:
        run_commands(self._connection, commands, self._work.script, show_data=self._show_data)

    def transaction(self) -> None:
        try:
            for part in self._work.parts():
                self.send(part)
        except ConnectionLostError:
            raise
        except SchemaToolError as error:
            error.add_note(_undone(self._work))
            raise

    def step(self, statement: Statement) -> _Step:
        return _Step(self, self._connection, self._work, statement)


def _undone(work: Work) -> str:
    if work.direction is Direction.APPLY:
        return f"nothing of {work.script.name} is applied: it was rolled back"
    return (
        f"nothing of {work.script.name} was carried out: {work.migration_id} is applied as before"
    )


class _Step:
    """One statement of a non-transactional file, tried once for each call."""

    def __init__(
        self,
        run: _Run,
        connection: psycopg.Connection[Any],
        work: Work,
        statement: Statement,
    ) -> None:
        self._run = run
        self._connection = connection
        self._work = work
        self._statement = statement
        self._alone = must_run_alone(statement)
        self._doubt = in_doubt(work, statement)

    def __call__(self) -> None:
        try:
            if self._doubt is not None:
                if settle(self._connection, self._work, self._statement, self._doubt.before):
                    return
                self._doubt = None
            commands = self._work.statement_commands(self._statement)
            if self._alone:
                self._send_alone(commands)
            else:
                self._run.send(commands)
        except ConnectionLostError:
            raise
        except SchemaToolError as error:
            self._explain(error)
            raise

    def _send_alone(self, commands: Sequence[Command]) -> None:
        """Each in a message of its own: a pipeline would make them one transaction."""
        limit, begin, own, *rest = commands
        self._run.send((limit,))
        self._run.send((begin,))
        try:
            self._run.send((own,))
        except ConnectionLostError:
            raise
        except SchemaToolError as error:
            if not self._clean_up(error):
                raise
            # it is noted as done; what is left is to take back its limits
            rest = rest[-1:]
        for command in rest:
            self._run.send((command,))

    def _clean_up(self, error: SchemaToolError) -> bool:
        """The server answered that it failed: take away what it left, then its note.

        True where it turns out to be done: a half-done DETACH was ended.
        """
        before = None
        try:
            before = self._noted()
            invalid = invalid_namesake(self._statement, before)
            if invalid:
                error.add_note(
                    f"the INVALID index {invalid} was there before; nobody here knows who began "
                    f"it: if it is of no use, DROP INDEX CONCURRENTLY {invalid}"
                )
            if before is not None and settle(self._connection, self._work, self._statement, before):
                return True
            self._run.send((self._forget_command(),))
        except SchemaToolError as second:
            error.add_note(f"what it left behind is not cleaned up yet: {second.message}")
            # the next attempt begins with that
            self._doubt = self._left_behind(before)
        return False

    def _left_behind(self, before: Any) -> Progress:
        return Progress(
            number=self._statement.number,
            direction=self._work.direction,
            state="running",
            text_hash="",
            before=before,
        )

    def _noted(self) -> Any:
        """What the ledger took down of the catalog before the statement."""
        row = self._connection.execute(
            "SELECT before FROM schema_tool.statement "
            "WHERE migration_id = %s AND direction = %s AND number = %s",
            (self._work.migration_id, self._work.direction, self._statement.number),
        ).fetchone()
        return row[0] if row else None

    def _forget_command(self) -> Command:
        return statement_forget_command(
            self._work.migration_id, self._statement.number, direction=self._work.direction
        )

    def _explain(self, error: SchemaToolError) -> None:
        number, name = self._statement.number, self._work.script.name
        kept = (
            "nothing of it is carried out yet"
            if number == 1
            else f"statements 1 to {number - 1} are carried out and kept"
        )
        error.add_note(f"{name}: {kept}; schema-tool {self._work.direction} goes on from {number}")
