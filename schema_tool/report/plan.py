"""A comparison and its plan: SQL, a summary for a person, JSON for a machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from schema_tool.catalog import Kind
from schema_tool.catalog.identity import OUTSIDE_SCHEMAS
from schema_tool.compare import PARTS, Action, fits, unmatched
from schema_tool.errors import ExitCode
from schema_tool.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schema_tool.catalog import Catalog
    from schema_tool.compare import Change, Changes, Ignored
    from schema_tool.plan import Danger, Plan, Renamed, Step

_SIGNS = {Action.CREATED: "+", Action.DROPPED: "-", Action.ALTERED: "~"}


def diff_exit_code(changes: Changes, plan: Plan | None) -> ExitCode:
    """0 equal, 1 differs, 3 differs in what no statement changes, 5 equal as far as compared."""
    if plan and plan.unplanned:
        return ExitCode.FAILED
    if not changes.equal or (plan and plan.groups):
        return ExitCode.DIFFERS
    return ExitCode.EQUAL_AS_FAR_AS_COMPARED if changes.uncompared else ExitCode.CLEAN


def summary_lines(
    changes: Changes, plan: Plan, renames: Iterable[Step], *, names: tuple[str, str]
) -> Iterator[str]:
    """What is renamed, what differs then as a tree of schema, object and change; what it costs."""
    renamed = [step.reason.removeprefix("declared: ") for step in renames if step.reason]
    yield from ["renames", *(f"  ~ {line}" for line in renamed)] if renamed else []
    last: tuple[str, ...] = ()
    live, desired = names
    for change in sorted(changes.shown(), key=_branch):
        schema, subject, leaf = _branch(change)
        if (schema,) != last[:1]:
            yield schema
        if leaf and (schema, subject) != last:
            yield f"  ~ {subject}"
        last = (schema, subject)
        said = ""
        if change.action is Action.ALTERED:
            said = (
                ": " + change.describe(live=live, desired=desired).split(": ", 1 + bool(leaf))[-1]
            )
        indent = "    " if leaf else "  "
        yield f"{indent}{_SIGNS[change.action]} {leaf or subject}{said}"
    yield ""
    statements = sum(len(group.steps) for group in plan.groups)
    yield (
        f"+ {desired} has it, - {live} has it; {_counted(len(changes) + len(renamed), 'change')}, "
        f"{_counted(statements, 'statement')} in {_counted(len(plan.groups), 'transaction')}"
    )
    yield from hazard_lines((s, d) for s in plan.steps for d in s.statement.dangers)


def _branch(change: Change) -> tuple[str, str, str]:
    """Where a change hangs: its schema, its object, and what of it when that is a part."""
    kind, parts = change.kind, change.identity.parts
    if kind in OUTSIDE_SCHEMAS or kind in (Kind.SCHEMA, Kind.DEFAULT_PRIVILEGES):
        return "database", str(change.identity), ""
    schema = f"schema {parts[0]}"
    if kind in PARTS:
        relation = "view" if kind is Kind.VIEW_COLUMN else "table"
        return schema, f"{relation} {parts[1]}", f"{kind} {parts[2]}"
    return schema, str(change.identity).replace(f" {parts[0]}.", " ", 1), ""


_COLOURS = {"+": "green", "-": "red", "~": "yellow"}


def coloured(lines: Iterable[str], *, width: int) -> str:
    """The tree for a terminal; nothing in it is taken for markup."""
    from rich.console import Console  # noqa: PLC0415 - 0.1 s to load, and only for a terminal
    from rich.text import Text  # noqa: PLC0415

    console = Console(force_terminal=True, width=width)
    with console.capture() as captured:
        for line in lines:
            heading = bool(line) and line[0] not in " +" and ":" not in line
            style = "bold" if heading else _COLOURS.get(line.lstrip()[:1], "")
            console.print(Text(line, style=style if heading or line[:1] == " " else ""))
    return captured.get()


def hazard_lines(found: Iterable[tuple[Step, Danger]]) -> Iterator[str]:
    """A line for each hazard: what, where, the lock, and what is lost."""
    for step, danger in found:
        parts = [f"{danger.hazard}: {step.identity}"]
        if danger.lock:
            parts.append(f"takes {danger.lock}")
        if danger.rewrites:
            parts.append("rewrites the table")
        if danger.loses:
            parts.append(f"loses {danger.loses}")
        if danger.fails:
            parts.append(f"fails {danger.fails}")
        if danger.keeps:
            parts.append(f"keeps {danger.keeps}")
        if danger.depends:
            parts.append(f"depends {danger.depends}")
        yield ", ".join(parts)


def _step(step: Step, *, show_data: bool) -> dict[str, Any]:
    from schema_tool.plan import render  # noqa: PLC0415 - only a plan with steps pays for it

    return {
        "object": str(step.identity),
        "action": step.action,
        "sql": render(step, hide=not show_data),
        "reason": "; ".join(dict.fromkeys(part.reason for part in step.each if part.reason)),
        "hazards": [
            {
                "object": str(part.identity),
                "hazard": danger.hazard,
                "lock": danger.lock,
                "rewrites": danger.rewrites,
                "loses": danger.loses,
                "fails": danger.fails,
                "keeps": danger.keeps,
                "depends": danger.depends,
            }
            for part in step.each
            for danger in part.statement.dangers
        ],
    }


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def owner_findings(changes: Changes) -> Iterator[Finding]:
    """That what the files make belongs to who reads, where they say nothing else."""
    reader = changes.live.source.role
    owners = [getattr(c.after, "owner", "") for c in changes if "owner" in c.attributes]
    if reader in owners:
        yield Finding(
            rule="owner-of-reader",
            message=f"{_counted(owners.count(reader), 'object')} would go to {reader}, who reads: "
            "what the files make is the reader's where they name no owner; --role OWNER reads as "
            "the owner, --no-owners leaves owners aside",
            severity=Severity.NOTE,
            subject=f"role {reader}",
        )


def unmatched_findings(
    ignored: Iterable[Ignored], exclude: Iterable[str], catalogs: tuple[Catalog, Catalog]
) -> Iterator[Finding]:
    """The lines of the ignore file that nothing fits any more, and the patterns of `--exclude`."""
    for pattern in exclude:
        if not any(fits(pattern, catalog) for catalog in catalogs):
            yield Finding(
                rule="unmatched-exclude",
                message=f"--exclude “{pattern}” matches nothing",
                severity=Severity.NOTE,
            )
    for line in unmatched(ignored, catalogs):
        yield Finding(
            rule="unmatched-ignore",
            message=f"“{line.pattern}” matches nothing any more",
            severity=Severity.NOTE,
            location=line.location,
        )


def unmapped_findings(desired: Catalog) -> Iterator[Finding]:
    """The roles of `--map-role` and `map_roles` that the desired state does not name."""
    for role in desired.source.unmapped:
        yield Finding(
            rule="unmatched-role",
            message=f"no owner, privilege or policy of the desired state names “{role}”: "
            "to map this role does nothing",
            severity=Severity.NOTE,
            subject=f"role {role}",
        )


def rename_findings(renamed: Renamed, *, stale: bool) -> Iterator[Finding]:
    """Declared renames that cannot be done, and the stale ones: nothing is left of them to do."""
    for rename, reason in renamed.stuck:
        yield Finding(
            rule="rename-not-done",
            message=f"not renamed, {reason}: “{rename.line}”",
            severity=Severity.NOTE,
            subject=rename.words,
        )
    for rename in renamed.stale if stale else ():
        yield Finding(
            rule="stale-rename",
            message=f"stale: nothing is left to rename for “{rename.line}”",
            severity=Severity.NOTE,
            subject=rename.words,
        )


def uncompared_findings(changes: Changes) -> Iterator[Finding]:
    """What exists on either side and no model describes."""
    for thing in changes.uncompared:
        yield Finding(
            rule="uncompared",
            message=f"not compared: {thing.kind} {thing.identity}",
            severity=Severity.NOTE,
            subject=f"{thing.kind} {thing.identity}",
        )


def unplanned_findings(plan: Plan) -> Iterator[Finding]:
    """What differs and would still differ after the plan."""
    for entry in plan.unplanned:
        yield Finding(
            rule="unplanned",
            message=f"no statement changes this: {entry.identity}: {entry.reason}",
            subject=str(entry.identity),
        )


def diff_json(
    changes: Changes,
    plan: Plan | None,
    refused: Iterable[tuple[Step, Danger]],
    findings: Iterable[Finding],
    *,
    show_data: bool = False,
) -> str:
    """The whole result as one JSON document; secrets are variables unless data are shown."""
    groups = plan.groups if plan else ()
    document = {
        "equal": changes.equal and not groups,
        "changes": [
            {
                "object": str(change.identity),
                "action": change.action,
                "attributes": list(change.attributes),
            }
            for change in changes
        ],
        "groups": [
            {
                "transactional": group.transactional,
                "steps": [_step(s, show_data=show_data) for s in group.steps],
            }
            for group in groups
        ],
        "unplanned": [
            {"object": str(entry.identity), "reason": entry.reason}
            for entry in (plan.unplanned if plan else ())
        ],
        "refused": list(hazard_lines(refused)),
        "findings": [
            {
                "rule": finding.rule,
                "severity": finding.severity,
                "message": finding.message,
                "subject": finding.subject,
                "path": finding.location.path if finding.location else None,
                "line": finding.location.line if finding.location else None,
            }
            for finding in findings
        ],
        "uncompared": [{"kind": t.kind, "identity": t.identity} for t in changes.uncompared],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)
