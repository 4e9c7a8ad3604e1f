"""The files that run after every apply that applied something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schema_tool.apply.command import run_commands
from schema_tool.apply.record import event_command
from schema_tool.server.execute import run_script

if TYPE_CHECKING:
    import psycopg

    from schema_tool.apply.run import Options
    from schema_tool.source.migrations import MigrationFolder

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


def run_post_apply(
    connection: psycopg.Connection[Any], folder: MigrationFolder, options: Options
) -> None:
    """Run them in order; one that fails is due again at the next apply."""
    session = options.conditions.session
    for migration in folder.post_apply:
        run_commands(connection, session, migration.script, show_data=options.show_data)
        run_script(
            connection,
            migration.script,
            transactional=migration.transactional,
            show_data=options.show_data,
        )
    last = folder.post_apply[-1]
    noted = (*session, event_command(last.id, action=ACTION))
    run_commands(connection, noted, last.script, show_data=options.show_data)
