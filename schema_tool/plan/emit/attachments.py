"""Constraints, indexes, triggers, rules, policies, statistics."""

# ruff: noqa: ARG001 - the registry calls all emitters alike

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Kind
from schema_tool.catalog.model.relation import (
    Constraint,
    ConstraintForm,
    Policy,
    Rule,
    Statistics,
    Trigger,
)
from schema_tool.catalog.quoting import name, qualified
from schema_tool.plan.clones import state_above
from schema_tool.plan.emit import settings
from schema_tool.plan.emit.expression import bare, constraint_text
from schema_tool.plan.emit.indexes import cluster_clause, fresh_name
from schema_tool.plan.emit.phrase import address, phrase, role, table_of
from schema_tool.plan.emit.tables import table_identity
from schema_tool.plan.steps import Danger, Hazard, LockMode, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.emit.context import Context

_EXCLUSIVE = LockMode.ACCESS_EXCLUSIVE
_ROW = LockMode.SHARE_ROW_EXCLUSIVE
_WITH_RELATION_NAMES = frozenset(
    {Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.SEQUENCE, Kind.INDEX, Kind.COMPOSITE}
)
_KEYS = (ConstraintForm.PRIMARY_KEY, ConstraintForm.UNIQUE)
_ENABLED = {"O": "ENABLE", "D": "DISABLE", "R": "ENABLE REPLICA", "A": "ENABLE ALWAYS"}
_NOT_VALID = re.compile(r" NOT VALID$")


# --- constraints -----------------------------------------------------------------------------


def _add(constraint: Constraint, definition: str) -> str:
    named = name(constraint.identity.parts[2])
    return (
        f"ALTER TABLE {table_of(constraint)} ADD CONSTRAINT {named} {constraint_text(definition)}"
    )


def create_constraint(constraint: Entity, context: Context) -> Iterator[Statement]:
    """ADD CONSTRAINT; online, NOT VALID first and validated in a transaction of its own."""
    assert isinstance(constraint, Constraint)
    new = context.is_new(table_identity(constraint))
    definition, table = constraint.definition, context.desired_table(table_identity(constraint))
    lasting = constraint.form in (ConstraintForm.CHECK, ConstraintForm.FOREIGN_KEY)
    enforced = "NOT ENFORCED" not in definition
    partitioned = table is not None and bool(table.partition_key)
    # Validating leaves what stands for the partitions of the other side unvalidated.
    other = context.desired_table(constraint.references) if constraint.references else None
    partitioned |= other is not None and bool(other.partition_key)
    by_steps = lasting and context.online and constraint.valid and enforced and not new
    # One that becomes a part of its parent's has to be valid when it does.
    by_steps = by_steps and not constraint.inherited
    if by_steps and not (partitioned and constraint.form is ConstraintForm.FOREIGN_KEY):
        fails = Danger(hazard=Hazard.REQUIRE_CONSTRAINT, lock=_ROW)
        yield Statement(sql=_add(constraint, f"{definition} NOT VALID"), dangers=(fails,))
        yield _validate(constraint)
    elif is_built_apart(constraint, context):
        yield _key_using_index(constraint, context)
    else:
        dangers = () if new else (Danger(hazard=Hazard.REQUIRE_CONSTRAINT, lock=_EXCLUSIVE),)
        options = _with_options(constraint, definition)
        yield Statement(sql=_add(constraint, options), dangers=dangers)
    yield from constraint_settings(constraint)


def _with_options(constraint: Constraint, definition: str) -> str:
    extra = ""
    if constraint.index_options:
        extra += f" WITH ({settings.storage_options(constraint.index_options)})"
    if constraint.index_tablespace:
        extra += f" USING INDEX TABLESPACE {name(constraint.index_tablespace)}"
    if not extra:
        return definition
    # The options stand before DEFERRABLE and WHERE.
    found = re.search(r" (WHERE \(|DEFERRABLE|INITIALLY)", definition)
    position = found.start() if found else len(definition)
    return definition[:position] + extra + definition[position:]


def _validate(constraint: Constraint) -> Statement:
    named = name(constraint.identity.parts[2])
    lock = LockMode.SHARE_UPDATE_EXCLUSIVE
    return Statement(
        sql=f"ALTER TABLE {table_of(constraint)} VALIDATE CONSTRAINT {named}",
        dangers=(Danger(hazard=Hazard.SCAN_TABLE, lock=lock),),
        apart=True,
        commits=True,
    )


def is_built_apart(constraint: Entity, context: Context) -> bool:
    """Whether a key's index is built first, without blocking writers."""
    if not isinstance(constraint, Constraint) or constraint.form not in _KEYS:
        return False
    identity = table_identity(constraint)
    table = context.desired_table(identity)
    partitioned = table is not None and bool(table.partition_key)
    apart = context.online and not context.is_new(identity) and not partitioned
    return apart and "WITHOUT OVERLAPS" not in constraint.definition and bool(_parsed(constraint))


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


def _key_using_index(constraint: Constraint, context: Context) -> Statement:
    columns = _parsed(constraint)
    assert columns is not None
    form = "PRIMARY KEY" if constraint.form is ConstraintForm.PRIMARY_KEY else "UNIQUE"
    index = name(_index_name(constraint, context))
    return Statement(sql=_add(constraint, f"{form} USING INDEX {index}{columns[4]}"))


def constraint_settings(constraint: Constraint) -> Iterator[Statement]:
    """What ADD CONSTRAINT cannot say."""
    if constraint.clustered:
        named = name(constraint.identity.parts[2])
        yield Statement(sql=f"ALTER TABLE {table_of(constraint)} CLUSTER ON {named}")
    if constraint.comment:
        yield settings.comment(constraint)
    if constraint.index_comment:
        yield _index_comment(constraint)


def _index_comment(constraint: Constraint) -> Statement:
    index = qualified(constraint.identity.parts[0], constraint.identity.parts[2])
    return settings.comment(constraint, constraint.index_comment, target=f"INDEX {index}")


def drop_constraint(constraint: Entity, context: Context) -> Iterator[Statement]:
    """DROP CONSTRAINT."""
    named = name(constraint.identity.parts[2])
    yield Statement(sql=f"ALTER TABLE {table_of(constraint)} DROP CONSTRAINT {named}")


def must_rebuild_constraint(
    before: Constraint, after: Constraint, attributes: tuple[str, ...]
) -> bool:
    """Whether it has to be dropped and added; validating does not need that."""
    if before.form is not after.form or "local" in attributes or "inherited" in attributes:
        return before.form is not after.form or before.definition != after.definition
    if "definition" not in attributes:
        return False
    return not (_NOT_VALID.sub("", before.definition) == after.definition and after.valid)


def alter_constraint(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """Validate, options of the index, comments."""
    assert isinstance(before, Constraint)
    assert isinstance(after, Constraint)
    index = qualified(after.identity.parts[0], after.identity.parts[2])
    if after.valid and not before.valid:
        yield _validate(after)
    for clause in settings.changed_storage_options(before.index_options, after.index_options):
        yield Statement(sql=f"ALTER INDEX {index} {clause}")
    if "index_tablespace" in attributes:
        space = name(after.index_tablespace or "pg_default")
        yield Statement(sql=f"ALTER INDEX {index} SET TABLESPACE {space}")
    if "clustered" in attributes:
        yield cluster_clause(table_of(after), after.identity.parts[2], clustered=after.clustered)
    if "comment" in attributes:
        yield settings.comment(after)
    if "index_comment" in attributes:
        yield _index_comment(after)


# --- triggers and rules ----------------------------------------------------------------------


def _enable(entity: Trigger | Rule, word: str) -> Statement:
    named = name(entity.identity.parts[2])
    sql = f"ALTER TABLE {table_of(entity)} {_ENABLED[entity.enabled]} {word} {named}"
    weak = (Danger(hazard=Hazard.WEAKEN_SECURITY, lock=_ROW),) if entity.enabled == "D" else ()
    return Statement(sql=sql, dangers=weak)


def create_trigger(trigger: Entity, context: Context) -> Iterator[Statement]:
    """CREATE TRIGGER."""
    assert isinstance(trigger, Trigger)
    if not trigger.clone:
        yield Statement(sql=trigger.definition)
    if trigger.enabled != "O" or trigger.clone:
        yield _enable(trigger, "TRIGGER")
    if trigger.comment:
        yield settings.comment(trigger)


def drop_trigger(trigger: Entity, context: Context) -> Iterator[Statement]:
    """DROP TRIGGER; a partition's clone is switched like its parent's again."""
    assert isinstance(trigger, Trigger)
    if trigger.clone:
        state = state_above(trigger, context.desired)
        yield _enable(replace(trigger, enabled=state), "TRIGGER")
        if trigger.comment:
            yield settings.comment(trigger, "")
    else:
        danger = Danger(hazard=Hazard.DROP_OBJECT)
        yield Statement(sql=f"DROP {phrase(trigger)}", dangers=(danger,))


def alter_trigger(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """OR REPLACE, or the enabled state."""
    assert isinstance(before, Trigger)
    assert isinstance(after, Trigger)
    if "definition" in attributes:
        yield Statement(
            sql=after.definition.replace("CREATE TRIGGER", "CREATE OR REPLACE TRIGGER", 1)
        )
    replaced_state = "definition" in attributes and after.enabled != "O"
    if "enabled" in attributes or replaced_state:
        yield _enable(after, "TRIGGER")
    if "comment" in attributes:
        yield settings.comment(after)


def must_rebuild_trigger(before: Trigger, after: Trigger, attributes: tuple[str, ...]) -> bool:
    """Constraint triggers cannot be replaced."""
    replaceable = not (before.constraint or after.constraint or before.clone or after.clone)
    return "definition" in attributes and not replaceable


def create_rule(rule: Entity, context: Context) -> Iterator[Statement]:
    """CREATE RULE."""
    assert isinstance(rule, Rule)
    yield Statement(sql=rule.definition.rstrip(";"))
    if rule.enabled != "O":
        yield _enable(rule, "RULE")
    if rule.comment:
        yield settings.comment(rule)


def alter_rule(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """OR REPLACE, or the enabled state."""
    assert isinstance(after, Rule)
    if "definition" in attributes:
        text = after.definition.rstrip(";")
        yield Statement(sql=text.replace("CREATE RULE", "CREATE OR REPLACE RULE", 1))
    if "enabled" in attributes:
        yield _enable(after, "RULE")
    if "comment" in attributes:
        yield settings.comment(after)


# --- policies --------------------------------------------------------------------------------


def _conditions(policy: Policy) -> Iterator[str]:
    if policy.using:
        yield f"USING ({bare(policy.using)})"
    if policy.check:
        yield f"WITH CHECK ({bare(policy.check)})"


def create_policy(policy: Entity, context: Context) -> Iterator[Statement]:
    """CREATE POLICY."""
    assert isinstance(policy, Policy)
    parts = [f"CREATE POLICY {address(policy)}"]
    if not policy.permissive:
        parts.append("AS RESTRICTIVE")
    if policy.command != "ALL":
        parts.append(f"FOR {policy.command}")
    if policy.roles != ("public",):
        parts.append(f"TO {', '.join(role(entry) for entry in policy.roles)}")
    yield Statement(sql=" ".join([*parts, *_conditions(policy)]))
    if policy.comment:
        yield settings.comment(policy)


def must_rebuild_policy(before: Policy, after: Policy, attributes: tuple[str, ...]) -> bool:
    """ALTER POLICY changes neither the command nor the sense, nor takes a condition away."""
    if {"command", "permissive"} & set(attributes):
        return True
    lost = (before.using and not after.using) or (before.check and not after.check)
    return bool(lost)


def alter_policy(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """ALTER POLICY."""
    assert isinstance(before, Policy)
    assert isinstance(after, Policy)
    parts = []
    if "roles" in attributes:
        parts.append(f"TO {', '.join(role(entry) for entry in after.roles)}")
    if "using" in attributes:
        parts.append(f"USING ({bare(after.using)})")
    if "check" in attributes:
        parts.append(f"WITH CHECK ({bare(after.check)})")
    if parts:
        danger = Danger(hazard=Hazard.WEAKEN_SECURITY, lock=_EXCLUSIVE)
        yield Statement(sql=f"ALTER POLICY {address(after)} {' '.join(parts)}", dangers=(danger,))
    if "comment" in attributes:
        yield settings.comment(after)


def drop_policy(policy: Entity, context: Context) -> Iterator[Statement]:
    """DROP POLICY."""
    danger = Danger(hazard=Hazard.WEAKEN_SECURITY, lock=_EXCLUSIVE)
    yield Statement(sql=f"DROP {phrase(policy)}", dangers=(danger,))


# --- statistics ------------------------------------------------------------------------------


def create_statistics(statistics: Entity, context: Context) -> Iterator[Statement]:
    """CREATE STATISTICS."""
    assert isinstance(statistics, Statistics)
    yield Statement(sql=statistics.definition)
    if statistics.target is not None:
        yield _target(statistics)
    yield from settings.after_creation(statistics, context.live)


def _target(statistics: Statistics) -> Statement:
    value = -1 if statistics.target is None else statistics.target
    return Statement(sql=f"ALTER {phrase(statistics)} SET STATISTICS {value}")


def alter_statistics(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """The target, owner and comment."""
    assert isinstance(after, Statistics)
    if "target" in attributes:
        yield _target(after)
    yield from settings.altered_settings(before, after, attributes)
