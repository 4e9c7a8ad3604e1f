"""Partitioned indexes that not every partition has one of: CREATE INDEX ON ONLY, never completed.

A partition that comes after such an index gets one by itself, so the index comes after them all;
and an index becomes valid only as the last one that is missing is attached to it. As a column gets
another type, the server makes one for each partition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog.model.relation import Index, Table
from schema_tool.plan.decide.type_changes import converts
from schema_tool.plan.decisions import rebuild
from schema_tool.plan.nodes import Node, Verb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog import Catalog, Identity
    from schema_tool.plan.decisions import Decisions


def make_incomplete_again(decisions: Decisions) -> None:
    """Make anew what a new partition or type would complete, or what nothing completes."""
    live, desired = decisions.live, decisions.desired
    for before in live.each(Index):
        after = desired.objects.get(before.identity)
        if not is_incomplete(before.identity, live) or before.identity in decisions.drop:
            continue
        if not isinstance(after, Index) or after.table != before.table:
            continue
        had = {part.table for part in live.index_parts(before.identity)}
        have = {part.table for part in desired.index_parts(after.identity)}
        if after.valid:
            attached = any(table in live.objects and table not in had for table in have)
        else:
            lacking = _partitions(after, desired) - have
            # A part that its table loses cannot be taken off either.
            attached = not any(t in had or _comes(t, live, desired) for t in lacking)
        if not attached or _is_converted(before.identity, decisions):
            rebuild(before.identity, decisions, because=before.table)


def _is_converted(index: Identity, decisions: Decisions) -> bool:
    """Whether a column in an index gets another type or expression."""
    needed = decisions.live_graph.needs.get(index, ())
    return any(converts(decisions.alter[i]) for i in needed if i in decisions.alter)


def completing_edges(decisions: Decisions) -> Iterator[tuple[Node, Node]]:
    """Partitions are there before an index that they shall not have.

    What was part of an index goes with it, before it comes as an index of its own.
    """
    for identity in decisions.create:
        part = decisions.live.objects.get(identity)
        while isinstance(part, Index) and part.parent:
            yield Node(Verb.DROP, part.parent), Node(Verb.CREATE, identity)
            part = decisions.live.objects.get(part.parent)
        index = decisions.desired.objects[identity]
        if isinstance(index, Index) and is_incomplete(identity, decisions.desired):
            for table in _partitions(index, decisions.desired):
                for verb in (Verb.CREATE, Verb.ALTER):
                    yield Node(verb, table), Node(Verb.CREATE, identity)


def is_incomplete(identity: Identity, catalog: Catalog) -> bool:
    """Whether it is an index that a partition lacks one of."""
    index = catalog.objects.get(identity)
    return isinstance(index, Index) and index.partitioned and not index.valid


def _comes(table: Identity, live: Catalog, desired: Catalog) -> bool:
    """Whether a partition is new to its parent, or comes back to it with another bound."""
    before, after = live.objects.get(table), desired.objects[table]
    assert isinstance(after, Table)
    if not isinstance(before, Table):
        return True
    return (before.place, before.partition_bound) != (after.place, after.partition_bound)


def _partitions(index: Index, catalog: Catalog) -> set[Identity]:
    return {table.identity for table in catalog.each(Table) if index.table in table.parents}
