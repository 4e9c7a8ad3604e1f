"""Reading, comparing and planning a generated schema against `pg_dump --schema-only` of it.

Run by `make bench-catalog`; the number of tables can be given: 100, 1000 (the default), 10000.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg

from schema_tool.catalog import Catalog, read_catalog
from schema_tool.compare import compare
from schema_tool.plan import make_plan, render_plan
from schema_tool.server.binaries import find_binaries
from schema_tool.server.cluster import start, stop
from tests.benchmarks.generated import TEN_CHANGES, load
from tests.benchmarks.measure import print_ratios, take_turns

TABLES = 1000
ROUNDS = 5
SETTINGS = {"fsync": "off", "autovacuum": "off", "max_locks_per_transaction": "1024"}


def _read(dsn: str) -> Catalog:
    with psycopg.connect(dsn, autocommit=True) as connection:
        return read_catalog(connection)


def _diff(live: str, desired: str) -> str:
    return render_plan(make_plan(compare(_read(live), _read(desired))))


def main() -> None:
    """Start a server of its own, take turns, print."""
    tables = int(sys.argv[1]) if len(sys.argv) > 1 else TABLES
    base = Path(tempfile.mkdtemp(prefix="schema-tool-bench-"))
    base.chmod(0o755)
    binaries = find_binaries()
    running = start(base / "server", binaries, settings=SETTINGS)
    try:
        with psycopg.connect(running.conninfo(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE live")
        live = running.conninfo("live")
        with psycopg.connect(live, autocommit=True) as connection:
            load(connection, tables)
        with psycopg.connect(running.conninfo(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE wanted TEMPLATE live")
        wanted = running.conninfo("wanted")
        with psycopg.connect(wanted, autocommit=True) as connection:
            connection.execute(TEN_CHANGES)
        dump = [str(binaries.bin / "pg_dump"), "--schema-only", "-f", os.devnull, live]
        contestants = {
            "pg_dump --schema-only": lambda: subprocess.run(dump, check=True),
            "one side read": lambda: _read(live),
            "no change": lambda: _diff(live, live),
            "ten changes": lambda: _diff(live, wanted),
        }
        print_ratios(take_turns(contestants, rounds=ROUNDS), floor="pg_dump --schema-only")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        sys.stdout.write(f"{tables} tables; two catalogs and a plan: {peak} MB at most\n")
    finally:
        stop(running.directory, mode="immediate")
        shutil.rmtree(base, ignore_errors=True)


if __name__ == "__main__":
    main()
