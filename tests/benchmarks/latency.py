"""Migrations over a network of 20 ms, against sending one statement a round trip.

Run by `make bench-latency`. The network is a small proxy that hands on every piece of data late.
"""

from __future__ import annotations

import queue
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from schema_tool.server.binaries import find_binaries
from schema_tool.server.cluster import Running, start, stop
from tests.benchmarks.measure import print_ratios, take_turns

MIGRATIONS = 1000
ROUND_TRIP_S = 0.02
ROUNDS = 1  # of two minutes and a half
TOOL = str(Path(sys.executable).with_name("schema-tool"))
SQL = (
    "CREATE TABLE t{0} (id BIGINT PRIMARY KEY, name TEXT NOT NULL)",
    "COMMENT ON TABLE t{0} IS 'number {0}'",
)


def main() -> None:
    """Start a server and a slow way to it, take turns, print."""
    base = Path(tempfile.mkdtemp(prefix="schema-tool-latency-"))
    base.chmod(0o755)
    running = start(base / "server", find_binaries(), settings={"fsync": "off"})
    project = base / "project"
    (project / "migrations").mkdir(parents=True)
    (project / "schema-tool.toml").write_text("")
    for number in range(MIGRATIONS):
        text = "".join(f"{statement.format(number)};\n" for statement in SQL)
        (project / "migrations" / f"{number:04}_t.sql").write_text(text)
    try:
        trips: list[float] = []
        slow = _slow_way(running.socket_directory / ".s.PGSQL.5432", base, trips)
        target = psycopg.conninfo.make_conninfo(running.conninfo("bench"), host=str(slow))
        contestants = {
            "one statement a round trip": lambda: _one_by_one(target),
            "schema-tool apply": lambda: subprocess.run(
                [TOOL, "apply", "-d", target], cwd=project, check=True, capture_output=True
            ),
        }
        processor: dict[str, float] = {}
        counts: dict[str, int] = {}

        def counted(name: str, run: Callable[[], object]) -> Callable[[], None]:
            def both() -> None:
                trips.clear()
                run()
                counts[name] = len(trips)

            return both

        seconds = take_turns(
            {name: counted(name, run) for name, run in contestants.items()},
            rounds=ROUNDS,
            before_each=lambda: _fresh(running),
            server=running.pid,
            processor=processor,
        )
        print_ratios(seconds, floor="one statement a round trip", processor=processor)
        for name, count in counts.items():
            sys.stdout.write(f"{name}: {count} round trips\n")
    finally:
        stop(running.directory, mode="immediate")
        shutil.rmtree(base, ignore_errors=True)


def _one_by_one(target: str) -> None:
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute("CREATE TABLE ledger (id TEXT)")
        for number in range(MIGRATIONS):
            connection.execute("BEGIN")
            for statement in SQL:
                connection.execute(statement.format(number).encode())
            connection.execute("INSERT INTO ledger VALUES (%s)", (f"{number:04}_t",))
            connection.execute("COMMIT")


def _fresh(running: Running) -> None:
    with psycopg.connect(running.conninfo(), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS bench WITH (FORCE)")
        connection.execute("CREATE DATABASE bench")


def _slow_way(server: Path, base: Path, trips: list[float]) -> Path:
    """The folder of a slow socket; `trips` gets the time of each round trip's begin."""
    folder = base / "slow"
    folder.mkdir()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(folder / server.name))
    listener.listen()
    threading.Thread(target=_accept, args=(listener, server, trips), daemon=True).start()
    return folder


def _accept(listener: socket.socket, server: Path, trips: list[float]) -> None:
    while True:
        client, _ = listener.accept()
        other = socket.socket(socket.AF_UNIX)
        other.connect(str(server))
        answered = threading.Event()
        answered.set()
        for source, sink, asks in ((client, other, True), (other, client, False)):
            late: queue.Queue[tuple[float, bytes]] = queue.Queue()
            reading = (source, late, answered, trips if asks else None)
            threading.Thread(target=_read, args=reading, daemon=True).start()
            threading.Thread(target=_write, args=(sink, late), daemon=True).start()


def _read(
    source: socket.socket,
    late: queue.Queue[tuple[float, bytes]],
    answered: threading.Event,
    trips: list[float] | None,
) -> None:
    """Hand on what comes; the first data after an answer begins a round trip."""
    while True:
        try:
            data = source.recv(65536)
        except OSError:
            data = b""
        now = time.monotonic()
        if trips is None:
            answered.set()
        elif data and answered.is_set():
            answered.clear()
            trips.append(now)
        late.put((now + ROUND_TRIP_S / 2, data))
        if not data:
            return


def _write(sink: socket.socket, late: queue.Queue[tuple[float, bytes]]) -> None:
    while True:
        due, data = late.get()
        time.sleep(max(0.0, due - time.monotonic()))
        if not data:
            sink.close()
            return
        try:
            sink.sendall(data)
        except OSError:
            # its client has gone first
            return


if __name__ == "__main__":
    main()
