"""The options that commands share, and what they become: a Config and an open target."""

from __future__ import annotations

import functools
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from schema_tool.config import Config, load_config
from schema_tool.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

    from schema_tool.server.session import ServerInfo


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
    @format_option
    @functools.wraps(command)
    def with_config(
        *,
        database: str | None,
        local: bool,
        environment: str | None,
        role: str | None,
        show_data: bool,
        **arguments: Any,
    ) -> Any:
        if local and database:
            raise UsageError("--local and --database name two different targets")
        config = _load(
            environment=environment, database=database, local=local, role=role, show_data=show_data
        )
        return command(config=config, **arguments)

    return with_config


def format_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--format`, which every command takes."""
    return click.option(
        "--format",
        "output",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="How results are printed on stdout.",
    )(command)


def _load(**flags: Any) -> Config:
    interactive = sys.stdin.isatty() and sys.stderr.isatty() and not os.environ.get("CI")
    return load_config(interactive=interactive, **flags)


def open_target(
    config: Config, *, read_only: bool = False, announce: bool = True
) -> tuple[psycopg.Connection[Any], ServerInfo]:
    """Resolve the target, connect and print the banner line on stderr."""
    from schema_tool.server.session import banner, connect, describe  # noqa: PLC0415 - psycopg

    target = resolve(config)
    connection = connect(target, role=config.role, read_only=read_only)
    info = describe(connection)
    if announce:
        click.echo(banner(info), err=True)
    return connection, info


def resolve(config: Config) -> Any:
    """The target that flags, environment and configuration name."""
    from schema_tool.server.target import resolve_target  # noqa: PLC0415 - starts a server

    return resolve_target(
        database=config.database or _configured(config),
        local=config.local,
        environ=config.environ,
        interactive=config.interactive,
        project_root=config.root,
        binaries=config.binaries,
        dbname=config.settings.dbname,
    )


def _configured(config: Config) -> str | None:
    # an environment chosen by name means its database; the project's default comes last
    return (config.settings.database or None) if config.environment else None
