"""The options that commands share, and what they become: a Config and an open target."""

from __future__ import annotations

import functools
import os
import shlex
import shutil
import sys
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from schema_tool.config import Config, duration_ms, load_config
from schema_tool.errors import RefusedError, TryAgainError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import psycopg

    from schema_tool.apply.run import Options as RunOptions
    from schema_tool.report.run import RunReport
    from schema_tool.server.session import ServerInfo
    from schema_tool.server.target import Target
    from schema_tool.source.listing import Listing
    from schema_tool.source.migrations import MigrationFolder


CONNECT_EVERY_S = 1.0


def config_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of every command that needs the project but no database."""

    @click.option("--env", "environment", metavar="NAME", help="Environment of the configuration.")
    @format_option
    @functools.wraps(command)
    def with_config(*, environment: str | None, **arguments: Any) -> Any:
        return command(config=_load(environment=environment), **arguments)

    return with_config


def target_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of every command that talks to a database."""

    @click.option(
        "-d",
        "--database",
        metavar="TARGET",
        help="URL, conninfo string or service=NAME of the database.",
    )
    @click.option("--local", is_flag=True, help="Use the embedded server, whatever is set.")
    @click.option("--env", "environment", metavar="NAME", help="Environment of the configuration.")
    @click.option("--role", metavar="ROLE", help="SET ROLE for the run.")
    @click.option("--show-data", is_flag=True, help="Show row values in errors, also in CI.")
    @click.option(
        "--wait",
        metavar="DURATION",
        help="Wait so long for a server that is not up, and for others in the way (60s).",
    )
    @format_option
    @functools.wraps(command)
    def with_config(
        *,
        database: str | None,
        local: bool,
        environment: str | None,
        role: str | None,
        show_data: bool,
        wait: str | None,
        **arguments: Any,
    ) -> Any:
        if database is not None and not database.strip():
            raise UsageError("--database is empty", hint="is a variable unset that should name it?")
        if local and database:
            raise UsageError("--local and --database name two different targets")
        config = _load(
            environment=environment,
            database=database,
            local=local,
            role=role,
            show_data=show_data,
            wait=wait,
        )
        return command(config=config, **arguments)

    return with_config


def run_options_flags(command: Callable[..., Any]) -> Callable[..., Any]:
    """How much a run may cost others and how patient it is; each is a setting, too."""
    for flag, words in (
        ("--runner-timeout", "How long to wait for another runner to end (60s)."),
        ("--lock-timeout", "How long a file may wait for its first strong lock (1200ms)."),
        ("--max-stall", "How long a file may keep others waiting in all (2s)."),
    ):
        command = click.option(flag, metavar="DURATION", help=words)(command)
    return command


def with_flags(config: Config, flags: Mapping[str, str | None]) -> Config:
    """The configuration with the settings that were given as flags."""
    given: dict[str, Any] = {name: value for name, value in flags.items() if value is not None}
    return replace(config, settings=replace(config.settings, **given)) if given else config


def format_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--format`, which every command takes."""
    return click.option(
        "--format",
        "output",
        type=click.Choice(getattr(command, "formats", ("text", "json"))),
        default="text",
        show_default=True,
        help="How results are printed on stdout.",
    )(command)


def finding_formats(command: Callable[..., Any]) -> Callable[..., Any]:
    """Widen `--format` of a command whose results are findings; stands below its options."""
    command.formats = ("text", "json", "github", "sarif")  # type: ignore[attr-defined]
    return command


def _load(**flags: Any) -> Config:
    # a daemon may have closed stdin; Python then has none
    on_terminal = sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
    interactive = on_terminal and not os.environ.get("CI")
    return load_config(interactive=interactive, **flags)


def open_target(
    config: Config, *, read_only: bool = False, announce: bool = True
) -> tuple[psycopg.Connection[Any], ServerInfo]:
    """Resolve the target, connect and print the banner line on stderr.

    With --wait again and again, while the server is starting, stopping, full or not there.
    Errors: as `connect`; TryAgainError when the time is over.
    """
    from schema_tool.server.refusal import UnreachableError  # noqa: PLC0415 - psycopg

    patience = duration_ms(config.patience, name="wait") / 1000 if config.patience else 0
    end = time.monotonic() + patience
    said = ""
    while True:
        try:
            return _open_once(config, read_only=read_only, announce=announce)
        except (TryAgainError, UnreachableError) as error:
            if time.monotonic() >= end:
                if patience and isinstance(error, UnreachableError):
                    # who waits for a server says that it will be there
                    raise error.later() from None
                raise
            if error.message != said:
                said = error.message
                say(f"  {said}; waiting for it")
            time.sleep(CONNECT_EVERY_S)


def _open_once(
    config: Config, *, read_only: bool, announce: bool
) -> tuple[psycopg.Connection[Any], ServerInfo]:
    from schema_tool.server.session import banner, connect, describe  # noqa: PLC0415 - psycopg

    target = resolve(config)
    connection = connect(target, role=config.role, read_only=read_only)
    if not read_only:
        connection.add_notice_handler(_tell_notice)
    info = describe(connection, target)
    if announce:
        say(banner(info) + _ignored_variables(config))
    return connection, info


def _tell_notice(notice: psycopg.errors.Diagnostic) -> None:
    say(f"{notice.severity}: {notice.message_primary}")


def target_flags(config: Config) -> str:
    """The flags that lead another command to the same database as the same role.

    A connection string that holds a password is not repeated.
    """
    words = ["--local"] if config.local else []
    if config.database:
        from schema_tool.sqltext.secrets import holds_password  # noqa: PLC0415 - for a hint

        secret = holds_password(config.database)
        words += ["-d", "…" if secret else shlex.quote(config.database)]
    words += ["--env", shlex.quote(config.environment)] if config.environment else []
    words += ["--role", shlex.quote(config.role)] if config.role else []
    return "".join(f" {word}" for word in words)


def resolve(config: Config) -> Target:
    """The target that flags, environment and configuration name."""
    from schema_tool.server.target import resolve_target  # noqa: PLC0415 - may start a server

    return resolve_target(
        database=_named_database(config),
        local=config.local,
        environ=config.environ,
        interactive=config.interactive,
        project_root=config.root,
        binaries=config.binaries,
        dbname=config.settings.dbname,
    )


def _named_database(config: Config) -> str | None:
    """The flag's database; else the chosen environment's; else, below the variable, the file's."""
    if config.local:
        return None
    by_variable = "SCHEMA_TOOL_DATABASE" in config.environ and not config.environment
    configured = None if by_variable else config.settings.database
    return config.database or configured or None


def resolve_maintenance(config: Config) -> psycopg.Connection[Any]:
    """Connect to the target's server, but to the database `postgres`."""
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415

    from schema_tool.server.session import connect  # noqa: PLC0415

    target = resolve(config)
    return connect(replace(target, conninfo=make_conninfo(target.conninfo, dbname="postgres")))


def refuse_protected(config: Config, command: str) -> None:
    """Refuse what destroys in a protected environment, whatever is answered or flagged.

    Errors: RefusedError.
    """
    if config.settings.protected:
        where = f"the environment “{config.environment}”" if config.environment else "this project"
        raise RefusedError(
            f"{where} is protected, and {command} destroys",
            hint=f"if it is meant: SCHEMA_TOOL_PROTECTED=false schema-tool {command} …",
        )


def load_listing(config: Config) -> Listing:
    """Read the files of the project's migrations folder."""
    from schema_tool.source.listing import read_listing  # noqa: PLC0415
    from schema_tool.source.manifest import check_manifest  # noqa: PLC0415

    listing = read_listing(config.migrations_folder, shown_from=config.shown_from)
    check_manifest(config.migrations_folder, listing, shown_from=config.shown_from)
    return listing


def load_folder(config: Config) -> MigrationFolder:
    """Read the project's migrations."""
    from schema_tool.source.migrations import order_migrations  # noqa: PLC0415 - loads yoyo

    return order_migrations(load_listing(config))


def check_run_settings(config: Config) -> None:
    """Check what a run is told, before a server is asked for anything.

    Errors: UsageError for a duration, a number or a word that is none.
    """
    settings = config.settings
    if settings.ledger_text not in {"hash", "full"}:
        raise UsageError(f"ledger_text: “{settings.ledger_text}” is neither hash nor full")
    if not settings.max_waiters.isdigit():
        raise UsageError(f"max_waiters: “{settings.max_waiters}” is not a number")
    for name in ("lock_timeout", "max_stall", "long_timeout", "runner_timeout", "wait"):
        duration_ms(getattr(settings, name), name=name)


def run_options(
    config: Config, *, to: str | None = None, allow_out_of_order: bool = False
) -> RunOptions:
    """What the runner is told, from flags and configuration."""
    from schema_tool.apply.limits import Limits, session_commands  # noqa: PLC0415
    from schema_tool.apply.run import Options as RunOptions  # noqa: PLC0415
    from schema_tool.apply.work import Conditions  # noqa: PLC0415
    from schema_tool.server.session import connect  # noqa: PLC0415

    check_run_settings(config)
    settings = config.settings
    limits = Limits(
        lock_ms=duration_ms(settings.lock_timeout, name="lock_timeout"),
        stall_ms=duration_ms(settings.max_stall, name="max_stall"),
        long_ms=duration_ms(settings.long_timeout, name="long_timeout"),
        waiters=int(settings.max_waiters),
    )
    return RunOptions(
        conditions=Conditions(
            session=session_commands(role=config.role, limits=limits),
            limits=limits,
            environ=config.environ,
            full_text=settings.ledger_text == "full",
        ),
        connect=lambda: connect(resolve(config), role=config.role),
        to=to,
        allow_out_of_order=allow_out_of_order,
        yoyo=settings.yoyo,
        runner_timeout_ms=duration_ms(settings.runner_timeout, name="runner_timeout"),
        wait_ms=duration_ms(settings.wait, name="wait"),
        show_data=shows_data(config),
    )


def shows_data(config: Config) -> bool:
    """Whether row values may be printed: on a terminal, or when asked for."""
    return config.interactive or config.show_data


def _ignored_variables(config: Config) -> str:
    """Say that --local leaves a database aside that is named elsewhere."""
    ignored = [name for name in ("SCHEMA_TOOL_DATABASE", "DATABASE_URL") if name in config.environ]
    return f" ({' and '.join(ignored)} ignored)" if config.local and ignored else ""


def say(line: str) -> None:
    """Print talk and progress, which belong on stderr; nobody listening is no reason to stop."""
    with suppress(BrokenPipeError):
        click.echo(line, err=True)


def show(text: str, *, nl: bool = True, color: bool | None = None) -> None:
    """Print a result; a reader that went away changes neither what is done nor the exit code."""
    with suppress(BrokenPipeError):
        click.echo(text, nl=nl, color=color)


def overwriting() -> Callable[[str], None] | None:
    """A function that replaces the terminal's last line; nothing where there is no terminal."""
    if not sys.stderr.isatty() or os.environ.get("CI"):
        return None

    def overwrite(line: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        # back to the line's start, and away with what is there
        click.echo(f"\r\x1b[K{line[:width]}", err=True, nl=False)

    return overwrite


def run_report(output: str, *, verb: str) -> RunReport:
    """What collects a run's results and shows it as it goes."""
    from schema_tool.report.run import RunReport  # noqa: PLC0415

    shown = not output_is_json(output)
    return RunReport(say=say, verb=verb, show_each=shown, overwrite=overwriting())


def output_is_json(output: str) -> bool:
    """Whether stdout is for a program."""
    return output == "json"


def invocation() -> str:
    """How the tool is called from here: its name where it is on the path, else its file."""
    from pathlib import Path  # noqa: PLC0415

    own = Path(sys.argv[0])
    found = shutil.which("schema-tool")
    if found is not None and Path(found).resolve() == own.resolve():
        return "schema-tool"
    try:
        return own.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(own)
