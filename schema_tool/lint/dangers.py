"""What a migration's text shows of its dangers, by squawk."""

from __future__ import annotations

import glob
import importlib.metadata
import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schema_tool.errors import FailedError, Location
from schema_tool.findings import Finding, Severity
from schema_tool.lint.exclusions import ABOUT_EXISTING_TABLES, EXCLUDED, decided_by_schema
from schema_tool.lint.newborn import newborn_ranges
from schema_tool.lint.style import INSTALL_HINT
from schema_tool.sqltext import without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from schema_tool.lint.files import LintFile
    from schema_tool.source import Script

PREFIX = "squawk."
UNREADABLE = "syntax-error"
# a command line holds 2 MB at the least; a path is at most 4 kB
FILES_PER_RUN = 400


def check_dangers(
    files: Sequence[LintFile],
    *,
    root: Path,
    excluded: Sequence[str],
) -> Iterator[Finding]:
    """Run squawk over migrations; `excluded` adds to the rules in exclusions.py.

    A project's `.squawk.toml` holds, and so does `-- squawk-ignore`. The files are SQL to
    PostgreSQL, so that one which squawk cannot read is a note.
    Errors: FailedError when squawk is not installed or cannot run.
    """
    passed_over = frozenset(EXCLUDED) | frozenset(excluded)
    for transactional in (True, False):
        batch = [file for file in files if file.transactional is transactional]
        for start in range(0, len(batch), FILES_PER_RUN):
            some = batch[start : start + FILES_PER_RUN]
            scripts = [file.script for file in some]
            reported = _run(scripts, root, transactional=transactional)
            for file in some:
                found = [
                    r
                    for r in reported.get(str(file.script.path), ())
                    if _rule(r) not in passed_over
                    and not (file.script.planned and decided_by_schema(_rule(r)))
                ]
                yield from _findings(found, file.script)


def _findings(found: Sequence[Mapping[str, Any]], script: Script) -> Iterator[Finding]:
    if not found:
        return
    newborn = newborn_ranges(script)
    line_starts = [0, *(n + 1 for n, letter in enumerate(script.text) if letter == "\n")]
    unreadable = (report for report in found if _rule(report) == UNREADABLE)
    first = next(unreadable, None)
    for report in found:
        if _rule(report) == UNREADABLE and report is not first:
            continue  # what is said is of the whole file
        location = _location(report, script, line_starts)
        offset = line_starts[location.line - 1] + location.column - 1
        about_newborn = any(start <= offset < end for start, end in newborn)
        if not (about_newborn and _rule(report) in ABOUT_EXISTING_TABLES):
            yield _finding(report, location)


def _rule(report: Mapping[str, Any]) -> str:
    return str(report["rule_name"])


def _location(report: Mapping[str, Any], script: Script, line_starts: Sequence[int]) -> Location:
    # squawk counts lines from 0, and bytes of UTF-8 from 0
    line = min(report["line"] + 1, len(line_starts))
    text = script.text[line_starts[line - 1] :].split("\n", 1)[0].rstrip("\r")
    column = len(text.encode()[: report["column"]].decode(errors="ignore")) + 1
    start = line_starts[line - 1]
    text = without_secrets(script.text)[start : start + len(text)]
    return Location(path=script.name, line=line, column=column, text=text)


def _finding(report: Mapping[str, Any], location: Location) -> Finding:
    if _rule(report) == UNREADABLE:
        return Finding(
            rule=PREFIX + UNREADABLE,
            message="squawk cannot read this file, PostgreSQL can: its dangers were not looked for",
            severity=Severity.NOTE,
            location=location,
        )
    return Finding(
        rule=PREFIX + _rule(report),
        message=report["message"],
        severity=Severity.ERROR if report["level"] == "Error" else Severity.WARNING,
        location=location,
        hint=report["help"] or "",
    )


def _run(
    scripts: Sequence[Script], root: Path, *, transactional: bool
) -> dict[str, list[dict[str, Any]]]:
    transaction = "--assume-in-transaction" if transactional else "--no-assume-in-transaction"
    # squawk takes its arguments for patterns
    patterns = [glob.escape(str(script.path)) for script in scripts]
    command = [str(_program()), "--reporter", "json", transaction, "--", *patterns]
    try:
        done = subprocess.run(
            command, cwd=root, capture_output=True, text=True, encoding="utf-8", check=False
        )
        reports = json.loads(done.stdout)
    except (OSError, ValueError) as error:
        said = done.stderr.strip() if isinstance(error, ValueError) else str(error)
        raise FailedError(f"squawk failed: {said}", hint="squawk --help runs it alone") from None
    by_path: dict[str, list[dict[str, Any]]] = {}
    for report in reports:
        by_path.setdefault(report["file"], []).append(report)
    return by_path


def _program() -> Path:
    """The binary of the wheel that is installed beside this package, else one on the path."""
    try:
        files = importlib.metadata.files("squawk-cli") or ()
    except importlib.metadata.PackageNotFoundError:
        files = ()
    for file in files:
        if file.name in {"squawk", "squawk.exe"}:
            return Path(str(file.locate()))
    found = shutil.which("squawk")
    if found is None:
        raise FailedError("squawk is not installed", hint=INSTALL_HINT)
    return Path(found)
