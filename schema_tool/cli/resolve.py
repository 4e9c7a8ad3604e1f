"""`schema-tool resolve`."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from schema_tool.cli.options import load_folder, open_target, output_is_json, target_options
from schema_tool.config import duration_ms
from schema_tool.errors import UsageError

if TYPE_CHECKING:
    from schema_tool.config import Config


@click.command()
@target_options
@click.argument("statement", metavar="ID:N")
@click.option("--done/--not-done", default=None, help="What the database shows.")
def resolve(config: Config, output: str, statement: str, *, done: bool | None) -> int:
    """Say whether a statement in doubt was carried out.

    Asked for when a runner was stopped while a statement ran that has no transaction; status
    names the statement.
    """
    import json  # noqa: PLC0415

    from schema_tool.apply.resolve import resolve_statement  # noqa: PLC0415

    migration_id, _, number = statement.rpartition(":")
    if not migration_id or not number.isdigit():
        raise UsageError(f"“{statement}” is not ID:N, as in 0007_index:2")
    if done is None:
        raise UsageError("say which it is: --done or --not-done")
    folder = load_folder(config)
    connection, _ = open_target(config)
    with closing(connection):
        resolve_statement(
            connection,
            folder,
            migration_id,
            int(number),
            done=done,
            wait_ms=duration_ms(config.settings.runner_timeout, name="runner_timeout"),
        )
    said = "done" if done else "not done"
    if output_is_json(output):
        click.echo(json.dumps({"migration": migration_id, "statement": int(number), "is": said}))
    else:
        click.echo(f"statement {number} of {migration_id} is {said}; next: schema-tool apply")
    return 0
