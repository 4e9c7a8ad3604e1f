"""What stands in the way of a drop or of a change of type, and how it is moved out of it."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.definition import Domain, Range
from schema_tool.catalog.model.relation import (
    Column,
    Constraint,
    ConstraintForm,
    Index,
    Statistics,
    Table,
    TableForm,
)
from schema_tool.catalog.quoting import qualified
from schema_tool.compare import Action, Change
from schema_tool.plan.children.inheritance import columns_below, keyed_tables
from schema_tool.plan.decide.cast_users import users_of_casts
from schema_tool.plan.decide.containers import is_inside, loses_attribute, may_read
from schema_tool.plan.decide.followers import find_followers, follows, keys_along_with
from schema_tool.plan.decide.part_names import gets_name
from schema_tool.plan.decide.publishing import unpublish
from schema_tool.plan.decide.swaps import SWAPPABLE, prepare_rebuild, settle_moves
from schema_tool.plan.decisions import TYPES, Decisions, rebuild
from schema_tool.plan.emit.conversion import cast_between, stay_distinct
from schema_tool.plan.emit.indexes import must_rebuild_index
from schema_tool.plan.emit.rewritten import fits
from schema_tool.plan.graph import Graph, relation_of
from schema_tool.plan.nodes import NAMED, names_of
from schema_tool.plan.words import names_all_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity

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
_KEYS = (ConstraintForm.PRIMARY_KEY, ConstraintForm.UNIQUE)
# Of a column, what its type and its values do not hang on.
FREE_OF_KEYS = frozenset(
    {"not_null", "not_null_name", "not_null_no_inherit", "not_null_valid", "not_null_comment"}
    | {"default", "statistics", "storage", "compression", "options", "comment", "privileges"}
)
_CONTAINERS = frozenset({Kind.SCHEMA, Kind.EXTENSION})
# What an expression in a partition key calls, or a column of it is compared by.
_IN_KEYS = TYPES | {Kind.ROUTINE, Kind.OPERATOR, Kind.OPERATOR_CLASS, Kind.COLLATION}


def propagate(decisions: Decisions, live_graph: Graph, desired_graph: Graph) -> None:
    """Drop what stands on something that goes; convert the columns of types that are rebuilt."""
    find_followers(decisions.drop, decisions)
    # In an order of their own: of two that stand in the way of one, the first is named.
    waiting = sorted(decisions.drop)
    waiting += sorted(
        i
        for i, change in decisions.alter.items()
        if changes_type(change) or loses_attribute(change)
    )
    # What comes under the same name is another: who uses it is released.
    waiting += (
        i for i in chain.from_iterable(decisions.ended.values()) if i in decisions.desired.objects
    )
    for user, cast in users_of_casts(decisions, live_graph, desired_graph):
        waiting += _remove(user, cast, decisions)
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
                waiting += _remove(dependent, identity, decisions)
    settle_moves(decisions)
    # What was to lose its checks alone may have been found to go as a whole since; a column that
    # goes may have to lose its default before, when the sequence does.
    whole = {i for i in decisions.undefaulted & decisions.drop if i.kind is not Kind.COLUMN}
    decisions.undefaulted -= whole - decisions.swapped - decisions.moved
    for identity in decisions.swapped:
        # What its checks call goes before the old one does.
        needs = live_graph.needs.get(identity, ()) if identity.kind is Kind.DOMAIN else ()
        if any(i in decisions.drop for i in needs if i.kind not in SWAPPABLE | _CONTAINERS):
            decisions.undefaulted.add(identity)


def _users_of(identity: Identity, decisions: Decisions) -> Iterator[Identity]:
    """What stands on something, or on the keys of partitions that go with it."""
    needed_by = decisions.live_graph.needed_by
    yield from needed_by.get(identity, ())
    if identity in decisions.drop and identity.kind is Kind.CONSTRAINT:
        for part in keys_along_with(identity, decisions):
            yield from needed_by.get(part, ())


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
    if _goes(dependent, decisions) or dependent.kind in _CONTAINERS:
        return False
    entity = decisions.live.objects.get(dependent)
    inherited = isinstance(entity, Constraint) and entity.inherited and not entity.local
    if inherited or (isinstance(entity, Index) and entity.parent):
        # Its parent's stands on the same; what is wanted in spite of it is made again.
        return (
            isinstance(entity, Index)
            and entity.parent == needed
            and dependent in decisions.desired.objects
            and not gets_name(dependent, decisions)
            and not _is_detached(entity, decisions)
        )
    if needed not in decisions.drop and not _goes(needed, decisions):
        return needed.kind is Kind.SEQUENCE or _blocks_type_change(dependent, needed, decisions)
    if dependent.kind is Kind.SEQUENCE:
        return False
    still = needed in desired_graph.needs.get(dependent, ())
    gone_for_good = needed not in decisions.desired.objects and needed not in decisions.swapped
    if dependent in decisions.alter and gone_for_good and not (still or _rivals(needed, decisions)):
        # Altered in place before the drop, it will not stand on it any more.
        after = decisions.desired.objects.get(dependent)
        whole = needed.kind is Kind.COLUMN and names_all_columns(after)
        return whole or _loosens(dependent, decisions)
    return True


def _is_detached(index: Index, decisions: Decisions) -> bool:
    """Whether its table leaves the parent's before that one goes, and takes its indexes along."""
    above = decisions.live.objects.get(index.parent) if index.parent else None
    after = decisions.desired.objects.get(index.table)
    if not isinstance(above, Index) or not isinstance(after, Table):
        return False
    return above.table not in after.parents or not after.partition_bound


def _rivals(needed: Identity, decisions: Decisions) -> bool:
    """Whether what has its name next cannot be used beside it.

    A relation or type of another kind cannot be there, a call is ambiguous between two functions.
    """
    if needed.kind is Kind.ROUTINE:
        # What OR REPLACE does to arguments is another default.
        other = (i for i, change in decisions.alter.items() if "arguments" in change.attributes)
        made = (i for i in (*decisions.create, *other) if i.kind is Kind.ROUTINE)
        return any(identity.parts[:2] == needed.parts[:2] for identity in made)
    owner = relation_of(needed, decisions.live) or needed
    names = set(names_of(owner)) if owner in decisions.drop else set()
    others = (Identity(kind, owner.parts) for kind in NAMED if names and kind is not owner.kind)
    return any(i in decisions.create and not names.isdisjoint(names_of(i)) for i in others)


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
        entity = decisions.live.objects[dependent]
        assert isinstance(entity, Constraint)
        reference = entity.form is ConstraintForm.FOREIGN_KEY
        return reference or (decisions.online and _is_proved_again(entity, change))
    if dependent.kind is Kind.COLUMN:
        entity = decisions.live.objects[dependent]
        return isinstance(entity, Column) and bool(entity.generated)
    if dependent.kind is Kind.INDEX:
        # Its operators may not know the new type: it is not rebuilt before it is replaced.
        replaced = decisions.alter.get(dependent)
        unlike = not survives(decisions.live.objects[dependent], change, decisions)
        return replaced is not None and _is_replaced(replaced) and unlike
    return dependent.kind in _BLOCK_TYPE_CHANGE or _loses_settings(dependent, decisions)


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


def is_mild(change: Change) -> bool:
    """Whether what stands on a column may stay: only what is no part of its type is altered."""
    before = change.before
    plain = isinstance(before, Column) and not before.generated
    return plain and set(change.attributes) <= FREE_OF_KEYS


def _is_replaced(change: Change) -> bool:
    before, after = change.before, change.after
    assert isinstance(before, Index)
    assert isinstance(after, Index)
    return must_rebuild_index(before, after, change.attributes)


def _remove(dependent: Identity, needed: Identity, decisions: Decisions) -> list[Identity]:
    """Take a dependent out of the way; returns what has to be followed further."""
    entity = decisions.live.objects.get(dependent)
    if isinstance(entity, Column):
        return _release_column(entity, needed, decisions)
    of_type = _is_type(needed, decisions)
    if isinstance(entity, Domain) and not of_type and needed.kind not in _CONTAINERS:
        if entity.constraints and is_inside(dependent, decisions):
            rebuild(dependent, decisions, because=needed)
            return [dependent]
        # Its default and its checks go for a while, its columns stay as they are.
        decisions.undefaulted.add(dependent)
        decisions.because.setdefault(dependent, needed)
        return []
    if isinstance(entity, Table):
        _release_table(entity, needed, decisions)
        return [dependent] if dependent in decisions.drop else []
    if dependent.kind is Kind.PUBLICATION and unpublish(dependent, needed, decisions):
        return []
    rebuild(dependent, decisions, because=needed)
    return [dependent]


def _release_column(column: Column, needed: Identity, decisions: Decisions) -> list[Identity]:
    identity = column.identity
    if column.generated:
        after = decisions.desired.objects.get(identity)
        if column.generated == "s" and isinstance(after, Column) and not after.generated:
            # It keeps its values: its expression goes before what that stands on changes, an
            # heir's with its parent's.
            return []
        rebuild(identity, decisions, because=needed)
        return [identity]
    if _is_type(needed, decisions) and _uses(column, needed, decisions):
        return _convert_column(column, decisions)
    if identity in decisions.desired.objects:
        decisions.undefaulted.add(identity)
        decisions.because.setdefault(identity, needed)
    return []


def _is_type(needed: Identity, decisions: Decisions) -> bool:
    """Whether columns may be of it: of a table, too, whose rows become a type."""
    return needed.kind in SWAPPABLE or needed in decisions.swapped


def _uses(column: Column, needed: Identity, decisions: Decisions) -> bool:
    """Whether the column itself is of the type or collation, not only its default."""
    entity = decisions.live.objects[needed]
    names = [qualified(*needed.parts)]
    if isinstance(entity, Range):
        names.append(entity.multirange)
    text = column.collation if needed.kind is Kind.COLLATION else column.type
    return any(re.search(rf'(?<![\w".]){re.escape(name)}(?![\w"])', text) for name in names)


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
    keyed = list(keyed_tables(column.identity, decisions.live, decisions.children))
    for table in keyed:
        rebuild(table, decisions)
    return [column.identity, *keyed]


def _release_table(table: Table, needed: Identity, decisions: Decisions) -> None:
    """A child whose parent is rebuilt: a partition moves along, an heir leaves and comes back.

    A partition that becomes an heir keeps its rows, too: the desired schema has them there.

    A foreign table has no rows here: it goes with its server. A typed table is made anew with
    its type, whose attributes may stand in another order.
    """
    after = decisions.desired.objects.get(table.identity)
    if needed.kind is Kind.SERVER or (needed.kind is Kind.COMPOSITE and table.of_type):
        rebuild(table.identity, decisions)
        return
    if needed.kind in _IN_KEYS and table.form is TableForm.PARTITIONED:
        # The server alters no partition key; the old table keeps the old function to its end.
        rebuild(table.identity, decisions)
        if needed.kind is Kind.ROUTINE and _rivals(needed, decisions):
            decisions.swapped.add(needed)
        return
    if needed not in table.parents or not isinstance(after, Table):
        return
    if table.partition_bound and (after.partition_bound or needed not in after.parents):
        if needed in after.parents:
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
