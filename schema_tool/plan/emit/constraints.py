"""Constraints."""

# ruff: noqa: ARG001 - the registry calls all emitters alike

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Constraint, ConstraintForm, Table
from schema_tool.catalog.quoting import name, qualified
from schema_tool.hazards import Hazard
from schema_tool.plan.children.inheritance import ancestors, descendants
from schema_tool.plan.emit import settings
from schema_tool.plan.emit.foreign_keys import PARTITIONED_BY_STEPS_SINCE, comes_by_parts
from schema_tool.plan.emit.indexes import changed_cluster
from schema_tool.plan.emit.keys import (
    KEYS,
    add_constraint,
    adopts_all,
    constraint_settings,
    index_comment,
    is_put_together,
    key_over_indexes,
    misfit,
    with_options,
)
from schema_tool.plan.emit.not_null import validate
from schema_tool.plan.emit.phrase import table_identity, table_of
from schema_tool.plan.steps import Danger, LockMode, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.emit.context import Context

_EXCLUSIVE = LockMode.ACCESS_EXCLUSIVE
_ROW = LockMode.SHARE_ROW_EXCLUSIVE
_NOT_VALID = re.compile(r" NOT VALID$")
_DEFERRED = re.compile(r"( DEFERRABLE(?: INITIALLY DEFERRED)?)?( NOT ENFORCED)?( NOT VALID)?$")


def create_constraint(constraint: Entity, context: Context) -> Iterator[Statement]:
    """ADD CONSTRAINT; online, NOT VALID first and validated in a transaction of its own."""
    assert isinstance(constraint, Constraint)
    new = context.is_new(table_identity(constraint))
    definition, table = constraint.definition, context.desired_table(table_identity(constraint))
    lasting = constraint.form in (ConstraintForm.CHECK, ConstraintForm.FOREIGN_KEY)
    enforced = "NOT ENFORCED" not in definition
    partitioned = table is not None and bool(table.partition_key)
    # Before 18 a partitioned table has none that is NOT VALID, and validating one to such a table
    # leaves what stands for its partitions unvalidated.
    other = context.desired_table(constraint.references) if constraint.references else None
    partitioned |= other is not None and bool(other.partition_key)
    by_steps = lasting and context.online and constraint.valid and enforced and not new
    # One that becomes a part of its parent's has to be valid when it does.
    by_steps = by_steps and not (constraint.inherited or _is_merged_below(constraint, context))
    # Of one to a table that gave up rows, the transaction that took them learns if it fails.
    by_steps = by_steps and constraint.references not in context.giving
    lock = _ROW if constraint.form is ConstraintForm.FOREIGN_KEY else _EXCLUSIVE
    partitioned &= context.major < PARTITIONED_BY_STEPS_SINCE
    by_steps = by_steps and not comes_by_parts(constraint, context)
    if by_steps and not (partitioned and constraint.form is ConstraintForm.FOREIGN_KEY):
        fails = Danger(hazard=Hazard.REQUIRE_CONSTRAINT, lock=lock)
        yield Statement(sql=add_constraint(constraint, f"{definition} NOT VALID"), dangers=(fails,))
        yield validate(constraint, constraint.identity.parts[2], fails=misfit(constraint, context))
    elif is_put_together(constraint, context):
        yield from key_over_indexes(constraint, context)
    else:
        needed = Danger(
            hazard=Hazard.REQUIRE_CONSTRAINT, lock=lock, fails=misfit(constraint, context)
        )
        cost = Danger(hazard=Hazard.SCAN_TABLE if lasting else Hazard.BUILD_INDEX, lock=lock)
        # One that is NOT VALID or NOT ENFORCED looks at no row that is there.
        idle = new or (lasting and not (constraint.valid and enforced))
        idle = idle or adopts_all(constraint, context) or comes_by_parts(constraint, context)
        dangers = () if idle else (needed, cost)
        options = with_options(constraint, definition)
        yield Statement(sql=add_constraint(constraint, options), dangers=dangers)
    yield from constraint_settings(constraint)


def _is_merged_below(check: Constraint, context: Context) -> bool:
    """Whether an heir joins another parent that has one of its name: both have to be valid."""
    table, own = table_identity(check), check.identity.parts[2]
    for heir in descendants(table, context.children):
        before, after = context.live.objects[heir], context.desired_table(heir)
        if not isinstance(before, Table) or after is None:
            continue
        kept = [parent for parent in before.parents if parent in after.parents]
        has = any(table in (parent, *ancestors(parent, context.desired)) for parent in kept)
        joined = (parent for parent in after.parents if parent not in kept)
        names = (Identity(Kind.CONSTRAINT, (*parent.parts, own)) for parent in joined)
        if has and any(known in context.desired.objects for known in names):
            return True
    return False


def drop_constraint(constraint: Entity, context: Context) -> Iterator[Statement]:
    """DROP CONSTRAINT."""
    named = name(constraint.identity.parts[2])
    yield Statement(sql=f"ALTER TABLE {table_of(constraint)} DROP CONSTRAINT {named}")


def must_rebuild_constraint(
    before: Constraint, after: Constraint, attributes: tuple[str, ...]
) -> bool:
    """Whether it has to be dropped and added; validating does not need that.

    The options of a partitioned index cannot be altered.
    """
    if "index_options" in attributes and after.handed:
        return True
    if "valid" in attributes and after.form in KEYS:
        # Partitions' keys are missing, or not attached.
        return True
    if before.form is not after.form or "local" in attributes or "inherited" in attributes:
        return before.form is not after.form or before.definition != after.definition
    if "definition" not in attributes:
        return False
    if _is_checked_otherwise(before, after):
        return False
    return not (_NOT_VALID.sub("", before.definition) == after.definition and after.valid)


def _is_checked_otherwise(before: Constraint, after: Constraint) -> bool:
    """Whether foreign keys differ in when they are checked, and at most in being validated.

    One that is enforced from now on is not altered: that reads all rows under an ACCESS EXCLUSIVE
    lock (a second for two million, as VALIDATE takes while others write), and one that is dropped
    has guarded nothing.
    """
    if before.form is not ConstraintForm.FOREIGN_KEY:
        return False
    old, new = (_DEFERRED.search(side.definition) for side in (before, after))
    assert old is not None
    assert new is not None
    same = before.definition[: old.start()] == after.definition[: new.start()]
    if new[2] and not old[2]:
        return same
    proved = after.valid or not before.valid
    return same and proved and old[1] != new[1] and old[2] == new[2]


def _check_otherwise(before: Constraint, after: Constraint) -> Statement:
    old, new = (_DEFERRED.search(side.definition) for side in (before, after))
    assert old is not None
    assert new is not None
    words = (new[1] or " NOT DEFERRABLE") if old[1] != new[1] else ""
    words += (new[2] or "") if old[2] != new[2] else ""
    named = name(after.identity.parts[2])
    return Statement(sql=f"ALTER TABLE {table_of(after)} ALTER CONSTRAINT {named}{words}")


def alter_constraint(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """Name, when it is checked, validation, options of the index, comments."""
    assert isinstance(before, Constraint)
    assert isinstance(after, Constraint)
    if before.identity != after.identity:
        old, new = name(before.identity.parts[2]), name(after.identity.parts[2])
        yield Statement(sql=f"ALTER TABLE {table_of(after)} RENAME CONSTRAINT {old} TO {new}")
    index = qualified(after.identity.parts[0], after.identity.parts[2])
    if _is_checked_otherwise(before, after):
        yield _check_otherwise(before, after)
    if after.valid and not before.valid and after.form not in KEYS:
        yield validate(after, after.identity.parts[2], fails=misfit(after, context))
    for clause in settings.changed_storage_options(before.index_options, after.index_options):
        yield Statement(sql=f"ALTER INDEX {index} {clause}")
    if "index_tablespace" in attributes:
        space = name(after.index_tablespace or "pg_default")
        yield Statement(sql=f"ALTER INDEX {index} SET TABLESPACE {space}")
    if "clustered" in attributes:
        yield from changed_cluster(table_identity(after), after, context)
    if "comment" in attributes:
        yield settings.comment(after)
    if "index_comment" in attributes:
        yield index_comment(after)
