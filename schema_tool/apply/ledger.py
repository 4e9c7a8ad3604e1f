"""The ledger: which migrations a database has, read and written in one place."""

from __future__ import annotations

import getpass
import socket
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from schema_tool import __version__
from schema_tool.apply.command import Command
from schema_tool.errors import RefusedError
from schema_tool.sqltext import raw_hash

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    import psycopg

    from schema_tool.source import Migration
    from schema_tool.sqltext import Statement

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
    """One statement of a non-transactional file: begun, and done or not."""

    number: int
    direction: Direction
    state: str
    text_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One migration in the ledger, as `schema_tool.migration` holds it."""

    id: str
    position: int
    origin: Origin
    state: State
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


_EXISTS = "SELECT to_regclass('schema_tool.migration') IS NOT NULL"
_LAYOUT = "SELECT max(version) FROM schema_tool.layout"
_ENTRIES = """
SELECT m.id, m.position, m.origin, m.state, m.depends, m.raw_hash, m.semantic_hash,
    m.rollback_text, m.rollback_hash, m.applied_by, m.applied_from, m.tool_version,
    m.started_at, m.duration
FROM schema_tool.migration AS m
ORDER BY m.position
"""
_PROGRESS = """
SELECT migration_id, number, direction, state, text_hash
FROM schema_tool.statement
ORDER BY migration_id, number
"""


def read_ledger(connection: psycopg.Connection[Any]) -> Ledger:
    """Read the whole ledger.

    Errors: RefusedError when a newer tool laid it out.
    """
    if not _one(connection, _EXISTS):
        return Ledger(installed=False, entries={})
    layout = _one(connection, _LAYOUT)
    if layout > LAYOUT_VERSION:
        raise RefusedError(
            f"the ledger in this database has layout {layout}; this schema-tool "
            f"({__version__}) knows {LAYOUT_VERSION}",
            hint="use the newer schema-tool that wrote it",
        )
    progress: dict[str, list[Progress]] = {}
    for migration_id, number, direction, state, text_hash in connection.execute(_PROGRESS):
        progress.setdefault(migration_id, []).append(
            Progress(
                number=number, direction=Direction(direction), state=state, text_hash=text_hash
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
        depends=tuple(row[4]),
        raw_hash=row[5],
        semantic_hash=row[6],
        rollback_text=row[7],
        rollback_hash=row[8],
        applied_by=row[9],
        applied_from=row[10],
        tool_version=row[11],
        started_at=row[12],
        duration=row[13],
        progress=progress,
    )


def _one(connection: psycopg.Connection[Any], query: str) -> Any:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def install_ledger(connection: psycopg.Connection[Any]) -> None:
    """Create the ledger's schema and tables; the caller holds the runner's lock."""
    text = resources.files(__package__).joinpath("ledger.sql").read_text(encoding="utf-8")
    with connection.transaction():
        connection.execute(text.encode())


_RECORD = """
WITH entry AS (
    INSERT INTO schema_tool.migration (
        id, origin, state, depends, raw_hash, semantic_hash, rollback_text, rollback_hash,
        applied_from, tool_version, started_at, duration
    )
    VALUES (
        %(id)s, %(origin)s, %(state)s, %(depends)s, %(raw_hash)s, %(semantic_hash)s,
        %(rollback_text)s, %(rollback_hash)s, %(from)s, %(version)s, now(),
        CASE WHEN %(timed)s THEN clock_timestamp() - now() END
    )
)
INSERT INTO schema_tool.event (action, migration_id, semantic_hash, done_from, tool_version, reason)
VALUES (%(action)s, %(id)s, %(semantic_hash)s, %(from)s, %(version)s, %(reason)s)
"""
_FINISH = """
UPDATE schema_tool.migration
SET state = 'applied', duration = clock_timestamp() - started_at, depends = %(depends)s,
    raw_hash = %(raw_hash)s, semantic_hash = %(semantic_hash)s,
    rollback_text = %(rollback_text)s, rollback_hash = %(rollback_hash)s
WHERE id = %(id)s
"""
_SET_STATE = "UPDATE schema_tool.migration SET state = %(state)s WHERE id = %(id)s"
_FORGET = """
WITH gone AS (
    DELETE FROM schema_tool.migration WHERE id = %(id)s
    RETURNING semantic_hash
)
INSERT INTO schema_tool.event (action, migration_id, semantic_hash, done_from, tool_version, reason)
SELECT %(action)s, %(id)s, gone.semantic_hash, %(from)s, %(version)s, %(reason)s FROM gone
"""
_STATEMENT = """
INSERT INTO schema_tool.statement (migration_id, number, direction, state, text_hash, finished_at)
VALUES (
    %(id)s, %(number)s, %(direction)s, %(state)s, %(hash)s,
    CASE WHEN %(state)s = 'done' THEN clock_timestamp() END
)
"""
_STATEMENT_DONE = """
UPDATE schema_tool.statement SET state = 'done', finished_at = clock_timestamp()
WHERE migration_id = %(id)s AND direction = %(direction)s AND number = %(number)s
"""
_STATEMENT_FORGET = """
DELETE FROM schema_tool.statement
WHERE migration_id = %(id)s AND direction = %(direction)s AND number = %(number)s
"""


def record_command(
    migration: Migration, *, origin: Origin, state: State = State.APPLIED, reason: str = ""
) -> Command:
    """Write the migration's row; in a transactional file it commits with the file's own work."""
    return Command(
        text=_RECORD,
        parameters=_file_parameters(migration)
        | {
            "origin": origin,
            "state": state,
            "timed": origin is Origin.APPLY and state is State.APPLIED,
            "from": runner_identity(),
            "version": __version__,
            "action": "adopt" if origin is Origin.YOYO else origin,
            "reason": reason or None,
        },
    )


def finish_command(migration: Migration) -> Command:
    """Mark a migration applied that had been begun, with its file as it is now.

    The statements still to run may have been mended since it was begun.
    """
    return Command(text=_FINISH, parameters=_file_parameters(migration))


def _file_parameters(migration: Migration) -> dict[str, Any]:
    rollback = migration.rollback.text if migration.rollback else None
    return {
        "id": migration.id,
        "depends": sorted(migration.depends),
        "raw_hash": migration.raw_hash(),
        "semantic_hash": migration.semantic_hash(),
        "rollback_text": rollback,
        "rollback_hash": raw_hash(rollback) if rollback is not None else None,
    }


def state_command(migration_id: str, state: State) -> Command:
    """Note that a non-transactional file is under way."""
    return Command(text=_SET_STATE, parameters={"id": migration_id, "state": state})


def forget_command(migration_id: str, *, action: str, reason: str = "") -> Command:
    """Take the migration out of the ledger; the event stays."""
    return Command(
        text=_FORGET,
        parameters={
            "id": migration_id,
            "action": action,
            "from": runner_identity(),
            "version": __version__,
            "reason": reason or None,
        },
    )


def statement_command(
    migration_id: str, statement: Statement, *, direction: Direction, done: bool
) -> Command:
    """Note that a statement of a non-transactional file was begun, or begun and done."""
    return Command(
        text=_STATEMENT,
        parameters={
            "id": migration_id,
            "number": statement.number,
            "direction": direction,
            "state": "done" if done else "running",
            "hash": raw_hash(statement.text),
        },
    )


def statement_done_command(migration_id: str, number: int, *, direction: Direction) -> Command:
    """Note that a statement that had been begun is done."""
    return Command(
        text=_STATEMENT_DONE,
        parameters={"id": migration_id, "number": number, "direction": direction},
    )


def statement_forget_command(migration_id: str, number: int, *, direction: Direction) -> Command:
    """Note that a statement that had been begun has left nothing behind."""
    return Command(
        text=_STATEMENT_FORGET,
        parameters={"id": migration_id, "number": number, "direction": direction},
    )


@cache
def runner_identity() -> str:
    """Operating system user and host of this process, as `user@host`."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        # a container's numeric user has no name
        user = "?"
    # gethostname asks the kernel; getfqdn would ask the DNS, which can hang
    return f"{user}@{socket.gethostname()}"
