"""Parents: how a table is taken from them, and how it becomes an heir or a partition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Kind
from schema_tool.catalog.model.relation import Constraint, ConstraintForm, Table
from schema_tool.catalog.quoting import name, qualified
from schema_tool.hazards import Hazard
from schema_tool.plan.emit.fitting_rows import forget_fit, misfits
from schema_tool.plan.emit.inherited_not_nulls import declared_not_nulls
from schema_tool.plan.emit.new_columns import passes_identity
from schema_tool.plan.emit.phrase import address
from schema_tool.plan.steps import Danger, LockMode, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from schema_tool.catalog import Identity
    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.emit.context import Context

_EXCLUSIVE = LockMode.ACCESS_EXCLUSIVE


def leaves(before: Table, after: Table, anew: AbstractSet[Identity]) -> bool:
    """Whether a table is taken from a parent, or from its type, before it is altered."""
    return next(leave_parents(before, after, anew), None) is not None


def leave_parents(before: Table, after: Table, anew: AbstractSet[Identity]) -> Iterator[Statement]:
    """DETACH PARTITION, NO INHERIT and NOT OF: what the table is not part of any more.

    An heir leaves a parent that is made anew, and comes back.
    """
    child = address(after)
    away = any(qualified(*i.parts) == before.of_type for i in anew if i.kind is Kind.COMPOSITE)
    if before.of_type and (away or not after.of_type):
        yield Statement(sql=f"ALTER TABLE {child} NOT OF")
    same_place = before.parents == after.parents and before.partition_bound == after.partition_bound
    if before.partition_bound and (not same_place or before.parents[0] in anew):
        yield Statement(
            sql=f"ALTER TABLE {qualified(*before.parents[0].parts)} DETACH PARTITION {child}"
        )
    elif not before.partition_bound:
        for parent in before.parents:
            if after.partition_bound or parent not in after.parents or parent in anew:
                yield Statement(sql=f"ALTER TABLE {child} NO INHERIT {qualified(*parent.parts)}")


def drop_exclusions(
    table: Table, gone: AbstractSet[Identity], context: Context
) -> Iterator[Statement]:
    """What no parent adopts as a partition joins it: it would have a second one.

    Source: CompareIndexInfo(), index.c. What is part of one that is `gone` went with it.
    """
    for key in context.live.each(Constraint):
        here = key.identity.parts[:2] == table.identity.parts
        if not here or not key.parent or key.form is not ConstraintForm.EXCLUSION:
            continue
        wanted = context.desired.objects.get(key.identity)
        comes = isinstance(wanted, Constraint) and wanted.parent
        if comes and gone.isdisjoint((key.identity, *_wholes(key, context))):
            sql = f"ALTER TABLE {address(table)} DROP CONSTRAINT {name(key.identity.parts[2])}"
            yield Statement(sql=sql)


def _wholes(part: Constraint, context: Context) -> Iterator[Identity]:
    """The keys of which a partition's is part."""
    above: Entity | None = part
    while isinstance(above, Constraint) and above.parent:
        yield above.parent
        above = context.live.objects.get(above.parent)


def _away(table: Table, context: Context) -> AbstractSet[Identity]:
    """The parents that a table leaves, to come back."""
    return context.rebuilt | context.apart.get(table.identity, frozenset())


def join_parents(
    before: Table, after: Table, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """ATTACH PARTITION and INHERIT: the parents that are new."""
    if not {"parents", "partition_bound"} & set(attributes):
        return
    child = address(after)
    if after.partition_bound:
        fails = misfits(before, after, context)
        scan = Danger(hazard=Hazard.SCAN_TABLE, lock=_EXCLUSIVE, fails=fails)
        proved = after.identity in context.fitting
        yield Statement(
            sql=f"ALTER TABLE {qualified(*after.parents[0].parts)} ATTACH PARTITION {child}"
            f" {after.partition_bound}",
            dangers=() if proved else (scan,),
        )
        if proved:
            yield forget_fit(after, context)
        yield from declared_not_nulls(after, context)
    else:
        anew = _away(after, context)
        for parent in after.parents:
            if before.partition_bound or parent not in before.parents or parent in anew:
                yield Statement(sql=f"ALTER TABLE {child} INHERIT {qualified(*parent.parts)}")


def joined_again(
    after: Table, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """An attached partition's own partitions get its identity as they are attached themselves."""
    joins = after.partition_bound and {"parents", "partition_bound"} & set(attributes)
    if not joins or not passes_identity(after.identity, context):
        return
    whole = address(after)
    scan = Danger(hazard=Hazard.SCAN_TABLE, lock=_EXCLUSIVE)
    for identity in context.partitions.get(after.identity, ()):
        before, part = context.live.objects.get(identity), context.desired.objects[identity]
        assert isinstance(part, Table)
        if not isinstance(before, Table) or context.is_new(identity):
            continue
        if before.parents != part.parents or leaves(before, part, _away(part, context)):
            continue  # It joins later.
        yield Statement(sql=f"ALTER TABLE {whole} DETACH PARTITION {address(part)}")
        gone = context.rebuilt | (context.live.objects.keys() - context.desired.objects.keys())
        yield from drop_exclusions(part, gone, context)
        bound = part.partition_bound
        yield Statement(
            sql=f"ALTER TABLE {whole} ATTACH PARTITION {address(part)} {bound}", dangers=(scan,)
        )
        yield from joined_again(part, attributes, context)
