"""`schema-tool ledger`."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from schema_tool.cli.options import (
    open_target,
    output_is_json,
    refuse_protected,
    target_flags,
    target_options,
)
from schema_tool.config import duration_ms
from schema_tool.errors import RefusedError

if TYPE_CHECKING:
    from schema_tool.config import Config


@click.group()
def ledger() -> None:
    """Look after the ledger itself."""


@ledger.command()
@target_options
@click.option("--yes", is_flag=True, help="Do not ask.")
def uninstall(config: Config, output: str, *, yes: bool) -> int:
    """Drop the ledger; what the migrations made stays.

    Afterwards the database is one that was never seen: `schema-tool baseline ID` adopts it anew.
    """
    import json  # noqa: PLC0415

    from schema_tool.apply.uninstall import uninstall_ledger  # noqa: PLC0415

    refuse_protected(config, "ledger uninstall")
    connection, info = open_target(config)
    with closing(connection):
        question = f"Forget which migrations {info.database} has?"
        if not yes and not (config.interactive and click.confirm(question, err=True)):
            raise RefusedError(
                "the ledger is kept",
                hint=f"schema-tool ledger uninstall --yes{target_flags(config)}",
            )
        wait_ms = duration_ms(config.settings.runner_timeout, name="runner_timeout")
        forgotten = uninstall_ledger(connection, wait_ms=wait_ms)
    if output_is_json(output):
        click.echo(json.dumps({"forgotten": forgotten}))
    else:
        click.echo(f"the ledger of {forgotten} migrations is dropped")
    return 0
