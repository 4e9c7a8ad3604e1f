"""Defaults that are off for a while, until what they call is there again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog.model.definition import Domain
from schema_tool.catalog.model.relation import Column
from schema_tool.catalog.quoting import name, qualified
from schema_tool.plan.decide.heirs_defaults import has_parents_default
from schema_tool.plan.emit import types
from schema_tool.plan.steps import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog import Identity
    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.emit.context import Context


def switch_default(
    identity: Identity, decisions: Decisions, context: Context, *, on: bool
) -> Iterator[Statement]:
    """Take the default of a column, or that and the checks of a domain, off, or set it again."""
    side = decisions.desired if on else decisions.live
    found = side.objects.get(identity)
    if isinstance(found, Domain):
        bare = types.without_checks(found)
        sides = (bare, found) if on else (found, bare)
        yield from types.alter_domain(*sides, (), context)
    elif isinstance(found, Column):
        clause = _set(found, decisions) if on else _drop(found)
        if clause:
            table, column = qualified(*identity.parts[:2]), name(identity.parts[2])
            yield Statement(sql=f"ALTER TABLE {table} ALTER COLUMN {column} {clause}")


def _drop(column: Column) -> str:
    if column.generated:
        # A partition's goes with its parent's.
        return "" if column.inherited else "DROP EXPRESSION"
    return "DROP DEFAULT" if column.default else ""


def _set(column: Column, decisions: Decisions) -> str:
    if column.default:
        return f"SET DEFAULT {column.default}"
    return "DROP DEFAULT" if has_parents_default(column, decisions) else ""
