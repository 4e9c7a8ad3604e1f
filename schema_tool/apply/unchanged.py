"""Whether a database has every migration as the folder has it: the common case, told cheaply.

No file is parsed and nothing of the runner is loaded; any doubt is left to `find_pending`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schema_tool.apply.ledger import LAYOUT_VERSION, State
from schema_tool.sqltext import raw_hash

if TYPE_CHECKING:
    import psycopg

    from schema_tool.source.listing import Listing

# where yoyo keeps tables of its own, the two must be held against each other
_ALONE = """
SELECT pg_catalog.to_regclass('schema_tool.migration') IS NOT NULL
    AND pg_catalog.to_regclass(
        pg_catalog.quote_ident(pg_catalog.current_schema()) || '._yoyo_migration'
    ) IS NULL
"""
_APPLIED = """
SELECT (SELECT max(l.version) FROM schema_tool.layout AS l),
    (
        SELECT string_agg(m.id || ' ' || m.state || ' ' || m.raw_hash, E'\n')
        FROM schema_tool.migration AS m
    )
"""


def is_unchanged(connection: psycopg.Connection[Any], listing: Listing) -> bool:
    """Tell whether exactly these files are applied, letter by letter; False also when in doubt."""
    from psycopg import errors  # noqa: PLC0415 - the caller has paid for it

    if listing.post_apply or not _row(connection, _ALONE)[0]:
        return False
    try:
        version, applied = _row(connection, _APPLIED)
    except (errors.UndefinedColumn, errors.UndefinedTable):
        return False
    if version is None or version > LAYOUT_VERSION:
        return False
    wanted = {
        f"{migration_id} {State.APPLIED} {raw_hash(script.text)}"
        for migration_id, script in listing.migrations.items()
    }
    return wanted == set((applied or "").splitlines())


def _row(connection: psycopg.Connection[Any], query: str) -> tuple[Any, ...]:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return tuple(row)
