"""Differences that no statement removes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.definition import Extension
from schema_tool.catalog.model.search import AccessMethod
from schema_tool.plan.emit.definitions import version_key
from schema_tool.plan.held_rows import what_is_held
from schema_tool.plan.inheritance import descendants
from schema_tool.plan.steps import Unplanned

if TYPE_CHECKING:
    from schema_tool.compare import Change
    from schema_tool.plan.decisions import Decisions


def stuck_attributes(change: Change) -> dict[str, str]:
    """The attributes that the server cannot alter, each with the reason.

    Source: ALTER EXTENSION: update scripts lead forwards, SET SCHEMA is for relocatable ones.
    """
    found: dict[str, str] = {}
    before, after = change.before, change.after
    if "column_order" in change.attributes:
        found["column_order"] = "no ALTER moves a column"
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


def planned_part(change: Change, decisions: Decisions) -> Change | None:
    """The change without what no statement alters, which is noted; None when nothing is left."""
    stuck = {**stuck_attributes(change), **_stuck_in_rows(change, decisions)}
    if not stuck:
        return change
    reasons = list(stuck.values())
    if isinstance(change.before, Extension):
        reasons.append("and what stands on it keeps it from being made anew")
    reason = ", ".join(reasons)
    decisions.unplanned.append(Unplanned(identity=change.identity, reason=reason))
    left = tuple(name for name in change.attributes if name not in stuck)
    return replace(change, attributes=left) if left else None
