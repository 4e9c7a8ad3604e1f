"""Work: one file to run in one direction, split and checked before anything has started."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from schema_tool.apply.alone import (
    is_session_setting,
    must_run_alone,
    refuse_in_transaction,
    refuse_nested_transactions,
)
from schema_tool.apply.command import BEGIN, COMMIT, Command
from schema_tool.apply.ledger import Direction, Entry, Origin, Progress, State
from schema_tool.apply.limits import Limits, bounded_commands, limit_command
from schema_tool.apply.outcome import observe
from schema_tool.apply.record import (
    finish_command,
    forget_command,
    record_command,
    state_command,
    statement_begun_command,
    statement_command,
    statement_done_command,
)
from schema_tool.apply.secret import check_filled, refuse_secrets
from schema_tool.apply.traces import chooses_isolation, cleaning_commands, refuse_unlocking
from schema_tool.apply.weight import Weight, weigh
from schema_tool.errors import RefusedError
from schema_tool.source.migrations import read_headers
from schema_tool.sqltext import raw_hash

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schema_tool.apply.yoyo_tables import YoyoTables
    from schema_tool.source import Migration, Script
    from schema_tool.sqltext import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What every file of a run starts with.

    `session` are the settings; `environ` has the secrets that files name; `full_text` says that
    the ledger keeps the files' text.
    """

    session: tuple[Command, ...]
    limits: Limits
    environ: Mapping[str, str]
    full_text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One file, and the ledger's commands before and after its statements.

    `done` are the numbers of the statements that an earlier run has done; `doubt` is the one that
    it began and whose end nobody saw.
    """

    migration_id: str
    script: Script
    statements: tuple[Statement, ...]
    direction: Direction
    transactional: bool
    conditions: Conditions
    before: tuple[Command, ...]
    after: tuple[Command, ...]
    done: tuple[int, ...] = ()
    doubt: Progress | None = None

    @property
    def limits(self) -> Limits:
        """What the file may cost others."""
        return self.conditions.limits

    def commands(self) -> tuple[Command, ...]:
        """Everything that is sent for this file, in order."""
        if self.transactional:
            return self.transaction()
        parts = [*self.conditions.session, *self.before]
        for statement in self.statements:
            if self.is_due(statement):
                parts += self.statement_commands(statement)
        return (*parts, *self.ending())

    def transaction(self) -> tuple[Command, ...]:
        """A transactional file: its statements and its ledger row commit together."""
        own = bounded_commands(self.statements, self.limits, self.conditions.environ)
        # the ledger belongs to whoever runs us, not to whom the file became
        return (*self.conditions.session, BEGIN, *own, *self._cleaning(), *self.after, COMMIT)

    def parts(self) -> tuple[tuple[Command, ...], ...]:
        """What is sent together of a transactional file."""
        whole = self.transaction()
        settings = len(self.conditions.session)
        if chooses_isolation(self.statements):
            return whole[:settings], whole[settings:]
        return (whole,)

    def _cleaning(self) -> tuple[Command, ...]:
        return cleaning_commands(self.statements, self.conditions.session)

    def ending(self) -> tuple[Command, ...]:
        """What says that a non-transactional file is done."""
        return (BEGIN, *self._cleaning(), *self.after, COMMIT)

    def is_due(self, statement: Statement) -> bool:
        """Whether the statement is still to run; a SET is due in every session."""
        return statement.number not in self.done or is_session_setting(statement)

    def statement_commands(self, statement: Statement) -> tuple[Command, ...]:
        """What is sent for one statement of a non-transactional file."""
        if is_session_setting(statement):
            return (Command.of(statement, self.conditions.environ),)
        if not must_run_alone(statement):
            own = bounded_commands((statement,), self.limits, self.conditions.environ)
            noted = statement_command(self.migration_id, statement, direction=self.direction)
            return (BEGIN, *own, noted, COMMIT)
        return (
            limit_command(self.limits, weigh(statement, set()), local=False),
            statement_begun_command(
                self.migration_id,
                statement,
                direction=self.direction,
                observation=observe(statement),
            ),
            Command.of(statement, self.conditions.environ),
            self.done_command(statement),
            limit_command(self.limits, Weight.LIGHT, local=False),
        )

    def done_command(self, statement: Statement) -> Command:
        """Note that a statement that had been begun is done."""
        return statement_done_command(self.migration_id, statement.number, direction=self.direction)


def apply_work(
    migration: Migration,
    conditions: Conditions,
    *,
    half_done: Entry | None,
    yoyo: YoyoTables | None,
) -> Work:
    """Prepare the apply of one migration.

    Errors: UsageError for a statement that the file's kind cannot run, or whose secret the
    environment does not have; RefusedError when the file was begun before and does not continue
    what was begun.
    """
    statements = checked_statements(migration.script, transactional=migration.transactional)
    check_filled(statements, conditions.environ)
    marks = yoyo.mark(migration.id) if yoyo else ()
    full_text = conditions.full_text
    begun = half_done if half_done is not None and half_done.id == migration.id else None
    if migration.transactional:
        record = record_command(migration, origin=Origin.APPLY, full_text=full_text)
        before: tuple[Command, ...] = ()
        after = (record, *marks)
    else:
        running = record_command(
            migration, origin=Origin.APPLY, state=State.RUNNING, full_text=full_text
        )
        before = () if begun else (running,)
        after = (finish_command(migration, full_text=full_text), *marks)
    steps = _steps(begun, migration.script, statements, Direction.APPLY)
    return Work(
        migration_id=migration.id,
        script=migration.script,
        statements=statements,
        direction=Direction.APPLY,
        transactional=migration.transactional,
        conditions=_for_file(conditions, migration.headers, migration.script),
        before=before,
        after=after,
        done=tuple(s.number for s in steps if s.state == "done"),
        doubt=next((s for s in steps if s.state != "done"), None),
    )


def rollback_work(
    entry: Entry,
    script: Script,
    conditions: Conditions,
    *,
    transactional: bool,
    yoyo: YoyoTables | None,
) -> Work:
    """Prepare the rollback of one migration by its rollback script.

    Errors: as `apply_work`.
    """
    statements = checked_statements(script, transactional=transactional)
    check_filled(statements, conditions.environ)
    if not statements:
        raise RefusedError(
            f"{script.name} holds no statement, and nothing was rolled back",
            hint="write what undoes the migration; where nothing is to be undone: SELECT 1;",
        )
    marks = yoyo.unmark(entry.id) if yoyo else ()
    forget = forget_command(entry.id, action="rollback")
    reverting = entry.state is State.REVERTING
    before = () if transactional or reverting else (state_command(entry.id, State.REVERTING),)
    steps = _steps(entry, script, statements, Direction.ROLLBACK)
    return Work(
        migration_id=entry.id,
        script=script,
        statements=statements,
        direction=Direction.ROLLBACK,
        transactional=transactional,
        conditions=_for_file(conditions, read_headers(script.text), script),
        before=before,
        after=(forget, *marks),
        done=tuple(s.number for s in steps if s.state == "done"),
        doubt=next((s for s in steps if s.state != "done"), None),
    )


def _for_file(conditions: Conditions, headers: tuple[str, ...], script: Script) -> Conditions:
    return replace(conditions, limits=conditions.limits.for_file(headers, script.name))


def checked_statements(script: Script, *, transactional: bool) -> tuple[Statement, ...]:
    """The file's statements.

    Errors: UsageError for a statement that the file's kind cannot run, or that no file may hold.
    """
    statements = script.statements()
    refuse_nested_transactions(statements)
    refuse_unlocking(statements)
    refuse_secrets(statements, script)
    if transactional:
        refuse_in_transaction(statements)
    return statements


def _steps(
    entry: Entry | None,
    script: Script,
    statements: tuple[Statement, ...],
    direction: Direction,
) -> tuple[Progress, ...]:
    """What an earlier, interrupted run has begun and done of this file.

    Errors: RefusedError when one of those statements is another one now.
    """
    if entry is None:
        return ()
    by_number = {s.number: s for s in statements}
    steps = tuple(s for s in entry.progress if s.direction is direction)
    for step in steps:
        statement = by_number.get(step.number)
        if statement is None or raw_hash(statement.text) != step.text_hash:
            raise RefusedError(
                f"{script.name} was changed after its statement {step.number} was run",
                hint="restore the file; finish it; write the change as a new migration",
            )
    return steps
