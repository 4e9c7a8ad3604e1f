"""`schema-tool diff` of generated schemas against `pg_dump --schema-only` of the same database.

Run by `make bench-diff`: 100, 1,000 and 10,000 tables; `make bench-diff SIZES=100,1000` takes
others. Whole commands are whole processes, started as a user starts them, each in turn with
pg_dump; every figure is printed as soon as it is known, with its goal. The goals hold at 1,000
tables on a quiet machine.
"""

from __future__ import annotations

import compileall
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

import schema_tool
from schema_tool.catalog import Catalog, read_catalog
from schema_tool.server.binaries import find_binaries
from schema_tool.server.cluster import start, stop
from schema_tool.source import Script, read_schema_scripts
from schema_tool.verify.load import Acting, load_scripts
from tests.benchmarks.generated import TEN_CHANGES, statements
from tests.benchmarks.measure import processor_s, take_turns

if TYPE_CHECKING:
    from collections.abc import Callable

    from schema_tool.server.binaries import Binaries
    from schema_tool.server.cluster import Running

SIZES = (100, 1000, 10000)
ROUNDS = {100: 7, 1000: 4, 10000: 2}
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "256MB",
    # psql -1 locks 60,000 relations at 10,000 tables
    "max_locks_per_transaction": "4096",
}
GROWTH_GOAL = 12
MEMORY_GOAL_MB = 500
START_GOAL_MS = 200

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
    """Read one database as `diff` does: pg_depend only where something differs."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        return read_catalog(connection, dependencies=False)


def tell(what: str, figure: str, *, goal: str = "", met: bool = True) -> None:
    """Print one figure at once, beside its goal."""
    verdict = f"goal {goal}: {'yes' if met else 'NO'}" if goal else ""
    sys.stdout.write(f"  {what:<32} {figure:>32}  {verdict}".rstrip() + "\n")
    sys.stdout.flush()


def psql(bench: Bench, dbname: str) -> None:
    """Load `sql/` in one transaction of psql."""
    files = [f"--file={path}" for path in sorted((bench.project / "sql").glob("*.sql"))]
    bench.program("psql", "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", *files, bench.dsn(dbname))


def fill(bench: Bench) -> None:
    """Write `sql/`, load it into `live`; `same` is a copy and `wanted` ten changes away."""
    folder = bench.project / "sql"
    folder.mkdir(parents=True)
    (bench.project / "schema-tool.toml").write_text("")
    for number, text in enumerate(statements(bench.tables)):
        (folder / f"{number:03}.sql").write_text(text)
    bench.run("CREATE DATABASE live")
    start = time.perf_counter()
    psql(bench, "live")
    tell("psql -1 fills the database", f"{time.perf_counter() - start:.1f} s")
    with psycopg.connect(bench.dsn("live"), autocommit=True) as connection:
        # what is read; the tables themselves are empty
        for catalog in ("class", "attribute", "attrdef", "constraint", "depend", "index", "type"):
            connection.execute(f"VACUUM ANALYZE pg_catalog.pg_{catalog}".encode())
    for name in ("same", "wanted"):
        bench.run(f"CREATE DATABASE {name} TEMPLATE live")
    with psycopg.connect(bench.dsn("wanted"), autocommit=True) as connection:
        connection.execute(TEN_CHANGES)


def load_psql(bench: Bench) -> None:
    """All files in one transaction of psql."""
    bench.run("CREATE DATABASE loaded")
    psql(bench, "loaded")
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


def compete(
    bench: Bench,
    what: str,
    ours: Callable[[], object],
    floor: Callable[[], object],
    *,
    goal: float,
) -> float:
    """Both in turn, the ratio of the medians told; returns our median in seconds.

    In brackets the ratio of the processor time, which a busy machine distorts less.
    """
    wall: tuple[list[float], list[float]] = ([], [])
    processor = [0.0, 0.0]
    for _ in range(ROUNDS.get(bench.tables, 3)):
        for side, run in enumerate((floor, ours)):
            before, start = processor_s(bench.running.pid), time.perf_counter()
            run()
            wall[side].append(time.perf_counter() - start)
            processor[side] += processor_s(bench.running.pid) - before
    base, mine = map(statistics.median, wall)
    ratio = statistics.median(m / b for b, m in zip(*wall, strict=True))
    figure = f"{mine * 1000:.0f} / {base * 1000:.0f} ms = {ratio:.2f}"
    figure += f" ({processor[1] / max(processor[0], 0.01):.2f})"
    tell(what, figure, goal=f"{goal}", met=ratio <= goal)
    return mine


def compete_all(bench: Bench) -> float:
    """All that takes turns with pg_dump; returns the seconds of a diff without changes."""
    live, same, wanted = (bench.dsn(name) for name in ("live", "same", "wanted"))

    def dump() -> None:
        bench.program("pg_dump", "--schema-only", "-f", os.devnull, live)

    compete(bench, "one side read", lambda: read(live), dump, goal=0.7)
    seconds = compete(
        bench, "no change, database", lambda: bench.diff("--to", same), dump, goal=1.5
    )
    ten = ("--to", wanted, "--allow", "all")
    compete(bench, "ten changes", lambda: bench.diff(*ten, expected=1), dump, goal=1.8)
    bench.diff("--snapshot", "snapshot.json")
    compete(
        bench,
        "no change, snapshot",
        lambda: bench.diff("--to", "snapshot.json"),
        dump,
        goal=1.5,
    )
    peak = bench.diff(*ten, expected=1) // 1024
    goal = f"{MEMORY_GOAL_MB} MB"
    tell("memory of ten changes", f"{peak} MB", goal=goal, met=peak < MEMORY_GOAL_MB)
    compete(
        bench,
        "sql/ into scratch (to psql -1)",
        lambda: load_ours(bench),
        lambda: load_psql(bench),
        goal=1.2,
    )
    bench.diff()  # fills the cache of sql/
    compete(bench, "no change, sql/ as before", bench.diff, dump, goal=1.5)
    return seconds


def measure(tables: int) -> float:
    """Print the figures of one size; returns the seconds of a diff without changes."""
    base = Path(tempfile.mkdtemp(prefix="schema-tool-bench-"))
    base.chmod(0o755)
    binaries = find_binaries()
    running = start(base / "server", binaries, settings=SETTINGS)
    bench = Bench(tables=tables, running=running, binaries=binaries, project=base / "project")
    sys.stdout.write(f"{tables} tables: ours / pg_dump --schema-only (processor)\n")
    try:
        fill(bench)
        return compete_all(bench)
    finally:
        stop(running.directory, mode="immediate")
        shutil.rmtree(base, ignore_errors=True)


def measure_start() -> None:
    """The start of the command."""
    help_text = {
        "": lambda: subprocess.run([TOOL, "diff", "--help"], check=True, stdout=subprocess.DEVNULL)
    }
    (seconds,) = take_turns(help_text, rounds=9).values()
    taken = statistics.median(seconds) * 1000
    goal = f"{START_GOAL_MS} ms"
    tell("start of the command", f"{taken:.0f} ms", goal=goal, met=taken < START_GOAL_MS)


def main() -> None:
    """Measure the start of the command, each size, then the growth between them."""
    # as installed: an environment may keep Python from writing bytecode of edited files
    compileall.compile_dir(Path(schema_tool.__file__).parent, quiet=1)
    given = " ".join(sys.argv[1:]).replace(",", " ").split()
    sizes = [int(size) for size in given] or list(SIZES)
    measure_start()
    medians = {size: measure(size) for size in sizes}
    for small, large in pairwise(sizes):
        growth, goal = medians[large] / medians[small], GROWTH_GOAL * large / small / 10
        what = f"no change, {small} to {large} tables"
        tell(what, f"{growth:.1f} times", goal=f"{goal:.0f}", met=growth <= goal)


if __name__ == "__main__":
    main()
