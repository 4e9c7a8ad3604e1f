"""What rows are proved to meet before their table becomes a partition: its bound, foreign keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import (
    Column,
    Constraint,
    ConstraintForm,
    Table,
    TableForm,
)
from schema_tool.plan.children.inheritance import ancestors
from schema_tool.plan.decide.default_partitions import is_narrowed
from schema_tool.plan.decide.type_changes import changes_type

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
    # What leaves it keeps the check, be it proved or not, and comes back with it.
    leaving |= {above for table in leaving for above in ancestors(table, decisions.live)}
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


def keys_ahead(table: Identity, decisions: Decisions, desired: Graph) -> Iterator[Constraint]:
    """The foreign keys and checks that a table gets of a parent, for which its rows are read."""
    live = decisions.live.objects
    before = live[table]
    if not isinstance(before, Table) or before.form is not TableForm.TABLE:
        return
    own = (live[part] for part in decisions.parts.get(table, ()) if part.kind is Kind.CONSTRAINT)
    known = {key.definition for key in own if isinstance(key, Constraint)}
    for part in desired.parts.get(table, ()):
        key = decisions.desired.objects[part]
        if not isinstance(key, Constraint) or part in live or not key.valid:
            continue
        if key.form is ConstraintForm.FOREIGN_KEY:
            new = key.definition not in known and _stands(key, decisions)
        else:
            check = key.form is ConstraintForm.CHECK and key.inherited and part in decisions.create
            new = check and all(_is_as_it_was(i, decisions) for i in desired.needs.get(part, ()))
        if new and "NOT ENFORCED" not in key.definition:
            yield key


def _is_as_it_was(needed: Identity, decisions: Decisions) -> bool:
    """Whether a check can stand on it before anything else is done."""
    if needed.kind in (Kind.TABLE, Kind.SCHEMA):
        return not _comes_or_goes(needed, decisions)
    changed = needed in decisions.alter and needed.kind is not Kind.COLUMN
    return not (changed or _comes_or_goes(needed, decisions) or _is_converted(needed, decisions))


def _stands(key: Constraint, decisions: Decisions) -> bool:
    """Whether the parent's key, and what this one stands on, is there and stays as it is."""
    other = decisions.desired.objects.get(key.references) if key.references else None
    if not isinstance(other, Table) or other.partition_key or key.parent is None:
        return False
    columns = (Identity(Kind.COLUMN, (*key.identity.parts[:2], c)) for c in key.columns)
    if any(_comes_or_goes(c, decisions) or _is_converted(c, decisions) for c in columns):
        return False
    above = (key.parent, other.identity)
    stays = all(i in decisions.live.objects and not _comes_or_goes(i, decisions) for i in above)
    return stays and key.parent not in decisions.alter


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
