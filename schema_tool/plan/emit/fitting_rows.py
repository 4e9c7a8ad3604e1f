"""That the rows of a table fit a partition's bound, proved beside traffic before it is attached.

A validated CHECK that says what the bound says spares ATTACH its scan under the strongest lock.
Source: ALTER TABLE, "ATTACH PARTITION".
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Table
from schema_tool.catalog.quoting import name
from schema_tool.hazards import Hazard
from schema_tool.plan.children.bounds import covers
from schema_tool.plan.emit.expression import bare
from schema_tool.plan.emit.keys import add_constraint, constraint_settings, misfit
from schema_tool.plan.emit.not_null import validate
from schema_tool.plan.emit.phrase import address, suffixed
from schema_tool.plan.steps import Danger, LockMode, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.plan.emit.context import Context

_FITS = "_rows_fit"


def require_fit(table: Table, context: Context) -> Iterator[Statement]:
    """A CHECK on rows that come from now on, and what the parent will adopt or merge."""
    check = f"CHECK ({bare(context.fitting[table.identity])}) NOT VALID"
    named = name(_check(table, context))
    yield Statement(sql=f"ALTER TABLE {address(table)} ADD CONSTRAINT {named} {check}")
    for key in context.keys_ahead[table.identity]:
        lock = LockMode.SHARE_ROW_EXCLUSIVE if key.references else LockMode.ACCESS_EXCLUSIVE
        needed = Danger(hazard=Hazard.REQUIRE_CONSTRAINT, lock=lock)
        added = add_constraint(key, f"{key.definition} NOT VALID")
        yield Statement(sql=added, dangers=(needed,))
        if not key.references:
            yield from constraint_settings(key)


def prove_fit(table: Table, context: Context) -> Iterator[Statement]:
    """The scan, beside traffic."""
    before = context.live.objects[table.identity]
    assert isinstance(before, Table)
    yield validate(table, _check(table, context), fails=misfits(before, table, context))
    for key in context.keys_ahead[table.identity]:
        yield validate(key, key.identity.parts[2], fails=misfit(key, context))


def misfits(before: Table, after: Table, context: Context) -> str:
    """Which rows keep a table from being attached; what others cover of its old bound may move."""
    tables = map(context.desired_table, context.partitions.get(after.parents[0], ()))
    bounds = [table.partition_bound for table in tables if table]
    if before.place != after.place:
        return f"where a row of {after.identity.name} does not fit the bound"
    if any(covers(bound, before.partition_bound) for bound in bounds):
        return ""
    return f"where a row of {after.identity.name} fits no partition"


def forget_fit(table: Table, context: Context) -> Statement:
    """The check is needed no more."""
    check = name(_check(table, context))
    return Statement(sql=f"ALTER TABLE {address(table)} DROP CONSTRAINT {check}")


def _check(table: Table, context: Context) -> str:
    """What the check is called: as nothing that the table has or shall have."""
    *_, own = place = table.identity.parts
    names = (suffixed(own, f"{_FITS}{number or ''}") for number in count())
    return next(
        found
        for found in names
        if not any(
            Identity(Kind.CONSTRAINT, (*place, found)) in side.objects
            for side in (context.live, context.desired)
        )
    )
