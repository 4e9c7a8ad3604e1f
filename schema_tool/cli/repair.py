"""`schema-tool repair`."""

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
@click.option("--reason", required=True, help="Why the file was edited; kept in the ledger.")
def repair(config: Config, output: str, migration_id: str, reason: str) -> int:
    """Accept the edit of one applied file.

    Its SQL is not run; the ledger takes the file as it is now for what was applied.
    """
    import json  # noqa: PLC0415

    from schema_tool.apply.repair import repair as repair_one  # noqa: PLC0415

    folder = load_folder(config)
    migration_id = migration_id.rpartition("/")[2].removesuffix(".sql")
    connection, _ = open_target(config)
    with closing(connection):
        repair_one(
            connection,
            folder,
            migration_id,
            reason=reason,
            full_text=config.settings.ledger_text == "full",
            wait_ms=duration_ms(config.settings.runner_timeout, name="runner_timeout"),
        )
    if output_is_json(output):
        click.echo(json.dumps({"repaired": migration_id, "reason": reason}))
    else:
        click.echo(f"{migration_id} counts as applied as it is now; next: schema-tool verify")
    return 0
