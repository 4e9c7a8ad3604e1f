"""Other sessions, seen and played: what the tests of `apply` need beside the tool itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg


def wait_for(condition: Callable[[], object], *, seconds: float = 20) -> None:
    """Wait until the condition is true; fail when it does not come true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def runs(connection: psycopg.Connection, words: str) -> bool:
    """Whether a runner's session in this database runs a statement that begins so."""
    row = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'schema-tool' "
        "AND state = 'active' AND datname = current_database() AND query LIKE %s",
        (f"{words}%",),
    ).fetchone()
    assert row is not None
    return bool(row[0])


def gone(connection: psycopg.Connection) -> bool:
    """Whether no runner's session is left in this database."""
    return (
        connection.execute(
            "SELECT 1 FROM pg_stat_activity WHERE application_name = 'schema-tool' "
            "AND datname = current_database()"
        ).fetchone()
        is None
    )


@dataclass(slots=True)
class Reader:
    """An innocent session that reads a table again and again and notes its longest wait."""

    dsn: str
    query: str
    longest: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)

    def loop(self) -> None:
        """Read until told to stop."""
        with psycopg.connect(self.dsn, autocommit=True, prepare_threshold=None) as connection:
            while not self._stop.wait(0.01):
                start = time.monotonic()
                connection.execute(self.query.encode())
                self.longest = max(self.longest, time.monotonic() - start)

    def stop(self) -> None:
        """End after the read under way."""
        self._stop.set()


@contextmanager
def reading(dsn: str, query: str) -> Iterator[Reader]:
    """Read for the length of the block."""
    reader = Reader(dsn, query)
    thread = threading.Thread(target=reader.loop)
    thread.start()
    try:
        yield reader
    finally:
        reader.stop()
        thread.join()
