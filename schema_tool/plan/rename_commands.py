"""The ALTER … RENAME of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.quoting import literal, name, qualified

if TYPE_CHECKING:
    from schema_tool.plan.declared import Rename


def rename_command(identity: Identity, rename: Rename) -> str:  # noqa: PLR0911 - by kind
    """The statement that does a rename."""
    parts, new = identity.parts, name(rename.new)
    if rename.what == "schema":
        return f"ALTER SCHEMA {name(parts[0])} RENAME TO {new}"
    if rename.what == "table":
        return f"ALTER TABLE {qualified(*parts)} RENAME TO {new}"
    if rename.what == "column":
        return f"ALTER TABLE {qualified(*parts[:2])} RENAME COLUMN {name(parts[2])} TO {new}"
    if rename.what == "constraint":
        return f"ALTER TABLE {qualified(*parts[:2])} RENAME CONSTRAINT {name(parts[2])} TO {new}"
    if rename.what in ("policy", "trigger"):
        place = f"{name(parts[2])} ON {qualified(*parts[:2])}"
        return f"ALTER {rename.what.upper()} {place} RENAME TO {new}"
    if rename.what == "function":
        return f"ALTER ROUTINE {qualified(*parts[:2])}({parts[2]}) RENAME TO {new}"
    if rename.what in ("index", "sequence", "view"):
        return f"ALTER {identity.kind.upper()} {qualified(*parts)} RENAME TO {new}"
    if rename.what == "value":
        values = f"{literal(rename.parts[2])} TO {literal(rename.new)}"
        return f"ALTER TYPE {qualified(*parts)} RENAME VALUE {values}"
    word = "DOMAIN" if identity.kind is Kind.DOMAIN else "TYPE"
    return f"ALTER {word} {qualified(*parts)} RENAME TO {new}"
