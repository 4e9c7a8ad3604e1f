"""Differences that no statement removes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.definition import Extension
from schema_tool.catalog.model.relation import Column, Constraint, Index, Table, TableForm
from schema_tool.catalog.model.search import AccessMethod
from schema_tool.plan.children.inheritance import descendants
from schema_tool.plan.decide.held_rows import what_is_held
from schema_tool.plan.emit.definitions import version_key
from schema_tool.plan.steps import Unplanned

if TYPE_CHECKING:
    from schema_tool.compare import Change
    from schema_tool.plan.decisions import Decisions


def stuck_attributes(change: Change) -> dict[str, str]:
    """The attributes that the server cannot alter, each with the reason.

    Source: ALTER EXTENSION: update scripts lead forwards, SET SCHEMA is for relocatable ones.
    ALTER TABLE … SET LOGGED of a partitioned table does nothing, from 18 on it is refused.
    """
    found: dict[str, str] = {}
    before, after = change.before, change.after
    if "column_order" in change.attributes:
        found["column_order"] = "no ALTER moves a column"
    if isinstance(before, Table) and before.form is TableForm.PARTITIONED:
        reason = "a partitioned table is logged or not as it was made, whatever its partitions are"
        found |= dict.fromkeys({"unlogged"} & set(change.attributes), reason)
    if isinstance(before, AccessMethod):
        reason = "tables keep the access method from being made anew"
        found |= dict.fromkeys({"type", "handler"} & set(change.attributes), reason)
    if isinstance(before, Extension) and isinstance(after, Extension):
        if version_key(after.version) < version_key(before.version):
            found["version"] = (
                f"no script leads from version {before.version} back to {after.version}"
            )
        if before.schema != after.schema and not before.relocatable:
            found["schema"] = "the extension cannot be moved to another schema"
    return found


def _stuck_in_rows(change: Change, decisions: Decisions) -> dict[str, str]:
    """What columns that hold rows of its table, or of one below, keep a column from."""
    retyped = {"type", "collation"} & set(change.attributes)
    if change.kind is not Kind.COLUMN or not retyped or not decisions.holders:
        return {}
    table = Identity(Kind.TABLE, change.identity.parts[:2])
    tables = (table, *descendants(table, decisions.children))
    reason = next(filter(None, (what_is_held(each, decisions) for each in tables)), "")
    return dict.fromkeys(retyped, reason) if reason else {}


def _stuck_below_index(change: Change, decisions: Decisions) -> dict[str, str]:
    """What keeps one partition from computing a column otherwise than before.

    The server would build its indexes again, but none that is part of another.
    """
    before, after = change.before, change.after
    if not isinstance(before, Column) or not isinstance(after, Column):
        return {}
    if "default" not in change.attributes or not (before.generated and before.inherited):
        return {}
    if _comes_from_above(before, after, decisions):
        return {}
    for user in sorted(decisions.live_graph.needed_by.get(change.identity, ())):
        part = decisions.live.objects.get(user)
        whole = part.parent if isinstance(part, Constraint | Index) else None
        if whole and _stays(whole, decisions):
            return {"default": f"{user} is part of {whole} and cannot be built again by itself"}
    return {}


def _comes_from_above(before: Column, after: Column, decisions: Decisions) -> bool:
    """Whether the parent's column changes as its partition's does, and takes it along."""
    *place, own = before.identity.parts
    table = decisions.live.objects[Identity(Kind.TABLE, tuple(place))]
    for parent in table.parents if isinstance(table, Table) else ():
        above = Identity(Kind.COLUMN, (*parent.parts, own))
        old, new = (catalog.objects.get(above) for catalog in (decisions.live, decisions.desired))
        if isinstance(old, Column) and isinstance(new, Column):
            return old.default != new.default == after.default
    return False


def _stays(whole: Identity, decisions: Decisions) -> bool:
    before, after = (catalog.objects.get(whole) for catalog in (decisions.live, decisions.desired))
    if not isinstance(before, Constraint | Index) or not isinstance(after, Constraint | Index):
        return False
    return before.definition == after.definition


def planned_part(change: Change, decisions: Decisions) -> Change | None:
    """The change without what no statement alters, which is noted; None when nothing is left."""
    stuck = {**stuck_attributes(change), **_stuck_in_rows(change, decisions)}
    stuck |= _stuck_below_index(change, decisions)
    if not stuck:
        return change
    reasons = list(stuck.values())
    if isinstance(change.before, Extension):
        reasons.append("and what stands on it keeps it from being made anew")
    reason = ", ".join(reasons)
    decisions.unplanned.append(Unplanned(identity=change.identity, reason=reason))
    left = tuple(name for name in change.attributes if name not in stuck)
    return replace(change, attributes=left) if left else None
