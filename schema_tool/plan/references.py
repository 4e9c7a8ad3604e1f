"""Which foreign keys CREATE TABLE or ADD COLUMN says; all others have statements of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Column, Constraint, TableForm
from schema_tool.catalog.quoting import name, names_in
from schema_tool.plan.emit.new_columns import fills_each_row
from schema_tool.plan.emit.phrase import table_identity
from schema_tool.plan.graph import Graph, relation_of
from schema_tool.plan.order.circles import circles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.emit.context import Context


def place_foreign_keys(decisions: Decisions, context: Context, graph: Graph) -> None:
    """Put them into `context.inline`, those of new columns into `context.references`, too.

    What else is inline has to be there already.
    """
    circle: dict[Identity, int] = {}
    for number, together in enumerate(circles(_waits(decisions, graph))):
        circle |= dict.fromkeys(together, number)
    context.inline.update(_of_new_tables(decisions, context, graph, circle))
    for column, key in _of_new_columns(decisions, context, graph, circle):
        context.references.setdefault(column, []).append(key)
        context.inline.add(key.identity)


def _of_new_tables(
    decisions: Decisions, context: Context, graph: Graph, circle: Mapping[Identity, int]
) -> Iterator[Identity]:
    """Those of new tables whose other side stands, or is itself new and does not wait for them."""
    for identity in decisions.create:
        key = decisions.desired.objects[identity]
        if not isinstance(key, Constraint) or key.references is None or key.inherited:
            continue
        table = Identity(Kind.TABLE, identity.parts[:2])
        new = table in decisions.create and table not in decisions.live.objects
        owner = context.desired_table(table)
        if not new or not key.valid or (owner and owner.partition_bound):
            continue
        own, other = circle[table], circle.get(key.references)
        if other != own or table == key.references:
            needed = graph.needs.get(identity, set()) - {table, key.references}
            parts = (i for i in needed if i.kind is not Kind.SCHEMA)
            if all(_is_ready(i, decisions, context) for i in parts):
                yield identity


def _of_new_columns(
    decisions: Decisions, context: Context, graph: Graph, circle: Mapping[Identity, int]
) -> Iterator[tuple[Identity, Constraint]]:
    """Those of columns that hold nothing yet: the server takes them for proved, unread.

    It does so only where ADD COLUMN says them. Source: transformAlterTableStmt, parse_utilcmd.c.
    """
    for identity in sorted(i for i in decisions.create if i.kind is Kind.CONSTRAINT):
        key = decisions.desired.objects[identity]
        if not isinstance(key, Constraint) or key.references is None or len(key.columns) != 1:
            continue
        column = Identity(Kind.COLUMN, (*identity.parts[:2], *key.columns))
        if _comes_empty(column, decisions) and _is_of_one_column(key, decisions):
            own, other = table_identity(key), key.references
            needed = graph.needs.get(identity, set()) - {column}
            stays = own not in decisions.create and _is_plain_table(own, decisions, context)
            if other in decisions.create:
                stays &= other not in decisions.live.objects and circle[own] != circle[other]
                needed.discard(other)
            # Beside such a column it would be read anyway, and apart the table written twice.
            new = (c for c in context.columns_of[own.parts] if c.identity in decisions.create)
            stays &= not any(fills_each_row(beside) for beside in new)
            if stays and _is_plain_table(other, decisions, context):
                parts = (i for i in needed if i.kind is not Kind.SCHEMA)
                if all(_is_ready(i, decisions, context) for i in parts):
                    yield column, key


def _comes_empty(identity: Identity, decisions: Decisions) -> bool:
    """Whether a column is new and every row has NULL in it."""
    column = decisions.desired.objects.get(identity)
    if not isinstance(column, Column) or identity not in decisions.create:
        return False
    filled = column.not_null or column.default or column.generated or column.identity_generation
    # A type with a schema may be a domain with a default, an extension's or the server's own.
    return not filled and len(names_in(column.type)) == 1


def _is_of_one_column(key: Constraint, decisions: Decisions) -> bool:
    """Whether a new, proved foreign key is what REFERENCES behind a column says."""
    alone = key.definition.startswith(f"FOREIGN KEY ({name(key.columns[0])}) ")
    return alone and key.valid and key.identity not in decisions.live.objects


def _is_plain_table(identity: Identity, decisions: Decisions, context: Context) -> bool:
    """Whether a table that is there stays as it is, and has no parents, heirs or partitions."""
    table = context.desired_table(identity)
    if table is None or table.form is not TableForm.TABLE or table.parents:
        return False
    touched = identity in decisions.alter or identity in decisions.children
    return not touched and identity not in context.giving


def _waits(decisions: Decisions, graph: Graph) -> dict[Identity, set[Identity]]:
    """What the creation of each object waits for, with all that is part of a table."""
    waits: dict[Identity, set[Identity]] = {}
    for identity in decisions.create:
        whole = relation_of(identity, decisions.desired) or identity
        needed = (relation_of(i, decisions.desired) or i for i in graph.needs.get(identity, ()))
        waits.setdefault(whole, set()).update(i for i in needed if i in decisions.create)
    return waits


def _is_ready(identity: Identity, decisions: Decisions, context: Context) -> bool:
    """Whether what a foreign key names is untouched, or made by a CREATE TABLE."""
    relation = relation_of(identity, decisions.desired)
    if relation in decisions.create:
        by_table = identity.kind is Kind.COLUMN or identity in context.inline
        return by_table and relation not in decisions.live.objects
    touched = (decisions.create, decisions.alter, decisions.drop)
    return not any(identity in known for known in touched)
