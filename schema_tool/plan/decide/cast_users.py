"""What prints as `::type` and shall call the function of another cast than it does.

Source: an expression depends on the function of a cast, not on the cast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Kind
from schema_tool.catalog.model.relation import Index
from schema_tool.plan.decisions import build_again

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog import Identity
    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.graph import Graph


def users_of_casts(
    decisions: Decisions, live_graph: Graph, desired_graph: Graph
) -> Iterator[tuple[Identity, Identity]]:
    """What stays as it is printed, with its cast; indexes among it are built anew beside it."""
    graphs = live_graph, desired_graph
    for cast in sorted(i for i in decisions.drop | decisions.create if i.kind is Kind.CAST):
        for one, other in (graphs, graphs[::-1]):
            for routine in sorted(i for i in one.needs[cast] if i.kind is Kind.ROUTINE):
                for user in sorted(one.needed_by[routine]):
                    stays = user in decisions.live.objects and user in decisions.desired.objects
                    touched = user in decisions.drop or user in decisions.alter
                    if not stays or touched or routine in other.needs[user]:
                        continue
                    index = decisions.desired.objects[user]
                    if not isinstance(index, Index):
                        yield user, cast
                    elif not index.parent and index.table not in decisions.create:
                        build_again(index, "definition", decisions, because=cast)
