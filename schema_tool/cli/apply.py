"""`schema-tool apply`."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from schema_tool.cli.interrupt import terminate_as_interrupt
from schema_tool.cli.options import (
    load_folder,
    open_target,
    output_is_json,
    overwriting,
    run_options,
    run_options_flags,
    say,
    target_options,
    with_flags,
)
from schema_tool.config import duration_ms
from schema_tool.errors import RefusedError, TryAgainError, UsageError

if TYPE_CHECKING:
    import psycopg

    from schema_tool.apply.run import Options
    from schema_tool.config import Config
    from schema_tool.server.session import ServerInfo
    from schema_tool.source.migrations import MigrationFolder

CONNECT_EVERY_S = 1.0


@click.command()
@target_options
@click.argument("plan", required=False, metavar="[PLAN]")
@click.option("--to", metavar="ID", help="Stop after this migration.")
@run_options_flags
@click.option("--dry-run", is_flag=True, help="Print the SQL that would run; write nothing.")
@click.option(
    "--rehearse", is_flag=True, help="Run the files on a scratch copy of the schema first."
)
@click.option(
    "--with-roles/--without-roles",
    default=None,
    help="Run sql/cluster/ first (default: with --local only).",
)
@click.option(
    "--allow-out-of-order", is_flag=True, help="Apply a file that comes before applied ones."
)
def apply(
    config: Config,
    output: str,
    plan: str | None,
    to: str | None,
    *,
    dry_run: bool,
    rehearse: bool,
    with_roles: bool | None,
    allow_out_of_order: bool,
    **flags: str | None,
) -> int:
    """Apply pending migrations.

    Each file runs in one transaction together with its row in the ledger; a file that begins
    with “-- transactional: false” runs statement by statement. With a PLAN, as `schema-tool plan`
    writes it, exactly what was approved is applied, or nothing.
    """
    from schema_tool.apply.runner import apply_pending, render_pending  # noqa: PLC0415
    from schema_tool.report.run import RunReport  # noqa: PLC0415
    from schema_tool.source import read_cluster_scripts  # noqa: PLC0415

    folder = load_folder(config)
    options = run_options(with_flags(config, flags), to=to, allow_out_of_order=allow_out_of_order)
    options = _approved(options, plan) if plan else options
    connection, info = _open(config, flags["wait"], read_only=dry_run)
    with closing(connection), terminate_as_interrupt():
        if dry_run:
            for line in render_pending(connection, folder, options):
                click.echo(line)
            return 0
        _refuse_standby(info)
        roles = info.embedded if with_roles is None else with_roles
        scripts = (
            read_cluster_scripts(config.sql_folder, shown_from=config.shown_from) if roles else ()
        )
        report = RunReport(
            say=say,
            verb="applied",
            show_each=not output_is_json(output),
            overwrite=overwriting(),
        )
        if rehearse:
            _rehearse(config, connection, folder, options)
        apply_pending(connection, folder, options, report, cluster_scripts=scripts)
        _summary(connection, report, output, total=len(folder.migrations))
    if info.embedded and report.done and not output_is_json(output):
        _guide()
    return 0


def _rehearse(
    config: Config,
    connection: psycopg.Connection[object],
    folder: MigrationFolder,
    options: Options,
) -> None:
    from schema_tool.apply.rehearse import rehearse as run_on_copy  # noqa: PLC0415
    from schema_tool.report.run import RunReport  # noqa: PLC0415

    report = RunReport(say=say, verb="rehearsed", show_each=False)
    run_on_copy(connection, folder, options, report, configured=config.binaries)
    say(report.summary())


def _open(
    config: Config, wait: str | None, *, read_only: bool
) -> tuple[psycopg.Connection[object], ServerInfo]:
    """Connect; with --wait, again and again while the server is starting or full."""
    patience = duration_ms(wait, name="wait") / 1000 if wait else 0
    end = time.monotonic() + patience
    while True:
        try:
            return open_target(config, read_only=read_only)
        except TryAgainError as error:
            if time.monotonic() > end:
                raise
            say(f"  {error.message}; again in {CONNECT_EVERY_S:g} s")
            time.sleep(CONNECT_EVERY_S)


def _approved(options: Options, plan: str) -> Options:
    """The options of a run that does what the plan's file says, and no more."""
    from schema_tool.apply.approved import read_plan  # noqa: PLC0415

    try:
        text = Path(plan).read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot read {plan}: {error.strerror}") from None
    approved = read_plan(text, plan)
    files = approved["files"]
    return replace(options, approved=approved, to=files[-1]["id"] if files else options.to)


def _refuse_standby(info: ServerInfo) -> None:
    if info.standby:
        raise RefusedError(
            "this server is a standby and takes no writes", hint="name the primary with -d"
        )


def _summary(
    connection: psycopg.Connection[object], report: object, output: str, *, total: int
) -> None:
    from schema_tool.report.run import RunReport, run_json  # noqa: PLC0415

    assert isinstance(report, RunReport)
    if output_is_json(output):
        click.echo(run_json(report, database=connection.info.dbname))
    elif report.done:
        click.echo(report.summary())
    else:
        count = "1 migration" if total == 1 else f"{total} migrations, all"
        click.echo(f"nothing pending: {count} applied")


def _guide() -> None:
    from schema_tool.cli.options import invocation  # noqa: PLC0415

    tool = invocation()
    say(f"look      {tool} server psql   (URL: {tool} server url)")
    say(f"check     {tool} verify --local")
    say(f"stop      {tool} server stop   (it runs on until then, with about 40 MB of memory)")
    say(f"go live   {tool} apply -d service=prod --dry-run")
