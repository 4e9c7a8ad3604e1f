"""Indexes of partitioned tables, built partition by partition beside traffic.

ON ONLY makes the whole without rows, invalid until each partition's index, which can be built
concurrently, is attached. Source: CREATE INDEX, "Building Indexes Concurrently".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Index, TableForm
from schema_tool.catalog.quoting import name, qualified
from schema_tool.plan.emit.indexes import (
    build_index,
    called,
    calling,
    definition_of,
    drop_index,
    fresh_name,
    index_settings,
)
from schema_tool.plan.emit.rewritten import comes_with_rewrite
from schema_tool.plan.steps import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.plan.emit.context import Context

_RELATIONS = (Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.SEQUENCE, Kind.INDEX)


def is_built_by_parts(index: Index, context: Context) -> bool:
    """Whether writers go on while it is built: its partitions stay, or are new and empty."""
    if not (context.online and index.partitioned and index.valid):
        return False
    if comes_with_rewrite(index, index.table, context):
        return False
    if context.is_new(index.table) or index.identity in context.attached:
        return False
    if _loses_column(index, context) and any(new_partitions(index, context)):
        # They come when the column has gone, which cannot go before the index that it is in.
        return False
    return all(context.is_settled(part.table) for part in _below(index, context))


def _loses_column(index: Index, context: Context) -> bool:
    """Whether one of the columns goes that it has had so far."""
    old = context.live.objects.get(index.identity)
    own = old.columns if isinstance(old, Index) else ()
    columns = (Identity(Kind.COLUMN, (*index.table.parts, column)) for column in own)
    return any(column not in context.desired.objects for column in columns)


def _below(index: Index, context: Context) -> Iterator[Index]:
    """The indexes of partitions, each before those of its own partitions."""
    for part in context.desired.index_parts(index.identity):
        yield part
        yield from _below(part, context)


def new_partitions(index: Index, context: Context) -> Iterator[Identity]:
    """The tables that must be there before, since the server would name their indexes."""
    for part in _below(index, context):
        if context.is_new(part.table):
            yield part.table


def build_by_parts(index: Index, old: Index | None, context: Context) -> Iterator[Statement]:
    """The whole without rows, each partition's, their attachment; then the old one goes."""
    parts = [index, *_below(index, context)]
    there = _those_there(parts[1:], context)
    names = {part.identity: _name_meanwhile(part, old, context) for part in parts}
    names |= {identity: identity.parts[1] for identity in there}
    missing = [part for part in parts if part.identity not in there]
    apart = [part for part in missing if not _is_empty(part, context)]
    adopting = [p for p in missing if p.partitioned and _is_above_foreign(index.table, context)]
    for part in missing:
        if _is_empty(part, context) and part not in adopting:
            yield Statement(sql=definition_of(_named(part, names)))
    for part in apart:
        yield calling(build_index(_named(part, names), context), _named(part, names), part)
    for part in reversed(adopting):
        # Nothing is built: it adopts what is there. Without a foreign one's it were never valid.
        definition = definition_of(_named(part, names)).replace(" ON ONLY ", " ON ", 1)
        yield Statement(sql=definition)
    if not adopting:
        yield from _attached([p for p in parts[1:] if not there.get(p.identity)], names)
    if old is not None:
        yield from drop_index(old, context)
    for part in parts:
        schema, final = part.identity.parts
        if names[part.identity] != final:
            fresh = qualified(schema, names[part.identity])
            yield Statement(sql=f"ALTER INDEX {fresh} RENAME TO {name(final)}")
        if part.identity not in there:
            yield from index_settings(part)
    if index.parent is not None and not context.joins(index.table):
        whole, own = (qualified(*i.parts) for i in (index.parent, index.identity))
        yield Statement(sql=f"ALTER INDEX {whole} ATTACH PARTITION {own}")


def _is_above_foreign(table: Identity, context: Context) -> bool:
    """Whether a partition can have no index, on which an index ON ONLY would wait."""
    for part in map(context.desired_table, context.partitions.get(table, ())):
        if part and (part.form is TableForm.FOREIGN or _is_above_foreign(part.identity, context)):
            return True
    return False


def _is_empty(part: Index, context: Context) -> bool:
    """Whether it is built in no time: a new partition may have taken rows by then."""
    filled = not context.is_new(part.table) or part.table in context.giving
    return part.partitioned or not filled


def _attached(parts: list[Index], names: dict[Identity, str]) -> Iterator[Statement]:
    """ALTER INDEX … ATTACH PARTITION, each after its own parts': a whole is valid by its last."""
    for part in _upwards(parts):
        assert part.parent is not None
        whole = qualified(part.parent.parts[0], names[part.parent])
        own = qualified(part.identity.parts[0], names[part.identity])
        yield Statement(sql=f"ALTER INDEX {whole} ATTACH PARTITION {own}")


def _upwards(parts: list[Index]) -> Iterator[Index]:
    """The parts in their order, but each after those that are its own."""
    waiting: list[Index] = []
    for part in parts:
        while waiting and part.parent != waiting[-1].identity:
            yield waiting.pop()
        waiting.append(part)
    yield from reversed(waiting)


def _those_there(parts: list[Index], context: Context) -> dict[Identity, bool]:
    """The parts that partitions keep, and whether each is attached to another that is kept."""
    there: dict[Identity, bool] = {}
    for part in parts:
        before = context.live.objects.get(part.identity)
        if not isinstance(before, Index) or part.identity in context.rebuilt:
            continue
        attached = before.parent == part.parent and part.parent in there
        fields = ("definition", "table", "valid")
        same = all(getattr(before, field) == getattr(part, field) for field in fields)
        if same and (attached or not before.parent) and not context.is_new(part.table):
            there[part.identity] = attached
    return there


def _name_meanwhile(part: Index, old: Index | None, context: Context) -> str:
    if old is not None and context.is_new(part.table):
        # A new partition gets one of the old kind as well, as long as that is there.
        return fresh_name(part.identity.parts[1])
    return _free_name(part.identity, context)


def _free_name(identity: Identity, context: Context) -> str:
    schema, own = identity.parts
    taken = any(Identity(kind, (schema, own)) in context.live.objects for kind in _RELATIONS)
    return fresh_name(own) if taken else own


def _named(index: Index, names: dict[Identity, str]) -> Index:
    return called(index, names[index.identity])
