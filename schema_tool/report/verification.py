"""Checks as text, JSON, GitHub annotations, SARIF."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from schema_tool.errors import ExitCode
from schema_tool.report.findings import Format, finding_lines, finding_object, findings_report

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from schema_tool.findings import Finding
    from schema_tool.verify.check import Check


def checks_report(checks: Sequence[Check], form: Format) -> Iterator[str]:
    """The lines to print on stdout."""
    if form is Format.TEXT:
        yield from checks_lines(checks)
    elif form is Format.JSON:
        yield checks_json(checks)
    else:
        yield from findings_report(all_findings(checks), form)


def all_findings(checks: Sequence[Check]) -> tuple[Finding, ...]:
    """The findings of all checks, each once: two checks can name the same uncompared object."""
    return tuple(dict.fromkeys(finding for check in checks for finding in check.findings))


def checks_exit_code(checks: Sequence[Check]) -> ExitCode:
    """1 when a claim does not hold, 5 when all hold as far as was compared."""
    if not all(check.holds for check in checks):
        return ExitCode.DIFFERS
    if not all(check.complete for check in checks):
        return ExitCode.EQUAL_AS_FAR_AS_COMPARED
    return ExitCode.CLEAN


def checks_lines(checks: Sequence[Check]) -> Iterator[str]:
    """Each check's verdict, and below it what speaks against it."""
    for check in checks:
        yield f"{verdict(check)}: {check.claim} ({check.objects} objects)"
        for finding in check.findings:
            yield from (f"  {line}" for line in finding_lines(finding))


def verdict(check: Check) -> str:
    """One or two words."""
    if not check.holds:
        return "NO"
    return "yes" if check.complete else "as far as compared"


def checks_json(checks: Sequence[Check]) -> str:
    """The checks as one JSON object; keys are only ever added.

    Keys: `checks`, a list of {name, claim, holds, complete, objects, findings}, each finding as
    findings_json documents it; `exit_code`.
    """
    return json.dumps(
        {
            "checks": [
                {
                    "name": check.name,
                    "claim": check.claim,
                    "holds": check.holds,
                    "complete": check.complete,
                    "objects": check.objects,
                    "findings": [finding_object(finding) for finding in check.findings],
                }
                for check in checks
            ],
            "exit_code": int(checks_exit_code(checks)),
        },
        indent=2,
        ensure_ascii=False,
    )
