"""Tables: CREATE TABLE with what belongs inside it, and what can be altered."""

# ruff: noqa: ARG001 - the registry calls all emitters alike

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog.model.relation import Column, Constraint, Table, TableForm
from schema_tool.catalog.quoting import name, qualified
from schema_tool.hazards import Hazard
from schema_tool.plan.emit import access, sequences, settings
from schema_tool.plan.emit.columns import alter_column, column_clause, column_settings
from schema_tool.plan.emit.expression import constraint_text
from schema_tool.plan.emit.inherited_not_nulls import parents_not_nulls
from schema_tool.plan.emit.keys import constraint_settings
from schema_tool.plan.emit.not_null import NOT_NULL_ROWS_SINCE, not_null_name
from schema_tool.plan.emit.parents import join_parents, joined_again
from schema_tool.plan.emit.phrase import address, keyword, phrase
from schema_tool.plan.steps import Danger, LockMode, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.emit.context import Context

_EXCLUSIVE = LockMode.ACCESS_EXCLUSIVE
_COMPARED_IN_PARTITION = (
    "default",
    "not_null",
    "storage",
    "compression",
    "statistics",
    "options",
    "comment",
    "not_null_comment",
    "privileges",
)


def _inline(table: Table, context: Context) -> Iterator[Constraint]:
    for constraint in context.constraints_of.get(table.identity.parts, ()):
        if constraint.identity in context.inline:
            yield constraint


def _inline_constraints(table: Table, context: Context) -> Iterator[str]:
    for constraint in _inline(table, context):
        text = constraint_text(constraint.definition)
        yield f"CONSTRAINT {name(constraint.identity.parts[2])} {text}"


def _own_not_nulls(table: Table, context: Context) -> Iterator[str]:
    """NOT NULL of inherited columns that the parents' have not, or by another name.

    One that was attached has kept its own names. Said later, a key would have made another.
    """
    if context.desired.source.major < NOT_NULL_ROWS_SINCE:
        return
    for column in context.columns_of.get(table.identity.parts, ()):
        if _adds_not_null(table, column, context):
            suffix = " NO INHERIT" if column.not_null_no_inherit else ""
            named = f"CONSTRAINT {name(not_null_name(column))}"
            yield f"{named} NOT NULL {name(column.identity.parts[2])}{suffix}"


def _adds_not_null(table: Table, column: Column, context: Context) -> bool:
    parent = _inherited_column(table, column, context)
    if not column.not_null or parent is None or context.major < NOT_NULL_ROWS_SINCE:
        return False
    comes = column.inherited and not column.local
    if parent.not_null and (comes or table.partition_bound):
        own = column.not_null_name
        return column.not_null_valid and bool(own) and own != not_null_name(parent)
    comes = comes and not column.not_null_inherited
    return comes and not parent.not_null and column.not_null_valid


def _own_columns(table: Table, context: Context) -> list[Column]:
    """The columns that the table does not merely inherit, in their order."""
    columns = context.columns_of.get(table.identity.parts, [])
    if table.partition_bound:
        return []
    return [column for column in columns if column.local or not column.inherited]


def _tail(table: Table, context: Context) -> Iterator[str]:
    if table.partition_key:
        yield f"PARTITION BY {table.partition_key}"
    if table.access_method:
        yield f"USING {name(table.access_method)}"
    elif table.form is TableForm.TABLE and _is_given_a_method(table, context):
        yield "USING heap"
    options = [settings.storage_options(table.options)] if table.options else []
    if table.toast_options:
        options.append(settings.storage_options(table.toast_options, "toast."))
    if options:
        yield f"WITH ({', '.join(options)})"
    if table.tablespace:
        yield f"TABLESPACE {name(table.tablespace)}"
    if table.server:
        options_clause = settings.foreign_options(table.foreign_options)
        yield f"SERVER {name(table.server)}{options_clause}"


def _is_given_a_method(table: Table, context: Context) -> bool:
    """Whether a partition that names no access method gets its parent's."""
    parents = map(context.desired_table, table.parents if table.partition_bound else ())
    return any(parent is not None and parent.access_method for parent in parents)


def create_table(table: Entity, context: Context) -> Iterator[Statement]:
    """CREATE TABLE with columns and constraints, and what it cannot say."""
    assert isinstance(table, Table)
    columns = _own_columns(table, context)
    entries = [column_clause(column, context) for column in columns]
    entries += _inline_constraints(table, context)
    if table.parents:
        entries += _own_not_nulls(table, context)
    unlogged = "UNLOGGED " if table.unlogged else ""
    head = f"CREATE {unlogged}{keyword(table)} {address(table)}"
    body = "(\n    " + ",\n    ".join(entries) + "\n)" if entries else "()"
    parents = ", ".join(qualified(*parent.parts) for parent in table.parents)
    if table.partition_bound:
        inner = f" {body}" if entries else ""
        text = f"{head} PARTITION OF {parents}{inner} {table.partition_bound}"
    elif table.of_type:
        text = f"{head} OF {table.of_type}{_typed_body(table, context)}"
    else:
        inherits = f" INHERITS ({parents})" if parents else ""
        text = f"{head} {body}{inherits}"
    yield Statement(sql=" ".join([text, *_tail(table, context)]))
    if table.partition_key and not table.access_method and _is_given_a_method(table, context):
        yield Statement(sql=f"ALTER TABLE {address(table)} SET ACCESS METHOD DEFAULT")
    yield from _row_settings(table)
    yield from settings.after_creation(table, context.live)
    yield from _columns_after_creation(table, columns, context)
    for constraint in _inline(table, context):
        yield from constraint_settings(constraint)


def _typed_body(table: Table, context: Context) -> str:
    entries = []
    for column in context.columns_of.get(table.identity.parts, []):
        clause = column_clause(column, context)
        options = clause.split(f" {column.type}", 1)[-1].strip()
        if options:
            entries.append(f"{name(column.identity.parts[2])} WITH OPTIONS {options}")
    entries += _inline_constraints(table, context)
    return f" ({', '.join(entries)})" if entries else ""


def _columns_after_creation(
    table: Table, own: list[Column], context: Context
) -> Iterator[Statement]:
    for column in context.columns_of.get(table.identity.parts, []):
        if column in own:
            yield from column_settings(column, context)
            continue
        inherited = _inherited_column(table, column, context)
        if inherited is None:
            continue
        # A partition begins with its parent's settings, without comments and privileges.
        blank = _as_inherited(inherited, column)
        if _adds_not_null(table, column, context):
            blank = replace(blank, not_null=True)
        if column.identity in context.late_defaults:
            # What it calls reads the table.
            blank = replace(blank, default=column.default)
        changed = tuple(
            field
            for field in _COMPARED_IN_PARTITION
            if getattr(blank, field) != getattr(column, field)
        )
        if changed:
            yield from alter_column(blank, column, changed, context)


def _inherited_column(table: Table, column: Column, context: Context) -> Column | None:
    for parent in table.parents:
        for candidate in context.columns_of.get(parent.parts, []):
            if candidate.identity.parts[2] == column.identity.parts[2]:
                return candidate
    return None


def _as_inherited(parent: Column, child: Column) -> Column:
    return replace(
        child,
        default=parent.default,
        not_null=parent.not_null,
        storage=parent.storage,
        compression=parent.compression,
        statistics=None,
        options=(),
        comment="",
        # That of one which is not proved comes with it, later.
        not_null_comment="" if child.not_null_valid else child.not_null_comment,
        privileges=(),
    )


def _row_settings(table: Table) -> Iterator[Statement]:
    target = f"ALTER TABLE {address(table)}"
    if table.row_security:
        yield Statement(sql=f"{target} ENABLE ROW LEVEL SECURITY")
    if table.force_row_security:
        yield Statement(sql=f"{target} FORCE ROW LEVEL SECURITY")
    if table.replica_identity and not table.replica_identity.startswith("USING"):
        yield Statement(sql=f"{target} REPLICA IDENTITY {table.replica_identity}")


def set_replica_identity(table: Table, *, meanwhile: bool) -> Statement:
    """The wanted one; FULL `meanwhile`, where that is an index that may not be there yet."""
    by_index = table.replica_identity.startswith("USING")
    clause = "REPLICA IDENTITY FULL" if by_index and meanwhile else replica_identity_clause(table)
    return Statement(sql=f"ALTER TABLE {address(table)} {clause}")


def replica_identity_clause(table: Table) -> str:
    """REPLICA IDENTITY with the index's name quoted."""
    chosen = table.replica_identity
    if chosen.startswith("USING INDEX "):
        return f"REPLICA IDENTITY USING INDEX {name(chosen.removeprefix('USING INDEX '))}"
    return f"REPLICA IDENTITY {chosen or 'DEFAULT'}"


def drop_table(table: Entity, context: Context) -> Iterator[Statement]:
    """DROP TABLE."""
    assert isinstance(table, Table)
    loses = "" if table.form is not TableForm.TABLE else f"the rows of {table.identity.name}"
    danger = Danger(hazard=Hazard.DROP_TABLE, lock=_EXCLUSIVE, loses=loses)
    yield Statement(sql=f"DROP {phrase(table)}", dangers=(danger,))


def must_rebuild_table(before: Table, after: Table) -> bool:
    """Whether another table has to take this one's place."""
    if before.form is not after.form or before.server != after.server:
        return True
    return before.partition_key != after.partition_key


def alter_table(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """The ALTER TABLE clauses that lead from one to the other."""
    assert isinstance(before, Table)
    assert isinstance(after, Table)
    target = f"ALTER {keyword(after)} {address(after)}"
    rewrite = Danger(hazard=Hazard.REWRITE_TABLE, lock=_EXCLUSIVE, rewrites=True)
    if "of_type" in attributes and after.of_type:
        yield Statement(sql=f"{target} OF {after.of_type}")
    if set(after.parents) - set(before.parents) or context.rebuilt.intersection(after.parents):
        yield from parents_not_nulls(before, after, context)
    yield from join_parents(before, after, attributes, context)
    yield from joined_again(after, attributes, context)
    if "unlogged" in attributes:
        clause = "SET UNLOGGED" if after.unlogged else "SET LOGGED"
        yield Statement(sql=f"{target} {clause}", dangers=(rewrite,))
        yield from sequences.unlike_table(after, context)
    if "access_method" in attributes:
        yield _set_access_method(after, target, rewrite)
    if "tablespace" in attributes:
        space = name(after.tablespace or "pg_default")
        yield Statement(sql=f"{target} SET TABLESPACE {space}", dangers=(rewrite,))
    for clause in settings.changed_storage_options(before.options, after.options):
        yield Statement(sql=f"{target} {clause}")
    toast = settings.changed_storage_options(before.toast_options, after.toast_options, "toast.")
    for clause in toast:
        yield Statement(sql=f"{target} {clause}")
    if "foreign_options" in attributes:
        clause = settings.changed_foreign_options(before.foreign_options, after.foreign_options)
        yield Statement(sql=f"{target} {clause}")
    by_index = any(t.replica_identity.startswith("USING") for t in (before, after))
    if "replica_identity" in attributes and not by_index:
        yield Statement(sql=f"{target} {replica_identity_clause(after)}")
    yield from _alter_row_security(before, after, target)
    yield from settings.altered_settings(before, after, attributes)
    yield from access.given_back_to_columns(before, after, attributes, context)


def _set_access_method(table: Table, target: str, rewrite: Danger) -> Statement:
    if table.form is TableForm.PARTITIONED:
        # It has no rows; DEFAULT is for its new partitions, and not the heap of now.
        method = name(table.access_method) if table.access_method else "DEFAULT"
        return Statement(sql=f"{target} SET ACCESS METHOD {method}")
    method = name(table.access_method or "heap")
    return Statement(sql=f"{target} SET ACCESS METHOD {method}", dangers=(rewrite,))


def _alter_row_security(before: Table, after: Table, target: str) -> Iterator[Statement]:
    weaker = (Danger(hazard=Hazard.WEAKEN_SECURITY, lock=_EXCLUSIVE),)
    if before.row_security != after.row_security:
        word, dangers = ("ENABLE", ()) if after.row_security else ("DISABLE", weaker)
        yield Statement(sql=f"{target} {word} ROW LEVEL SECURITY", dangers=dangers)
    if before.force_row_security != after.force_row_security:
        word, dangers = ("FORCE", ()) if after.force_row_security else ("NO FORCE", weaker)
        yield Statement(sql=f"{target} {word} ROW LEVEL SECURITY", dangers=dangers)
