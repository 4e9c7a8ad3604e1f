"""The files that run after every apply that applied something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schema_tool.apply.alone import is_session_setting, must_run_alone
from schema_tool.apply.command import BEGIN, COMMIT, Command, run_commands
from schema_tool.apply.limits import bounded_commands, limit_command
from schema_tool.apply.record import event_command
from schema_tool.apply.run import attempts_for
from schema_tool.apply.traces import cleaning_commands
from schema_tool.apply.weight import Weight, weigh
from schema_tool.apply.work import checked_statements

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from schema_tool.apply.attempt import Attempts
    from schema_tool.apply.run import Options, Watcher
    from schema_tool.source import Migration
    from schema_tool.source.migrations import MigrationFolder
    from schema_tool.sqltext import Statement

ACTION = "post-apply"
_DUE = """
SELECT coalesce(max(e.id) FILTER (WHERE e.action = 'apply'), 0)
    > coalesce(max(e.id) FILTER (WHERE e.action = %s), 0)
FROM schema_tool.event AS e
"""


def post_apply_due(connection: psycopg.Connection[Any], folder: MigrationFolder) -> bool:
    """Whether something was applied since these files last ran to their end."""
    if not folder.post_apply:
        return False
    row = connection.execute(_DUE, (ACTION,)).fetchone()
    return row is not None and bool(row[0])


def check_post_apply(folder: MigrationFolder) -> None:
    """Split and check the files before anything has started.

    Errors: as `checked_statements`.
    """
    for migration in folder.post_apply:
        checked_statements(migration.script, transactional=migration.transactional)


def run_post_apply(
    connection: psycopg.Connection[Any],
    folder: MigrationFolder,
    options: Options,
    watcher: Watcher,
) -> None:
    """Run them in order; one that fails is due again at the next apply.

    Errors: as `run_work`.
    """
    with attempts_for(connection, options, watcher) as attempts:
        for migration in folder.post_apply:
            _PostApply(connection, migration, options, attempts).run()
    last = folder.post_apply[-1]
    noted = (*options.conditions.session, event_command(last.id, action=ACTION))
    run_commands(connection, noted, last.script, show_data=options.show_data)


class _PostApply:
    """One of the files; what it costs others is bounded as a migration's cost is."""

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        migration: Migration,
        options: Options,
        attempts: Attempts,
    ) -> None:
        self._connection = connection
        self._migration = migration
        self._script = migration.script
        self._options = options
        self._attempts = attempts
        self._limits = options.conditions.limits.for_file(migration.headers, self._script.name)

    def run(self) -> None:
        transactional = self._migration.transactional
        statements = checked_statements(self._script, transactional=transactional)
        session = self._options.conditions.session
        cleaning = cleaning_commands(statements, session)
        if transactional:
            self._try(self._script.name, ((*session, *self._together(statements, cleaning)),))
            return
        self._send(session)
        for statement in statements:
            label = f"{self._script.name}, statement {statement.number} of {len(statements)}"
            self._try(label, self._by_itself(statement))
        self._send(cleaning)

    def _together(
        self, statements: Sequence[Statement], cleaning: Sequence[Command] = ()
    ) -> tuple[Command, ...]:
        own = bounded_commands(statements, self._limits, self._options.conditions.environ)
        return (BEGIN, *own, *cleaning, COMMIT)

    def _by_itself(self, statement: Statement) -> tuple[tuple[Command, ...], ...]:
        own = Command.of(statement, self._options.conditions.environ)
        if is_session_setting(statement):
            return ((own,),)
        if must_run_alone(statement):
            limit = limit_command(self._limits, weigh(statement, set()), local=False)
            usual = limit_command(self._limits, Weight.LIGHT, local=False)
            return (limit,), (own,), (usual,)
        return (self._together((statement,)),)

    def _try(self, label: str, groups: Sequence[Sequence[Command]]) -> None:
        def send() -> None:
            for commands in groups:
                self._send(commands)

        self._attempts.run(label, self._limits, send)

    def _send(self, commands: Sequence[Command]) -> None:
        show_data = self._options.show_data
        run_commands(self._connection, commands, self._script, show_data=show_data)
