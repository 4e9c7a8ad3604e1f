"""All checks of `lint` together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema_tool.lint.dangers import check_dangers
from schema_tool.lint.files import Role, select_files
from schema_tool.lint.refused import check_refused
from schema_tool.lint.style import check_style
from schema_tool.lint.syntax import check_syntax
from schema_tool.lint.transactions import check_transactions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from schema_tool.config import Config
    from schema_tool.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class LintResult:
    """How many files were looked at, and what was found in them, sorted by place."""

    files: int
    findings: tuple[Finding, ...]


def lint(config: Config, paths: Sequence[Path] = ()) -> LintResult:
    """Check the files' syntax and style, and the dangers of migrations.

    A file that PostgreSQL's parser rejects is not looked at further: its other findings would be
    guesses.
    Errors: UsageError for paths that are no SQL files, FailedError without the linters.
    """
    selection = select_files(config, paths)
    found = list(selection.findings)
    readable = []
    for file in selection.files:
        syntax = check_syntax(file.script)
        found.extend(syntax)
        if not syntax:
            readable.append(file)
    for file in readable:
        if file.role is not Role.SCHEMA:
            found.extend(check_transactions(file))
            found.extend(check_refused(file))
    migrations = [file for file in readable if file.role is Role.MIGRATION]
    excluded = config.settings.squawk_exclude
    found.extend(check_dangers(migrations, root=config.root, excluded=excluded))
    by_hand = [file.script for file in readable if not file.script.planned]
    found.extend(check_style(by_hand, root=config.root))
    return LintResult(files=len(selection.files), findings=tuple(sorted(found, key=_place)))


def _place(finding: Finding) -> tuple[str, int, int, str]:
    location = finding.location
    if location is None:
        return ("", 0, 0, finding.rule)
    return (location.path, location.line, location.column, finding.rule)
