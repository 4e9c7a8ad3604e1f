"""Sequences that go with their column or its table, and are what others' defaults count on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Column, Sequence
from schema_tool.plan.children.inheritance import columns_below
from schema_tool.plan.graph import Lazy, closure, relation_of

if TYPE_CHECKING:
    from schema_tool.plan.decisions import Decisions


def find_ended(decisions: Decisions) -> None:
    """Find the sequences that a column ends as it goes, or stops or begins to be an identity."""
    objects = decisions.desired.objects
    for sequence in decisions.live.each(Sequence):
        if sequence.owned_by is None:
            continue
        if sequence.internal:
            column = objects.get(sequence.owned_by)
            ends = not isinstance(column, Column) or not column.identity_generation
        else:
            after = objects.get(sequence.identity)
            goes = after is None and sequence.owned_by not in objects
            ends = goes or (isinstance(after, Sequence) and after.internal)
            if goes:
                _free_heirs(sequence, sequence.owned_by, decisions)
        if ends:
            decisions.ended.setdefault(sequence.owned_by, []).append(sequence.identity)


def _free_heirs(sequence: Sequence, owner: Identity, decisions: Decisions) -> None:
    """Heirs' columns count on it until theirs goes from their parent alone, and after that go.

    Those of a partition that is renamed away do, too.
    """
    for below in columns_below(owner, decisions.live, decisions.children):
        stays = below in decisions.desired.objects or below in decisions.drop
        stays |= decisions.rebuilt(Identity(Kind.TABLE, below.parts[:2]))
        if stays and sequence.identity in decisions.live_graph.needs.get(below, ()):
            decisions.undefaulted.add(below)


def leave_to_column(sequence: Sequence, decisions: Decisions) -> None:
    """An owned sequence goes with its column or table, unless it has to leave it before."""
    identity = sequence.identity
    table = relation_of(identity, decisions.live)
    if not sequence.internal and table and _goes_before_its_user(identity, table, decisions):
        decisions.disowned.add(identity)
    elif sequence.internal or not decisions.drop.isdisjoint({sequence.owned_by, table}):
        decisions.drop.discard(identity)


def _goes_before_its_user(sequence: Identity, table: Identity, decisions: Decisions) -> bool:
    """Whether a dropped table would have to go before the user of its sequence, and after it.

    A parent's default or that of a table that it refers to, for example.
    """
    if table in decisions.moved:
        return False
    graph = decisions.live_graph
    dependents = graph.needed_by.get(sequence, ())
    users = {relation_of(user, decisions.live) or user for user in dependents} - {table}
    if not users & decisions.drop:
        return False

    def below(identity: Identity) -> set[Identity]:
        parts = decisions.parts.get(identity, ()) if identity.kind is Kind.TABLE else ()
        return {*graph.needs.get(identity, ()), *parts}

    edges: Lazy[Identity, set[Identity]] = Lazy(below)
    needed: set[Identity] = closure([table], edges)
    return not users.isdisjoint(needed)
