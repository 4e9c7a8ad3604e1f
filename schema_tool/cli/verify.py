"""`schema-tool verify`."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from schema_tool.cli.options import (
    finding_formats,
    load_folder,
    open_target,
    resolve,
    show,
    target_options,
)
from schema_tool.errors import UsageError

if TYPE_CHECKING:
    from schema_tool.config import Config
    from schema_tool.verify.verify import Sources


@click.command()
@target_options
@click.option("--files", is_flag=True, help="Compare migrations/ with sql/ only: no database.")
@click.option("--rollbacks", is_flag=True, help="Also prove that every rollback file restores.")
@click.option(
    "--scratch",
    metavar="URL",
    help="Server for scratch databases, or “target”; without it a throw-away one is started.",
)
@finding_formats
def verify(
    config: Config, output: str, *, files: bool, rollbacks: bool, scratch: str | None
) -> int:
    """Prove that database, migrations and sql/ agree.

    The database is only read: migrations/ and sql/ are loaded into scratch databases and compared
    there. Exit status 1 says that something differs, 5 that all is equal as far as compared.
    """
    from schema_tool.report.findings import Format  # noqa: PLC0415
    from schema_tool.report.verification import checks_exit_code, checks_report  # noqa: PLC0415
    from schema_tool.verify.verify import verify_database, verify_files  # noqa: PLC0415 - psycopg

    if files and (config.database or config.local):
        raise UsageError("--files compares no database: leave --database and --local away")
    scratch = scratch or config.settings.scratch
    if files:
        checks = verify_files(_sources(config, scratch), rollbacks=rollbacks)
    else:
        if scratch == "target":
            scratch = resolve(config).conninfo
        sources = _sources(config, scratch)
        connection, _ = open_target(config, read_only=True)
        with closing(connection):
            checks = verify_database(connection, sources, rollbacks=rollbacks)
    for line in checks_report(checks, Format(output)):
        show(line)
    return checks_exit_code(checks)


def _sources(config: Config, scratch: str) -> Sources:
    from schema_tool.source import read_cluster_scripts, read_schema_scripts  # noqa: PLC0415
    from schema_tool.verify.verify import Sources  # noqa: PLC0415

    shown_from = config.shown_from
    return Sources(
        folder=load_folder(config),
        schema=read_schema_scripts(config.sql_folder, shown_from=shown_from),
        cluster=read_cluster_scripts(config.sql_folder, shown_from=shown_from),
        names=(f"{config.settings.migrations}/", f"{config.settings.sql}/"),
        scratch=scratch,
        binaries=config.binaries,
    )
