"""What stands on whole rows of a table: it is away while one of its columns gets another type.

A check or an index that calls a function with the row is read as it was stored, and a materialized
view may hold the rows themselves. Source: find_composite_type_dependencies(), tablecmds.c;
ExecEvalWholeRowVar(), execExprInterp.c.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Constraint, Index, MaterializedView
from schema_tool.catalog.quoting import name
from schema_tool.plan.children.inheritance import descendants
from schema_tool.plan.decide.held_rows import has_inside, rewrites_rows
from schema_tool.plan.decide.type_changes import changes_type
from schema_tool.plan.nodes import Node, Verb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from schema_tool.plan.decisions import Decisions

ROW_WRITERS = (Kind.COLUMN, Kind.TABLE, Kind.DOMAIN)


def users_of_rows(changed: Identity, decisions: Decisions) -> Iterator[Identity]:
    """What cannot stay while a column, or a table as a whole, is rewritten, or a domain checked."""
    change = decisions.alter.get(changed)
    retyped = change is not None and changes_type(change)
    if not retyped and not rewrites_rows(changed, decisions):
        return
    if changed.kind is Kind.DOMAIN:
        yield from _views_around(changed, decisions)
        return
    table = Identity(Kind.TABLE, changed.parts[:2])
    below = descendants(table, decisions.children) if changed.kind is Kind.COLUMN else ()
    for place in (table, *below):
        before, _ = decisions.holders.get(place.parts, (frozenset[Identity](), ()))
        yield from (user for user in before if user.kind is Kind.MATERIALIZED_VIEW)
        for part in decisions.parts.get(place, ()) if retyped else ():
            guard = decisions.live.objects[part]
            if isinstance(guard, Constraint | Index) and _reads_row(guard, place):
                yield part


def _views_around(domain: Identity, decisions: Decisions) -> Iterator[Identity]:
    """Materialized views with a domain's values inside of others: the server reads none of them."""
    before, _ = decisions.holders.get(domain.parts, (frozenset[Identity](), ()))
    for user in before:
        view = decisions.live.objects[user]
        types = [kind for _, kind in view.columns] if isinstance(view, MaterializedView) else []
        if any(has_inside(kind, domain.parts, decisions.live) for kind in types):
            yield user


def _reads_row(guard: Constraint | Index, table: Identity) -> bool:
    row = rf'(?<![\w".]){re.escape(name(table.parts[1]))}\.\*'
    return re.search(row, guard.definition) is not None


def row_edges(nodes: AbstractSet[Node], decisions: Decisions) -> Iterator[tuple[Node, Node]]:
    """Wishes: it goes before the rewriting, and comes after it."""
    for node in nodes:
        if node.verb in (Verb.ALTER, Verb.CREATE) and node.identity.kind in ROW_WRITERS:
            for user in users_of_rows(node.identity, decisions):
                yield Node(Verb.DROP, user), node
                yield node, Node(Verb.CREATE, user)
