"""The schema against the document's literal one and against the floor, in one run.

Run by `make bench-schema`; SCALE=20k (or 2k, 200k) and PARTS=reads,writes,history,crowd in the
environment choose. The floor is the same work on our tables by a superuser with the filter written
by hand: no row security, no trigger of ours. The two databases lie in TMPDIR, at the end
with 4 GB at 20k and some 30 GB at 200k, half of it WAL: a disk, not memory.

    SCALE=200k PARTS=reads TMPDIR=/var/tmp make bench-schema
    SCALE=200k TMPDIR=/var/tmp make bench-schema
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from schema_tool.server.binaries import find_binaries
from schema_tool.server.cluster import Running, start, stop
from tests.benchmarks.schema_contest import Contest, print_table
from tests.benchmarks.schema_crowd import crowd
from tests.benchmarks.schema_data import SCALES, Data, Scale, fill
from tests.benchmarks.schema_history import history
from tests.benchmarks.schema_reads import reads
from tests.benchmarks.schema_writes import writes

PROJECT = Path(__file__).resolve().parents[2]
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "shared_buffers": "1GB",
    "jit": "off",
    # nothing else may write WAL or read pages while something is measured
    "autovacuum": "off",
    "checkpoint_timeout": "1h",
    "max_wal_size": "20GB",
}
PARTS = {"reads": reads, "writes": writes, "history": history, "crowd": crowd}


def main() -> None:
    """Start a server of its own, fill both schemas, measure, print."""
    scale = SCALES[os.environ.get("SCALE", "20k")]
    wanted = os.environ.get("PARTS", ",".join(PARTS)).split(",")
    # ended by a signal, the server is stopped and its data are deleted all the same
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    base = Path(tempfile.mkdtemp(prefix="schema-tool-bench-"))
    base.chmod(0o755)
    running = start(base / "server", find_binaries(), settings=SETTINGS)
    try:
        contest = _prepare(running, scale)
        for part in wanted:
            print_table(part, PARTS[part](contest))
    finally:
        stop(running.directory, mode="immediate")
        shutil.rmtree(base, ignore_errors=True)


def _prepare(running: Running, scale: Scale) -> Contest:
    with psycopg.connect(running.conninfo("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE ours")
        connection.execute("CREATE DATABASE literal")
    files = {
        "ours": [
            *sorted((PROJECT / "sql/cluster").glob("*.sql")),
            *sorted((PROJECT / "sql").glob("*.sql")),
        ],
        "literal": [Path(__file__).with_name("schema_literal.sql")],
    }
    for name, scripts in files.items():
        data = Data(scale)
        begin = time.perf_counter()
        with psycopg.connect(running.conninfo(name), autocommit=True) as connection:
            for script in scripts:
                connection.execute(script.read_bytes())
            fill(connection, data, with_team=name == "ours")
        seconds = time.perf_counter() - begin
        sys.stderr.write(f"{name}: {scale.name} loaded in {seconds:.0f} s\n")
    return Contest(running=running, data=data)


if __name__ == "__main__":
    main()
