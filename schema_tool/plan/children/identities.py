"""A partition's identity is its parent's: it comes with ATTACH and goes with DETACH.

Source: ATExecAttachPartition() refuses a table that has one, DetachPartitionFinalize() drops it
from all that is below, and MergeAttributesIntoExisting() gives it to the attached table alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Column, Table
from schema_tool.compare import Action, Change
from schema_tool.plan.emit.new_columns import SHARED_IDENTITY_SINCE

if TYPE_CHECKING:
    from schema_tool.catalog import Catalog
    from schema_tool.plan.children.indexes import Family

_FIELD = "identity_generation"


def settle_identities(by_identity: dict[Identity, Change], family: Family) -> None:
    """Leave of the identities of tables that join or leave a parent what is altered of them.

    That is done while the table is no partition.
    """
    if family.live.source.major < SHARED_IDENTITY_SINCE:
        return
    moved = {
        table.identity.parts
        for table in family.live.each(Table)
        if _place(table.identity, family.live) != _place(table.identity, family.desired)
    }
    for column in family.live.each(Column) if moved else ():
        after = family.desired.objects.get(column.identity)
        if column.identity.parts[:2] not in moved or not isinstance(after, Column):
            continue
        if column.identity_generation or after.identity_generation:
            _settle(_by_itself(column, family.live), _by_itself(after, family.desired), by_identity)


def _place(table: Identity, catalog: Catalog) -> list[tuple[Identity, str]]:
    """All bounds from a table up, each with the parent."""
    found: list[tuple[Identity, str]] = []
    entity = catalog.objects.get(table)
    while isinstance(entity, Table) and entity.partition_bound:
        found.append((entity.parents[0], entity.partition_bound))
        entity = catalog.objects.get(entity.parents[0])
    return found


def _by_itself(column: Column, catalog: Catalog) -> Column:
    """The column as it is when its table is no partition."""
    table = Identity(Kind.TABLE, column.identity.parts[:2])
    return replace(column, identity_generation="") if _place(table, catalog) else column


def _settle(before: Column, after: Column, by_identity: dict[Identity, Change]) -> None:
    identity = after.identity
    known = by_identity.pop(identity, None)
    attributes = set(known.attributes if known else ()) - {_FIELD}
    if known is not None and isinstance(known.before, Column):
        before = replace(known.before, identity_generation=before.identity_generation)
    if before.identity_generation != after.identity_generation:
        attributes.add(_FIELD)
    if attributes:
        by_identity[identity] = Change(
            identity=identity,
            action=Action.ALTERED,
            before=before,
            after=after,
            attributes=tuple(sorted(attributes)),
        )
