"""The ledger: which migrations a database has, read and written in one place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import TYPE_CHECKING, Any

from schema_tool import __version__
from schema_tool.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    import psycopg

LAYOUT_VERSION = 1


class Origin(StrEnum):
    """How a migration came into the ledger."""

    APPLY = "apply"
    BASELINE = "baseline"
    YOYO = "yoyo"


class State(StrEnum):
    """How far a migration is."""

    APPLIED = "applied"
    RUNNING = "running"
    REVERTING = "reverting"


class Direction(StrEnum):
    """Which of a migration's two files."""

    APPLY = "apply"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One statement of a non-transactional file: begun, and done or not.

    `before` is what the catalog showed before it, as `outcome.judge` wants it.
    """

    number: int
    direction: Direction
    state: str
    text_hash: str
    before: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One migration in the ledger, as `schema_tool.migration` holds it."""

    id: str
    position: int
    origin: Origin
    state: State
    transactional: bool
    depends: tuple[str, ...]
    raw_hash: str
    semantic_hash: str
    rollback_text: str | None
    rollback_hash: str | None
    applied_by: str
    applied_from: str
    tool_version: str
    started_at: datetime
    duration: timedelta | None
    progress: tuple[Progress, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """A database's ledger; `installed` is false where there is none."""

    installed: bool
    entries: Mapping[str, Entry]

    def __contains__(self, migration_id: object) -> bool:
        """Whether the migration is applied or half applied."""
        return migration_id in self.entries


_EXISTS = """
SELECT pg_catalog.to_regclass('schema_tool.migration') IS NOT NULL, ARRAY(
    SELECT t.name FROM unnest(ARRAY['layout', 'statement', 'event']) AS t (name)
    WHERE pg_catalog.to_regclass('schema_tool.' || t.name) IS NULL
)
"""
_LAYOUT = "SELECT max(version) FROM schema_tool.layout"
_ENTRIES = """
SELECT m.id, m.position, m.origin, m.state, m.transactional, m.depends, m.raw_hash, m.semantic_hash,
    m.rollback_text, m.rollback_hash, m.applied_by, m.applied_from, m.tool_version,
    m.started_at, m.duration
FROM schema_tool.migration AS m
ORDER BY m.position
"""
_PROGRESS = """
SELECT migration_id, number, direction, state, text_hash, before
FROM schema_tool.statement
ORDER BY migration_id, number
"""


def read_ledger(connection: psycopg.Connection[Any]) -> Ledger:
    """Read the whole ledger.

    Errors: RefusedError when a newer tool laid it out, or somebody has changed it by hand.
    """
    from psycopg import errors  # noqa: PLC0415 - the caller has paid for it

    try:
        return _read(connection)
    except (errors.UndefinedColumn, errors.UndefinedTable) as error:
        raise _damaged(str(error.diag.message_primary)) from error
    except ValueError as error:
        # a state or an origin that no tool has written
        raise _damaged(str(error)) from error


def _damaged(how: str) -> RefusedError:
    return RefusedError(
        f"the ledger in this database is damaged: {how}",
        hint="restore the schema schema_tool from a backup; or, when you know which migrations are "
        "applied: DROP SCHEMA schema_tool CASCADE, then schema-tool baseline ID",
    )


def _read(connection: psycopg.Connection[Any]) -> Ledger:
    row = connection.execute(_EXISTS).fetchone()
    assert row is not None
    installed, missing = row
    if not installed:
        return Ledger(installed=False, entries={})
    if missing:
        raise _damaged(f"its table {missing[0]} is gone")
    layout = _one(connection, _LAYOUT)
    if layout is None:
        raise _damaged("the table layout has no row")
    if layout > LAYOUT_VERSION:
        raise RefusedError(
            f"the ledger in this database has layout {layout}; this schema-tool "
            f"({__version__}) knows {LAYOUT_VERSION}",
            hint="use the newer schema-tool that wrote it",
        )
    progress: dict[str, list[Progress]] = {}
    for migration_id, number, direction, state, text_hash, before in connection.execute(_PROGRESS):
        progress.setdefault(migration_id, []).append(
            Progress(
                number=number,
                direction=Direction(direction),
                state=state,
                text_hash=text_hash,
                before=before,
            )
        )
    entries = {
        row[0]: _entry(row, tuple(progress.get(row[0], ()))) for row in connection.execute(_ENTRIES)
    }
    return Ledger(installed=True, entries=entries)


def _entry(row: tuple[Any, ...], progress: tuple[Progress, ...]) -> Entry:
    return Entry(
        id=row[0],
        position=row[1],
        origin=Origin(row[2]),
        state=State(row[3]),
        transactional=row[4],
        depends=tuple(row[5]),
        raw_hash=row[6],
        semantic_hash=row[7],
        rollback_text=row[8],
        rollback_hash=row[9],
        applied_by=row[10],
        applied_from=row[11],
        tool_version=row[12],
        started_at=row[13],
        duration=row[14],
        progress=progress,
    )


def _one(connection: psycopg.Connection[Any], query: str) -> Any:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def install_ledger(connection: psycopg.Connection[Any]) -> None:
    """Create the ledger's schema and tables; the caller holds the runner's lock.

    Errors: RefusedError where another schema has the name.
    """
    from psycopg import errors  # noqa: PLC0415 - the caller has paid for it

    text = resources.files(__package__).joinpath("ledger.sql").read_text(encoding="utf-8")
    try:
        with connection.transaction():
            connection.execute(text.encode())
    except errors.DuplicateSchema as error:
        raise RefusedError(
            "there is a schema schema_tool, and it holds no ledger",
            hint="when nobody needs it: DROP SCHEMA schema_tool",
        ) from error
