"""`schema-tool manifest`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from schema_tool.cli.options import config_options, output_is_json

if TYPE_CHECKING:
    from schema_tool.config import Config


@click.command()
@config_options
def manifest(config: Config, output: str) -> int:
    """Write migrations/MANIFEST for git to conflict on.

    It has a line a migration: two branches that each add one conflict in git.

    Where the file is, `new` adds to it and every command holds the folder against it.
    """
    import json  # noqa: PLC0415

    from schema_tool.source.manifest import write_manifest  # noqa: PLC0415
    from schema_tool.source.migrations import read_migrations  # noqa: PLC0415
    from schema_tool.source.scripts import shown_path  # noqa: PLC0415

    folder = config.migrations_folder
    migrations = read_migrations(folder, shown_from=config.shown_from).migrations
    path = write_manifest(folder, [migration.id for migration in migrations])
    shown = shown_path(path, config.shown_from)
    click.echo(json.dumps({"written": [shown]}) if output_is_json(output) else shown)
    return 0
