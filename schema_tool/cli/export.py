"""`schema-tool export`."""

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


@click.command()
@target_options
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--all", "everything", is_flag=True, help="All pipelines that you may read.")
@click.option("--user", metavar="UUID", help="Act for this user of the application.")
@click.option(
    "-o",
    "--out",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Write files there.",
)
def export(
    config: Config,
    output: str,
    *,
    ids: tuple[str, ...],
    everything: bool,
    user: str | None,
    folder: Path | None,
) -> int:
    """Write pipelines of the database as YAML.

    One pipeline goes to stdout, several to files in DIR, named after the pipelines; files of these
    names are replaced.
    """
    import json  # noqa: PLC0415

    from schema_tool.pipelines.acting import act_for, check_uuid  # noqa: PLC0415
    from schema_tool.pipelines.exporting import exported_pipelines  # noqa: PLC0415

    if everything == bool(ids):
        raise UsageError("name pipelines by id, or give --all")
    if folder is None and (everything or len(ids) > 1) and not output_is_json(output):
        raise UsageError("several pipelines need a folder: -o DIR")
    for one in (*ids, *([user] if user is not None else [])):
        check_uuid("ID", one)
    connection, _ = open_target(config, read_only=True)
    with closing(connection):
        act_for(connection, user)
        pipelines = exported_pipelines(connection, ids)
        written, failed = _export_all(config, connection, pipelines, folder)
    if output_is_json(output):
        click.echo(json.dumps(written))
    elif folder is None:
        for entry in written:
            click.echo(entry["yaml"], nl=False)
    else:
        for entry in written:
            click.echo(entry["file"])
    if folder is not None or failed:
        say(f"{len(written)} written" + (f", {failed} not written" if failed else ""))
    if everything and not pipelines:
        say("no pipeline is to be seen: for whom do you act? --user")
    return ExitCode.FAILED if failed else ExitCode.CLEAN


def _export_all(
    config: Config,
    connection: psycopg.Connection[Any],
    pipelines: tuple[tuple[str, str], ...],
    folder: Path | None,
) -> tuple[list[dict[str, str]], int]:
    """What was written, as JSON has it, and how many were not; their errors are said."""
    from schema_tool.pipelines.exporting import (  # noqa: PLC0415
        export_text,
        file_names,
        is_of_no_use,
        make_folder,
        write_file,
    )
    from schema_tool.report.error import error_lines  # noqa: PLC0415

    names = file_names(pipelines)
    written: list[dict[str, str]] = []
    errors: list[SchemaToolError] = []
    if folder is not None:
        make_folder(folder)
    hidden = not config.interactive or folder is None or len(pipelines) < 2
    with click.progressbar(pipelines, label="export", file=sys.stderr, hidden=hidden) as shown:
        for pipeline_id, name in shown:
            entry = {"pipeline_id": pipeline_id, "name": name}
            try:
                text = export_text(connection, pipeline_id)
                if folder is None:
                    entry["yaml"] = text
                else:
                    entry["file"] = str(folder / names[pipeline_id])
                    write_file(folder / names[pipeline_id], text)
                written.append(entry)
            except SchemaToolError as error:
                errors.append(error)
                if is_of_no_use(error):
                    break
    for refusal in errors:
        for line in error_lines(refusal):
            say(line)
    return written, len(pipelines) - len(written)
