"""Materialized views that are made anew beside those who read the old one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity
from schema_tool.catalog.model.relation import Index, MaterializedView
from schema_tool.catalog.quoting import name
from schema_tool.plan.emit import settings
from schema_tool.plan.emit.indexes import called, definition_of, fresh_name
from schema_tool.plan.emit.indexes_ahead import take_name
from schema_tool.plan.emit.phrase import address, phrase
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
    named = replace(view, identity=Identity(view.identity.kind, (schema, fresh_name(own))))
    yield replace(filled_view(named, context), apart=True)
    found = (context.desired.objects[part] for part in context.parts[view.identity])
    indexes = [index for index in found if isinstance(index, Index)]
    for index in indexes:
        meanwhile = called(index, fresh_name(index.identity.parts[1]))
        text = meanwhile.definition.replace(f" ON {address(view)} ", f" ON {address(named)} ", 1)
        yield Statement(sql=definition_of(replace(meanwhile, definition=text)))
    # Before anybody sees it, who owns it and who may read it is said.
    yield from settings.after_creation(named, context.live)
    for statement in drop:
        yield replace(statement, apart=True)
    yield Statement(sql=f"ALTER {phrase(named)} RENAME TO {name(own)}")
    for index in indexes:
        yield from take_name(index)
