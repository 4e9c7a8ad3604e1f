"""What can be reached from what, for many nodes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.plan.order.circles import circles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from schema_tool.plan.nodes import Node

    Edges = Mapping[Node, AbstractSet[Node]]


class Reach:
    """Sets of some nodes, each as the bits of a number: there are many of many."""

    def __init__(self, some: Iterable[Node]) -> None:
        self._some = list(some)
        self._bit = {node: 1 << place for place, node in enumerate(self._some)}

    def bits(self, nodes: Iterable[Node]) -> int:
        """The set of them that is meant, as a number."""
        found = 0
        for node in nodes:
            found |= self._bit.get(node, 0)
        return found

    def nodes(self, bits: int) -> Iterator[Node]:
        """The nodes of a set."""
        while bits:
            lowest = bits & -bits
            yield self._some[lowest.bit_length() - 1]
            bits ^= lowest

    def reached(self, nodes: Iterable[Node], edges: Edges) -> dict[Node, int]:
        """Which of them can be reached from each node, itself among them."""
        found: dict[Node, int] = {}
        ways = {node: edges.get(node, frozenset()) for node in nodes}
        for circle in circles(ways):
            bits = self.bits(circle)
            for node in circle:
                for other in ways[node]:
                    bits |= found.get(other, 0)
            found |= dict.fromkeys(circle, bits)
        return found
