"""Columns that hold rows of a table or a view: the server rewrites none whose rows are held.

Source: find_composite_type_dependencies(), tablecmds.c.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.definition import Composite, Domain, Range
from schema_tool.catalog.model.relation import Column, MaterializedView
from schema_tool.catalog.quoting import names_in, qualified
from schema_tool.plan.children.inheritance import ancestors
from schema_tool.plan.decide.containers import gets_stricter
from schema_tool.plan.graph import RELATIONS
from schema_tool.plan.nodes import Node, Verb
from schema_tool.plan.steps import Unplanned

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from schema_tool.catalog import Catalog
    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.graph import Graph

_RETYPED = frozenset({"type", "collation"})
_REWRITTEN = frozenset({"unlogged", "access_method"})


def find_held_rows(decisions: Decisions) -> None:
    """Note by the names of relations and domains what holds their rows and values."""
    live, desired = _holders(decisions.live), _holders(decisions.desired)
    for parts in live.keys() | desired.keys():
        if any(_has(Identity(kind, parts), decisions) for kind in (*RELATIONS, Kind.DOMAIN)):
            decisions.holders[parts] = live.get(parts, set()), desired.get(parts, set())


def _has(identity: Identity, decisions: Decisions) -> bool:
    return identity in decisions.live.objects or identity in decisions.desired.objects


def _holders(catalog: Catalog) -> dict[tuple[str, ...], set[Identity]]:
    """Columns and materialized views by the types whose values they hold, at any depth."""
    columns: dict[str, list[Identity]] = defaultdict(list)
    for column in catalog.each(Column):
        if "." in column.type:
            columns[column.type].append(column.identity)
    for view in catalog.each(MaterializedView):
        for _, type_name in view.columns:
            if "." in type_name:
                columns[type_name].append(view.identity)
    found: dict[tuple[str, ...], set[Identity]] = defaultdict(set)
    for type_name, users in columns.items():
        for parts in values_inside(type_name, catalog):
            found[parts].update(users)
    return found


def values_inside(type_name: str, catalog: Catalog) -> set[tuple[str, ...]]:
    """The types of which a value has values in it, its own included."""
    found: set[tuple[str, ...]] = set()
    waiting = [type_name]
    while waiting:
        parts = names_in(waiting.pop().removesuffix("[]"))
        if parts in found:
            continue
        found.add(parts)
        waiting += _parts_of_values(parts, catalog)
    return found


def _parts_of_values(parts: tuple[str, ...], catalog: Catalog) -> Iterator[str]:
    """The types of what a value of a domain, a row or a range is made of."""
    for kind in (Kind.DOMAIN, Kind.COMPOSITE, Kind.RANGE, Kind.TABLE):
        entity = catalog.objects.get(Identity(kind, parts))
        if isinstance(entity, Domain):
            yield entity.base_type
        elif isinstance(entity, Composite):
            yield from (attribute.type for attribute in entity.attributes)
        elif isinstance(entity, Range):
            yield entity.subtype
        elif entity is not None:
            columns = (c for c in catalog.each(Column) if c.identity.parts[:2] == parts)
            yield from (column.type for column in columns)


def has_inside(type_name: str, domain: tuple[str, ...], catalog: Catalog) -> bool:
    """Whether a type has a domain's values inside of its own, where the server proves none.

    Source: get_rels_with_domain(), typecmds.c, which looks through domains alone.
    """
    parts = names_in(type_name)
    while parts != domain:
        outer = catalog.objects.get(Identity(Kind.DOMAIN, parts))
        if not isinstance(outer, Domain):
            return domain in values_inside(type_name, catalog)
        type_name = outer.base_type
        parts = names_in(type_name)
    return False


def who_holds(relation: Identity, decisions: Decisions) -> Identity | None:
    """A column that holds rows of a relation before and after."""
    none: frozenset[Identity] = frozenset()
    before, after = decisions.holders.get(relation.parts[:2], (none, none))
    # A materialized view is made anew.
    return min((i for i in before & after if i.kind is Kind.COLUMN), default=None)


def what_is_held(relation: Identity, decisions: Decisions) -> str:
    """Why nothing is rewritten of a relation; empty where no column holds its rows."""
    column = who_holds(relation, decisions)
    if column is None:
        return ""
    return f"column {qualified(*column.parts)} holds rows of {qualified(*relation.parts[:2])}"


def refused(decisions: Decisions, desired: Graph) -> Iterator[Unplanned]:
    """What the server would refuse because a column holds rows before and after."""
    for parts in sorted(decisions.holders):
        for kind in RELATIONS:
            relation = Identity(kind, parts)
            reason = what_is_held(relation, decisions)
            if reason and relation in decisions.live.objects:
                touched = _touched(relation, decisions, desired)
                yield from (Unplanned(identity=i, reason=reason) for i in touched)


def _touched(relation: Identity, decisions: Decisions, desired: Graph) -> Iterator[Identity]:
    """The relation where it goes or is rewritten, and its columns that would have it rewritten."""
    if relation in decisions.moved:
        # Its type goes with the old table.
        yield relation
    if relation in decisions.swapped | decisions.moved:
        return
    change = decisions.alter.get(relation)
    if relation in decisions.drop or (change and _REWRITTEN.intersection(change.attributes)):
        yield relation
    if relation not in decisions.drop:
        for part in desired.parts.get(relation, ()):
            if any(_rewrites(node, decisions) for node in _nodes_of(part, decisions)):
                yield part


def rewrites_rows(identity: Identity, decisions: Decisions) -> bool:
    """Whether the server looks for whoever holds rows of a table, or values of a domain."""
    change = decisions.alter.get(identity)
    if change and isinstance(change.before, Domain) and isinstance(change.after, Domain):
        return gets_stricter(change.before, change.after)
    if identity.kind is Kind.TABLE:
        return change is not None and bool(_REWRITTEN.intersection(change.attributes))
    return any(_rewrites(Node(verb, identity), decisions) for verb in (Verb.CREATE, Verb.ALTER))


def _nodes_of(part: Identity, decisions: Decisions) -> Iterator[Node]:
    """What may happen to a column by itself, or with that of a table above."""
    if part.kind is not Kind.COLUMN:
        return
    table = Identity(Kind.TABLE, part.parts[:2])
    for place in (table, *ancestors(table, decisions.desired)):
        for verb in (Verb.CREATE, Verb.ALTER):
            yield Node(verb, Identity(Kind.COLUMN, (*place.parts, part.parts[2])))


def _rewrites(node: Node, decisions: Decisions) -> bool:
    """Whether the rows that are there get other values."""
    verb, identity = node
    column = decisions.desired.objects.get(identity)
    if not isinstance(column, Column):
        return False
    if verb is Verb.CREATE:
        return identity in decisions.create and _brings_values(column, decisions)
    change = decisions.alter.get(identity)
    if change is None:
        return False
    expression = column.generated == "s" and "default" in change.attributes
    return expression or bool(_RETYPED.intersection(change.attributes))


def _brings_values(column: Column, decisions: Decisions) -> bool:
    """Whether a new column has more than NULL in the rows that are there."""
    domain = decisions.desired.objects.get(Identity(Kind.DOMAIN, names_in(column.type)))
    checked = isinstance(domain, Domain) and bool(
        domain.constraints or domain.not_null or domain.default
    )
    virtual = column.generated == "v"
    return not virtual and (checked or bool(column.default or column.identity_generation))


def held_edges(
    nodes: AbstractSet[Node], decisions: Decisions, desired: Graph
) -> Iterator[tuple[Node, Node]]:
    """Wishes: rows are held no more, or not yet, when their table is rewritten."""
    for parts, (before, after) in decisions.holders.items():
        table = Identity(Kind.TABLE, parts)
        rewriting = [
            node
            for part in desired.parts.get(table, ())
            for node in _nodes_of(part, decisions)
            if node in nodes and _rewrites(node, decisions)
        ]
        if Node(Verb.ALTER, table) in nodes:
            rewriting.append(Node(Verb.ALTER, table))
        for node in rewriting:
            for ended in before - after:
                yield from ((end, node) for end in _places(ended, (Verb.DROP, Verb.ALTER)))
            for begun in after - before:
                yield from ((node, birth) for birth in _places(begun, (Verb.CREATE, Verb.ALTER)))


def _places(column: Identity, verbs: tuple[Verb, ...]) -> Iterator[Node]:
    for verb in verbs:
        yield Node(verb, column)
        if verb is not Verb.ALTER:
            yield Node(verb, Identity(Kind.TABLE, column.parts[:2]))
