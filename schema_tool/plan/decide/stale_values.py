"""What holds or has been proved by what a function returned before its body changed.

Indexes are built again; of all else the plan says so.
Source: CREATE INDEX, Notes; the server believes that a function is IMMUTABLE for good.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schema_tool.catalog import Kind
from schema_tool.catalog.model.definition import Domain, Routine
from schema_tool.catalog.model.relation import Column, Constraint, Index
from schema_tool.hazards import Hazard
from schema_tool.plan.decisions import build_again
from schema_tool.plan.steps import Danger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog import Identity
    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.graph import Graph

# All lines before it begin with a blank, but for the first.
_TREE = re.compile(r"^(?:RETURN|BEGIN ATOMIC)\b.*", re.MULTILINE | re.DOTALL)


def find_stale_values(decisions: Decisions, desired: Graph) -> None:
    """Have the indexes that stay built again whose expressions call what is replaced."""
    for identity, change in list(decisions.alter.items()):
        before, after = change.before, change.after
        if not isinstance(before, Routine) or not isinstance(after, Routine):
            continue
        if after.result == "trigger" or _body(before) == _body(after):
            # A partition has the triggers of its parent: that is all that it needs of it.
            continue
        stale = [i for i in sorted(desired.needed_by.get(identity, ())) if _stays(i, decisions)]
        for user in stale:
            index = decisions.desired.objects[user]
            if not isinstance(index, Index) or not index.valid or index.parent:
                continue
            if index.table.kind is Kind.TABLE:
                build_again(index, "contents", decisions, because=identity)
        decisions.stale[identity] = [user for user in stale if user not in decisions.alter]


def _body(routine: Routine) -> list[str]:
    """The words of what it does; one that the server keeps as a tree has that in its definition."""
    found = _TREE.search(routine.definition) if routine.atomic else None
    return (found[0] if found else routine.body).split()


def stale_values(routine: Identity, decisions: Decisions) -> Iterator[Danger]:
    """What is not done of itself: to compute generated columns, refresh and prove again."""
    held = [str(i) for i in decisions.stale.get(routine, ()) if _holds(i, decisions)]
    if held:
        keeps = f"what it has computed or let pass: {', '.join(held)}"
        yield Danger(hazard=Hazard.STALE_VALUES, keeps=keeps)


def _stays(user: Identity, decisions: Decisions) -> bool:
    """Whether it is neither made anew nor altered, nor goes and comes with its table."""
    entity = decisions.desired.objects[user]
    relation = entity.table if isinstance(entity, Index) else None
    touched = user in decisions.alter or user in decisions.create or relation in decisions.create
    return user in decisions.live.objects and not touched


def _holds(user: Identity, decisions: Decisions) -> bool:
    """Whether it keeps what the function returned, or has taken rows by it."""
    entity = decisions.desired.objects[user]
    if isinstance(entity, Column):
        return entity.generated == "s"
    if isinstance(entity, Domain):
        return bool(entity.constraints)
    if isinstance(entity, Constraint):
        return entity.valid and not entity.inherited
    return user.kind in (Kind.MATERIALIZED_VIEW, Kind.TABLE)
