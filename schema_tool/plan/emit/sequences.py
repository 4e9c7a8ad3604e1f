"""Sequences: their options, and every way to alter one."""

# ruff: noqa: ARG001 - the registry calls all emitters alike

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Column, Sequence, Table
from schema_tool.catalog.privileges import under_owner
from schema_tool.catalog.quoting import literal, name, qualified
from schema_tool.hazards import Hazard
from schema_tool.plan.emit import access, settings
from schema_tool.plan.emit.phrase import address, phrase
from schema_tool.plan.steps import Danger, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.emit.context import Context

_LIMITS = {
    "smallint": (-(2**15), 2**15 - 1),
    "integer": (-(2**31), 2**31 - 1),
    "bigint": (-(2**63), 2**63 - 1),
}


def sequence_options(sequence: Sequence, *, named: bool = True) -> Iterator[str]:
    """The options of a sequence that are not its defaults."""
    low, high = _LIMITS[sequence.type]
    ascending = sequence.increment > 0
    minimum, maximum = (1, high) if ascending else (low, -1)
    if named and sequence.type != "bigint":
        yield f"AS {sequence.type}"
    if sequence.increment != 1:
        yield f"INCREMENT BY {sequence.increment}"
    if sequence.minimum != minimum:
        yield f"MINVALUE {sequence.minimum}"
    if sequence.maximum != maximum:
        yield f"MAXVALUE {sequence.maximum}"
    if sequence.start != (sequence.minimum if ascending else sequence.maximum):
        yield f"START WITH {sequence.start}"
    if sequence.cache != 1:
        yield f"CACHE {sequence.cache}"
    if sequence.cycle:
        yield "CYCLE"


def create_sequence(sequence: Entity, context: Context) -> Iterator[Statement]:
    """CREATE SEQUENCE; an identity column brings its own."""
    assert isinstance(sequence, Sequence)
    if not sequence.internal:
        unlogged = "UNLOGGED " if sequence.unlogged else ""
        options = " ".join(["", *sequence_options(sequence)])
        yield Statement(sql=f"CREATE {unlogged}SEQUENCE {address(sequence)}{options}")
        yield from settings.after_creation(sequence, context.live)
        return
    # It is made as its table's owner's; a new table is given to its owner once it is there.
    assert sequence.owned_by is not None
    table = Identity(Kind.TABLE, sequence.owned_by.parts[:2])
    maker = "" if context.is_new(table) else sequence.owner
    before = access.privileges_at_birth(sequence, context.live, maker)
    before = under_owner(before, sequence.owner)
    yield from access.privileges(sequence, before, sequence.privileges, sequence.owner)
    if sequence.comment:
        yield settings.comment(sequence)


def own_sequence(sequence: Sequence) -> Statement:
    """OWNED BY, once both the sequence and the column exist."""
    column = qualified(*sequence.owned_by.parts) if sequence.owned_by else "NONE"
    return Statement(sql=f"ALTER SEQUENCE {address(sequence)} OWNED BY {column}")


def drop_sequence(sequence: Entity, context: Context) -> Iterator[Statement]:
    """DROP SEQUENCE; its position is lost."""
    loses = f"the position of {sequence.identity.name}"
    danger = Danger(hazard=Hazard.DROP_SEQUENCE, loses=loses)
    yield Statement(sql=f"DROP {phrase(sequence)}", dangers=(danger,))


def _own_bounds(before: Sequence, after: Sequence) -> Iterator[str]:
    """The bounds that a new type does not bring: it moves those that were the old type's.

    Source: init_params(), sequence.c.
    """
    (old_low, old_high), (low, high) = _LIMITS[before.type], _LIMITS[after.type]
    if after.minimum != (low if before.minimum == old_low else before.minimum):
        yield "minimum"
    if after.maximum != (high if before.maximum == old_high else before.maximum):
        yield "maximum"


def _follows_column(before: Sequence, after: Sequence, context: Context) -> bool:
    """Whether an identity's sequence gets its type with the column, which is altered next."""
    if after.owned_by is None or before.owned_by != after.owned_by or not before.internal:
        return False
    columns = (side.objects.get(after.owned_by) for side in (context.live, context.desired))
    types = [column.type for column in columns if isinstance(column, Column)]
    return after.internal and types == [before.type, after.type]


def alter_sequence(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """Type, bounds, increment and the rest; never the current value."""
    assert isinstance(before, Sequence)
    assert isinstance(after, Sequence)
    if before.identity != after.identity:
        new = name(after.identity.parts[1])
        yield Statement(sql=f"ALTER SEQUENCE {address(before)} RENAME TO {new}")
    words = []
    if "type" in attributes:
        words.append(f"AS {after.type}")
    simple = {
        "increment": f"INCREMENT BY {after.increment}",
        "minimum": f"MINVALUE {after.minimum}",
        "maximum": f"MAXVALUE {after.maximum}",
        "start": f"START WITH {after.start}",
        "cache": f"CACHE {after.cache}",
        "cycle": "CYCLE" if after.cycle else "NO CYCLE",
    }
    said = set(attributes)
    if "type" in attributes:
        if not set(_own_bounds(before, after)) and _follows_column(before, after, context):
            words.clear()
        said = (said - {"minimum", "maximum"}) | set(_own_bounds(before, after))
    words += [text for key, text in simple.items() if key in said]
    low, high = max(before.minimum, after.minimum), min(before.maximum, after.maximum)
    if low > high:
        words.append(f"RESTART WITH {after.start}")
    elif low > before.minimum or high < before.maximum:
        # Where the sequence stands must be within the new bounds.
        place, target = literal(address(after)), address(after)
        yield Statement(
            sql=f"SELECT setval({place}, least(greatest(last_value, {low}), {high}), is_called)"  # noqa: S608
            f" FROM {target} WHERE last_value NOT BETWEEN {low} AND {high}"
        )
    if words:
        yield Statement(sql=f"ALTER SEQUENCE {address(after)} {' '.join(words)}")
    if "unlogged" in attributes:
        word = "UNLOGGED" if after.unlogged else "LOGGED"
        yield Statement(sql=f"ALTER SEQUENCE {address(after)} SET {word}")
    # An owned sequence follows its table, and is given to none but one of the same owner; one that
    # goes from column to column is nobody's meanwhile.
    follows = after.owned_by is not None and "owned_by" not in attributes
    yield from settings.altered_settings(before, after, attributes, owner_follows=follows)


def unlike_table(table: Table, context: Context) -> Iterator[Statement]:
    """Sequences of its columns that shall not follow it: the server alters them with it."""
    for part in context.parts.get(table.identity, ()):
        sequence, before = (side.objects.get(part) for side in (context.desired, context.live))
        if not isinstance(sequence, Sequence) or not isinstance(before, Sequence):
            continue
        if before.owned_by == sequence.owned_by and sequence.unlogged != table.unlogged:
            word = "UNLOGGED" if sequence.unlogged else "LOGGED"
            yield Statement(sql=f"ALTER SEQUENCE {address(sequence)} SET {word}")
