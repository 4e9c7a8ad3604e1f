"""Owners of views that a materialized view reads while it is filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.compare import Action
from schema_tool.plan.graph import closure

if TYPE_CHECKING:
    from schema_tool.plan.graph import Graph
    from schema_tool.plan.steps import Step


def owners_after_filling(steps: list[Step], desired: Graph) -> list[Step]:
    """Give new views away only when the materialized views over them are filled.

    A view reads with its owner's privileges, and those may be less than the plan's own: what was
    filled before they were taken must not fail now.
    """
    given = {
        step.identity
        for step in steps
        if step.identity.kind is Kind.VIEW and " OWNER TO " in step.statement.sql
    }
    waits: dict[Identity, int] = {}
    for place, step in enumerate(steps):
        if step.identity.kind is Kind.MATERIALIZED_VIEW and step.action is Action.CREATED:
            for view in closure([step.identity], desired.needs) & given if given else ():
                waits[view] = place
    if not waits:
        return steps
    late: dict[int, list[Step]] = {}
    kept: list[tuple[int, Step]] = []
    for place, step in enumerate(steps):
        until = waits.get(_view_of(step), -1)
        if until > place and not step.statement.sql.startswith(("CREATE", "DROP")):
            late.setdefault(until, []).append(step)
        else:
            kept.append((place, step))
    return [moved for place, step in kept for moved in (step, *late.pop(place, ()))]


def _view_of(step: Step) -> Identity:
    if step.identity.kind is Kind.VIEW_COLUMN:
        return Identity(Kind.VIEW, step.identity.parts[:2])
    return step.identity
