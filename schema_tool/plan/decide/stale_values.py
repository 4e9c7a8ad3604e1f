"""What holds or has been proved by what a function or a text search returned before it changed.

Indexes are built again; of all else the plan says so.
Source: CREATE INDEX, Notes; the server believes that a function is IMMUTABLE for good.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schema_tool.catalog import Kind
from schema_tool.catalog.model.definition import Domain, Routine
from schema_tool.catalog.model.relation import Column, Constraint, Index
from schema_tool.catalog.model.search import TextSearchConfiguration, TextSearchDictionary
from schema_tool.hazards import Hazard
from schema_tool.plan.decisions import build_again
from schema_tool.plan.steps import Danger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog import Identity
    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.graph import Graph

# All lines before it begin with a blank, but for the first.
_TREE = re.compile(r"^(?:RETURN|BEGIN ATOMIC)\b.*", re.MULTILINE | re.DOTALL)


def find_stale_values(decisions: Decisions, desired: Graph) -> None:
    """Have the indexes that stay built again whose expressions call what is replaced."""
    for identity, change in list(decisions.alter.items()):
        if not _returns_otherwise(change.before, change.after):
            continue
        stale = [i for i in sorted(_users_of(identity, desired)) if _stays(i, decisions)]
        for user in stale:
            index = decisions.desired.objects[user]
            if not isinstance(index, Index) or not index.valid or index.parent:
                continue
            if index.table.kind is Kind.TABLE:
                build_again(index, "contents", decisions, because=identity)
        decisions.stale[identity] = [user for user in stale if user not in decisions.alter]


def _returns_otherwise(before: Entity | None, after: Entity | None) -> bool:
    """Whether it may return something else for what it has been called with."""
    if isinstance(before, Routine) and isinstance(after, Routine):
        # A partition has the triggers of its parent: that is all that it needs of their functions.
        return after.result != "trigger" and _body(before) != _body(after)
    if isinstance(before, TextSearchConfiguration) and isinstance(after, TextSearchConfiguration):
        return before.mappings != after.mappings
    if isinstance(before, TextSearchDictionary) and isinstance(after, TextSearchDictionary):
        return before.options != after.options
    return False


def _users_of(identity: Identity, desired: Graph) -> set[Identity]:
    """What calls a function or a configuration; a dictionary is called by its configurations."""
    found = desired.needed_by.get(identity, set())
    by = [i for i in found if i.kind is Kind.TEXT_SEARCH_CONFIGURATION]
    return found.union(*(desired.needed_by.get(i, ()) for i in by))


def _body(routine: Routine) -> list[str]:
    """The words of what it does; one that the server keeps as a tree has that in its definition."""
    found = _TREE.search(routine.definition) if routine.atomic else None
    return (found[0] if found else routine.body).split()


def stale_values(identity: Identity, decisions: Decisions) -> Iterator[Danger]:
    """What is not done of itself: to compute generated columns, refresh and prove again."""
    held = [str(i) for i in decisions.stale.get(identity, ()) if _holds(i, decisions)]
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
