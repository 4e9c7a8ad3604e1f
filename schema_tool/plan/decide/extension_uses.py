"""DEPENDS ON EXTENSION, which the server forgets when it replaces an object.

Source: ProcedureCreate(), CreateTriggerFiringOn(): OR REPLACE deletes the old dependencies; an
index of a column that is converted is dropped and made anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.cluster import ExtensionUse
from schema_tool.catalog.model.relation import Index
from schema_tool.plan.children.inheritance import ancestors
from schema_tool.plan.decide.type_changes import changes_type
from schema_tool.plan.emit.indexes import must_rebuild_index
from schema_tool.plan.emit.rewritten import names_column

if TYPE_CHECKING:
    from schema_tool.plan.decisions import Decisions

_SAID_AGAIN = frozenset({"definition", "canonical", "arguments"})


def say_extension_uses_again(decisions: Decisions) -> None:
    """Give what stays dependent its dependence once more, where the plan costs it that."""
    for use in decisions.desired.each(ExtensionUse):
        if use.identity in decisions.live.objects and _is_replaced(use.user, decisions):
            decisions.create.add(use.identity)


def _is_replaced(user: Identity, decisions: Decisions) -> bool:
    change = decisions.alter.get(user)
    if user.kind is not Kind.INDEX:
        return change is not None and bool(_SAID_AGAIN & set(change.attributes))
    index = decisions.live.objects.get(user)
    if not isinstance(index, Index) or user in decisions.drop:
        return False
    after = change.after if change is not None else None
    attributes = change.attributes if change is not None else ()
    if isinstance(after, Index) and must_rebuild_index(index, after, attributes):
        return True
    tables = {t.parts for t in (index.table, *ancestors(index.table, decisions.live))}
    return any(
        column.parts[:2] in tables and changes_type(change) and names_column(index, column)
        for column, change in decisions.alter.items()
    )
