"""What comes back is missing for as short as can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Kind
from schema_tool.plan.graph import closure
from schema_tool.plan.nodes import Node, Verb
from schema_tool.plan.order.sorting import followers_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from schema_tool.plan.order.phases import Phases

    Edges = Mapping[Node, AbstractSet[Node]]

# How what goes for a while comes back; a table is out of its parent's in between.
_RETURN = {Verb.DROP: Verb.CREATE, Verb.LEAVE: Verb.ALTER}


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
    windows: Mapping[Node, AbstractSet[Node]],
    nodes: AbstractSet[Node],
    before: Edges,
    soft: Edges,
    phases: Phases,
) -> Iterator[tuple[Node, Node]]:
    """What comes back, or has a successor, goes when all is done that this has to wait for.

    Pairs of nodes, the first to come before the second where nothing forbids it. Of what is in
    the way of others only the ends of transactions count.
    """
    after = followers_of({n: before.get(n, set()) | soft.get(n, set()) for n in nodes})
    owed = followers_of(before)
    # What waits for the end of a transaction: looked for once, and not for each that waits.
    late = closure((node for node in nodes if phases.splits(node)), owed)
    for gone, births in windows.items():
        for birth in sorted(births):
            # These go and come in one command with what else is altered of their table.
            clause = gone.identity.kind in (Kind.COLUMN, Kind.CONSTRAINT)
            near = before[birth] if owed.get(gone) == {birth} and not clause else set()
            ahead = closure([birth], before) if birth in late else near
            if ahead <= {birth, gone} and not phases.splits(birth):
                continue
            behind: set[Node] = closure([gone], after)
            for other in ahead - behind:
                if other in near or phases.splits(other):
                    after.setdefault(other, set()).add(gone)
                    yield other, gone


def _of_keys_behind(gone: Node, owed: Edges) -> set[Node]:
    """The return of the keys that a foreign key goes for: it goes when they can."""
    if gone.identity.kind is not Kind.CONSTRAINT:
        return set()
    keys = (n for n in owed.get(gone, ()) if n.verb is Verb.DROP)
    return {Node(Verb.CREATE, n.identity) for n in keys if n.identity.kind is Kind.CONSTRAINT}
