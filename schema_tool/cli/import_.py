"""`schema-tool import`."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from schema_tool.cli.options import open_target, output_is_json, say, target_options
from schema_tool.errors import ExitCode, SchemaToolError

if TYPE_CHECKING:
    from schema_tool.config import Config
    from schema_tool.pipelines import Imported


@click.command("import")
@target_options
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
@click.option("--team", metavar="UUID", help="Team of the pipelines; needed if you have several.")
@click.option("--user", metavar="UUID", help="Act for this user of the application.")
@click.option("--v1", "from_v1", is_flag=True, help="The files are of version 1 of the format.")
@click.option("--dry-run", is_flag=True, help="Do everything and keep nothing.")
def import_(
    config: Config,
    output: str,
    *,
    files: tuple[Path, ...],
    team: str | None,
    user: str | None,
    from_v1: bool,
    dry_run: bool,
) -> int:
    """Store pipeline files of YAML in the database.

    Each file is a transaction of its own: a bad one is reported and the others are stored.
    """
    import json  # noqa: PLC0415

    from schema_tool.pipelines import import_file  # noqa: PLC0415
    from schema_tool.report.error import error_lines  # noqa: PLC0415

    stored: list[Imported] = []
    failed = 0
    connection, _ = open_target(config)
    with closing(connection):
        if user:
            connection.execute("SELECT set_config('app.user_id', %s, false)", [user])
        with click.progressbar(
            files,
            label="import",
            file=sys.stderr,
            hidden=_is_hidden(config, files),
        ) as shown:
            for path in shown:
                try:
                    stored.append(
                        import_file(
                            connection, path, team=team, from_v1=from_v1, is_dry_run=dry_run
                        )
                    )
                except SchemaToolError as error:
                    failed += 1
                    for line in error_lines(error):
                        say(line)
    if output_is_json(output):
        click.echo(json.dumps([_as_json(one) for one in stored]))
    else:
        for one in stored:
            _print(one)
    kept = "would be stored" if dry_run else "stored"
    say(f"{len(stored)} {kept}, {failed} refused")
    return ExitCode.FAILED if failed else ExitCode.CLEAN


def _is_hidden(config: Config, files: tuple[Path, ...]) -> bool:
    return not config.interactive or len(files) == 1


def _print(one: Imported) -> None:
    click.echo(
        f"{one.path}: {one.pipeline_id} {one.name}, {one.steps} steps,"
        f" {one.connections} connections"
    )
    for line in one.changes:
        click.echo(f"  changed: {line}")
    for line in one.warnings:
        click.echo(f"  warning: {line}")


def _as_json(one: Imported) -> dict[str, object]:
    return {
        "file": str(one.path),
        "pipeline_id": one.pipeline_id,
        "name": one.name,
        "version_number": one.version_number,
        "steps": one.steps,
        "connections": one.connections,
        "changes": list(one.changes),
        "warnings": list(one.warnings),
    }
