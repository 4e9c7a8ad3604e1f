"""Which types are renamed away, and which tables' rows move, as they are made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Table, TableForm
from schema_tool.plan.children.inheritance import descendants
from schema_tool.plan.decisions import TYPES
from schema_tool.plan.graph import relation_of
from schema_tool.plan.nodes import names_of

if TYPE_CHECKING:
    from schema_tool.plan.decisions import Decisions

# What is renamed away while the columns that use it are converted to its successor.
SWAPPABLE = TYPES | {Kind.COLLATION}
_USING = SWAPPABLE | {Kind.COLUMN, Kind.TABLE}
_NAMED = TYPES | {Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW}


def prepare_rebuild(identity: Identity, decisions: Decisions) -> None:
    """A type in use is renamed away first; a table's rows are copied."""
    if not decisions.rebuilt(identity) and not _has_successor(identity, decisions):
        return
    if identity.kind in SWAPPABLE or not decisions.rebuilt(identity):
        users = decisions.live_graph.needed_by.get(identity, ())
        if any(_stays(user, decisions) for user in users):
            decisions.swapped.add(identity)
    elif identity.kind is Kind.ROUTINE:
        users = decisions.live_graph.needed_by.get(identity, ())
        if any(_is_partitioned(u, decisions) and decisions.rebuilt(u) for u in users):
            # The old table's key calls it until its rows are copied.
            decisions.swapped.add(identity)
    elif identity.kind is Kind.TABLE:
        before, after = decisions.live.objects[identity], decisions.desired.objects[identity]
        assert isinstance(before, Table)
        assert isinstance(after, Table)
        if TableForm.FOREIGN not in (before.form, after.form):
            decisions.moved.add(identity)


def _has_successor(identity: Identity, decisions: Decisions) -> bool:
    """Whether a type of another kind, be it a relation's rows, takes the name of one that goes.

    A composite type has a relation's name, which an index may take as well.
    """
    if identity.kind is Kind.TABLE:
        return Identity(Kind.COMPOSITE, identity.parts) in decisions.desired.objects
    if identity.kind not in TYPES:
        return False
    if any(Identity(kind, identity.parts) in decisions.desired.objects for kind in _NAMED):
        return True
    named = set(names_of(identity)) if identity.kind is Kind.COMPOSITE else set()
    return bool(named) and any(not named.isdisjoint(names_of(i)) for i in decisions.create)


def settle_moves(decisions: Decisions) -> None:
    """Whose rows are copied: a partition's are its parent's."""
    for identity in decisions.moved:
        before, after = decisions.live.objects[identity], decisions.desired.objects[identity]
        assert isinstance(before, Table)
        assert isinstance(after, Table)
        stays = any(p in decisions.moved and p in after.parents for p in before.parents)
        if not (before.partition_bound and stays):
            decisions.copied.add(identity)
    for identity in decisions.copied:
        if not _is_partitioned(identity, decisions):
            continue
        for below in descendants(identity, decisions.children):
            if below in decisions.drop and below not in decisions.create:
                decisions.emptied.add(below)


def _is_partitioned(identity: Identity, decisions: Decisions) -> bool:
    table = decisions.live.objects.get(identity)
    return isinstance(table, Table) and table.form is TableForm.PARTITIONED


def _stays(user: Identity, decisions: Decisions) -> bool:
    """Whether what uses a type is wanted, or a table's whose rows are copied before that goes."""
    if user.kind not in _USING:
        return False
    table = relation_of(user, decisions.live)
    moves = table is not None and table.kind is Kind.TABLE and decisions.rebuilt(table)
    if moves or user in decisions.desired.objects:
        return True
    users = decisions.live_graph.needed_by.get(user, ()) if user.kind in SWAPPABLE else ()
    return any(_stays(other, decisions) for other in users)
