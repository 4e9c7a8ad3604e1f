"""How what stands in the way is moved out of it: dropped, converted, or let go of what goes."""

from __future__ import annotations

import re
from dataclasses import replace

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.definition import Domain, Range
from schema_tool.catalog.model.relation import Column, Table, TableForm
from schema_tool.catalog.quoting import qualified
from schema_tool.compare import Action, Change
from schema_tool.plan.children.inheritance import keyed_tables
from schema_tool.plan.decide.containers import is_inside
from schema_tool.plan.decide.publishing import unpublish
from schema_tool.plan.decide.swaps import SWAPPABLE
from schema_tool.plan.decisions import TYPES, Decisions, rebuild
from schema_tool.plan.graph import relation_of
from schema_tool.plan.nodes import NAMED, names_of

CONTAINERS = frozenset({Kind.SCHEMA, Kind.EXTENSION})
# What an expression in a partition key calls, or a column of it is compared by.
_IN_KEYS = TYPES | {Kind.ROUTINE, Kind.OPERATOR, Kind.OPERATOR_CLASS, Kind.COLLATION}


def remove(dependent: Identity, needed: Identity, decisions: Decisions) -> list[Identity]:
    """Take a dependent out of the way; returns what has to be followed further."""
    entity = decisions.live.objects.get(dependent)
    if isinstance(entity, Column):
        return _release_column(entity, needed, decisions)
    # One that is altered in place takes only the checks over its attributes away.
    of_type = _is_type(needed, decisions) and needed not in decisions.alter
    if isinstance(entity, Domain) and not of_type and needed.kind not in CONTAINERS:
        if entity.constraints and is_inside(dependent, decisions):
            rebuild(dependent, decisions, because=needed)
            return [dependent]
        # Its default and its checks go for a while, its columns stay as they are.
        decisions.undefaulted.add(dependent)
        decisions.because.setdefault(dependent, needed)
        return []
    if isinstance(entity, Table):
        _release_table(entity, needed, decisions)
        return [dependent] if dependent in decisions.drop else []
    if dependent.kind is Kind.PUBLICATION and unpublish(dependent, needed, decisions):
        return []
    rebuild(dependent, decisions, because=needed)
    return [dependent]


def _release_column(column: Column, needed: Identity, decisions: Decisions) -> list[Identity]:
    identity = column.identity
    if column.generated:
        after = decisions.desired.objects.get(identity)
        if column.generated == "s" and isinstance(after, Column) and not after.generated:
            # It keeps its values: its expression goes before what that stands on changes, an
            # heir's with its parent's.
            return []
        rebuild(identity, decisions, because=needed)
        return [identity]
    if _is_type(needed, decisions) and _uses(column, needed, decisions):
        return _convert_column(column, decisions)
    if identity in decisions.desired.objects:
        decisions.undefaulted.add(identity)
        decisions.because.setdefault(identity, needed)
    return []


def _is_type(needed: Identity, decisions: Decisions) -> bool:
    """Whether columns may be of it: of a table, too, whose rows become a type."""
    return needed.kind in SWAPPABLE or needed in decisions.swapped


def _uses(column: Column, needed: Identity, decisions: Decisions) -> bool:
    """Whether the column itself is of the type or collation, not only its default."""
    entity = decisions.live.objects[needed]
    names = [qualified(*needed.parts)]
    if isinstance(entity, Range):
        names.append(entity.multirange)
    text = column.collation if needed.kind is Kind.COLLATION else column.type
    return any(re.search(rf'(?<![\w".]){re.escape(name)}(?![\w"])', text) for name in names)


def _convert_column(column: Column, decisions: Decisions) -> list[Identity]:
    after = decisions.desired.objects.get(column.identity)
    if not isinstance(after, Column):
        return []
    if column.inherited and after.inherited and _stays_below(column, decisions):
        # Converting the parent's column converts it.
        return []
    known = decisions.alter.get(column.identity)
    attributes = set(known.attributes) if known else set()
    decisions.alter[column.identity] = Change(
        identity=column.identity,
        action=Action.ALTERED,
        before=column,
        after=after,
        attributes=tuple(sorted(attributes | {"type"})),
    )
    keyed = list(keyed_tables(column.identity, decisions.live, decisions.children))
    for table in keyed:
        rebuild(table, decisions)
    return [column.identity, *keyed]


def _stays_below(column: Column, decisions: Decisions) -> bool:
    """Whether a parent that has a column as well keeps its heir, and is itself altered."""
    table = Identity(Kind.TABLE, column.identity.parts[:2])
    before, after = (side.objects.get(table) for side in (decisions.live, decisions.desired))
    assert isinstance(before, Table)
    assert isinstance(after, Table)
    kept = set(before.parents) & set(after.parents) - decisions.drop
    above = (Identity(Kind.COLUMN, (*p.parts, column.identity.parts[2])) for p in kept)
    return any(i in decisions.live.objects and i in decisions.desired.objects for i in above)


def _release_table(table: Table, needed: Identity, decisions: Decisions) -> None:
    """A child whose parent is rebuilt: a partition moves along, an heir leaves and comes back.

    A partition that becomes an heir keeps its rows, too: the desired schema has them there.

    A foreign table has no rows here: it goes with its server. A typed table is made anew with
    its type, whose attributes may stand in another order.
    """
    after = decisions.desired.objects.get(table.identity)
    if needed.kind is Kind.SERVER or (needed.kind is Kind.COMPOSITE and table.of_type):
        rebuild(table.identity, decisions)
        return
    if needed.kind in _IN_KEYS and table.form is TableForm.PARTITIONED:
        # The server alters no partition key; the old table keeps the old function to its end.
        rebuild(table.identity, decisions)
        if needed.kind is Kind.ROUTINE and has_rival(needed, decisions):
            decisions.swapped.add(needed)
        return
    if needed not in table.parents or not isinstance(after, Table):
        return
    if table.partition_bound and (after.partition_bound or needed not in after.parents):
        if needed in after.parents:
            rebuild(table.identity, decisions)
        return
    known = decisions.alter.get(table.identity)
    attributes = set(known.attributes) if known else set()
    decisions.alter[table.identity] = Change(
        identity=table.identity,
        action=Action.ALTERED,
        before=table,
        after=replace(after),
        attributes=tuple(sorted(attributes | {"parents"})),
    )


def has_rival(needed: Identity, decisions: Decisions) -> bool:
    """Whether what has its name next cannot be used beside it.

    A relation or type of another kind cannot be there, a call is ambiguous between two functions.
    """
    if needed.kind is Kind.ROUTINE:
        # What OR REPLACE does to arguments is another default.
        other = (i for i, change in decisions.alter.items() if "arguments" in change.attributes)
        made = (i for i in (*decisions.create, *other) if i.kind is Kind.ROUTINE)
        return any(identity.parts[:2] == needed.parts[:2] for identity in made)
    owner = relation_of(needed, decisions.live) or needed
    names = set(names_of(owner)) if owner in decisions.drop else set()
    others = (Identity(kind, owner.parts) for kind in NAMED if names and kind is not owner.kind)
    return any(i in decisions.create and not names.isdisjoint(names_of(i)) for i in others)
