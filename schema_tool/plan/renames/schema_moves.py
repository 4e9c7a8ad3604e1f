"""A catalog as if something had left its schema for another: ALTER … SET SCHEMA."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Sequence
from schema_tool.plan.graph import CATALOG_OF, RELATIONS
from schema_tool.plan.renames.placed import Placed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog import Catalog
    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.graph import Graph


def moved_along(identity: Identity, graph: Graph) -> Iterator[Identity]:
    """What SET SCHEMA takes: the object, a relation's parts, its indexes and owned sequences.

    Source: AlterTableNamespaceInternal(); statistics stay where they are.
    """
    yield identity
    for part in graph.parts.get(identity, ()) if identity.kind in RELATIONS else ():
        if part.kind is not Kind.STATISTICS:
            yield part


def stays_with_table(live: Catalog, identity: Identity) -> bool:
    """Whether it is a sequence that goes where the table of its column goes."""
    entity = live.objects.get(identity)
    return isinstance(entity, Sequence) and entity.owned_by is not None


def with_schema_left(
    live: Catalog, identity: Identity, schema: str, graph: Graph
) -> Iterator[tuple[Identity, Entity]]:
    """Each object with the identity that it had before; what stands on the moved names it anew."""
    along = {*moved_along(identity, graph)}
    near = along.union(*(graph.needed_by[moved] for moved in along))
    # What prints the arguments of a routine stands on the routine.
    for routine in [i for i in near if i.kind is Kind.ROUTINE]:
        near |= graph.needed_by[routine]
    placed = Placed({old: Identity(old.kind, (schema, *old.parts[1:])) for old in along})
    for old, entity in live.objects.items():
        yield old, placed.entity(entity) if old in near else entity


def moved_oids(live: Catalog, identity: Identity, graph: Graph) -> frozenset[tuple[int, int]]:
    """Which objects of pg_depend are in another schema by now than that says."""
    places = (
        (CATALOG_OF[moved.kind], live.numbers(CATALOG_OF[moved.kind]).get(moved))
        for moved in moved_along(identity, graph)
        if moved.kind in CATALOG_OF
    )
    return frozenset((int(catalog), oid) for catalog, oid in places if oid)
