"""Findings as text, JSON, GitHub annotations, SARIF."""

from __future__ import annotations

import json
from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from schema_tool import __version__
from schema_tool.errors import ExitCode
from schema_tool.findings import Severity
from schema_tool.report.error import source_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from schema_tool.findings import Finding

INFORMATION_URI = "https://pypi.org/project/schema-tool/"
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


class Format(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


def findings_report(findings: Sequence[Finding], form: Format) -> Iterator[str]:
    """The lines to print on stdout; text and github have none where there are no findings."""
    if form is Format.TEXT:
        for finding in findings:
            yield from finding_lines(finding)
    elif form is Format.GITHUB:
        yield from github_lines(findings)
    elif form is Format.SARIF:
        yield sarif(findings)
    else:
        yield findings_json(findings)


def findings_exit_code(findings: Sequence[Finding]) -> ExitCode:
    """1 when an error or a warning is among them: notes never fail a command."""
    fails = any(finding.severity is not Severity.NOTE for finding in findings)
    return ExitCode.DIFFERS if fails else ExitCode.CLEAN


def finding_lines(finding: Finding) -> Iterator[str]:
    """One finding: `path:line:col: severity rule: message`, the source with a caret, the hint."""
    where = f"{finding.location}: " if finding.location else ""
    yield f"{where}{finding.severity} {finding.rule}: {_said(finding)}"
    if finding.location and finding.location.text:
        yield from (f"  {line}" for line in source_lines(finding.location))
    if finding.hint:
        first, *rest = finding.hint.splitlines()
        yield f"  hint: {first}"
        yield from (f"        {line}" for line in rest)


def summary(findings: Sequence[Finding], *, of: str) -> str:
    """One line for people: what was looked at, and how many findings of each severity.

    `of` says what was looked at: `12 files`.
    """
    if not findings:
        return f"{of}: no findings"
    counts = Counter(finding.severity for finding in findings)
    parts = [_counted(counts[severity], severity) for severity in Severity if counts[severity]]
    return f"{of}: {', '.join(parts)}"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _said(finding: Finding) -> str:
    """The message, with the object in front unless it speaks of it itself."""
    if not finding.subject or finding.subject in finding.message:
        return finding.message
    return f"{finding.subject}: {finding.message}"


def findings_json(findings: Sequence[Finding]) -> str:
    """The findings as one JSON object; keys are only ever added.

    Keys: `findings`, a list of {rule, severity (error, warning or note), message, subject, path,
    line, column, hint}; `counts`, {error, warning, note}. What does not apply is null. Line and
    column count from 1.
    """
    counts = Counter(finding.severity for finding in findings)
    return json.dumps(
        {
            "findings": [finding_object(finding) for finding in findings],
            "counts": {str(severity): counts[severity] for severity in Severity},
        },
        indent=2,
        ensure_ascii=False,
    )


def finding_object(finding: Finding) -> dict[str, object]:
    """One finding as findings_json documents it."""
    location = finding.location
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "message": finding.message,
        "subject": finding.subject or None,
        "path": location.path if location else None,
        "line": location.line if location else None,
        "column": location.column if location else None,
        "hint": finding.hint or None,
    }


_GITHUB_COMMANDS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "notice",
}


def github_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Workflow commands that GitHub shows as annotations beside the lines of a pull request.

    Source: GitHub, "Workflow commands for GitHub Actions", setting an error message.
    """
    for finding in findings:
        properties = {"title": finding.rule}
        if finding.location:
            properties |= {
                "file": finding.location.path,
                "line": str(finding.location.line),
                "col": str(finding.location.column),
            }
        listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
        said = _said(finding) + (f"\n{finding.hint}" if finding.hint else "")
        yield f"::{_GITHUB_COMMANDS[finding.severity]} {listed}::{_data(said)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def sarif(findings: Sequence[Finding]) -> str:
    """The findings as a SARIF 2.1.0 log of one run.

    Source: OASIS, Static Analysis Results Interchange Format 2.1.0; its levels are our
    severities.
    """
    rules = sorted({finding.rule for finding in findings})
    driver = {
        "name": "schema-tool",
        "version": __version__,
        "informationUri": INFORMATION_URI,
        "rules": [{"id": rule} for rule in rules],
    }
    results = [_sarif_result(finding, rules) for finding in findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    log = {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False)


def _sarif_result(finding: Finding, rules: Sequence[str]) -> dict[str, Any]:
    said = _said(finding) + (f"\n{finding.hint}" if finding.hint else "")
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "level": str(finding.severity),
        "message": {"text": said},
    }
    location: dict[str, Any] = {}
    if finding.location:
        location["physicalLocation"] = {
            "artifactLocation": {"uri": _uri(finding.location.path)},
            "region": {
                "startLine": finding.location.line,
                "startColumn": finding.location.column,
            },
        }
    if finding.subject:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.subject}]
    if location:
        result["locations"] = [location]
    return result


def _uri(path: str) -> str:
    from urllib.parse import quote  # noqa: PLC0415 - only for this format

    return f"file://{quote(path)}" if path.startswith("/") else quote(path)
