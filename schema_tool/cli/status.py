"""`schema-tool status`."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from schema_tool.cli.options import (
    load_folder,
    open_target,
    output_is_json,
    show,
    target_flags,
    target_options,
)
from schema_tool.errors import ExitCode

if TYPE_CHECKING:
    from schema_tool.config import Config


@click.command()
@target_options
@click.option("--exit-code", is_flag=True, help="Exit 1 unless everything is applied.")
def status(config: Config, output: str, *, exit_code: bool) -> int:
    """Show which migrations are applied and pending."""
    from schema_tool.apply.status import read_status  # noqa: PLC0415
    from schema_tool.report.status import status_json, status_lines  # noqa: PLC0415

    folder = load_folder(config)
    connection, _ = open_target(config, read_only=True)
    with closing(connection):
        found = read_status(connection, folder)
    if output_is_json(output):
        show(status_json(found))
    else:
        for line in status_lines(found, target=target_flags(config)):
            show(line)
    return ExitCode.DIFFERS if exit_code and not found.clean else ExitCode.CLEAN
