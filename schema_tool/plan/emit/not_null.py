"""NOT NULL: its name, its comment, and how it is required of rows that are there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Column, Table
from schema_tool.catalog.quoting import made_name, name
from schema_tool.hazards import Hazard
from schema_tool.plan.emit import settings
from schema_tool.plan.emit.phrase import table_of
from schema_tool.plan.steps import Danger, LockMode, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.compare import Change
    from schema_tool.plan.emit.context import Context

NOT_NULL_ROWS_SINCE = 18


def not_null_clause(column: Column, *, named: bool = False) -> str:
    """NOT NULL, with its name where it has one of its own, or `named` asks for it."""
    own = bool(column.not_null_name) or named
    constraint = f"CONSTRAINT {name(not_null_name(column))} " if own else ""
    inherit = " NO INHERIT" if column.not_null_no_inherit else ""
    return f"{constraint}NOT NULL{inherit}"


def is_said(column: Column, context: Context) -> bool:
    """Whether the server would give another name to a NOT NULL, because somebody has this one."""
    named = (column.identity.parts[0], not_null_name(column))
    return column.identity.parts[:2] in context.moved or named in context.not_nulls


def not_null_name(column: Column) -> str:
    """The name of a NOT NULL constraint, also where it is the server's or a parent's choice."""
    parts = column.identity.parts
    own = column.not_null_name or column.not_null_inherited
    return own or made_name(parts[1], parts[2], "not_null")


def hands_not_null(column: Entity | None) -> bool:
    """Whether a column gives its NOT NULL to those of heirs."""
    return isinstance(column, Column) and column.not_null and not column.not_null_no_inherit


def renames_not_null(change: Change) -> bool:
    """Whether a NOT NULL that stays gets another name."""
    after = change.after
    stays = isinstance(after, Column) and after.not_null and "not_null" not in change.attributes
    return stays and "not_null_name" in change.attributes


def not_null_comment(column: Column) -> Statement:
    """COMMENT ON its constraint."""
    target = f"CONSTRAINT {name(not_null_name(column))} ON {table_of(column)}"
    return settings.comment(column, column.not_null_comment, target=target)


def add_not_null(column: Column, *, valid: bool) -> Statement:
    """ADD CONSTRAINT … NOT NULL, which servers know since NOT_NULL_ROWS_SINCE."""
    suffix = " NO INHERIT" if column.not_null_no_inherit else ""
    suffix += "" if valid else " NOT VALID"
    named = name(not_null_name(column))
    column_name = name(column.identity.parts[2])
    return Statement(
        sql=f"ALTER TABLE {table_of(column)} ADD CONSTRAINT {named} NOT NULL {column_name}{suffix}"
    )


def change_not_null(
    before: Column, after: Column, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """What ALTER COLUMN says at once; what scans the rows may come later."""
    names = {"not_null_name", "not_null_no_inherit", "not_null_valid"}
    if before.not_null and not after.not_null:
        if not before.identity_generation or not after.identity_generation:
            yield from _drop_not_null(after, context)
        return
    if after.not_null and not before.not_null:
        yield from _set_not_null(before, after, context)
    elif names & set(attributes) and after.not_null:
        yield from _rename_not_null(before, after)


def is_proved_later(before: Entity | None, after: Entity | None, context: Context) -> bool:
    """Whether the rows are looked at in a transaction of their own, when all else is done.

    An identity wants the column to be NOT NULL at once.
    """
    if not isinstance(before, Column) or not isinstance(after, Column):
        return False
    wanted = after.not_null and after.not_null_valid and not before.not_null
    table = Identity(Kind.TABLE, after.identity.parts[:2])
    becomes_identity = bool(after.identity_generation and not before.identity_generation)
    at_once = becomes_identity or _is_row(after, context)
    return wanted and context.online and not context.is_new(table) and not at_once


def _is_row(column: Column, context: Context) -> bool:
    """Whether a CHECK that it IS NOT NULL would look into it, and say no more of it itself."""
    type_name = column.type
    while type_name in context.domains:
        type_name = context.domains[type_name].base_type
    return type_name in context.row_types


def prove_not_null(after: Column, context: Context) -> Iterator[Statement]:
    """The scan, beside traffic."""
    rows = context.major >= NOT_NULL_ROWS_SINCE
    proved = not_null_name(after) if rows else _check_name(after)
    yield validate(after, proved, fails=_fails(after))


def _fails(column: Column) -> str:
    return f"on NULL in {column.identity.name}"


def settle_not_null(after: Column) -> Iterator[Statement]:
    """What a proved CHECK makes free; the check itself is needed no more."""
    yield _alter(after, "SET NOT NULL")
    yield Statement(sql=f"ALTER TABLE {table_of(after)} DROP CONSTRAINT {name(_check_name(after))}")


def _drop_not_null(column: Column, context: Context) -> Iterator[Statement]:
    """On old servers it goes from all heirs as well, but from none where one of them keeps it."""
    rows = context.major >= NOT_NULL_ROWS_SINCE
    below = [] if rows else list(_columns_of_heirs(column, context))
    if all(not heirs.not_null for heirs in below):
        yield _alter(column, "DROP NOT NULL")
        return
    for each in (column, *below):
        if not each.not_null:
            sql = _alter(each, "DROP NOT NULL").sql
            yield Statement(sql=sql.replace("ALTER TABLE ", "ALTER TABLE ONLY ", 1))


def _columns_of_heirs(column: Column, context: Context) -> Iterator[Column]:
    """A column as the heirs are to have it, down to those who keep its NOT NULL."""
    table = Identity(Kind.TABLE, column.identity.parts[:2])
    for heir in context.live.each(Table) if table in context.inherited else ():
        after = context.desired_table(heir.identity)
        if table not in heir.parents or after is None or table not in after.parents:
            continue
        wanted = Identity(Kind.COLUMN, (*heir.identity.parts, column.identity.parts[2]))
        found = context.desired.objects.get(wanted)
        if isinstance(found, Column):
            yield found
            if not found.not_null:
                yield from _columns_of_heirs(found, context)


def _set_not_null(before: Column, after: Column, context: Context) -> Iterator[Statement]:
    danger = Danger(hazard=Hazard.REQUIRE_VALUE, lock=LockMode.ACCESS_EXCLUSIVE)
    table = Identity(Kind.TABLE, after.identity.parts[:2])
    rows = context.major >= NOT_NULL_ROWS_SINCE
    own = after.not_null_name or after.not_null_no_inherit or not after.not_null_valid
    # A child's may have the name that the server would give.
    own = own or table in context.parents or is_said(after, context)
    beside_traffic = context.online and not context.is_new(table) and not _is_row(after, context)
    at_once = after.not_null_valid and not beside_traffic
    at_once_danger = danger if context.is_new(table) else replace(danger, fails=_fails(after))
    scans_here = not (at_once or is_proved_later(before, after, context))
    if rows and (own or beside_traffic):
        added = add_not_null(after, valid=at_once)
        said = at_once_danger if at_once else danger
        yield replace(added, dangers=(said,), commits=scans_here and after.not_null_valid)
        if scans_here and after.not_null_valid:
            yield from prove_not_null(after, context)
        return
    if not beside_traffic:
        yield _alter(after, "SET NOT NULL", at_once_danger)
        return
    # A validated CHECK spares SET NOT NULL its scan under the strongest lock.
    check, column = name(_check_name(after)), name(after.identity.parts[2])
    yield Statement(
        sql=f"ALTER TABLE {table_of(after)} ADD CONSTRAINT {check}"
        f" CHECK ({column} IS NOT NULL) NOT VALID",
        dangers=(danger,),
        commits=scans_here,
    )
    if scans_here:
        yield from prove_not_null(after, context)
        yield from settle_not_null(after)


def _check_name(column: Column) -> str:
    return f"{column.identity.parts[2]}_is_not_null"


def _alter(column: Column, clause: str, *dangers: Danger) -> Statement:
    target = f"ALTER TABLE {table_of(column)} ALTER COLUMN {name(column.identity.parts[2])}"
    return Statement(sql=f"{target} {clause}", dangers=dangers)


def validate(part: Entity, constraint: str, *, fails: str) -> Statement:
    """VALIDATE CONSTRAINT on the table of a part, in a transaction of its own."""
    lock = LockMode.SHARE_UPDATE_EXCLUSIVE
    return Statement(
        sql=f"ALTER TABLE {table_of(part)} VALIDATE CONSTRAINT {name(constraint)}",
        dangers=(Danger(hazard=Hazard.SCAN_TABLE, lock=lock, fails=fails),),
        apart=True,
        commits=True,
    )


def _rename_not_null(before: Column, after: Column) -> Iterator[Statement]:
    table, old = f"ALTER TABLE {table_of(after)}", name(not_null_name(before))
    new = name(not_null_name(after))
    if after.not_null_no_inherit and not before.not_null_no_inherit:
        yield Statement(sql=f"{table} ALTER CONSTRAINT {old} NO INHERIT")
    if before.not_null_valid and not after.not_null_valid:
        yield Statement(sql=f"{table} DROP CONSTRAINT {old}")
        yield add_not_null(after, valid=False)
        return
    if after.not_null_valid and not before.not_null_valid:
        yield Statement(sql=f"{table} VALIDATE CONSTRAINT {old}")
    if old != new:
        yield Statement(sql=f"{table} RENAME CONSTRAINT {old} TO {new}")
    if before.not_null_no_inherit and not after.not_null_no_inherit:
        # By its new name: heirs take it in as it is inherited, and not what is renamed then.
        yield Statement(sql=f"{table} ALTER CONSTRAINT {new} INHERIT")
