"""What a change of a column touches: its type, its place in keys and indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import (
    Column,
    Constraint,
    ConstraintForm,
    Index,
    Table,
    TableForm,
)
from schema_tool.plan.children.inheritance import columns_below
from schema_tool.plan.emit.conversion import cast_between, stay_distinct
from schema_tool.plan.emit.new_columns import fills_each_row
from schema_tool.plan.emit.phrase import table_identity
from schema_tool.plan.emit.rewritten import fits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.compare import Change
    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.graph import Graph

_REMADE = (Kind.INDEX, Kind.CONSTRAINT, Kind.STATISTICS)
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


def converts(change: Change) -> bool:
    """Whether the server makes anew what stands on a column."""
    after = change.after
    computed = isinstance(after, Column) and after.generated == "s"
    return changes_type(change) or (computed and "default" in change.attributes)


def carries_other(column: Identity, decisions: Decisions, desired_graph: Graph) -> bool:
    """Whether the server would make something again with a column's type.

    Such is a NOT NULL, and what an heir has of its own.
    """
    if Identity(Kind.TABLE, column.parts[:2]) in decisions.children:
        return True
    sides = (side.objects.get(column) for side in (decisions.live, decisions.desired))
    if any(isinstance(side, Column) and side.not_null for side in sides):
        return True
    graphs = decisions.live_graph, desired_graph
    return any(i.kind in _REMADE for graph in graphs for i in graph.needed_by.get(column, ()))


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


def stays_proved(key: Constraint, change: Change, decisions: Decisions) -> bool:
    """Whether the server keeps a foreign key and reads no row: none is written, none compared anew.

    Source: TryReuseForeignKey(), tablecmds.c, where the command rewrites no table.
    """
    assert key.references is not None
    tables = (table_identity(key), key.references)
    return _touches_no_row(change) and all(_keeps_rows(table, decisions) for table in tables)


def _keeps_rows(table: Identity, decisions: Decisions) -> bool:
    """Whether a table without parents, heirs or partitions is written by none of the changes."""
    entity = decisions.live.objects.get(table)
    plain = isinstance(entity, Table) and entity.form is TableForm.TABLE and not entity.parents
    if not plain or table in decisions.children or table in decisions.alter:
        return False
    columns = [i for i in decisions.parts.get(table, ()) if i.kind is Kind.COLUMN]
    changes = (decisions.alter[i] for i in columns if i in decisions.alter)
    if not all(_touches_no_row(c) for c in changes if changes_type(c)):
        return False
    new = (i for i in decisions.desired_parts.get(table, ()) if i in decisions.create)
    filled = (decisions.desired.objects[i] for i in new)
    if any(isinstance(column, Column) and fills_each_row(column) for column in filled):
        return False
    return not any(_is_computed_anew(i, decisions) for i in columns)


def _is_computed_anew(identity: Identity, decisions: Decisions) -> bool:
    """Whether a generated column is stored, and what it reads gets another type."""
    column = decisions.live.objects[identity]
    if not isinstance(column, Column) or column.generated != "s":
        return False
    read = decisions.live_graph.needs.get(identity, ())
    return any(changes_type(decisions.alter[i]) for i in read if i in decisions.alter)


def _touches_no_row(change: Change) -> bool:
    before, after = change.before, change.after
    assert isinstance(before, Column)
    assert isinstance(after, Column)
    # A type that is made anew keeps its name.
    other = before.type != after.type and before.collation == after.collation
    return other and cast_between(before.type, after.type).free


def is_mild(change: Change) -> bool:
    """Whether what stands on a column may stay: only what is no part of its type is altered."""
    before = change.before
    plain = isinstance(before, Column) and not before.generated
    return plain and set(change.attributes) <= FREE_OF_KEYS
