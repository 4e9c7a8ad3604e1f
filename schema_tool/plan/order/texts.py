"""What an object's own text names, and no dependency of the server's tells of."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from schema_tool.catalog import Kind
from schema_tool.catalog.model.definition import Routine
from schema_tool.catalog.model.search import TextSearchDictionary
from schema_tool.plan.nodes import Node, Verb
from schema_tool.plan.words import names_all_columns, names_in_body

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from schema_tool.catalog import Catalog, Identity
    from schema_tool.plan.graph import Graph

    Edges = Iterator[tuple[Node, Node]]

_MADE = (Verb.CREATE, Verb.ALTER)
_NAMED = (Kind.ROUTINE, Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.TEXT_SEARCH_DICTIONARY)


def excluded_edges(nodes: Collection[Node], desired: Catalog, graph: Graph) -> Edges:
    """A column is gone before what stands on all of its table's columns is made."""
    gone: dict[tuple[str, ...], list[Node]] = defaultdict(list)
    for node in nodes:
        if node.verb is Verb.DROP and node.identity.kind is Kind.COLUMN:
            gone[node.identity.parts[:2]].append(node)
    for node in nodes if gone else ():
        if node.verb is Verb.CREATE and names_all_columns(desired.objects.get(node.identity)):
            for needed in graph.needs.get(node.identity, ()):
                yield from ((column, node) for column in gone.get(needed.parts[:2], ()))


def body_edges(nodes: Collection[Node], desired: Catalog, graph: Graph) -> Edges:
    """Wishes: what a routine's text names exists before it, and before a default calls it.

    A thesaurus names the dictionary that it reads its own phrases with.
    """
    wanted: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        if node.verb in _MADE and node.identity.kind in _NAMED:
            wanted[node.identity.parts[1]].append(node)
    named: dict[Identity, list[Node]] = {}
    for node in nodes:
        entity = desired.objects.get(node.identity)
        if node.verb in _MADE and isinstance(entity, Routine | TextSearchDictionary):
            text = entity.body if isinstance(entity, Routine) else entity.options
            others = [other for word in names_in_body(text) for other in wanted.get(word, ())]
            named[node.identity] = others
            yield from ((other, node) for other in others)
    for node in nodes if named else ():
        if node.verb in (*_MADE, Verb.DEFAULT) and node.identity.kind is Kind.COLUMN:
            for routine in graph.needs.get(node.identity, ()):
                yield from ((other, node) for other in named.get(routine, ()))
