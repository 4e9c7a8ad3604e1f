"""The order of foreign keys and of what happens to the tables that they join."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Constraint, Index, Table, TableForm
from schema_tool.plan.children.inheritance import ancestors
from schema_tool.plan.decide.default_partitions import around, keys_to
from schema_tool.plan.emit.phrase import table_identity
from schema_tool.plan.nodes import Node, Verb

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from schema_tool.catalog import Catalog
    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.emit.context import Context

    Edges = Iterator[tuple[Node, Node]]
    _Keys = Mapping[Identity, Sequence[Constraint]]


def key_edges(decisions: Decisions, context: Context) -> Edges:
    """Pairs of nodes about altered tables, the first to come before the second."""
    old, new = map(_by_reference, (decisions.live, decisions.desired))
    for table in (i for i in decisions.alter if i.kind is Kind.TABLE):
        yield from _logged(table, decisions, old.get(table, ()), new.get(table, ()), context)
        yield from _referred(table, decisions, new)
    for table in (i for i in decisions.create if i.kind is Kind.TABLE):
        yield from _as_foreign_partition(table, decisions)


def _as_foreign_partition(identity: Identity, decisions: Decisions) -> Edges:
    """Indexes above a foreign partition are not unique by the time it comes."""
    table = decisions.desired.objects[identity]
    if not isinstance(table, Table) or table.form is not TableForm.FOREIGN:
        return
    for above in ancestors(identity, decisions.desired):
        for part in decisions.parts.get(above, ()):
            index = decisions.live.objects[part]
            if isinstance(index, Index) and index.unique:
                yield Node(Verb.ALTER, part), Node(Verb.CREATE, identity)


def _by_reference(catalog: Catalog) -> _Keys:
    """The foreign keys by the tables that they refer to."""
    found: dict[Identity, list[Constraint]] = {}
    for key in catalog.each(Constraint):
        if key.references is not None:
            found.setdefault(key.references, []).append(key)
    return found


def reference_edges(context: Context) -> Iterator[tuple[Node, Node, bool]]:
    """A new table comes before the new columns that refer to it; True: those keep their order."""
    for column, keys in context.references.items():
        columns = context.columns_of[column.parts[:2]]
        place = next(c.position for c in columns if c.identity == column)
        for key in keys:
            assert key.references is not None
            made = Node(Verb.CREATE, key.references)
            yield made, Node(Verb.CREATE, column), False
            for other in columns:
                if other.position > place:
                    yield made, Node(Verb.CREATE, other.identity), True


def _logged(
    table: Identity,
    decisions: Decisions,
    old: Sequence[Constraint],
    new: Sequence[Constraint],
    context: Context,
) -> Edges:
    """No table that is logged may refer to one that is not; `old` and `new` refer to it."""
    change = decisions.alter[table]
    if "unlogged" not in change.attributes or not isinstance(change.after, Table):
        return
    unlogged, altered = change.after.unlogged, Node(Verb.ALTER, table)
    for part in decisions.parts.get(table, ()):
        key = decisions.live.objects[part]
        if isinstance(key, Constraint) and key.references:
            if part not in decisions.drop:
                ends = (Node(Verb.ALTER, key.references), altered)
                yield (ends[1], ends[0]) if unlogged else ends
            elif not unlogged:
                yield Node(Verb.DROP, part), altered
    for key in old if unlogged else ():
        for gone in _with_table(key):
            yield Node(Verb.DROP, gone), altered
    for key in context.constraints_of[table.parts] if unlogged else new:
        if key.references:
            for made in _with_table(key):
                yield altered, Node(Verb.CREATE, made)


def _with_table(key: Constraint) -> tuple[Identity, Identity]:
    """A foreign key and its table, with which it may come or go."""
    return key.identity, table_identity(key)


def _referred(table: Identity, decisions: Decisions, new: _Keys) -> Edges:
    """A key goes before a partition leaves with rows that it holds, and comes after one joins."""
    before, after = decisions.alter[table].before, decisions.alter[table].after
    if not isinstance(before, Table) or not isinstance(after, Table):
        return
    if before.partition_bound and not set(before.parents) <= set(after.parents):
        family = {table, *around(table, decisions)}
        for gone in keys_to(family, decisions):
            if gone in decisions.drop and Identity(Kind.TABLE, gone.parts[:2]) not in family:
                yield Node(Verb.DROP, gone), Node(Verb.LEAVE, table)
    if after.partition_bound and not set(after.parents) <= set(before.parents):
        above = set(ancestors(table, decisions.desired))
        for key in (key for parent in above for key in new.get(parent, ())):
            if table_identity(key) not in {table, *above}:
                yield Node(Verb.ALTER, table), Node(Verb.CREATE, key.identity)
