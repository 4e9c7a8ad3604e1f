"""Materialized views that are filled when the locks of all else are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.definition import Routine
from schema_tool.catalog.model.relation import MaterializedView
from schema_tool.plan.decisions import TYPES
from schema_tool.plan.emit.indexes import fresh_name
from schema_tool.plan.graph import RELATIONS, closure
from schema_tool.plan.words import names_in_body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.emit.context import Context
    from schema_tool.plan.graph import Graph

_NAMED_ALIKE = (*RELATIONS, Kind.COMPOSITE)
_FILLED = frozenset({Kind.TABLE, Kind.MATERIALIZED_VIEW})


def late_fillings(decisions: Decisions, context: Context, graph: Graph) -> Iterator[Identity]:
    """Those made over rows that are there, where nothing else that is made waits for them."""
    new = [i for i in decisions.create if i.kind is Kind.MATERIALIZED_VIEW]
    named = _names_in_changed_bodies(decisions) if new else set()
    old = decisions.live.objects
    for identity in new:
        view = decisions.desired.objects[identity]
        assert isinstance(view, MaterializedView)
        if not view.populated or identity.parts[1] in named:
            continue
        if any(Identity(kind, identity.parts) in old for kind in _NAMED_ALIKE) and not _may_stay(
            identity, decisions, context
        ):
            continue
        read = closure([identity], graph.needs)
        full = any(i.kind in _FILLED and i in old for i in read)
        # A view that is made has its owner, and so its grants, only when what reads it is filled.
        made = any(i.kind is Kind.VIEW and i in decisions.create for i in read)
        read_by = graph.needed_by.get(identity, set()) - {*graph.parts[identity]}
        if full and not made and not read_by:
            yield identity


def _may_stay(identity: Identity, decisions: Decisions, context: Context) -> bool:
    """Whether the old one can be read until the new one is filled: what both read stays."""
    before = decisions.live.objects.get(identity)
    if not isinstance(before, MaterializedView) or not before.populated:
        return False
    if identity in decisions.because:
        # The rows that it holds are rewritten.
        return False
    parts = {*decisions.parts.get(identity, ()), *context.parts[identity]}
    if any(part.kind is not Kind.INDEX for part in parts):
        return False
    if not decisions.live_graph.needed_by.get(identity, set()) <= parts:
        return False
    touched = decisions.drop | decisions.moved | decisions.swapped
    read = {i for i in decisions.live_graph.needs.get(identity, ()) if i.kind is not Kind.SCHEMA}
    read |= {Identity(Kind.TABLE, i.parts[:2]) for i in read if i.kind is Kind.COLUMN}
    altered = (i for i in read if i in decisions.alter and i.kind is not Kind.TABLE)
    return touched.isdisjoint(read) and not any(altered) and _is_free(identity, decisions, context)


def _is_free(identity: Identity, decisions: Decisions, context: Context) -> bool:
    """Whether no name that it and its indexes have meanwhile, or exchange, is another's."""
    schema, own = identity.parts
    old = {i.parts[1] for i in decisions.parts.get(identity, ())}
    new = {i.parts[1] for i in context.parts[identity]}
    meanwhile = {fresh_name(each) for each in (own, *new)}
    type_names = [Identity(kind, (schema, fresh_name(own))) for kind in TYPES]
    for catalog, names, gone in (
        (decisions.live, context.live_names[schema], new - old),
        (decisions.desired, context.desired_names[schema], old - new),
    ):
        if not names.isdisjoint(meanwhile | gone) or any(i in catalog.objects for i in type_names):
            return False
    return True


def _names_in_changed_bodies(decisions: Decisions) -> set[str]:
    """What the text of a routine names that comes or changes: it may be called at once."""
    found: set[str] = set()
    for identity in (*decisions.alter, *decisions.create):
        routine = decisions.desired.objects.get(identity)
        if isinstance(routine, Routine):
            found |= names_in_body(routine.body)
    return found
