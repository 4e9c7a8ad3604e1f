"""Materialized views that are made anew beside those who read the old one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity
from schema_tool.catalog.model.relation import Index, MaterializedView
from schema_tool.catalog.quoting import name, qualified
from schema_tool.plan.emit import settings
from schema_tool.plan.emit.indexes import definition_of, fresh_name, index_settings
from schema_tool.plan.emit.phrase import address
from schema_tool.plan.emit.views import filled_view
from schema_tool.plan.steps import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.emit.context import Context


def refill(view: Entity, drop: Iterable[Statement], context: Context) -> Iterator[Statement]:
    """It is filled and indexed under another name, and takes its own when the old one goes."""
    assert isinstance(view, MaterializedView)
    schema, own = view.identity.parts
    fresh = qualified(schema, fresh_name(own))
    named = replace(view, identity=Identity(view.identity.kind, (schema, fresh_name(own))))
    yield replace(filled_view(named, context), apart=True)
    found = (context.desired.objects[part] for part in context.parts[view.identity])
    indexes = [index for index in found if isinstance(index, Index)]
    for index in indexes:
        head = f" {name(index.identity.parts[1])} ON {address(view)} "
        meanwhile = f" {name(fresh_name(index.identity.parts[1]))} ON {fresh} "
        text = index.definition.replace(head, meanwhile, 1)
        yield Statement(sql=definition_of(replace(index, definition=text)))
    for statement in drop:
        yield replace(statement, apart=True)
    yield Statement(sql=f"ALTER MATERIALIZED VIEW {fresh} RENAME TO {name(own)}")
    for index in indexes:
        place = qualified(schema, fresh_name(index.identity.parts[1]))
        yield Statement(sql=f"ALTER INDEX {place} RENAME TO {name(index.identity.parts[1])}")
        yield from index_settings(index)
    yield from settings.after_creation(view, context.live)
