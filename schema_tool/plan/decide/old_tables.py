"""What of a table whose rows move to a new one is dropped first, and what goes with the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Constraint, ConstraintForm, Index, Table, Trigger
from schema_tool.plan.graph import relation_of
from schema_tool.plan.nodes import names_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.plan.decisions import Decisions

APART = frozenset(
    {Kind.CONSTRAINT, Kind.INDEX, Kind.STATISTICS, Kind.POLICY, Kind.TRIGGER, Kind.RULE}
)
# Of a constraint of one of these the new table's may have the name.
_NAMED_BY_TABLE = frozenset({ConstraintForm.CHECK, ConstraintForm.FOREIGN_KEY})
# Schemas hold what is in them, whatever is granted on them.
_STANDING = frozenset({Kind.SCHEMA, Kind.EXTENSION})


def parts_in_the_way(decisions: Decisions) -> set[Identity]:
    """The parts of such tables that are dropped before the new table comes.

    The names of its keys are needed by the new table's, and what its policies and triggers call
    may go before the rows are copied. An index serves readers until then: it goes with the table,
    as do its checks and foreign keys. Heirs and partitions could be left with them. What a
    partition has of its own goes where its rows wait for what that calls.
    """
    wanted = decisions.desired.objects if decisions.moved else ()
    taken = {key for identity in wanted for key in names_of(identity)}
    found: set[Identity] = set()
    for table in decisions.moved:
        old = decisions.live.objects[table]
        single = isinstance(old, Table) and not old.parents and table not in decisions.children
        for part in _own_parts(table, decisions):
            if not (single and _may_stay(part, table, taken, decisions)):
                found.add(part)
    for table in decisions.emptied - decisions.moved:
        for part in _own_parts(table, decisions):
            if any(_is_disturbed(n, table, decisions) for n in _needs(part, decisions)):
                found.add(part)
    return found


def _own_parts(table: Identity, decisions: Decisions) -> Iterator[Identity]:
    """What of a table is dropped by itself; a clone goes with what it was cloned from."""
    for part in decisions.parts.get(table, ()):
        entity = decisions.live.objects[part]
        cloned = isinstance(entity, Constraint) and entity.inherited
        cloned |= isinstance(entity, Index) and bool(entity.parent)
        cloned |= isinstance(entity, Trigger) and entity.clone
        if part.kind in APART and not cloned:
            yield part


def _may_stay(
    part: Identity, table: Identity, taken: set[tuple[str, ...]], decisions: Decisions
) -> bool:
    """Whether nothing needs its name, or needs it gone, before the old table goes."""
    entity = decisions.live.objects[part]
    if isinstance(entity, Index):
        wanted = decisions.desired.objects.get(part)
        again = isinstance(wanted, Index) and wanted.table == table
        named = again or taken.isdisjoint(names_of(part))
    else:
        named = isinstance(entity, Constraint) and entity.form in _NAMED_BY_TABLE
    return named and not any(_is_disturbed(n, table, decisions) for n in _needs(part, decisions))


def _needs(part: Identity, decisions: Decisions) -> Iterator[Identity]:
    """What a part stands on besides its own table."""
    for needed in decisions.live_graph.needs.get(part, ()):
        if needed.kind not in _STANDING:
            yield needed


def _is_disturbed(needed: Identity, table: Identity, decisions: Decisions) -> bool:
    """Whether it goes or is altered meanwhile; the old table and its columns stay as they are."""
    relation = relation_of(needed, decisions.live) or needed
    if relation == table:
        return needed.kind not in (Kind.TABLE, Kind.COLUMN)
    changing = (decisions.drop, decisions.moved, decisions.swapped, decisions.alter)
    return any(what in some for what in (needed, relation) for some in changing)
