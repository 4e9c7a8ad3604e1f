"""Typed tables, whose columns come and go with the attributes of their type.

ALTER TYPE … CASCADE knows no USING, is refused by what stands on a column, and takes along what a
lost column had: a table of such a type leaves it, is altered by itself and comes back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Column, Table
from schema_tool.catalog.quoting import qualified
from schema_tool.compare import Action

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from schema_tool.catalog import Catalog
    from schema_tool.compare import Change
    from schema_tool.plan.decisions import Decisions

_OF_ATTRIBUTES = frozenset({"type", "collation"})


def tables_off_their_type(
    changes: Iterable[Change], live: Catalog, desired: Catalog
) -> AbstractSet[Identity]:
    """The typed tables whose columns go, or change their types, or come with another type."""
    found = set()
    for change in changes:
        lost = change.action is Action.DROPPED or _OF_ATTRIBUTES & set(change.attributes)
        if change.kind is Kind.COLUMN and (lost or change.action is Action.CREATED):
            table = Identity(Kind.TABLE, change.identity.parts[:2])
            before, after = live.objects.get(table), desired.objects.get(table)
            if not isinstance(before, Table) or not isinstance(after, Table):
                continue
            typed = bool(before.of_type and after.of_type)
            if typed and (lost or before.of_type != after.of_type):
                found.add(table)
    return found


def leave_types(tables: Iterable[Identity], decisions: Decisions) -> None:
    """Let them leave for a while, but for those that are made anew."""
    for table in tables:
        before = decisions.live.objects[table]
        if decisions.rebuilt(table) or not isinstance(before, Table):
            continue
        needs = decisions.live_graph.needs.get(table, ())
        kinds = frozenset(kind for kind in needs if is_of(before, kind))
        decisions.leave_for_a_while(table, kinds, attribute="of_type")


def has_other_order(change: Change, decisions: Decisions) -> bool:
    """Whether a table gets a type whose attributes stand otherwise than its columns will."""
    after = change.after
    if not isinstance(after, Table) or not after.of_type or "of_type" not in change.attributes:
        return False
    parts = decisions.parts.get(change.identity, ())
    columns = [c for c in map(decisions.live.objects.get, parts) if isinstance(c, Column)]
    columns.sort(key=lambda column: column.position)
    kept = [decisions.desired.objects.get(column.identity) for column in columns]
    places = [column.position for column in kept if isinstance(column, Column)]
    # Those that come stand behind those that stay.
    return places != [*range(1, len(places) + 1)]


def is_of(table: Table, kind: Identity) -> bool:
    """Whether the table is a typed one of that type."""
    return kind.kind is Kind.COMPOSITE and qualified(*kind.parts) == table.of_type
