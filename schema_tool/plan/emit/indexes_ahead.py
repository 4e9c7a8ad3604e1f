"""Indexes that are built under another name before what has theirs, and their place, goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Constraint, Index
from schema_tool.catalog.quoting import name, qualified
from schema_tool.plan.emit.indexes import build_index, called, calling, fresh_name, index_settings
from schema_tool.plan.emit.phrase import table_identity
from schema_tool.plan.emit.rewritten import comes_with_rewrite
from schema_tool.plan.steps import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog import Catalog
    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.emit.context import Context


def holder(index: Index, live: Catalog) -> Constraint | Index | None:
    """What of the same table has the index's name: a key, or an index that came from a parent's."""
    schema, own = index.identity.parts
    key = live.objects.get(Identity(Kind.CONSTRAINT, (schema, index.table.parts[1], own)))
    if isinstance(key, Constraint) and table_identity(key) == index.table:
        return key
    part = live.objects.get(index.identity)
    comes = isinstance(part, Index) and bool(part.parent) and part.table == index.table
    return part if comes and isinstance(part, Index) else None


def is_built_ahead(index: Entity, context: Context) -> bool:
    """Whether what has its name goes for it: nothing would else do its work while it is built."""
    if not isinstance(index, Index) or context.desired.objects.get(index.identity) is not index:
        return False
    alone = not (index.partitioned or index.parent or context.is_new(index.table))
    if not (context.online and alone) or index.identity in context.rebuilt:
        return False
    taken = holder(index, context.live) is not None
    return taken and not comes_with_rewrite(index, index.table, context)


def build_ahead(index: Index, context: Context) -> Statement:
    """CREATE INDEX CONCURRENTLY under a name that is free."""
    named = called(index, fresh_name(index.identity.parts[1]))
    return calling(build_index(named, context), named, index)


def take_name(index: Index) -> Iterator[Statement]:
    """Its own name, and what CREATE INDEX cannot say."""
    schema, own = index.identity.parts
    yield Statement(sql=f"ALTER INDEX {qualified(schema, fresh_name(own))} RENAME TO {name(own)}")
    yield from index_settings(index)
