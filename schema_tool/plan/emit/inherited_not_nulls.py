"""The names of NOT NULL as a table leaves a parent, which gave them, and joins another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Column, Table
from schema_tool.catalog.quoting import name
from schema_tool.plan.emit.context import goes_alone
from schema_tool.plan.emit.not_null import NOT_NULL_ROWS_SINCE, hands_not_null, not_null_name
from schema_tool.plan.emit.phrase import table_of
from schema_tool.plan.steps import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from schema_tool.catalog import Catalog
    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.emit.context import Context


def leaves_not_null(
    column: Entity | None, children: Mapping[Identity, list[Identity]], desired: Catalog
) -> bool:
    """Whether a column goes from a parent alone: the heirs keep a NOT NULL of its name."""
    if column is None or not hands_not_null(column):
        return False
    return goes_alone(column.identity, children, desired)


def own_not_nulls(table: Table, context: Context) -> Iterator[Statement]:
    """A table that has left its parent still has the names of the parent's NOT NULL."""
    if context.major < NOT_NULL_ROWS_SINCE:
        return
    for column in context.live_columns(table.identity):
        after = context.desired.objects.get(column.identity)
        if not isinstance(after, Column) or not after.not_null:
            continue
        anew = bool(context.rebuilt.intersection(table.parents))
        if column.identity in context.renamed_not_nulls and not anew:
            continue
        if (after.inherited and not anew and not table.partition_bound) or not (
            column.not_null_inherited
        ):
            continue
        if not anew and _is_settled_above(column, table, context):
            continue
        # The parent that is made anew shall find its own names free.
        wanted = _on_its_own(after) if anew else after
        yield from _renamed_not_null(_as_converted(column, table, context), wanted)


def _is_settled_above(column: Column, table: Table, context: Context) -> bool:
    """Whether a partition that comes back has had its name from what was done to its parent's."""
    after = context.desired_table(table.identity)
    for parent in table.parents if table.partition_bound else ():
        above = Identity(Kind.COLUMN, (*parent.parts, column.identity.parts[2]))
        sides = (side.objects.get(above) for side in (context.live, context.desired))
        handed = {
            not_null_name(side) if isinstance(side, Column) and hands_not_null(side) else ""
            for side in sides
        }
        if after is not None and parent in after.parents and len(handed) > 1:
            return True
    return False


def _as_converted(column: Column, table: Table, context: Context) -> Column:
    """With a new type, the server gives a partition's NOT NULL the name that its parent's has."""
    for parent in table.parents if table.partition_bound and not column.not_null_local else ():
        above = Identity(Kind.COLUMN, (*parent.parts, column.identity.parts[2]))
        live, after = context.live.objects.get(above), context.desired_table(table.identity)
        stays = after is not None and parent in after.parents
        if stays and above in context.converted and isinstance(live, Column):
            return replace(column, not_null_inherited=not_null_name(live))
    return column


def _on_its_own(column: Column) -> Column:
    return replace(column, not_null_inherited="")


def parents_not_nulls(before: Table, after: Table, context: Context) -> Iterator[Statement]:
    """Before it joins a parent, a table's NOT NULL get the names that its parent's have."""
    anew = bool(context.rebuilt.intersection(before.parents))
    if before.partition_bound and not anew:
        return  # It got them as it left.
    stays = set(before.parents) & set(after.parents)
    for column in context.live_columns(before.identity):
        wanted = context.desired.objects.get(column.identity)
        if not isinstance(wanted, Column) or not wanted.not_null_inherited or not column.not_null:
            continue
        if column.identity in context.renamed_not_nulls and not anew:
            continue
        key = column.identity.parts[2]
        above = (Identity(Kind.COLUMN, (*parent.parts, key)) for parent in stays)
        if anew or not any(hands_not_null(context.live.objects.get(i)) for i in above):
            yield from _renamed_not_null(_on_its_own(column) if anew else column, wanted)


def declared_not_nulls(table: Table, context: Context) -> Iterator[Statement]:
    """What a partition has by a name of its own is its own again: ATTACH makes it its parent's."""
    rows = context.major >= NOT_NULL_ROWS_SINCE
    for column in context.columns_of.get(table.identity.parts, ()) if rows else ():
        above = (Identity(Kind.COLUMN, (*p.parts, column.identity.parts[2])) for p in table.parents)
        handed = any(hands_not_null(context.desired.objects.get(i)) for i in above)
        if column.not_null_name and not column.not_null_inherited and handed:
            target = f"ALTER TABLE {table_of(column)}"
            yield Statement(
                sql=f"{target} ALTER COLUMN {name(column.identity.parts[2])} SET NOT NULL"
            )


def _renamed_not_null(before: Column, after: Column) -> Iterator[Statement]:
    old, new = not_null_name(before), not_null_name(after)
    if old != new:
        target = f"ALTER TABLE {table_of(after)}"
        yield Statement(sql=f"{target} RENAME CONSTRAINT {name(old)} TO {name(new)}")
