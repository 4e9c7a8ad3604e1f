"""What comes back is missing for as short as can be."""

from __future__ import annotations

from collections import defaultdict
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from schema_tool.catalog import Kind
from schema_tool.plan.nodes import Node, Verb
from schema_tool.plan.order.phases import Phase
from schema_tool.plan.order.reach import Reach
from schema_tool.plan.order.sorting import followers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from schema_tool.plan.order.phases import Phases, Priority

    Edges = Mapping[Node, AbstractSet[Node]]

# How what goes for a while comes back; a table is out of its parent's in between, or empty.
_RETURN = {Verb.DROP: Verb.CREATE, Verb.LEAVE: Verb.ALTER, Verb.RENAME: Verb.COPY}


def find_windows(
    nodes: AbstractSet[Node], before: Edges, phases: Phases
) -> dict[Node, AbstractSet[Node]]:
    """What goes, and what comes back or succeeds it, as far as that is not one step after it."""
    found: dict[Node, AbstractSet[Node]] = {}
    owed = followers_of(before)
    for gone in sorted(node for node in nodes if node.verb in _RETURN):
        back = Node(_RETURN[gone.verb], gone.identity)
        births = {back} & nodes if gone.identity.kind is not Kind.EVENT_TRIGGER else set()
        births |= _of_keys_behind(gone, owed) & nodes
        if births := births | phases.successors(gone):
            found[gone] = births
    return found


def window_edges(
    windows: Edges,
    before: Edges,
    soft: Edges,
    priority: Mapping[Node, Priority],
    phases: Phases,
) -> Iterator[tuple[Node, Node]]:
    """What comes back, or has a successor, goes when all is done that this has to wait for.

    Pairs of nodes, the first to come before the second where nothing forbids it. Of what is in
    the way of others only the ends of transactions count.
    """
    waits = {node: before.get(node, set()) | soft.get(node, set()) for node in priority}
    near = dict(_near(windows, before))
    # What waits for nothing and is in the way of others beside traffic comes first by itself.
    late = (node for node in priority if waits[node] or priority[node].phase is not Phase.FREE)
    ends = {node for node in late if phases.splits(node)}
    reach = Reach(ends.union(*near.values()))
    ending = reach.bits(ends)
    ahead = reach.reached(priority, before)
    behind = reach.reached(priority, followers_of(waits))
    leading, led = 0, defaultdict[Node, int](int)
    for gone, births in windows.items():
        first = reach.bits(near.get(gone, ())) | (_any(ahead[birth] for birth in births) & ending)
        after, seen = behind[gone], 0
        while more := after & leading & ~seen:
            seen |= more
            after |= _any(led[node] for node in reach.nodes(more))
        first &= ~after
        leading |= first
        for other in reach.nodes(first):
            led[other] |= after
            yield other, gone


def _any(sets: Iterable[int]) -> int:
    return reduce(or_, sets, 0)


def _near(windows: Edges, before: Edges) -> Iterator[tuple[Node, AbstractSet[Node]]]:
    """What comes before the return of that for which nothing else waits.

    Columns and constraints go and come in one command with what else is altered of their table.
    """
    owed = followers_of(before)
    for gone, births in windows.items():
        if gone.identity.kind not in (Kind.COLUMN, Kind.CONSTRAINT):
            yield from ((gone, before[birth]) for birth in births if owed.get(gone) == {birth})


def _of_keys_behind(gone: Node, owed: Edges) -> set[Node]:
    """The return of the keys that a foreign key goes for: it goes when they can."""
    if gone.identity.kind is not Kind.CONSTRAINT:
        return set()
    keys = (n for n in owed.get(gone, ()) if n.verb is Verb.DROP)
    return {Node(Verb.CREATE, n.identity) for n in keys if n.identity.kind is Kind.CONSTRAINT}
