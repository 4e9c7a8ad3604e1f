"""`schema-tool new`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from schema_tool.cli.options import config_options, output_is_json

if TYPE_CHECKING:
    from schema_tool.config import Config


@click.command()
@config_options
@click.argument("name")
def new(config: Config, output: str, name: str) -> int:
    """Write an empty migration and its rollback file.

    The number follows the last migration's, and the file depends on it.
    """
    import json  # noqa: PLC0415

    from schema_tool.source.draft import write_draft  # noqa: PLC0415
    from schema_tool.source.scripts import shown_path  # noqa: PLC0415

    written = write_draft(config.migrations_folder, name, shown_from=config.shown_from)
    names = [shown_path(path, config.shown_from) for path in written]
    click.echo(json.dumps({"written": names}) if output_is_json(output) else "\n".join(names))
    return 0
