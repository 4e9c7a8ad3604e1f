"""`schema-tool lint`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from schema_tool.cli.options import config_options, finding_formats, say, show

if TYPE_CHECKING:
    from schema_tool.config import Config


@click.command()
@config_options
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@finding_formats
def lint(config: Config, output: str, *, paths: tuple[Path, ...]) -> int:
    """Check the style and the dangers of SQL files.

    PATHS are files or folders; without any, the project's sql/ and migrations/. Needs no
    database. A line is waived by "-- noqa: RULE" (sqlfluff), a statement by "-- squawk-ignore
    RULE" on the line above (squawk).
    """
    from schema_tool.lint import lint as run_lint  # noqa: PLC0415
    from schema_tool.report.findings import (  # noqa: PLC0415
        Format,
        findings_exit_code,
        findings_report,
        summary,
    )

    result = run_lint(config, paths)
    for line in findings_report(result.findings, Format(output)):
        show(line)
    files = "1 file" if result.files == 1 else f"{result.files} files"
    say(summary(result.findings, of=files))
    return findings_exit_code(result.findings)
