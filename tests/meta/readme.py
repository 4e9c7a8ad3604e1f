"""README's generated parts and its executed examples. `make docs` writes the generated ones."""

from __future__ import annotations

import re
from pathlib import Path

import click

from schema_tool.cli.main import COMMANDS, group
from tests.meta.kinds import kind_table

README = Path(__file__).resolve().parents[2] / "README.md"
_SECTION = re.compile(r"(<!-- commands -->\n).*?(<!-- /commands -->)", re.DOTALL)
_KINDS = re.compile(r"(<!-- kinds -->\n).*?(<!-- /kinds -->)", re.DOTALL)
_TOUR = re.compile(r"^```console tour\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def command_reference() -> str:
    """The table of commands and options, from the commands themselves."""
    lines = ["| command | options | what it does |", "|---|---|---|"]
    for name in COMMANDS:
        command = group.get_command(click.Context(group), name)
        assert command is not None
        lines += _rows(name, command)
    shared = "`-d TARGET`, `--local`, `--env NAME`, `--role ROLE`, `--show-data`, "
    shared += "`--wait DURATION`, `--format`"
    return "\n".join(lines) + f"\n\nCommands that take a database share {shared}.\n"


_SHARED = {
    "--database",
    "--local",
    "--env",
    "--role",
    "--show-data",
    "--wait",
    "--format",
    "--help",
}


def _rows(name: str, command: click.Command) -> list[str]:
    if isinstance(command, click.Group):
        rows = []
        for sub in command.list_commands(click.Context(command)):
            each = command.get_command(click.Context(command), sub)
            assert each is not None
            rows += _rows(f"{name} {sub}", each)
        return rows
    arguments = [
        p.make_metavar(click.Context(command))
        for p in command.params
        if isinstance(p, click.Argument)
    ]
    options = [_option(p) for p in command.params if isinstance(p, click.Option)]
    shown = " ".join(option for option in options if option)
    usage = " ".join([name, *arguments])
    return [f"| `{usage}` | {shown} | {command.get_short_help_str(limit=200)} |"]


def _option(option: click.Option) -> str:
    if set(option.opts) & _SHARED:
        return ""
    text = option.opts[-1]
    if option.secondary_opts:
        text += f" / {option.secondary_opts[-1]}"
    if not option.is_flag:
        text += f" {option.metavar or 'N'}"
    return f"`{text}`"


def with_generated(text: str) -> str:
    """README's text with its command reference and its table of kinds written anew."""
    text = _SECTION.sub(lambda m: f"{m.group(1)}{command_reference()}{m.group(2)}", text)
    return _KINDS.sub(lambda m: f"{m.group(1)}{kind_table()}{m.group(2)}", text)


def tour_steps(text: str) -> list[tuple[str, list[str]]]:
    """README's examples: each command with the lines that it prints."""
    steps: list[tuple[str, list[str]]] = []
    for block in _TOUR.findall(text):
        for line in block.splitlines():
            if line.startswith("$ "):
                steps.append((line[2:], []))
            else:
                steps[-1][1].append(line)
    return steps


def main() -> None:
    """Write README anew."""
    README.write_text(with_generated(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
