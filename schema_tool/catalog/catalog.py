"""Catalog: everything that one database contains, as facts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from schema_tool.catalog.dependencies import Dependencies
from schema_tool.catalog.identity import OUTSIDE_SCHEMAS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from schema_tool.catalog.identity import Identity
    from schema_tool.catalog.model.entity import Entity
    from schema_tool.catalog.model.relation import Index

Model = TypeVar("Model", bound="Entity")

# yoyo's bookkeeping, in whatever schema it was put, and this tool's own.
IGNORED_TABLES = ("_yoyo_migration", "_yoyo_log", "_yoyo_version", "yoyo_lock")
IGNORED_SCHEMAS = ("schema_tool",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What to read: with `schemas`, those alone and nothing that stands outside of schemas.

    `memberships`: roles' memberships in each other, too.
    """

    schemas: tuple[str, ...] = ()
    exclude_schemas: tuple[str, ...] = ()
    ignored_tables: tuple[str, ...] = IGNORED_TABLES
    memberships: bool = False

    def covers(self, schema: str) -> bool:
        """Whether a schema is read."""
        if schema in IGNORED_SCHEMAS or schema in self.exclude_schemas:
            return False
        return not self.schemas or schema in self.schemas


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Uncompared:
    """Something that exists in the database and that no model describes."""

    kind: str
    identity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a catalog was read; never compared.

    `major` is the server's major version; `role` is who read; `oids` are the objects by system
    catalog and OID (None: no object, but part of one), between which `dependencies` stand.
    `roles` are those of the whole cluster, where it was asked; `memberships`: whether they were;
    `schemas`: those that alone were read, none for all.
    `not_ours`: extensions on whose objects the role may grant nothing; "" is what the server made.
    `unmapped`: roles that were to be called otherwise, and that nothing names.
    `moved`: objects, by system catalog and OID, that are in another schema than `dependencies` say.
    """

    major: int
    role: str
    database: str = ""
    oids: Mapping[int, Mapping[int, Identity | None]] = field(
        default_factory=dict, repr=False, compare=False
    )
    dependencies: Dependencies = field(default=Dependencies(), repr=False)
    roles: frozenset[str] = field(default=frozenset(), repr=False, compare=False)
    memberships: bool = False
    schemas: tuple[str, ...] = ()
    not_ours: frozenset[str] = field(default=frozenset(), repr=False, compare=False)
    unmapped: tuple[str, ...] = ()
    moved: frozenset[tuple[int, int]] = field(default=frozenset(), repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """The objects of a database by identity, and what exists beside them.

    Two catalogs are equal when their databases' schemas are, as far as they are modelled.
    """

    objects: Mapping[Identity, Entity]
    uncompared: tuple[Uncompared, ...] = ()
    source: Source = field(compare=False)
    _by_model: dict[type, list[Any]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _numbers: dict[int, dict[Identity | None, int]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _parts: dict[type, dict[Identity, list[Any]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def numbers(self, system_catalog: int) -> Mapping[Identity | None, int]:
        """The OIDs of the objects of one system catalog: the younger, the larger."""
        if system_catalog not in self._numbers:
            known = self.source.oids.get(system_catalog, {})
            self._numbers[system_catalog] = {name: oid for oid, name in known.items()}
        return self._numbers[system_catalog]

    def each(self, model: type[Model]) -> Sequence[Model]:
        """The objects of one model, in the order in which they were read."""
        if not self._by_model:
            for entity in self.objects.values():
                self._by_model.setdefault(type(entity), []).append(entity)
        return self._by_model.get(model, ())

    def index_parts(self, index: Identity) -> Sequence[Index]:
        """The indexes that are attached to one, by their names."""
        from schema_tool.catalog.model import relation  # noqa: PLC0415 - only a plan asks

        model = relation.Index
        if model not in self._parts:
            found: dict[Identity, list[Index]] = {}
            self._parts[model] = found
            # A database, its files and its snapshot are read in different orders.
            for part in sorted(self.each(model), key=lambda entity: entity.identity):
                if part.parent:
                    found.setdefault(part.parent, []).append(part)
        return self._parts[model].get(index, ())

    def renamed(
        self,
        moved: Iterable[tuple[Identity, Entity]],
        elsewhere: Iterable[tuple[int, int]] = (),
    ) -> Catalog:
        """The catalog with some other entities, each given with the identity that it had before.

        `elsewhere` are those that leave their schema, by system catalog and OID.
        """
        changed = dict(moved)
        now = (changed.get(old, entity) for old, entity in self.objects.items())
        objects = {entity.identity: entity for entity in now}
        names = {old: entity.identity for old, entity in changed.items() if old != entity.identity}
        oids = {
            catalog: {oid: names.get(name, name) if name else None for oid, name in known.items()}
            for catalog, known in self.source.oids.items()
        }
        left = self.source.moved.union(elsewhere)
        return replace(self, objects=objects, source=replace(self.source, oids=oids, moved=left))

    def within(self, scope: Scope) -> Catalog:
        """What a reading with that scope would have found."""
        narrow = scope.schemas or scope.exclude_schemas
        if not narrow and scope.memberships == self.source.memberships:
            return self
        return replace(
            self,
            objects={i: entity for i, entity in self.objects.items() if _is_within(i, scope)},
            uncompared=() if scope.schemas else self.uncompared,
        )


def _is_within(identity: Identity, scope: Scope) -> bool:
    if identity.kind is Kind.MEMBERSHIP:
        return scope.memberships
    if identity.kind is Kind.DEFAULT_PRIVILEGES:
        return not identity.parts[1] or scope.covers(identity.parts[1])
    if identity.kind in OUTSIDE_SCHEMAS:
        return not scope.schemas
    return scope.covers(identity.parts[0])
