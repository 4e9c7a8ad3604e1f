"""All migrations together make what sql/ says the schema is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.verify.check import Check, compare_catalogs

if TYPE_CHECKING:
    from schema_tool.catalog import Catalog

NAME = "migrations-equal-sql"


def check(migrated: Catalog, desired: Catalog, *, names: tuple[str, str]) -> Check:
    """Compare the catalogs; `names` are the two folders as the project calls them."""
    migrations, sql = names
    return compare_catalogs(
        migrated, desired, name=NAME, claim=f"the sum of {migrations} equals {sql}", names=names
    )
