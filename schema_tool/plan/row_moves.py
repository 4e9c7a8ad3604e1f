"""Rows move between a default partition and others, past triggers and rules, or not at all."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.cluster import Publication
from schema_tool.catalog.model.relation import (
    Constraint,
    ConstraintForm,
    Rule,
    Table,
    TableForm,
    Trigger,
)
from schema_tool.catalog.quoting import do_block, name, qualified
from schema_tool.hazards import Hazard
from schema_tool.plan.children.bounds import covers
from schema_tool.plan.children.inheritance import ancestors, descendants
from schema_tool.plan.decide import clones
from schema_tool.plan.decide.default_partitions import is_narrowed
from schema_tool.plan.decide.sibling_partitions import rows_of
from schema_tool.plan.emit.expression import bare
from schema_tool.plan.emit.tables import set_replica_identity
from schema_tool.plan.steps import Danger, LockMode, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog import Catalog
    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.emit.context import Context

_EVENTS = re.compile(r"CREATE (?:CONSTRAINT )?TRIGGER .*? (?:BEFORE|AFTER) (.*?) ON ", re.DOTALL)
# Disabled triggers, and those for replicas, do not fire.
_FIRING = {"O": "ENABLE", "A": "ENABLE ALWAYS"}


class _Switch(NamedTuple):
    """A trigger or a rule that would see rows move; `back` switches it on again."""

    table: str
    what: str
    back: str


class _End(NamedTuple):
    """Where rows go from or to; `above` are the parents that it is attached to meanwhile."""

    table: Identity
    event: str
    side: Catalog
    above: frozenset[tuple[str, ...]] = frozenset()

    def tables(self, context: Context) -> list[tuple[str, ...]]:
        """The table and all below it."""
        parts = context.children if self.side is context.live else context.partitions
        below = descendants(self.table, parts)
        return [self.table.parts, *(table.parts for table in below)]


def take_rows(default: Identity, decisions: Decisions, context: Context) -> Iterator[Statement]:
    """Each new partition takes the rows that are its."""
    for taker in decisions.takers.get(default, ()):
        above = frozenset(i.parts for i in ancestors(taker, context.desired))
        source = _End(default, "DELETE", context.desired)
        yield from _take(source, _End(taker, "INSERT", context.desired, above), decisions, context)


def share_rows(giver: Identity, decisions: Decisions, context: Context) -> Iterator[Statement]:
    """What is away gives to its siblings; those of them that change as well are away, too."""
    side = context.live if giver in decisions.drop else context.desired
    for taker in decisions.shares[giver]:
        parents = () if is_narrowed(taker, decisions) else ancestors(taker, context.desired)
        above = frozenset(i.parts for i in parents)
        target = _End(taker, "INSERT", context.desired, above)
        yield from _take(_End(giver, "DELETE", side), target, decisions, context)


def _take(
    source: _End, target: _End, decisions: Decisions, context: Context
) -> Iterator[Statement]:
    rows = rows_of(target.table, decisions, source.table)
    where = "" if rows == "true" else f"\n        WHERE {bare(rows)}"
    yield from _move(source, target, where, context)


def leave_rows(taker: Identity, decisions: Decisions, context: Context) -> Iterator[Statement]:
    """A partition whose bound changes leaves to the default one what does not fit it."""
    for default, takers in decisions.takers.items():
        if taker in takers and is_narrowed(taker, decisions):
            table = context.desired.objects[taker]
            assert isinstance(table, Table)
            if _keeps_all(table, context):
                continue
            source = _End(taker, "DELETE", context.desired)
            target = _End(default, "INSERT", context.desired)
            yield from _move(source, target, f"\n        WHERE NOT {table.partition_rows}", context)


def _keeps_all(table: Table, context: Context) -> bool:
    """Whether the rows that fitted a partition's bound surely fit its new one."""
    before = context.live.objects[table.identity]
    parent = context.desired.objects[table.parents[0]]
    assert isinstance(before, Table)
    assert isinstance(parent, Table)
    columns = context.columns_of.get(parent.identity.parts, ())
    converted = [c.identity.parts[2] for c in columns if c.identity in context.converted]
    if any(column in parent.partition_key for column in converted):
        return False
    return covers(table.partition_bound, before.partition_bound)


def give_rows(giver: Identity, decisions: Decisions, context: Context) -> Iterator[Statement]:
    """A partition that goes leaves its rows to the default one."""
    default = decisions.givers[giver]
    yield from take_off(giver, context)
    above = frozenset(i.parts for i in ancestors(default, context.desired))
    source = _End(giver, "DELETE", context.live)
    yield from _move(source, _End(default, "INSERT", context.desired, above), "", context)


def take_off(giver: Identity, context: Context) -> Iterator[Statement]:
    """A partition that goes is away before its rows move."""
    table = context.live.objects[giver]
    assert isinstance(table, Table)
    parent = qualified(*table.parents[0].parts)
    yield Statement(sql=f"ALTER TABLE {parent} DETACH PARTITION {qualified(*giver.parts)}")
    if table.force_row_security:
        # Its owner would not be shown what then goes with it.
        target = f"ALTER TABLE {qualified(*giver.parts)}"
        yield Statement(sql=f"{target} NO FORCE ROW LEVEL SECURITY")


def _move(source: _End, target: _End, where: str, context: Context) -> Iterator[Statement]:
    quiet = [*_watching(source, context), *_watching(target, context)]
    if _is_deferred(source, context) or _is_deferred(target, context):
        # What waits for the end of the transaction would keep the tables from being altered.
        yield Statement(sql="SET CONSTRAINTS ALL IMMEDIATE")
    for switch in quiet:
        yield Statement(sql=f"ALTER TABLE {switch.table} DISABLE {switch.what}")
    unidentified = list(_unidentified(source, context))
    for table in unidentified:
        yield set_replica_identity(replace(table, replica_identity="FULL"), meanwhile=False)
    yield _moving(source.table, target.table, where, context)
    for table in unidentified:
        yield set_replica_identity(table, meanwhile=False)
    for switch in quiet:
        if switch.back:
            yield Statement(sql=f"ALTER TABLE {switch.table} {switch.back} {switch.what}")


def _moving(source: Identity, target: Identity, where: str, context: Context) -> Statement:
    """All of the rows come where they shall, or none goes."""
    kept = {column.identity.parts[2] for column in context.live_columns(source)}
    columns = [
        column
        for column in context.columns_of.get(target.parts, [])
        if column.identity.parts[2] in kept and not column.generated
    ]
    names = ", ".join(name(column.identity.parts[2]) for column in columns)
    always = any(column.identity_generation == "a" for column in columns)
    overriding = " OVERRIDING SYSTEM VALUE" if always else ""
    old, new = qualified(*source.parts), qualified(*target.parts)
    body = f"""
DECLARE
    gone bigint;
    come bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM {old}{where}) THEN
        RETURN;
    END IF;
    WITH moved AS (
        DELETE FROM {old}{where}
        RETURNING {names}
    ), taken AS (
        INSERT INTO {new} ({names}){overriding}
        SELECT {names} FROM moved
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM moved), (SELECT count(*) FROM taken) INTO gone, come;
    IF gone <> come THEN
        RAISE EXCEPTION '% rows were to move, % did', gone, come;
    END IF;
END """  # noqa: S608 - quoted names
    return Statement(
        sql=do_block(body),
        dangers=(Danger(hazard=Hazard.COPY_TABLE, lock=LockMode.ACCESS_EXCLUSIVE),),
    )


def _unidentified(source: _End, context: Context) -> Iterator[Table]:
    """Tables of which no publication could say what is deleted, so that nothing may be.

    Source: CheckCmdReplicaIdentity().
    """
    if not any(side.each(Publication) for side in (context.live, context.desired)):
        return
    keys = context.live.each(Constraint)
    keyed = {k.identity.parts[:2] for k in keys if k.form is ConstraintForm.PRIMARY_KEY}
    for parts in source.tables(context):
        table = context.live.objects.get(Identity(Kind.TABLE, parts))
        if not isinstance(table, Table) or table.form is not TableForm.TABLE:
            continue
        if table.replica_identity == "NOTHING" or not (table.replica_identity or parts in keyed):
            yield table


def _is_deferred(end: _End, context: Context) -> bool:
    """Whether a constraint there is proved at the end of the transaction."""
    tables = [Identity(Kind.TABLE, parts) for parts in (*end.tables(context), *end.above)]
    for side, parts in ((context.live, context.live_parts), (context.desired, context.parts)):
        keys = (side.objects[part] for table in tables for part in parts.get(table, ()))
        if any(isinstance(k, Constraint) and "INITIALLY DEFERRED" in k.definition for k in keys):
            return True
    return False


def _watching(end: _End, context: Context) -> Iterator[_Switch]:
    """What would see the rows: triggers and rules that are there then, from the top down."""
    tables = end.tables(context)
    for rule in context.live.each(Rule):
        own = rule.identity.parts[:2] == end.table.parts
        if own and f" ON {end.event} TO " in rule.definition:
            yield from _switch(end.table.parts, rule, end, context)
    # That of a partitioned table is switched with those of its partitions: those come after it.
    found: dict[tuple[str, ...], list[Trigger]] = {place: [] for place in tables}
    for trigger in context.live.each(Trigger):
        place = trigger.identity.parts[:2]
        if place in end.above and "FOR EACH ROW" in trigger.definition:
            place = end.table.parts
        if place in found and _fires(trigger, end, context):
            found[place].append(trigger)
    for place in tables:
        for trigger in found[place]:
            yield from _switch(place, trigger, end, context)


def _fires(trigger: Trigger, end: _End, context: Context) -> bool:
    """Whether it sees the event; a parent's has no clones where its table is away."""
    if trigger.enabled not in _FIRING:
        return False
    root = trigger
    if trigger.clone:
        live = context.live
        above = (live.objects.get(i) for i in clones.ancestors(trigger.identity, live))
        roots = [t for t in above if isinstance(t, Trigger) and not t.clone]
        if not roots or roots[0].identity.parts[:2] not in end.tables(context):
            return False
        root = roots[0]
    events = _EVENTS.match(root.definition)
    return events is not None and end.event in events[1]


def _switch(
    place: tuple[str, ...], entity: Trigger | Rule, end: _End, context: Context
) -> Iterator[_Switch]:
    identity = entity.identity
    if entity.enabled not in _FIRING:
        return
    goes = end.side is context.live
    stays = identity in context.desired.objects and identity not in context.rebuilt
    clone = isinstance(entity, Trigger) and entity.clone
    if goes or stays or clone:
        word = "RULE" if identity.kind is Kind.RULE else "TRIGGER"
        # A clone is switched again when all others are; what goes need not be.
        back = "" if goes or clone else _FIRING[entity.enabled]
        yield _Switch(qualified(*place), f"{word} {name(identity.parts[2])}", back)
