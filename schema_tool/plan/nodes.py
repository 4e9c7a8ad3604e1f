"""Node: one thing to do to one object, and its place among equals."""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.definition import Range
from schema_tool.catalog.quoting import names_in
from schema_tool.plan.decisions import TYPES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from schema_tool.catalog import Catalog

    _Parts = Mapping[Identity, list[Identity]]


class Verb(StrEnum):
    """What a node does; the order of the words is the order among equals."""

    DISOWN = "disown"
    UNDEFAULT = "undefault"
    LEAVE = "leave"
    UNIDENTIFY = "unidentify"
    DROP = "drop"
    RENAME = "rename"
    ALTER = "alter"
    BUILD = "build"
    CHECK = "check"
    CREATE = "create"
    COPY = "copy"
    DROP_OLD = "drop old"
    DEFAULT = "default"
    OWN = "own"
    FINISH = "finish"
    VALIDATE = "validate"
    SETTLE = "settle"


class Node(NamedTuple):
    """One thing to do to one object."""

    verb: Verb
    identity: Identity

    @property
    def is_replaced(self) -> bool:
        """Whether what stands on it need not go first: OR REPLACE minds nobody."""
        return self.verb is Verb.ALTER and self.identity.kind is Kind.ROUTINE


# The order of creation where nothing depends on anything; drops go the other way round.
_RANKS = [
    Kind.SCHEMA,
    Kind.EXTENSION,
    Kind.LANGUAGE,
    Kind.ACCESS_METHOD,
    Kind.COLLATION,
    Kind.ENUM,
    Kind.BASE_TYPE,
    Kind.DOMAIN,
    Kind.COMPOSITE,
    Kind.RANGE,
    # An expression that one without a function stands in does not depend on it.
    Kind.CAST,
    Kind.TEXT_SEARCH_PARSER,
    Kind.TEXT_SEARCH_TEMPLATE,
    Kind.TEXT_SEARCH_DICTIONARY,
    Kind.TEXT_SEARCH_CONFIGURATION,
    Kind.CONVERSION,
    Kind.FOREIGN_DATA_WRAPPER,
    Kind.SERVER,
    Kind.USER_MAPPING,
    Kind.SEQUENCE,
    Kind.TABLE,
    Kind.COLUMN,
    Kind.CONSTRAINT,
    Kind.INDEX,
    Kind.STATISTICS,
    Kind.ROUTINE,
    Kind.OPERATOR,
    Kind.OPERATOR_FAMILY,
    Kind.OPERATOR_CLASS,
    Kind.TRANSFORM,
    Kind.VIEW,
    Kind.MATERIALIZED_VIEW,
    Kind.VIEW_COLUMN,
    Kind.RULE,
    Kind.TRIGGER,
    Kind.POLICY,
    Kind.EVENT_TRIGGER,
    Kind.PUBLICATION,
    Kind.SUBSCRIPTION,
    Kind.EXTENSION_USE,
    Kind.FOUND_PRIVILEGES,
    Kind.DEFAULT_PRIVILEGES,
    Kind.MEMBERSHIP,
]
RANK = {kind: rank for rank, kind in enumerate(_RANKS)}
# Objects that share a name space: a table and a view cannot have one name at one time.
_RELATION_NAMES = frozenset(
    {Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.SEQUENCE, Kind.INDEX, Kind.COMPOSITE}
)
# What reads columns by their names and types.
READERS = frozenset(
    {Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.ROUTINE, Kind.RULE, Kind.POLICY, Kind.TRIGGER}
)
NAMED = _RELATION_NAMES | TYPES
_TYPE_NAMES = TYPES | {Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW}


def names_of(identity: Identity) -> Iterator[tuple[str, ...]]:
    """The name spaces in which an object has its name."""
    parts = identity.parts
    if identity.kind in _RELATION_NAMES:
        yield ("relation", *parts[:2])
    if identity.kind in _TYPE_NAMES:
        yield ("type", *parts[:2])
    if identity.kind is Kind.CONSTRAINT:
        yield ("relation", parts[0], parts[2])
        yield ("constraint", *parts)
    if identity.kind is Kind.ROUTINE:
        yield ("routine", *parts)


def _overloads_of(identity: Identity) -> Iterator[tuple[str, ...]]:
    """What functions of one name share: beside both, a call is ambiguous."""
    if identity.kind is Kind.ROUTINE:
        yield ("overload", *identity.parts[:2])


def _multirange_of(identity: Identity, catalog: Catalog) -> Iterator[tuple[str, ...]]:
    """The type that a range type brings along."""
    entity = catalog.objects.get(identity)
    if isinstance(entity, Range):
        yield ("type", *names_in(entity.multirange))


def name_edges(
    nodes: Collection[Node],
    live: tuple[Catalog, _Parts],
    desired: tuple[Catalog, _Parts],
    inline: Collection[Identity],
) -> Iterator[tuple[Node, Node, bool]]:
    """A name is free before it is taken again, by whatever kind of object; True: a wish."""
    ends: dict[tuple[str, ...], list[tuple[Node, bool]]] = defaultdict(list)
    for node in nodes:
        if node.verb in (Verb.DROP, Verb.RENAME):
            for key in (*names_of(node.identity), *_multirange_of(node.identity, live[0])):
                ends[key].append((node, False))
            for key in _overloads_of(node.identity):
                ends[key].append((node, True))
        # What goes along with it may have to wait for more; a sequence is renamed with its table.
        gone = live[1].get(node.identity, ()) if node.verb in (Verb.DROP, Verb.RENAME) else ()
        parts = (p for p in gone if node.verb is Verb.DROP or p.kind is Kind.SEQUENCE)
        for key in (key for part in parts for key in names_of(part)):
            ends[key].append((node, True))
    for node in nodes:
        if node.verb is Verb.CREATE:
            made = (part for part in desired[1].get(node.identity, ()) if part in inline)
            keys = [*_multirange_of(node.identity, desired[0])]
            for identity in (node.identity, *made):
                keys += (*names_of(identity), *_overloads_of(identity))
            for key in keys:
                yield from ((end, node, soft) for end, soft in ends.get(key, ()))
        elif node.is_replaced:
            # It may get a default and with it the other's calls.
            for key in _overloads_of(node.identity):
                yield from ((end, node, soft) for end, soft in ends.get(key, ()))
