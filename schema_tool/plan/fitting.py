"""Which tables' rows are proved to fit before the tables become partitions, and by what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Column, Table, TableForm
from schema_tool.plan.default_partitions import is_narrowed
from schema_tool.plan.inheritance import ancestors
from schema_tool.plan.obstacles import changes_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.graph import Graph

# Of what has a collation the server would not find the check and the bound to be the same.
_UNCOLLATED = frozenset(
    {"smallint", "integer", "bigint", "numeric", "uuid", "date", "boolean"}
    | {"timestamp without time zone", "timestamp with time zone"}
)


def fitting_rows(decisions: Decisions, desired: Graph) -> Iterator[tuple[Identity, str]]:
    """The tables with the condition of the bound that each gets, where a CHECK can say it."""
    leaving = {taker for takers in decisions.takers.values() for taker in takers}
    leaving = {taker for taker in leaving if is_narrowed(taker, decisions)}
    leaving |= {*decisions.takers, *decisions.shares, *decisions.apart}
    for identity, change in decisions.alter.items():
        before, after = change.before, change.after
        if not isinstance(before, Table) or not isinstance(after, Table):
            continue
        if not after.partition_bound or not {"parents", "partition_bound"} & {*change.attributes}:
            continue
        filled = before.form is not TableForm.FOREIGN and identity not in decisions.create
        if filled and identity not in leaving and _is_provable(after, decisions, desired):
            yield identity, after.partition_rows


def _is_provable(table: Table, decisions: Decisions, desired: Graph) -> bool:
    """Whether all that the condition stands on is there, and the server sees that it is met."""
    condition, tables = table.partition_rows, [*ancestors(table.identity, decisions.desired)]
    if not condition or " COLLATE " in condition:
        return False
    if is_hashed(condition) and any(decisions.rebuilt(above) for above in tables):
        # The hash is that of a table that comes when this one has left the old one.
        return False
    for part in (*decisions.parts.get(table.identity, ()), *desired.parts.get(table.identity, ())):
        named = part.kind is Kind.COLUMN and _names(condition, part)
        column = decisions.desired.objects.get(part) if named else None
        if isinstance(column, Column) and is_hashed(condition) and column.type not in _UNCOLLATED:
            return False
        if named and (_comes_or_goes(part, decisions) or _is_converted(part, decisions)):
            return False
    for above in tables:
        needed = (i for i in desired.needs.get(above, ()) if i.kind is Kind.ROUTINE)
        if any(i in decisions.alter or _comes_or_goes(i, decisions) for i in needed):
            return False
    return True


def is_hashed(condition: str) -> bool:
    """Whether a condition asks for the hash of values, and names the parent's table."""
    return "satisfies_hash_partition(" in condition


def _comes_or_goes(identity: Identity, decisions: Decisions) -> bool:
    return identity in decisions.create or identity in decisions.drop


def _is_converted(column: Identity, decisions: Decisions) -> bool:
    change = decisions.alter.get(column)
    if change is None:
        return False
    return changes_type(change) or not {"type", "collation", "generated"}.isdisjoint(
        change.attributes
    )


def _names(condition: str, column: Identity) -> bool:
    word = column.parts[2].replace('"', '""')
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", condition) is not None
