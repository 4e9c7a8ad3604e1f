"""What is written into the ledger, as commands that can stand in a file's own transaction."""

from __future__ import annotations

import getpass
import socket
from functools import cache
from typing import TYPE_CHECKING, Any

from schema_tool import __version__
from schema_tool.apply.command import Command
from schema_tool.apply.ledger import Direction, Origin, State
from schema_tool.sqltext import raw_hash

if TYPE_CHECKING:
    from schema_tool.apply.outcome import Observation
    from schema_tool.source import Migration
    from schema_tool.sqltext import Statement

_RECORD = """
WITH entry AS (
    INSERT INTO schema_tool.migration (
        position, id, origin, state, transactional, depends, raw_hash, semantic_hash,
        apply_text, rollback_text, rollback_hash, applied_from, tool_version, started_at, duration
    )
    VALUES (
        (SELECT coalesce(max(m.position), 0) + 1 FROM schema_tool.migration AS m),
        %(id)s, %(origin)s, %(state)s, %(transactional)s, %(depends)s, %(raw_hash)s,
        %(semantic_hash)s, %(apply_text)s, %(rollback_text)s, %(rollback_hash)s, %(from)s,
        %(version)s, now(),
        CASE WHEN %(timed)s THEN clock_timestamp() - now() END
    )
)
INSERT INTO schema_tool.event (
    id, action, migration_id, semantic_hash, done_from, tool_version, reason
)
VALUES (
    (SELECT coalesce(max(e.id), 0) + 1 FROM schema_tool.event AS e),
    %(action)s, %(id)s, %(semantic_hash)s, %(from)s, %(version)s, %(reason)s
)
"""
_FINISH = """
UPDATE schema_tool.migration
SET state = 'applied', duration = clock_timestamp() - started_at, depends = %(depends)s,
    raw_hash = %(raw_hash)s, semantic_hash = %(semantic_hash)s, apply_text = %(apply_text)s,
    rollback_text = %(rollback_text)s, rollback_hash = %(rollback_hash)s
WHERE id = %(id)s
"""
_REPAIR = """
WITH repaired AS (
    UPDATE schema_tool.migration
    SET depends = %(depends)s, raw_hash = %(raw_hash)s, semantic_hash = %(semantic_hash)s,
        apply_text = %(apply_text)s, rollback_text = %(rollback_text)s,
        rollback_hash = %(rollback_hash)s
    WHERE id = %(id)s
)
INSERT INTO schema_tool.event (
    id, action, migration_id, semantic_hash, done_from, tool_version, reason
)
SELECT (SELECT coalesce(max(e.id), 0) + 1 FROM schema_tool.event AS e),
    'repair', %(id)s, %(semantic_hash)s, %(from)s, %(version)s, %(reason)s
"""
_SET_STATE = "UPDATE schema_tool.migration SET state = %(state)s WHERE id = %(id)s"
_FORGET = """
WITH gone AS (
    DELETE FROM schema_tool.migration WHERE id = %(id)s
    RETURNING semantic_hash
)
INSERT INTO schema_tool.event (
    id, action, migration_id, semantic_hash, done_from, tool_version, reason
)
SELECT (SELECT coalesce(max(e.id), 0) + 1 FROM schema_tool.event AS e),
    %(action)s, %(id)s, gone.semantic_hash, %(from)s, %(version)s, %(reason)s
FROM gone
"""
_EVENT = """
INSERT INTO schema_tool.event (id, action, migration_id, done_from, tool_version)
SELECT coalesce(max(e.id), 0) + 1, %(action)s, %(id)s, %(from)s, %(version)s
FROM schema_tool.event AS e
"""
_STATEMENT = """
INSERT INTO schema_tool.statement (migration_id, number, direction, state, text_hash, finished_at)
VALUES (%(id)s, %(number)s, %(direction)s, 'done', %(hash)s, clock_timestamp())
"""
# begun again after an attempt that left nothing behind: what the catalog shows now counts
_STATEMENT_BEGUN = """
INSERT INTO schema_tool.statement (migration_id, number, direction, state, text_hash, before)
VALUES (%(id)s, %(number)s, %(direction)s, 'running', %(hash)s, {observation})
ON CONFLICT ON CONSTRAINT statement_pkey DO UPDATE
SET text_hash = excluded.text_hash, before = excluded.before, started_at = excluded.started_at
"""
_STATEMENT_DONE = """
UPDATE schema_tool.statement SET state = 'done', finished_at = clock_timestamp()
WHERE migration_id = %(id)s AND direction = %(direction)s AND number = %(number)s
"""
_STATEMENT_FORGET = """
DELETE FROM schema_tool.statement
WHERE migration_id = %(id)s AND direction = %(direction)s AND number = %(number)s
    AND state = 'running'
"""


def record_command(
    migration: Migration,
    *,
    origin: Origin,
    state: State = State.APPLIED,
    reason: str = "",
    full_text: bool = False,
) -> Command:
    """Write the migration's row; in a transactional file it commits with the file's own work."""
    return Command(
        text=_RECORD,
        parameters=_file_parameters(migration, full_text=full_text)
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


def finish_command(migration: Migration, *, full_text: bool = False) -> Command:
    """Mark a migration applied that had been begun, with its file as it is now.

    The statements still to run may have been mended since it was begun.
    """
    return Command(text=_FINISH, parameters=_file_parameters(migration, full_text=full_text))


def repair_command(migration: Migration, *, reason: str, full_text: bool) -> Command:
    """Let the file as it is now count as what was applied; the event tells why."""
    who = {"from": runner_identity(), "version": __version__, "reason": reason}
    return Command(text=_REPAIR, parameters=_file_parameters(migration, full_text=full_text) | who)


def _file_parameters(migration: Migration, *, full_text: bool) -> dict[str, Any]:
    rollback = migration.rollback.text if migration.rollback else None
    return {
        "id": migration.id,
        "transactional": migration.transactional,
        "depends": sorted(migration.depends),
        "raw_hash": migration.raw_hash(),
        "semantic_hash": migration.semantic_hash(),
        "apply_text": migration.script.text if full_text else None,
        "rollback_text": rollback,
        "rollback_hash": raw_hash(rollback) if rollback is not None else None,
    }


def event_command(subject: str, *, action: str) -> Command:
    """Note in the history what no migration's row says."""
    return Command(
        text=_EVENT,
        parameters={
            "id": subject,
            "action": action,
            "from": runner_identity(),
            "version": __version__,
        },
    )


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


def statement_command(migration_id: str, statement: Statement, *, direction: Direction) -> Command:
    """Note that a statement is done; commits with the statement itself."""
    return Command(text=_STATEMENT, parameters=_of(migration_id, statement, direction))


def statement_begun_command(
    migration_id: str,
    statement: Statement,
    *,
    direction: Direction,
    observation: Observation | None,
) -> Command:
    """Note that a statement that has no transaction begins, and what the catalog shows before."""
    sql = observation.sql if observation else "NULL"
    asked = observation.parameters if observation else {}
    return Command(
        text=_STATEMENT_BEGUN.format(observation=sql),
        parameters=_of(migration_id, statement, direction) | dict(asked),
    )


def _of(migration_id: str, statement: Statement, direction: Direction) -> dict[str, Any]:
    return {
        "id": migration_id,
        "number": statement.number,
        "direction": direction,
        "hash": raw_hash(statement.text),
    }


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
