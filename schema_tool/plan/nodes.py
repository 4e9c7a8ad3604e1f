"""Node: one thing to do to one object, and its place among equals."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from schema_tool.catalog import Identity, Kind
from schema_tool.plan.decisions import TYPES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


class Verb(StrEnum):
    """What a node does; the order of the words is the order among equals."""

    DISOWN = "disown"
    UNDEFAULT = "undefault"
    LEAVE = "leave"
    DROP = "drop"
    RENAME = "rename"
    ALTER = "alter"
    BUILD = "build"
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
    Kind.DEFAULT_PRIVILEGES,
    Kind.MEMBERSHIP,
]
RANK = {kind: rank for rank, kind in enumerate(_RANKS)}
# Objects that share a name space: a table and a view cannot have one name at one time.
_RELATION_NAMES = frozenset(
    {Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.SEQUENCE, Kind.INDEX, Kind.COMPOSITE}
)
# What gets no default privileges, or is what comes last.
_NOT_BY_DEFAULT = frozenset({Kind.DEFAULT_PRIVILEGES, Kind.EVENT_TRIGGER, Kind.MEMBERSHIP})
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


def late_edges(nodes: Collection[Node]) -> Iterator[tuple[Node, Node]]:
    """What is created gets what the live default privileges give, whatever else waits."""
    late = [node for node in nodes if node.identity.kind is Kind.DEFAULT_PRIVILEGES]
    for node in nodes if late else ():
        if node.verb is Verb.CREATE and node.identity.kind not in _NOT_BY_DEFAULT:
            yield from ((node, other) for other in late)
