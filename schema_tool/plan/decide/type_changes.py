"""What a change of a column touches: its type, its place in keys and indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Column, Constraint, ConstraintForm, Index
from schema_tool.plan.children.inheritance import columns_below
from schema_tool.plan.emit.conversion import stay_distinct
from schema_tool.plan.emit.rewritten import fits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.compare import Change
    from schema_tool.plan.decisions import Decisions

_KEYS = (ConstraintForm.PRIMARY_KEY, ConstraintForm.UNIQUE)
# Of a column, what its type and its values do not hang on.
FREE_OF_KEYS = frozenset(
    {"not_null", "not_null_name", "not_null_no_inherit", "not_null_valid", "not_null_comment"}
    | {"default", "statistics", "storage", "compression", "options", "comment", "privileges"}
)


def keys_through_index(column: Identity, decisions: Decisions) -> Iterator[Identity]:
    """Foreign keys that refer to a key which has a column, be it only to INCLUDE it.

    To rebuild the index for another type, the server drops it, but not what stands on it alone.
    """
    needed_by = decisions.live_graph.needed_by
    for place in (column, *columns_below(column, decisions.live, decisions.children)):
        for index in needed_by.get(place, ()):
            if index.kind in (Kind.CONSTRAINT, Kind.INDEX):
                users = (decisions.live.objects.get(i) for i in needed_by.get(index, ()))
                yield from (u.identity for u in users if isinstance(u, Constraint) and u.references)


def changes_type(change: Change) -> bool:
    """Whether a column's values are converted."""
    return change.kind is Kind.COLUMN and bool({"type", "collation"} & set(change.attributes))


def survives(entity: Entity | None, change: Change | None, decisions: Decisions) -> bool:
    """Whether it can stand on the column as it is before and after.

    The server can rebuild an index for a new type that is much like the old, a unique one where
    no two values become one. A key minds no other change, but that a primary key's column may
    be NULL.
    """
    before, after = (change.before, change.after) if change else (None, None)
    if change is None or not isinstance(before, Column) or not isinstance(after, Column):
        return False
    if isinstance(entity, Constraint):
        loses = not after.not_null and entity.form is ConstraintForm.PRIMARY_KEY
        attributes = set(change.attributes)
        if entity.form in _KEYS and stay_distinct(before.type, after.type):
            attributes.discard("type")
        return attributes <= FREE_OF_KEYS and not loses
    if not isinstance(entity, Index):
        return False
    if not changes_type(change):
        return FREE_OF_KEYS.issuperset(change.attributes)
    return fits(entity, before, after, decisions)


def is_mild(change: Change) -> bool:
    """Whether what stands on a column may stay: only what is no part of its type is altered."""
    before = change.before
    plain = isinstance(before, Column) and not before.generated
    return plain and set(change.attributes) <= FREE_OF_KEYS
