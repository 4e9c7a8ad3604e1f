"""Defaults that heirs and partitions have of their own: what is done to a parent's is to theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Column
from schema_tool.plan.children.inheritance import ancestors, columns_below
from schema_tool.plan.emit.conversion import cast_between

if TYPE_CHECKING:
    from schema_tool.compare import Change
    from schema_tool.plan.decisions import Decisions


def free_heirs_defaults(decisions: Decisions) -> None:
    """Take them off while a parent's is off, or is to be, for a while."""
    off = [i for i in decisions.undefaulted if i.kind is Kind.COLUMN]
    off += [i for i, change in decisions.alter.items() if _is_told_how(change)]
    for column in off if decisions.children else ():
        after = decisions.desired.objects.get(column)
        for below in columns_below(column, decisions.live, decisions.children):
            own = decisions.desired.objects.get(below)
            if not isinstance(after, Column) or not isinstance(own, Column) or own.generated:
                continue
            stays = below not in decisions.drop and _is_child(below, column, decisions)
            if stays and (own.default != after.default or _has_own(below, column, decisions)):
                decisions.undefaulted.add(below)
                decisions.because.setdefault(below, column)
                off.append(below)


def _is_told_how(change: Change) -> bool:
    """Whether a column is converted by an expression, for which its default goes and comes."""
    before, after = change.before, change.after
    if not isinstance(before, Column) or not isinstance(after, Column):
        return False
    same = before.type == after.type
    return "type" in change.attributes and (
        same or bool(cast_between(before.type, after.type).using)
    )


def _is_child(below: Identity, column: Identity, decisions: Decisions) -> bool:
    """Whether its table is below the other before and after."""
    table, parent = (Identity(Kind.TABLE, i.parts[:2]) for i in (below, column))
    return table not in decisions.drop and parent in ancestors(table, decisions.desired)


def _has_own(below: Identity, column: Identity, decisions: Decisions) -> bool:
    """Whether the server would have to convert a default that its parent does not have."""
    one, other = decisions.live.objects.get(below), decisions.live.objects.get(column)
    return isinstance(one, Column) and isinstance(other, Column) and one.default != other.default


def has_parents_default(column: Column, decisions: Decisions) -> bool:
    """Whether it has a default from above, which it shall not have."""
    table = Identity(Kind.TABLE, column.identity.parts[:2])
    for parent in ancestors(table, decisions.desired):
        above = decisions.desired.objects.get(
            Identity(Kind.COLUMN, (*parent.parts, column.identity.parts[2]))
        )
        if isinstance(above, Column) and above.default and not above.generated:
            return True
    return False
