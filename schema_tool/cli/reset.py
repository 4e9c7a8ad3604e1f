"""`schema-tool reset`."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from schema_tool.cli.options import (
    load_folder,
    open_target,
    output_is_json,
    refuse_protected,
    resolve_maintenance,
    run_options,
    say,
    target_options,
)

if TYPE_CHECKING:
    from schema_tool.config import Config


@click.command()
@target_options
@click.option(
    "--with-roles/--without-roles",
    default=None,
    help="Run sql/cluster/ first (default: with --local only).",
)
def reset(config: Config, output: str, *, with_roles: bool | None) -> int:
    """Drop and rebuild a database that this tool created.

    Other databases are refused, whatever is said.
    """
    from schema_tool.apply.reset import reset_database  # noqa: PLC0415
    from schema_tool.apply.runner import apply_pending  # noqa: PLC0415
    from schema_tool.report.run import RunReport, run_json  # noqa: PLC0415
    from schema_tool.source import read_cluster_scripts  # noqa: PLC0415

    refuse_protected(config, "reset")
    folder = load_folder(config)
    connection, info = open_target(config)
    with closing(connection):
        name = reset_database(connection, lambda: resolve_maintenance(config))
    say(f"dropped and created {name}")
    connection, _ = open_target(config, announce=False)
    roles = info.embedded if with_roles is None else with_roles
    scripts = read_cluster_scripts(config.sql_folder, shown_from=config.shown_from) if roles else ()
    with closing(connection):
        report = RunReport(say=say, verb="applied", show_each=not output_is_json(output))
        options = run_options(config)
        apply_pending(connection, folder, options, report, cluster_scripts=scripts)
    if output_is_json(output):
        click.echo(run_json(report, database=name))
    else:
        click.echo(report.summary())
    return 0
