"""What the parts of the schema's benchmark share: sessions, plans, a table of results."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from schema_tool.server.cluster import Running
from tests.benchmarks.schema_data import Data

Connection = psycopg.Connection[tuple[Any, ...]]
ROUNDS = 5
# a read takes well under a millisecond: many runs, and their median
RUNS = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """Two filled databases, "ours" and "literal", on one server."""

    running: Running
    data: Data

    @contextmanager
    def session(self, database: str, user: str | None = None) -> Iterator[Connection]:
        """A session of the application acting for a user, or the superuser's when None."""
        with psycopg.connect(self.running.conninfo(database), autocommit=True) as connection:
            if user is not None:
                connection.execute("SELECT set_config('app.user_id', %s, false)", [user])
                connection.execute("SET ROLE pipeline_app")
            yield connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one execution of a query took. Units: milliseconds of clock(), 8 kB pages touched."""

    ms: float
    buffers: int
    nodes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One line of the table."""

    work: str
    figures: str
    demand: str
    met: bool | None = None


def clock(connection: Connection) -> float:
    """How long the session's server process has worked, else the time of day. Units: seconds.

    Its time on a processor, where the kernel tells it: what other processes of a busy machine take
    is not counted, and neither is the client.
    Source: /proc/PID/schedstat, first figure, nanoseconds.
    """
    try:
        told = Path(f"/proc/{connection.info.backend_pid}/schedstat").read_text(encoding="ascii")
    except OSError:
        return time.perf_counter()
    return int(told.split()[0]) / 1e9


def explain(contestants: Sequence[tuple[Connection, str]]) -> list[Cost]:
    """Measure queries in turn, from parsing to the last row; pages once warm."""
    times: list[list[float]] = [[] for _ in contestants]
    for _ in range(RUNS):
        for (connection, query), taken in zip(contestants, times, strict=True):
            begin = clock(connection)
            connection.execute(query.encode()).fetchall()
            taken.append((clock(connection) - begin) * 1000)
    return [
        _cost(connection, query, statistics.median(taken))
        for (connection, query), taken in zip(contestants, times, strict=True)
    ]


def _cost(connection: Connection, query: str, ms: float) -> Cost:
    row = connection.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}".encode()).fetchone()
    assert row is not None
    plan = row[0][0]["Plan"]
    return Cost(
        ms=ms,
        buffers=plan["Shared Hit Blocks"] + plan["Shared Read Blocks"],
        nodes=frozenset(_nodes(plan)),
    )


def _nodes(plan: dict[str, Any]) -> Iterator[str]:
    yield plan["Node Type"]
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a write took. Units: seconds of clock(), bytes of WAL."""

    seconds: float
    wal: int


def written(connection: Connection, work: Callable[[], object]) -> Written:
    """Do some work and measure it on the server's own counters."""
    before = _wal(connection)
    begin = clock(connection)
    work()
    seconds = clock(connection) - begin
    return Written(seconds=seconds, wal=_wal(connection) - before)


def _wal(connection: Connection) -> int:
    row = connection.execute("SELECT pg_current_wal_insert_lsn() - '0/0'").fetchone()
    assert row is not None
    return int(row[0])


def print_table(title: str, results: Sequence[Result]) -> None:
    """Print the lines of one part, marking demands that are not met."""
    width = max(len(result.work) for result in results)
    lines = [f"\n{title}"]
    for result in results:
        mark = {True: "ok  ", False: "MISS", None: "    "}[result.met]
        lines.append(f"{mark} {result.work:<{width}}  {result.figures}  [{result.demand}]")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
