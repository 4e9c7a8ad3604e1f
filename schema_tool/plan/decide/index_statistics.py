"""Statistics targets of partitioned indexes, which the server sets for their parts as well.

Source: ATPrepCmd(), tablecmds.c: SET STATISTICS recurses. What comes later has none from above.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog.model.relation import Index
from schema_tool.compare import Action, Change
from schema_tool.plan.emit.indexes import must_rebuild_index
from schema_tool.plan.nodes import Node, Verb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog import Identity
    from schema_tool.plan.decisions import Decisions


def hand_statistics_down(decisions: Decisions) -> None:
    """Have the parts of an index whose targets change keep or get what is their own."""
    waiting = _changing(decisions)
    for above in waiting:
        for part in decisions.desired.index_parts(above.identity):
            known = decisions.alter.get(part.identity)
            before = known.before if known else decisions.live.objects.get(part.identity)
            if not isinstance(before, Index) or part.identity in decisions.create:
                continue
            if part.partitioned:
                waiting.append(part)
            if part.statistics != above.statistics:
                told = set(known.attributes if known else ())
                said = replace(before, statistics=(*before.statistics, *above.statistics))
                decisions.alter[part.identity] = Change(
                    identity=part.identity,
                    action=Action.ALTERED,
                    before=said,
                    after=part,
                    attributes=tuple(sorted(told | {"statistics"})),
                )


def _changing(decisions: Decisions) -> list[Index]:
    """The partitioned indexes that stay and have other targets."""
    return [
        change.after
        for change in decisions.alter.values()
        if isinstance(change.after, Index)
        and change.after.partitioned
        and isinstance(change.before, Index)
        and "statistics" in change.attributes
        and not must_rebuild_index(change.before, change.after, change.attributes)
    ]


def statistics_edges(decisions: Decisions) -> Iterator[tuple[Node, Node]]:
    """What an index hands down comes before what its parts have, and reaches no other table."""
    for above in _changing(decisions):
        last = Node(Verb.ALTER, above.identity)
        for part in decisions.desired.index_parts(above.identity):
            yield last, Node(Verb.ALTER, part.identity)
            # A partition that comes has an index without them, or one with its own.
            if not _is_below(part.identity, above.identity, decisions):
                yield from ((last, Node(v, part.table)) for v in (Verb.CREATE, Verb.ALTER))
        for part in decisions.live.index_parts(above.identity):
            yield Node(Verb.LEAVE, part.table), last


def _is_below(part: Identity, above: Identity, decisions: Decisions) -> bool:
    old = decisions.live.objects.get(part)
    return isinstance(old, Index) and old.parent == above
