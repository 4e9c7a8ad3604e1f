"""Primary keys and unique constraints over indexes that are built beside traffic."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Column, Constraint, ConstraintForm
from schema_tool.catalog.quoting import name
from schema_tool.plan.emit import settings
from schema_tool.plan.emit.conversion import cast_between
from schema_tool.plan.emit.expression import constraint_text
from schema_tool.plan.emit.indexes import fresh_name
from schema_tool.plan.emit.not_null import is_proved_later
from schema_tool.plan.emit.phrase import table_of
from schema_tool.plan.emit.tables import table_identity
from schema_tool.plan.steps import Danger, Hazard, LockMode, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.emit.context import Context

_KEYS = (ConstraintForm.PRIMARY_KEY, ConstraintForm.UNIQUE)
_WITH_RELATION_NAMES = frozenset(
    {Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.SEQUENCE, Kind.INDEX, Kind.COMPOSITE}
)


def add_constraint(constraint: Constraint, definition: str) -> str:
    """ALTER TABLE … ADD CONSTRAINT."""
    named = name(constraint.identity.parts[2])
    return (
        f"ALTER TABLE {table_of(constraint)} ADD CONSTRAINT {named} {constraint_text(definition)}"
    )


def is_built_apart(constraint: Entity, context: Context) -> bool:
    """Whether a key's index is built first, without blocking writers."""
    if not isinstance(constraint, Constraint) or constraint.form not in _KEYS:
        return False
    identity = table_identity(constraint)
    table = context.desired_table(identity)
    partitioned = table is not None and bool(table.partition_key)
    apart = context.online and not context.is_new(identity) and not partitioned
    apart = apart and "WITHOUT OVERLAPS" not in constraint.definition and bool(_parsed(constraint))
    return apart and not _comes_with_rewrite(constraint, context)


def _comes_with_rewrite(constraint: Constraint, context: Context) -> bool:
    """Whether it replaces a key that goes because the rows that both guard are converted.

    The table is locked and all its indexes are built anew then: the key is with them, and the
    rows are never without one.
    """
    table = constraint.identity.parts[:2]
    columns = [Identity(Kind.COLUMN, (*table, column)) for column in constraint.columns]
    converted = {column.parts[2] for column in columns if _is_converted(column, context)}
    if not converted or any(_is_filled_later(column, context) for column in columns):
        return False
    for old in context.live.each(Constraint):
        if old.identity.parts[:2] != table:
            continue
        after = context.desired.objects.get(old.identity)
        stays = isinstance(after, Constraint) and after.definition == old.definition
        if old.form in _KEYS and not stays and not converted.isdisjoint(old.columns):
            return True
    return False


def _is_converted(identity: Identity, context: Context) -> bool:
    before, after = context.live.objects.get(identity), context.desired.objects.get(identity)
    if not isinstance(before, Column) or not isinstance(after, Column):
        return False
    if identity in context.rebuilt or before.type == after.type:
        return False
    return not cast_between(before.type, after.type).free


def _is_filled_later(identity: Identity, context: Context) -> bool:
    before, after = context.live.objects.get(identity), context.desired.objects.get(identity)
    return is_proved_later(before, after, context)


def _parsed(constraint: Constraint) -> re.Match[str] | None:
    return re.match(
        r"(?:PRIMARY KEY|UNIQUE)( NULLS NOT DISTINCT)? (\(.*?\))( INCLUDE \(.*?\))?(.*)$",
        constraint.definition,
    )


def _index_name(constraint: Constraint, context: Context) -> str:
    """The key's own name, where none that is there has it; joining renames the index."""
    schema, _, own = constraint.identity.parts
    taken = any(
        (other.kind is Kind.CONSTRAINT and other.parts[::2] == (schema, own))
        or (other.kind in _WITH_RELATION_NAMES and other.parts == (schema, own))
        for other in context.live.objects
    )
    return fresh_name(own) if taken else own


def build_key(constraint: Entity, context: Context) -> Iterator[Statement]:
    """CREATE UNIQUE INDEX CONCURRENTLY for a key that is added over it."""
    assert isinstance(constraint, Constraint)
    columns = _parsed(constraint)
    assert columns is not None
    fails = Danger(hazard=Hazard.REQUIRE_CONSTRAINT, lock=LockMode.SHARE_UPDATE_EXCLUSIVE)
    options = ""
    if constraint.index_options:
        options = f" WITH ({settings.storage_options(constraint.index_options)})"
    if constraint.index_tablespace:
        options += f" TABLESPACE {name(constraint.index_tablespace)}"
    index = name(_index_name(constraint, context))
    yield Statement(
        sql=f"CREATE UNIQUE INDEX CONCURRENTLY {index} ON {table_of(constraint)} {columns[2]}"
        f"{columns[3] or ''}{columns[1] or ''}{options}",
        dangers=(fails,),
        alone=True,
    )


def key_using_index(constraint: Constraint, context: Context) -> Statement:
    """ADD CONSTRAINT over the index that is there."""
    columns = _parsed(constraint)
    assert columns is not None
    form = "PRIMARY KEY" if constraint.form is ConstraintForm.PRIMARY_KEY else "UNIQUE"
    index = name(_index_name(constraint, context))
    return Statement(sql=add_constraint(constraint, f"{form} USING INDEX {index}{columns[4]}"))
