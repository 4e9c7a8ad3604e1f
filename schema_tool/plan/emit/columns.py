"""Columns: their clause in CREATE TABLE, and every way to alter one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import (
    Column,
    Sequence,
    TableForm,
)
from schema_tool.catalog.quoting import literal, name, qualified
from schema_tool.compare.changes import LETTERS
from schema_tool.hazards import Hazard
from schema_tool.plan.emit import access, settings
from schema_tool.plan.emit.conversion import TypeCast, cast_of, depends, unheld
from schema_tool.plan.emit.expression import bare
from schema_tool.plan.emit.not_null import (
    NOT_NULL_ROWS_SINCE,
    change_not_null,
    is_said,
    not_null_clause,
    not_null_comment,
)
from schema_tool.plan.emit.old_sequences import (
    free_sequence,
    old_sequence,
    rename_sequence_away,
    where_it_stood,
)
from schema_tool.plan.emit.phrase import table_of
from schema_tool.plan.emit.rewritten import done_again
from schema_tool.plan.emit.sequences import own_sequence, sequence_options
from schema_tool.plan.steps import Danger, LockMode, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.emit.context import Context

STORAGE = LETTERS["storage"]
# Source: pg_type.typstorage. Of the others only EXTENDED can be altered.
_MAIN_STORAGE = frozenset({"numeric", "inet", "cidr"})
COMPRESSION = LETTERS["compression"] | {"": "DEFAULT"}
_SET_EXPRESSION_SINCE = 17
_EXCLUSIVE = LockMode.ACCESS_EXCLUSIVE


def identity_clause(column: Column, context: Context) -> str:
    """GENERATED … AS IDENTITY with the sequence's name and options."""
    always = "ALWAYS" if column.identity_generation == "a" else "BY DEFAULT"
    text = f"GENERATED {always} AS IDENTITY"
    sequence = context.identity_sequences.get(column.identity)
    if sequence is None:
        return text
    parts = column.identity.parts
    options = list(sequence_options(sequence, named=False))
    if sequence.identity.parts != (parts[0], f"{parts[1]}_{parts[2]}_seq"):
        options.insert(0, f"SEQUENCE NAME {qualified(*sequence.identity.parts)}")
    return f"{text} ({' '.join(options)})" if options else text


def column_clause(column: Column, context: Context, *, required: bool = True) -> str:
    """A column as it stands in CREATE TABLE and ADD COLUMN."""
    parts = [name(column.identity.parts[2]), column.type]
    if column.foreign_options:
        parts.append(settings.foreign_options(column.foreign_options).strip())
    if column.compression:
        parts.append(f"COMPRESSION {COMPRESSION[column.compression]}")
    if column.collation:
        parts.append(f"COLLATE {column.collation}")
    if column.not_null and required and column.not_null_valid:
        parts.append(not_null_clause(column, named=is_said(column, context)))
    if column.generated:
        stored = "STORED" if column.generated == "s" else "VIRTUAL"
        parts.append(f"GENERATED ALWAYS AS ({bare(column.default)}) {stored}")
    elif column.default and column.identity not in context.late_defaults:
        parts.append(f"DEFAULT {column.default}")
    if column.identity_generation:
        parts.append(identity_clause(column, context))
    return " ".join(parts)


def alter_clause(column: Entity, clause: str, *dangers: Danger, word: str = "TABLE") -> Statement:
    """ALTER TABLE, or another relation, with one clause for one column."""
    target = f"{word} {table_of(column)}"
    sql = f"ALTER {target} ALTER COLUMN {name(column.identity.parts[2])} {clause}"
    return Statement(sql=sql, dangers=dangers)


def column_settings(column: Column, context: Context) -> Iterator[Statement]:
    """What CREATE TABLE cannot say of a column."""
    if column.storage:
        yield alter_clause(column, f"SET STORAGE {STORAGE[column.storage]}")
    if column.statistics is not None:
        yield alter_clause(column, f"SET STATISTICS {column.statistics}")
    if column.options:
        yield alter_clause(column, f"SET ({settings.storage_options(column.options)})")
    yield from _other_sequence_type(column, context)
    yield from access.privileges(column, (), column.privileges, "")
    if column.comment:
        yield settings.comment(column)
    if column.not_null_comment and column.not_null_valid:
        yield not_null_comment(column)


def _other_sequence_type(column: Column, context: Context) -> Iterator[Statement]:
    """LIKE … INCLUDING IDENTITY makes a bigint sequence whatever the column's type is."""
    sequence = context.identity_sequences.get(column.identity)
    if column.identity_generation and sequence and sequence.type != column.type:
        target = qualified(*sequence.identity.parts)
        yield Statement(
            sql=f"ALTER SEQUENCE {target} AS {sequence.type}"
            f" MINVALUE {sequence.minimum} MAXVALUE {sequence.maximum}"
        )


def is_foreign(table: Identity, context: Context) -> bool:
    """Whether a table is a foreign one."""
    found = context.desired_table(table)
    return found is not None and found.form is TableForm.FOREIGN


def drop_column(column: Entity, context: Context) -> Iterator[Statement]:
    """DROP COLUMN."""
    assert isinstance(column, Column)
    column_name = name(column.identity.parts[2])
    after = context.desired.objects.get(column.identity)
    # Computed values come again where the column does, unless it is to be a plain one.
    again = column.generated and (not isinstance(after, Column) or after.generated)
    # A foreign table's values are elsewhere, and stay there.
    elsewhere = is_foreign(Identity(Kind.TABLE, column.identity.parts[:2]), context)
    loses = "" if again or elsewhere else f"the values of {column.identity.name}"
    only = "ONLY " if context.stays_below(column.identity) else ""
    handed = only and column.not_null and context.major >= NOT_NULL_ROWS_SINCE
    if only and column.identity_generation:
        yield alter_clause(column, "DROP IDENTITY")
    if handed:
        # Else an heir's would count as inherited for ever: the server forgets to tell it.
        target = f"ALTER TABLE ONLY {table_of(column)}"
        yield Statement(sql=f"{target} ALTER COLUMN {column_name} DROP NOT NULL")
    yield Statement(
        sql=f"ALTER TABLE {only}{table_of(column)} DROP COLUMN {column_name}",
        dangers=(Danger(hazard=Hazard.DROP_COLUMN, lock=_EXCLUSIVE, loses=loses),),
    )


def must_rebuild_column(
    before: Column, after: Column, attributes: tuple[str, ...], major: int
) -> bool:
    """Whether a generated column can only be dropped and added; its values are computed anew."""
    if before.generated != after.generated:
        # A stored expression can be dropped, leaving the values; all else cannot be altered.
        return not (before.generated == "s" and not after.generated)
    if after.generated and "type" in attributes:
        return True
    if after.generated and "default" in attributes:
        return major < _SET_EXPRESSION_SINCE
    return False


def alter_column(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """The ALTER COLUMN clauses that lead from one to the other."""
    assert isinstance(before, Column)
    assert isinstance(after, Column)
    if "generated" in attributes and before.generated == "s" and not after.generated:
        yield alter_clause(after, "DROP EXPRESSION")
        before_default = ""
    else:
        before_default = before.default
    if "identity_generation" in attributes and not after.identity_generation:
        yield from _free_sequence(before, context)
        yield alter_clause(after, "DROP IDENTITY")
    if "type" in attributes or "collation" in attributes:
        yield from _change_type(before, after, before_default, context)
        # A new type comes with its own storage and compression.
        given = {word for word in ("storage", "compression") if getattr(after, word)}
        attributes = (*(set(attributes) - {"storage", "compression"}), *given)
    elif before_default != after.default:
        yield from _change_default(after)
    yield from change_not_null(before, after, attributes, context)
    if "identity_generation" in attributes and after.identity_generation:
        yield from _change_identity(before, after, context)
    yield from _change_storage(before, after, attributes)
    yield from settings.altered_settings(before, after, attributes)
    if "not_null_comment" in attributes and after.not_null:
        yield not_null_comment(after)


def _change_default(after: Column) -> Iterator[Statement]:
    if after.generated:
        dangers: tuple[Danger, ...] = ()
        if after.generated == "s":
            dangers = (Danger(hazard=Hazard.REWRITE_TABLE, lock=_EXCLUSIVE, rewrites=True),)
        yield alter_clause(after, f"SET EXPRESSION AS ({bare(after.default)})", *dangers)
    elif after.default:
        yield alter_clause(after, f"SET DEFAULT {after.default}")
    else:
        yield alter_clause(after, "DROP DEFAULT")


def _change_type(
    before: Column, after: Column, before_default: str, context: Context
) -> Iterator[Statement]:
    cast = cast_of(before.type, after.type, context)
    foreign = is_foreign(Identity(Kind.TABLE, after.identity.parts[:2]), context)
    if foreign:
        cast = TypeCast(free=True)  # no rows are here, and USING is refused
    # The server finds no way for a default where it is told one; one may name a domain that goes.
    named = cast.using or before.type in context.bases
    changed = before_default and (before_default != after.default or named)
    if changed and (named or not after.default):
        yield alter_clause(after, "DROP DEFAULT")
    column_name = name(after.identity.parts[2])
    collate = f" COLLATE {after.collation}" if after.collation else ""
    using = ""
    if before.type != after.type and cast.using:
        using = f" USING {cast.using.replace('{column}', column_name)}"
    dangers: tuple[Danger, ...] = ()
    if before.type != after.type and not cast.free:
        read = f"{depends(cast)} for {after.identity.name}" if cast.settings else ""
        danger = Danger(hazard=Hazard.REWRITE_TABLE, lock=_EXCLUSIVE, rewrites=True, depends=read)
        if cast.lossy:
            loses, fails = unheld(cast, after)
            danger = replace(danger, hazard=Hazard.CHANGE_TYPE, loses=loses, fails=fails)
        dangers = (danger,)
    elif not foreign:
        collation = before.collation != after.collation
        dangers = tuple(dict.fromkeys(done_again(after, context, collation=collation)))
    yield alter_clause(after, f"TYPE {after.type}{collate}{using}", *dangers)
    if after.default and (changed or not before_default):
        yield alter_clause(after, f"SET DEFAULT {after.default}")


def _change_identity(before: Column, after: Column, context: Context) -> Iterator[Statement]:
    always = "ALWAYS" if after.identity_generation == "a" else "BY DEFAULT"
    if before.identity_generation:
        yield alter_clause(after, f"SET GENERATED {always}")
        return
    sequence = context.identity_sequences.get(after.identity)
    live = context.live.objects.get(sequence.identity) if sequence else None
    if not isinstance(live, Sequence):
        yield alter_clause(after, f"ADD {identity_clause(after, context)}")
        if sequence is not None:
            yield _beyond_rows(after, sequence)
        return
    assert sequence is not None
    # A serial's sequence has the name that the identity's is to have, and says where it stood.
    yield rename_sequence_away(live)
    yield alter_clause(after, f"ADD {identity_clause(after, context)}")
    yield from where_it_stood(live, sequence)
    yield Statement(sql=f"DROP SEQUENCE {old_sequence(live)}")
    yield from settings.after_creation(sequence, context.live)


def _beyond_rows(column: Column, sequence: Sequence) -> Statement:
    """The rows that are there already have numbers; the next one must be beyond them."""
    table, key = table_of(column), name(column.identity.parts[2])
    place = literal(qualified(*sequence.identity.parts))
    beyond = f"max({key})) FROM {table} HAVING max({key}) > 0"
    return Statement(sql=f"SELECT setval({place}, {beyond}")


def _free_sequence(before: Column, context: Context) -> Iterator[Statement]:
    """A sequence of its own in the place of the one that goes with the identity."""
    gone = context.live_identity_sequences.get(before.identity)
    sequence = context.desired.objects.get(gone.identity) if gone else None
    if gone is None or not isinstance(sequence, Sequence) or sequence.internal:
        return
    yield from free_sequence(gone, sequence, context)
    if sequence.owned_by:
        yield own_sequence(sequence)


def _default_storage(type_name: str) -> str:
    """What the type stores by itself; SET STORAGE DEFAULT is there from 16 on only."""
    base = type_name.split("(", 1)[0]
    return "MAIN" if base in _MAIN_STORAGE else "EXTENDED"


def _change_storage(
    before: Column, after: Column, attributes: tuple[str, ...]
) -> Iterator[Statement]:
    # A change of type brings the type's own storage.
    if after.storage and ("storage" in attributes or "type" in attributes):
        yield alter_clause(after, f"SET STORAGE {STORAGE[after.storage]}")
    elif "storage" in attributes and "type" not in attributes:
        yield alter_clause(after, f"SET STORAGE {_default_storage(after.type)}")
    if "compression" in attributes:
        yield alter_clause(after, f"SET COMPRESSION {COMPRESSION[after.compression]}")
    if "statistics" in attributes:
        yield alter_clause(
            after, f"SET STATISTICS {-1 if after.statistics is None else after.statistics}"
        )
    if "options" in attributes:
        for clause in settings.changed_storage_options(before.options, after.options):
            yield alter_clause(after, clause)
    if "foreign_options" in attributes:
        clause = settings.changed_foreign_options(before.foreign_options, after.foreign_options)
        yield alter_clause(after, clause, word="FOREIGN TABLE")
