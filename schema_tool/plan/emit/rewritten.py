"""Indexes and keys of rows that the plan converts: those that are made anew are made with them.

The table is locked and all its indexes are built again then: what is in the way of the conversion
is away for no longer than that, if its successor names a converted column as well. One that leaves
those columns is built beside traffic, later: until then nothing guards the rows.

Where no row is touched, the server still builds indexes over expressions again, under its lock.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.definition import Domain
from schema_tool.catalog.model.relation import Column, Constraint, ConstraintForm, Index
from schema_tool.catalog.quoting import names_in
from schema_tool.hazards import Hazard
from schema_tool.plan.emit.conversion import are_alike, are_sizes, cast_between, stay_distinct
from schema_tool.plan.emit.not_null import is_proved_later
from schema_tool.plan.steps import Danger, LockMode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog import Catalog
    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.emit.context import Context

# Columns only: neither expressions nor a condition, whose functions may not know the new type.
_PLAIN_INDEX = re.compile(r" USING \w+ \([^()]*\)( INCLUDE \([^()]*\))?$")
# An operator class that is not the usual one takes one type alone, but those of text.
_OF_ONE_TYPE = re.compile(
    r""" (?!text_|varchar_)\w+_ops\b|(?<!COLLATE)(?<!ON)(?<!ONLY) (\w+|"[^"]+")\.["\w]"""
)
_KEYS = (ConstraintForm.PRIMARY_KEY, ConstraintForm.UNIQUE)
# What a type may be besides a domain: rows are one kind, whatever they are of.
_NAMED = (Kind.ENUM, Kind.RANGE, Kind.BASE_TYPE)


def comes_with_rewrite(new: Constraint | Index, table: Identity, context: Context) -> bool:
    """Whether it replaces what guards the same rows, or itself, and goes to convert them."""
    named = [c for c in context.columns_of.get(table.parts, ()) if names_column(new, c.identity)]
    converted = [column for column in named if _is_converted(column, context)]
    if not converted:
        return isinstance(new, Index) and new.unique and _follows_misfit(named, table, context)
    if isinstance(new, Constraint) and any(_is_filled_later(c, context) for c in named):
        return False
    return any(
        names_column(old, column.identity)
        for old in _going(table, context)
        if (is_unique(new) and is_unique(old)) or old.identity == new.identity
        if not _is_replaced(old, context)
        for column in converted
    )


def _is_replaced(old: Constraint | Index, context: Context) -> bool:
    """Whether an index stays until the one that gets its name is there."""
    returns = old.identity in context.desired.objects
    return isinstance(old, Index) and returns and old.identity not in context.rebuilt


def _follows_misfit(named: list[Column], table: Identity, context: Context) -> bool:
    """Whether a unique index goes that cannot stay as columns get another type."""
    return any(
        isinstance(old, Index) and old.unique and _misfits(old, column, context)
        for old in _going(table, context)
        for column in named
    )


def _misfits(old: Index, column: Column, context: Context) -> bool:
    before = context.live.objects.get(column.identity)
    if not isinstance(before, Column) or column.identity in context.rebuilt:
        return False
    changed = before, column
    return names_column(old, column.identity) and not fits(old, *changed, context)


def goes_with_rewrite(old: Index, context: Context) -> bool:
    """Whether it goes because a column is converted, or goes itself.

    What can stay until the end may have a successor that is built beside traffic.
    """
    returns = old.identity in context.desired.objects
    if old.table.kind is not Kind.TABLE or (returns and old.identity not in context.rebuilt):
        return False
    own = (Identity(Kind.COLUMN, (*old.table.parts, column)) for column in old.columns)
    if any(column not in context.desired.objects for column in own):
        return True
    for column in context.columns_of.get(old.table.parts, ()):
        converted = _is_converted(column, context)
        if (converted or old.unique) and _misfits(old, column, context):
            return True
        if converted and returns and names_column(old, column.identity):
            return True
    return False


def done_again(column: Column, context: Context, *, collation: bool) -> Iterator[Danger]:
    """What the server does under its lock for what stays on a column of which no row is touched.

    Source: CheckIndexCompatible(), indexcmds.c; ATPostAlterTypeCleanup(), tablecmds.c.
    """
    table = Identity(Kind.TABLE, column.identity.parts[:2])
    going = {old.identity for old in _going(table, context)}
    for part in context.live_parts.get(table, ()):
        guard = context.live.objects[part]
        stays = part not in going and part in context.desired.objects
        if not isinstance(guard, Constraint | Index) or not stays:
            continue
        if not names_column(guard, column.identity):
            continue
        form = guard.form if isinstance(guard, Constraint) else None
        if form is ConstraintForm.CHECK:
            if guard.valid:
                yield Danger(hazard=Hazard.SCAN_TABLE, lock=LockMode.ACCESS_EXCLUSIVE)
        elif form is not ConstraintForm.FOREIGN_KEY and (
            collation or not (form in _KEYS or _PLAIN_INDEX.search(guard.definition))
        ):
            yield Danger(hazard=Hazard.BUILD_INDEX, lock=LockMode.ACCESS_EXCLUSIVE)


def fits(index: Index, before_it: Column, after_it: Column, sides: Context | Decisions) -> bool:
    """Whether the server can build an index for a column's new type as it was for the old."""
    before, after = before_it.type, after_it.type
    if before == after:
        before, after = _what_it_is(before, sides.live), _what_it_is(after, sides.desired)
    if _PLAIN_INDEX.search(index.definition) and not _OF_ONE_TYPE.search(index.definition):
        alike = stay_distinct if index.unique else are_alike
        return alike(before, after)
    return are_sizes(before, after)


def _what_it_is(type_name: str, catalog: Catalog) -> str:
    """A type with its kind, a domain as what it stands on: another may come under its name."""
    parts = names_in(type_name)
    kind = next((k for k in _NAMED if Identity(k, parts) in catalog.objects), None)
    domain = catalog.objects.get(Identity(Kind.DOMAIN, parts))
    if isinstance(domain, Domain):
        return _what_it_is(domain.base_type, catalog)
    return f"{kind} {type_name}" if kind else type_name


def _going(table: Identity, context: Context) -> Iterator[Constraint | Index]:
    """The live keys and indexes of a table that do not stay as they are."""
    for part in context.live_parts.get(table, ()):
        old = context.live.objects[part]
        if not isinstance(old, Constraint | Index):
            continue
        after = context.desired.objects.get(part)
        stays = isinstance(after, Constraint | Index) and after.definition == old.definition
        if not stays or part in context.rebuilt:
            yield old


def is_unique(guard: Constraint | Index) -> bool:
    """Whether it keeps two rows from being alike."""
    return guard.unique if isinstance(guard, Index) else guard.form in _KEYS


def names_column(guard: Constraint | Index, column: Identity) -> bool:
    """Whether it stands on a column of its table, be it in an expression or a condition."""
    word = column.parts[2].replace('"', '""')
    text = guard.definition
    if isinstance(guard, Index):
        # Its name and its table's stand ahead.
        text = text.partition(" USING ")[2]
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def _is_converted(after: Column, context: Context) -> bool:
    before = context.live.objects.get(after.identity)
    if not isinstance(before, Column) or after.identity in context.rebuilt:
        return False
    if before.type == after.type:
        return after.identity in context.converted
    return not cast_between(before.type, after.type).free


def _is_filled_later(after: Column, context: Context) -> bool:
    return is_proved_later(context.live.objects.get(after.identity), after, context)
