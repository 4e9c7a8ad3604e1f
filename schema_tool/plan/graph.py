"""What depends on what: the edges of pg_depend between objects that the catalog models."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.identity import SystemCatalog as Sys
from schema_tool.catalog.model.definition import Extension
from schema_tool.catalog.model.relation import (
    Column,
    Constraint,
    Index,
    Sequence,
    Statistics,
    Table,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schema_tool.catalog import Catalog
    from schema_tool.catalog.model.entity import Entity

    Key = tuple[int, int]
    Edge = tuple[int, int, int, int, int, int, str]

CATALOG_OF: dict[Kind, Sys] = {
    Kind.SCHEMA: Sys.PG_NAMESPACE,
    Kind.EXTENSION: Sys.PG_EXTENSION,
    Kind.TABLE: Sys.PG_CLASS,
    Kind.INDEX: Sys.PG_CLASS,
    Kind.SEQUENCE: Sys.PG_CLASS,
    Kind.VIEW: Sys.PG_CLASS,
    Kind.MATERIALIZED_VIEW: Sys.PG_CLASS,
    Kind.CONSTRAINT: Sys.PG_CONSTRAINT,
    Kind.ROUTINE: Sys.PG_PROC,
    Kind.TRIGGER: Sys.PG_TRIGGER,
    Kind.EVENT_TRIGGER: Sys.PG_EVENT_TRIGGER,
    Kind.RULE: Sys.PG_REWRITE,
    Kind.POLICY: Sys.PG_POLICY,
    Kind.ENUM: Sys.PG_TYPE,
    Kind.DOMAIN: Sys.PG_TYPE,
    Kind.COMPOSITE: Sys.PG_TYPE,
    Kind.RANGE: Sys.PG_TYPE,
    Kind.BASE_TYPE: Sys.PG_TYPE,
    Kind.DEFAULT_PRIVILEGES: Sys.PG_DEFAULT_ACL,
    Kind.PUBLICATION: Sys.PG_PUBLICATION,
    Kind.SUBSCRIPTION: Sys.PG_SUBSCRIPTION,
    Kind.FOREIGN_DATA_WRAPPER: Sys.PG_FOREIGN_DATA_WRAPPER,
    Kind.SERVER: Sys.PG_FOREIGN_SERVER,
    Kind.USER_MAPPING: Sys.PG_USER_MAPPING,
    Kind.STATISTICS: Sys.PG_STATISTIC_EXT,
    Kind.TEXT_SEARCH_PARSER: Sys.PG_TS_PARSER,
    Kind.TEXT_SEARCH_TEMPLATE: Sys.PG_TS_TEMPLATE,
    Kind.TEXT_SEARCH_DICTIONARY: Sys.PG_TS_DICT,
    Kind.TEXT_SEARCH_CONFIGURATION: Sys.PG_TS_CONFIG,
    Kind.COLLATION: Sys.PG_COLLATION,
    Kind.CONVERSION: Sys.PG_CONVERSION,
    Kind.CAST: Sys.PG_CAST,
    Kind.OPERATOR: Sys.PG_OPERATOR,
    Kind.OPERATOR_FAMILY: Sys.PG_OPFAMILY,
    Kind.OPERATOR_CLASS: Sys.PG_OPCLASS,
    Kind.LANGUAGE: Sys.PG_LANGUAGE,
    Kind.ACCESS_METHOD: Sys.PG_AM,
    Kind.TRANSFORM: Sys.PG_TRANSFORM,
}
_RELATIONS = (Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW)
# Kinds that no schema contains.
_OUTSIDE = frozenset(
    {
        Kind.SCHEMA,
        Kind.EXTENSION,
        Kind.EVENT_TRIGGER,
        Kind.PUBLICATION,
        Kind.SUBSCRIPTION,
        Kind.FOREIGN_DATA_WRAPPER,
        Kind.SERVER,
        Kind.USER_MAPPING,
        Kind.CAST,
        Kind.LANGUAGE,
        Kind.ACCESS_METHOD,
        Kind.TRANSFORM,
        Kind.DEFAULT_PRIVILEGES,
    }
)
# Of two owners that an unmodelled object names, the one that it is part of.
_PUBLICATION_PARTS = (6106, 6237)


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """Edges both ways: what an object needs, and what needs it."""

    needs: dict[Identity, set[Identity]] = field(default_factory=lambda: defaultdict(set))
    needed_by: dict[Identity, set[Identity]] = field(default_factory=lambda: defaultdict(set))

    def add(self, dependent: Identity, needed: Identity) -> None:
        """Add an edge; an object does not depend on itself."""
        if dependent != needed:
            self.needs[dependent].add(needed)
            self.needed_by[needed].add(dependent)


def relation_of(identity: Identity, catalog: Catalog) -> Identity | None:
    """The relation that an object is part of; None for one that stands by itself."""
    if identity.kind in (Kind.INDEX, Kind.STATISTICS):
        entity = catalog.objects.get(identity)
        return entity.table if isinstance(entity, Index | Statistics) else None
    if identity.kind is Kind.SEQUENCE:
        entity = catalog.objects.get(identity)
        if isinstance(entity, Sequence) and entity.owned_by:
            return Identity(Kind.TABLE, entity.owned_by.parts[:2])
        return None
    if identity.kind in (
        Kind.COLUMN,
        Kind.VIEW_COLUMN,
        Kind.CONSTRAINT,
        Kind.TRIGGER,
        Kind.RULE,
        Kind.POLICY,
    ):
        for kind in _RELATIONS:
            relation = Identity(kind, identity.parts[:2])
            if relation in catalog.objects:
                return relation
    return None


def schema_of(identity: Identity) -> Identity | None:
    """The schema that contains an object."""
    if identity.kind in _OUTSIDE:
        return None
    return Identity(Kind.SCHEMA, identity.parts[:1])


class _Resolver:
    """OIDs -> identities, through the objects that are parts of others."""

    def __init__(self, catalog: Catalog, edges: list[Edge]) -> None:
        self._objects: dict[Key, Identity] = {}
        self._columns: dict[tuple[int, int], Identity] = {}
        self._owners: dict[Key, tuple[int, int, int]] = {}
        for identity, entity in catalog.objects.items():
            if isinstance(entity, Column):
                self._columns[entity.oid, entity.position] = identity
            elif identity.kind in CATALOG_OF:
                self._objects[CATALOG_OF[identity.kind], entity.oid] = identity
        for classid, objid, _, refclass, refobj, refsub, kind in edges:
            key = (classid, objid)
            if key in self._objects:
                continue
            if kind in "ie" or (kind == "a" and key not in self._owners):
                if classid in _PUBLICATION_PARTS and refclass != Sys.PG_PUBLICATION:
                    continue
                self._owners[key] = (refclass, refobj, refsub)

    def __call__(self, classid: int, objid: int, subid: int, depth: int = 0) -> Identity | None:
        if classid == Sys.PG_CLASS and subid:
            column = self._columns.get((objid, subid))
            if column:
                return column
        found = self._objects.get((classid, objid))
        if found or depth > 5:
            return found
        owner = self._owners.get((classid, objid))
        return self(*owner, depth=depth + 1) if owner else None


def _edges(catalog: Catalog) -> Iterator[Edge]:
    for line in catalog.source.dependencies.splitlines():
        a, b, c, d, e, f, kind = line.split(" ")
        yield int(a), int(b), int(c), int(d), int(e), int(f), kind


def _implied(catalog: Catalog, entity: Entity) -> Iterator[Identity]:
    """Edges that follow from the model, which pg_depend does not hold or we do not read."""
    identity = entity.identity
    schema = schema_of(identity)
    if schema:
        yield schema
    relation = relation_of(identity, catalog)
    if relation and identity.kind is not Kind.SEQUENCE:
        yield relation
    if isinstance(entity, Extension):
        yield Identity(Kind.SCHEMA, (entity.schema,))
    elif isinstance(entity, Table):
        yield from entity.parents
    elif isinstance(entity, Index) and entity.parent:
        yield entity.parent
    elif isinstance(entity, Constraint):
        table = identity.parts[:2]
        yield from (Identity(Kind.COLUMN, (*table, name)) for name in entity.columns)


def dependency_graph(catalog: Catalog) -> Graph:
    """The dependencies of one catalog, down to columns."""
    graph = Graph()
    edges = list(_edges(catalog))
    resolve = _Resolver(catalog, edges)
    for classid, objid, subid, refclass, refobj, refsub, _ in edges:
        dependent = resolve(classid, objid, subid)
        needed = resolve(refclass, refobj, refsub)
        if dependent is None or needed is None:
            continue
        if dependent.kind is Kind.SEQUENCE and needed.kind in (Kind.COLUMN, Kind.TABLE):
            # OWNED BY: given after both exist.
            continue
        graph.add(dependent, needed)
    for entity in catalog.objects.values():
        for needed in _implied(catalog, entity):
            if needed in catalog.objects:
                graph.add(entity.identity, needed)
    return graph


def closure(start: Iterable[Identity], edges: dict[Identity, set[Identity]]) -> set[Identity]:
    """Everything that can be reached, the start included."""
    found: set[Identity] = set()
    waiting = list(start)
    while waiting:
        identity = waiting.pop()
        if identity not in found:
            found.add(identity)
            waiting.extend(edges.get(identity, ()))
    return found
