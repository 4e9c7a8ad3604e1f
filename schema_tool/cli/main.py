"""The click group: finds the command, shows an error once, sets the exit code."""

from __future__ import annotations

import importlib
import itertools
import os
import sys
from contextlib import suppress
from typing import NamedTuple

import click

from schema_tool import __version__
from schema_tool.errors import (
    ExitCode,
    FailedError,
    InterruptedRunError,
    SchemaToolError,
    UsageError,
)

PROGRAM = "schema-tool"
# click's own name for it
COMPLETION_VARIABLE = "_SCHEMA_TOOL_COMPLETE"


class _Entry(NamedTuple):
    module: str
    attribute: str
    help: str


# the one-line helps stand here so that --help imports no command; a test holds them to the truth
COMMANDS = {
    "apply": _Entry("apply", "apply", "Apply pending migrations."),
    "plan": _Entry("plan", "plan", "Write down what apply would do, for approval."),
    "status": _Entry("status", "status", "Show which migrations are applied and pending."),
    "rollback": _Entry(
        "rollback", "rollback", "Undo applied migrations by their rollback files, last first."
    ),
    "new": _Entry("new", "new", "Write an empty migration and its rollback file."),
    "baseline": _Entry("baseline", "baseline", "Adopt an existing database without running."),
    "resolve": _Entry("resolve", "resolve", "Say whether a statement in doubt was carried out."),
    "repair": _Entry("repair", "repair", "Accept the edit of one applied file."),
    "manifest": _Entry("manifest", "manifest", "Write migrations/MANIFEST for git to conflict on."),
    "ledger": _Entry("ledger", "ledger", "Look after the ledger itself."),
    "reset": _Entry("reset", "reset", "Drop and rebuild a database that this tool created."),
    "lint": _Entry("lint", "lint", "Check the style and the dangers of SQL files."),
    "diff": _Entry("diff", "diff", "Print the SQL that takes a database to its desired state."),
    "verify": _Entry("verify", "verify", "Prove that database, migrations and sql/ agree."),
    "import": _Entry("import_", "import_", "Store pipeline files of YAML in the database."),
    "export": _Entry("export", "export", "Write pipelines of the database as YAML."),
    "server": _Entry("server", "server", "Run the embedded PostgreSQL server."),
}

HABITS = {
    "up": "apply",
    "migrate": "apply",
    "deploy": "apply",
    "info": "status",
    "down": "rollback",
    "revert": "rollback",
    "undo": "rollback",
    "validate": "verify",
    "clean": "reset",
}


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name the commands in the order a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return one command."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module = importlib.import_module(f"schema_tool.cli.{entry.module}")
        command = getattr(module, entry.attribute)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Meet the habits of other tools with a hint, not an alias."""
        if args and args[0] in HABITS and args[0] not in COMMANDS:
            raise click.UsageError(
                f"there is no command “{args[0]}”; here it is “{HABITS[args[0]]}”:\n"
                f"  schema-tool {HABITS[args[0]]}",
                ctx,
            )
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib  # noqa: PLC0415 - only for an error

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f"did you mean “{near[0]}”?" if near else "schema-tool --help lists them"
            raise click.UsageError(f"there is no command “{args[0]}”; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="schema-tool")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def group(ctx: click.Context, *, debug: bool) -> None:
    """Apply, lint, diff and verify hand-written PostgreSQL schemas."""
    ctx.obj = debug


def main() -> None:
    """Run the command line; the console script's entry point."""
    code = run(sys.argv[1:])
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                with suppress(BrokenPipeError):  # the reader went away: nobody to say it to
                    stream.flush()
    except (OSError, ValueError):
        sys.exit(code)  # Python says what could not be written
    # Two catalogs are taken apart object by object at an ordinary exit: 20 ms for nobody.
    os._exit(code)


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code; an error is shown once, on stderr."""
    if COMPLETION_VARIABLE in os.environ:
        group.main(args=arguments, prog_name=PROGRAM)
    try:
        return _invoke(arguments)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        _show_json(UsageError(error.format_message()), arguments)
        with suppress(BrokenPipeError):
            error.show()
        return ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        _show_json(InterruptedRunError("interrupted"), arguments)
        click.echo("interrupted", err=True)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # the reader went away (| head): nothing to say and nobody to say it to
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - for the exit
        return ExitCode.CLEAN
    except Exception as error:
        if "--debug" in arguments:
            raise
        told = error if isinstance(error, SchemaToolError) else _unexpected(error)
        _show(told, arguments)
        return told.exit_code


def _invoke(arguments: list[str]) -> int:
    # not group.main(): it turns a closed pipe into exit code 1 before we see it
    with group.make_context(PROGRAM, list(arguments)) as context:
        result = group.invoke(context)
    return result if isinstance(result, int) else ExitCode.CLEAN


def _unexpected(error: Exception) -> SchemaToolError:
    if _is_from_server(error):
        from schema_tool.apply.failure import server_error  # noqa: PLC0415

        return server_error(error)
    if isinstance(error, OSError):
        where = f" {error.filename}" if error.filename else ""
        return FailedError(f"{error.strerror or type(error).__name__}:{where or ' while writing'}")
    return FailedError(
        f"this should not have happened: {type(error).__name__}: {error}",
        hint="schema-tool --debug … shows where; please report it",
    )


def _is_from_server(error: Exception) -> bool:
    """Whether the driver raised it; a driver that was never loaded did not."""
    driver = sys.modules.get("psycopg")
    return driver is not None and isinstance(error, driver.Error)


def _show(error: SchemaToolError, arguments: list[str]) -> None:
    from schema_tool.report.error import error_lines  # noqa: PLC0415 - when needed

    _show_json(error, arguments)
    with suppress(BrokenPipeError):
        for line in error_lines(error):
            click.echo(line, err=True)


def _show_json(error: SchemaToolError, arguments: list[str]) -> None:
    """Tell a program of an error on stdout, where it asked for JSON."""
    if "--format=json" in arguments or ("--format", "json") in itertools.pairwise(arguments):
        from schema_tool.report.error import error_json  # noqa: PLC0415 - when needed

        with suppress(BrokenPipeError):
            click.echo(error_json(error))
