"""Changes -> what is dropped, altered and created, with everything that stands in the way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.cluster import DefaultPrivileges, FoundPrivileges, Subscription
from schema_tool.catalog.model.definition import Extension
from schema_tool.catalog.model.relation import (
    Column,
    Constraint,
    ConstraintForm,
    Index,
    Sequence,
    Table,
)
from schema_tool.catalog.model.search import AccessMethod
from schema_tool.compare import Action, Change
from schema_tool.plan.children.constraints import comes_from_above
from schema_tool.plan.children.indexes import Family, is_by_hand, is_unusual
from schema_tool.plan.children.inheritance import (
    ancestors,
    beyond_parent,
    keyed_tables,
    live_children,
    own_changes,
)
from schema_tool.plan.children.typed_tables import leave_types, tables_off_their_type
from schema_tool.plan.decide.clones import restate_clones
from schema_tool.plan.decide.containers import is_refused_in_use
from schema_tool.plan.decide.default_partitions import make_defaults_leave
from schema_tool.plan.decide.extension_uses import say_extension_uses_again
from schema_tool.plan.decide.heirs_defaults import free_heirs_defaults
from schema_tool.plan.decide.held_rows import find_held_rows
from schema_tool.plan.decide.incomplete_indexes import make_incomplete_again
from schema_tool.plan.decide.limits import planned_part, stuck_attributes
from schema_tool.plan.decide.listening import silence_event_triggers
from schema_tool.plan.decide.moved_extensions import left_after_moves
from schema_tool.plan.decide.obstacles import changes_type, propagate
from schema_tool.plan.decide.old_tables import APART, parts_in_the_way
from schema_tool.plan.decide.part_names import settle_rounds
from schema_tool.plan.decide.several_parents import drop_what_was_read, leave_other_parents
from schema_tool.plan.decide.shared_sequences import find_ended, leave_to_column
from schema_tool.plan.decide.sibling_partitions import give_to_siblings, leave_to_parents
from schema_tool.plan.decisions import Decisions, rebuild
from schema_tool.plan.emit.cluster import must_rebuild_subscription
from schema_tool.plan.emit.columns import must_rebuild_column
from schema_tool.plan.emit.context import goes_alone
from schema_tool.plan.emit.registry import EMITTERS
from schema_tool.plan.graph import Graph, closure, relation_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.compare import Changes

_SEQUENCE_FIELDS = (
    *("identity", "type", "increment", "minimum", "maximum", "start"),
    *("cache", "cycle", "comment", "privileges"),
)


def decide(
    changes: Changes,
    live_graph: Graph,
    desired_graph: Graph,
    *,
    online: bool,
    gives_back: bool = False,
) -> Decisions:
    """Classify all changes, then follow the dependencies until nothing stands in the way."""
    decisions = Decisions(
        live=changes.live,
        desired=changes.desired,
        online=online,
        live_graph=live_graph,
        gives_back=gives_back,
    )
    decisions.parts = live_graph.parts
    decisions.children = live_children(changes.live)
    find_held_rows(decisions)
    own = left_after_moves([*own_changes(changes)], changes)
    for change in _renamed_sequences(own):
        _classify(change, decisions)
    make_incomplete_again(decisions)
    find_ended(decisions)
    silence_event_triggers(decisions)
    make_defaults_leave(decisions)
    give_to_siblings(decisions)
    propagate(decisions, live_graph, desired_graph)
    leave_to_parents(decisions)
    leave_other_parents(decisions)
    leave_types(tables_off_their_type(changes, changes.live, changes.desired), decisions)
    _recreate_parts(decisions, desired_graph.parts)
    _drop_what_goes_along(decisions)
    drop_what_was_read(decisions)
    restate_clones(decisions)
    _join_type_functions(decisions, live_graph, desired_graph)
    _free_defaults(decisions, live_graph)
    free_heirs_defaults(decisions)
    _unfold_mutual_parts(decisions, live_graph)
    settle_rounds(decisions)
    say_extension_uses_again(decisions)
    return decisions


def _classify(change: Change, decisions: Decisions) -> None:
    identity = change.identity
    if change.action is Action.CREATED:
        decisions.create.add(identity)
    elif change.action is Action.DROPPED:
        decisions.drop.add(identity)
    elif _must_rebuild(change, decisions):
        decisions.immutable[identity] = change.attributes
        rebuild(identity, decisions)
    else:
        planned = planned_part(change, decisions)
        if planned is None or decisions.rebuilt(identity):
            # A table may be made anew for its key's column before its own change is looked at.
            return
        decisions.alter[identity] = planned
        if changes_type(change):
            # The server alters no column of a partition key.
            for table in keyed_tables(identity, decisions.live, decisions.children):
                rebuild(table, decisions)


def _renamed_sequences(changes: list[Change]) -> Iterator[Change]:
    """An identity column whose sequence has another name keeps it under the new one."""
    gone: dict[Identity | None, Change] = {}
    kept: dict[Identity, Change] = {}
    for change in changes:
        sequence = change.before
        if change.action is Action.DROPPED and isinstance(sequence, Sequence) and sequence.internal:
            gone[sequence.owned_by] = change
    for change in changes:
        after = change.after
        if change.action is Action.CREATED and isinstance(after, Sequence) and after.internal:
            old = gone.get(after.owned_by)
            if old is not None:
                fields = tuple(
                    f for f in _SEQUENCE_FIELDS if getattr(old.before, f) != getattr(after, f)
                )
                kept[old.identity] = replace(
                    change, action=Action.ALTERED, before=old.before, attributes=fields
                )
                kept[change.identity] = kept[old.identity]
    for change in changes:
        if change.identity not in kept:
            yield change
        elif change.action is Action.CREATED:
            yield kept[change.identity]


def _must_rebuild(change: Change, decisions: Decisions) -> bool:
    before, after = change.before, change.after
    if isinstance(before, Column) and isinstance(after, Column):
        return must_rebuild_column(before, after, change.attributes, decisions.live.source.major)
    if isinstance(before, Subscription) and isinstance(after, Subscription):
        return must_rebuild_subscription(before, after, decisions.live.source.major)
    if is_refused_in_use(change, decisions):
        return True
    stays = isinstance(before, Index) and _replaceable(before, decisions)
    if stays or (isinstance(before, AccessMethod) and _keep_tables(change.identity, decisions)):
        return False
    if isinstance(before, Extension) and isinstance(after, Extension):
        # What nothing stands on can simply be made anew.
        users = decisions.live_graph.needed_by.get(change.identity) or ()
        in_use = any(user.kind is not Kind.FOUND_PRIVILEGES for user in users)
        return bool(stuck_attributes(change)) and not in_use
    return EMITTERS[change.kind].must_rebuild(before, after, change.attributes)


def _keep_tables(method: Identity, decisions: Decisions) -> bool:
    """Whether tables are of an access method before and after."""
    for identity in decisions.live_graph.needed_by.get(method, ()):
        after = decisions.desired.objects.get(identity)
        if isinstance(after, Table) and after.access_method == method.parts[0]:
            return True
    return False


def _replaceable(index: Index, decisions: Decisions) -> bool:
    """Whether a new index can be built beside the old one before that is dropped.

    One of another table takes nothing but the name.
    """
    after = decisions.desired.objects.get(index.identity)
    # One that stays without some of its parts is made before them.
    whole = isinstance(after, Index) and (after.valid or not after.partitioned)
    here = isinstance(after, Index) and after.table == index.table
    return (
        decisions.online and index.table.kind is Kind.TABLE and not index.parent and whole and here
    )


def _recreate_parts(decisions: Decisions, parts: Mapping[Identity, list[Identity]]) -> None:
    """The parts of a rebuilt relation, and of one that is new, are created with it."""
    family = Family(live=decisions.live, desired=decisions.desired, children=decisions.children)
    for identity in decisions.drop & decisions.create:
        after = decisions.desired.objects[identity]
        if isinstance(after, Constraint) and comes_from_above(after, family):
            # Its own one goes; it gets its parent's.
            decisions.create.discard(identity)
    for identity in list(decisions.create):
        for part in parts.get(identity, ()):
            entity: Entity = decisions.desired.objects[part]
            if _comes_with_parent(entity):
                table = entity.table if isinstance(entity, Index) else identity
                if table in decisions.live.objects:
                    # Else it was decided whether it gets a name.
                    decisions.forget(part)
                    assert isinstance(entity, Constraint | Index)
                    if is_unusual(entity, family, anew=True):
                        decisions.create.add(part)
                continue
            free = isinstance(entity, Sequence) and not entity.internal
            if free and part in decisions.live.objects:
                # It stands by itself until it is given to its column.
                continue
            decisions.alter.pop(part, None)
            decisions.create.add(part)


def _comes_with_parent(entity: Entity) -> bool:
    """Whether a new partition gets it from its parent by itself."""
    if isinstance(entity, Constraint):
        return entity.inherited and not entity.local
    return isinstance(entity, Index) and entity.parent is not None


def _grants_on_what_goes(entity: Entity, decisions: Decisions) -> bool:
    """Whether nobody needs to revoke anything: what it was granted on is dropped."""
    if isinstance(entity, FoundPrivileges):
        return Identity(Kind.EXTENSION, (entity.extension,)) in decisions.drop
    schema = Identity(Kind.SCHEMA, entity.identity.parts[1:2])
    return isinstance(entity, DefaultPrivileges) and schema in decisions.drop


def _drop_what_goes_along(decisions: Decisions) -> None:
    """Parts of a dropped relation go with it, but for what a mutual reference holds fast."""
    family = Family(live=decisions.live, desired=decisions.desired, children=decisions.children)
    anew = {i for i in decisions.drop if _comes_with_anew(i, decisions, family)}
    for identity in list(decisions.drop):
        relation = relation_of(identity, decisions.live)
        entity = decisions.live.objects[identity]
        if isinstance(entity, Sequence) and entity.owned_by:
            leave_to_column(entity, decisions)
        elif relation in decisions.drop:
            decisions.drop.discard(identity)
        elif isinstance(entity, Index) and _goes_with_parent(entity, decisions):
            decisions.drop.discard(identity)
            if identity in anew:
                decisions.create.discard(identity)
        elif _grants_on_what_goes(entity, decisions):
            decisions.drop.discard(identity)
    _leave_to_parents(decisions)
    _unfold_mutual_keys(decisions)
    decisions.unfolded |= parts_in_the_way(decisions)


def _leave_to_parents(decisions: Decisions) -> None:
    """An heir's generated column goes and comes with its parent's; what is its own is left."""
    live, desired = decisions.live, decisions.desired
    for identity in [i for i in decisions.drop if i.kind is Kind.COLUMN]:
        before = live.objects[identity]
        if not isinstance(before, Column) or not before.inherited or before.local:
            continue
        table = Identity(Kind.TABLE, identity.parts[:2])
        stays = set(ancestors(table, desired))
        parents = [parent for parent in ancestors(table, live) if parent in stays]
        above = [Identity(Kind.COLUMN, (*p.parts, identity.parts[2])) for p in parents]
        above = [
            i
            for i in above
            if i in decisions.drop and not goes_alone(i, decisions.children, desired)
        ]
        left = None
        if above and decisions.rebuilt(identity):
            left = beyond_parent(desired.objects[identity], desired.objects[above[0]])
        for column in above:
            decisions.followers.setdefault(column, set()).add(identity)
            decisions.forget(identity)
        if left is not None:
            decisions.alter[identity] = left


def _goes_with_parent(index: Index, decisions: Decisions) -> bool:
    """Whether a partition's index is attached when its parent's is dropped."""
    parent = decisions.live.objects.get(index.parent) if index.parent else None
    if not isinstance(parent, Index):
        return False
    if parent.identity not in decisions.drop and not _goes_with_parent(parent, decisions):
        return False
    after = decisions.desired.objects.get(index.table)
    before = decisions.live.objects[index.table]
    if not isinstance(before, Table) or not isinstance(after, Table):
        return True
    return before.place == after.place


def _comes_with_anew(identity: Identity, decisions: Decisions, family: Family) -> bool:
    """Whether the server makes a partition's index for the parent's that is made anew."""
    index = decisions.desired.objects.get(identity)
    parent = index.parent if isinstance(index, Index) else None
    return parent in decisions.create and not is_by_hand(parent, family)


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
    """A dropped default by a dropped function that itself reads the table or column that goes."""
    for routine in [i for i in decisions.drop if i.kind is Kind.ROUTINE]:
        reached: set[Identity] | None = None
        for column in graph.needed_by.get(routine, ()):
            table = Identity(Kind.TABLE, column.parts[:2])
            if column.kind is Kind.COLUMN and not decisions.drop.isdisjoint((table, column)):
                if reached is None:
                    reached = _reached_by_drops(routine, decisions, graph)
                # A partition has its default from its parent.
                above = (table, *ancestors(table, decisions.live))
                columns = (Identity(Kind.COLUMN, (*t.parts, column.parts[2])) for t in above)
                if not reached.isdisjoint(above if table in decisions.drop else columns):
                    decisions.undefaulted.add(column)


def _unfold_mutual_parts(decisions: Decisions, graph: Graph) -> None:
    """What stands on a dropped table and calls what itself reads the table goes before both."""
    reached: dict[Identity, set[Identity]] = {}
    for table in [i for i in decisions.drop if i.kind is Kind.TABLE]:
        for part in decisions.parts.get(table, ()):
            if part.kind not in APART or _is_clone(decisions.live.objects[part]):
                continue
            for needed in graph.needs.get(part, ()):
                if needed == table or needed not in decisions.drop:
                    continue
                if needed not in reached:
                    reached[needed] = _reached_by_drops(needed, decisions, graph)
                if table in reached[needed]:
                    decisions.unfolded.add(part)


def _is_clone(entity: Entity) -> bool:
    """Whether it is a partition's part of what its parent has."""
    if isinstance(entity, Constraint):
        return entity.inherited or entity.form is ConstraintForm.FOREIGN_KEY
    return bool(entity.parent if isinstance(entity, Index) else getattr(entity, "clone", False))


def _reached_by_drops(start: Identity, decisions: Decisions, graph: Graph) -> set[Identity]:
    """What a dropped object stands on, itself or by the parts that go with it."""
    found: set[Identity] = set()
    waiting = [start]
    while waiting:
        identity = waiting.pop()
        if identity not in found:
            found.add(identity)
            waiting += graph.needs.get(identity, ())
            if identity in decisions.drop:
                waiting += decisions.parts.get(identity, ())
    return found


def _unfold_mutual_keys(decisions: Decisions) -> None:
    """Foreign keys between dropped tables that refer to each other are dropped before both.

    An heir stands on its parents as well.
    """
    references = {table.identity: set(table.parents) for table in decisions.live.each(Table)}
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
        if table in closure([target], references):
            decisions.unfolded.add(part)
