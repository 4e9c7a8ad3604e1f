"""Changes -> what is dropped, altered and created, with everything that stands in the way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.definition import Composite, Extension
from schema_tool.catalog.model.relation import (
    Column,
    Constraint,
    Index,
    Sequence,
    Table,
)
from schema_tool.compare import Action, Change
from schema_tool.plan.clones import restate_clones
from schema_tool.plan.decisions import Decisions, parts_by_relation, rebuild
from schema_tool.plan.emit import definitions
from schema_tool.plan.emit.columns import must_rebuild_column
from schema_tool.plan.emit.registry import EMITTERS
from schema_tool.plan.graph import Graph, closure, relation_of
from schema_tool.plan.obstacles import propagate

if TYPE_CHECKING:
    from schema_tool.catalog.model.entity import Entity
    from schema_tool.compare import Changes


# What ALTER TABLE without ONLY does to the columns of children as well.
_INHERITED_ATTRIBUTES = frozenset(
    {"type", "collation", "not_null", "default", "generated", "not_null_valid", "storage"}
    | {"compression", "statistics", "options", "identity_generation"}
)


_APART = frozenset(
    {Kind.CONSTRAINT, Kind.INDEX, Kind.STATISTICS, Kind.POLICY, Kind.TRIGGER, Kind.RULE}
)


def decide(changes: Changes, live_graph: Graph, desired_graph: Graph, *, online: bool) -> Decisions:
    """Classify all changes, then follow the dependencies until nothing stands in the way."""
    decisions = Decisions(
        live=changes.live, desired=changes.desired, online=online, live_graph=live_graph
    )
    decisions.parts = parts_by_relation(changes.live)
    by_identity = {change.identity: change for change in changes}
    for change in changes:
        own = (
            None if _follows_parent(change, changes) else _own_change(change, by_identity, changes)
        )
        if own is not None:
            _classify(own, decisions)
    propagate(decisions, live_graph, desired_graph)
    _recreate_parts(decisions)
    _drop_what_goes_along(decisions)
    restate_clones(decisions)
    _join_type_functions(decisions, live_graph, desired_graph)
    _free_defaults(decisions, live_graph)
    return decisions


def _follows_parent(change: Change, changes: Changes) -> bool:  # noqa: PLR0911 - by kind
    """Whether the server does it by itself when the parent changes."""
    before, after = change.before, change.after
    if isinstance(after, Column) or isinstance(before, Column):
        return _column_follows(change, changes)
    if isinstance(after, Constraint) and change.action is not Action.DROPPED:
        return after.inherited and not after.local
    if isinstance(before, Constraint) and change.action is Action.DROPPED:
        leaves = _leaves_parent(Identity(Kind.TABLE, change.identity.parts[:2]), changes)
        return before.inherited and not before.local and not leaves
    if isinstance(after, Index) and change.action is Action.CREATED:
        return after.parent is not None and _is_new_index(after, changes)
    if isinstance(after, Index) and change.attributes == ("parent",):
        return after.parent is not None and _is_new_index(after, changes)
    if isinstance(before, Index) and change.action is Action.DROPPED:
        gone = before.parent is not None and before.parent not in changes.desired.objects
        return gone and not _leaves_parent(before.table, changes)
    return False


def _leaves_parent(table: Identity, changes: Changes) -> bool:
    """Whether a table stays without a parent that it has: it keeps what it has from there."""
    live, desired = changes.live.objects.get(table), changes.desired.objects.get(table)
    if not isinstance(live, Table) or not isinstance(desired, Table):
        return False
    return not set(live.parents) <= set(desired.parents)


def _is_new_index(index: Index, changes: Changes) -> bool:
    """Whether the parent's index or the partition is new, so that the server makes this one."""
    if index.parent not in changes.live.objects or index.table not in changes.live.objects:
        return True
    live, desired = changes.live.objects[index.table], changes.desired.objects[index.table]
    return (
        isinstance(live, Table) and isinstance(desired, Table) and live.parents != desired.parents
    )


def _column_follows(change: Change, changes: Changes) -> bool:
    """Whether a column comes and goes with its parent's."""
    column = change.after if change.action is Action.CREATED else change.before
    assert isinstance(column, Column)
    if change.action is Action.ALTERED or column.local or not column.inherited:
        return False
    table = Identity(Kind.TABLE, change.identity.parts[:2])
    return change.action is Action.CREATED or not _leaves_parent(table, changes)


def _own_change(
    change: Change, by_identity: dict[Identity, Change], changes: Changes
) -> Change | None:
    """An altered column without what altering its parent's column does to it."""
    if change.kind is Kind.SEQUENCE and "internal" in change.attributes:
        # Altering the column makes the one from the other.
        return None
    if change.action is not Action.ALTERED or change.kind is not Kind.COLUMN:
        return change
    attributes = set(change.attributes) - {"inherited", "local"}
    table = Identity(Kind.TABLE, change.identity.parts[:2])
    before, after = changes.live.objects.get(table), changes.desired.objects.get(table)
    kept = after.parents if isinstance(after, Table) else ()
    parents = [p for p in before.parents if p in kept] if isinstance(before, Table) else []
    for parent in parents:
        above = by_identity.get(Identity(Kind.COLUMN, (*parent.parts, change.identity.parts[2])))
        if above is None or above.action is not Action.ALTERED:
            continue
        for attribute in _INHERITED_ATTRIBUTES & attributes & set(above.attributes):
            if getattr(above.after, attribute) == getattr(change.after, attribute):
                attributes.discard(attribute)
                if attribute == "not_null":
                    attributes -= {"not_null_name", "not_null_no_inherit"}
    if not attributes:
        return None
    return replace(change, attributes=tuple(sorted(attributes)))


def _classify(change: Change, decisions: Decisions) -> None:
    identity = change.identity
    if change.action is Action.CREATED:
        decisions.create.add(identity)
    elif change.action is Action.DROPPED:
        decisions.drop.add(identity)
    elif _must_rebuild(change, decisions):
        rebuild(identity, decisions)
    else:
        decisions.alter[identity] = change


def _must_rebuild(change: Change, decisions: Decisions) -> bool:
    before, after = change.before, change.after
    if isinstance(before, Column) and isinstance(after, Column):
        return must_rebuild_column(before, after, change.attributes, decisions.live.source.major)
    if isinstance(before, Index) and _replaceable(before, decisions):
        return False
    if isinstance(before, Composite) and isinstance(after, Composite):
        users = decisions.live_graph.needed_by.get(change.identity, ())
        stored = any(user.kind is Kind.COLUMN for user in users)
        if stored and _retyped(before, after):
            return True
    if isinstance(before, Extension) and isinstance(after, Extension):
        # Update scripts lead forwards; what nothing stands on can simply be made anew.
        older = definitions.version_key(after.version) < definitions.version_key(before.version)
        return older and not decisions.live_graph.needed_by.get(change.identity)
    return EMITTERS[change.kind].must_rebuild(before, after, change.attributes)


def _retyped(before: Composite, after: Composite) -> bool:
    """Whether an attribute changes its type, which the server refuses where it is stored."""
    old = {entry.name: (entry.type, entry.collation) for entry in before.attributes}
    return any(
        old.get(entry.name, (entry.type, entry.collation)) != (entry.type, entry.collation)
        for entry in after.attributes
    )


def _replaceable(index: Index, decisions: Decisions) -> bool:
    """Whether a new index can be built beside the old one before that is dropped."""
    return (
        decisions.online
        and index.table.kind is Kind.TABLE
        and not index.partitioned
        and index.parent is None
    )


def _recreate_parts(decisions: Decisions) -> None:
    """The parts of a rebuilt relation, and of one that is new, are created with it."""
    parts = parts_by_relation(decisions.desired)
    for identity in list(decisions.create):
        for part in parts.get(identity, ()):
            entity: Entity = decisions.desired.objects[part]
            if isinstance(entity, Constraint) and entity.inherited and not entity.local:
                continue
            if isinstance(entity, Index) and entity.parent:
                continue
            free = isinstance(entity, Sequence) and not entity.internal
            if free and part in decisions.live.objects:
                # It stands by itself until it is given to its column.
                continue
            decisions.alter.pop(part, None)
            decisions.create.add(part)


def _drop_what_goes_along(decisions: Decisions) -> None:
    """Parts of a dropped relation go with it, but for what a mutual reference holds fast."""
    for identity in list(decisions.drop):
        relation = relation_of(identity, decisions.live)
        entity = decisions.live.objects[identity]
        entity_schema = Identity(Kind.SCHEMA, identity.parts[1:2])
        if isinstance(entity, Sequence) and entity.owned_by:
            if entity.internal or entity.owned_by in decisions.drop or relation in decisions.drop:
                decisions.drop.discard(identity)
        elif relation in decisions.drop:
            decisions.drop.discard(identity)
        elif isinstance(entity, Index) and entity.parent in decisions.drop:
            decisions.drop.discard(identity)
            decisions.create.discard(identity)
        elif identity.kind is Kind.DEFAULT_PRIVILEGES and entity_schema in decisions.drop:
            decisions.drop.discard(identity)
    _unfold_mutual_keys(decisions)
    for table in decisions.moved:
        # The names of its constraints and indexes are needed by the new table's, and what its
        # policies and triggers call may go before the rows are copied.
        for part in decisions.parts.get(table, ()):
            if part.kind in _APART:
                part_entity = decisions.live.objects[part]
                inherited = isinstance(part_entity, Constraint) and part_entity.inherited
                attached = isinstance(part_entity, Index) and part_entity.parent
                if not inherited and not attached:
                    decisions.unfolded.add(part)


def _join_type_functions(decisions: Decisions, live: Graph, desired: Graph) -> None:
    """A base type and its functions need each other: they come and go in one step."""
    for kind in [i for i in decisions.drop if i.kind is Kind.BASE_TYPE]:
        for routine in live.needs[kind] & live.needed_by[kind] & decisions.drop:
            decisions.drop.discard(routine)
            decisions.absorbed[routine] = kind
    for kind in [i for i in decisions.create if i.kind is Kind.BASE_TYPE]:
        for routine in desired.needs[kind] & desired.needed_by[kind] & decisions.create:
            decisions.brought[routine] = kind


def _free_defaults(decisions: Decisions, graph: Graph) -> None:
    """A dropped table's default by a dropped function that itself reads the table."""
    for routine in [i for i in decisions.drop if i.kind is Kind.ROUTINE]:
        reached: set[Identity] | None = None
        for column in graph.needed_by.get(routine, ()):
            table = Identity(Kind.TABLE, column.parts[:2])
            if column.kind is Kind.COLUMN and table in decisions.drop:
                reached = closure([routine], graph.needs) if reached is None else reached
                if table in reached:
                    decisions.undefaulted.add(column)


def _unfold_mutual_keys(decisions: Decisions) -> None:
    """Foreign keys between dropped tables that refer to each other are dropped before both."""
    references: dict[Identity, set[Identity]] = {}
    keys: list[tuple[Identity, Identity, Identity]] = []
    for table in decisions.drop:
        for part in decisions.parts.get(table, ()):
            entity = decisions.live.objects[part]
            if isinstance(entity, Constraint) and entity.references in decisions.drop:
                target = entity.references
                if target is None or entity.inherited:
                    continue
                if target == table:
                    # The key refers to each partition as well, and those go before the table.
                    live = decisions.live.objects[table]
                    if isinstance(live, Table) and live.partition_key:
                        decisions.unfolded.add(part)
                else:
                    references.setdefault(table, set()).add(target)
                    keys.append((table, target, part))
    for table, target, part in keys:
        if _reaches(target, table, references):
            decisions.unfolded.add(part)


def _reaches(start: Identity, end: Identity, edges: dict[Identity, set[Identity]]) -> bool:
    seen: set[Identity] = set()
    waiting = [start]
    while waiting:
        identity = waiting.pop()
        if identity == end:
            return True
        if identity not in seen:
            seen.add(identity)
            waiting += edges.get(identity, ())
    return False
