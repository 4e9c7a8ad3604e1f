"""What the server does by itself to children and partitions when their parent changes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Column, Constraint, Index, Table
from schema_tool.catalog.quoting import name
from schema_tool.compare import Action, Change
from schema_tool.plan.children.constraints import PROVENANCE, own_constraint
from schema_tool.plan.children.handed_not_nulls import (
    NOT_NULL,
    inherit_not_null,
    keyed_columns,
    with_own_not_null,
)
from schema_tool.plan.children.identities import settle_identities
from schema_tool.plan.children.indexes import Family, index_follows, renamed_indexes
from schema_tool.plan.children.keys import renamed_keys
from schema_tool.plan.children.typed_tables import tables_off_their_type
from schema_tool.plan.children.unproved import settled_checks
from schema_tool.plan.emit.columns import must_rebuild_column
from schema_tool.plan.emit.context import goes_alone
from schema_tool.plan.emit.inherited_not_nulls import leaves_not_null
from schema_tool.plan.emit.new_columns import SHARED_IDENTITY_SINCE
from schema_tool.plan.emit.not_null import NOT_NULL_ROWS_SINCE, hands_not_null

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from schema_tool.catalog import Catalog
    from schema_tool.catalog.model.entity import Entity
    from schema_tool.compare import Changes

# What ALTER TABLE without ONLY does to the columns of children as well.
RECURSES = frozenset(
    {"type", "collation", "default", "generated", "storage", "statistics", "identity_generation"}
)
# What a column that comes with its parent's has as that does, once it is as it should be.
_GIVEN_AT_BIRTH = ("default", "not_null", "storage", "statistics")


def live_children(catalog: Catalog) -> dict[Identity, list[Identity]]:
    """Each table's heirs and partitions, by their names."""
    found: dict[Identity, list[Identity]] = {}
    for table in catalog.each(Table):
        for parent in table.parents:
            found.setdefault(parent, []).append(table.identity)
    for children in found.values():
        children.sort()
    return found


def descendants(start: Identity, children: Mapping[Identity, list[Identity]]) -> Iterator[Identity]:
    """Everything below a table."""
    for child in children.get(start, ()):
        yield child
        yield from descendants(child, children)


def columns_below(
    column: Identity, catalog: Catalog, children: Mapping[Identity, list[Identity]]
) -> Iterator[Identity]:
    """The columns of heirs and partitions that are altered with a column."""
    for table in descendants(Identity(Kind.TABLE, column.parts[:2]), children):
        below = Identity(Kind.COLUMN, (*table.parts, column.parts[2]))
        if below in catalog.objects:
            yield below


def ancestors(table: Identity, catalog: Catalog) -> Iterator[Identity]:
    """Everything above a table."""
    entity = catalog.objects.get(table)
    for parent in entity.parents if isinstance(entity, Table) else ():
        yield parent
        yield from ancestors(parent, catalog)


def keyed_tables(
    column: Identity, catalog: Catalog, children: Mapping[Identity, list[Identity]]
) -> Iterator[Identity]:
    """The column's table and the partitions below it whose partition key names the column."""
    word = re.compile(rf'(?<![\w"]){re.escape(name(column.parts[2]))}(?![\w"])')
    table = Identity(Kind.TABLE, column.parts[:2])
    for candidate in (table, *descendants(table, children)):
        entity = catalog.objects.get(candidate)
        if isinstance(entity, Table) and entity.partition_key and word.search(entity.partition_key):
            yield candidate


def own_changes(changes: Changes) -> Iterator[Change]:
    """The changes without those that the server makes by itself when a parent changes."""
    live, desired = changes.live, changes.desired
    untyped = tables_off_their_type(changes, live, desired)
    children = live_children(live)
    family = Family(
        live=live,
        desired=desired,
        children=children,
        untyped=untyped,
        keyed=keyed_columns(live, desired),
    )
    by_identity = {change.identity: change for change in changes}
    _settle_columns(by_identity, family)
    settle_identities(by_identity, family)
    settled = {
        **renamed_indexes(by_identity, family),
        **renamed_keys(by_identity, family),
        **settled_checks(family, live_children(family.desired)),
    }
    for change in by_identity.values():
        if change.identity in settled:
            continue
        kept = _own_change(change, family)
        if kept is not None:
            yield kept
    yield from (change for change in settled.values() if change is not None)


def _table_of(entity: Entity) -> Identity:
    if isinstance(entity, Index):
        return entity.table
    return Identity(Kind.TABLE, entity.identity.parts[:2])


def _own_change(change: Change, family: Family) -> Change | None:
    """The change, or what is left of it; None for what the server does by itself."""
    if change.kind is Kind.SEQUENCE and "internal" in change.attributes:
        # Altering the column makes the one from the other.
        return None
    entity = change.after or change.before
    if isinstance(entity, Column):
        if _column_follows(change, family):
            return _left_of_new_column(change, family)
        return _without_type(change, family)
    if isinstance(entity, Constraint):
        return own_constraint(change, family)
    if isinstance(entity, Index):
        return None if index_follows(change, family) else change
    return change


def _column_follows(change: Change, family: Family) -> bool:
    """Whether a column comes and goes with its parent's."""
    if change.action is Action.ALTERED:
        return not set(change.attributes) - PROVENANCE
    created = change.action is Action.CREATED
    column = change.after if created else change.before
    assert isinstance(column, Column)
    table = _table_of(column)
    if _is_typed(table, family):
        return True
    if column.local or not column.inherited:
        return False
    if family.is_new(table) or family.is_gone(table):
        return True
    absent = family.live if created else family.desired
    above = [
        Identity(Kind.COLUMN, (*p.parts, column.identity.parts[2]))
        for p in family.kept_parents(table)
    ]
    if not created and any(goes_alone(i, family.children, family.desired) for i in above):
        return False
    return any(
        entry not in absent.objects
        and (entry in family.live.objects or entry in family.desired.objects)
        for entry in above
    )


def _left_of_new_column(change: Change, family: Family) -> Change | None:
    """What a child says of a column that came with its parent's."""
    after = change.after
    if change.action is not Action.CREATED or not isinstance(after, Column):
        return None
    table = _table_of(after)
    if family.is_new(table):
        return None
    if _is_typed(table, family):
        return _beyond(change, after, {"default": "", "not_null": False})
    for parent in family.kept_parents(table):
        above = family.desired.objects.get(
            Identity(Kind.COLUMN, (*parent.parts, after.identity.parts[2]))
        )
        if isinstance(above, Column):
            given = {field: getattr(above, field) for field in _GIVEN_AT_BIRTH}
            left = _beyond(change, after, given)
            if left:
                return left
    return None


def beyond_parent(after: Entity, parent: Entity) -> Change | None:
    """What a column that comes again with its parent's has beyond that."""
    assert isinstance(after, Column)
    given = {field: getattr(parent, field) for field in _GIVEN_AT_BIRTH}
    change = Change(identity=after.identity, action=Action.ALTERED, before=after, after=after)
    return _beyond(change, after, {**given, "compression": ""})


def _beyond(change: Change, after: Column, given: dict[str, Any]) -> Change | None:
    """What a column that came with a parent's or a type's has beyond what is given with it."""
    before = replace(after, comment="", privileges=(), options=(), **given)
    fields = _differing(before, after, {*given, "comment", "privileges", "options"})
    if not fields:
        return None
    return replace(change, action=Action.ALTERED, before=before, attributes=tuple(sorted(fields)))


def _is_typed(table: Identity, family: Family) -> bool:
    """Whether the columns come from a composite type, before, after and meanwhile."""
    if table in family.untyped:
        return False
    sides = family.live.objects.get(table), family.desired.objects.get(table)
    return all(isinstance(side, Table) and side.of_type for side in sides)


def _without_type(change: Change, family: Family) -> Change | None:
    if not _is_typed(_table_of(change.after or change.before), family):  # type: ignore[arg-type]
        return change
    left = tuple(a for a in change.attributes if a not in ("type", "collation"))
    return replace(change, attributes=left) if left else None


def _settle_columns(by_identity: dict[Identity, Change], family: Family) -> None:
    """Replace the changes of children's columns by what altering their parents leaves to do."""
    there = [c.before for c in by_identity.values() if isinstance(c.before, Column)]
    altered = {column.identity.parts[:2] for column in there}
    if not altered or not family.children:
        return
    columns: dict[tuple[str, ...], list[Column]] = {}
    for column in family.live.each(Column):
        columns.setdefault(column.identity.parts[:2], []).append(column)
    # What happens to each column, be it by its own ALTER or by its parent's.
    effects = {i: [c] for i, c in by_identity.items() if c.action is Action.ALTERED}
    if family.live.source.major >= NOT_NULL_ROWS_SINCE:
        gone = (c for c in by_identity.values() if c.action is Action.DROPPED)
        effects |= {
            c.identity: [c]
            for c in gone
            if leaves_not_null(c.before, family.children, family.desired)
        }
    waiting = sorted(Identity(Kind.TABLE, parts) for parts in altered)
    # A child may have two parents: it is looked at once more after each of them.
    while waiting:
        table = waiting.pop(0)
        for child in family.children.get(table, ()):
            if table not in family.kept_parents(child):
                continue
            for column in columns.get(child.parts, ()):
                _settle_column(column, family, by_identity, effects)
            waiting.append(child)


def _settle_column(
    column: Column,
    family: Family,
    by_identity: dict[Identity, Change],
    effects: dict[Identity, list[Change]],
) -> None:
    identity = column.identity
    after = family.desired.objects.get(identity)
    if not isinstance(after, Column):
        return
    effective = column
    touched: set[str] = set()
    parents = family.kept_parents(_table_of(column))
    above = [Identity(Kind.COLUMN, (*parent.parts, identity.parts[2])) for parent in parents]
    for parent in above:
        others = any(
            hands_not_null(family.desired.objects.get(other)) for other in above if other != parent
        )
        for change in effects.get(parent, ()):
            effective = _inherit(effective, change, after, family, others=others)
            touched |= RECURSES | NOT_NULL
    if not touched:
        return
    known = by_identity.get(identity)
    wanted = (set(known.attributes) if known else set()) | touched
    own = _differing(effective, after, wanted)
    # Its heirs see both: what comes from its parents, and then what is its own.
    effects[identity] = [
        Change(
            identity=identity,
            action=Action.ALTERED,
            before=old,
            after=new,
            attributes=tuple(sorted(fields)),
        )
        for old, new, fields in (
            (column, effective, _differing(column, effective, touched)),
            (effective, after, own),
        )
        if fields
    ]
    if own:
        by_identity[identity] = effects[identity][-1]
    else:
        by_identity.pop(identity, None)


def _differing(before: Column, after: Column, fields: set[str]) -> set[str]:
    return {f for f in fields - PROVENANCE if getattr(before, f) != getattr(after, f)}


def _inherit(
    child: Column, above: Change, after: Column, family: Family, *, others: bool
) -> Column:
    """The child's column as altering its parent's leaves it."""
    before, parent, major = above.before, above.after, family.live.source.major
    if parent is None:
        return child if after.not_null_inherited else with_own_not_null(child)
    assert isinstance(before, Column)
    assert isinstance(parent, Column)
    recurses = RECURSES
    if major < SHARED_IDENTITY_SINCE or not family.is_partition(_table_of(child)):
        recurses -= {"identity_generation"}
    fields = recurses & set(above.attributes)
    if must_rebuild_column(before, parent, above.attributes, major):
        if child.local:
            # It stays as its parent's goes, and is another's child when that comes.
            return child
        child = replace(child, comment="", privileges=(), options=(), compression="")
        fields = recurses
    child = replace(child, **{field: getattr(parent, field) for field in fields})
    if not NOT_NULL & set(above.attributes):
        return child
    heir = major < NOT_NULL_ROWS_SINCE and not family.is_partition(_table_of(child))
    heir |= child.identity in family.keyed
    if heir and before.not_null and not parent.not_null and after.not_null:
        # ONLY leaves it to the heir; a partition is away meanwhile.
        return child
    return inherit_not_null(child, before, parent, after, major=major, others=others)
