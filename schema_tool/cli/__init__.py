"""One file per command: arguments in, report out, no logic."""

from schema_tool.cli.main import main

__all__ = ["main"]
