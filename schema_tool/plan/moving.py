"""What cannot be altered is renamed away, made anew, filled from the old one, which then goes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog.model.definition import Enum, Range, Routine
from schema_tool.catalog.model.relation import (
    Column,
    Constraint,
    ConstraintForm,
    Index,
    Sequence,
    Table,
)
from schema_tool.catalog.quoting import literal, name, qualified
from schema_tool.hazards import Hazard
from schema_tool.plan.children.bounds import take_all
from schema_tool.plan.emit import sequences, types
from schema_tool.plan.emit.conversion import TypeCast, cast_of, depends, unheld
from schema_tool.plan.emit.old_sequences import free_sequence, rename_sequence_away, where_it_stood
from schema_tool.plan.emit.phrase import address, in_lines, keyword, phrase
from schema_tool.plan.old_types import old_name, with_old_type, with_rows_type
from schema_tool.plan.steps import Danger, LockMode, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog import Identity
    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.emit.context import Context

_WITH_INDEX = frozenset(
    {ConstraintForm.PRIMARY_KEY, ConstraintForm.UNIQUE, ConstraintForm.EXCLUSION}
)


def rename_away(identity: Identity, decisions: Decisions, context: Context) -> Iterator[Statement]:
    """Free the name for the new one; a partition leaves a parent that stays."""
    entity = decisions.live.objects[identity]
    partition = isinstance(entity, Table) and bool(entity.partition_bound)
    for part in decisions.parts.get(identity, ()):
        sequence = decisions.live.objects[part]
        if isinstance(sequence, Sequence) and not (partition and sequence.internal):
            yield from _sequence_away(sequence, decisions, context)
    for routine in sorted(r for r, kind in decisions.absorbed.items() if kind == identity):
        away = name(old_name(routine.parts[1]))
        yield Statement(sql=f"ALTER {phrase(decisions.live.objects[routine])} RENAME TO {away}")
    if isinstance(entity, Table) and not partition:
        yield from _without_parents(entity, decisions)
    old = old_name(identity.parts[1])
    if isinstance(entity, Table) and partition and entity.parents[0] not in decisions.moved:
        parent = qualified(*entity.parents[0].parts)
        yield Statement(sql=f"ALTER TABLE {parent} DETACH PARTITION {address(entity)}")
        yield from _free_names(identity, decisions)
    yield Statement(sql=f"ALTER {keyword(entity)} {address(entity)} RENAME TO {name(old)}")
    if isinstance(entity, Range):
        yield from types.rename_range_functions(entity, old_name)


def _sequence_away(
    sequence: Sequence, decisions: Decisions, context: Context
) -> Iterator[Statement]:
    """Its name is free for the new table's, or it stays, without the old table, as its own."""
    after = decisions.desired.objects.get(sequence.identity)
    wanted = after if isinstance(after, Sequence) else None
    schema, own = sequence.identity.parts
    taken = wanted is None and own in context.desired_names.get(schema, ())
    if (wanted and wanted.internal) or (taken and not sequence.internal):
        yield rename_sequence_away(sequence)
    elif sequence.internal and sequence.owned_by:
        if wanted:
            yield from free_sequence(sequence, wanted, context)
        *table, column = sequence.owned_by.parts
        target = f"ALTER TABLE {qualified(*table)} ALTER COLUMN {name(column)}"
        yield Statement(sql=f"{target} DROP IDENTITY")
    elif wanted:
        yield Statement(sql=f"ALTER SEQUENCE {address(sequence)} OWNED BY NONE")


def _sequences_go_on(
    identity: Identity, decisions: Decisions, context: Context
) -> Iterator[Statement]:
    """The identities of the new table go on where the old sequences stand, or beyond the rows."""
    old = decisions.parts.get(identity, ())
    partition = bool(getattr(decisions.live.objects[identity], "partition_bound", ""))
    for column in context.columns_of.get(identity.parts, []):
        after = context.identity_sequences.get(column.identity)
        before = decisions.live.objects.get(after.identity) if after else None
        if after and isinstance(before, Sequence) and before.identity in old and not partition:
            yield from where_it_stood(before, after)
        elif column.identity_generation and column.identity in decisions.live.objects:
            yield _beyond(column, qualified(*identity.parts))


def _without_parents(table: Table, decisions: Decisions) -> Iterator[Statement]:
    """It gets nothing any more that its parents get, which may not fit what it has."""
    for parent in table.parents:
        if parent not in decisions.moved:
            of = qualified(*parent.parts)
            yield Statement(sql=f"ALTER TABLE {address(table)} NO INHERIT {of}")


def _free_names(identity: Identity, decisions: Decisions) -> Iterator[Statement]:
    """The new partition's indexes get the names of those that came from the parent."""
    for part in decisions.parts.get(identity, ()):
        entity = decisions.live.objects[part]
        if isinstance(entity, Constraint) and entity.inherited and entity.form in _WITH_INDEX:
            table = qualified(*identity.parts)
            yield Statement(sql=f"ALTER TABLE {table} DROP CONSTRAINT {name(part.parts[2])}")
        elif isinstance(entity, Index) and entity.parent:
            yield Statement(sql=f"DROP INDEX {address(entity)}")


def drop_old(identity: Identity, decisions: Decisions, context: Context) -> Iterator[Statement]:
    """Drop what was renamed away, once nothing uses it any more."""
    entity = decisions.live.objects[identity]
    old = qualified(identity.parts[0], old_name(identity.parts[1]))
    if isinstance(entity, Routine):
        old += f"({identity.parts[2]})"
    yield from with_rows_type(identity, decisions, create=False)
    # A base type and its functions stand on each other.
    cascade = " CASCADE" if identity in decisions.absorbed.values() else ""
    yield Statement(sql=f"DROP {keyword(entity)} {old}{cascade}", dangers=_lost(entity, decisions))
    for part in context.parts.get(identity, ()):
        sequence = decisions.desired.objects[part]
        live = part in decisions.live.objects
        if isinstance(sequence, Sequence) and not sequence.internal and live:
            yield sequences.own_sequence(sequence)


def _lost(entity: Entity, decisions: Decisions) -> tuple[Danger, ...]:
    """What goes with a table whose rows have become a type: they are copied nowhere."""
    if not isinstance(entity, Table) or entity.identity in decisions.moved:
        return ()
    loses = f"the rows of {entity.identity.name}"
    return (Danger(hazard=Hazard.DROP_TABLE, lock=LockMode.ACCESS_EXCLUSIVE, loses=loses),)


def copy_rows(identity: Identity, decisions: Decisions, context: Context) -> Iterator[Statement]:
    """INSERT … SELECT of the columns that both have, and the sequences put beyond them."""
    live = {column.identity.parts[2]: column for column in context.live_columns(identity)}
    shared = [
        column
        for column in context.columns_of.get(identity.parts, [])
        if column.identity.parts[2] in live and not column.generated
    ]
    table = qualified(*identity.parts)
    old = qualified(identity.parts[0], old_name(identity.parts[1]))
    columns = in_lines([name(column.identity.parts[2]) for column in shared])
    values = in_lines([_value(live[c.identity.parts[2]], c, decisions, context) for c in shared])
    lost = sorted(
        key
        for key in set(live) - {column.identity.parts[2] for column in shared}
        if not live[key].generated
    )
    casts = [(c, _cast(live[c.identity.parts[2]], c, context)) for c in shared]
    unfit = [unheld(cast, column) for column, cast in casts if cast.lossy]
    fails = [fails for _, fails in unfit if fails] + list(_homeless(identity, context))
    losses = [f"the values of {', '.join(lost)}"] if lost else []
    losses += [loses for loses, _ in unfit if loses]
    danger = Danger(
        hazard=_copy_hazard(lost=bool(lost), narrowed=bool(unfit)),
        lock=LockMode.ACCESS_EXCLUSIVE,
        rewrites=True,
        loses=" and ".join(losses),
        fails=" and ".join(fails),
        depends=_depends(casts),
    )
    identity_column = any(column.identity_generation == "a" for column in shared)
    overriding = " OVERRIDING SYSTEM VALUE" if identity_column else ""
    if shared:
        yield Statement(
            sql=f"INSERT INTO {table} ({columns}){overriding}\nSELECT {values}\nFROM {old}",
            dangers=(danger,),
        )
    yield from _sequences_go_on(identity, decisions, context)


def _homeless(identity: Identity, context: Context) -> Iterator[str]:
    """Which rows a partitioned table refuses that takes them all from another table."""
    after = context.desired_table(identity)
    parts = map(context.desired_table, context.partitions.get(identity, ()))
    if after and after.partition_key and not take_all([p.partition_bound for p in parts if p]):
        yield f"where a row of {identity.name} fits no partition"


def _cast(before: Column, after: Column, context: Context) -> TypeCast:
    return TypeCast() if before.type == after.type else cast_of(before.type, after.type, context)


def _depends(casts: list[tuple[Column, TypeCast]]) -> str:
    columns: dict[str, list[str]] = {}
    for column, cast in casts:
        if cast.settings:
            columns.setdefault(depends(cast), []).append(column.identity.parts[2])
    return " and ".join(f"{on} for {', '.join(names)}" for on, names in columns.items())


def _copy_hazard(*, lost: bool, narrowed: bool) -> Hazard:
    if lost:
        return Hazard.DROP_COLUMN
    return Hazard.CHANGE_TYPE if narrowed else Hazard.COPY_TABLE


def _value(before: Column, after: Column, decisions: Decisions, context: Context) -> str:
    """A column of the old table as a value for the new one."""
    key = name(after.identity.parts[2])
    before = with_old_type(before, decisions)
    using = _cast(before, after, context).using
    # Casting would cut what assigning refuses.
    return using.replace("{column}", key) if using else key


def _beyond(column: Column, table: str) -> Statement:
    key = column.identity.parts[2]
    sequence = f"pg_get_serial_sequence({literal(table)}, {literal(key)})"
    beyond = f"max({name(key)})) FROM {table} HAVING max({name(key)}) > 0"
    return Statement(sql=f"SELECT setval({sequence}, {beyond}")


def converting(statement: Statement, before: Enum, after: Enum) -> Statement:
    """A conversion between two states of an enum loses only the values that are removed."""
    gone = ", ".join(value for value in before.values if value not in after.values)
    danger = Danger(
        hazard=Hazard.DROP_ENUM_VALUE if gone else Hazard.REWRITE_TABLE,
        lock=LockMode.ACCESS_EXCLUSIVE,
        rewrites=True,
        loses=f"the values {gone} of {before.identity}; fails where they are in use"
        if gone
        else "",
    )
    others = (d for d in statement.dangers if d.hazard is not Hazard.CHANGE_TYPE)
    changes = any(d.hazard is Hazard.CHANGE_TYPE for d in statement.dangers)
    return replace(statement, dangers=(*others, danger)) if changes else statement
