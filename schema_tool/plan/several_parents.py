"""Columns that come from several parents: no ALTER of one parent's reaches them.

Source: ATPrepAlterColumnType(), tablecmds.c: "cannot alter inherited column". The heir leaves all
parents but those of one tree, each of them is altered by itself, and the heir comes back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Table
from schema_tool.plan.inheritance import descendants
from schema_tool.plan.obstacles import changes_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.plan.decisions import Decisions


def leave_other_parents(decisions: Decisions) -> None:
    """Find the heirs whose columns are in the way, and let them leave for a while."""
    left: dict[Identity, set[Identity]] = {}
    for column in _converted_columns(decisions):
        for child, parents in _others(column, decisions):
            left.setdefault(child, set()).update(parents)
            decisions.away.setdefault(child, set()).add(column.parts[2])
    for child, away in left.items():
        before = decisions.live.objects[child]
        assert isinstance(before, Table)
        # Those that follow leave and come back as well: the parents' order stays.
        first = next(place for place, parent in enumerate(before.parents) if parent in away)
        decisions.leave_for_a_while(child, frozenset(before.parents[first:]))


def _converted_columns(decisions: Decisions) -> Iterator[Identity]:
    """The columns whose type changes, in place or by being made anew."""
    yield from (i for i, change in decisions.alter.items() if changes_type(change))
    for identity in decisions.drop & decisions.create:
        if identity.kind is Kind.COLUMN:
            yield identity


def _others(column: Identity, decisions: Decisions) -> Iterator[tuple[Identity, list[Identity]]]:
    """Each heir that has the column from other parents too, and the parents that it leaves."""
    top = Identity(Kind.TABLE, column.parts[:2])
    tree = {top, *descendants(top, decisions.children)}
    live, desired = decisions.live.objects, decisions.desired.objects
    for child in sorted(tree - {top} - decisions.drop):
        table = live[child]
        if not isinstance(table, Table) or child not in desired:
            continue
        givers = [
            parent
            for parent in table.parents
            if Identity(Kind.COLUMN, (*parent.parts, column.parts[2])) in live
        ]
        inside = [parent for parent in givers if parent in tree]
        outside = [parent for parent in givers if parent not in tree]
        if inside and outside:
            yield child, outside if givers[0] in tree else inside
