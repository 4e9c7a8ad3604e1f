"""What stands in the way of a drop or of a change of type, and how it is moved out of it."""

from __future__ import annotations

from dataclasses import replace

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Column, Constraint, ConstraintForm, Table, TableForm
from schema_tool.compare import Action, Change
from schema_tool.plan.decisions import TYPES, Decisions, rebuild
from schema_tool.plan.graph import Graph, relation_of

# What is renamed away while the columns that use it are converted to its successor.
_SWAPPABLE = TYPES | {Kind.COLLATION}
# What the server refuses to leave standing on a column whose type changes. Indexes, checks and
# statistics it rebuilds by itself. Source: RememberAllDependentForRebuilding, tablecmds.c.
_BLOCK_TYPE_CHANGE = frozenset(
    {
        Kind.VIEW,
        Kind.MATERIALIZED_VIEW,
        Kind.RULE,
        Kind.POLICY,
        Kind.TRIGGER,
        Kind.ROUTINE,
        Kind.PUBLICATION,
        Kind.COLUMN,
    }
)
_CONTAINERS = frozenset({Kind.SCHEMA, Kind.EXTENSION})


def propagate(decisions: Decisions, live_graph: Graph, desired_graph: Graph) -> None:
    """Drop what stands on something that goes; convert the columns of types that are rebuilt."""
    waiting = [*decisions.drop]
    waiting += [i for i, change in decisions.alter.items() if _changes_type(change)]
    done: set[Identity] = set()
    while waiting:
        identity = waiting.pop()
        if identity in done:
            continue
        done.add(identity)
        if identity in decisions.drop:
            waiting += decisions.parts.get(identity, ())
            _prepare_rebuild(identity, decisions, live_graph)
        for dependent in sorted(live_graph.needed_by.get(identity, ())):
            if _stands_in_the_way(dependent, identity, decisions, desired_graph):
                waiting += _remove(dependent, identity, decisions)


def _changes_type(change: Change) -> bool:
    return change.kind is Kind.COLUMN and bool({"type", "collation"} & set(change.attributes))


def _prepare_rebuild(identity: Identity, decisions: Decisions, live_graph: Graph) -> None:
    """A type in use is renamed away first; a table's rows are copied."""
    if not decisions.rebuilt(identity):
        return
    if identity.kind in _SWAPPABLE:
        users = live_graph.needed_by.get(identity, set())
        using = _SWAPPABLE | {Kind.COLUMN}
        kept = [u for u in users if u.kind in using and u in decisions.desired.objects]
        if kept:
            decisions.swapped.add(identity)
    elif identity.kind is Kind.TABLE:
        before, after = decisions.live.objects[identity], decisions.desired.objects[identity]
        assert isinstance(before, Table)
        assert isinstance(after, Table)
        if TableForm.FOREIGN not in (before.form, after.form):
            decisions.moved.add(identity)
            parent_moves = any(parent in decisions.drop for parent in before.parents)
            if not (before.partition_bound and parent_moves):
                decisions.copied.add(identity)


def _goes(identity: Identity, decisions: Decisions) -> bool:
    """Whether the object, or the relation that it is part of, is dropped."""
    if identity in decisions.drop:
        return True
    relation = relation_of(identity, decisions.live)
    return relation is not None and relation in decisions.drop


def _stands_in_the_way(
    dependent: Identity, needed: Identity, decisions: Decisions, desired_graph: Graph
) -> bool:
    if _goes(dependent, decisions) or dependent.kind in _CONTAINERS:
        return False
    entity = decisions.live.objects.get(dependent)
    if isinstance(entity, Constraint) and entity.inherited and not entity.local:
        return False
    if needed not in decisions.drop and not _goes(needed, decisions):
        return _blocks_type_change(dependent, needed, decisions)
    if dependent.kind is Kind.SEQUENCE:
        return False
    still = needed in desired_graph.needs.get(dependent, ())
    gone_for_good = needed not in decisions.desired.objects
    if dependent in decisions.alter and gone_for_good and not still:
        # Altered in place before the drop, it will not stand on it any more.
        return _loosens(dependent, decisions)
    return True


def _loosens(dependent: Identity, decisions: Decisions) -> bool:
    """Whether altering leaves it standing on what is dropped, so that it must go as well."""
    change = decisions.alter[dependent]
    inside = {"definition", "canonical", "default", "type", "tables", "using", "check", "parents"}
    inside |= {"base_type", "attributes", "mappings", "members", "partition_bound", "schema"}
    return not inside & set(change.attributes)


def _blocks_type_change(dependent: Identity, needed: Identity, decisions: Decisions) -> bool:
    change = decisions.alter.get(needed)
    if change is None or not _changes_type(change):
        return False
    if dependent.kind is Kind.CONSTRAINT:
        entity = decisions.live.objects[dependent]
        return isinstance(entity, Constraint) and entity.form is ConstraintForm.FOREIGN_KEY
    if dependent.kind is Kind.COLUMN:
        entity = decisions.live.objects[dependent]
        return isinstance(entity, Column) and bool(entity.generated)
    return dependent.kind in _BLOCK_TYPE_CHANGE


def _remove(dependent: Identity, needed: Identity, decisions: Decisions) -> list[Identity]:
    """Take a dependent out of the way; returns what has to be followed further."""
    entity = decisions.live.objects.get(dependent)
    if isinstance(entity, Column):
        return _release_column(entity, needed, decisions)
    if isinstance(entity, Table):
        _release_table(entity, needed, decisions)
        return [dependent] if dependent in decisions.drop else []
    rebuild(dependent, decisions)
    return [dependent]


def _release_column(column: Column, needed: Identity, decisions: Decisions) -> list[Identity]:
    identity = column.identity
    if column.generated and needed.kind not in _SWAPPABLE:
        rebuild(identity, decisions)
        return [identity]
    if needed.kind in _SWAPPABLE and _uses(column, needed):
        return _convert_column(column, decisions)
    if identity in decisions.desired.objects:
        decisions.undefaulted.add(identity)
    return []


def _uses(column: Column, kind: Identity) -> bool:
    """Whether the column itself is of the type or collation, not only its default."""
    return kind.parts[1] in (column.collation if kind.kind is Kind.COLLATION else column.type)


def _convert_column(column: Column, decisions: Decisions) -> list[Identity]:
    after = decisions.desired.objects.get(column.identity)
    if not isinstance(after, Column) or (column.inherited and after.inherited):
        # Converting the parent's column converts it.
        return []
    known = decisions.alter.get(column.identity)
    attributes = set(known.attributes) if known else set()
    decisions.alter[column.identity] = Change(
        identity=column.identity,
        action=Action.ALTERED,
        before=column,
        after=after,
        attributes=tuple(sorted(attributes | {"type"})),
    )
    return [column.identity]


def _release_table(table: Table, needed: Identity, decisions: Decisions) -> None:
    """A child whose parent is rebuilt: a partition moves along, an heir leaves and comes back.

    A foreign table has no rows here: it goes with its server.
    """
    after = decisions.desired.objects.get(table.identity)
    if needed.kind is Kind.SERVER:
        rebuild(table.identity, decisions)
        return
    if needed not in table.parents or not isinstance(after, Table):
        return
    if table.partition_bound:
        rebuild(table.identity, decisions)
        return
    known = decisions.alter.get(table.identity)
    attributes = set(known.attributes) if known else set()
    decisions.alter[table.identity] = Change(
        identity=table.identity,
        action=Action.ALTERED,
        before=table,
        after=replace(after),
        attributes=tuple(sorted(attributes | {"parents"})),
    )
