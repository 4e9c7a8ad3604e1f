"""1,000 small migrations, each with its ledger row in a transaction of its own, against psql.

Run by `make bench-apply`; prints ratios to `psql -1 -f` of the same SQL, start-up included.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from schema_tool.server.binaries import find_binaries
from schema_tool.server.cluster import Running, start, stop
from tests.benchmarks.measure import print_ratios, take_turns

MIGRATIONS = 1000
ROUNDS = 5
DRIVER = "python -c 'import psycopg, click'"


def main() -> None:
    """Start a server of its own, take turns, print."""
    base = Path(tempfile.mkdtemp(prefix="schema-tool-bench-"))
    base.chmod(0o755)
    binaries = find_binaries()
    running = start(base / "server", binaries, settings={"fsync": "off"})
    try:
        folder = base / "project"
        _write_project(folder)
        psql = str(binaries.bin / "psql")
        contestants = {
            "psql -1 -f": lambda: _psql(psql, running, folder / "all.sql", single=True),
            "psql, a transaction a file": lambda: _psql(
                psql, running, folder / "each.sql", single=False
            ),
            "schema-tool apply": lambda: _apply(running, folder),
        }
        processor: dict[str, float] = {}
        seconds = take_turns(
            contestants,
            rounds=ROUNDS,
            before_each=lambda: _fresh(running, "bench"),
            server=running.pid,
            processor=processor,
        )
        print_ratios(seconds, floor="psql -1 -f", processor=processor)
        _tool(running, folder, "apply", "kept")
        nothing = {
            DRIVER: lambda: _run([sys.executable, "-c", "import psycopg, click"]),
            "psql -c 'select 1'": lambda: _run(
                [psql, "-X", "-q", "-o", os.devnull, "-c", "select 1", running.conninfo()]
            ),
            "python -c 'import click'": lambda: _run([sys.executable, "-c", "import click"]),
            "schema-tool --help": lambda: _run([*TOOL, "--help"]),
            f"nothing pending, {MIGRATIONS} applied": lambda: _tool(
                running, folder, "apply", "kept"
            ),
        }
        processor = {}
        seconds = take_turns(nothing, rounds=ROUNDS, server=running.pid, processor=processor)
        print_ratios(seconds, floor=DRIVER, processor=processor)
    finally:
        stop(running.directory, mode="immediate")
        shutil.rmtree(base, ignore_errors=True)


TOOL = [str(Path(sys.executable).with_name("schema-tool"))]


def _write_project(folder: Path) -> None:
    (folder / "migrations").mkdir(parents=True)
    (folder / "schema-tool.toml").write_text("")
    texts = []
    for number in range(1, MIGRATIONS + 1):
        text = (
            f"CREATE TABLE t{number} (id BIGINT PRIMARY KEY, name TEXT NOT NULL);\n"
            f"COMMENT ON TABLE t{number} IS 'number {number}';\n"
        )
        (folder / "migrations" / f"{number:04}_t{number}.sql").write_text(text)
        texts.append(text)
    (folder / "all.sql").write_text("".join(texts))
    (folder / "each.sql").write_text("".join(f"BEGIN;\n{text}COMMIT;\n" for text in texts))


def _fresh(running: Running, name: str) -> None:
    import psycopg  # noqa: PLC0415

    with psycopg.connect(running.conninfo(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        connection.execute(f"CREATE DATABASE {name}".encode())


def _psql(psql: str, running: Running, file: Path, *, single: bool) -> None:
    mode = ["-1"] if single else []
    target = running.conninfo("bench")
    _run([psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", *mode, "-f", str(file), target])


def _apply(running: Running, folder: Path) -> None:
    _tool(running, folder, "apply", "bench")


def _tool(running: Running, folder: Path, command: str, database: str) -> None:
    if database == "kept":
        _exists_or_create(running, database)
    _run([*TOOL, command, "-d", running.conninfo(database)], cwd=folder)


def _exists_or_create(running: Running, name: str) -> None:
    import psycopg  # noqa: PLC0415

    with psycopg.connect(running.conninfo(), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
        if known.fetchone() is None:
            connection.execute(f"CREATE DATABASE {name}".encode())


def _run(command: list[str], cwd: Path | None = None) -> None:
    # as users have it: what is imported is compiled once
    environ = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(command, cwd=cwd, check=True, capture_output=True, env=environ)


if __name__ == "__main__":
    main()
