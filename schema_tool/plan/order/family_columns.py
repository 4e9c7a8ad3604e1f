"""The order of what happens to the columns of parents, children and partitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Column
from schema_tool.plan.children.inheritance import (
    ancestors,
    columns_below,
    descendants,
    live_children,
)
from schema_tool.plan.decide.type_changes import changes_type, keys_through_index
from schema_tool.plan.emit.not_null import hands_not_null
from schema_tool.plan.nodes import Node, Verb
from schema_tool.plan.order.unproved import is_there_before

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.compare import Change
    from schema_tool.plan.decisions import Decisions

    Edges = Iterator[tuple[Node, Node]]


def column_edges(decisions: Decisions) -> Edges:
    """Pairs of nodes, the first to come before the second; either may not be in the plan."""
    changed = (i for i in (*decisions.drop, *decisions.alter) if i.kind is Kind.COLUMN)
    yield from _not_taken(list(changed), decisions)
    for identity in decisions.alter:
        if identity.kind is Kind.COLUMN:
            for made in (Identity(Kind.TABLE, identity.parts[:2]), identity):
                # What is NOT NULL by NOT VALID is said once the column is there.
                yield Node(Verb.CREATE, made), Node(Verb.ALTER, identity)
            yield from _users_below(identity, decisions)
            yield from _below_others(identity, decisions)
    yield from _not_given([i for i in decisions.create if i.kind is Kind.COLUMN], decisions)
    for identity in decisions.undefaulted:
        if identity.kind is Kind.COLUMN:
            yield from _off_with_parents(identity, decisions)


def _off_with_parents(column: Identity, decisions: Decisions) -> Edges:
    """A default goes and comes with the parent's, and what the child has instead is said then."""
    for catalog, verb in ((decisions.live, Verb.UNDEFAULT), (decisions.desired, Verb.DEFAULT)):
        for parent in ancestors(Identity(Kind.TABLE, column.parts[:2]), catalog):
            above = Identity(Kind.COLUMN, (*parent.parts, column.parts[2]))
            yield Node(verb, above), Node(Verb.DEFAULT, column)
            if verb is Verb.UNDEFAULT:
                # The child's column goes with its parent's.
                yield Node(verb, column), Node(Verb.DROP, above)


def _not_taken(columns: list[Identity], decisions: Decisions) -> Edges:
    """A column is gone, or as it shall be, before a new heir takes it, which it may not fit."""
    below = live_children(decisions.desired) if columns else {}
    for column in columns:
        for child in descendants(Identity(Kind.TABLE, column.parts[:2]), below):
            for node in (Node(verb, column) for verb in (Verb.DROP, Verb.ALTER)):
                if not is_there_before(child, node, decisions):
                    yield node, Node(Verb.CREATE, child)


def _not_given(columns: list[Identity], decisions: Decisions) -> Edges:
    """An heir that goes is gone before its parent gets a column that its own may not fit.

    And one that comes is not there before an identity, which no column gets with heirs below.
    """
    below_it = live_children(decisions.desired) if columns else {}
    for column in columns:
        entity = decisions.desired.objects[column]
        if isinstance(entity, Column) and entity.identity_generation:
            for child in below_it.get(Identity(Kind.TABLE, column.parts[:2]), ()):
                yield Node(Verb.CREATE, column), Node(Verb.CREATE, child)
        for below in columns_below(column, decisions.live, decisions.children):
            child = Identity(Kind.TABLE, below.parts[:2])
            if child not in decisions.create:
                yield Node(Verb.DROP, child), Node(Verb.CREATE, column)


def _users_below(column: Identity, decisions: Decisions) -> Edges:
    """What stands on heirs' columns, or on a key, is away while the column is altered."""
    users = set(keys_through_index(column, decisions))
    for below in columns_below(column, decisions.live, decisions.children):
        users |= decisions.live_graph.needed_by.get(below, set())
        # A table itself stands on it where a trigger of its parent's does.
        users.discard(Identity(Kind.TABLE, below.parts[:2]))
    for user in sorted(users):
        yield Node(Verb.DROP, user), Node(Verb.ALTER, column)
        yield Node(Verb.ALTER, column), Node(Verb.CREATE, user)


def _below_others(column: Identity, decisions: Decisions) -> Edges:
    """Altering a parent's column alters the children's: theirs is done after it.

    What a parent gets must be of the type that its child has by then.
    """
    node, first = Node(Verb.ALTER, column), _before_parents(column, decisions)
    for parent in ancestors(Identity(Kind.TABLE, column.parts[:2]), decisions.desired):
        above = Identity(Kind.COLUMN, (*parent.parts, column.parts[2]))
        # What proves NOT NULL is inherited, too, by one that comes back meanwhile.
        yield Node(Verb.SETTLE, above), Node(Verb.SETTLE, column)
        change = decisions.alter.get(above)
        if first and change is not None and _hands_anew(change):
            yield node, Node(Verb.ALTER, above)
        else:
            yield Node(Verb.ALTER, above), node
            if above not in decisions.drop and changes_type(decisions.alter[column]):
                for verb in (Verb.ALTER, Verb.VALIDATE, Verb.SETTLE):
                    yield Node(verb, column), Node(Verb.CREATE, above)
            else:
                yield Node(Verb.CREATE, above), node
    for parent in ancestors(Identity(Kind.TABLE, column.parts[:2]), decisions.live):
        above = Identity(Kind.COLUMN, (*parent.parts, column.parts[2]))
        if above in decisions.drop and above not in decisions.create:
            # It goes from the parent alone, and is the child's own from then on.
            yield Node(Verb.DROP, above), node


def _before_parents(column: Identity, decisions: Decisions) -> bool:
    """Whether a NOT NULL is renamed, or given to the child itself, before it is inherited."""
    change = decisions.alter[column]
    before, after = change.before, change.after
    if "not_null" not in change.attributes:
        return "not_null_name" in change.attributes
    if not isinstance(before, Column) or not isinstance(after, Column):
        return False
    return after.not_null and not before.not_null and not after.not_null_inherited


def _hands_anew(change: Change) -> bool:
    """Whether heirs get a NOT NULL that they had not from there."""
    return hands_not_null(change.after) and not hands_not_null(change.before)
