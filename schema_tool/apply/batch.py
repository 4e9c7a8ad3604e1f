"""Small files sent together: over a network, a file that waits for its answer costs a round trip.

Each keeps its own transaction and ledger row, and the server runs none after one that fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.apply.weight import Weight, weigh_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from schema_tool.apply.work import Work

MOST_FILES = 20
"""Over a network of 20 ms that is a millisecond a file; more would only delay what is printed."""

MOST_CHARACTERS = 20_000
"""Larger files cost more than the round trip."""

# what neither locks a table that others use nor takes its time, whatever the database holds
_BRIEF = {"create", "alter", "drop", "comment", "grant", "revoke"}
# an extension runs a script of its own, and a query takes as long as it takes
_NOT_BRIEF = {"extension", "materialized", "select", "with", "execute", "subscription", "server"}


def batches(works: Sequence[Work], *, alone: bool) -> Iterator[tuple[Work, ...]]:
    """The works in their order, in groups to send together; with `alone` each for itself."""
    group: list[Work] = []
    characters = 0
    for work in works:
        brief = not alone and _is_brief(work)
        characters += len(work.script.text)
        if group and (not brief or len(group) == MOST_FILES or characters > MOST_CHARACTERS):
            yield tuple(group)
            group, characters = [], len(work.script.text)
        group.append(work)
        if not brief:
            yield tuple(group)
            group, characters = [], 0
    if group:
        yield tuple(group)


def _is_brief(work: Work) -> bool:
    return work.transactional and all(
        weight is Weight.LIGHT
        and statement.words[0] in _BRIEF
        and _NOT_BRIEF.isdisjoint(statement.words)
        for statement, weight in weigh_all(work.statements)
    )
