"""When a table gets its replica identity, and when it stops being an index.

Source: dropconstraint_internal() and before 18 ATExecDropNotNull() refuse a column of such an
index, and ATPrepCmd() has NOT NULL dropped before all else of a command.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Column, Constraint, Index, Table
from schema_tool.plan.children.inheritance import ancestors
from schema_tool.plan.decide.type_changes import changes_type
from schema_tool.plan.nodes import Node, Verb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.plan.decisions import Decisions


def finishing(decisions: Decisions) -> Iterator[Identity]:
    """Tables whose replica identity is an index that must exist first, or is built anew."""
    changed = {*decisions.create, *decisions.alter}
    columns = _tables_of_columns(decisions)
    for table in decisions.desired.each(Table):
        identity = table.identity
        if not table.replica_identity.startswith("USING"):
            continue
        change = decisions.alter.get(identity)
        touched = identity in decisions.create
        touched |= change is not None and "replica_identity" in change.attributes
        made = {*_chosen_by(table)} & changed
        handed = all(is_handed_on(part, decisions, columns) for part in made)
        lost = chain(_made_anew_above(table, decisions), _converted_above(table, decisions))
        if touched or not handed or any(lost):
            yield identity


def _chosen_by(table: Table) -> tuple[Identity, Identity]:
    """The index that identifies its rows, and the key that may have it."""
    chosen = table.replica_identity.removeprefix("USING INDEX ")
    schema = table.identity.parts[0]
    return (
        Identity(Kind.INDEX, (schema, chosen)),
        Identity(Kind.CONSTRAINT, (*table.identity.parts, chosen)),
    )


def _wholes_of(table: Table, decisions: Decisions) -> Iterator[Identity]:
    """The indexes and keys that a partition's is part of, with which it is made."""
    for chosen in _chosen_by(table):
        part = decisions.desired.objects.get(chosen)
        while isinstance(part, Constraint | Index) and part.parent:
            yield part.parent
            part = decisions.desired.objects.get(part.parent)


def _made_anew_above(table: Table, decisions: Decisions) -> Iterator[Identity]:
    """Those of them that go, with their parts, for others of their names."""
    for whole in _wholes_of(table, decisions):
        change = decisions.alter.get(whole)
        replaced = change is not None and "definition" in change.attributes
        if replaced or decisions.rebuilt(whole):
            yield whole


def _converted_above(table: Table, decisions: Decisions) -> Iterator[Identity]:
    """Columns of them that get another type.

    Source: RememberReplicaIdentityForRebuilding(), tablecmds.c, does not look at partitions.
    """
    for whole in _wholes_of(table, decisions):
        for column in decisions.live_graph.needs.get(whole, ()):
            if column in decisions.alter and changes_type(decisions.alter[column]):
                yield column


def _tables_of_columns(decisions: Decisions) -> set[tuple[str, ...]]:
    """The tables that get or lose a column, or have one altered."""
    changed = chain(decisions.create, decisions.drop, decisions.alter)
    return {i.parts[:2] for i in changed if i.kind is Kind.COLUMN}


def is_handed_on(
    identity: Identity, decisions: Decisions, columns: set[tuple[str, ...]] | None = None
) -> bool:
    """Whether an index is the replica identity all the time, also where it is built anew.

    Without one, nothing of a published table can be updated or deleted. Columns that change may
    not be NOT NULL yet: `columns` are the tables that have some, where that is known.
    """
    change = decisions.alter.get(identity)
    if change is None or not isinstance(change.after, Index) or change.after.partitioned:
        return False
    table = change.after.table
    sides = (decisions.live.objects.get(table), decisions.desired.objects.get(table))
    chosen = f"USING INDEX {identity.parts[1]}"
    if not all(isinstance(side, Table) and side.replica_identity == chosen for side in sides):
        return False
    return table.parts not in (_tables_of_columns(decisions) if columns is None else columns)


def leaving_index(decisions: Decisions) -> Iterator[Identity]:
    """Tables whose replica identity is an index no more, or not until another is there."""
    for identity, change in decisions.alter.items():
        before, after = change.before, change.after
        if not isinstance(before, Table) or not isinstance(after, Table):
            continue
        if "replica_identity" in change.attributes and before.replica_identity.startswith("USING"):
            to_another = after.replica_identity.startswith("USING")
            if not to_another or any(_losing_not_null(identity, decisions)):
                yield identity
    for identity in finishing(decisions):
        live, table = decisions.live.objects.get(identity), decisions.desired.objects[identity]
        assert isinstance(table, Table)
        # One of the same name that is built anew.
        same = isinstance(live, Table) and live.replica_identity == table.replica_identity
        if same and any(_losing_not_null(identity, decisions)):
            yield identity


def replica_edges(decisions: Decisions) -> Iterator[tuple[Node, Node]]:
    """Pairs of nodes, the first to come before the second."""
    for identity in finishing(decisions):
        table = decisions.desired.objects[identity]
        assert isinstance(table, Table)
        for whole in _wholes_of(table, decisions):
            for verb in (Verb.ALTER, Verb.CREATE):
                yield Node(verb, whole), Node(Verb.FINISH, identity)
        for column in _converted_above(table, decisions):
            yield Node(Verb.ALTER, column), Node(Verb.FINISH, identity)
    for identity in leaving_index(decisions):
        leaving = Node(Verb.UNIDENTIFY, identity)
        yield leaving, Node(Verb.FINISH, identity)
        yield from ((leaving, Node(Verb.ALTER, i)) for i in _losing_not_null(identity, decisions))


def _losing_not_null(table: Identity, decisions: Decisions) -> Iterator[Identity]:
    """Columns of a table and of what is above it, by whose change it loses a NOT NULL."""
    for place in (table, *ancestors(table, decisions.live)):
        for part in decisions.parts.get(place, ()):
            change = decisions.alter.get(part)
            if change is not None and isinstance(change.after, Column):
                assert isinstance(change.before, Column)
                if change.before.not_null and not change.after.not_null:
                    yield part
