"""`schema-tool plan`."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from schema_tool.cli.options import (
    load_folder,
    open_target,
    output_is_json,
    run_options,
    target_options,
)
from schema_tool.errors import FailedError

if TYPE_CHECKING:
    from schema_tool.config import Config


@click.command()
@target_options
@click.option("-o", "--output", "file", required=True, metavar="FILE", help="Where to write it.")
@click.option("--to", metavar="ID", help="Stop after this migration.")
@click.option(
    "--allow-out-of-order", is_flag=True, help="Plan a file that comes before applied ones, too."
)
def plan(
    config: Config, output: str, file: str, to: str | None, *, allow_out_of_order: bool
) -> int:
    """Write down what apply would do, for approval.

    `schema-tool apply FILE` then does exactly that, or refuses when files, server or ledger are
    not what they were.
    """
    from schema_tool.apply.runner import render_plan  # noqa: PLC0415

    folder = load_folder(config)
    connection, _ = open_target(config, read_only=True)
    with closing(connection):
        options = run_options(config, to=to, allow_out_of_order=allow_out_of_order)
        text = render_plan(connection, folder, options)
    try:
        Path(file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise FailedError(f"cannot write {file}: {error.strerror}") from None
    files = [entry["id"] for entry in json.loads(text)["files"]]
    if output_is_json(output):
        click.echo(json.dumps({"written": file, "files": files}))
    else:
        count = "1 file" if len(files) == 1 else f"{len(files)} files"
        click.echo(f"{file}: {count}; when it is approved: schema-tool apply {file}")
    return 0
