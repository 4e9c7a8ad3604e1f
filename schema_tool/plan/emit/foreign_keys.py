"""Foreign keys of partitioned tables that their partitions get first, one after the other.

A partitioned table adopts what its partitions have and what is proved, whatever it is called, and
scans nothing.
Source: tryAttachPartitionForeignKey(), tablecmds.c.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog.model.relation import Constraint, ConstraintForm
from schema_tool.hazards import Hazard
from schema_tool.plan.emit.keys import add_constraint, key_parts, misfit
from schema_tool.plan.emit.not_null import validate
from schema_tool.plan.emit.phrase import table_identity
from schema_tool.plan.steps import Danger, LockMode, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.emit.context import Context

# Since then a partitioned table has foreign keys that are NOT VALID, and VALIDATE proves them.
PARTITIONED_BY_STEPS_SINCE = 18


def comes_by_parts(key: Entity, context: Context) -> bool:
    """Whether partitions get the key before their parent, beside traffic or by another name."""
    parts = _parts(key, context)
    named = any(part.identity.parts[2] != key.identity.parts[2] for part in parts)
    apart = context.online and context.major < PARTITIONED_BY_STEPS_SINCE
    return bool(parts) and (named or apart)


def _parts(key: Entity, context: Context) -> list[Constraint]:
    """The keys of the partitions that hold the rows, where none of them is there yet."""
    if not isinstance(key, Constraint) or key.form is not ConstraintForm.FOREIGN_KEY:
        return []
    other = context.desired_table(key.references) if key.references else None
    # Validating one to a partitioned table leaves what stands for its partitions unvalidated.
    if other is None or other.partition_key or key.references in context.giving:
        return []
    enforced = "NOT ENFORCED" not in key.definition
    if not (key.valid and enforced) or key.inherited or context.is_new(table_identity(key)):
        return []
    parts = key_parts(key, context)
    if any(part.identity in context.live.objects for part in (key, *parts)):
        return []
    leaves = (part for part in parts if table_identity(part) not in context.partitions)
    return [part for part in leaves if not context.is_new(table_identity(part))]


def give_to_parts(key: Entity, context: Context) -> Iterator[Statement]:
    """Online NOT VALID to all of them, and then each is validated in its own transaction."""
    parts, lock = _parts(key, context), LockMode.SHARE_ROW_EXCLUSIVE
    for part in parts:
        fails = "" if context.online else misfit(part, context)
        required = Danger(hazard=Hazard.REQUIRE_CONSTRAINT, lock=lock, fails=fails)
        scan = Danger(hazard=Hazard.SCAN_TABLE, lock=lock)
        unproved, costs = (" NOT VALID", ()) if context.online else ("", (scan,))
        added = add_constraint(part, f"{part.definition}{unproved}")
        yield Statement(sql=added, dangers=(required, *costs))
    for part in parts if context.online else ():
        yield validate(part, part.identity.parts[2], fails=misfit(part, context))
