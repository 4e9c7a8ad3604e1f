"""What a partition or an heir has from above alone is left out with what it comes from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Column, Constraint, Index, Table
from schema_tool.compare.changes import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from schema_tool.catalog import Catalog
    from schema_tool.catalog.model.entity import Entity
    from schema_tool.compare.changes import Change

    _Differs = Callable[[Identity], frozenset[str]]

# What each has by itself, whatever it comes from.
_APART = frozenset(
    {
        *("comment", "index_comment", "not_null_comment", "privileges", "clustered"),
        *("options", "foreign_options", "index_options", "tablespace", "index_tablespace"),
    }
)


def without_parts(
    changes: list[Change], sides: tuple[Catalog, Catalog], left_out: _Differs
) -> Iterator[Change]:
    """The changes, or what is left of them, without what comes from what is left out.

    `left_out` says in what something differs that takes no part: in "" where one side lacks it.
    """
    for change in changes:
        taken = _taken(change, sides, left_out)
        if not taken:
            yield change
        elif change.action is Action.ALTERED and "" not in taken:
            left = tuple(name for name in change.attributes if name not in taken)
            if left:
                yield replace(change, attributes=left)


def _taken(change: Change, sides: tuple[Catalog, Catalog], left_out: _Differs) -> frozenset[str]:
    """In what it differs because of what is above; a new table's columns are its own."""
    entity = change.after or change.before
    by_link = isinstance(entity, Index | Constraint) and entity.parent is not None
    if not by_link and not all(_table(change) in side.objects for side in sides):
        return frozenset()
    found: set[str] = set()
    for side, entity in zip(sides, (change.before, change.after), strict=True):
        if entity is None:
            continue
        above = list(_above(entity, side))
        if not above:
            return frozenset()
        found.update(*map(left_out, above))
    return frozenset(found - _APART)


def _table(change: Change) -> Identity:
    entity = change.after or change.before
    if isinstance(entity, Index):
        return entity.table
    return Identity(Kind.TABLE, change.identity.parts[:2])


def _above(entity: Entity, side: Catalog) -> Iterator[Identity]:
    """Everything that it comes from; nothing where its table has it by itself as well."""
    for whole in _wholes(entity, side):
        yield whole
        if whole in side.objects:
            yield from _above(side.objects[whole], side)


def _wholes(entity: Entity, side: Catalog) -> Iterator[Identity]:
    if isinstance(entity, Index | Constraint) and entity.parent:
        yield entity.parent
    elif isinstance(entity, Column | Constraint) and entity.inherited and not entity.local:
        kind, (schema, table, own) = entity.identity
        child = side.objects.get(Identity(Kind.TABLE, (schema, table)))
        for parent in child.parents if isinstance(child, Table) else ():
            whole = Identity(kind, (*parent.parts, own))
            if whole in side.objects:
                yield whole
