"""Views, materialized views and what is set on their columns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import MaterializedView, View, ViewColumn
from schema_tool.catalog.quoting import name
from schema_tool.plan.emit import access, settings
from schema_tool.plan.emit.columns import COMPRESSION, STORAGE, alter_clause
from schema_tool.plan.emit.expression import named_values, query_text
from schema_tool.plan.emit.phrase import address, phrase
from schema_tool.plan.steps import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.emit.context import Context

# Source: pg_type.typstorage. Of the others only EXTENDED can be altered.
_MAIN_STORAGE = frozenset({"numeric", "inet", "cidr"})


def _with(options: tuple[str, ...], toast: tuple[str, ...] = ()) -> str:
    kinds = (settings.storage_options(options), settings.storage_options(toast, "toast."))
    said = ", ".join(filter(None, kinds))
    return f" WITH ({said})" if said else ""


def _text(view: View, *, again: bool = False) -> str:
    head = "CREATE OR REPLACE VIEW" if again else "CREATE VIEW"
    names, query = _query(view)
    return f"{head} {address(view)}{names}{_with(view.options)} AS\n{query}"


def _query(view: View | MaterializedView) -> tuple[str, str]:
    """The names of the columns where the query does not give them, and the query."""
    values = named_values(view.definition)
    if not values:
        return "", query_text(view.definition)
    return f" ({', '.join(name(column) for column, _ in view.columns)})", values


def create_view(view: Entity, context: Context) -> Iterator[Statement]:
    """CREATE VIEW with its options."""
    assert isinstance(view, View)
    yield Statement(sql=_text(view))
    yield from settings.after_creation(view, context.live)


def must_rebuild_view(before: View, after: View, attributes: tuple[str, ...]) -> bool:
    """OR REPLACE can only add columns at the end."""
    if "definition" not in attributes:
        return False
    return after.columns[: len(before.columns)] != before.columns


def alter_view(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """OR REPLACE, or the options."""
    assert isinstance(before, View)
    assert isinstance(after, View)
    if "definition" in attributes:
        yield Statement(sql=_text(after, again=True))
    elif "options" in attributes:
        for clause in settings.changed_storage_options(before.options, after.options):
            yield Statement(sql=f"ALTER {phrase(after)} {clause}")
    yield from settings.altered_settings(before, after, attributes)
    yield from access.given_back_to_columns(before, after, attributes, context)


def create_materialized_view(view: Entity, context: Context) -> Iterator[Statement]:
    """CREATE MATERIALIZED VIEW, with what is set on it."""
    assert isinstance(view, MaterializedView)
    yield replace(filled_view(view, context), apart=view.identity in context.late_fillings)
    yield from settings.after_creation(view, context.live)


def filled_view(view: MaterializedView, context: Context) -> Statement:
    """CREATE MATERIALIZED VIEW, filled when it is to be or when the live one was."""
    live = context.live.objects.get(view.identity)
    filled = view.populated or (isinstance(live, MaterializedView) and live.populated)
    using = f" USING {name(view.access_method)}" if view.access_method else ""
    space = f" TABLESPACE {name(view.tablespace)}" if view.tablespace else ""
    end = "WITH DATA" if filled else "WITH NO DATA"
    options = _with(view.options, view.toast_options)
    names, query = _query(view)
    head = f"CREATE MATERIALIZED VIEW {address(view)}{names}{using}{options}{space}"
    return Statement(sql=f"{head} AS\n{query}\n{end}")


def alter_materialized_view(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """Options, tablespace, access method."""
    assert isinstance(before, MaterializedView)
    assert isinstance(after, MaterializedView)
    clauses = [
        *settings.changed_storage_options(before.options, after.options),
        *settings.changed_storage_options(before.toast_options, after.toast_options, "toast."),
    ]
    for clause in clauses:
        yield Statement(sql=f"ALTER {phrase(after)} {clause}")
    if "tablespace" in attributes:
        space = name(after.tablespace or "pg_default")
        yield Statement(sql=f"ALTER {phrase(after)} SET TABLESPACE {space}")
    if "access_method" in attributes:
        method = name(after.access_method or "heap")
        yield Statement(sql=f"ALTER {phrase(after)} SET ACCESS METHOD {method}")
    yield from settings.altered_settings(before, after, attributes)
    yield from access.given_back_to_columns(before, after, attributes, context)


def create_view_column(column: Entity, context: Context) -> Iterator[Statement]:
    """What was set on a view's column."""
    assert isinstance(column, ViewColumn)
    blank = ViewColumn(identity=column.identity)
    names = ("default", "statistics", "storage", "compression", "options", "privileges", "comment")
    changed = tuple(n for n in names if getattr(blank, n) != getattr(column, n))
    yield from alter_view_column(blank, column, changed, context)


def drop_view_column(column: Entity, context: Context) -> Iterator[Statement]:
    """Take back what was set on a view's column that stays."""
    assert isinstance(column, ViewColumn)
    blank = ViewColumn(identity=column.identity)
    names = ("default", "statistics", "storage", "compression", "options", "privileges", "comment")
    changed = tuple(n for n in names if getattr(blank, n) != getattr(column, n))
    yield from alter_view_column(column, blank, changed, context)


def _own_storage(column: ViewColumn, context: Context) -> str:
    """What the column's type stores by itself; SET STORAGE DEFAULT is there from 16 on only."""
    schema, relation, named = column.identity.parts
    view = context.desired.objects.get(Identity(Kind.MATERIALIZED_VIEW, (schema, relation)))
    types = dict(view.columns) if isinstance(view, MaterializedView) else {}
    base = types.get(named, "").split("(", 1)[0]
    return "MAIN" if base in _MAIN_STORAGE else "EXTENDED"


def alter_view_column(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """A view's column: default, statistics, storage, options."""
    assert isinstance(before, ViewColumn)
    assert isinstance(after, ViewColumn)
    view = Identity(Kind.VIEW, after.identity.parts[:2])
    word = "VIEW" if view in context.desired.objects else "MATERIALIZED VIEW"
    if "default" in attributes:
        clause = f"SET DEFAULT {after.default}" if after.default else "DROP DEFAULT"
        yield alter_clause(after, clause, word=word)
    if "storage" in attributes:
        storage = STORAGE.get(after.storage) or _own_storage(after, context)
        yield alter_clause(after, f"SET STORAGE {storage}", word=word)
    if "compression" in attributes:
        yield alter_clause(after, f"SET COMPRESSION {COMPRESSION[after.compression]}", word=word)
    if "statistics" in attributes:
        target = -1 if after.statistics is None else after.statistics
        yield alter_clause(after, f"SET STATISTICS {target}", word=word)
    if "options" in attributes:
        for clause in settings.changed_storage_options(before.options, after.options):
            yield alter_clause(after, clause, word=word)
    yield from settings.altered_settings(before, after, attributes)
