"""A comparison and its plan: SQL, a summary for a person, JSON for a machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from schema_tool.compare import Action
from schema_tool.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schema_tool.compare import Changes
    from schema_tool.plan import Danger, Plan, Step

_SIGNS = {Action.CREATED: "+", Action.DROPPED: "-", Action.ALTERED: "~"}


def diff_exit_code(changes: Changes, plan: Plan | None) -> ExitCode:
    """0 equal, 1 differs, 3 differs in what no statement changes, 5 equal as far as compared."""
    if plan and plan.unplanned:
        return ExitCode.FAILED
    if not changes.equal or (plan and plan.groups):
        return ExitCode.DIFFERS
    return ExitCode.EQUAL_AS_FAR_AS_COMPARED if changes.uncompared else ExitCode.CLEAN


def summary_lines(changes: Changes, plan: Plan, *, names: tuple[str, str]) -> Iterator[str]:
    """A line for each change under its kind, then what the plan costs."""
    live, desired = names
    last = None
    listed = set(changes.describe(live=live, desired=desired))
    for change in changes:
        line = change.describe(live=live, desired=desired)
        if line not in listed:
            continue
        if change.kind != last:
            last = change.kind
            yield f"{change.kind}:"
        words = line.removeprefix(f"{change.kind} ") if change.action is Action.ALTERED else ""
        yield f"  {_SIGNS[change.action]} {words or change.identity.name}"
    yield ""
    yield f"{len(changes)} changes, {len(plan.steps)} statements in {len(plan.groups)} groups"
    yield from hazard_lines((s, d) for s in plan.steps for d in s.statement.dangers)


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
        yield ", ".join(parts)


def unplanned_lines(plan: Plan) -> Iterator[str]:
    """What differs and would still differ after the plan."""
    for entry in plan.unplanned:
        yield f"no statement changes this: {entry.identity}: {entry.reason}"


def uncompared_lines(changes: Changes) -> Iterator[str]:
    """What exists and was not compared."""
    for thing in changes.uncompared:
        yield f"not compared: {thing.kind} {thing.identity}"


def _step(step: Step) -> dict[str, Any]:
    from schema_tool.plan import render  # noqa: PLC0415 - only a plan with steps pays for it

    return {
        "object": str(step.identity),
        "action": step.action,
        "sql": render(step),
        "reason": step.reason,
        "hazards": [
            {
                "hazard": danger.hazard,
                "lock": danger.lock,
                "rewrites": danger.rewrites,
                "loses": danger.loses,
            }
            for danger in step.statement.dangers
        ],
    }


def diff_json(changes: Changes, plan: Plan | None, refused: Iterable[tuple[Step, Danger]]) -> str:
    """The whole result as one JSON document."""
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
            {"transactional": group.transactional, "steps": [_step(s) for s in group.steps]}
            for group in groups
        ],
        "unplanned": [
            {"object": str(entry.identity), "reason": entry.reason}
            for entry in (plan.unplanned if plan else ())
        ],
        "refused": list(hazard_lines(refused)),
        "uncompared": [{"kind": t.kind, "identity": t.identity} for t in changes.uncompared],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)
