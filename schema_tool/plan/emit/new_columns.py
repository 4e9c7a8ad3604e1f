"""ADD COLUMN, with what has to be said apart."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Column, Table
from schema_tool.catalog.quoting import name
from schema_tool.hazards import Hazard
from schema_tool.plan.emit.columns import (
    alter_clause,
    column_clause,
    column_settings,
    identity_clause,
    is_foreign,
)
from schema_tool.plan.emit.keys import constraint_settings
from schema_tool.plan.emit.phrase import table_of
from schema_tool.plan.steps import Danger, LockMode, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.emit.context import Context

# Source: release notes; heirs that are no partitions have none to this day.
SHARED_IDENTITY_SINCE = 17
# Each row gets a value of its own. Source: pg_proc.provolatile of what defaults call.
_VOLATILE = re.compile(
    r"\b(?:gen_random_uuid|uuid_generate_v\w+|uuidv\d|random|random_normal|clock_timestamp"
    r"|timeofday|nextval)\("
)
_EXCLUSIVE = LockMode.ACCESS_EXCLUSIVE


def create_column(column: Entity, context: Context) -> Iterator[Statement]:
    """ADD COLUMN, and what it cannot say."""
    assert isinstance(column, Column)
    table = Identity(Kind.TABLE, column.identity.parts[:2])
    dangers: list[Danger] = []
    by_default = column.default and column.identity not in context.late_defaults
    filled = by_default or column.identity_generation or column.generated
    if column.not_null and not filled and not context.is_new(table):
        fails = f"when {table.name} has rows"
        dangers.append(Danger(hazard=Hazard.REQUIRE_VALUE, lock=_EXCLUSIVE, fails=fails))
    if fills_each_row(column):
        dangers.append(Danger(hazard=Hazard.REWRITE_TABLE, lock=_EXCLUSIVE, rewrites=True))
    clause = column_clause(column, context)
    for key in context.references.get(column.identity, ()):
        said = key.definition.removeprefix(f"FOREIGN KEY ({name(column.identity.parts[2])}) ")
        clause += f" CONSTRAINT {name(key.identity.parts[2])} {said}"
        lock = LockMode.SHARE_ROW_EXCLUSIVE
        dangers.append(Danger(hazard=Hazard.REQUIRE_CONSTRAINT, lock=lock))
    word = "FOREIGN TABLE" if is_foreign(table, context) else "TABLE"
    if column.identity_generation and _has_heirs(table, context):
        yield from _add_identity_above(column, context)
    else:
        yield Statement(
            sql=f"ALTER {word} {table_of(column)} ADD COLUMN {clause}",
            dangers=tuple(dangers),
        )
    yield from column_settings(column, context)
    for key in context.references.get(column.identity, ()):
        yield from constraint_settings(key)


def fills_each_row(column: Column) -> bool:
    """Whether a new column has the table rewritten: each row gets a value of its own."""
    if column.identity_generation or column.generated == "s":
        return True
    return not column.generated and bool(_VOLATILE.search(column.default))


def _has_heirs(table: Identity, context: Context) -> bool:
    """Whether tables that get a new column from this one get no identity with it.

    Source: ATPrepAddColumn; partitions share an identity since 17.
    """
    found = context.desired_table(table)
    if found is None or (found.partition_key and context.major >= SHARED_IDENTITY_SINCE):
        return False
    return any(table in heir.parents for heir in context.live.each(Table))


def _add_identity_above(column: Column, context: Context) -> Iterator[Statement]:
    """A column of its heirs, too, that then gets an identity where it stands alone."""
    clause = column_clause(replace(column, identity_generation=""), context)
    fails = f"when {'.'.join(column.identity.parts[:2])} has rows"
    danger = Danger(hazard=Hazard.REQUIRE_VALUE, lock=_EXCLUSIVE, fails=fails)
    yield Statement(sql=f"ALTER TABLE {table_of(column)} ADD COLUMN {clause}", dangers=(danger,))
    yield alter_clause(column, f"ADD {identity_clause(column, context)}")


def passes_identity(table: Identity, context: Context) -> bool:
    """Whether a partition gets an identity that its own partitions do not get with it."""
    if context.major < SHARED_IDENTITY_SINCE:
        return False
    return any(c.identity_generation for c in context.columns_of.get(table.parts, ()))
