"""Operators name each other: one that others name and that names none back is made last.

So it stays: the server lets the first link both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.search import Operator
from schema_tool.plan.nodes import Node, Verb

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from schema_tool.catalog import Catalog


def link_edges(nodes: Collection[Node], desired: Catalog) -> Iterator[tuple[Node, Node]]:
    """Wishes: pairs of nodes, the first to come before the second."""
    for node in nodes:
        operator = desired.objects.get(node.identity)
        if node.verb is not Verb.CREATE or not isinstance(operator, Operator):
            continue
        schema, _, left, right = node.identity.parts
        for link, attribute in ((operator.commutator, "commutator"), (operator.negator, "negator")):
            symbol = link.rpartition(".")[2].rstrip(")")
            types = (right, left) if attribute == "commutator" else (left, right)
            other = Identity(Kind.OPERATOR, (schema, symbol, *types))
            named = desired.objects.get(other)
            if isinstance(named, Operator) and not getattr(named, attribute):
                yield node, Node(Verb.CREATE, other)
