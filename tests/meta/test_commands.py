"""The command table, which --help prints without importing a command, tells the truth."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from schema_tool.cli.main import COMMANDS, HABITS, group


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_has_the_commands_own_first_line(name: str) -> None:
    command = group.get_command(click.Context(group), name)
    assert command is not None
    assert command.get_short_help_str(limit=200) == COMMANDS[name].help


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_prints_text_or_json(name: str) -> None:
    command = group.get_command(click.Context(group), name)
    commands = command.commands.values() if isinstance(command, click.Group) else [command]
    for each in commands:
        assert each is not None
        formats = [p for p in each.params if "--format" in p.opts]
        assert formats, f"{name} {each.name}"


def test_habits_lead_to_commands() -> None:
    assert set(HABITS.values()) <= set(COMMANDS)
    assert not set(HABITS) & set(COMMANDS)


def test_help_loads_no_driver_no_linter_and_no_parser() -> None:
    heavy = "{'psycopg', 'sqlfluff', 'yoyo', 'postgast', 'rich', 'yaml'}"
    code = (
        "import sys\n"
        "from schema_tool.cli.main import run\n"
        "run(['--help'])\n"
        f"sys.exit(repr(sorted({heavy} & set(sys.modules))) if {heavy} & set(sys.modules) else 0)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
