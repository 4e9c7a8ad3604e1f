"""What is better done before something else, where nothing forbids it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Constraint, Index, Sequence
from schema_tool.plan.emit.indexes_ahead import holder
from schema_tool.plan.nodes import Node, Verb
from schema_tool.plan.order.circles import circles
from schema_tool.plan.order.sorting import followers_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.graph import Graph

    Pairs = Iterator[tuple[Node, Node]]
    _Edges = Mapping[Node, AbstractSet[Node]]
    _Table = tuple[str, ...]

# What of a table is altered, in one command or beside that.
_ALTERED = {
    Kind.TABLE: (Verb.ALTER,),
    Kind.COLUMN: (Verb.DROP, Verb.ALTER, Verb.CREATE),
    Kind.CONSTRAINT: (Verb.DROP, Verb.ALTER, Verb.CREATE),
    Kind.TRIGGER: (Verb.ALTER, Verb.CREATE),
    Kind.POLICY: (Verb.ALTER, Verb.CREATE),
    Kind.SEQUENCE: (Verb.ALTER,),
}
# What of a table does not reach its sequences.
_ASIDE = frozenset({"privileges", "comment"})


def wished_edges(
    nodes: AbstractSet[Node], before: _Edges, decisions: Decisions, desired: Graph
) -> Pairs:
    """Pairs of nodes, the first to come before the second; either may not be in the plan."""
    pairs = _referring(nodes, before, decisions, desired)
    while pairs:
        # Half of a table's wishes would have its rows converted twice.
        circle = _numbers(nodes, before, pairs)
        kept = {
            tables: wishes
            for tables, wishes in pairs.items()
            if all(circle[first] != circle[second] for first, second in wishes)
        }
        if len(kept) == len(pairs):
            break
        pairs = kept
    for wishes in pairs.values():
        yield from wishes
    yield from _owned(nodes, decisions)
    yield from _built_ahead(nodes, decisions)


def _built_ahead(nodes: AbstractSet[Node], decisions: Decisions) -> Pairs:
    """An index is there before the one goes that has its name, be it with the parent's."""
    for node in nodes:
        index = decisions.desired.objects.get(node.identity)
        if node.verb is not Verb.BUILD or not isinstance(index, Index):
            continue
        gone: Entity | None = holder(index, decisions.live)
        while isinstance(gone, Index | Constraint):
            yield node, Node(Verb.DROP, gone.identity)
            gone = decisions.live.objects.get(gone.parent) if gone.parent else None


def _owned(nodes: AbstractSet[Node], decisions: Decisions) -> Pairs:
    """A table's owner is its sequences', too: they are altered after that."""
    for node in nodes:
        table = _table_of(node.identity, decisions)
        change = decisions.alter.get(Identity(Kind.TABLE, table))
        kind, owned = node.identity.kind, table != node.identity.parts
        if kind is Kind.SEQUENCE and owned and change and not _ASIDE.issuperset(change.attributes):
            yield Node(Verb.ALTER, change.identity), node


def _table_of(identity: Identity, decisions: Decisions) -> _Table:
    """The name of the table that a part, or an owned sequence, belongs to."""
    sequence = decisions.desired.objects.get(identity)
    owner = sequence.owned_by if isinstance(sequence, Sequence) else None
    return (owner or identity).parts[:2]


def _referring(
    nodes: AbstractSet[Node], before: _Edges, decisions: Decisions, desired: Graph
) -> dict[tuple[_Table, _Table], list[tuple[Node, Node]]]:
    """A table is altered after those that its keys come back to refer to: in one command."""
    altered: dict[tuple[_Table, _Table], set[Node]] = defaultdict(set)
    for node in nodes:
        key = decisions.desired.objects.get(node.identity)
        if node.verb is not Verb.CREATE or not isinstance(key, Constraint) or not key.references:
            continue
        tables = node.identity.parts[:2], key.references.parts
        for needed in desired.needs.get(node.identity, ()):
            column = Node(Verb.ALTER, needed)
            if tables[0] != tables[1] == needed.parts[:2] and column in nodes:
                altered[tables].add(column)
    parts = _parts(nodes, before, decisions) if altered else {}
    return {
        (own, other): [(first, second) for first in columns for second in parts.get(own, ())]
        for (own, other), columns in altered.items()
    }


def _parts(
    nodes: AbstractSet[Node], before: _Edges, decisions: Decisions
) -> dict[_Table, list[Node]]:
    """What is altered of each table, but for what has to go before others can be altered."""
    after = followers_of(before)
    parts: dict[_Table, list[Node]] = defaultdict(list)
    for node in nodes:
        table = _table_of(node.identity, decisions)
        if node.verb in _ALTERED.get(node.identity.kind, ()):
            others = any(follower.identity.parts[:2] != table for follower in after.get(node, ()))
            if node.verb is not Verb.DROP or not others:
                parts[table].append(node)
    return parts


def _numbers(
    nodes: AbstractSet[Node],
    before: _Edges,
    pairs: Mapping[tuple[_Table, _Table], list[tuple[Node, Node]]],
) -> dict[Node, int]:
    """The number of the circle in which each node is."""
    waits = {node: set(before.get(node, ())) for node in nodes}
    for wishes in pairs.values():
        for first, second in wishes:
            waits[second].add(first)
    numbers: dict[Node, int] = {}
    for number, together in enumerate(circles(waits)):
        numbers |= dict.fromkeys(together, number)
    return numbers
