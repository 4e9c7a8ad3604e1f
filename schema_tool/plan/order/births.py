"""What was made before what, where the server numbers the names that it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Kind
from schema_tool.catalog.identity import SystemCatalog

if TYPE_CHECKING:
    from schema_tool.catalog import Catalog, Identity

_KEPT_IN = {Kind.CONSTRAINT: SystemCatalog.PG_CONSTRAINT, Kind.INDEX: SystemCatalog.PG_CLASS}


def born(identity: Identity, catalog: Catalog) -> int:
    """The OID of a constraint or an index: the younger, the larger; 0 for anything else."""
    kept_in = _KEPT_IN.get(identity.kind)
    return catalog.numbers(kept_in).get(identity, 0) if kept_in else 0
