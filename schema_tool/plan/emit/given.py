"""Indexes and keys that the server makes with a new partition: their names and settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog.model.relation import Constraint, Index
from schema_tool.catalog.quoting import do_block, literal, name, qualified
from schema_tool.plan.emit.index_parts import is_built_by_parts
from schema_tool.plan.emit.indexes import index_settings
from schema_tool.plan.emit.keys import constraint_settings, is_put_together, key_parts
from schema_tool.plan.emit.phrase import address, table_of
from schema_tool.plan.emit.tables import table_identity
from schema_tool.plan.partition_indexes import whole_of
from schema_tool.plan.steps import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog import Identity
    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.emit.context import Context


def is_given(part: Entity, context: Context) -> bool:
    """Whether the server makes it with the partition, for what the parent has."""
    if not isinstance(part, Index | Constraint) or part.parent is None:
        return False
    if isinstance(part, Constraint):
        return bool(part.usual_name) and context.is_new(_table(part))
    above = context.desired.objects[part.parent]
    assert isinstance(above, Index)
    return part.table not in context.live.objects and above.valid


def settle_given(part: Index | Constraint, context: Context) -> Iterator[Statement]:
    """Its name, where the server chooses another, and what CREATE TABLE cannot say."""
    if _is_built_with_whole(part, context):
        return
    yield from _named(part, context)
    if isinstance(part, Constraint):
        yield from constraint_settings(part)
        return
    assert part.parent is not None
    above = context.desired.objects[part.parent]
    assert isinstance(above, Index)
    if context.is_new(above.table):
        # What is set on an index is set on those of the partitions that are there.
        own = {entry.partition("=")[0] for entry in part.statistics}
        numbers = (entry.partition("=")[0] for entry in above.statistics)
        for number in (n for n in numbers if n not in own):
            target = f"{address(part)} ALTER COLUMN {number}"
            yield Statement(sql=f"ALTER INDEX {target} SET STATISTICS -1")
    yield from index_settings(part)


def _is_built_with_whole(part: Index | Constraint, context: Context) -> bool:
    """Whether the whole is made now, put together of parts that have their own names."""
    identity = whole_of(part, context.desired)
    before, whole = context.live.objects.get(identity), context.desired.objects[identity]
    stays = before is not None and identity not in context.rebuilt
    if isinstance(whole, Constraint):
        put = part in key_parts(whole, context) and is_put_together(whole, context)
        return put and not stays
    assert isinstance(whole, Index)
    if stays and isinstance(before, Index) and before.definition == whole.definition:
        return False
    return is_built_by_parts(whole, context)


def _named(part: Index | Constraint, context: Context) -> Iterator[Statement]:
    schema, own = part.identity.parts[0], part.identity.parts[-1]
    if _is_predictable(part, context):
        if own == part.usual_name:
            return
        if isinstance(part, Constraint):
            rename = f"TABLE {table_of(part)} RENAME CONSTRAINT {name(part.usual_name)}"
        else:
            rename = f"INDEX {qualified(schema, part.usual_name)} RENAME"
        yield Statement(sql=f"ALTER {rename} TO {name(own)}")
    else:
        yield Statement(sql=_look_up(part))


def _is_predictable(part: Index | Constraint, context: Context) -> bool:
    """Whether nothing else has, or could be given, the name that the server tries first."""
    schema, usual = part.identity.parts[0], part.usual_name
    names = context.desired_names[schema]
    if usual in context.live_names[schema] or (usual in names and usual != part.identity.parts[-1]):
        return False
    table = _table(part)
    others = (context.desired.objects[i] for i in context.parts.get(table, ()))
    alike = (o for o in others if isinstance(o, Index | Constraint) and o.usual_name == usual)
    return all(other.identity == part.identity for other in alike)


def _look_up(part: Index | Constraint) -> str:
    """Which name the server chose depends on all others: the parent tells whose index it is."""
    assert part.parent is not None
    schema, own = part.identity.parts[0], part.identity.parts[-1]
    table = literal(qualified(*_table(part).parts))
    parent = literal(qualified(part.parent.parts[0], part.parent.parts[-1]))
    return do_block(
        f"""
DECLARE
    given text;
BEGIN
    SELECT c.relname INTO STRICT given
    FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
    JOIN pg_catalog.pg_inherits AS h ON h.inhrelid = i.indexrelid
    WHERE i.indrelid = {table}::regclass AND h.inhparent = {parent}::regclass;
    IF given <> {literal(own)} THEN
        EXECUTE format('ALTER INDEX %I.%I RENAME TO %I', {literal(schema)}, given, {literal(own)});
    END IF;
END """  # noqa: S608
    )


def _table(part: Index | Constraint) -> Identity:
    return part.table if isinstance(part, Index) else table_identity(part)
