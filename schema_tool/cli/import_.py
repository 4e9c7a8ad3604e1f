"""`schema-tool import`."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schema_tool.cli.options import open_target, output_is_json, say, target_options
from schema_tool.errors import ExitCode, SchemaToolError, UsageError

if TYPE_CHECKING:
    import psycopg

    from schema_tool.config import Config
    from schema_tool.pipelines.importing import Imported, ImportWish


@click.command("import")
@target_options
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
@click.option("--team", metavar="UUID", help="Team of the pipelines; needed if you have several.")
@click.option("--user", metavar="UUID", help="Act for this user of the application.")
@click.option("--into", metavar="UUID", help="Bring this pipeline to the state of the file.")
@click.option("--update", is_flag=True, help="Bring the pipeline of the same name to that state.")
@click.option("--v1", "from_v1", is_flag=True, help="The files are of version 1 of the format.")
@click.option("--dry-run", is_flag=True, help="Do everything and keep nothing.")
def import_(
    config: Config,
    output: str,
    *,
    files: tuple[Path, ...],
    team: str | None,
    user: str | None,
    into: str | None,
    update: bool,
    from_v1: bool,
    dry_run: bool,
) -> int:
    """Store pipeline files of YAML in the database.

    Each file is a transaction of its own: a bad one is reported and the others are stored.
    """
    import json  # noqa: PLC0415

    from schema_tool.pipelines.acting import act_for, check_uuid  # noqa: PLC0415
    from schema_tool.pipelines.importing import ImportWish  # noqa: PLC0415
    from schema_tool.report.error import error_lines  # noqa: PLC0415

    for option, value in (("--team", team), ("--user", user), ("--into", into)):
        if value is not None:
            check_uuid(option, value)
    if into and (update or len(files) > 1):
        raise UsageError("--into takes one file and no --update")
    wish = ImportWish(team=team, into=into, update=update, from_v1=from_v1, is_dry_run=dry_run)
    connection, _ = open_target(config)
    with closing(connection):
        act_for(connection, user)
        stored, errors = _import_all(config, connection, files, wish)
    if output_is_json(output):
        click.echo(json.dumps([_as_json(one) for one in stored]))
    else:
        for one in stored:
            _print(one, is_dry_run=dry_run)
    for error in errors:  # last, where they are still on the screen
        for line in error_lines(error):
            say(line)
    failed = len(files) - len(stored)
    unchanged = sum(one.status == "unchanged" for one in stored)
    counts = [f"{len(stored) - unchanged} {'would be stored' if dry_run else 'stored'}"]
    counts += [f"{unchanged} unchanged"] if unchanged else []
    say(", ".join([*counts, f"{failed} refused"]))
    return ExitCode.FAILED if failed else ExitCode.CLEAN


def _import_all(
    config: Config, connection: psycopg.Connection[Any], files: tuple[Path, ...], wish: ImportWish
) -> tuple[list[Imported], list[SchemaToolError]]:
    """Import the files behind a bar; returns also what was wrong with the others."""
    from schema_tool.pipelines.importing import import_file  # noqa: PLC0415

    stored: list[Imported] = []
    errors: list[SchemaToolError] = []
    hidden = not config.interactive or len(files) == 1
    with click.progressbar(files, label="import", file=sys.stderr, hidden=hidden) as shown:
        for path in shown:
            try:
                stored.append(import_file(connection, path, wish))
            except SchemaToolError as error:
                errors.append(error)
                if connection.closed:
                    break
    return stored, errors


def _print(one: Imported, *, is_dry_run: bool) -> None:
    done = f"{one.status} {one.pipeline_id}"
    if is_dry_run and one.status != "unchanged":
        # the id of a pipeline that is not kept is of no use to anybody
        done = f"would be {one.status}" + (
            f": {one.pipeline_id}" if one.status != "created" else ":"
        )
    click.echo(
        f"{one.path}: {done} {one.name}, {_count(one.steps, 'step')},"
        f" {_count(one.connections, 'connection')}"
    )
    for line in one.changes:
        click.echo(f"  changed: {line}")
    for line in one.warnings:
        click.echo(f"  warning: {line}")
    if one.note:
        click.echo(f"  note: {one.note}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _as_json(one: Imported) -> dict[str, object]:
    return {
        "file": str(one.path),
        "pipeline_id": one.pipeline_id,
        "name": one.name,
        "status": one.status,
        "version_number": one.version_number,
        "steps": one.steps,
        "connections": one.connections,
        "changes": list(one.changes),
        "warnings": list(one.warnings),
        "note": one.note or None,
    }
