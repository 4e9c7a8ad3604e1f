"""What stands in the way of a drop or of a change of type, and how it is moved out of it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import (
    Column,
    Constraint,
    ConstraintForm,
    Index,
    Statistics,
    Table,
)
from schema_tool.plan.children.inheritance import columns_below
from schema_tool.plan.decide.cast_users import users_of_casts
from schema_tool.plan.decide.containers import loses_attribute, may_read
from schema_tool.plan.decide.followers import find_followers, follows, keys_along_with
from schema_tool.plan.decide.held_rows import rewrites_rows
from schema_tool.plan.decide.part_names import gets_name
from schema_tool.plan.decide.released import CONTAINERS, has_rival, remove
from schema_tool.plan.decide.swaps import SWAPPABLE, prepare_rebuild, settle_moves
from schema_tool.plan.decide.type_changes import (
    changes_type,
    keys_through_index,
    stays_proved,
    survives,
)
from schema_tool.plan.decide.whole_rows import ROW_WRITERS, users_of_rows
from schema_tool.plan.emit.conversion import cast_between
from schema_tool.plan.emit.indexes import must_rebuild_index
from schema_tool.plan.graph import Graph, relation_of
from schema_tool.plan.words import makes_rows_of, names_all_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.compare import Change
    from schema_tool.plan.decisions import Decisions

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


def propagate(decisions: Decisions, live_graph: Graph, desired_graph: Graph) -> None:
    """Drop what stands on something that goes; convert the columns of types that are rebuilt."""
    find_followers(decisions.drop, decisions)
    waiting = [*_touched(decisions)]
    for user, cast in users_of_casts(decisions, live_graph, desired_graph):
        waiting += remove(user, cast, decisions)
    # What was to be altered may have been found to go since.
    done: set[tuple[Identity, bool]] = set()
    while waiting:
        identity = waiting.pop()
        if (identity, identity in decisions.drop) in done:
            continue
        done.add((identity, identity in decisions.drop))
        if identity in decisions.drop:
            waiting += decisions.parts.get(identity, ())
            prepare_rebuild(identity, decisions)
            find_followers([identity], decisions)
            waiting += sorted(decisions.followers.get(identity, ()))
        dependents = set(_users_of(identity, decisions))
        altered = decisions.alter.get(identity)
        if altered and changes_type(altered) and not _goes(identity, decisions):
            for below in columns_below(identity, decisions.live, decisions.children):
                dependents |= live_graph.needed_by.get(below, set())
            dependents |= set(keys_through_index(identity, decisions))
        for dependent in sorted(dependents):
            if _stands_in_the_way(dependent, identity, decisions, desired_graph):
                waiting += remove(dependent, identity, decisions)
        waiting += _release_rows(identity, decisions)
    settle_moves(decisions)
    # What was to lose its checks alone may have been found to go as a whole since; a column that
    # goes may have to lose its default before, when the sequence does.
    whole = {i for i in decisions.undefaulted & decisions.drop if i.kind is not Kind.COLUMN}
    decisions.undefaulted -= whole - decisions.swapped - decisions.moved
    for identity in decisions.swapped:
        # What its checks call goes before the old one does.
        needs = live_graph.needs.get(identity, ()) if identity.kind is Kind.DOMAIN else ()
        if any(_takes_checks_away(needed, decisions) for needed in needs):
            decisions.undefaulted.add(identity)


def _touched(decisions: Decisions) -> Iterator[Identity]:
    """What others may stand on that goes, gets another type or is rewritten, in a settled order."""
    # Of two that stand in the way of one, the first is named.
    yield from sorted(decisions.drop)
    retyped = (i for i, c in decisions.alter.items() if changes_type(c) or loses_attribute(c))
    yield from sorted(retyped)
    # What refers to an index, or names it by a constant, would have the old one stay.
    yield from sorted(i for i, c in decisions.alter.items() if _is_replaced(c))
    # What comes under the same name is another: who uses it is released.
    ended = chain.from_iterable(decisions.ended.values())
    yield from (i for i in ended if i in decisions.desired.objects)
    if decisions.holders:
        made = (i for i in (*decisions.create, *decisions.alter) if i.kind in ROW_WRITERS)
        yield from sorted(i for i in made if rewrites_rows(i, decisions))


def _release_rows(rewritten: Identity, decisions: Decisions) -> list[Identity]:
    """Take what stands on its table's whole rows out of the way."""
    found: list[Identity] = []
    for user in sorted(users_of_rows(rewritten, decisions)):
        if not _goes(user, decisions):
            found += remove(user, rewritten, decisions)
        decisions.because.setdefault(user, rewritten)
    return found


def _takes_checks_away(needed: Identity, decisions: Decisions) -> bool:
    change = decisions.alter.get(needed)
    if change is not None and loses_attribute(change):
        return True
    return needed in decisions.drop and needed.kind not in SWAPPABLE | CONTAINERS


def _users_of(identity: Identity, decisions: Decisions) -> Iterator[Identity]:
    """What stands on something, or on the keys of partitions that go with it."""
    needed_by = decisions.live_graph.needed_by
    yield from needed_by.get(identity, ())
    if identity in decisions.drop and identity.kind is Kind.CONSTRAINT:
        for part in keys_along_with(identity, decisions):
            yield from needed_by.get(part, ())


def _goes(identity: Identity, decisions: Decisions) -> bool:
    """Whether the object, or the relation that it is part of, is dropped."""
    if identity in decisions.drop:
        return True
    relation = relation_of(identity, decisions.live)
    gone = relation is not None and relation in decisions.drop
    return gone or follows(identity, decisions)


def _stands_in_the_way(
    dependent: Identity, needed: Identity, decisions: Decisions, desired_graph: Graph
) -> bool:
    if _goes(dependent, decisions) or dependent.kind in CONTAINERS:
        return False
    entity = decisions.live.objects.get(dependent)
    inherited = isinstance(entity, Constraint) and entity.inherited and not entity.local
    if inherited or (isinstance(entity, Index) and entity.parent):
        # Its parent's stands on the same; what is wanted in spite of it is made again.
        return (
            isinstance(entity, Index)
            and entity.parent == needed
            and needed in decisions.drop
            and dependent in decisions.desired.objects
            and not gets_name(dependent, decisions)
            and not _is_detached(entity, decisions)
        )
    if needed not in decisions.drop and not _goes(needed, decisions):
        replaced = needed.kind is Kind.INDEX and dependent.kind is not Kind.INDEX
        blocks = replaced or needed.kind is Kind.SEQUENCE
        return blocks or _blocks_type_change(dependent, needed, decisions)
    if dependent.kind is Kind.SEQUENCE:
        return False
    still = needed in desired_graph.needs.get(dependent, ())
    gone_for_good = needed not in decisions.desired.objects and needed not in decisions.swapped
    relation = relation_of(needed, decisions.live)
    # What is of one that is made anew goes with the old one, as the new one is not there yet.
    gone_for_good &= relation is None or not decisions.rebuilt(relation)
    # Altering a foreign key does not take it to another key.
    altered = dependent in decisions.alter and dependent.kind is not Kind.CONSTRAINT
    turns = _turns_to_next_key(dependent, needed, decisions, desired_graph)
    if altered and gone_for_good and not (still or turns or has_rival(needed, decisions)):
        # Altered in place before the drop, it will not stand on it any more.
        after = decisions.desired.objects.get(dependent)
        whole = needed.kind is Kind.COLUMN and (
            names_all_columns(after) or makes_rows_of(needed.parts[:2], after)
        )
        return whole or _loosens(dependent, decisions)
    return True


def _turns_to_next_key(
    dependent: Identity, needed: Identity, decisions: Decisions, desired_graph: Graph
) -> bool:
    """Whether it groups by a primary key and then by the next one: a table has one at a time."""

    def is_primary(key: object) -> bool:
        return isinstance(key, Constraint) and key.form is ConstraintForm.PRIMARY_KEY

    return is_primary(decisions.live.objects.get(needed)) and any(
        is_primary(decisions.desired.objects.get(i)) and i.parts[:2] == needed.parts[:2]
        for i in desired_graph.needs.get(dependent, ())
    )


def _is_detached(index: Index, decisions: Decisions) -> bool:
    """Whether its table leaves the parent's before that one goes, and takes its indexes along."""
    above = decisions.live.objects.get(index.parent) if index.parent else None
    after = decisions.desired.objects.get(index.table)
    if not isinstance(above, Index) or not isinstance(after, Table):
        return False
    return above.table not in after.parents or not after.partition_bound


def _loosens(dependent: Identity, decisions: Decisions) -> bool:
    """Whether altering leaves it standing on what is dropped, so that it must go as well."""
    change = decisions.alter[dependent]
    inside = {"definition", "canonical", "default", "type", "tables", "using", "check", "parents"}
    inside |= {"base_type", "attributes", "mappings", "members", "partition_bound", "schema"}
    return not inside & set(change.attributes)


def _blocks_type_change(dependent: Identity, needed: Identity, decisions: Decisions) -> bool:
    change = decisions.alter.get(needed)
    if change is not None and loses_attribute(change):
        return may_read(decisions.live.objects.get(dependent))
    if change is None or not changes_type(change):
        return False
    if dependent.kind is Kind.CONSTRAINT:
        return _blocks_as_constraint(dependent, change, decisions)
    if dependent.kind is Kind.COLUMN:
        entity = decisions.live.objects[dependent]
        return isinstance(entity, Column) and bool(entity.generated)
    if dependent.kind is Kind.INDEX:
        # Its operators may not know the new type: it is not rebuilt before it is replaced.
        replaced = decisions.alter.get(dependent)
        unlike = not survives(decisions.live.objects[dependent], change, decisions)
        return replaced is not None and _is_replaced(replaced) and unlike
    return dependent.kind in _BLOCK_TYPE_CHANGE or _loses_settings(dependent, decisions)


def _blocks_as_constraint(dependent: Identity, change: Change, decisions: Decisions) -> bool:
    entity = decisions.live.objects[dependent]
    assert isinstance(entity, Constraint)
    if entity.form is ConstraintForm.FOREIGN_KEY:
        # One that refers to an index which has the column to INCLUDE it, the server does not see.
        by_itself = change.identity in decisions.live_graph.needs.get(dependent, ())
        return not (by_itself and stays_proved(entity, change, decisions))
    return decisions.online and _is_proved_again(entity, change)


def _is_proved_again(check: Constraint, change: Change) -> bool:
    """Whether the server would prove a check under its lock, where it touches no row."""
    before, after = change.before, change.after
    if not isinstance(before, Column) or not isinstance(after, Column):
        return False
    same = before.type == after.type or cast_between(before.type, after.type).free
    return check.form is ConstraintForm.CHECK and check.valid and same


def _loses_settings(dependent: Identity, decisions: Decisions) -> bool:
    """Whether the server would make statistics anew for whoever asks, with the usual target."""
    entity = decisions.live.objects.get(dependent)
    if not isinstance(entity, Statistics):
        return False
    return entity.owner != decisions.live.source.role or entity.target is not None


def _is_replaced(change: Change) -> bool:
    """Whether an index is built again, beside the old one."""
    before, after = change.before, change.after
    if not isinstance(before, Index) or not isinstance(after, Index):
        return False
    return must_rebuild_index(before, after, change.attributes)
