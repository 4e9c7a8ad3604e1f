"""Changes -> what is dropped, altered and created, with everything that stands in the way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.cluster import Subscription
from schema_tool.catalog.model.definition import Extension
from schema_tool.catalog.model.relation import Column, Constraint, Index, Sequence, Table
from schema_tool.catalog.model.search import AccessMethod
from schema_tool.compare import Action, Change
from schema_tool.plan.children.constraints import comes_from_above
from schema_tool.plan.children.indexes import Family, is_unusual
from schema_tool.plan.children.inheritance import keyed_tables, live_children, own_changes
from schema_tool.plan.children.typed_tables import (
    has_other_order,
    leave_types,
    tables_off_their_type,
)
from schema_tool.plan.decide.anew_below import say_again_below
from schema_tool.plan.decide.clones import restate_clones
from schema_tool.plan.decide.containers import is_refused_in_use
from schema_tool.plan.decide.converted_parts import find_converted_parts
from schema_tool.plan.decide.default_partitions import make_defaults_leave
from schema_tool.plan.decide.extension_uses import say_extension_uses_again
from schema_tool.plan.decide.going_along import drop_what_goes_along
from schema_tool.plan.decide.heirs_defaults import free_heirs_defaults
from schema_tool.plan.decide.held_rows import find_held_rows
from schema_tool.plan.decide.incomplete_indexes import make_incomplete_again
from schema_tool.plan.decide.index_statistics import hand_statistics_down
from schema_tool.plan.decide.left_out import keep_schemas
from schema_tool.plan.decide.limits import planned_part, stuck_attributes
from schema_tool.plan.decide.listening import silence_event_triggers
from schema_tool.plan.decide.moved_extensions import left_after_moves
from schema_tool.plan.decide.mutual import (
    free_defaults,
    free_old_tables,
    set_defaults_late,
    unfold_mutual_parts,
)
from schema_tool.plan.decide.obstacles import propagate
from schema_tool.plan.decide.part_names import settle_rounds
from schema_tool.plan.decide.several_parents import drop_what_was_read, leave_other_parents
from schema_tool.plan.decide.shared_sequences import find_ended
from schema_tool.plan.decide.sibling_partitions import give_to_siblings, leave_to_parents
from schema_tool.plan.decide.type_changes import changes_type
from schema_tool.plan.decide.unproved_not_nulls import add_unproved_not_nulls
from schema_tool.plan.decisions import Decisions, rebuild
from schema_tool.plan.emit.columns import must_rebuild_column
from schema_tool.plan.emit.registry import EMITTERS
from schema_tool.plan.emit.replication import must_rebuild_subscription

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.compare import Changes
    from schema_tool.plan.graph import Graph

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
    decisions.parts, decisions.desired_parts = live_graph.parts, desired_graph.parts
    decisions.children = live_children(changes.live)
    find_held_rows(decisions)
    own = left_after_moves([*own_changes(changes)], changes)
    for change in _renamed_sequences(own):
        _classify(change, decisions)
    keep_schemas(changes, decisions)
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
    drop_what_goes_along(decisions)
    drop_what_was_read(decisions)
    restate_clones(decisions)
    say_again_below(decisions)
    _join_type_functions(decisions, live_graph, desired_graph)
    free_defaults(decisions, live_graph)
    free_old_tables(decisions, live_graph)
    set_defaults_late(decisions, desired_graph)
    free_heirs_defaults(decisions)
    unfold_mutual_parts(decisions, live_graph)
    settle_rounds(decisions)
    hand_statistics_down(decisions)
    find_converted_parts(decisions)
    add_unproved_not_nulls(decisions)
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
    if is_refused_in_use(change, decisions) or has_other_order(change, decisions):
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
    return decisions.online and not index.parent and whole and here


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


def _join_type_functions(decisions: Decisions, live: Graph, desired: Graph) -> None:
    """A base type and its functions need each other: they come and go in one step."""
    for kind in [i for i in decisions.drop if i.kind is Kind.BASE_TYPE]:
        for routine in live.needs[kind] & live.needed_by[kind] & decisions.drop:
            decisions.drop.discard(routine)
            decisions.absorbed[routine] = kind
    for kind in [i for i in decisions.create if i.kind is Kind.BASE_TYPE]:
        for routine in desired.needs[kind] & desired.needed_by[kind] & decisions.create:
            decisions.brought[routine] = kind
