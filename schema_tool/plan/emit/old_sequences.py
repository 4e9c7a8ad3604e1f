"""A sequence whose name another gets: it goes on from where the old one stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog.quoting import literal, name, qualified
from schema_tool.plan.emit import settings
from schema_tool.plan.emit.phrase import address, suffixed
from schema_tool.plan.emit.sequences import sequence_options
from schema_tool.plan.steps import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.relation import Sequence
    from schema_tool.plan.emit.context import Context


def old_sequence(sequence: Sequence) -> str:
    """What it is called until it goes."""
    schema, own = sequence.identity.parts
    return qualified(schema, suffixed(own, "__old"))


def rename_sequence_away(sequence: Sequence) -> Statement:
    """Its name is free for another."""
    away = name(suffixed(sequence.identity.parts[1], "__old"))
    return Statement(sql=f"ALTER SEQUENCE {address(sequence)} RENAME TO {away}")


def where_it_stood(before: Sequence, after: Sequence) -> Iterator[Statement]:
    """The new one is set as the old one is, within the bounds of both."""
    low, high = max(before.minimum, after.minimum), min(before.maximum, after.maximum)
    if low > high:
        return
    last = "last_value"
    if low > before.minimum or high < before.maximum:
        last = f"least(greatest(last_value, {low}), {high})"
    place = literal(address(after))
    yield Statement(sql=f"SELECT setval({place}, {last}, is_called) FROM {old_sequence(before)}")  # noqa: S608


def free_sequence(before: Sequence, after: Sequence, context: Context) -> Iterator[Statement]:
    """A sequence of its own in the place of an identity's, which goes with the identity."""
    yield rename_sequence_away(before)
    unlogged = "UNLOGGED " if after.unlogged else ""
    head = f"CREATE {unlogged}SEQUENCE {address(after)}"
    yield Statement(sql=" ".join([head, *sequence_options(after)]))
    yield from where_it_stood(before, after)
    # It needs its table's owner before it can be its column's.
    yield from settings.after_creation(after, context.live)
