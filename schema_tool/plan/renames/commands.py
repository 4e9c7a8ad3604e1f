"""The ALTER … RENAME and SET SCHEMA of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.quoting import literal, name, qualified
from schema_tool.plan.decisions import TYPES

if TYPE_CHECKING:
    from schema_tool.plan.renames.declared import Rename


def rename_command(identity: Identity, rename: Rename) -> str:
    """The statement that does a rename, or moves something to another schema under its name."""
    if rename.what == "value":
        values = f"{literal(rename.old)} TO {literal(rename.new)}"
        return f"ALTER TYPE {qualified(*identity.parts)} RENAME VALUE {values}"
    if rename.schema:
        return f"ALTER {_phrase(identity)} SET SCHEMA {name(rename.schema)}"
    if rename.what in ("column", "constraint"):
        table = f"TABLE {qualified(*identity.parts[:2])}"
        return (
            f"ALTER {table} RENAME {rename.what.upper()} {name(rename.old)} TO {name(rename.new)}"
        )
    return f"ALTER {_phrase(identity)} RENAME TO {name(rename.new)}"


def _phrase(identity: Identity) -> str:
    """What follows ALTER."""
    kind, parts = identity
    if kind in (Kind.POLICY, Kind.TRIGGER):
        return f"{kind.upper()} {name(parts[2])} ON {qualified(*parts[:2])}"
    if kind is Kind.ROUTINE:
        return f"ROUTINE {qualified(*parts[:2])}({parts[2]})"
    word = kind.upper() if kind not in TYPES or kind is Kind.DOMAIN else "TYPE"
    return f"{word} {qualified(*parts)}"
