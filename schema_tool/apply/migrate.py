"""One migration applied, or rolled back, on a connection whose session holds the runner's lock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schema_tool.apply.alone import (
    must_run_alone,
    refuse_in_transaction,
    refuse_nested_transactions,
)
from schema_tool.apply.command import BEGIN, COMMIT, Command, file_commands, run_commands
from schema_tool.apply.ledger import (
    Direction,
    Entry,
    Origin,
    State,
    finish_command,
    forget_command,
    record_command,
    state_command,
    statement_command,
    statement_done_command,
    statement_forget_command,
)
from schema_tool.errors import RefusedError, SchemaToolError
from schema_tool.sqltext import raw_hash

if TYPE_CHECKING:
    import psycopg

    from schema_tool.apply.yoyo_tables import YoyoTables
    from schema_tool.source import Migration, Script
    from schema_tool.sqltext import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One file to run in one direction, split and checked before anything has started.

    `session` are the settings it starts with; `before` and `after` are the ledger's commands
    around the file's statements.
    """

    migration_id: str
    script: Script
    statements: tuple[Statement, ...]
    direction: Direction
    transactional: bool
    session: tuple[Command, ...]
    before: tuple[Command, ...]
    after: tuple[Command, ...]
    done: tuple[int, ...] = ()

    def commands(self) -> tuple[Command, ...]:
        """Everything that is sent for this file, in order."""
        if self.transactional:
            return (*self.session, BEGIN, *file_commands(self.statements), *self.after, COMMIT)
        parts: list[Command] = [*self.session, *self.before]
        for statement in self.statements:
            if statement.number not in self.done:
                parts += self.statement_commands(statement)
        return (*parts, BEGIN, *self.after, COMMIT)

    def statement_commands(self, statement: Statement) -> tuple[Command, ...]:
        """What is sent for one statement of a non-transactional file."""
        own = Command(text=statement.text, statement=statement)
        if not must_run_alone(statement):
            noted = statement_command(
                self.migration_id, statement, direction=self.direction, done=True
            )
            return (BEGIN, own, noted, COMMIT)
        return (
            statement_command(self.migration_id, statement, direction=self.direction, done=False),
            own,
            statement_done_command(self.migration_id, statement.number, direction=self.direction),
        )


def apply_work(
    migration: Migration,
    *,
    half_done: Entry | None,
    yoyo: YoyoTables | None,
    session: tuple[Command, ...],
) -> Work:
    """Prepare the apply of one migration.

    Errors: UsageError for a statement that the file's kind cannot run; RefusedError when the
    file was begun before and does not continue what was begun.
    """
    statements = _checked(migration.script, transactional=migration.transactional)
    marks = yoyo.mark(migration.id) if yoyo else ()
    if migration.transactional:
        record = record_command(migration, origin=Origin.APPLY)
        before: tuple[Command, ...] = ()
        after = (record, *marks)
    else:
        begun = half_done is not None and half_done.id == migration.id
        running = record_command(migration, origin=Origin.APPLY, state=State.RUNNING)
        before = () if begun else (running,)
        after = (finish_command(migration), *marks)
    return Work(
        migration_id=migration.id,
        script=migration.script,
        statements=statements,
        direction=Direction.APPLY,
        transactional=migration.transactional,
        session=session,
        before=before,
        after=after,
        done=_done(half_done, migration.id, migration.script, statements, Direction.APPLY),
    )


def rollback_work(
    entry: Entry,
    script: Script,
    *,
    transactional: bool,
    yoyo: YoyoTables | None,
    session: tuple[Command, ...],
) -> Work:
    """Prepare the rollback of one migration by its rollback script."""
    statements = _checked(script, transactional=transactional)
    marks = yoyo.unmark(entry.id) if yoyo else ()
    forget = forget_command(entry.id, action="rollback")
    reverting = entry.state is State.REVERTING
    before = () if transactional or reverting else (state_command(entry.id, State.REVERTING),)
    return Work(
        migration_id=entry.id,
        script=script,
        statements=statements,
        direction=Direction.ROLLBACK,
        transactional=transactional,
        session=session,
        before=before,
        after=(forget, *marks),
        done=_done(entry, entry.id, script, statements, Direction.ROLLBACK),
    )


def run_work(connection: psycopg.Connection[Any], work: Work, *, show_data: bool) -> None:
    """Run one file.

    A transactional file and its ledger row commit together. A non-transactional one commits
    statement by statement: each that can run in a transaction does, with its ledger row; the
    others are noted before and after.
    Errors: FailedError at the statement's place, with what state the database is in now.
    """
    if work.transactional:
        try:
            run_commands(connection, work.commands(), work.script, show_data=show_data)
        except SchemaToolError as error:
            error.add_note(f"nothing of {work.script.name} is applied: it was rolled back")
            raise
        return
    run_commands(connection, (*work.session, *work.before), work.script, show_data=show_data)
    for statement in work.statements:
        if statement.number not in work.done:
            _run_apart(connection, work, statement, show_data=show_data)
    run_commands(connection, (BEGIN, *work.after, COMMIT), work.script, show_data=show_data)


def _run_apart(
    connection: psycopg.Connection[Any], work: Work, statement: Statement, *, show_data: bool
) -> None:
    commands = work.statement_commands(statement)
    alone = commands[0] is not BEGIN
    try:
        if alone:
            # each in a message of its own: a pipeline would make them one transaction
            for command in commands:
                run_commands(connection, (command,), work.script, show_data=show_data)
        else:
            run_commands(connection, commands, work.script, show_data=show_data)
    except SchemaToolError as error:
        error.add_note(
            f"statements 1 to {statement.number - 1} of {work.script.name} are applied and kept; "
            f"schema-tool {work.direction} continues with statement {statement.number}"
        )
        if alone and not connection.closed and error.sqlstate:
            # the server answered: the statement has ended and did not succeed
            forget = statement_forget_command(
                work.migration_id, statement.number, direction=work.direction
            )
            run_commands(connection, (forget,), work.script, show_data=show_data)
            if "concurrently" in statement.words and "index" in statement.words:
                error.add_note("it may have left an INVALID index: drop it before you run it again")
        raise


def _checked(script: Script, *, transactional: bool) -> tuple[Statement, ...]:
    statements = script.statements()
    refuse_nested_transactions(statements)
    if transactional:
        refuse_in_transaction(statements)
    return statements


def _done(
    entry: Entry | None,
    migration_id: str,
    script: Script,
    statements: tuple[Statement, ...],
    direction: Direction,
) -> tuple[int, ...]:
    """Numbers of the statements that an earlier, interrupted run has done."""
    if entry is None or entry.id != migration_id:
        return ()
    by_number = {s.number: s for s in statements}
    done = []
    for step in entry.progress:
        if step.direction is not direction:
            continue
        statement = by_number.get(step.number)
        if statement is None or raw_hash(statement.text) != step.text_hash:
            raise RefusedError(
                f"{script.name} was changed after its statement {step.number} was run",
                hint="restore the file; finish it; write the change as a new migration",
            )
        if step.state == "running":
            raise RefusedError(
                f"{script.name}: whether statement {step.number} was carried out is not known: "
                "the runner was stopped while it ran",
                location=statement.location,
                hint=f"look at the database, then say which:\n"
                f"schema-tool resolve {migration_id}:{step.number} --done\n"
                f"schema-tool resolve {migration_id}:{step.number} --not-done",
            )
        done.append(step.number)
    return tuple(done)
