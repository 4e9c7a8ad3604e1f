"""`schema-tool baseline`."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from schema_tool.cli.options import load_folder, open_target, output_is_json, target_options
from schema_tool.config import duration_ms

if TYPE_CHECKING:
    from schema_tool.config import Config


@click.command()
@target_options
@click.argument("migration_id", metavar="ID")
def baseline(config: Config, output: str, migration_id: str) -> int:
    """Adopt an existing database without running.

    Every migration up to and including ID is entered as applied.

    `schema-tool verify` then tells whether the database is what those migrations make.
    """
    import json  # noqa: PLC0415

    from schema_tool.apply.adopt import baseline as adopt  # noqa: PLC0415

    folder = load_folder(config)
    connection, _ = open_target(config)
    with closing(connection):
        adopted = adopt(
            connection,
            folder,
            migration_id,
            yoyo_wanted=config.settings.yoyo,
            wait_ms=duration_ms(config.settings.runner_timeout, name="runner_timeout"),
        )
    if output_is_json(output):
        click.echo(json.dumps({"adopted": list(adopted)}))
    else:
        for entered in adopted:
            click.echo(f"{entered} entered as applied; nothing was run")
        click.echo("next: schema-tool verify")
    return 0
