"""A database's schema as facts: read_catalog(connection) -> Catalog."""

from __future__ import annotations

from schema_tool.catalog.catalog import Catalog, Scope, Source, Uncompared
from schema_tool.catalog.identity import Identity, Kind
from schema_tool.catalog.read import read_catalog, read_dependencies, snapshot_of

__all__ = [
    "Catalog",
    "Identity",
    "Kind",
    "Scope",
    "Source",
    "Uncompared",
    "read_catalog",
    "read_dependencies",
    "snapshot_of",
]
