"""What depends on what: the edges of pg_depend between objects that the catalog models."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.identity import OUTSIDE_SCHEMAS
from schema_tool.catalog.identity import SystemCatalog as Sys
from schema_tool.catalog.model.cluster import ExtensionUse, FoundPrivileges
from schema_tool.catalog.model.definition import Extension, Range
from schema_tool.catalog.model.relation import (
    Column,
    Constraint,
    Index,
    Sequence,
    Statistics,
    Table,
)
from schema_tool.catalog.quoting import names_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schema_tool.catalog import Catalog
    from schema_tool.catalog.dependencies import Edge
    from schema_tool.catalog.model.entity import Entity

    _Place = tuple[int, int, int]

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
RELATIONS = (Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW)
# Models of what stands on what their own names do not name.
_ELSEWHERE = (Table, Index, Statistics, Sequence, Range, Extension, FoundPrivileges, ExtensionUse)
_IN_NO_SCHEMA = OUTSIDE_SCHEMAS | {Kind.SCHEMA, Kind.DEFAULT_PRIVILEGES}
# Of two owners that an unmodelled object names, the one that it is part of: a publication lists
# tables and schemas, and a loose member of an operator family is an operator or a function.
# Source: pg_publication_rel.h, pg_publication_namespace.h, pg_amop.h, pg_amproc.h.
_WHOLES: Mapping[int, tuple[int, ...]] = {
    6106: (Sys.PG_PUBLICATION,),
    6237: (Sys.PG_PUBLICATION,),
    Sys.PG_AMOP: (Sys.PG_OPCLASS, Sys.PG_OPFAMILY),
    Sys.PG_AMPROC: (Sys.PG_OPCLASS, Sys.PG_OPFAMILY),
}
# The longest way from a part without a model to what it is part of: array, row type, table.
_DEPTH = 5


Edges = Mapping[Identity, set[Identity]]
_Key = TypeVar("_Key")
_Found = TypeVar("_Found")


class Lazy(dict[_Key, _Found]):
    """Answers that are worked out when they are asked for: a plan looks at few objects."""

    def __init__(self, find: Callable[[_Key], _Found]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, key: _Key) -> _Found:
        found = self[key] = self._find(key)
        return found

    def get(self, key: _Key, default: object = None) -> _Found:  # noqa: ARG002
        """What is known of it; nothing is ever missing."""
        return self[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """Edges both ways: what an object needs, and what needs it.

    `parts`: each relation's columns, constraints, indexes, triggers and the rest.
    """

    needs: Edges
    needed_by: Edges
    parts: Mapping[Identity, list[Identity]]


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
        for kind in RELATIONS:
            relation = Identity(kind, identity.parts[:2])
            if relation in catalog.objects:
                return relation
    return None


def schema_of(identity: Identity) -> Identity | None:
    """The schema that contains an object."""
    if identity.kind in _IN_NO_SCHEMA:
        return None
    return Identity(Kind.SCHEMA, identity.parts[:1])


class _Reader:
    """The rows of pg_depend, looked up by either end, and OIDs turned into identities."""

    def __init__(self, catalog: Catalog) -> None:
        self._has_casts = bool(catalog.source.oids.get(Sys.PG_CAST))
        self._catalog = catalog
        self._edges = catalog.source.dependencies
        self._near = _neighbours(catalog)
        # A view's rule owns as many rows as it reads columns, and each of them asks for it.
        self._owners = Lazy(self._owner)

    def _object(self, catalog: int, oid: int) -> Identity | None:
        found = self._catalog.source.oids.get(catalog, {}).get(oid)
        return found if found in self._catalog.objects else None

    def _column(self, relation: int, number: int) -> Identity | None:
        table = self._object(Sys.PG_CLASS, relation)
        for place in self._near.get(table.parts, ()) if table else ():
            entity = self._catalog.objects[place]
            if isinstance(entity, Column) and entity.position == number:
                return place
        return None

    def _resolve(self, catalog: int, oid: int, column: int, depth: int = 0) -> Identity | None:
        if column and catalog == Sys.PG_CLASS:
            found = self._column(oid, column)
            if found:
                return found
        found = self._object(catalog, oid)
        if found or depth > _DEPTH:
            return found
        owner = self._owners[catalog, oid]
        return self._resolve(*owner, depth=depth + 1) if owner else None

    def _owner(self, place: tuple[int, int]) -> _Place | None:
        """Of what an object that has no model is a part."""
        catalog, oid = place
        chosen = None
        wholes = _WHOLES.get(catalog)
        for edge in self._edges.of(catalog, oid):
            if wholes and edge.to_catalog not in wholes:
                continue
            if edge.type in "ie" or (edge.type == "a" and chosen is None):
                chosen = (edge.to_catalog, edge.to_oid, edge.to_column)
        return chosen

    def _parts_of(self, key: _Place) -> Iterator[Edge]:
        """The edges to an object, and those to what is a part of it and has no model."""
        waiting = [key]
        seen = set()
        while waiting:
            catalog, oid, column = waiting.pop()
            if (catalog, oid) in seen:
                continue
            seen.add((catalog, oid))
            for edge in self._edges.on(catalog, oid):
                if column and edge.to_column != column:
                    continue
                yield edge
                if edge.type in "aie" and not self._object(edge.catalog, edge.oid):
                    waiting.append((edge.catalog, edge.oid, 0))

    def _children(self, identity: Identity) -> set[Identity]:
        """What stands on an object by the model alone."""
        objects, near = self._catalog.objects, self._near_to(identity)
        return {place for place in near if identity in _implied(self._catalog, objects[place])}

    def _near_to(self, identity: Identity) -> list[Identity]:
        """What may stand on an object by the model alone, in the catalog's order."""
        near = self._near.get(identity.parts[:2], [])
        if len(identity.parts) > 1:
            return near
        return near + [i for i in self._catalog.objects if i.parts[:1] == identity.parts]

    def parts(self, relation: Identity) -> list[Identity]:
        """What is part of a relation, in the catalog's order."""
        near = self._near_to(relation) if relation.kind in RELATIONS else ()
        return [place for place in near if relation_of(place, self._catalog) == relation]

    def needed_by(self, identity: Identity) -> set[Identity]:
        """What stands on an object."""
        found = self._children(identity)
        key = self._key(identity)
        for edge in self._parts_of(key) if key else ():
            dependent = self._resolve(edge.catalog, edge.oid, edge.column)
            if dependent is None or self._is_by_model(dependent, identity, edge):
                continue
            if self._resolve(edge.to_catalog, edge.to_oid, edge.to_column) == identity:
                found.add(dependent)
        found.discard(identity)
        return found

    def needs(self, identity: Identity) -> set[Identity]:
        """What an object stands on."""
        found: set[Identity] = set()
        entity = self._catalog.objects.get(identity)
        if entity is None:
            return found
        found |= {i for i in _implied(self._catalog, entity) if i in self._catalog.objects}
        key = self._key(identity)
        if key is None:
            return found
        # Its own edges, and those of its parts that have no model: defaults, rules, row types.
        own = list(self._edges.of(*key[:2]))
        for part in {edge[:2] for edge in self._parts_of(key)}:
            # The rule of a view that reads it names much else, and is no part of it.
            if not self._object(*part) and self._resolve(*part, 0) == identity:
                own += self._edges.of(*part)
        for edge in own:
            needed = self._resolve(edge.to_catalog, edge.to_oid, edge.to_column)
            if needed is None or needed == identity or self._is_by_model(identity, needed, edge):
                continue
            if self._resolve(edge.catalog, edge.oid, edge.column) == identity:
                found.add(needed)
        return found | self._casts_through(identity, found)

    def _is_by_model(self, dependent: Identity, needed: Identity, edge: Edge) -> bool:
        """Whether the model says it, or what the model says has been outdated by a move."""
        moved = needed.kind is Kind.SCHEMA and edge[:2] in self._catalog.source.moved
        return moved or _is_by_model(dependent, needed, edge)

    def _casts_through(self, identity: Identity, needed: set[Identity]) -> set[Identity]:
        """Casts whose functions an object calls: it may be printed as `::type`.

        Source: an expression depends on the function of a cast, not on the cast.
        """
        if not self._has_casts or identity.kind is Kind.CAST:
            return set()
        routines = (i for i in needed if i.kind is Kind.ROUTINE)
        return {i for r in routines for i in self.needed_by(r) if i.kind is Kind.CAST}

    def _key(self, identity: Identity) -> _Place | None:
        """Where pg_depend has an object: its catalog, OID and column."""
        entity = self._catalog.objects.get(identity)
        column = entity.position if isinstance(entity, Column) else 0
        whole = Identity(Kind.TABLE, identity.parts[:2]) if column else identity
        catalog = CATALOG_OF.get(whole.kind)
        if entity is None or catalog is None:
            return None
        oid = self._catalog.numbers(catalog).get(whole)
        return (catalog, oid, column) if oid else None


def _is_by_model(dependent: Identity, needed: Identity, edge: Edge) -> bool:
    """OWNED BY is given after both exist; a partition gets its copy of a trigger by itself.

    DEPENDS ON EXTENSION is an object of its own, but for a key.
    """
    if edge.type == "x":
        return dependent.kind is not Kind.CONSTRAINT
    if needed.kind is Kind.TRIGGER or edge.catalog == Sys.PG_TRIGGER:
        return dependent.kind is Kind.TABLE
    return dependent.kind is Kind.SEQUENCE and needed.kind in (Kind.COLUMN, Kind.TABLE)


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
    elif isinstance(entity, Range):
        yield Identity(Kind.SCHEMA, names_in(entity.multirange)[:1])
    elif isinstance(entity, FoundPrivileges | ExtensionUse):
        yield from _of_extension(entity)
    elif isinstance(entity, Table):
        yield from entity.parents
    elif isinstance(entity, Index) and entity.parent:
        yield entity.parent
    elif isinstance(entity, Constraint):
        table = identity.parts[:2]
        yield from (Identity(Kind.COLUMN, (*table, name)) for name in entity.columns)


def _of_extension(entity: FoundPrivileges | ExtensionUse) -> Iterator[Identity]:
    """The extension that it is about, and what goes with that."""
    if isinstance(entity, ExtensionUse):
        yield entity.user
        yield Identity(Kind.EXTENSION, entity.identity.parts[2:])
    else:
        yield Identity(Kind.EXTENSION, (entity.extension,))


def _neighbours(catalog: Catalog) -> dict[tuple[str, ...], list[Identity]]:
    """Under each relation's name: what has it in its own, and what refers to it by the model.

    Cheaper than the edges themselves, which are then worked out for the few that are asked for.
    """
    found: dict[tuple[str, ...], list[Identity]] = defaultdict(list)
    for identity in catalog.objects:
        found[identity.parts[:2]].append(identity)
    for model in _ELSEWHERE:
        for entity in catalog.each(model):
            own = entity.identity.parts[:2]
            for parts in {place.parts[:2] for place in _named(entity)}:
                if parts != own:
                    found[parts].append(entity.identity)
    return found


def _named(entity: Entity) -> Iterator[Identity]:
    """What a model stands on that its own name does not name."""
    if isinstance(entity, Table):
        yield from entity.parents
    elif isinstance(entity, Index):
        yield entity.table
        if entity.parent:
            yield entity.parent
    elif isinstance(entity, Statistics):
        yield entity.table
    elif isinstance(entity, Sequence) and entity.owned_by:
        yield entity.owned_by
    elif isinstance(entity, Range):
        yield Identity(Kind.SCHEMA, names_in(entity.multirange)[:1])
    elif isinstance(entity, Extension):
        yield Identity(Kind.SCHEMA, (entity.schema,))
    elif isinstance(entity, FoundPrivileges | ExtensionUse):
        yield from _of_extension(entity)


def dependency_graph(catalog: Catalog) -> Graph:
    """The dependencies of one catalog, down to columns."""
    reader = _Reader(catalog)
    return Graph(
        needs=Lazy(reader.needs), needed_by=Lazy(reader.needed_by), parts=Lazy(reader.parts)
    )


def closure(start: Iterable[_Key], edges: Mapping[_Key, Set[_Key]]) -> set[_Key]:
    """Everything that can be reached, the start included."""
    found: set[_Key] = set()
    waiting = list(start)
    while waiting:
        identity = waiting.pop()
        if identity not in found:
            found.add(identity)
            waiting.extend(edges.get(identity, ()))
    return found
