"""What was made before what, where the server numbers the names that it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog.identity import SystemCatalog

if TYPE_CHECKING:
    from schema_tool.catalog import Catalog, Identity


def births(catalog: Catalog) -> dict[Identity, int]:
    """The OIDs of constraints, and of indexes and other relations: the younger, the larger."""
    oids = catalog.source.oids
    known = (oids.get(table, {}) for table in (SystemCatalog.PG_CONSTRAINT, SystemCatalog.PG_CLASS))
    return {name: oid for found in known for oid, name in found.items() if name is not None}
