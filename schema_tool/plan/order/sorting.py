"""One order for all nodes: what must be holds, what is wished holds where it can."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from schema_tool.plan.nodes import Verb
from schema_tool.plan.order.circles import circles

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet

    from schema_tool.plan.nodes import Node
    from schema_tool.plan.order.phases import Priority

    Edges = Mapping[Node, AbstractSet[Node]]


def followers_of(before: Edges) -> dict[Node, set[Node]]:
    """The edges the other way round: what waits for each node."""
    after: dict[Node, set[Node]] = {}
    for node, waits in before.items():
        for needed in waits:
            after.setdefault(needed, set()).add(node)
    return after


def fulfillable(
    before: Edges, soft: Edges, priority: Mapping[Node, Priority]
) -> dict[Node, set[Node]]:
    """The wishes without those that go round in a circle.

    Of a circle those go that are against the order of the phases; if that is not enough, all.
    """
    kept = {node: set(wishes) for node, wishes in soft.items()}
    for all_of_them in (False, True):
        circle: dict[Node, int] = {}
        waits = {node: before.get(node, set()) | kept.get(node, set()) for node in priority}
        for number, nodes in enumerate(circles(waits)):
            circle |= dict.fromkeys(nodes, number)
        for node, wishes in kept.items():
            kept[node] = {
                other
                for other in wishes
                if circle[other] != circle[node]
                or not (all_of_them or priority[other] > priority[node])
            }
    return kept


def hastened(priority: Mapping[Node, Priority], before: Edges, soft: Edges) -> dict[Node, Priority]:
    """What a type that is made anew waits for comes before the tables that wait for the type.

    Else a table with columns of two such types would be rewritten for one after the other.
    """
    result = dict(priority)
    for node in sorted(node for node in priority if node.verb is Verb.RENAME):
        waiting, seen = [node], {node}
        while waiting:
            needed = waiting.pop()
            place = result[needed]
            if place.phase is priority[node].phase:
                result[needed] = place._replace(rank=min(place.rank, priority[node].rank))
                ahead = before.get(needed, set()) | soft.get(needed, set())
                waiting += ahead - seen
                seen |= ahead
    return result


class _Ready:
    """The nodes that could be next; what is of the last one's relation goes on before others.

    While something is missing that is to come back, what that waits for goes before all else that
    ends the transaction.
    """

    def __init__(self, splits: Callable[[Node], bool]) -> None:
        self._splits = splits
        self._all: list[Priority] = []
        self._near: dict[tuple[object, ...], list[Priority]] = {}
        self._awaited: list[tuple[bool, Priority]] = []
        self._wanted: set[Node] = set()
        self._last: tuple[object, ...] = ()

    def add(self, entry: Priority, *, awaited: bool) -> None:
        """One more that waits for nothing."""
        heapq.heappush(self._all, entry)
        heapq.heappush(self._near.setdefault(entry[:3], []), entry)
        if awaited:
            heapq.heappush(self._awaited, (self._splits(entry.node), entry))
            self._wanted.add(entry.node)

    def take(self, done: Mapping[Node, None]) -> Node | None:
        """The next, none when all are done."""
        found = self._next(done)
        if found is None:
            return None
        if self._splits(found.node) and found.node not in self._wanted:
            while self._awaited and self._awaited[0][1].node in done:
                heapq.heappop(self._awaited)
            found = self._awaited[0][1] if self._awaited else found
        self._last = found[:3]
        return found.node

    def _next(self, done: Mapping[Node, None]) -> Priority | None:
        for heap in (self._near.get(self._last, []), self._all):
            while heap and heap[0].node in done:
                heapq.heappop(heap)
            if heap:
                return heap[0]
        return None


def in_order(
    priority: Mapping[Node, Priority],
    before: Edges,
    soft: Edges,
    windows: Edges,
    splits: Callable[[Node], bool],
) -> list[Node]:
    """Every node after what it waits for; of those that could be next, the first by priority.

    `windows`: what is missing from when a node is done until others are.
    """
    waits = {node: set(before.get(node, ())) | set(soft.get(node, ())) for node in priority}
    followers = followers_of(waits)
    ready = _Ready(splits)
    for node, needed in waits.items():
        if not needed:
            ready.add(priority[node], awaited=False)
    result: dict[Node, None] = {}
    awaited: set[Node] = set()
    while len(result) < len(priority):
        taken = ready.take(result)
        if taken is None:
            stuck = [node for node in priority if node not in result]
            taken = _freed(stuck, waits, before, priority)
        result[taken] = None
        for follower in followers.get(taken, ()):
            waits[follower].discard(taken)
            if not waits[follower] and follower not in result:
                ready.add(priority[follower], awaited=follower in awaited)
        coming = [node for node in windows.get(taken, ()) if node not in result]
        while coming:
            node = coming.pop()
            if node not in awaited:
                awaited.add(node)
                coming.extend(waits[node])
                if not waits[node]:
                    ready.add(priority[node], awaited=True)
    return list(result)


def _freed(
    stuck: list[Node],
    waits: Mapping[Node, AbstractSet[Node]],
    before: Edges,
    priority: Mapping[Node, Priority],
) -> Node:
    """The node of a cycle that only soft wishes hold back; else the first by rank.

    What waits for rows to be copied is never that: the server would refuse another, but drop these.
    """

    def rank(node: Node) -> tuple[bool, Priority]:
        return any(needed.verb is Verb.COPY for needed in waits[node]), priority[node]

    wishing = [node for node in stuck if not waits[node] & before.get(node, set())]
    return min(wishing or _going_round(stuck, waits), key=rank)


def _going_round(stuck: list[Node], waits: Mapping[Node, AbstractSet[Node]]) -> list[Node]:
    """The nodes of a circle that waits for nothing else; the others wait for it."""
    for circle in circles({node: waits[node] for node in stuck}):
        members = set(circle)
        if all(waits[node] <= members for node in members):
            return list(members)
    return stuck
