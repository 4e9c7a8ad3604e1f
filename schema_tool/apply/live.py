"""The database that a plan was made from: `apply` refuses when that one has changed since.

`diff -o` writes `-- schema-tool: live FINGERPRINT of DATABASE` into the plan's first file. Another
database, such as a colleague's, is none of its business: there the file is a migration like any.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from schema_tool.errors import RefusedError

if TYPE_CHECKING:
    import psycopg

    from schema_tool.apply.pending import Pending
    from schema_tool.catalog import Catalog
    from schema_tool.source import Migration

WORD = "live"
# a copy of the data directory is the same server, a database that is made anew is another
_DATABASE = """
SELECT s.system_identifier::TEXT || '/' || d.oid::TEXT
FROM pg_catalog.pg_control_system() AS s, pg_catalog.pg_database AS d
WHERE d.datname = pg_catalog.current_database()
"""


def live_header(connection: psycopg.Connection[Any], live: Catalog) -> str:
    """The line for the file of a plan that was made from this catalog of this database."""
    from schema_tool.catalog.snapshot import fingerprint  # noqa: PLC0415

    return f"-- schema-tool: {WORD} {fingerprint(live)} of {_database(connection)}"


def refuse_changed(connection: psycopg.Connection[Any], pending: Pending) -> None:
    """Refuse plans that were made from this database before it became what it is.

    A file that was begun before has changed the database itself.
    Errors: RefusedError.
    """
    claims = [(m, claim) for m in pending.migrations if (claim := _claim(m)) is not None]
    if not claims:
        return
    here = _database(connection)
    for migration, (fingerprint, database) in claims:
        if database != here:
            continue
        first = pending.migrations[0]
        if migration is not first:
            raise RefusedError(
                f"{migration.script.name} was planned from this database before {first.id} "
                "changed it",
                hint=f"schema-tool apply --to {_before(migration, pending).id}, then plan it "
                "anew: schema-tool diff -o …",
            )
        if pending.half_done is None and fingerprint != _fingerprint(connection):
            raise RefusedError(
                f"the database has changed since {migration.script.name} was planned from it",
                hint="plan it anew: schema-tool diff -o …; or, when the change is none that it "
                f"meets, delete its line “-- schema-tool: {WORD} …”",
            )


def _claim(migration: Migration) -> tuple[str, str] | None:
    for header in migration.headers:
        words = header.split()
        if len(words) == 4 and words[0] == WORD and words[2] == "of":
            return words[1], words[3]
    return None


def _before(migration: Migration, pending: Pending) -> Migration:
    return pending.migrations[pending.migrations.index(migration) - 1]


def _database(connection: psycopg.Connection[Any]) -> str:
    row = connection.execute(_DATABASE).fetchone()
    assert row is not None
    return hashlib.sha256(row[0].encode()).hexdigest()[:12]


def _fingerprint(connection: psycopg.Connection[Any]) -> str:
    from schema_tool.catalog import read_catalog  # noqa: PLC0415 - only planned files pay for it
    from schema_tool.catalog.snapshot import fingerprint  # noqa: PLC0415

    return fingerprint(read_catalog(connection, dependencies=False))
