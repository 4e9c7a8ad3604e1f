"""`schema-tool apply`."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schema_tool.cli.interrupt import terminate_as_interrupt
from schema_tool.cli.options import (
    check_run_settings,
    load_listing,
    open_target,
    output_is_json,
    run_options,
    run_options_flags,
    run_report,
    say,
    target_options,
    with_flags,
)
from schema_tool.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from schema_tool.apply.run import Options
    from schema_tool.config import Config
    from schema_tool.server.session import ServerInfo
    from schema_tool.source import Script
    from schema_tool.source.listing import Listing


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
    config = with_flags(config, flags)
    check_run_settings(config)
    approved = _read_approved(plan) if plan else None
    listing = load_listing(config)
    connection, info = open_target(config, read_only=dry_run)
    with closing(connection), terminate_as_interrupt():
        if not dry_run:
            _refuse_standby(info)
        roles = not dry_run and (info.embedded if with_roles is None else with_roles)
        scripts = _cluster_scripts(config) if roles else ()
        look_closely = bool(to or plan or dry_run or rehearse or scripts or config.settings.yoyo)
        if not look_closely and _unchanged(connection, listing):
            _say_nothing_pending(info, output, total=len(listing.migrations))
            return 0
        options = _options(config, to=to, allow_out_of_order=allow_out_of_order, approved=approved)
        run = _Run(connection, info.database, listing, options, output=output)
        if dry_run:
            return run.show()
        if rehearse:
            run.rehearse(config)
        applied = run.apply(scripts)
    if info.embedded and applied and not output_is_json(output):
        _guide()
    return 0


def _options(
    config: Config, *, to: str | None, allow_out_of_order: bool, approved: dict[str, Any] | None
) -> Options:
    """What the runner is told; with an approved plan, to do what that says and no more."""
    options = run_options(config, to=to, allow_out_of_order=allow_out_of_order)
    if approved is None:
        return options
    files = approved["files"]
    last = files[-1]["id"] if files else options.to
    late = options.allow_out_of_order or approved["allow_out_of_order"]
    return replace(options, approved=approved, to=last, allow_out_of_order=late)


class _Run:
    """One apply that has something to do; the runner is loaded only here."""

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        database: str,
        listing: Listing,
        options: Options,
        *,
        output: str,
    ) -> None:
        from schema_tool.source.migrations import order_migrations  # noqa: PLC0415 - loads yoyo

        self._connection = connection
        # a connection that is lost on the way cannot tell its name at the end
        self._database = database
        self._folder = order_migrations(listing)
        self._options = options
        self._output = output

    def show(self) -> int:
        """Print the SQL that would run."""
        from schema_tool.apply.runner import render_pending  # noqa: PLC0415
        from schema_tool.report.run import pending_json, pending_lines  # noqa: PLC0415

        pending = tuple(render_pending(self._connection, self._folder, self._options))
        if output_is_json(self._output):
            click.echo(pending_json(pending, database=self._database))
            return 0
        for line in pending_lines(pending):
            click.echo(line)
        if not pending:
            say(_nothing_pending(len(self._folder.migrations)))
        return 0

    def rehearse(self, config: Config) -> None:
        """Run the files on a scratch copy first."""
        from schema_tool.apply.rehearse import rehearse as run_on_copy  # noqa: PLC0415
        from schema_tool.report.run import RunReport  # noqa: PLC0415

        report = RunReport(say=say, verb="rehearsed", show_each=False)
        run_on_copy(
            self._connection, self._folder, self._options, report, configured=config.binaries
        )
        say(report.summary())

    def apply(self, scripts: Sequence[Script]) -> int:
        """Apply what is pending, tell of it, and return how many files that were."""
        from schema_tool.apply.runner import apply_pending  # noqa: PLC0415
        from schema_tool.report.run import run_json  # noqa: PLC0415

        report = run_report(self._output, verb="applied")
        apply_pending(
            self._connection, self._folder, self._options, report, cluster_scripts=scripts
        )
        if output_is_json(self._output):
            click.echo(run_json(report, database=self._database))
        elif report.done:
            click.echo(report.summary())
        else:
            click.echo(_nothing_pending(len(self._folder.migrations)))
        return len(report.done)


def _unchanged(connection: psycopg.Connection[Any], listing: Listing) -> bool:
    from schema_tool.apply.unchanged import is_unchanged  # noqa: PLC0415

    return is_unchanged(connection, listing)


def _say_nothing_pending(info: ServerInfo, output: str, *, total: int) -> None:
    if output_is_json(output):
        from schema_tool.report.run import run_json  # noqa: PLC0415

        report = run_report(output, verb="applied")
        click.echo(run_json(report, database=info.database))
    else:
        click.echo(_nothing_pending(total))


def _nothing_pending(total: int) -> str:
    count = "1 migration" if total == 1 else f"{total} migrations, all"
    return f"nothing pending: {count} applied"


def _cluster_scripts(config: Config) -> tuple[Script, ...]:
    from schema_tool.source import read_cluster_scripts  # noqa: PLC0415 - loads the parser

    return read_cluster_scripts(config.sql_folder, shown_from=config.shown_from)


def _read_approved(plan: str) -> dict[str, Any]:
    from schema_tool.apply.approved import read_plan  # noqa: PLC0415

    try:
        text = Path(plan).read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot read {plan}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{plan} is not a plan", hint="schema-tool plan -o plan.json") from None
    return read_plan(text, plan)


def _refuse_standby(info: ServerInfo) -> None:
    if info.standby:
        raise RefusedError(
            "this server is a standby and takes no writes", hint="name the primary with -d"
        )


def _guide() -> None:
    from schema_tool.cli.options import invocation  # noqa: PLC0415

    tool = invocation()
    say(f"look      {tool} server psql   (URL: {tool} server url)")
    say(f"check     {tool} verify --local")
    say(f"stop      {tool} server stop   (it runs on until then, with about 40 MB of memory)")
    say(f"go live   {tool} apply -d service=prod --dry-run")
