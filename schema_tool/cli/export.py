"""`schema-tool export`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from schema_tool.cli.options import open_target, output_is_json, say, target_options
from schema_tool.errors import ExitCode, UsageError

if TYPE_CHECKING:
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

    One pipeline goes to stdout, several to files in DIR, named after the pipelines.
    """
    import json  # noqa: PLC0415

    from schema_tool.pipelines import export_texts, exported_ids, file_name  # noqa: PLC0415

    if everything == bool(ids):
        raise UsageError("name pipelines by id, or give --all")
    if folder is None and (everything or len(ids) > 1) and not output_is_json(output):
        raise UsageError("several pipelines need a folder: -o DIR")
    taken: set[str] = set()
    written: list[dict[str, str]] = []
    connection, _ = open_target(config, read_only=True)
    with closing(connection):
        if user:
            connection.execute("SELECT set_config('app.user_id', %s, false)", [user])
        for pipeline_id, name, text in export_texts(connection, exported_ids(connection, ids)):
            entry = {"pipeline_id": pipeline_id, "name": name}
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
                path = folder / file_name(name, pipeline_id, taken)
                path.write_text(text, encoding="utf-8", newline="\n")
                entry["file"] = str(path)
            elif output_is_json(output):
                entry["yaml"] = text
            else:
                click.echo(text, nl=False)
            written.append(entry)
    if output_is_json(output):
        click.echo(json.dumps(written))
    elif folder is not None:
        for entry in written:
            click.echo(entry["file"])
        say(f"{len(written)} written")
    return ExitCode.CLEAN
