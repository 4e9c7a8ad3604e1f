"""How long clients stand still while a migration meets a blocker: ours beside a naive runner.

Run by `make bench-stall`. pgbench reads three tables; one session holds the third for HELD_S; the
file changes all three. The naive runner is psql with a transaction and no timeout. Then both are
killed in mid-statement: how long until a session that waits for the table gets it.
"""

from __future__ import annotations

import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psycopg

from schema_tool.server.binaries import find_binaries
from schema_tool.server.cluster import Running, start, stop

HELD_S = 30
AFTER_S = 5
CLIENTS = 4
BUDGET_S = 2.0
TABLES = ("a", "b", "c")
SCRIPT = "\\set n random(1, 1000)\n" + "".join(
    f"SELECT x FROM {name} WHERE x = :n;\n" for name in TABLES
)
KILLS = 5
SLOW_S = 10
SLOW_HEADER = "-- schema-tool: outage 1min\n"
SLOW = f"ALTER TABLE a ADD COLUMN n INT;\nSELECT pg_sleep({SLOW_S});\n"
CHANGE = "".join(f"ALTER TABLE {name} ADD COLUMN n INT;\n" for name in TABLES)


def main() -> None:
    """Measure nobody, the naive runner and ours, each on a fresh database."""
    base = Path(tempfile.mkdtemp(prefix="schema-tool-stall-"))
    base.chmod(0o755)
    binaries = find_binaries()
    running = start(base / "server", binaries, settings={"fsync": "off"})
    project = base / "project"
    (project / "migrations").mkdir(parents=True)
    (project / "schema-tool.toml").write_text("")
    (project / "migrations/0001_three.sql").write_text(CHANGE)
    (base / "naive.sql").write_text(CHANGE)
    (base / "clients.sql").write_text(SCRIPT)
    psql, pgbench = binaries.bin / "psql", binaries.bin / "pgbench"
    naive = [str(psql), "-X", "-q", "-1", "-f", str(base / "naive.sql"), running.conninfo("bench")]
    ours = [str(Path(sys.executable).with_name("schema-tool")), "apply"]
    ours += ["-d", running.conninfo("bench"), "--wait", "2min"]
    try:
        for label, command in (("nobody", None), ("naive (psql -1)", naive), ("schema-tool", ours)):
            _fresh(running)
            _baseline(running, project)
            longest = _longest_stall(running, pgbench, base, command, project)
            sys.stdout.write(
                f"{label:<18} longest client transaction {longest:6.2f} s"
                + (f" (budget {BUDGET_S:.1f} s + 10 %)" if label == "schema-tool" else "")
                + "\n"
            )
            sys.stdout.flush()
        (project / "migrations/0001_three.sql").write_text(SLOW_HEADER + SLOW)
        (base / "naive.sql").write_text(SLOW)
        for label, command in (("naive (psql -1)", naive), ("schema-tool", ours)):
            _fresh(running)
            _baseline(running, project)
            seconds = statistics.median(
                _freed_after_kill(running, command, project) for _ in range(KILLS)
            )
            sys.stdout.write(f"{label:<18} killed: its lock is free after {seconds:6.2f} s\n")
            sys.stdout.flush()
    finally:
        stop(running.directory, mode="immediate")
        shutil.rmtree(base, ignore_errors=True)


def _fresh(running: Running) -> None:
    with psycopg.connect(running.conninfo(), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS bench WITH (FORCE)")
        connection.execute("CREATE DATABASE bench")


def _baseline(running: Running, project: Path) -> None:
    """The tables, and a ledger that allows `apply` on a database that is not empty."""
    tool = str(Path(sys.executable).with_name("schema-tool"))
    setup = project / "migrations/0000_tables.sql"
    setup.write_text(
        "".join(
            f"CREATE TABLE {t} AS SELECT generate_series(1, 1000) AS x;\nCREATE INDEX ON {t} (x);\n"
            for t in TABLES
        )
    )
    target = ["-d", running.conninfo("bench")]
    subprocess.run(
        [tool, "apply", "--to", "0000_tables", *target],
        cwd=project,
        check=True,
        capture_output=True,
    )


def _longest_stall(
    running: Running, pgbench: Path, base: Path, command: list[str] | None, project: Path
) -> float:
    """Seconds of the longest pgbench transaction while the command meets the blocker."""
    for old in base.glob("log.*"):
        old.unlink()
    clients = subprocess.Popen(
        [
            *(str(pgbench), "-n", "-c", str(CLIENTS), "-T", str(HELD_S + AFTER_S), "-R", "200"),
            *("-f", str(base / "clients.sql"), "-l", "--log-prefix", str(base / "log")),
            *("-d", running.conninfo("bench")),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    blocker = threading.Thread(target=_hold, args=(running, HELD_S))
    blocker.start()
    time.sleep(1)
    if command is not None:
        subprocess.run(command, cwd=project, check=True, capture_output=True)
    blocker.join()
    clients.wait()
    return max(_latencies(base)) / 1e6


def _freed_after_kill(running: Running, command: list[str], project: Path) -> float:
    """Seconds from kill -9 of a runner that holds a table until who waits for it has it."""
    with psycopg.connect(running.conninfo("bench"), autocommit=True) as waiter:
        runner = subprocess.Popen(
            command, cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while not waiter.execute(
            "SELECT 1 FROM pg_stat_activity "
            "WHERE state = 'active' AND query LIKE 'SELECT pg_sleep%'"
        ).fetchone():
            time.sleep(0.05)
        reader = threading.Thread(target=waiter.execute, args=("SELECT 1 FROM a LIMIT 1",))
        reader.start()
        time.sleep(random.uniform(0.2, 0.7))
        start = time.monotonic()
        runner.kill()
        runner.wait()
        reader.join()
        return time.monotonic() - start


def _hold(running: Running, seconds: float) -> None:
    with psycopg.connect(running.conninfo("bench")) as connection:
        connection.execute("SELECT 1 FROM c LIMIT 1")
        time.sleep(seconds)


def _latencies(base: Path) -> list[int]:
    """Microseconds of every transaction, without the time a late start cost (`-R`)."""
    found = []
    for log in base.glob("log.*"):
        for line in log.read_text().splitlines():
            words = line.split()
            # client, number, latency, script, epoch, microseconds, lag behind the schedule
            found.append(int(words[2]) - int(words[6]))
    return found


if __name__ == "__main__":
    main()
