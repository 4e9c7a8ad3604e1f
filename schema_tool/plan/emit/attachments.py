"""Triggers, rules, policies, statistics."""

# ruff: noqa: ARG001 - the registry calls all emitters alike

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog.model.relation import (
    Policy,
    Rule,
    Statistics,
    Trigger,
)
from schema_tool.catalog.quoting import name
from schema_tool.compare.changes import LETTERS
from schema_tool.hazards import Hazard
from schema_tool.plan.decide.clones import state_above
from schema_tool.plan.emit import settings
from schema_tool.plan.emit.expression import bare, trigger_text
from schema_tool.plan.emit.phrase import address, in_clauses, phrase, role, table_of
from schema_tool.plan.steps import Danger, LockMode, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.emit.context import Context

_EXCLUSIVE = LockMode.ACCESS_EXCLUSIVE
_ROW = LockMode.SHARE_ROW_EXCLUSIVE
_ENABLED = LETTERS["enabled"]


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
        yield Statement(sql=trigger_text(trigger.definition))
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
            sql=trigger_text(after.definition).replace(
                "CREATE TRIGGER", "CREATE OR REPLACE TRIGGER", 1
            )
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
    yield Statement(sql=in_clauses(" ".join(parts), [*_conditions(policy)]))
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
        sql = in_clauses(f"ALTER POLICY {address(after)}", parts)
        yield Statement(sql=sql, dangers=(danger,))
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
