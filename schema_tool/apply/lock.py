"""One runner at a time, by a session advisory lock that nobody waits for inside the server."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from schema_tool.errors import TryAgainError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

# "schema-tool" as a number nobody else is likely to take; advisory locks are per database
LOCK_KEY = 0x736368656D61
# a blocking pg_advisory_lock would hold a snapshot that CREATE INDEX CONCURRENTLY waits for
POLL_SECONDS = 0.2

_HOLDER = """
SELECT a.pid, a.usename, a.application_name, coalesce(host(a.client_addr), 'local socket'),
    date_trunc('second', clock_timestamp() - a.backend_start)::TEXT
FROM pg_catalog.pg_locks AS l
INNER JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted
    AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d
        WHERE d.datname = pg_catalog.current_database())
    AND ((l.classid::BIGINT << 32) | l.objid::BIGINT) = %s
"""


@contextmanager
def runner_lock(connection: psycopg.Connection[Any], *, wait_ms: int) -> Iterator[None]:
    """Hold the runner's lock for the block.

    Units: wait_ms milliseconds for another runner to end.
    Errors: TryAgainError that names the other runner.
    Source: manual, "Advisory Locks"; the lock goes with the session, so a killed runner frees it.
    """
    deadline = time.monotonic() + wait_ms / 1000
    while not _try(connection):
        if time.monotonic() >= deadline:
            raise TryAgainError(
                f"another runner is at work on this database: {_holder(connection)}",
                hint="wait for it, or give it longer: --runner-timeout 5min",
            )
        time.sleep(POLL_SECONDS)
    try:
        yield
    finally:
        if not connection.closed and not connection.broken:
            connection.execute("SELECT pg_catalog.pg_advisory_unlock(%s)", (LOCK_KEY,))


def _try(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute("SELECT pg_catalog.pg_try_advisory_lock(%s)", (LOCK_KEY,)).fetchone()
    assert row is not None
    return bool(row[0])


def _holder(connection: psycopg.Connection[Any]) -> str:
    row = connection.execute(_HOLDER, (LOCK_KEY,)).fetchone()
    if row is None:
        return "it has just ended"
    pid, user, application, host, age = row
    return f"pid {pid}, {user} with {application} from {host}, connected for {age}"
