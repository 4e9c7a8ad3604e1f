"""yoyo's own tables, kept truthful where a database has them or the project asks for them."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from schema_tool.apply.command import Command
from schema_tool.apply.record import runner_identity

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

    from schema_tool.apply.ledger import Entry

# yoyo looks in the first schema of the search path only
_SCHEMA = """
SELECT pg_catalog.current_schema(), pg_catalog.to_regclass(
    pg_catalog.quote_ident(pg_catalog.current_schema()) || '._yoyo_migration'
) IS NOT NULL
"""
_READ = "SELECT migration_id, applied_at_utc FROM {0}._yoyo_migration"
_UNDONE = """
SELECT migration_id, max(created_at_utc) FROM {0}._yoyo_log
WHERE operation IN ('rollback', 'unmark') GROUP BY migration_id
"""
# the tables as yoyo 9.0.0 makes them (its internal layout version 2)
_CREATE = """
CREATE TABLE _yoyo_log (
    id VARCHAR(36), migration_hash VARCHAR(64), migration_id VARCHAR(255), operation VARCHAR(10),
    username VARCHAR(255), hostname VARCHAR(255), comment VARCHAR(255), created_at_utc TIMESTAMP,
    PRIMARY KEY (id)
);
CREATE TABLE _yoyo_version (version INT NOT NULL PRIMARY KEY, installed_at_utc TIMESTAMP);
CREATE TABLE _yoyo_migration (
    migration_hash VARCHAR(64), migration_id VARCHAR(255), applied_at_utc TIMESTAMP,
    PRIMARY KEY (migration_hash)
);
INSERT INTO _yoyo_version VALUES (2, (now() AT TIME ZONE 'UTC'));
"""
_MARK = """
INSERT INTO {0}._yoyo_migration (migration_hash, migration_id, applied_at_utc)
VALUES (%(hash)s, %(id)s, %(now)s)
"""
_UNMARK = "DELETE FROM {0}._yoyo_migration WHERE migration_hash = %(hash)s"
_LOG = """
INSERT INTO {0}._yoyo_log
    (id, migration_hash, migration_id, operation, username, hostname, created_at_utc)
VALUES (%(log)s, %(hash)s, %(id)s, %(operation)s, %(user)s, %(host)s, %(now)s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class YoyoTables:
    """What yoyo's tables say: the ids applied, and when an id was last rolled back.

    `schema` is quoted: a migration may change the search path before its row is written.
    """

    schema: str
    applied: Mapping[str, datetime]
    undone: Mapping[str, datetime]

    def undone_since(self, entry: Entry) -> bool:
        """Whether yoyo's log says that it rolled the entry back after it was applied."""
        undone = self.undone.get(entry.id)
        applied_at = entry.started_at.astimezone(UTC).replace(tzinfo=None)
        return entry.id not in self.applied and undone is not None and undone > applied_at

    def mark(self, migration_id: str, *, operation: str = "apply") -> tuple[Command, ...]:
        """Say in yoyo's tables that the migration is applied."""
        return (
            self._command(_MARK, migration_id, operation),
            self._command(_LOG, migration_id, operation),
        )

    def unmark(self, migration_id: str) -> tuple[Command, ...]:
        """Say in yoyo's tables that the migration is rolled back."""
        return (
            self._command(_UNMARK, migration_id, "rollback"),
            self._command(_LOG, migration_id, "rollback"),
        )

    def _command(self, text: str, migration_id: str, operation: str) -> Command:
        user, _, host = runner_identity().partition("@")
        return Command(
            text=text.format(self.schema),
            parameters={
                # yoyo hashes the name, not the content
                "hash": hashlib.sha256(migration_id.encode()).hexdigest(),
                "id": migration_id,
                "operation": operation,
                "log": str(uuid.uuid1()),
                "user": user,
                "host": host,
                "now": datetime.now(UTC).replace(tzinfo=None),
            },
        )


def read_yoyo_tables(connection: psycopg.Connection[Any]) -> YoyoTables | None:
    """Read yoyo's tables in the current schema, or nothing where there are none."""
    from psycopg import sql  # noqa: PLC0415 - the caller has paid for it

    row = connection.execute(_SCHEMA).fetchone()
    if row is None or not row[1]:
        return None
    schema = sql.Identifier(row[0]).as_string(connection)
    return YoyoTables(
        schema=schema,
        applied=dict(connection.execute(_READ.format(schema).encode()).fetchall()),
        undone=dict(connection.execute(_UNDONE.format(schema).encode()).fetchall()),
    )


def create_yoyo_tables(connection: psycopg.Connection[Any]) -> None:
    """Create yoyo's tables, empty, in the current schema."""
    with connection.transaction():
        connection.execute(_CREATE)
