"""Indexes that hold what a function returned before its body changed: they are built again.

Source: CREATE INDEX, Notes; the server believes that a function is IMMUTABLE for good.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Kind
from schema_tool.catalog.model.definition import Routine
from schema_tool.catalog.model.relation import Index
from schema_tool.compare import Action, Change

if TYPE_CHECKING:
    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.graph import Graph


def renew_stale_indexes(decisions: Decisions, desired: Graph) -> None:
    """Have the indexes that stay built again whose expressions call what is replaced."""
    for identity, change in list(decisions.alter.items()):
        before, after = change.before, change.after
        if not isinstance(before, Routine) or not isinstance(after, Routine):
            continue
        if before.body.split() == after.body.split():
            continue
        for user in sorted(desired.needed_by.get(identity, ())):
            index = decisions.desired.objects.get(user)
            if isinstance(index, Index) and _stays(index, decisions):
                decisions.because[user] = identity
                decisions.alter[user] = Change(
                    identity=user,
                    action=Action.ALTERED,
                    before=decisions.live.objects[user],
                    after=index,
                    attributes=("contents",),
                )


def _stays(index: Index, decisions: Decisions) -> bool:
    """Whether it is neither made anew nor built with the index of which it is a part."""
    touched = index.identity in decisions.alter or index.identity in decisions.create
    there = index.identity in decisions.live.objects and index.table not in decisions.create
    return there and not touched and index.valid and not index.parent and _of_rows(index)


def _of_rows(index: Index) -> bool:
    return index.table.kind is Kind.TABLE
