"""`schema-tool rollback`."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from schema_tool.cli.interrupt import terminate_as_interrupt
from schema_tool.cli.options import (
    load_folder,
    open_target,
    output_is_json,
    refuse_protected,
    run_options,
    run_options_flags,
    run_report,
    say,
    target_options,
    with_flags,
)
from schema_tool.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from schema_tool.config import Config


@click.command()
@target_options
@click.option("--to", metavar="ID", help="Undo everything after this migration; it stays.")
@click.option("--steps", type=click.IntRange(min=1), metavar="N", help="Undo the last N (1).")
@run_options_flags
@click.option("--yes", is_flag=True, help="Do not ask.")
def rollback(
    config: Config,
    output: str,
    to: str | None,
    steps: int | None,
    *,
    yes: bool,
    **flags: str | None,
) -> int:
    """Undo applied migrations by their rollback files, last first.

    Rollback files drop what migrations made, with the rows in it; so this asks first, unless
    the database is the embedded server's.
    """
    from schema_tool.apply.ledger import read_ledger  # noqa: PLC0415
    from schema_tool.apply.rollback import choose_entries, lost_by, roll_back  # noqa: PLC0415
    from schema_tool.report.run import run_json  # noqa: PLC0415

    if to is not None and steps is not None:
        raise UsageError("--to and --steps say two different things; give one")
    refuse_protected(config, "rollback")
    folder = load_folder(config)
    connection, info = open_target(config)
    with closing(connection), terminate_as_interrupt():
        chosen = choose_entries(read_ledger(connection), to=to, steps=steps or 1)
        ids = tuple(entry.id for entry in chosen)
        options = run_options(with_flags(config, flags), to=to)
        if ids and not (yes or info.embedded):
            _ask(config, ids, lost_by(connection, folder, chosen, options))
        report = run_report(output, verb="rolled back")
        if ids:
            roll_back(connection, folder, options, report, expected=ids)
        if output_is_json(output):
            click.echo(run_json(report, database=info.database))
        else:
            click.echo(report.summary() if ids else "nothing to roll back")
    return 0


def _ask(config: Config, ids: tuple[str, ...], lost: tuple[str, ...]) -> None:
    listed = ", ".join(ids)
    if not config.interactive:
        raise RefusedError(
            f"rolling back {listed} drops what they made"
            + ("".join(f"; {line}" for line in lost) if lost else "")
            + ", and there is nobody to ask",
            hint="add --yes when that is meant",
        )
    for line in lost:
        say(line)
    if not click.confirm(f"Roll back {listed}? What they made is dropped, rows included", err=True):
        raise RefusedError("nothing was rolled back")
