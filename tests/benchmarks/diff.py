"""`schema-tool diff` of generated schemas against `pg_dump --schema-only` of the same database.

Run by `make bench-diff`: 100, 1,000 and 10,000 tables; `python -m tests.benchmarks.diff 1000`
takes one size. Whole commands are whole processes, started as a user starts them.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from schema_tool.catalog import Catalog, read_catalog
from schema_tool.server.binaries import find_binaries
from schema_tool.server.cluster import start, stop
from schema_tool.source import Script, read_schema_scripts
from schema_tool.verify.load import Acting, load_scripts
from tests.benchmarks.generated import TEN_CHANGES, statements
from tests.benchmarks.measure import print_ratios, take_turns

if TYPE_CHECKING:
    from collections.abc import Callable

    from schema_tool.server.binaries import Binaries
    from schema_tool.server.cluster import Running

SIZES = (100, 1000, 10000)
ROUNDS = {100: 9, 1000: 7, 10000: 3}
SETTINGS = {"fsync": "off", "autovacuum": "off", "max_locks_per_transaction": "1024"}
DUMP = "pg_dump --schema-only"
TOOL = str(Path(sys.executable).with_name("schema-tool"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A server with the databases of one size, and a project with its `sql/`."""

    tables: int
    running: Running
    binaries: Binaries
    project: Path

    def dsn(self, dbname: str) -> str:
        """The connection string of one of its databases."""
        return self.running.conninfo(dbname)

    def run(self, statement: str) -> None:
        """Run a statement in the database `postgres`."""
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def program(self, name: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs."""
        subprocess.run(
            [str(self.binaries.bin / name), *arguments], check=True, stdout=subprocess.DEVNULL
        )

    def diff(self, *arguments: str, expected: int = 0) -> int:
        """Run the command; returns its peak of memory in kB."""
        command = [TOOL, "diff", "-d", self.dsn("live"), *arguments]
        process = subprocess.Popen(
            command, cwd=self.project, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        assert process.stderr is not None
        said = process.stderr.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        process.stderr.close()
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == expected, said
        return usage.ru_maxrss


def read(dsn: str) -> Catalog:
    """Read one database."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        return read_catalog(connection)


def fill(bench: Bench) -> None:
    """Write `sql/`, load it into `live`; `same` is a copy and `wanted` ten changes away."""
    folder = bench.project / "sql"
    folder.mkdir(parents=True)
    (bench.project / "schema-tool.toml").write_text("")
    bench.run("CREATE DATABASE live")
    with psycopg.connect(bench.dsn("live"), autocommit=True) as connection:
        for number, text in enumerate(statements(bench.tables)):
            (folder / f"{number:03}.sql").write_text(text)
            connection.execute(text.encode())
        connection.execute("VACUUM ANALYZE")
    for name in ("same", "wanted"):
        bench.run(f"CREATE DATABASE {name} TEMPLATE live")
    with psycopg.connect(bench.dsn("wanted"), autocommit=True) as connection:
        connection.execute(TEN_CHANGES)


def load_psql(bench: Bench) -> None:
    """All files in one transaction of psql."""
    bench.run("CREATE DATABASE loaded")
    files = [f"--file={path}" for path in sorted((bench.project / "sql").glob("*.sql"))]
    bench.program("psql", "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", *files, bench.dsn("loaded"))
    bench.run("DROP DATABASE loaded")


def load_ours(bench: Bench) -> None:
    """The files as `diff` loads them into a scratch database, read and split anew."""
    bench.run("CREATE DATABASE loaded")
    scripts: tuple[Script, ...] = read_schema_scripts(
        bench.project / "sql", shown_from=bench.project
    )
    with psycopg.connect(bench.dsn("loaded"), autocommit=True) as connection:
        load_scripts(connection, scripts, Acting())
    bench.run("DROP DATABASE loaded")


def contestants(bench: Bench) -> dict[str, Callable[[], object]]:
    """What takes turns with pg_dump."""
    live, same, wanted = (bench.dsn(name) for name in ("live", "same", "wanted"))
    bench.diff("--snapshot", "snapshot.json")
    bench.diff()  # fills the cache of sql/
    return {
        DUMP: lambda: bench.program(
            "pg_dump", "--schema-only", "-f", os.devnull, bench.dsn("live")
        ),
        "one side read (0.7)": lambda: read(live),
        "no change, database (1.5)": lambda: bench.diff("--to", same),
        "no change, snapshot (1.5)": lambda: bench.diff("--to", "snapshot.json"),
        "no change, sql/ as before (1.5)": bench.diff,
        "ten changes (1.8)": lambda: bench.diff("--to", wanted, "--allow", "all", expected=1),
    }


def measure(tables: int) -> float:
    """Print the figures of one size; returns the seconds of a diff without changes."""
    base = Path(tempfile.mkdtemp(prefix="schema-tool-bench-"))
    base.chmod(0o755)
    binaries = find_binaries()
    running = start(base / "server", binaries, settings=SETTINGS)
    bench = Bench(tables=tables, running=running, binaries=binaries, project=base / "project")
    try:
        fill(bench)
        sys.stdout.write(f"{tables} tables (in brackets: the goal)\n")
        seconds = take_turns(contestants(bench), rounds=ROUNDS.get(tables, 3))
        print_ratios(seconds, floor=DUMP)
        loads = {"psql -1": lambda: load_psql(bench), "sql/ (1.2)": lambda: load_ours(bench)}
        print_ratios(take_turns(loads, rounds=3), floor="psql -1")
        peak = bench.diff("--to", bench.dsn("wanted"), "--allow", "all", expected=1) // 1024
        sys.stdout.write(f"memory of ten changes: {peak} MB at most\n")
    finally:
        stop(running.directory, mode="immediate")
        shutil.rmtree(base, ignore_errors=True)
    return statistics.median(seconds["no change, database (1.5)"])


def measure_start() -> None:
    """The start of the command beside that of click."""

    def start_of(*command: str) -> Callable[[], object]:
        return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    starts = {
        "python -c 'import click'": start_of(sys.executable, "-c", "import click"),
        "schema-tool diff --help": start_of(TOOL, "diff", "--help"),
    }
    print_ratios(take_turns(starts, rounds=15), floor="python -c 'import click'")


def main() -> None:
    """Measure each size, then the growth between them and the start of the command."""
    sizes = [int(argument) for argument in sys.argv[1:]] or list(SIZES)
    medians = {size: measure(size) for size in sizes}
    for small, large in pairwise(sizes):
        growth = medians[large] / medians[small]
        sys.stdout.write(f"no change, {small} -> {large} tables: {growth:.1f} times\n")
    measure_start()


if __name__ == "__main__":
    main()
