"""Default privileges: what is created gets those of the live database, and comes before others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Kind
from schema_tool.plan.decisions import TYPES
from schema_tool.plan.nodes import Node, Verb

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from schema_tool.catalog import Identity

# What they are granted on is made with these: a column may bring a sequence, a range functions.
_MADE_WITH = {
    "TABLES": frozenset({Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW}),
    "SEQUENCES": frozenset({Kind.SEQUENCE, Kind.TABLE, Kind.COLUMN}),
    "ROUTINES": frozenset({Kind.ROUTINE, Kind.RANGE, Kind.LANGUAGE}),
    "TYPES": frozenset(TYPES),
    "SCHEMAS": frozenset({Kind.SCHEMA}),
}
_MAKING = (Verb.CREATE, Verb.ALTER)


def default_edges(nodes: Collection[Node]) -> Iterator[tuple[Node, Node]]:
    """Pairs of nodes: what is created, and the default privileges that others shall get."""
    for default in (node for node in nodes if node.identity.kind is Kind.DEFAULT_PRIVILEGES):
        for node in nodes:
            if node.verb is Verb.CREATE and _concerns(default.identity, node.identity):
                yield node, default


def idle_defaults(nodes: Collection[Node]) -> Iterator[Node]:
    """Default privileges that are for nothing of what the plan makes, whenever they change."""
    made = {node.identity for node in nodes if node.verb in _MAKING}
    for default in (node for node in nodes if node.identity.kind is Kind.DEFAULT_PRIVILEGES):
        if not any(_concerns(default.identity, identity) for identity in made):
            yield default


def _concerns(default: Identity, made: Identity) -> bool:
    """Whether an object of a plan, or what it brings along, may get default privileges."""
    _, schema, objects = default.parts
    if made.kind is Kind.EXTENSION:
        return True
    near = made.kind in (Kind.SCHEMA, Kind.LANGUAGE) or schema in ("", made.parts[0])
    return near and made.kind in _MADE_WITH.get(objects, ())
